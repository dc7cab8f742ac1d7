// Where an error happened, and how an uncaught one is printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quiesce::cli {

/// Counted from 1. A column counts characters (code points).
struct Location {
  std::uint32_t line;
  std::uint32_t column;
};

/// A place in a file, which a stack trace names by its name or URL.
struct Place {
  std::string file;
  Location location;
};

/// The innermost place in a stack trace that lies in a program's file: not in the engine
/// ("native"), nor in a built-in module ("node:..."), nor in a text that it has made itself
/// ("<input>").
std::optional<Place> find_place(std::string_view stack);

/// What Node prints of an uncaught error: file and line, the source line, a caret below the column,
/// an empty line, `description`. Without a place, the description alone; with an empty text, no
/// source line.
std::string format_uncaught(std::string_view description, const std::optional<Place>& place,
                            std::string_view text);

}  // namespace quiesce::cli
