// The address space of one linear memory: a header that the guest cannot reach, the 4 GiB that it
// can name, and pages behind them that fault.
#pragma once

#include <cstddef>
#include <cstdint>

#include "guest/wasm2c_abi.h"

namespace quiesce::guest {

struct Reservation {
  static constexpr std::uint64_t kHeaderBytes = 65536;
  static constexpr std::uint64_t kAddressSpaceBytes = std::uint64_t{1} << 32;
  static constexpr std::uint64_t kBytes = kHeaderBytes + kAddressSpaceBytes + QW_GUARD_BYTES;

  /// Where a memory begins: nothing in it can be touched, but for the header below. Throws
  /// std::bad_alloc.
  static std::byte* make();
  static void give_back(std::byte* base) noexcept;
};

}  // namespace quiesce::guest
