// Functions of the guest that are the host's: each knows the index of its name in a table, and only
// the name means something to another host after a restore.
#include "texts.hpp"
#include "wires.hpp"

namespace {

constexpr int kWiresInPlace = 8;

// Takes over what host_call answered.
JSValue from_answer(wire answer) {
  JSContext* ctx = machine.ctx;
  if (q_wire_is_number(answer)) return JS_NewNumber(ctx, wire_number(answer));
  if (is_exception(answer)) {
    const u32 handle = q_wire_payload(answer);
    return handle ? JS_Throw(ctx, handle_take(handle)) : JS_ThrowOutOfMemory(ctx);
  }
  return JS_DupValue(ctx, from_wire(answer));
}

JSValue call_with(wire* wires, void* index, JSValueConst self, int count, JSValueConst* arguments) {
  JSContext* ctx = machine.ctx;
  for (int i = -1; i < count; ++i) {
    const wire crossing = to_wire(JS_DupValue(ctx, i < 0 ? self : arguments[i]));
    if (is_exception(crossing)) {  // no room for a handle
      free_wires(wires, (u32)(i + 1));
      return from_answer(crossing);
    }
    wires[i + 1] = crossing;
  }
  const wire answer = host_call(reinterpret_cast<u32>(index), wires[0], (u32)count,
                                reinterpret_cast<u32>(wires + 1));
  JSValue result = from_answer(answer);  // before the release list, which may name the same handle
  if (machine.shared.release_count != 0) drain_releases();
  if (machine.shared.stop != Q_STOP_NONE) {
    // Code that this call ran inside was told to stop, and so is everything around it.
    JS_FreeValue(ctx, JS_IsException(result) ? JS_GetException(ctx) : result);
    return qi_throw_interrupted(ctx);
  }
  return result;
}

JSValue call_host(JSContext*, JSValueConst self, int count, JSValueConst* arguments, int,
                  void* index) {
  if (count < kWiresInPlace) {
    wire wires[kWiresInPlace];
    return call_with(wires, index, self, count, arguments);
  }
  HeldBytes bytes(((size_t)count + 1) * sizeof(wire));
  if (bytes.failed()) return JS_EXCEPTION;
  return call_with(reinterpret_cast<wire*>(bytes.get()), index, self, count, arguments);
}

// The index of the name, which is added if it is new. UINT32_MAX: the error is pending.
u32 index_of(JSValueConst name) {
  JSContext* ctx = machine.ctx;
  auto& functions = machine.functions;
  JSAtom key = JS_ValueToAtom(ctx, name);
  if (key == JS_ATOM_NULL) return UINT32_MAX;
  for (u32 i = 0; i < functions.count; ++i) {
    if (functions[i].key == key) {
      JS_FreeAtom(ctx, key);
      return i;
    }
  }
  if (!functions.push(ctx, {key, JS_DupValue(ctx, name)})) {
    JS_FreeValue(ctx, name);
    JS_FreeAtom(ctx, key);
    return UINT32_MAX;
  }
  return functions.count - 1;
}

}  // namespace

wire q_function(u32 address, u32 count, u32 encoding, u32 arity) {
  enter();
  JSContext* ctx = machine.ctx;
  Held name(new_text(address, count, encoding));
  if (name.failed()) return take_exception();
  const u32 index = index_of(name.get());
  if (index == UINT32_MAX) return take_exception();
  // Length 0 here: QuickJS would fill missing arguments up with undefined.
  Held function(JS_NewCClosure(ctx, call_host, "", nullptr, 0, 0, reinterpret_cast<void*>(index)));
  if (function.failed()) return take_exception();
  if (JS_DefinePropertyValueStr(ctx, function.get(), "name", name.release(), JS_PROP_CONFIGURABLE) <
          0 ||
      JS_DefinePropertyValueStr(ctx, function.get(), "length", JS_NewUint32(ctx, arity),
                                JS_PROP_CONFIGURABLE) < 0) {
    return take_exception();
  }
  return to_wire(function);
}

u32 q_function_name(u32 index) {
  if (index >= machine.functions.count) return 0;
  machine.shared.view = view_of(machine.functions[index].name);
  return 1;
}
