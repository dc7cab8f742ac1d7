#include "base/utf.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace quiesce::base {
namespace {

enum class Surrogates : std::uint8_t { refused, taken };

bool is_high_surrogate(char32_t unit) { return (unit & 0xFC00) == 0xD800; }
bool is_low_surrogate(char32_t unit) { return (unit & 0xFC00) == 0xDC00; }
bool is_continuation(unsigned byte) { return (byte & 0xC0) == 0x80; }

/// How many bytes at the front of the text are ASCII, told eight at a time: a lower bound that is
/// exact when the text is ASCII to its end.
std::size_t ascii_prefix(const char* text, std::size_t count) noexcept {
  std::size_t at = 0;
  for (; count - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text + at, 8);
    if ((word & 0x8080808080808080u) != 0) return at;
  }
  while (at < count && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

/// Bytes of the sequence that begins at `text`, or 0 if it is wrong or cut off.
std::size_t sequence_length(const char* text, std::size_t left, Surrogates surrogates) noexcept {
  const auto byte = [text](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[i]));
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4)
    return 0;  // a continuation, an overlong form, or above U+10FFFF
  if (left < 2 || !is_continuation(byte(1))) return 0;
  if (first < 0xE0) return 2;
  // The second byte rules out what is overlong, a surrogate, or too large.
  const unsigned second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;
  if (first == 0xED && second >= 0xA0 && surrogates == Surrogates::refused) return 0;
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second >= 0x90) return 0;
  if (left < 3 || !is_continuation(byte(2))) return 0;
  if (first < 0xF0) return 3;
  if (left < 4 || !is_continuation(byte(3))) return 0;
  return 4;
}

/// Bytes at the front of a text that begins wrongly for which one U+FFFD stands: the longest part
/// that could have become a sequence, or one byte.
std::size_t invalid_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[i]));
  };
  const unsigned first = byte(0);
  if (first < 0xC2 || first > 0xF4 || text.size() < 2) return 1;
  const unsigned second = byte(1);
  const unsigned low = first == 0xE0 ? 0xA0u : first == 0xF0 ? 0x90u : 0x80u;
  const unsigned high = first == 0xED ? 0x9Fu : first == 0xF4 ? 0x8Fu : 0xBFu;
  if (first < 0xE0 || second < low || second > high) return 1;
  // Of three bytes, the third is missing; of four, the third or the fourth.
  if (first < 0xF0 || text.size() < 3 || !is_continuation(byte(2))) return 2;
  return 3;
}

std::optional<std::size_t> invalid_at(std::string_view text, Surrogates surrogates) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    at += ascii_prefix(text.data() + at, text.size() - at);
    // After other characters, more of them are likely: look for words of ASCII again only after a
    // character that is ASCII.
    while (at < text.size()) {
      const std::size_t length = sequence_length(text.data() + at, text.size() - at, surrogates);
      if (length == 0) return at;
      at += length;
      if (length == 1) break;
    }
  }
  return std::nullopt;
}

