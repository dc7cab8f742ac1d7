// Registers of the processor that guest code needs otherwise than its host: the base of the GS
// segment and the rounding mode of SSE.
//
// Hardly anybody on Linux x86-64 uses GS, and writing its base twice costs more than the rest of a
// switch of stacks. So a host that has nothing in GS finds the guest's memory there afterwards, and
// the next entry need not write it; a host that uses GS gets it back whenever its code runs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "quiesce_wall.h"

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

/// While one exists, guest code may run on this thread.
class GuestRegisters {
 public:
  GuestRegisters(const std::byte* memory, bool fast) noexcept
      : fast_(fast), control_(_mm_getcsr()) {
    if ((control_ & ~kFlags) != kStandard) _mm_setcsr(kStandard);
    const auto base = reinterpret_cast<std::uintptr_t>(memory);
    const std::uintptr_t present = read_base(fast);
    if (present == base) return;
    if (present != t_left_behind) hosts_base_ = present;
    t_left_behind = base;
    write_base(base, fast);
  }
  ~GuestRegisters() {
    if (hosts_base_ != 0) write_base(hosts_base_, fast_);
    if ((control_ & ~kFlags) != kStandard) _mm_setcsr(control_);
  }
  GuestRegisters(const GuestRegisters&) = delete;
  GuestRegisters& operator=(const GuestRegisters&) = delete;

 private:
  static constexpr unsigned kStandard =
      0x1f80;                               // round to nearest, no flush to zero, no exceptions
  static constexpr unsigned kFlags = 0x3f;  // what happened so far: no setting

  static std::uintptr_t read_base(bool fast) noexcept {
    std::uintptr_t base = 0;
    if (fast) {
      __asm__ volatile("rdgsbase %0" : "=r"(base));
    } else {
      syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
    }
    return base;
  }
  static void write_base(std::uintptr_t base, bool fast) noexcept {
    if (fast) {
      __asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
    } else {
      syscall(SYS_arch_prctl, ARCH_SET_GS, base);
    }
  }

  // The base that a guest left in GS: it is nobody's.
  static inline constinit thread_local std::uintptr_t t_left_behind = 0;

  bool fast_;
  unsigned control_;
  std::uintptr_t hosts_base_ = 0;  // 0: the host has no use for GS
};

#else

inline bool can_write_segment_base() noexcept { return false; }

struct GuestRegisters {
  GuestRegisters(const std::byte*, bool) noexcept {}
};

#endif

}  // namespace quiesce::guest
