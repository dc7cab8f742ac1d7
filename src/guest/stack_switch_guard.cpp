// The switch of stacks in x86-64 assembly. A guest that leaves puts the six registers that a
// function must preserve on its own stack; of the host's the compiler keeps those that it needs.
#include "guest/stack_switch.hpp"
#include "quiesce_wall.h"

#if QUIESCE_WALL_GUARD

#include <ucontext.h>

static_assert(offsetof(qw_activation, host_sp) == 0 && offsetof(qw_activation, guest_sp) == 8 &&
              offsetof(qw_activation, running) == 16 && offsetof(qw_activation, stop) == 20 &&
              offsetof(qw_activation, event) == 24 && offsetof(qw_activation, slots) == 32);
static_assert(QW_EVENT_DONE == 0 && QW_EVENT_STOPPED == 1);

extern "C" void quiesce_diverted();

// The host jumps here (stack_switch_guard.hpp) with the place to come back to on top of its stack.
//
// A signal handler may divert the guest (see `divert`) at any instruction while `running` is 1. So
// the host's stack pointer is saved before it becomes 1, and the way out goes by the host's stack
// pointer alone. A stop that was asked for while `running` was 0 is seen right after it became 1.
__asm__(R"(
    .text
    .p2align 4
    .globl quiesce_begin_guest
    .hidden quiesce_begin_guest
    .type quiesce_begin_guest, @function
quiesce_begin_guest:
    .cfi_startproc
    .cfi_undefined %rip
    movq %rsp, 0(%rdi)
    movl $1, 16(%rdi)
    cmpl $0, 20(%rdi)
    jne 1f
    movq 8(%rdi), %rsp
    pushq %rdi
    pushq %rdi
    movq %rsi, %rdi
    movq %rdx, %rsi
    call *%rcx
    popq %rdi
    movq $0, 24(%rdi)
    jmp quiesce_diverted
1:  movq $1, 24(%rdi)
    jmp quiesce_diverted
    .cfi_endproc
    .size quiesce_begin_guest, .-quiesce_begin_guest

    .p2align 4
    .globl quiesce_resume_guest
    .hidden quiesce_resume_guest
    .type quiesce_resume_guest, @function
quiesce_resume_guest:
    .cfi_startproc
    .cfi_undefined %rip
    movq %rsp, 0(%rdi)
    movl $1, 16(%rdi)
    cmpl $0, 20(%rdi)
    jne 1f
    movq 8(%rdi), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
1:  movq $1, 24(%rdi)
    jmp quiesce_diverted
    .cfi_endproc
    .size quiesce_resume_guest, .-quiesce_resume_guest

    .p2align 4
    .globl quiesce_leave_guest
    .hidden quiesce_leave_guest
    .type quiesce_leave_guest, @function
quiesce_leave_guest:
    .cfi_startproc
    .cfi_undefined %rip
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, 8(%rdi)
    movq %rsi, 24(%rdi)
    movq %rdx, 32(%rdi)
    .globl quiesce_diverted
    .hidden quiesce_diverted
quiesce_diverted:
    movl $0, 16(%rdi)
    movq 0(%rdi), %rsp
    popq %rax
    jmp *%rax
    .cfi_endproc
    .size quiesce_leave_guest, .-quiesce_leave_guest
)");

namespace quiesce::guest {

void divert(Activation& activation, std::uint64_t event, void* signal_context) noexcept {
  constexpr greg_t kDirectionFlag = 0x400;
  auto& registers = static_cast<ucontext_t*>(signal_context)->uc_mcontext.gregs;
  activation.event = event;
  registers[REG_RDI] = reinterpret_cast<greg_t>(static_cast<qw_activation*>(&activation));
  registers[REG_RIP] = reinterpret_cast<greg_t>(&quiesce_diverted);
  registers[REG_RSP] = reinterpret_cast<greg_t>(activation.host_sp);
  registers[REG_EFL] &= ~kDirectionFlag;
}

}  // namespace quiesce::guest

#endif  // QUIESCE_WALL_GUARD