/// The code point of a sequence that `sequence_length` has found right.
char32_t decode(const char* text, std::size_t length) noexcept {
  const auto byte = [text](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  if (length == 1) return byte(0);
  if (length == 2) return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  if (length == 3) return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
}

char* encode(char* out, char32_t point) noexcept {
  if (point < 0x80) {
    *out++ = static_cast<char>(point);
  } else if (point < 0x800) {
    *out++ = static_cast<char>(0xC0 | point >> 6);
    *out++ = static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    *out++ = static_cast<char>(0xE0 | point >> 12);
    *out++ = static_cast<char>(0x80 | (point >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (point & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | point >> 18);
    *out++ = static_cast<char>(0x80 | (point >> 12 & 0x3F));
    *out++ = static_cast<char>(0x80 | (point >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (point & 0x3F));
  }
  return out;
}

/// The code point at `at`, pairs joined, and how many units it takes.
struct Point {
  char32_t value;
  std::size_t units;
};
Point point_at(std::u16string_view text, std::size_t at) noexcept {
  const char32_t unit = text[at];
  if (is_high_surrogate(unit) && at + 1 < text.size() && is_low_surrogate(text[at + 1])) {
    return {0x10000 + ((unit & 0x3FF) << 10 | (static_cast<char32_t>(text[at + 1]) & 0x3FF)), 2};
  }
  return {unit, 1};
}

std::size_t utf8_length(std::u16string_view text) noexcept {
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Point point = point_at(text, at);
    length += point.value < 0x80 ? 1 : point.value < 0x800 ? 2 : point.value < 0x10000 ? 3 : 4;
    at += point.units;
  }
  return length;
}

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  return ascii_prefix(text.data(), text.size()) == text.size();
}

bool is_ascii(std::u16string_view text) noexcept {
  char16_t bits = 0;  // no early end, so that the compiler can use vectors
  for (const char16_t unit : text) bits = static_cast<char16_t>(bits | unit);
  return bits < 0x80;
}

std::optional<std::size_t> invalid_utf8_at(std::string_view text) noexcept {
  return invalid_at(text, Surrogates::refused);
}

std::optional<std::size_t> invalid_wtf8_at(std::string_view text) noexcept {
  return invalid_at(text, Surrogates::taken);
}

std::string utf16_to_wtf8(std::u16string_view text) {
  if (is_ascii(text)) {
    std::string out(text.size(), '\0');
    std::transform(text.begin(), text.end(), out.begin(),
                   [](char16_t unit) { return static_cast<char>(unit); });
    return out;
  }
  std::string out(utf8_length(text), '\0');
  char* end = out.data();
  for (std::size_t at = 0; at < text.size();) {
    const Point point = point_at(text, at);
    end = encode(end, point.value);
    at += point.units;
  }
  return out;
}

std::optional<std::u16string> wtf8_to_utf16(std::string_view text) {
  std::u16string out(text.size(), u'\0');  // no sequence has more units than bytes
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t ascii = ascii_prefix(text.data() + at, text.size() - at);
    std::transform(text.begin() + static_cast<std::ptrdiff_t>(at),
                   text.begin() + static_cast<std::ptrdiff_t>(at + ascii),
                   out.begin() + static_cast<std::ptrdiff_t>(units),
                   [](char c) { return static_cast<char16_t>(c); });
    at += ascii;
    units += ascii;
    while (at < text.size()) {
      const std::size_t length =
          sequence_length(text.data() + at, text.size() - at, Surrogates::taken);
      if (length == 0) return std::nullopt;
      const char32_t point = decode(text.data() + at, length);
      if (point >= 0x10000) {
        out[units++] = static_cast<char16_t>(0xD7C0 + (point >> 10));
        out[units++] = static_cast<char16_t>(0xDC00 | (point & 0x3FF));
      } else {
        out[units++] = static_cast<char16_t>(point);
      }
      at += length;
      if (length == 1) break;
    }
  }
  out.resize(units);
  return out;
}

std::string latin1_to_utf8(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  const auto above = std::count_if(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  std::string out(text.size() + static_cast<std::size_t>(above), '\0');
  char* end = out.data();
  for (const char c : text) end = encode(end, static_cast<unsigned char>(c));
  return out;
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const std::optional<std::size_t> bad = invalid_utf8_at(text);
    out += text.substr(0, bad.value_or(text.size()));
    if (!bad) return out;
    out += "\xEF\xBF\xBD";
    text.remove_prefix(*bad);
    text.remove_prefix(invalid_length(text));
  }
}

std::u16string replace_lone_surrogates(std::u16string text) {
  for (std::size_t at = 0; at < text.size();) {
    const Point point = point_at(text, at);
    if (point.units == 1 && (point.value & 0xF800) == 0xD800) text[at] = u'\uFFFD';
    at += point.units;
  }
  return text;
}

}  // namespace quiesce::base
