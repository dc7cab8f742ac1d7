// How far `VM::run` and `VM::run_until_idle` go, and why they came back.
//
//   quiesce::RunResult turn = vm.run_until_idle({.fuel_slice = 100'000});
//   if (turn.end == quiesce::RunEnd::fuel_slice) come_back_soon();
//
// Steps are those of `Limits::fuel_max`: turns of loops, calls. They are counted the same in every
// build and on every machine.
#pragma once

#include <cstdint>

#include "quiesce/limits.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

/// What bounds one call of `run` or `run_until_idle`.
struct RunOptions {
  /// Steps after which no further job or timer is begun. The one that is running is not
  /// interrupted, so that a slice may become longer than this, by as much as that job takes.
  std::uint64_t fuel_slice = Limits::kUnlimited;
};

/// Why a run came back.
enum class RunEnd : std::uint8_t {
  settled,     ///< the promise that it waited for was fulfilled
  idle,        ///< no job is ready and no timer is due
  fuel_slice,  ///< the slice is used up and there may be more to do; call again to go on
  vm_ended,    ///< a callback destroyed the VM
};

/// What a run did.
struct RunResult {
  /// Why it came back.
  RunEnd end = RunEnd::idle;
  Value value;                  ///< of the promise, if it has settled
  std::uint64_t fuel_used = 0;  ///< steps made meanwhile

  /// Whether the promise was fulfilled.
  explicit operator bool() const noexcept { return end == RunEnd::settled; }
};

}  // namespace quiesce
