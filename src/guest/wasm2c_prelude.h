// WebAssembly's instructions in C, under the names that wasm2c's output uses. Only generated code
// includes this; wasm2c_guard.h and wasm2c_checked.h say how memory is reached. All operands are
// unsigned, as in wasm2c's output. Semantics: WebAssembly core specification 4.3.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "guest/wasm2c_abi.h"
#include "quiesce_wall.h"

typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;
typedef float f32;
typedef double f64;

#define QW_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define QW_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#if QUIESCE_WALL_GUARD
#include "guest/wasm2c_guard.h"
#else
#include "guest/wasm2c_checked.h"
#endif

// ---- leaving ------------------------------------------------------------------------------------

__attribute__((noreturn, cold, noinline, unused)) static void qw_trap(QW_SELF_PARAMETER_ u32 kind) {
  quiesce_leave_guest(QW_CONTEXT.activation, QW_EVENT_TRAP + kind, 0);
  __builtin_unreachable();
}

#define UNREACHABLE qw_trap(QW_SELF_ QW_TRAP_UNREACHABLE)

// ---- memory -------------------------------------------------------------------------------------
// Any alignment, any aliasing.

#define QW_ANY(type)     \
  struct qw_any_##type { \
    type value;          \
  } __attribute__((packed, may_alias))
QW_ANY(u8);
QW_ANY(s8);
QW_ANY(u16);
QW_ANY(s16);
QW_ANY(u32);
QW_ANY(s32);
QW_ANY(u64);
QW_ANY(s64);
QW_ANY(f32);
QW_ANY(f64);

// QW_LOAD(what the instruction gives, how it is widened, what lies in memory, address)
#define QW_LOAD(result, wide, type, address) \
  __extension__({                            \
    const u64 qw_at = (address);             \
    QW_CHECK(qw_at, sizeof(type));           \
    (result)(wide) QW_ACCESS(type, qw_at);   \
  })
#define QW_STORE(type, address, stored)      \
  __extension__({                            \
    const u64 qw_at = (address);             \
    QW_CHECK(qw_at, sizeof(type));           \
    QW_ACCESS(type, qw_at) = (type)(stored); \
  })

#define i32_load(a) QW_LOAD(u32, u32, u32, a)
#define i64_load(a) QW_LOAD(u64, u64, u64, a)
#define f32_load(a) QW_LOAD(f32, f32, f32, a)
#define f64_load(a) QW_LOAD(f64, f64, f64, a)
#define i32_load8_s(a) QW_LOAD(u32, s32, s8, a)
#define i32_load8_u(a) QW_LOAD(u32, u32, u8, a)
#define i32_load16_s(a) QW_LOAD(u32, s32, s16, a)
#define i32_load16_u(a) QW_LOAD(u32, u32, u16, a)
#define i64_load8_s(a) QW_LOAD(u64, s64, s8, a)
#define i64_load8_u(a) QW_LOAD(u64, u64, u8, a)
#define i64_load16_s(a) QW_LOAD(u64, s64, s16, a)
#define i64_load16_u(a) QW_LOAD(u64, u64, u16, a)
#define i64_load32_s(a) QW_LOAD(u64, s64, s32, a)
#define i64_load32_u(a) QW_LOAD(u64, u64, u32, a)
#define i32_store(a, v) QW_STORE(u32, a, v)
#define i64_store(a, v) QW_STORE(u64, a, v)
#define f32_store(a, v) QW_STORE(f32, a, v)
#define f64_store(a, v) QW_STORE(f64, a, v)
#define i32_store8(a, v) QW_STORE(u8, a, v)
#define i32_store16(a, v) QW_STORE(u16, a, v)
#define i64_store8(a, v) QW_STORE(u8, a, v)
#define i64_store16(a, v) QW_STORE(u16, a, v)
#define i64_store32(a, v) QW_STORE(u32, a, v)

// Bulk operations check their bounds with either wall, since the C library does the work.
#define QW_RANGE(address, bytes) ((u64)(address) + (bytes) > QW_CONTEXT.memory_bytes)

