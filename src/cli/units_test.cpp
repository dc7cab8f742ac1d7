#include "cli/units.hpp"

#include <gtest/gtest.h>

#include "cli/failure.hpp"

namespace quiesce::cli {
namespace {

using namespace std::chrono_literals;

TEST(Units, BytesAreReadWithTheirUnit) {
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes("65536"), 65536u);
  EXPECT_EQ(parse_bytes("7B"), 7u);
  EXPECT_EQ(parse_bytes("512KiB"), 512u << 10);
  EXPECT_EQ(parse_bytes("64 MiB"), 64u << 20);
  EXPECT_EQ(parse_bytes("1.5MiB"), 3u << 19);
  EXPECT_EQ(parse_bytes("2G"), std::uint64_t{2} << 30);
  EXPECT_EQ(parse_bytes("2kB"), 2000u);
  EXPECT_EQ(parse_bytes("8000000000GB"), 8'000'000'000'000'000'000u);
}

TEST(Units, WhatIsNoSizeIsRefused) {
  for (const char* text :
       {"", "MiB", "-1", "64 mib", "64MiBs", "1e3", "nan", "inf", "0x10", " 5", "10000000000GB"}) {
    EXPECT_THROW(parse_bytes(text), UsageError) << text;
  }
}

TEST(Units, DurationsAreReadWithTheirUnit) {
  EXPECT_EQ(parse_duration("5s"), 5s);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("2min"), 2min);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("3us"), 3us);
  EXPECT_EQ(parse_duration("1d"), 24h);
  for (const char* text : {"", "5", "s", "-5s", "5 parsecs", "1000000d"}) {
    EXPECT_THROW(parse_duration(text), UsageError) << text;
  }
}

TEST(Units, MomentsAreIso8601) {
  const Time new_year = std::chrono::sys_days(std::chrono::January / 1 / 2026);
  EXPECT_EQ(parse_time("2026-01-01"), new_year);
  EXPECT_EQ(parse_time("2026-01-01T00:00:00Z"), new_year);
  EXPECT_EQ(parse_time("2026-01-01T00:00"), new_year);
  EXPECT_EQ(parse_time("2026-01-01T02:30:00+02:30"), new_year);
  EXPECT_EQ(parse_time("2025-12-31T19:00:00-05:00"), new_year);
  EXPECT_EQ(parse_time("2026-01-01T00:00:01.25Z"), new_year + 1250ms);
  EXPECT_EQ(parse_time("2026-01-01T00:00:00.000000001Z"), new_year + 1ns);
  EXPECT_EQ(parse_time("2024-02-29"), std::chrono::sys_days(std::chrono::February / 29 / 2024));
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-29", "2026-01-01T", "2026-01-01T24:00Z",
        "2026-01-01T00:60Z", "2026-01-01 00:00", "2026-01-01T00:00:00.Z", "1677-01-01",
        "2262-01-01", "2026-01-01T00:00:00Zjunk", "yesterday"}) {
    EXPECT_THROW(parse_time(text), UsageError) << text;
  }
}

TEST(Units, OffsetsFromUtc) {
  EXPECT_EQ(parse_utc_offset("Z"), 0min);
  EXPECT_EQ(parse_utc_offset("+02:00"), 120min);
  EXPECT_EQ(parse_utc_offset("-0530"), -330min);
  EXPECT_EQ(parse_utc_offset("+2"), 120min);
  for (const char* text : {"", "+", "02:00", "+24:00", "+02:60", "+02:0", "+2:", "Europe/Berlin"}) {
    EXPECT_EQ(parse_utc_offset(text), std::nullopt) << text;
  }
}

TEST(Units, CountsAreDigitsAlone) {
  EXPECT_EQ(parse_count("0"), 0u);
  EXPECT_EQ(parse_count("18446744073709551615"), ~std::uint64_t{0});
  for (const char* text : {"", "-1", "+1", "1.0", " 1", "1 ", "18446744073709551616", "0x1"}) {
    EXPECT_THROW(parse_count(text), UsageError) << text;
  }
}

TEST(Units, Descriptions) {
  EXPECT_EQ(describe_bytes(1), "1 byte");
  EXPECT_EQ(describe_bytes(1023), "1023 bytes");
  EXPECT_EQ(describe_bytes(2970), "2.9 KiB");
  EXPECT_EQ(describe_bytes(64u << 20), "64 MiB");
  EXPECT_EQ(describe_bytes(~std::uint64_t{0}), "17179869184 GiB");
  EXPECT_EQ(describe_duration(0s), "0 s");
  EXPECT_EQ(describe_duration(1500ms), "1.5 s");
  EXPECT_EQ(describe_duration(180s), "3 min");
  EXPECT_EQ(describe_duration(72h), "3 days");
  EXPECT_EQ(describe_duration(-5s), "-5 s");
  EXPECT_NE(describe_duration(std::chrono::nanoseconds::min()), "");
  EXPECT_EQ(describe_time(parse_time("2026-01-01T12:30:15.250Z")), "2026-01-01T12:30:15.250Z");
  EXPECT_EQ(describe_time(parse_time("1969-12-31T23:59:59.999Z")), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace quiesce::cli
