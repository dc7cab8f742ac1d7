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

std::optional<Location> location_in_frame(std::string_view frame, std::string_view file_name) {
  // The name stands after "at " or "(", for other names may end in this one.
  for (std::size_t at = frame.find(file_name); at != std::string_view::npos;
       at = frame.find(file_name, at + 1)) {
    const bool begins = at > 0 && (frame[at - 1] == '(' || frame[at - 1] == ' ');
    if (!begins) continue;
    if (const auto location = parse_position(frame.substr(at + file_name.size()))) return location;
  }
  return std::nullopt;
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

std::optional<Location> find_location(std::string_view stack, std::string_view file_name) {
  std::optional<Location> found;
  for_each_line(stack, [&](std::string_view frame) {
    if (!found) found = location_in_frame(frame, file_name);
  });
  return found;
}

bool is_parse_error(const JSError& error, std::string_view file_name) {
  if (error.name() != "SyntaxError") return false;
  // The parser's errors have one frame, the place in the text. Those that are thrown while code
  // runs have the running function first: "    at f (file:1:2)", "    at <eval> (file:1:2)".
  std::size_t frames = 0;
  bool plain = true;
  for_each_line(error.stack(), [&](std::string_view frame) {
    if (frame.find_first_not_of(' ') == std::string_view::npos) return;
    ++frames;
    plain = plain && !frame.ends_with(')');
  });
  return frames == 1 && plain && find_location(error.stack(), file_name).has_value();
}

std::string format_uncaught(std::string_view description, std::string_view stack,
                            const Source& source) {
  std::string text;
  if (const auto location = find_location(stack, source.name)) {
    text += source.name + ":" + std::to_string(location->line) + "\n";
    const auto line = nth_line(source.text, location->line);
    if (line && !source.text.empty()) text += excerpt(*line, location->column);
    text += "\n";
  }
  text += description;
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace quiesce::cli
