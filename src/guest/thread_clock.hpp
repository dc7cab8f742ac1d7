// The processor time that the calling thread has used. What waits, or is not scheduled, uses none:
// a deadline on this clock strikes code that computes, however busy the machine is.
#pragma once

#include <time.h>

#include <chrono>

namespace quiesce::guest {

/// A Clock in the sense of <chrono>; its time points belong to the thread that asked for them.
/// Async-signal-safe.
struct ThreadClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<ThreadClock>;
  static constexpr bool is_steady = true;
  static constexpr clockid_t kId = CLOCK_THREAD_CPUTIME_ID;

  static time_point now() noexcept {
    timespec used{};
    clock_gettime(kId, &used);
    return time_point(std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec));
  }
};

}  // namespace quiesce::guest
