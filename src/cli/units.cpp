#include "cli/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

#include "cli/failure.hpp"

namespace quiesce::cli {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::uint64_t kKibi = 1024;
constexpr std::array kByteUnits = {
    Unit{"", 1},
    Unit{"B", 1},
    Unit{"KiB", kKibi},
    Unit{"MiB", kKibi* kKibi},
    Unit{"GiB", kKibi* kKibi* kKibi},
    Unit{"K", kKibi},
    Unit{"M", kKibi* kKibi},
    Unit{"G", kKibi* kKibi* kKibi},
    Unit{"kB", 1'000},
    Unit{"MB", 1'000'000},
    Unit{"GB", 1'000'000'000},
};

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::array kTimeUnits = {
    Unit{"ns", 1},
    Unit{"us", 1'000},
    Unit{"ms", 1'000'000},
    Unit{"s", kSecond},
    Unit{"m", 60 * kSecond},
    Unit{"min", 60 * kSecond},
    Unit{"h", 3600 * kSecond},
    Unit{"d", 86400 * kSecond},
};

// "1.5s" in the smallest unit. Nothing when it is not of that form or does not fit.
std::optional<std::uint64_t> parse_quantity(std::string_view text, std::span<const Unit> units) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc() || !(number >= 0)) return std::nullopt;
  std::string_view name(rest, static_cast<std::size_t>(end - rest));
  if (name.starts_with(' ')) name.remove_prefix(1);
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    const double product = std::round(number * static_cast<double>(unit.factor));
    if (product >= 9.2e18) return std::nullopt;  // of the signed 64 bits that durations have
    return static_cast<std::uint64_t>(product);
  }
  return std::nullopt;
}

// Takes exactly `digits` decimal digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char digit : text.substr(0, digits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

struct TimeOfDay {
  std::chrono::nanoseconds since_midnight{0};
  std::chrono::minutes offset{0};
};

// What follows the T: hh:mm[:ss[.fraction]][zone].
std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
  TimeOfDay result;
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  result.since_midnight = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (take(text, ':')) {
    const auto second = take_digits(text, 2);
    if (!second || *second > 59) return std::nullopt;
    result.since_midnight += std::chrono::seconds(*second);
    if (take(text, '.')) {
      std::int64_t unit = 100'000'000;
      if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
      while (const auto digit = take_digits(text, 1)) {
        result.since_midnight += std::chrono::nanoseconds(*digit * unit);
        unit /= 10;
      }
    }
  }
  if (text.empty()) return result;
  const auto offset = parse_utc_offset(text);
  if (!offset) return std::nullopt;
  result.offset = *offset;
  return result;
}

std::optional<Time> try_parse_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // Nanoseconds in 64 bits reach from 1677 to 2262.
  if (!date.ok() || *year < 1678 || *year > 2261) return std::nullopt;
  TimeOfDay time;
  if (!text.empty()) {
    if (!take(text, 'T')) return std::nullopt;
    const auto parsed = parse_time_of_day(text);
    if (!parsed) return std::nullopt;
    time = *parsed;
  }
  return Time(std::chrono::sys_days(date).time_since_epoch()) + time.since_midnight - time.offset;
}

// At most one decimal, and none that is zero.
std::string decimal(double number, std::string_view unit) {
  std::array<char, 64> text{};
  const bool whole = std::abs(number - std::round(number)) < 0.05 || number >= 100;
  const int length = std::snprintf(text.data(), text.size(), whole ? "%.0f" : "%.1f", number);
  return std::string(text.data(), static_cast<std::size_t>(length)) + " " + std::string(unit);
}

}  // namespace

std::uint64_t parse_bytes(std::string_view text) {
  if (const auto bytes = parse_quantity(text, kByteUnits)) return *bytes;
  throw UsageError("'" + std::string(text) +
                   "' is not a size; write it like 65536, 512KiB or 64MiB");
}

std::chrono::nanoseconds parse_duration(std::string_view text) {
  if (const auto ns = parse_quantity(text, kTimeUnits)) return std::chrono::nanoseconds(*ns);
  throw UsageError("'" + std::string(text) +
                   "' is not a duration; write it like 250ms, 5s or 2min");
}

Time parse_time(std::string_view text) {
  if (const auto time = try_parse_time(text)) return *time;
  throw UsageError("'" + std::string(text) +
                   "' is not a moment; write it like 2026-01-01T00:00:00Z (years 1678 to 2261)");
}

std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  if (!text.starts_with('+') && !text.starts_with('-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = take_digits(text, text.size() == 1 ? 1 : 2);
  if (!hours) return std::nullopt;
  int minutes = 0;
  if (!text.empty()) {
    take(text, ':');
    const auto parsed = take_digits(text, 2);
    if (!parsed || *parsed > 59 || !text.empty()) return std::nullopt;
    minutes = *parsed;
  }
  if (*hours > 23) return std::nullopt;
  return std::chrono::minutes(sign * (*hours * 60 + minutes));
}

std::uint64_t parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && rest == end && !text.empty()) return number;
  throw UsageError("'" + std::string(text) +
                   "' is not a whole number from 0 to 18446744073709551615");
}

std::string describe_bytes(std::uint64_t bytes) {
  if (bytes < kKibi) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  const auto number = static_cast<double>(bytes);
  if (bytes < kKibi * kKibi) return decimal(number / 1024, "KiB");
  if (bytes < kKibi * kKibi * kKibi) return decimal(number / (1024.0 * 1024), "MiB");
  return decimal(number / (1024.0 * 1024 * 1024), "GiB");
}

std::string describe_duration(std::chrono::nanoseconds duration) {
  const auto seconds = static_cast<double>(duration.count()) / 1e9;
  if (seconds < 0)
    return "-" + describe_duration(-std::max(duration, -std::chrono::nanoseconds::max()));
  if (seconds == 0) return "0 s";
  if (seconds < 1e-3) return decimal(seconds * 1e6, "us");
  if (seconds < 1) return decimal(seconds * 1e3, "ms");
  if (seconds < 120) return decimal(seconds, "s");
  if (seconds < 7200) return decimal(seconds / 60, "min");
  if (seconds < 48 * 3600) return decimal(seconds / 3600, "hours");
  return decimal(seconds / 86400, "days");
}

std::string describe_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time - day).count();
  std::array<char, 64> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), static_cast<int>(ms / 3'600'000),
                    static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60),
                    static_cast<int>(ms % 1000));
  return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace quiesce::cli
