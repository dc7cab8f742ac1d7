// Two native stacks and the way between them. With the guard wall this is assembly, with the
// checked wall the C library's contexts. quiesce_leave_guest (wasm2c_abi.h), the way back, belongs
// to it.
//
// Only generated code and the switch itself run on the guest's stack, never code that a sanitizer
// has instrumented: sanitizers need not know of it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "guest/wasm2c_abi.h"
#include "quiesce_wall.h"

#if !QUIESCE_WALL_GUARD
#include <ucontext.h>
#endif

namespace quiesce::guest {

/// An entry into the guest as the switch sees it. The processor's part comes first, for generated
/// code and assembly know it.
struct Activation : qw_activation {
#if !QUIESCE_WALL_GUARD
  ucontext_t host_context, guest_context;
#endif
};

/// Runs `entry(context, slots)` on the stack [low, high) until the guest leaves for the first time:
/// `activation.event` says why.
void begin_guest(Activation& activation, std::byte* low, std::byte* high, qw_entry entry,
                 qw_context* context, std::uint64_t* slots) noexcept;

/// Lets a guest go on that left for something other than its end.
void resume_guest(Activation& activation) noexcept;

/// For a signal handler that interrupted this activation's guest code: instead of going on, the
/// guest leaves with `event` when the handler returns (or at once: then this does not return).
void divert(Activation& activation, std::uint64_t event, void* signal_context) noexcept;

/// The part of the stack that a new activation of the same guest may use ends here.
inline std::byte* unused_below(const qw_activation& suspended) noexcept {
  return static_cast<std::byte*>(suspended.guest_sp) - 256;
}

}  // namespace quiesce::guest

#if QUIESCE_WALL_GUARD
#include "guest/stack_switch_guard.hpp"
#endif
