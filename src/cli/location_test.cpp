#include "cli/location.hpp"

#include <gtest/gtest.h>

namespace quiesce::cli {
namespace {

const Source kSource{"order.js", "first\n\tsecond line\nthird\r\n"};

TEST(Location, TheFirstFrameInTheFileCounts) {
  const auto place = [](std::string_view stack) { return find_location(stack, "order.js"); };
  EXPECT_EQ(place("    at parse (native)\n    at f (order.js:3:7)\n    at <eval> (order.js:9:1)\n"),
            (Location{3, 7}));
  EXPECT_EQ(place("    at order.js:2:10\n"), (Location{2, 10}));
  EXPECT_EQ(place("    at f (re-order.js:3:7)\n    at g (order.js:4:1)\n"), (Location{4, 1}));
}

TEST(Location, WhatOnlyLooksLikeOneIsNone) {
  for (const char* stack :
       {"", "    at f (native)", "    at f (other.js:1:1)", "    at f (order.js)",
        "    at f (order.js:1)", "    at f (order.js:0:1)", "    at f (order.js:1:99999999999)",
        "    at f (order.js:1:1:1)"}) {
    EXPECT_EQ(find_location(stack, "order.js"), std::nullopt) << stack;
  }
}

TEST(Location, FileNamesMayHaveAnyCharacters) {
  EXPECT_EQ(find_location("    at f (a (1):2:3).js:4:5)", "a (1):2:3).js"), (Location{4, 5}));
}

TEST(FormatUncaught, ShowsTheLineAndACaret) {
  EXPECT_EQ(
      format_uncaught("Error: no\n    at f (order.js:2:9)", "    at f (order.js:2:9)\n", kSource),
      "order.js:2\n\tsecond line\n\t       ^\n\nError: no\n    at f (order.js:2:9)\n");
}

TEST(FormatUncaught, AColumnCountsCharacters) {
  const Source umlauts{"ü.js", "Käse;"};
  EXPECT_EQ(format_uncaught("x", "at ü.js:1:5", umlauts), "ü.js:1\nKäse;\n    ^\n\nx\n");
}

TEST(FormatUncaught, SaysLessWhenLessIsKnown) {
  EXPECT_EQ(format_uncaught("Uncaught 5", "", kSource), "Uncaught 5\n");
  EXPECT_EQ(format_uncaught("E", "at order.js:7:1", {"order.js", ""}), "order.js:7\n\nE\n");
  // A line or column beyond the text must not be looked for beyond it.
  EXPECT_EQ(format_uncaught("E", "at order.js:7:1", kSource), "order.js:7\n\nE\n");
  EXPECT_EQ(format_uncaught("E", "at order.js:1:4000000000", kSource),
            "order.js:1\nfirst\n     ^\n\nE\n");
}

TEST(FormatUncaught, CutsLongLinesAroundTheColumn) {
  const Source bundle{"min.js", std::string(300, 'a') + "HERE" + std::string(300, 'b')};
  const std::string text = format_uncaught("E", "at min.js:1:301", bundle);
  EXPECT_EQ(text, "min.js:1\n... " + std::string(60, 'a') + "HERE" + std::string(56, 'b') +
                      " ...\n" + std::string(64, ' ') + "^\n\nE\n");
}

}  // namespace
}  // namespace quiesce::cli
