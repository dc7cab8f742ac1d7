#include "cli/output.hpp"

#include <gtest/gtest.h>

namespace quiesce::cli {
namespace {

TEST(Output, LoneSurrogatesBecomeTheReplacementCharacter) {
  EXPECT_EQ(well_formed("a\xED\xA0\x80z"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(well_formed("\xED\xBF\xBF"), "\xEF\xBF\xBD");
  EXPECT_EQ(well_formed("\xED\x9F\xBF"), "\xED\x9F\xBF");  // U+D7FF, the last before them
  EXPECT_EQ(well_formed("\xED\xA0"), "\xED\xA0");
  EXPECT_EQ(well_formed(""), "");
}

TEST(Output, LabelsHaveTheirTextsBelowOneAnother) {
  EXPECT_EQ(labelled_line("engine", "12ab"), "engine      12ab\n");
  EXPECT_EQ(labelled_line("host functions", "2"), "host functions 2\n");
  EXPECT_EQ(labelled_line("timers", ""), "timers\n");
}

TEST(Output, ControlCharactersAreShownNotSent) {
  EXPECT_EQ(printable("charge"), "charge");
  EXPECT_EQ(printable("a\x1b[31mb\n\x7f"), "a\\x1b[31mb\\x0a\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "5m"),
            "\\x9b"
            "5m");  // U+009B begins an escape sequence, too
  EXPECT_EQ(printable("Käse \xC2\xA0"), "Käse \xC2\xA0");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

}  // namespace
}  // namespace quiesce::cli
