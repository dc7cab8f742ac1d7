// Functions of the guest that are the host's: each knows the index of its name in a table, and only
// the name means something to another host after a restore.
#include "host_functions.hpp"

#include "resources.hpp"
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

JSValue call_with(wire* wires, u32 index, JSValueConst self, int count, JSValueConst* arguments) {
  JSContext* ctx = machine.ctx;
  for (int i = -1; i < count; ++i) {
    const wire crossing = to_wire(JS_DupValue(ctx, i < 0 ? self : arguments[i]));
    if (is_exception(crossing)) {  // no room for a handle
      free_wires(wires, (u32)(i + 1));
      return from_answer(crossing);
    }
    wires[i + 1] = crossing;
  }
  show_resource(self);
  const wire answer = host_call(index, wires[0], (u32)count, reinterpret_cast<u32>(wires + 1));
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
  return call_host_function(reinterpret_cast<u32>(index), self, count, arguments);
}

JSValue call_callback(JSContext*, JSValueConst self, int count, JSValueConst* arguments, int,
                      JSValueConst* id) {
  f64 number = 0;
  JS_ToFloat64(machine.ctx, &number, id[0]);
  machine.shared.callback = (u64)number;
  return call_host_function(Q_CALLBACK, self, count, arguments);
}

// Takes over both. Length 0 was given to QuickJS, which would fill missing arguments up with
// undefined.
bool describe(JSValueConst function, JSValue name, u32 arity) {
  JSContext* ctx = machine.ctx;
  return JS_DefinePropertyValueStr(ctx, function, "name", name, JS_PROP_CONFIGURABLE) >= 0 &&
         JS_DefinePropertyValueStr(ctx, function, "length", JS_NewUint32(ctx, arity),
                                   JS_PROP_CONFIGURABLE) >= 0;
}

}  // namespace

JSValue call_host_function(u32 index, JSValueConst self, int count, JSValueConst* arguments) {
  if (count < kWiresInPlace) {
    wire wires[kWiresInPlace];
    return call_with(wires, index, self, count, arguments);
  }
  HeldBytes bytes(((size_t)count + 1) * sizeof(wire));
  if (bytes.failed()) return JS_EXCEPTION;
  return call_with(reinterpret_cast<wire*>(bytes.get()), index, self, count, arguments);
}

u32 host_function_index(JSValueConst name) {
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

JSValue new_host_function(JSValueConst host_name, JSValueConst shown_name, u32 arity) {
  JSContext* ctx = machine.ctx;
  const u32 index = host_function_index(host_name);
  if (index == UINT32_MAX) return JS_EXCEPTION;
  Held function(JS_NewCClosure(ctx, call_host, "", nullptr, 0, 0, reinterpret_cast<void*>(index)));
  if (function.failed() || !describe(function.get(), JS_DupValue(ctx, shown_name), arity)) {
    return JS_EXCEPTION;
  }
  return function.release();
}

wire q_function(u32 address, u32 count, u32 encoding, u32 arity) {
  enter();
  Held name(new_text(address, count, encoding));
  if (name.failed()) return take_exception();
  return to_wire(new_host_function(name.get(), name.get(), arity));
}

wire q_callback(u32 address, u32 count, u32 encoding, u32 arity) {
  enter();
  JSContext* ctx = machine.ctx;
  Held name(new_text(address, count, encoding));
  if (name.failed()) return take_exception();
  const u64 id = ++machine.last_callback;
  JSValueConst data = JS_NewNumber(ctx, (f64)id);
  Held function(JS_NewCFunctionData(ctx, call_callback, 0, 0, 1, &data));
  if (function.failed() || !describe(function.get(), name.release(), arity)) {
    return take_exception();
  }
  machine.shared.callback = id;
  return to_wire(function);
}

u32 q_function_name(u32 index) {
  if (index >= machine.functions.count) return 0;
  machine.shared.view = view_of(machine.functions[index].name);
  return 1;
}
