#include "cli/location.hpp"

#include <algorithm>
#include <charconv>

namespace quiesce::cli {

namespace {

// Wider lines are those of minified bundles: a window around the column says more.
constexpr std::size_t kLineCharactersMax = 120;
constexpr std::size_t kCharactersBeforeCaret = 60;

template <class F>
void for_each_line(std::string_view text, F f) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    f(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// ":LINE:COLUMN" at the front, then a closing parenthesis or nothing.
std::optional<Location> parse_position(std::string_view text) {
  Location location{};
  for (std::uint32_t* number : {&location.line, &location.column}) {
    if (!text.starts_with(':')) return std::nullopt;
    text.remove_prefix(1);
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (error != std::errc() || *number == 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  }
  if (!text.empty() && text != ")") return std::nullopt;
  return location;
}

// "    at f (NAME:1:2)" or "    at NAME:1:2".
std::optional<Place> place_in_frame(std::string_view frame) {
  const std::size_t at = frame.find("at ");
  if (at == std::string_view::npos || frame.find_first_not_of(' ') != at) return std::nullopt;
  std::string_view name = frame.substr(at + 3);
  if (name.ends_with(')')) {
    const std::size_t open = name.find(" (");
    if (open != std::string_view::npos) name = name.substr(open + 2);
  }
  const std::size_t column = name.rfind(':');
  if (column == std::string_view::npos || column == 0) return std::nullopt;
  const std::size_t line = name.rfind(':', column - 1);
  if (line == std::string_view::npos || line == 0) return std::nullopt;
  const auto location = parse_position(name.substr(line));
  if (!location) return std::nullopt;
  return Place{std::string(name.substr(0, line)), *location};
}

std::optional<std::string_view> nth_line(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Offset of the character number `index`, counted from 0; the size when there are not so many.
std::size_t character_offset(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  while (at < text.size() && index > 0) {
    do {
      ++at;
    } while (at < text.size() && continues_character(text[at]));
    --index;
  }
  return at;
}

// The line and the caret below it, each with its line end.
std::string excerpt(std::string_view line, std::uint32_t column) {
  std::size_t caret = column - 1;
  bool cut_before = false;
  bool cut_after = false;
  if (character_offset(line, kLineCharactersMax) < line.size()) {
    const std::size_t first = caret > kCharactersBeforeCaret ? caret - kCharactersBeforeCaret : 0;
    line.remove_prefix(character_offset(line, first));
    const std::size_t end = character_offset(line, kLineCharactersMax);
    cut_before = first > 0;
    cut_after = end < line.size();
    line = line.substr(0, end);
    caret -= first;
  }
  const std::string_view before = line.substr(0, character_offset(line, caret));
  std::string indent = cut_before ? "... " : "";
  std::string text = indent + std::string(line) + (cut_after ? " ..." : "") + "\n";
  indent.assign(indent.size(), ' ');
  for (const char byte : before) {
    if (!continues_character(byte)) indent += byte == '\t' ? '\t' : ' ';
  }
  return text + indent + "^\n";
}

}  // namespace

std::optional<Place> find_place(std::string_view stack) {
  std::optional<Place> found;
  for_each_line(stack, [&](std::string_view frame) {
    if (found) return;
    found = place_in_frame(frame);
    // What `eval` and JSON.parse call their texts.
    const bool is_text = found && found->file == "<input>";
    if (is_text || (found && found->file.starts_with("node:"))) found.reset();
  });
  return found;
}

std::string format_uncaught(std::string_view description, const std::optional<Place>& place,
                            std::string_view text) {
  std::string result;
  if (place) {
    result += place->file + ":" + std::to_string(place->location.line) + "\n";
    const auto line = nth_line(text, place->location.line);
    if (line && !text.empty()) result += excerpt(*line, place->location.column);
    result += "\n";
  }
  result += description;
  if (!result.ends_with('\n')) result += '\n';
  return result;
}

}  // namespace quiesce::cli
