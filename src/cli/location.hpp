// Where an error happened, and how an uncaught one is printed.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/source.hpp"
#include "quiesce/error.hpp"

namespace quiesce::cli {

/// Counted from 1. A column counts characters (code points).
struct Location {
  std::uint32_t line;
  std::uint32_t column;
  friend auto operator<=>(const Location&, const Location&) = default;
};

/// The first place in a stack trace that lies in the file of that name.
std::optional<Location> find_location(std::string_view stack, std::string_view file_name);

/// True if the error says that the file itself does not parse, so that nothing of it ran. An error
/// that code threw while it ran, even `new SyntaxError`, is none.
bool is_parse_error(const JSError& error, std::string_view file_name);

/// What Node prints of an uncaught error: file and line, the source line, a caret below the column,
/// an empty line, `description`. Without a location, the description alone.
std::string format_uncaught(std::string_view description, std::string_view stack,
                            const Source& source);

}  // namespace quiesce::cli
