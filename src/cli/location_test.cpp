#include "cli/location.hpp"

#include <gtest/gtest.h>

namespace quiesce::cli {
namespace {

TEST(FindPlace, IsTheInnermostFrameOfTheProgram) {
  const auto place = [](std::string_view stack) {
    const auto found = find_place(stack);
    if (!found) return std::string("none");
    return found->file + " " + std::to_string(found->location.line) + " " +
           std::to_string(found->location.column);
  };
  EXPECT_EQ(place("    at parse (native)\n    at f (file:///a/b.mjs:3:7)\n    at g (c.js:9:1)\n"),
            "file:///a/b.mjs 3 7");
  EXPECT_EQ(place("    at <input>:1:2\n    at parse (native)\n    at a.js:2:3\n"), "a.js 2 3");
  EXPECT_EQ(place("    at ok (node:assert:1:1)\n    at /a/b.js:2:10\n"), "/a/b.js 2 10");
  EXPECT_EQ(place("    at f (/a (1)/b (2).js:4:5)"), "/a (1)/b (2).js 4 5");
  for (const char* stack : {"", "at", "    at f (native)", "    at f (a.js)", "    at f (a.js:1)",
                            "    at f (a.js:0:1)", "    at f (:1:1)", "    at :1:1",
                            "    at f (a.js:1:99999999999)", "    at 1:1", "x at f (a.js:1:1)"}) {
    EXPECT_EQ(place(stack), "none") << stack;
  }
}

const std::string kText = "first\n\tsecond line\nthird\r\n";

Place at(std::uint32_t line, std::uint32_t column) { return {"order.js", {line, column}}; }

TEST(FormatUncaught, ShowsTheLineAndACaret) {
  EXPECT_EQ(format_uncaught("Error: no\n    at f (order.js:2:9)", at(2, 9), kText),
            "order.js:2\n\tsecond line\n\t       ^\n\nError: no\n    at f (order.js:2:9)\n");
}

TEST(FormatUncaught, AColumnCountsCharacters) {
  EXPECT_EQ(format_uncaught("x", Place{"ü.js", {1, 5}}, "Käse;"), "ü.js:1\nKäse;\n    ^\n\nx\n");
}

TEST(FormatUncaught, SaysLessWhenLessIsKnown) {
  EXPECT_EQ(format_uncaught("Uncaught 5", std::nullopt, kText), "Uncaught 5\n");
  EXPECT_EQ(format_uncaught("E", at(7, 1), ""), "order.js:7\n\nE\n");
  // A line or column beyond the text must not be looked for beyond it.
  EXPECT_EQ(format_uncaught("E", at(7, 1), kText), "order.js:7\n\nE\n");
  EXPECT_EQ(format_uncaught("E", at(1, 4000000000), kText), "order.js:1\nfirst\n     ^\n\nE\n");
}

TEST(FormatUncaught, CutsLongLinesAroundTheColumn) {
  const std::string bundle = std::string(300, 'a') + "HERE" + std::string(300, 'b');
  EXPECT_EQ(format_uncaught("E", Place{"min.js", {1, 301}}, bundle),
            "min.js:1\n... " + std::string(60, 'a') + "HERE" + std::string(56, 'b') + " ...\n" +
                std::string(64, ' ') + "^\n\nE\n");
}

}  // namespace
}  // namespace quiesce::cli
