#include "cli/json_text.hpp"

#include <gtest/gtest.h>

namespace quiesce::cli {
namespace {

TEST(JsonText, StringsAreEscaped) {
  EXPECT_EQ(json_string("charge"), "\"charge\"");
  EXPECT_EQ(json_string("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\n\\u0001\"");
  EXPECT_EQ(json_string("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonText, OneValueOnOneLine) {
  for (const char* text : {"[]", "[499]", "[\"a\\nb\"]", "[1e300,-0.5]",
                           "[\"\\ud800\",\"\\\\ud800\"]", "[{\"a\":[null,true]}]"}) {
    EXPECT_TRUE(is_json_line(text)) << text;
  }
  for (const char* text : {"", "[", "[1]\n", "[1,\n2]", "[1],\"id\":\"2\"", "undefined", "[1e400]",
                           "[\"\\u12\"]", "[\"\xFF\"]", "['a']", "\\u", "\\ud"}) {
    EXPECT_FALSE(is_json_line(text)) << text;
  }
}

TEST(JsonText, DepthIsNoDanger) {
  EXPECT_TRUE(is_json_line(std::string(1'000'000, '[') + std::string(1'000'000, ']')));
  EXPECT_FALSE(is_json_line(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace quiesce::cli
