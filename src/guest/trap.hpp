// A trap (WebAssembly core specification 4.4): the guest did what no guest may do, and will not run
// again.
#pragma once

#include <cstdint>
#include <exception>

namespace quiesce::guest {

enum class TrapKind : std::uint8_t {
  none,
  out_of_bounds,  // memory or table
  integer_overflow,
  divide_by_zero,
  invalid_conversion,
  unreachable,      // includes the C library's abort
  indirect_call,    // wrong signature or empty slot
  stack_exhausted,  // the native stack of the guest
  exited,           // proc_exit
  overtime,         // stayed in one built-in beyond the time limit
  bad_answer,       // the guest gave the host an address, count or handle that cannot be
  host_failure,     // an import let an exception escape
};

const char* describe(TrapKind kind) noexcept;  // "out-of-bounds access", static storage

/// Thrown on the host's stack by every entry into an instance that trapped.
class Trap : public std::exception {
 public:
  explicit Trap(TrapKind kind) noexcept : kind_(kind) {}
  TrapKind kind() const noexcept { return kind_; }
  const char* what() const noexcept override { return describe(kind_); }

 private:
  TrapKind kind_;
};

}  // namespace quiesce::guest
