// The host's side of the switch of stacks, inline: included by stack_switch.hpp alone.
//
// Why not a function: the processor predicts where `ret` goes by the calls before it. Whoever calls
// a function that returns on another stack makes it guess wrong, there and at every `ret` further
// out. So the host jumps away and is jumped back to, and only the guest calls and returns.
#pragma once

#include "guest/stack_switch.hpp"

// Leaves %rdi in peace, the activation. The compiler may keep something below the stack pointer.
#define QUIESCE_LEAVE_HOST_FOR(target) \
  "leaq -128(%%rsp), %%rsp\n"          \
  "pushq %%rbp\n"                      \
  "pushq %%rbx\n"                      \
  "leaq 1f(%%rip), %%rax\n"            \
  "pushq %%rax\n"                      \
  "jmp " target                        \
  "\n"                                 \
  "1: popq %%rbx\n"                    \
  "popq %%rbp\n"                       \
  "leaq 128(%%rsp), %%rsp\n"

#define QUIESCE_GUEST_CLOBBERS                                                                     \
  "rax", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3",     \
      "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", \
      "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)", "cc", "memory"

namespace quiesce::guest {

inline void begin_guest(Activation& activation, std::byte*, std::byte* high, qw_entry entry,
                        qw_context* context, std::uint64_t* slots) noexcept {
  constexpr auto kAlignment = ~std::uintptr_t{15};
  activation.guest_sp =
      reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(high) & kAlignment);
  auto* first = static_cast<qw_activation*>(&activation);
  __asm__ volatile(QUIESCE_LEAVE_HOST_FOR("quiesce_begin_guest")
                   : "+D"(first), "+S"(context), "+d"(slots), "+c"(entry)
                   :
                   : QUIESCE_GUEST_CLOBBERS);
}

inline void resume_guest(Activation& activation) noexcept {
  auto* first = static_cast<qw_activation*>(&activation);
  __asm__ volatile(QUIESCE_LEAVE_HOST_FOR("quiesce_resume_guest")
                   : "+D"(first)
                   :
                   : "rsi", "rdx", "rcx", QUIESCE_GUEST_CLOBBERS);
}

}  // namespace quiesce::guest

#undef QUIESCE_LEAVE_HOST_FOR
#undef QUIESCE_GUEST_CLOBBERS
