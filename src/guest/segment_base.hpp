// Registers of the processor that guest code needs otherwise than its host: the base of the GS
// segment and the rounding mode of SSE. Nobody else on Linux x86-64 uses GS, but it is the host's,
// so it is put back whenever host code runs.
#pragma once

#include <cstddef>
#include <cstdint>

#if QUIESCE_WALL_GUARD
#include <asm/prctl.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <xmmintrin.h>
#endif

namespace quiesce::guest {

#if QUIESCE_WALL_GUARD

/// Whether programs may use the instructions for it; a system call does it otherwise.
inline bool can_write_segment_base() noexcept {
  constexpr unsigned long kFsGsBase = 2;  // HWCAP2_FSGSBASE
  return (getauxval(AT_HWCAP2) & kFsGsBase) != 0;
}

class HostRegisters {
 public:
  static HostRegisters save(bool fast) noexcept {
    HostRegisters host;
    host.control_ = _mm_getcsr();
    if (fast) {
      __asm__ volatile("rdgsbase %0" : "=r"(host.base_));
    } else {
      syscall(SYS_arch_prctl, ARCH_GET_GS, &host.base_);
    }
    return host;
  }
  /// The linear memory in GS; floating point as ECMA-262 wants it.
  static void for_guest(const std::byte* memory, bool fast, const HostRegisters& host) noexcept {
    if ((host.control_ & ~kFlags) != kStandard) _mm_setcsr(kStandard);
    write_base(reinterpret_cast<std::uintptr_t>(memory), fast);
  }
  void restore(bool fast) const noexcept {
    write_base(base_, fast);
    if ((control_ & ~kFlags) != kStandard) _mm_setcsr(control_);
  }

 private:
  static constexpr unsigned kStandard =
      0x1f80;                               // round to nearest, no flush to zero, no exceptions
  static constexpr unsigned kFlags = 0x3f;  // what happened so far: no setting

  static void write_base(std::uintptr_t base, bool fast) noexcept {
    if (fast) {
      __asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
    } else {
      syscall(SYS_arch_prctl, ARCH_SET_GS, base);
    }
  }

  std::uintptr_t base_ = 0;
  unsigned control_ = 0;
};

#else

inline bool can_write_segment_base() noexcept { return false; }

#endif

}  // namespace quiesce::guest
