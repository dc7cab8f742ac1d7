#include "cli/treemap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace quiesce::cli {
namespace {

TEST(Treemap, AreasAreInProportionAndFillThePlace) {
  const std::vector<double> weights{6, 6, 4, 3, 2, 2, 1};  // the example of the paper
  const auto places = squarified(weights, {0, 0, 6, 4});
  ASSERT_EQ(places.size(), weights.size());
  double total = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_NEAR(places[i].width * places[i].height, weights[i], 1e-9) << i;
    EXPECT_GE(places[i].x, -1e-9);
    EXPECT_LE(places[i].x + places[i].width, 6 + 1e-9);
    EXPECT_LE(places[i].y + places[i].height, 4 + 1e-9);
    const double ratio = places[i].width / places[i].height;
    EXPECT_LT(std::max(ratio, 1 / ratio), 3.1) << i;
    total += places[i].width * places[i].height;
  }
  EXPECT_NEAR(total, 24, 1e-9);
  EXPECT_NEAR(places[0].width, 3, 1e-9) << "the first two are one above the other";
  EXPECT_NEAR(places[1].y, 2, 1e-9);
}

TEST(Treemap, TakesWhatIsNoArea) {
  EXPECT_TRUE(squarified({}, {0, 0, 1, 1}).empty());
  const std::vector<double> weights{5, 0, -1, std::numeric_limits<double>::quiet_NaN()};
  const auto places = squarified(weights, {0, 0, 10, 10});
  ASSERT_EQ(places.size(), 4u);
  EXPECT_NEAR(places[0].width * places[0].height, 100, 1e-9);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(places[i].width * places[i].height, 0) << i;
  for (const Rectangle& place : squarified(std::vector<double>{3, 2, 1}, {0, 0, 0, 5}))
    EXPECT_EQ(place.width * place.height, 0);
}

TEST(Treemap, EscapesWhatTheProgramCallsItsClasses) {
  const std::string hostile = "</title><script>alert(1)</script>";
  const std::string svg =
      treemap_svg({{"t-object", "tile", {{hostile, hostile, hostile, 1}}}}, 900, 400);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_NE(svg.find("&lt;script&gt;"), std::string::npos);
}

}  // namespace
}  // namespace quiesce::cli
