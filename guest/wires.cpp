#include "wires.hpp"

namespace {

wire handle_wire(u32 kind, JSValue owned) {
  const u32 handle = handle_new(owned);
  return handle ? q_wire_make(kind, handle) : take_exception();
}

}  // namespace

wire to_wire(JSValue owned) {
  switch (JS_VALUE_GET_NORM_TAG(owned)) {
    case JS_TAG_INT: return number_wire(JS_VALUE_GET_INT(owned));
    case JS_TAG_FLOAT64: return number_wire(JS_VALUE_GET_FLOAT64(owned));
    case JS_TAG_BOOL: return boolean_wire(JS_VALUE_GET_BOOL(owned));
    case JS_TAG_NULL: return q_wire_make(Q_NULL, 0);
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE: return handle_wire(Q_STRING, owned);
    case JS_TAG_SYMBOL: return handle_wire(Q_SYMBOL, owned);
    case JS_TAG_BIG_INT:
    case JS_TAG_SHORT_BIG_INT: return handle_wire(Q_BIGINT, owned);
    case JS_TAG_OBJECT:
      return handle_wire(JS_IsFunction(machine.ctx, owned) ? Q_FUNCTION : Q_OBJECT, owned);
    case JS_TAG_EXCEPTION: return take_exception();
    default: return undefined_wire();
  }
}

wire take_exception() {
  JSContext* ctx = machine.ctx;
  const u32 handle = handle_new(qi_take_exception(ctx));
  if (handle == 0) JS_FreeValue(ctx, JS_GetException(ctx));
  return q_wire_make(Q_EXCEPTION, handle);
}

wire outcome(JSValue owned) {
  if (machine.shared.stop == Q_STOP_NONE || JS_IsException(owned)) return to_wire(owned);
  JS_FreeValue(machine.ctx, owned);
  return to_wire(qi_throw_interrupted(machine.ctx));
}

JSValueConst from_wire(wire value) {
  if (q_wire_is_number(value)) return JS_NewNumber(machine.ctx, wire_number(value));
  const u32 payload = q_wire_payload(value);
  switch (q_wire_kind(value)) {
    case Q_UNDEFINED:
    case Q_ABSENT: return JS_UNDEFINED;
    case Q_NULL: return JS_NULL;
    case Q_BOOLEAN: return JS_NewBool(machine.ctx, payload != 0);
    case Q_STRING:
    case Q_SYMBOL:
    case Q_BIGINT:
    case Q_OBJECT:
    case Q_FUNCTION: return handle_get(payload);
    default: __builtin_trap();
  }
}

void free_wires(const wire* wires, u32 count) {
  for (u32 i = 0; i < count; ++i) {
    const u32 kind = q_wire_is_number(wires[i]) ? Q_UNDEFINED : q_wire_kind(wires[i]);
    if (kind >= Q_STRING && kind <= Q_FUNCTION) handle_free(q_wire_payload(wires[i]));
  }
}

Arguments::Arguments(u32 count, u32 address) : count_(0), values_(in_place_) {
  if (count > kInPlace) {
    if (count > (1u << 24)) {
      JS_ThrowRangeError(machine.ctx, "too many arguments");
      values_ = nullptr;
      return;
    }
    values_ = static_cast<JSValue*>(js_malloc(machine.ctx, count * sizeof(JSValue)));
    if (!values_) return;
  }
  const wire* wires = reinterpret_cast<const wire*>(address);
  for (; count_ < count; ++count_) {
    values_[count_] = JS_DupValue(machine.ctx, from_wire(wires[count_]));
  }
}

Arguments::~Arguments() {
  for (u32 i = 0; i < count_; ++i) JS_FreeValue(machine.ctx, values_[i]);
  if (values_ != in_place_) js_free(machine.ctx, values_);
}
