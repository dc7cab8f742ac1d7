// Making values, and looking at them.
#include "texts.hpp"
#include "wires.hpp"

wire q_global() {
  enter();
  return to_wire(JS_GetGlobalObject(machine.ctx));
}

wire q_string(u32 address, u32 count, u32 encoding) {
  enter();
  return to_wire(new_text(address, count, encoding));
}

wire q_bigint(u32 address, u32 count, u32 encoding) {
  enter();
  Held text(new_text(address, count, encoding));
  if (text.failed()) return take_exception();
  return to_wire(qi_new_bigint(machine.ctx, text.get()));
}

wire q_symbol(u32 address, u32 count, u32 encoding, u32 in_registry) {
  enter();
  Held text(new_text(address, count, encoding));
  if (text.failed()) return take_exception();
  return to_wire(qi_new_symbol(machine.ctx, text.get(), in_registry != 0));
}

wire q_object() {
  enter();
  return to_wire(JS_NewObject(machine.ctx));
}

wire q_array(u32 count, u32 address) {
  enter();
  JSContext* ctx = machine.ctx;
  const Arguments elements(count, address);
  if (elements.failed()) return take_exception();
  Held array(JS_NewArray(ctx));
  bool ok = !array.failed();
  // Defined, not set: a setter on Array.prototype must not see them (ECMA-262 CreateArrayFromList).
  for (u32 i = 0; ok && i < count; ++i) {
    JSValue element = JS_DupValue(ctx, elements.values()[i]);
    ok = JS_DefinePropertyValueUint32(ctx, array.get(), i, element, JS_PROP_C_W_E) >= 0;
  }
  return ok ? to_wire(array) : take_exception();
}

wire q_elements(wire object, u32 first, u32 count, u32 address) {
  enter();
  JSContext* ctx = machine.ctx;
  Held target = Held::copy(from_wire(object));
  // Getters may run and call the host, which writes where the caller wants the answer.
  HeldBytes room((size_t)count * sizeof(wire));
  if (room.failed()) return take_exception();
  wire* wires = reinterpret_cast<wire*>(room.get());
  for (u32 i = 0; i < count; ++i) {
    wires[i] = to_wire(JS_GetPropertyInt64(ctx, target.get(), (int64_t)first + i));
    if (is_exception(wires[i])) {
      free_wires(wires, i);
      return wires[i];
    }
  }
  if (machine.shared.stop != Q_STOP_NONE) {
    free_wires(wires, count);
  } else {
    memcpy(reinterpret_cast<void*>(address), wires, (size_t)count * sizeof(wire));
  }
  return outcome(JS_UNDEFINED);
}

wire q_array_buffer(u32 address, u32 bytes) {
  enter();
  return to_wire(
      JS_NewArrayBufferCopy(machine.ctx, reinterpret_cast<const uint8_t*>(address), bytes));
}

wire q_typed_array(u32 type, wire buffer, u32 byte_offset, u32 elements) {
  enter();
  JSContext* ctx = machine.ctx;
  Held holder = Held::copy(from_wire(buffer));
  if (!JS_IsArrayBuffer(holder.get())) {
    return to_wire(JS_ThrowTypeError(ctx, "the elements must be in an ArrayBuffer"));
  }
  JSValueConst arguments[] = {holder.get(), JS_NewUint32(ctx, byte_offset),
                              JS_NewUint32(ctx, elements)};
  if (type == Q_CLASS_DATA_VIEW) return to_wire(qi_new_data_view(ctx, 3, arguments));
  if (type < Q_CLASS_UINT8_CLAMPED_ARRAY || type > Q_CLASS_FLOAT64_ARRAY) {
    return to_wire(JS_ThrowTypeError(ctx, "not a class of typed arrays"));
  }
  const u32 kind = JS_TYPED_ARRAY_UINT8C + (type - Q_CLASS_UINT8_CLAMPED_ARRAY);
  return to_wire(JS_NewTypedArray(ctx, 3, arguments, static_cast<JSTypedArrayEnum>(kind)));
}

