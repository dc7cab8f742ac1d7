// Text between its encodings: UTF-8, UTF-16, Latin-1, and WTF-8, which is UTF-8 that also writes a
// lone surrogate, in three bytes, so that every JavaScript string has exactly one form.
//
//   std::string text = base::utf16_to_wtf8(u"caf\u00e9");
//   if (auto bad = base::invalid_utf8_at(source)) report(*bad);
//   std::u16string units = *base::wtf8_to_utf16(text);
//
// NUL is a character like any other. Nothing here depends on a locale. Thread safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quiesce::base {

bool is_ascii(std::string_view text) noexcept;
bool is_ascii(std::u16string_view text) noexcept;

/// Offset of the first byte that cannot belong to UTF-8 (Unicode, table 3-7: no overlong forms, no
/// surrogates, nothing above U+10FFFF): where the sequence begins that is wrong or cut off.
/// Nothing: the text is UTF-8.
std::optional<std::size_t> invalid_utf8_at(std::string_view text) noexcept;
inline bool is_utf8(std::string_view text) noexcept { return !invalid_utf8_at(text); }

/// The same, where three-byte surrogates are also right.
std::optional<std::size_t> invalid_wtf8_at(std::string_view text) noexcept;

/// A pair of surrogates becomes four bytes, a lone one three: UTF-8 wherever the text is UTF-16.
std::string utf16_to_wtf8(std::u16string_view text);

/// Nothing: the text is not WTF-8. Two three-byte surrogates that make a pair are taken too and
/// become the pair: appending texts here gives what appending the strings in JavaScript gives.
std::optional<std::u16string> wtf8_to_utf16(std::string_view text);

/// U+FFFD for each maximal part of the text that is not UTF-8, as the WHATWG's decoder replaces it
/// (without looking for a byte order mark).
std::string replace_invalid_utf8(std::string_view text);

/// U+FFFD for each lone surrogate, as String.prototype.toWellFormed has it.
std::u16string replace_lone_surrogates(std::u16string text);

/// Each byte is the code point of that number.
std::string latin1_to_utf8(std::string_view text);

}  // namespace quiesce::base