static inline void qw_memory_fill(QW_SELF_PARAMETER_ u32 to, u32 value, u32 bytes) {
  if (QW_UNLIKELY(QW_RANGE(to, bytes))) qw_trap(QW_SELF_ QW_TRAP_OUT_OF_BOUNDS);
  memset((u8*)(QW_CONTEXT.self + 1) + to, (int)(value & 0xff), bytes);
}
static inline void qw_memory_copy(QW_SELF_PARAMETER_ u32 to, u32 from, u32 bytes) {
  if (QW_UNLIKELY(QW_RANGE(to, bytes) || QW_RANGE(from, bytes))) {
    qw_trap(QW_SELF_ QW_TRAP_OUT_OF_BOUNDS);
  }
  u8* const base = (u8*)(QW_CONTEXT.self + 1);
  memmove(base + to, base + from, bytes);
}
static inline u32 qw_memory_pages(QW_SELF_PARAMETER) {
  return (u32)(QW_CONTEXT.memory_bytes >> 16);
}
__attribute__((unused)) static u32 qw_memory_grow(QW_SELF_PARAMETER_ u32 pages) {
  u64 slot = pages;
  quiesce_leave_guest(QW_CONTEXT.activation, QW_EVENT_GROW, &slot);
  return (u32)slot;
}
#define memory_fill(to, value, bytes) qw_memory_fill(QW_SELF_ to, value, bytes)
#define memory_copy(to, from, bytes) qw_memory_copy(QW_SELF_ to, from, bytes)
#define QW_MEMORY_PAGES qw_memory_pages(QW_SELF)
#define QW_MEMORY_GROW(pages) qw_memory_grow(QW_SELF_ pages)

// ---- calls through the table --------------------------------------------------------------------

// The code at `index`, if it is there and has that signature. An empty slot has signature 0.
#define QW_SLOT(index, signature)                                      \
  (__extension__({                                                     \
    const u64 qw_index = (index);                                      \
    if (QW_UNLIKELY(qw_index >= QW_CONTEXT.table_size ||               \
                    QW_CONTEXT.table[qw_index].type != (signature))) { \
      qw_trap(QW_SELF_ QW_TRAP_INDIRECT_CALL);                         \
    }                                                                  \
    QW_CONTEXT.table[qw_index].code;                                   \
  }))
#define CALL_INDIRECT(function, signature, index, ...) \
  (((function)QW_SLOT(index, signature))(__VA_ARGS__))

// ---- integers -----------------------------------------------------------------------------------

static inline u32 I32_CLZ(u32 x) { return x ? (u32)__builtin_clz(x) : 32; }
static inline u32 I32_CTZ(u32 x) { return x ? (u32)__builtin_ctz(x) : 32; }
static inline u64 I64_CLZ(u64 x) { return x ? (u64)__builtin_clzll(x) : 64; }
static inline u64 I64_CTZ(u64 x) { return x ? (u64)__builtin_ctzll(x) : 64; }
static inline u32 I32_POPCNT(u32 x) { return (u32)__builtin_popcount(x); }
static inline u64 I64_POPCNT(u64 x) { return (u64)__builtin_popcountll(x); }
static inline u32 I32_ROTL(u32 x, u32 by) { return x << (by & 31) | x >> (-by & 31); }
static inline u32 I32_ROTR(u32 x, u32 by) { return x >> (by & 31) | x << (-by & 31); }
static inline u64 I64_ROTL(u64 x, u64 by) { return x << (by & 63) | x >> (-by & 63); }
static inline u64 I64_ROTR(u64 x, u64 by) { return x >> (by & 63) | x << (-by & 63); }

// Division by zero traps. So does the smallest number by -1, whose quotient does not fit; its
// remainder is 0, though the processor's instruction would fault.
#define QW_DIVISIONS(name, u, s, smallest)                             \
  static inline u name##_DIV_S_(QW_SELF_PARAMETER_ u x, u y) {         \
    if (QW_UNLIKELY(y == 0)) qw_trap(QW_SELF_ QW_TRAP_DIVIDE_BY_ZERO); \
    if (QW_UNLIKELY(x == (u)(smallest) && y == (u) - 1))               \
      qw_trap(QW_SELF_ QW_TRAP_INTEGER_OVERFLOW);                      \
    return (u)((s)x / (s)y);                                           \
  }                                                                    \
  static inline u name##_REM_S_(QW_SELF_PARAMETER_ u x, u y) {         \
    if (QW_UNLIKELY(y == 0)) qw_trap(QW_SELF_ QW_TRAP_DIVIDE_BY_ZERO); \
    return QW_UNLIKELY(y == (u) - 1) ? 0 : (u)((s)x % (s)y);           \
  }
