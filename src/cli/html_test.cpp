#include "cli/html.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "cli/memory_map.hpp"

namespace quiesce::cli {
namespace {

TEST(Html, EscapesEverythingThatMeansSomething) {
  EXPECT_EQ(html_text("<a href='x' id=\"y\">&amp;"),
            "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;amp;");
  EXPECT_EQ(html_text("</script><img onerror=\u2026>"),
            "&lt;/script&gt;&lt;img onerror=\u2026&gt;");
  EXPECT_EQ(html_text(std::string("\0\x1b[31m\x7f\n", 8)), "\\x00\\x1b[31m\\x7f\\x0a");
  EXPECT_EQ(html_text("\xed\xa0\x80"), "\uFFFD") << "a lone surrogate";
}

TEST(Html, ThePageNeedsNothingAndAllowsNothing) {
  const std::string page = html_page("<title>", "<p>body</p>");
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_NE(page.find("<title>&lt;title&gt;</title>"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'; style-src 'sha256-"), std::string::npos);
  for (const char* word :
       {"<script", "http://", "https://", "url(", "@import", " style=", "onload"})
    EXPECT_EQ(page.find(word), std::string::npos) << word;
}

TEST(Html, NumbersAreNumbersForSvg) {
  EXPECT_EQ(svg_number(1), "1");
  EXPECT_EQ(svg_number(1.25), "1.25");
  EXPECT_EQ(svg_number(1.239), "1.24");
  EXPECT_EQ(svg_number(-0.001), "0");
  EXPECT_EQ(svg_number(1e300), "1000000000");
  EXPECT_EQ(svg_number(std::numeric_limits<double>::quiet_NaN()), "0");
}

// Rectangles in paths: each begins with M and a digit.
std::size_t pieces_of(const std::string& svg) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < svg.size(); ++i)
    count += svg[i] == 'M' && svg[i + 1] >= '0' && svg[i + 1] <= '9';
  return count;
}

TEST(MemoryMap, DrawsACellForEachPageUpToALimit) {
  constexpr std::array<CellKind, 2> kKinds{{{"p-changed", "own"}, {"p-zero", "zero"}}};
  std::vector<std::uint8_t> pages(100, 1);
  pages[7] = 0;
  const std::string small = memory_map(pages, kKinds);
  EXPECT_NE(small.find("own <b>4 KiB</b>"), std::string::npos);
  EXPECT_NE(small.find("zero <b>396 KiB</b>"), std::string::npos);
  EXPECT_EQ(small.find("A cell is"), std::string::npos);
  EXPECT_EQ(pieces_of(small), 100u);

  std::vector<std::uint8_t> huge(1u << 20, 1);  // 4 GiB
  huge[99] = 0;
  const std::string large = memory_map(huge, kKinds);
  EXPECT_NE(large.find("A cell is 64 pages"), std::string::npos);
  EXPECT_LT(large.size(), 1u << 20);
  EXPECT_FALSE(memory_map({}, kKinds).empty());
}

}  // namespace
}  // namespace quiesce::cli
