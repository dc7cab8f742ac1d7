#include "cli/launch.hpp"

#include <utility>

namespace quiesce::cli {

namespace {

Started evaluate(VM& vm, const Source& source, SourceType type) {
  return {vm.eval(source.text, {.file_name = source.name, .type = type}), type};
}

}  // namespace

Started launch(VM& vm, const Source& source, Reading reading) {
  if (reading == Reading::module) return evaluate(vm, source, SourceType::module);
  try {
    return evaluate(vm, source, SourceType::script);
  } catch (const JSError& error) {
    // A script may also throw a SyntaxError while it runs; then it parses, and is no module.
    if (error.name() != "SyntaxError") throw;
    if (!vm.is_module(source.text)) throw;
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