QW_DIVISIONS(I32, u32, s32, INT32_MIN)
QW_DIVISIONS(I64, u64, s64, INT64_MIN)
#define I32_DIV_S(x, y) I32_DIV_S_(QW_SELF_ x, y)
#define I32_REM_S(x, y) I32_REM_S_(QW_SELF_ x, y)
#define I64_DIV_S(x, y) I64_DIV_S_(QW_SELF_ x, y)
#define I64_REM_S(x, y) I64_REM_S_(QW_SELF_ x, y)
#define QW_NOT_ZERO(y) (QW_UNLIKELY((y) == 0) ? qw_trap(QW_SELF_ QW_TRAP_DIVIDE_BY_ZERO) : (void)0)
#define DIV_U(x, y) (QW_NOT_ZERO(y), (x) / (y))
#define REM_U(x, y) (QW_NOT_ZERO(y), (x) % (y))

// ---- floating point -----------------------------------------------------------------------------

#define QW_REINTERPRET(name, from, to)       \
  static inline to name(from x) {            \
    to result;                               \
    __builtin_memcpy(&result, &x, sizeof x); \
    return result;                           \
  }
QW_REINTERPRET(f32_reinterpret_i32, u32, f32)
QW_REINTERPRET(i32_reinterpret_f32, f32, u32)
QW_REINTERPRET(f64_reinterpret_i64, u64, f64)
QW_REINTERPRET(i64_reinterpret_f64, f64, u64)

// An operation on a NaN gives that NaN with the quiet bit set: the same bits on every processor.
static inline f64 wasm_quiet(f64 x) {
  return QW_UNLIKELY(x != x) ? f64_reinterpret_i64(i64_reinterpret_f64(x) | 1ull << 51) : x;
}
static inline f32 wasm_quietf(f32 x) {
  return QW_UNLIKELY(x != x) ? f32_reinterpret_i32(i32_reinterpret_f32(x) | 1u << 22) : x;
}
#define QW_ROUNDING(name, type, quiet, function) \
  static inline type name(type x) { return QW_UNLIKELY(x != x) ? quiet(x) : function(x); }
QW_ROUNDING(wasm_floor, f64, wasm_quiet, __builtin_floor)
QW_ROUNDING(wasm_ceil, f64, wasm_quiet, __builtin_ceil)
QW_ROUNDING(wasm_trunc, f64, wasm_quiet, __builtin_trunc)
QW_ROUNDING(wasm_nearbyint, f64, wasm_quiet, __builtin_nearbyint)
QW_ROUNDING(wasm_sqrt, f64, wasm_quiet, __builtin_sqrt)
QW_ROUNDING(wasm_floorf, f32, wasm_quietf, __builtin_floorf)
QW_ROUNDING(wasm_ceilf, f32, wasm_quietf, __builtin_ceilf)
QW_ROUNDING(wasm_truncf, f32, wasm_quietf, __builtin_truncf)
QW_ROUNDING(wasm_nearbyintf, f32, wasm_quietf, __builtin_nearbyintf)
QW_ROUNDING(wasm_sqrtf, f32, wasm_quietf, __builtin_sqrtf)

// Operations on the sign bit alone: a NaN keeps its other bits, signalling or not.
static inline f64 wasm_fabs(f64 x) {
  return f64_reinterpret_i64(i64_reinterpret_f64(x) & ~(1ull << 63));
}
static inline f32 wasm_fabsf(f32 x) {
  return f32_reinterpret_i32(i32_reinterpret_f32(x) & ~(1u << 31));
}

// min and max know that -0 is less than 0, and give NaN if either side is NaN.
#define QW_EXTREMES(suffix, type)                                 \
  static inline type qw_min##suffix(type x, type y) {             \
    if (QW_UNLIKELY(x != x || y != y)) return (type)NAN;          \
    if (QW_UNLIKELY(x == y)) return __builtin_signbit(x) ? x : y; \
    return x < y ? x : y;                                         \
  }                                                               \
  static inline type qw_max##suffix(type x, type y) {             \
    if (QW_UNLIKELY(x != x || y != y)) return (type)NAN;          \
    if (QW_UNLIKELY(x == y)) return __builtin_signbit(x) ? y : x; \
    return x > y ? x : y;                                         \
  }
QW_EXTREMES(32, f32)
QW_EXTREMES(64, f64)
#define FMIN(x, y) \
  (sizeof((x) + (y)) == sizeof(f32) ? (f64)qw_min32((f32)(x), (f32)(y)) : qw_min64(x, y))
#define FMAX(x, y) \
  (sizeof((x) + (y)) == sizeof(f32) ? (f64)qw_max32((f32)(x), (f32)(y)) : qw_max64(x, y))

