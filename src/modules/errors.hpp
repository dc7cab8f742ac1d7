// The errors of resolution and loading, in Node's codes. Thread safe.
#pragma once

#include <string>
#include <string_view>

#include "quiesce/module.hpp"

namespace quiesce::modules {

using ErrorClass = ModuleError::Class;

/// A text of JavaScript or a file's name, as a message shows it: controls as escapes, what is not
/// UTF-8 as U+FFFD, and what is very long cut.
std::string shown(std::string_view text);

[[noreturn]] void throw_module_error(const char* code, const std::string& text,
                                     ErrorClass error_class = ErrorClass::error);

}  // namespace quiesce::modules
