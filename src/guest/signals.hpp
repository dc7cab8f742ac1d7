// Signals that mean something for running guest code: faults at the wall, and the hard deadline.
//
// Handlers are installed once per process, when the first guest is made. The fault handler looks
// only at faults of guest code that runs on this thread, at addresses of its memory or its native
// stack, and passes all others to the handler that was there before. The deadline has a real-time
// signal of its own, and a timer per thread that uses it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "guest/linear_memory.hpp"
#include "guest/stack_switch.hpp"

namespace quiesce::guest {

/// What the handlers know of an entry into a guest. Linked from the innermost outwards.
struct WatchedEntry : Activation {
  const LinearMemory* memory;
  const std::byte* stack_low;
  const std::atomic<std::int64_t>* deadline_ns;  // ThreadClock; 0: none
  WatchedEntry* outer;                           // on this thread, whatever its guest
};

/// Idempotent. Throws std::system_error when the system refuses.
void install_signal_handlers();

/// Whether this thread can take faults: it has a stack for signals, and they are not blocked. Cheap
/// after the first time. Throws Errc::resources when the system refuses.
void prepare_thread_for_guest();

/// From now on `entry` is the innermost of this thread, until `unwatch`.
void watch(WatchedEntry& entry) noexcept;
void unwatch(WatchedEntry& entry) noexcept;

/// Sets this thread's timer to the earliest deadline of its entries, or stops it if there is none.
/// False: the system refused.
bool set_deadline_timer() noexcept;

}  // namespace quiesce::guest
