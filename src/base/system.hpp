// The machine's own clock and entropy: what a Host offers unless it is told otherwise.
//
//   auto now = base::system_clock_now();
//   std::uint64_t seed;
//   base::system_entropy(std::as_writable_bytes(std::span(&seed, 1)));
//
// Thread safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

namespace quiesce::base {

/// Since 1970-01-01T00:00:00Z.
std::chrono::sys_time<std::chrono::nanoseconds> system_clock_now() noexcept;

/// Fills the span with bytes nobody can predict. Throws Errc::resources if the kernel has none.
void system_entropy(std::span<std::byte> bytes);

}  // namespace quiesce::base
