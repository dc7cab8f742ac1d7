#include "base/utf.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace quiesce::base {
namespace {

using namespace std::string_literals;

TEST(Utf, AsciiIsTold) {
  EXPECT_TRUE(is_ascii(""));
  EXPECT_TRUE(is_ascii(u""));
  for (std::size_t size = 1; size < 40; ++size) {
    EXPECT_TRUE(is_ascii(std::string(size, '\x7f')));
    EXPECT_TRUE(is_ascii(std::u16string(size, u'\0')));
    for (std::size_t at = 0; at < size; ++at) {
      std::string narrow(size, 'a');
      narrow[at] = '\x80';
      EXPECT_FALSE(is_ascii(narrow)) << size << " " << at;
      std::u16string wide(size, u'a');
      wide[at] = u'\u0100';  // its low byte alone would look like ASCII
      EXPECT_FALSE(is_ascii(wide)) << size << " " << at;
    }
  }
}

// The definition of well-formed UTF-8, spelled out slowly: what the fast code is compared with.
bool is_well_formed(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) -> unsigned {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xF0 && first < 0xF8 ? 4
                               : first >= 0xE0                 ? 3
                                                               : 2;
    if (first >= 0xF8 || (first >= 0x80 && first < 0xC0)) return false;
    std::uint32_t point = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return false;
      point = point << 6 | (byte(i) & 0x3F);
    }
    const std::uint32_t least = length == 1   ? 0
                                : length == 2 ? 0x80
                                : length == 3 ? 0x800
                                              : 0x10000;
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    at += length;
  }
  return true;
}

TEST(Utf, EverySequenceOfUpToThreeBytesIsJudgedRightly) {
  for (unsigned a = 0; a < 256; ++a) {
    const std::string one(1, static_cast<char>(a));
    ASSERT_EQ(is_utf8(one), is_well_formed(one)) << a;
    for (unsigned b = 0; b < 256; ++b) {
      const std::string two = one + static_cast<char>(b);
      ASSERT_EQ(is_utf8(two), is_well_formed(two)) << a << " " << b;
      if (a < 0x7F) continue;
      for (unsigned c = 0; c < 256; ++c) {
        const std::string three = two + static_cast<char>(c);
        ASSERT_EQ(is_utf8(three), is_well_formed(three)) << a << " " << b << " " << c;
      }
    }
  }
}

TEST(Utf, FourByteSequencesAreJudgedRightly) {
  for (unsigned a = 0xE0; a < 256; ++a) {
    for (unsigned b = 0x70; b < 0xD0; ++b) {
      for (const unsigned c : {0x00u, 0x7Fu, 0x80u, 0xBFu, 0xC0u, 0xFFu}) {
        for (const unsigned d : {0x00u, 0x7Fu, 0x80u, 0xBFu, 0xC0u, 0xFFu}) {
          const std::string four{static_cast<char>(a), static_cast<char>(b), static_cast<char>(c),
                                 static_cast<char>(d)};
          ASSERT_EQ(is_utf8(four), is_well_formed(four)) << a << " " << b << " " << c << " " << d;
        }
      }
    }
  }
}

TEST(Utf, TheOffsetOfTheFirstWrongSequenceIsTold) {
  EXPECT_EQ(invalid_utf8_at(""), std::nullopt);
  EXPECT_EQ(invalid_utf8_at("plain text, long enough for words"), std::nullopt);
  EXPECT_EQ(invalid_utf8_at("\xff"), 0u);
  EXPECT_EQ(invalid_utf8_at("abc\xc3"), 3u);                        // cut off
  EXPECT_EQ(invalid_utf8_at("0123456789\xe2\x82"), 10u);            // cut off after a word of ASCII
  EXPECT_EQ(invalid_utf8_at("\xc3\xa9\xc3\xa9 \xed\xa0\x80"), 5u);  // a surrogate
  EXPECT_EQ(invalid_utf8_at("ab\xc0\x80"), 2u);                     // the NUL of Java
  EXPECT_EQ(invalid_utf8_at("ab\0cd\xf4\x90\x80\x80"s), 5u);        // U+110000
  EXPECT_EQ(invalid_wtf8_at("\xed\xa0\x80"), std::nullopt);
  EXPECT_EQ(invalid_wtf8_at("a\xed\xa0"), 1u);
}

