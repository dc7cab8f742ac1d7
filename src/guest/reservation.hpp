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
  /// Whole spans of one page table each: newer kernels align such a reservation to them, and then
  /// the end of the guest's stack and the beginning of its heap have one page table and not two.
  static constexpr std::uint64_t kSpanBytes = 2u << 20;
  static constexpr std::uint64_t kBytes =
      (kHeaderBytes + kAddressSpaceBytes + QW_GUARD_BYTES + kSpanBytes - 1) / kSpanBytes *
      kSpanBytes;

  /// Where a memory begins. Nothing can be touched yet, nor can the header below. Throws
  /// std::bad_alloc.
  static std::byte* make();
  static void give_back(std::byte* base) noexcept;
};

}  // namespace quiesce::guest