// Conversion to integers: exact limits `low` and `high` are both outside of what fits, except where
// `low` itself fits and has no neighbour below that would be distinguishable.
#define QW_TRUNCATION(name, float_type, result, through, above_low, high)                      \
  static inline result name##_(QW_SELF_PARAMETER_ float_type x) {                              \
    if (QW_UNLIKELY(x != x)) qw_trap(QW_SELF_ QW_TRAP_INVALID_CONVERSION);                     \
    if (QW_UNLIKELY(!((above_low) && x < (high)))) qw_trap(QW_SELF_ QW_TRAP_INTEGER_OVERFLOW); \
    return (result)(through)x;                                                                 \
  }
QW_TRUNCATION(I32_TRUNC_S_F32, f32, u32, s32, x >= -0x1p31f, 0x1p31f)
QW_TRUNCATION(I32_TRUNC_S_F64, f64, u32, s32, x > -2147483649.0, 0x1p31)
QW_TRUNCATION(I32_TRUNC_U_F32, f32, u32, u32, x > -1.0f, 0x1p32f)
QW_TRUNCATION(I32_TRUNC_U_F64, f64, u32, u32, x > -1.0, 0x1p32)
QW_TRUNCATION(I64_TRUNC_S_F32, f32, u64, s64, x >= -0x1p63f, 0x1p63f)
QW_TRUNCATION(I64_TRUNC_S_F64, f64, u64, s64, x >= -0x1p63, 0x1p63)
QW_TRUNCATION(I64_TRUNC_U_F32, f32, u64, u64, x > -1.0f, 0x1p64f)
QW_TRUNCATION(I64_TRUNC_U_F64, f64, u64, u64, x > -1.0, 0x1p64)
#define I32_TRUNC_S_F32(x) I32_TRUNC_S_F32_(QW_SELF_ x)
#define I32_TRUNC_S_F64(x) I32_TRUNC_S_F64_(QW_SELF_ x)
#define I32_TRUNC_U_F32(x) I32_TRUNC_U_F32_(QW_SELF_ x)
#define I32_TRUNC_U_F64(x) I32_TRUNC_U_F64_(QW_SELF_ x)
#define I64_TRUNC_S_F32(x) I64_TRUNC_S_F32_(QW_SELF_ x)
#define I64_TRUNC_S_F64(x) I64_TRUNC_S_F64_(QW_SELF_ x)
#define I64_TRUNC_U_F32(x) I64_TRUNC_U_F32_(QW_SELF_ x)
#define I64_TRUNC_U_F64(x) I64_TRUNC_U_F64_(QW_SELF_ x)

// The same, without traps: what does not fit becomes the nearest that does, NaN becomes 0.
#define QW_SATURATION(name, float_type, result, through, above_low, lowest, high, highest) \
  static inline result name(float_type x) {                                                \
    if (QW_UNLIKELY(x != x)) return 0;                                                     \
    if (QW_UNLIKELY(!(above_low))) return (result)(lowest);                                \
    if (QW_UNLIKELY(!(x < (high)))) return (result)(highest);                              \
    return (result)(through)x;                                                             \
  }
QW_SATURATION(I32_TRUNC_SAT_S_F32, f32, u32, s32, x >= -0x1p31f, INT32_MIN, 0x1p31f, INT32_MAX)
QW_SATURATION(I32_TRUNC_SAT_S_F64, f64, u32, s32, x > -2147483649.0, INT32_MIN, 0x1p31, INT32_MAX)
QW_SATURATION(I32_TRUNC_SAT_U_F32, f32, u32, u32, x > -1.0f, 0, 0x1p32f, UINT32_MAX)
QW_SATURATION(I32_TRUNC_SAT_U_F64, f64, u32, u32, x > -1.0, 0, 0x1p32, UINT32_MAX)
QW_SATURATION(I64_TRUNC_SAT_S_F32, f32, u64, s64, x >= -0x1p63f, INT64_MIN, 0x1p63f, INT64_MAX)
QW_SATURATION(I64_TRUNC_SAT_S_F64, f64, u64, s64, x >= -0x1p63, INT64_MIN, 0x1p63, INT64_MAX)
QW_SATURATION(I64_TRUNC_SAT_U_F32, f32, u64, u64, x > -1.0f, 0, 0x1p64f, UINT64_MAX)
QW_SATURATION(I64_TRUNC_SAT_U_F64, f64, u64, u64, x > -1.0, 0, 0x1p64, UINT64_MAX)
