#include "cli/launch.hpp"

#include <utility>

#include "cli/location.hpp"

namespace quiesce::cli {

namespace {

Started evaluate(VM& vm, const Source& source, SourceType type) {
  return {vm.eval(source.text, {.file_name = source.name, .type = type}), type};
}

// Throws the syntax error of `source` as a module if it lies further on than `as_script`.
void throw_if_further(VM& vm, const Source& source, const JSError& as_script) {
  // An @ at the end parses in no reading, so nothing of this runs.
  const Source cannot_run{source.name, source.text + "\n@"};
  try {
    evaluate(vm, cannot_run, SourceType::module);
  } catch (const JSError& as_module) {
    const auto script_place = find_location(as_script.stack(), source.name);
    const auto module_place = find_location(as_module.stack(), source.name);
    if (script_place && module_place && *script_place < *module_place) throw;
  }
}

}  // namespace

Started launch(VM& vm, const Source& source, Reading reading) {
  if (reading == Reading::module) return evaluate(vm, source, SourceType::module);
  try {
    return evaluate(vm, source, SourceType::script);
  } catch (const JSError& error) {
    // A script may also throw a SyntaxError while it runs; then it parses, and is no module.
    if (error.name() != "SyntaxError") throw;
    if (!vm.is_module(source.text)) {
      if (is_parse_error(error, source.name)) throw_if_further(vm, source, error);
      throw;
    }
  }
  if (reading == Reading::expression) {
    try {
      return evaluate(vm, source, SourceType::async_script);
    } catch (const JSError& error) {
      // What an async script throws while it runs is in its promise: this one does not parse.
      if (error.name() != "SyntaxError") throw;
    }
  }
  return evaluate(vm, source, SourceType::module);
}

}  // namespace quiesce::cli
