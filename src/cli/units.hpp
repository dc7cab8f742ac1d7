// Quantities as people write them on a command line: sizes, durations, moments.
//
//   parse_bytes("64MiB")                      67108864
//   parse_duration("1.5s")                    1'500'000'000 ns
//   parse_time("2026-01-01T00:00:00Z")        nanoseconds since the epoch
//   describe_bytes(67108864)                  "64 MiB"
//
// The parsers throw UsageError with a sentence that shows what they accept. Thread safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "quiesce/host.hpp"

namespace quiesce::cli {

/// A number and B, KiB, MiB, GiB (powers of 1024; K, M and G mean the same) or kB, MB, GB (of
/// 1000).
std::uint64_t parse_bytes(std::string_view text);
/// A number and ns, us, ms, s, min (or m), h or d. Never negative.
std::chrono::nanoseconds parse_duration(std::string_view text);
/// ISO 8601: 2026-01-01, 2026-01-01T12:30Z, 2026-01-01T12:30:15.250+02:00. Without a zone it is
/// UTC.
Time parse_time(std::string_view text);
/// Z, +02:00, -0530 or +2; nothing when `text` is not of that form or beyond a day.
std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text);
/// Decimal digits alone.
std::uint64_t parse_count(std::string_view text);

std::string describe_bytes(std::uint64_t bytes);                   // "2.9 KiB", "64 MiB"
std::string describe_duration(std::chrono::nanoseconds duration);  // "1.5 s", "3 min", "2 days"
std::string describe_time(Time time);                              // "2026-01-01T00:00:00.000Z"

}  // namespace quiesce::cli
