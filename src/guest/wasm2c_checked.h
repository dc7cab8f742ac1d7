// The checked wall, as the generated code sees it: the portable twin of wasm2c_guard.h. Every
// access compares its address with the size of the memory, every function its frame with the limit
// of the native stack, and the context is the first parameter of every function.
#pragma once

#define QW_ACCESS(type, address) \
  (((struct qw_any_##type*)((uint8_t*)(self + 1) + (uintptr_t)(address)))->value)
#define QW_CONTEXT (*self)
#define QW_GLOBAL(type, index) (((struct qw_any_##type*)&self->globals[index])->value)

#define QW_SELF_PARAMETER_ struct qw_context *self,
#define QW_SELF_PARAMETER struct qw_context* self
#define QW_SELF_TYPE_ struct qw_context*,
#define QW_SELF_TYPE struct qw_context*
#define QW_SELF_ self,
#define QW_SELF self

// The address is below 2^32 plus an offset below QW_GUARD_BYTES: the sum cannot wrap.
#define QW_CHECK(address, bytes)                                        \
  (QW_UNLIKELY((uint64_t)(address) + (bytes) > QW_CONTEXT.memory_bytes) \
       ? qw_trap(QW_SELF_ QW_TRAP_OUT_OF_BOUNDS)                        \
       : (void)0)

#define QW_PROLOGUE                                                            \
  (QW_UNLIKELY((uintptr_t)__builtin_frame_address(0) < QW_CONTEXT.stack_limit) \
       ? qw_trap(QW_SELF_ QW_TRAP_STACK_EXHAUSTED)                             \
       : (void)0)
