// Times as the guest has them: milliseconds since the epoch, in a double.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "quiesce/host.hpp"

namespace quiesce::detail {

/// Whatever the guest says; what is no number is the epoch.
inline Time time_of_ms(double epoch_ms) {
  constexpr double kEndMs = 9.2e12;  // where nanoseconds in 64 bits end, in the year 2261
  if (std::isnan(epoch_ms)) return Time();
  // Whole milliseconds are exact in a double, nanoseconds since 1970 are not: a clock that moves to
  // a deadline must not stop just before it.
  const auto whole_ms = static_cast<std::int64_t>(std::ceil(std::clamp(epoch_ms, -kEndMs, kEndMs)));
  return Time(std::chrono::milliseconds(whole_ms));
}

}  // namespace quiesce::detail