u32 q_bytes_view(wire value) {
  uint8_t* data;
  u32 bytes;
  if (!qi_bytes_view(from_wire(value), &data, &bytes)) {
    machine.shared.view = {};
    return 0;
  }
  machine.shared.view = {reinterpret_cast<u32>(data), bytes, 1};
  return qi_is_immutable_buffer(from_wire(value)) ? 2 : 1;
}

wire q_error(u32 error_class, u32 address, u32 count, u32 encoding) {
  enter();
  JSContext* ctx = machine.ctx;
  Held text(new_text(address, count, encoding));
  if (text.failed()) return take_exception();
  Held error(qi_new_error(ctx, error_class));
  if (error.failed()) return take_exception();
  const u64 origin = ++machine.last_origin;
  if (JS_DefinePropertyValueStr(ctx, error.get(), "message", text.release(),
                                JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) < 0 ||
      JS_DefinePropertyValue(ctx, error.get(), machine.origin_key, JS_NewNumber(ctx, (f64)origin),
                             0) < 0) {
    return take_exception();
  }
  return to_wire(error);
}

u64 q_error_origin(wire value) {
  Held origin(qi_own_data_property(from_wire(value), machine.origin_key));
  return JS_IsNumber(origin.get()) ? (u64)wire_number(to_wire(origin)) : 0;
}

void q_error_describe(wire value) {
  enter();
  JSContext* ctx = machine.ctx;
  JSValueConst error = from_wire(value);
  const auto described = [&](const char* name, bool is_stack) {
    HeldAtom key(JS_NewAtom(ctx, name));
    Held text(is_stack ? qi_error_stack(ctx, error) : qi_data_property(ctx, error, key.get()));
    return JS_IsString(text.get()) ? to_wire(text) : undefined_wire();
  };
  machine.shared.described = {described("name", false), described("message", false),
                              described("stack", true)};
}

u32 q_class_of(wire value) { return qi_class_of(machine.ctx, from_wire(value)); }

wire q_to_string(wire value) {
  enter();
  Held held = Held::copy(from_wire(value));
  return outcome(JS_ToString(machine.ctx, held.get()));
}

wire q_to_number(wire value) {
  enter();
  Held held = Held::copy(from_wire(value));
  return outcome(JS_ToNumber(machine.ctx, held.get()));
}

u32 q_strict_equal(wire left, wire right) {
  return JS_IsStrictEqual(machine.ctx, from_wire(left), from_wire(right));
}

wire q_thrown(u32 handle) {
  enter();
  return to_wire(handle_take(handle));
}

wire q_exception(wire value) {
  enter();
  const u32 handle = handle_new(JS_DupValue(machine.ctx, from_wire(value)));
  if (handle == 0) JS_FreeValue(machine.ctx, JS_GetException(machine.ctx));
  return q_wire_make(Q_EXCEPTION, handle);
}

wire q_json_parse(u32 address, u32 count, u32 encoding) {
  enter();
  JSContext* ctx = machine.ctx;
  if (encoding != Q_UTF8) {
    Held text(new_text(address, count, encoding));
    size_t bytes;
    const char* json = text.failed() ? nullptr : JS_ToCStringLen(ctx, &bytes, text.get());
    if (!json) return take_exception();
    JSValue parsed = JS_ParseJSON(ctx, json, bytes, "<json>");
    JS_FreeCString(ctx, json);
    return to_wire(parsed);
  }
  HeldBytes json((size_t)count + 1);
  if (json.failed()) return take_exception();
  memcpy(json.get(), reinterpret_cast<const char*>(address), count);
  json.get()[count] = '\0';  // QuickJS wants to read one past the end
  return to_wire(JS_ParseJSON(ctx, json.get(), count, "<json>"));
}

wire q_json_stringify(wire value, u32 spaces) {
  enter();
  JSContext* ctx = machine.ctx;
  Held held = Held::copy(from_wire(value));
  return outcome(JS_JSONStringify(ctx, held.get(), JS_UNDEFINED, JS_NewUint32(ctx, spaces)));
}
