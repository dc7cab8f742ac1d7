// JSON as text: what the command line writes itself, and passes on from a guest word for word, so
// that no number loses a digit. Thread safe.
#pragma once

#include <string>
#include <string_view>

namespace quiesce::cli {

/// `text` in quotes, with escapes. Text that is not UTF-8 (a lone surrogate) becomes U+FFFD.
std::string json_string(std::string_view text);

/// True if `text` is one JSON value that other programs can read, and no line end is in it. Never
/// recurses: depth is no danger.
bool is_json_line(std::string_view text);

}  // namespace quiesce::cli
