// The switch of stacks in x86-64 assembly: the six registers that a function must preserve go to
// one stack and come from the other.
#include "guest/stack_switch.hpp"

#if QUIESCE_WALL_GUARD

#include <ucontext.h>

#include <new>

static_assert(offsetof(qw_activation, host_sp) == 0 && offsetof(qw_activation, guest_sp) == 8 &&
              offsetof(qw_activation, running) == 16 && offsetof(qw_activation, stop) == 20 &&
              offsetof(qw_activation, event) == 24 && offsetof(qw_activation, slots) == 32);
static_assert(QW_EVENT_DONE == 0 && QW_EVENT_STOPPED == 1);

extern "C" {
void quiesce_switch_to_guest(qw_activation* activation);
void quiesce_begin_guest();
void quiesce_diverted();
}

// A signal handler may divert the guest (see `divert`) at any instruction while `running` is 1. So
// the host's stack pointer is saved before it becomes 1, and the way out goes by the host's stack
// pointer alone. A stop that was asked for while `running` was 0 is seen right after it became 1.
__asm__(R"(
    .text
    .p2align 4
    .globl quiesce_switch_to_guest
    .hidden quiesce_switch_to_guest
    .type quiesce_switch_to_guest, @function
quiesce_switch_to_guest:
    .cfi_startproc
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    pushq %rbx
    .cfi_def_cfa_offset 24
    .cfi_offset %rbx, -24
    pushq %r12
    .cfi_def_cfa_offset 32
    .cfi_offset %r12, -32
    pushq %r13
    .cfi_def_cfa_offset 40
    .cfi_offset %r13, -40
    pushq %r14
    .cfi_def_cfa_offset 48
    .cfi_offset %r14, -48
    pushq %r15
    .cfi_def_cfa_offset 56
    .cfi_offset %r15, -56
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
    movl $0, 16(%rdi)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .cfi_endproc
    .size quiesce_switch_to_guest, .-quiesce_switch_to_guest

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
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .cfi_endproc
    .size quiesce_leave_guest, .-quiesce_leave_guest

    .p2align 4
    .globl quiesce_begin_guest
    .hidden quiesce_begin_guest
    .type quiesce_begin_guest, @function
quiesce_begin_guest:
    .cfi_startproc
    .cfi_undefined %rip
    movq %r13, %rdi
    movq %r14, %rsi
    call *%r15
    movq %r12, %rdi
    xorl %esi, %esi
    xorl %edx, %edx
    call quiesce_leave_guest
    ud2
    .cfi_endproc
    .size quiesce_begin_guest, .-quiesce_begin_guest
)");

namespace quiesce::guest {
namespace {

// What the first switch finds on the guest's stack.
struct FirstFrame {
  void (*r15)(qw_context*, std::uint64_t*);
  std::uint64_t* r14;
  qw_context* r13;
  qw_activation* r12;
  std::uint64_t rbx, rbp;
  void (*return_address)();
  std::uint64_t padding[3];
};
static_assert(sizeof(FirstFrame) == 80);

}  // namespace

void prepare(Activation& activation, std::byte*, std::byte* high, qw_entry entry,
             qw_context* context, std::uint64_t* slots) noexcept {
  // After the return address is popped, the stack pointer is a multiple of 16, as before a call.
  const auto top = reinterpret_cast<std::uintptr_t>(high) & ~std::uintptr_t{15};
  activation.guest_sp = reinterpret_cast<void*>(top - 88);
  // Written in place: the switch reads it right afterwards, word by word.
  new (activation.guest_sp)
      FirstFrame{entry, slots, context, &activation, 0, 0, quiesce_begin_guest, {}};
}

void switch_to_guest(Activation& activation) noexcept { quiesce_switch_to_guest(&activation); }

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
