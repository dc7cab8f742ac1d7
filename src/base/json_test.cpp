// JSON as JSON.parse reads it.
#include "base/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace quiesce::base {
namespace {

using namespace std::string_literals;

std::string again(std::string_view text) { return Json::parse(text).write(); }
std::string refusal(std::string_view text) {
  try {
    return "accepted: " + again(text);
  } catch (const JsonError& error) {
    return error.what();
  }
}

TEST(Json, ReadsWhatJsonParseReads) {
  const std::tuple<const char*, const char*> rows[] = {
      {" null ", "null"},
      {"[true,false]", "[true,false]"},
      {"\t[ ]\r\n", "[]"},
      {"{ }", "{}"},
      {"-0.5e+3", "-0.5e+3"},
      {"[0,-0,1E9]", "[0,-0,1E9]"},
      {R"("a\"\\\/\b\f\n\r\t\u0041")", R"("a\"\\/\b\f\n\r\tA")"},
      {R"({"b":1,"a":2,"b":3})", R"({"b":3,"a":2})"},
      {R"(["\ud83d\ude00","\ud83d","\ude00\ud83d","\ud83d\u0041"])",
       "[\"\xF0\x9F\x98\x80\",\"\\ud83d\",\"\\ude00\\ud83d\",\"\\ud83dA\"]"},
      {"\"\xC3\xA9\x7F\"", "\"\xC3\xA9\x7F\""},
      {R"("\u0000")", R"("\u0000")"},
      {R"({"__proto__":{"":[{}]}})", R"({"__proto__":{"":[{}]}})"},
  };
  for (const auto& [text, expected] : rows) {
    EXPECT_EQ(again(text), expected) << text;
    EXPECT_EQ(again(again(text)), expected);
  }
}

TEST(Json, ManyKeysAreMergedToo) {
  std::string text = "{";
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 40; ++i)
      text += "\"k" + std::to_string(i) + "\":" + std::to_string(round * 100 + i) + ",";
  }
  const Json value = Json::parse(text + "\"end\":1}");
  ASSERT_EQ(value.members().size(), 41u);
  EXPECT_EQ(value.members()[7].first, "k7");
  EXPECT_EQ(value.find("k7")->text(), "107");
  EXPECT_EQ(value.members().back().first, "end");
}

TEST(Json, RefusesAllElse) {
  const std::tuple<std::string, const char*> rows[] = {
      {"", "the text ends too early (line 1, column 1)"},
      {" \n ", "the text ends too early (line 2, column 2)"},
      {"{\"a\":1,\n}", "unexpected \"}\" (line 2, column 1)"},
      {"[1,]", "unexpected \"]\" (line 1, column 4)"},
      {"{'a':1}", "unexpected \"'\" (line 1, column 2)"},
      {"{\"a\"}", "unexpected \"}\" (line 1, column 5)"},
      {"nul", "the text ends too early (line 1, column 4)"},
      {"nulL", "unexpected \"L\" (line 1, column 4)"},
      {"01", "unexpected \"1\" (line 1, column 2)"},
      {"1.", "the text ends too early (line 1, column 3)"},
      {".5", "unexpected \".\" (line 1, column 1)"},
      {"+1", "unexpected \"+\" (line 1, column 1)"},
      {"1e", "the text ends too early (line 1, column 3)"},
      {"1 2", "unexpected \"2\" (line 1, column 3)"},
      {"// x", "unexpected \"/\" (line 1, column 1)"},
      {"\"a\nb\"", "a control character in a string (line 1, column 3)"},
      {"\"\\x\"", "unexpected \"x\" (line 1, column 3)"},
      {"\"\\u00g0\"", "unexpected \"g\" (line 1, column 6)"},
      {"\"\\ud800\\u\"", "unexpected \"\\\"\" (line 1, column 10)"},
      {"\"a", "the text ends inside of a string (line 1, column 3)"},
      {"\"\\", "the text ends too early (line 1, column 3)"},
      {"\xEF\xBB\xBF{}", "unexpected \"\xEF\xBB\xBF\" (line 1, column 1)"},
      {"\"\xFF\"", "a byte that is not UTF-8 (line 1, column 2)"},
      {"{}\0"s, "unexpected \"\\u0000\" (line 1, column 3)"},
      {"\0"s, "unexpected \"\\u0000\" (line 1, column 1)"},
      {"\xC2\xA0{}", "unexpected \"\xC2\xA0\" (line 1, column 1)"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(refusal(text), expected) << text;
}

TEST(Json, NestingIsBounded) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(again(nested(Json::kDepthMax)), nested(Json::kDepthMax));
  EXPECT_THAT(refusal(nested(1'000'000)), testing::HasSubstr("nested too deeply"));
  EXPECT_THAT(refusal(std::string(1'000'000, '[')), testing::HasSubstr("nested too deeply"));
}

}  // namespace
}  // namespace quiesce::base
