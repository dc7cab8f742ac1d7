// Starting a program whose text may be a script or a module.
#pragma once

#include <cstdint>

#include "cli/source.hpp"
#include "quiesce/vm.hpp"

namespace quiesce::cli {

enum class Reading : std::uint8_t {
  program,     // a script, or a module if the text parses as a module only
  expression,  // the same, but what only lacks top-level await stays a script, with a completion
               // value
  module,
};

struct Started {
  Value value;
  SourceType type;  // unless `script`, the value is the promise of the whole program
};

/// Evaluates the source, once. When no reading fits, throws the syntax error of the reading that
/// got further: in a module with a slip on line 20, that is line 20 and not the `import` on line 1.
Started launch(VM& vm, const Source& source, Reading reading);

}  // namespace quiesce::cli
