// How much a VM may use. Limits travel with its snapshots.
//
//   quiesce::VM vm{host, {.memory_bytes_max = 8u << 20, .time_max = std::chrono::seconds{5}}};
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace quiesce {

/// How much a VM may use. The defaults suit a request handler; give less to strangers.
struct Limits {
  /// No limit: for `memory_bytes_max` and `fuel_max`.
  static constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

  /// Bytes that JavaScript may allocate. Reached: a catchable `InternalError: out of memory`.
  std::uint64_t memory_bytes_max = 256u << 20;

  /// Bytes of guest stack; 16 KiB to 2 MiB. Reached: a catchable `RangeError`.
  std::uint32_t stack_bytes_max = 512u << 10;

  /// Wall-clock time of one call into the VM (`eval`, `run`, `Value::call`...). Reached:
  /// `Errc::limit`, which JavaScript cannot catch, and the VM goes on. Code that computes in one
  /// built-in for twice as long is stopped by force, and the VM is poisoned. Zero: no limit.
  std::chrono::nanoseconds time_max{0};

  /// Steps (loop turns and calls) left to the VM in all: deterministic, counted down in the heap.
  /// Reached: `Errc::limit`, and every later call ends at once until more is given.
  std::uint64_t fuel_max = kUnlimited;
};

}  // namespace quiesce
