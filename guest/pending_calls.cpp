// Calls that only the outside can settle: quiesce.call(name, ...args) in a program, q_defer for the
// host. Their ids come from a counter in the heap and are never used twice, in no VM woken from it.
#include "texts.hpp"
#include "wires.hpp"

namespace {

// Owned: the JSON text of an array of these values, flat. May run guest code (toJSON, getters).
JSValue json_of(int count, JSValueConst* values) {
  JSContext* ctx = machine.ctx;
  Held array(JS_NewArray(ctx));
  if (array.failed()) return JS_EXCEPTION;
  for (int i = 0; i < count; ++i) {
    if (JS_DefinePropertyValueUint32(ctx, array.get(), (u32)i, JS_DupValue(ctx, values[i]),
                                     JS_PROP_C_W_E) < 0) {
      return JS_EXCEPTION;
    }
  }
  Held text(JS_JSONStringify(ctx, array.get(), JS_UNDEFINED, JS_UNDEFINED));
  if (text.failed()) return JS_EXCEPTION;
  if (!JS_IsString(text.get())) return JS_ThrowTypeError(ctx, "the arguments have no JSON form");
  return qi_flat(ctx, text.get());
}

// A new row; its promise, owned. The row's id is machine.last_pending then.
JSValue begin_call(JSValueConst name, int count, JSValueConst* values) {
  JSContext* ctx = machine.ctx;
  Held flat_name(qi_flat(ctx, name));
  if (flat_name.failed()) return JS_EXCEPTION;
  Held arguments(json_of(count, values));
  if (arguments.failed()) return JS_EXCEPTION;
  JSValue settle[2];
  Held promise(JS_NewPromiseCapability(ctx, settle));
  if (promise.failed()) return JS_EXCEPTION;
  Held resolve(settle[0]);
  Held reject(settle[1]);
  if (!machine.pending.reserve(ctx, machine.pending.count + 1)) return JS_EXCEPTION;
  auto* call = static_cast<PendingCall*>(js_malloc(ctx, sizeof(PendingCall)));
  if (!call) return JS_EXCEPTION;
  *call = {
      ++machine.last_pending,          now_ms(),          flat_name.release(), arguments.release(),
      JS_DupValue(ctx, promise.get()), resolve.release(), reject.release()};
  machine.pending.push(ctx, call);
  return promise.release();
}

JSValue quiesce_call(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments) {
  if (count == 0 || !JS_IsString(arguments[0])) {
    return JS_ThrowTypeError(
        ctx, "quiesce.call: the first argument must be the name of a call, a string");
  }
  return begin_call(arguments[0], count - 1, arguments + 1);
}

// The first row with an id above this one.
u32 row_after(u64 id) {
  auto& pending = machine.pending;
  u32 low = 0;
  u32 high = pending.count;
  while (low < high) {
    const u32 middle = low + (high - low) / 2;
    if (pending[middle]->id > id) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

PendingCall* find(u64 id) {
  if (id == 0) return nullptr;
  const u32 row = row_after(id - 1);
  return row < machine.pending.count && machine.pending[row]->id == id ? machine.pending[row]
                                                                       : nullptr;
}

}  // namespace

bool install_pending_calls(JSContext* ctx) {
  Held global(JS_GetGlobalObject(ctx));
  Held quiesce(JS_NewObject(ctx));
  Held call(JS_NewCFunction(ctx, quiesce_call, "call", 1));
  if (quiesce.failed() || call.failed()) return false;
  constexpr int kHidden = JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE;
  return JS_DefinePropertyValueStr(ctx, quiesce.get(), "call", call.release(), JS_PROP_C_W_E) >=
             0 &&
         JS_DefinePropertyValueStr(ctx, global.get(), "quiesce", quiesce.release(), kHidden) >= 0;
}

wire q_defer(u32 name_address, u32 name_count, u32 encoding, u32 count, u32 address) {
  enter();
  Held name(new_text(name_address, name_count, encoding));
  if (name.failed()) return take_exception();
  const Arguments arguments(count, address);
  if (arguments.failed()) return take_exception();
  // Turning the arguments into JSON may run guest code that begins calls of its own, but before
  // this row.
  Held promise(begin_call(name.get(), arguments.count(), arguments.values()));
  return promise.failed() ? take_exception() : number_wire((f64)machine.last_pending);
}

wire q_deferred_promise(u64 id) {
  enter();
  const PendingCall* call = find(id);
  return call ? to_wire(JS_DupValue(machine.ctx, call->promise)) : absent_wire();
}

wire q_settle(u64 id, wire value, u32 rejects) {
  enter();
  machine.process.is_idle = false;
  JSContext* ctx = machine.ctx;
  PendingCall* call = find(id);
  if (!call) return absent_wire();
  // Resolving runs guest code (a getter called `then`): the row is gone before.
  Held promise(call->promise);
  Held name(call->name);
  Held arguments(call->arguments);
  Held resolve(call->resolve);
  Held reject(call->reject);
  machine.pending.remove(row_after(id - 1));
  js_free(ctx, call);
  Held held = Held::copy(from_wire(value));
  JSValueConst argument = held.get();
  return outcome(JS_Call(ctx, rejects ? reject.get() : resolve.get(), JS_UNDEFINED, 1, &argument));
}

u32 q_pending_after(u64 id) {
  const u32 row = row_after(id);
  if (row == machine.pending.count) return 0;
  const PendingCall& call = *machine.pending[row];
  auto& shown = machine.shared.pending;
  shown.id = call.id;
  shown.since = call.since;
  shown.name = view_of(call.name);
  shown.arguments = view_of(call.arguments);
  return 1;
}
