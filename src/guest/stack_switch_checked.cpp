// The switch of stacks with the C library's contexts: portable, and slower by two system calls.
#include "guest/stack_switch.hpp"
#include "quiesce_wall.h"

#if !QUIESCE_WALL_GUARD

#include <atomic>

// AddressSanitizer believes that every thread has one stack: what runs on another is left out.
#define QUIESCE_ON_GUEST_STACK __attribute__((no_sanitize("address", "undefined")))

namespace quiesce::guest {
namespace {

struct Beginning {
  Activation* activation;
  qw_entry entry;
  qw_context* context;
  std::uint64_t* slots;
};

// makecontext passes ints.
QUIESCE_ON_GUEST_STACK void run_entry(unsigned high, unsigned low) {
  const auto address = static_cast<std::uintptr_t>(high) << 32 | low;
  const Beginning beginning = *reinterpret_cast<const Beginning*>(address);
  beginning.activation->running = 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (beginning.activation->stop)
    quiesce_leave_guest(beginning.activation, QW_EVENT_STOPPED, nullptr);
  beginning.entry(beginning.context, beginning.slots);
  quiesce_leave_guest(beginning.activation, QW_EVENT_DONE, nullptr);
}

}  // namespace

void begin_guest(Activation& activation, std::byte* low, std::byte* high, qw_entry entry,
                 qw_context* context, std::uint64_t* slots) noexcept {
  // At the high end of the stack, for it must live until the guest begins.
  auto* const beginning = reinterpret_cast<Beginning*>(
      (reinterpret_cast<std::uintptr_t>(high) & ~std::uintptr_t{15}) - sizeof(Beginning));
  *beginning = {&activation, entry, context, slots};
  getcontext(&activation.guest_context);
  activation.guest_context.uc_stack.ss_sp = low;
  activation.guest_context.uc_stack.ss_size =
      static_cast<std::size_t>(reinterpret_cast<std::byte*>(beginning) - low);
  activation.guest_context.uc_link = nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(beginning);
  makecontext(&activation.guest_context, reinterpret_cast<void (*)()>(run_entry), 2,
              static_cast<unsigned>(address >> 32), static_cast<unsigned>(address));
  resume_guest(activation);
}

void resume_guest(Activation& activation) noexcept {
  swapcontext(&activation.host_context, &activation.guest_context);
}

void divert(Activation& activation, std::uint64_t event, void*) noexcept {
  activation.event = event;
  activation.running = 0;
  setcontext(&activation.host_context);
}

}  // namespace quiesce::guest

QUIESCE_ON_GUEST_STACK void quiesce_leave_guest(qw_activation* leaving, std::uint64_t event,
                                                std::uint64_t* slots) {
  auto& activation = *static_cast<quiesce::guest::Activation*>(leaving);
  activation.guest_sp = __builtin_frame_address(0);
  // From here on a signal handler leaves the guest alone: it is on its way out already.
  activation.running = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  activation.event = event;
  activation.slots = slots;
  swapcontext(&activation.guest_context, &activation.host_context);
  activation.running = 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (activation.stop) quiesce_leave_guest(leaving, QW_EVENT_STOPPED, nullptr);
}

#endif  // !QUIESCE_WALL_GUARD
