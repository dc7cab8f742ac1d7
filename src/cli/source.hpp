// The text of a program, and the name it has in messages.
#pragma once

#include <string>

namespace quiesce::cli {

struct Source {
  std::string name;  // "order.js", "[stdin]", "[eval]"
  std::string text;  // empty when it is not known
};

/// Reads a file, or standard input for "-". Throws UsageError, one sentence that says what is wrong
/// and what to do. Whether the text is UTF-8 is for the engine to say.
Source read_source(const std::string& file);

}  // namespace quiesce::cli
