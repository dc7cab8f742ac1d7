// q_inspect: how the host sees a value in print.
#include "abi.h"
#include "inspect.hpp"
#include "wires.hpp"

wire q_inspect(wire value, u32 flags) {
  enter();
  Held held = Held::copy(from_wire(value));
  if ((flags & Q_INSPECT_PLAIN_STRING) != 0 && JS_IsString(held.get())) return to_wire(held);
  return to_wire(quiesce::guest::inspect(machine.ctx, held.get()));
}
