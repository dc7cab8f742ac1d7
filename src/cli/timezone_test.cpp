#include "cli/timezone.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/failure.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {
namespace {

int minutes_ahead(const std::string& zone, std::string_view time) {
  return static_cast<int>(make_timezone(zone)(parse_time(time)).count());
}

TEST(Timezone, Fixed) {
  EXPECT_EQ(minutes_ahead("UTC", "2026-07-01"), 0);
  EXPECT_EQ(minutes_ahead("Z", "2026-07-01"), 0);
  EXPECT_EQ(minutes_ahead("+05:45", "2026-07-01"), 345);
  EXPECT_EQ(minutes_ahead("-0330", "2026-07-01"), -210);
}

TEST(Timezone, NamedZonesKnowTheirSummer) {
  EXPECT_EQ(minutes_ahead("Europe/Berlin", "2026-03-29T00:59:59Z"), 60);
  EXPECT_EQ(minutes_ahead("Europe/Berlin", "2026-03-29T01:00:00Z"), 120);
  EXPECT_EQ(minutes_ahead("America/New_York", "2026-01-01"), -300);
  EXPECT_EQ(minutes_ahead("Asia/Kolkata", "2026-01-01"), 330);
  // Before standard time an offset had seconds; minutes are rounded down.
  EXPECT_EQ(minutes_ahead("Europe/Berlin", "1880-01-01"), 53);
}

TEST(Timezone, UnknownNamesAreRefused) {
  for (const char* name : {"", "Moon/Sea", "+25:00", "utc+1", "../../etc/passwd"}) {
    EXPECT_THROW(make_timezone(name), UsageError) << name;
  }
}

}  // namespace
}  // namespace quiesce::cli
