#include "guest/trap.hpp"

namespace quiesce::guest {

const char* describe(TrapKind kind) noexcept {
  switch (kind) {
    case TrapKind::none: return "no trap";
    case TrapKind::out_of_bounds: return "out-of-bounds access";
    case TrapKind::integer_overflow: return "integer overflow";
    case TrapKind::divide_by_zero: return "division by zero";
    case TrapKind::invalid_conversion: return "conversion of NaN to an integer";
    case TrapKind::unreachable: return "unreachable code";
    case TrapKind::indirect_call: return "indirect call of another signature";
    case TrapKind::stack_exhausted: return "native stack exhausted";
    case TrapKind::exited: return "exit of the guest";
    case TrapKind::overtime: return "time limit exceeded";
    case TrapKind::bad_answer: return "impossible answer of the guest";
    case TrapKind::host_failure: return "exception in an import";
  }
  return "unknown trap";
}

}  // namespace quiesce::guest
