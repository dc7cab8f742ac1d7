#include "texts.hpp"

#include "wires.hpp"

namespace {

JSValue new_utf16(const uint16_t* units, u32 count) {
  JSContext* ctx = machine.ctx;
  u32 all = 0;
  for (u32 i = 0; i < count; ++i) all |= units[i];
  if (all > 0xFF || count == 0) return JS_NewStringUTF16(ctx, units, count);
  // QuickJS compares and concatenates narrow strings faster, and its own never are wide without
  // need.
  HeldBytes narrow(count);
  if (narrow.failed()) return JS_EXCEPTION;
  for (u32 i = 0; i < count; ++i) narrow.get()[i] = (char)units[i];
  return qi_new_latin1(ctx, reinterpret_cast<const uint8_t*>(narrow.get()), count);
}

bool is_ascii(const char* text, u32 count) {
  u32 all = 0;
  for (u32 i = 0; i < count; ++i) all |= (unsigned char)text[i];
  return all < 0x80;
}

}  // namespace

JSValue new_text(u32 address, u32 count, u32 encoding) {
  switch (encoding) {
    case Q_LATIN1:
      return qi_new_latin1(machine.ctx, reinterpret_cast<const uint8_t*>(address), count);
    case Q_UTF16: return new_utf16(reinterpret_cast<const uint16_t*>(address), count);
    case Q_UTF8: return JS_NewStringLen(machine.ctx, reinterpret_cast<const char*>(address), count);
    default: __builtin_trap();
  }
}

JSAtom new_text_atom(u32 address, u32 count, u32 encoding) {
  // Most names are ASCII and have been seen before: those are found without making a string.
  const char* const latin1 = reinterpret_cast<const char*>(address);
  if (encoding == Q_LATIN1 && is_ascii(latin1, count)) {
    return JS_NewAtomLen(machine.ctx, latin1, count);
  }
  Held text(new_text(address, count, encoding));
  return text.failed() ? JS_ATOM_NULL : JS_ValueToAtom(machine.ctx, text.get());
}

q_view view_of(JSValueConst flat) {
  const qi_units units = qi_string_units(flat);
  return {(u32)units.units, units.count, units.width};
}

u32 q_string_view(wire value) {
  machine.shared.view = {};
  JSValueConst string = from_wire(value);
  if (JS_IsSymbol(string)) {
    if (!qi_symbol_has_description(string)) return 0;
  } else if (!JS_IsString(string)) {
    return 0;
  }
  if (JS_VALUE_GET_TAG(string) == JS_TAG_STRING_ROPE) {
    JSValue flat = qi_flat(machine.ctx, string);
    if (JS_IsException(flat)) {
      JS_FreeValue(machine.ctx, JS_GetException(machine.ctx));
      return 0;
    }
    handle_replace(q_wire_payload(value), flat);
    string = flat;
  }
  machine.shared.view = view_of(string);
  return 1;
}
