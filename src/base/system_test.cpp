#include "base/system.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <set>
#include <vector>

namespace quiesce::base {
namespace {

TEST(System, ClockIsTheClockOfTheSystem) {
  const auto seconds = [](auto time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  };
  const std::time_t before = std::time(nullptr);
  const auto now = seconds(system_clock_now());
  EXPECT_GE(now, before - 1);  // time() may use a coarser clock
  EXPECT_LE(now, std::time(nullptr) + 1);
}

TEST(System, EntropyFillsEveryByteOfLongAndShortSpans) {
  // More than the 256 bytes that the kernel gives without interruption. Each place must take many
  // values in 32 tries; a byte that is never written would keep one.
  for (const std::size_t count : {1u, 8u, 100000u}) {
    std::vector<std::set<std::byte>> seen(count);
    for (int i = 0; i < 32; ++i) {
      std::vector<std::byte> bytes(count);
      system_entropy(bytes);
      for (std::size_t at = 0; at < count; at += count > 1000 ? 997 : 1) seen[at].insert(bytes[at]);
    }
    for (std::size_t at = 0; at < count; at += count > 1000 ? 997 : 1)
      EXPECT_GT(seen[at].size(), 8u) << at;
  }
  system_entropy({});
}

}  // namespace
}  // namespace quiesce::base