TEST(Utf, EveryCodePointSurvivesBothDirections) {
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    std::u16string units;
    if (point < 0x10000) {
      units.push_back(static_cast<char16_t>(point));  // surrogates included: alone, in three bytes
    } else {
      units.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    }
    const std::string text = utf16_to_wtf8(units);
    ASSERT_EQ(text.size(), point < 0x80      ? 1u
                           : point < 0x800   ? 2u
                           : point < 0x10000 ? 3u
                                             : 4u)
        << std::uint32_t{point};
    ASSERT_EQ(is_utf8(text), point < 0xD800 || point > 0xDFFF) << std::uint32_t{point};
    ASSERT_EQ(wtf8_to_utf16(text), units) << std::uint32_t{point};
  }
}

TEST(Utf, KnownForms) {
  EXPECT_EQ(utf16_to_wtf8(u""), "");
  EXPECT_EQ(utf16_to_wtf8(u"caf\u00e9 \u20ac \U0001F600"),
            "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(utf16_to_wtf8(u"a\0b\u00e9"s), "a\0b\xc3\xa9"s);
  EXPECT_EQ(utf16_to_wtf8(u"\xD800"), "\xed\xa0\x80");
  EXPECT_EQ(utf16_to_wtf8(u"\xDC00\xD800"),
            "\xed\xb0\x80\xed\xa0\x80");  // the wrong way round: two lone ones
  EXPECT_EQ(utf16_to_wtf8(u"\xD83D\xD83D\xDE00"), "\xed\xa0\xbd\xf0\x9f\x98\x80");
  EXPECT_EQ(wtf8_to_utf16("plain\0text"s), u"plain\0text"s);
  EXPECT_EQ(wtf8_to_utf16("\xf0\x9f\x98\x80"), u"\U0001F600");
}

TEST(Utf, AppendingHalvesOfAPairGivesThePair) {
  EXPECT_EQ(wtf8_to_utf16(utf16_to_wtf8(u"\xD83D") + utf16_to_wtf8(u"\xDE00")), u"\U0001F600");
}

TEST(Utf, WhatIsNotWtf8IsRefused) {
  EXPECT_EQ(wtf8_to_utf16("abc\xff"), std::nullopt);
  EXPECT_EQ(wtf8_to_utf16("\xc3"), std::nullopt);
  EXPECT_EQ(wtf8_to_utf16("\xed\xa0"), std::nullopt);
  EXPECT_EQ(wtf8_to_utf16("\xc0\x80"), std::nullopt);
  EXPECT_EQ(wtf8_to_utf16("0123456789abcdef\xf5\x80\x80\x80"), std::nullopt);
}

TEST(Utf, MixedTextsOfEveryLengthAndPlaceSurvive) {
  for (const std::u16string_view special : {u"\u00e9", u"\u20ac", u"\U0001F600", u"\xDFFF"}) {
    for (std::size_t before = 0; before < 20; ++before) {
      for (std::size_t after = 0; after < 20; ++after) {
        const std::u16string text =
            std::u16string(before, u'x') + std::u16string(special) + std::u16string(after, u'y');
        ASSERT_EQ(wtf8_to_utf16(utf16_to_wtf8(text)), text);
      }
    }
  }
}

TEST(Utf, Latin1) {
  EXPECT_EQ(latin1_to_utf8(""), "");
  EXPECT_EQ(latin1_to_utf8("plain\0"s), "plain\0"s);
  for (unsigned c = 0; c < 256; ++c) {
    const std::string text = std::string("<") + static_cast<char>(c) + ">";
    EXPECT_EQ(latin1_to_utf8(text), utf16_to_wtf8(u"<"s + static_cast<char16_t>(c) + u">"));
  }
}

// The examples of Unicode's chapter 3.9, U+FFFD Substitution of Maximal Subparts.
TEST(Utf, WrongPartsAreReplacedAsTheWhatwgHasIt) {  // A4
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(replace_invalid_utf8(""), "");
  EXPECT_EQ(replace_invalid_utf8("caf\u00e9 \U0001F600"s), "caf\u00e9 \U0001F600"s);
  EXPECT_EQ(replace_invalid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
            r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(replace_invalid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
            r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(replace_invalid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
            r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(replace_invalid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
  EXPECT_EQ(replace_invalid_utf8("a\xE2\x82"), "a" + r);
  EXPECT_EQ(replace_invalid_utf8("a\0\xFFz"s.substr(0, 4)), "a\0"s + r + "z");
}

TEST(Utf, LoneSurrogatesAreReplaced) {  // A5
  EXPECT_EQ(replace_lone_surrogates(u"a\U0001F600z"), u"a\U0001F600z");
  const std::u16string lone{u'a', char16_t{0xD800}, u'b', char16_t{0xDC00}, char16_t{0xDBFF}};
  EXPECT_EQ(replace_lone_surrogates(lone), u"a\uFFFDb\uFFFD\uFFFD");
}

}  // namespace
}  // namespace quiesce::base
