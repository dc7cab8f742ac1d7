// The object protocol: ECMA-262 Get, Set, DefineOwnProperty, HasProperty, Delete, OwnPropertyKeys.
#include "texts.hpp"
#include "wires.hpp"

namespace {

wire get_property(wire object, const HeldAtom& key) {
  if (key.failed()) return take_exception();
  Held target = Held::copy(from_wire(object));
  return outcome(JS_GetProperty(machine.ctx, target.get(), key.get()));
}

wire answer(int result) {
  return outcome(result < 0 ? JS_EXCEPTION : JS_NewBool(machine.ctx, result != 0));
}

wire set_property(wire object, const HeldAtom& key, wire value) {
  if (key.failed()) return take_exception();
  JSContext* ctx = machine.ctx;
  Held target = Held::copy(from_wire(object));
  JSValue copy = JS_DupValue(ctx, from_wire(value));
  return answer(JS_SetProperty(ctx, target.get(), key.get(), copy));
}

// Converting a key may run guest code: the key is held meanwhile.
JSAtom key_of(wire key) {
  Held held = Held::copy(from_wire(key));
  return JS_ValueToAtom(machine.ctx, held.get());
}

}  // namespace

wire q_get(wire object, wire key) {
  enter();
  Held target = Held::copy(from_wire(object));
  HeldAtom atom(key_of(key));
  if (atom.failed()) return take_exception();
  return outcome(JS_GetProperty(machine.ctx, target.get(), atom.get()));
}

wire q_get_named(wire object, u32 address, u32 count, u32 encoding) {
  enter();
  return get_property(object, HeldAtom(new_text_atom(address, count, encoding)));
}

wire q_get_index(wire object, u32 index) {
  enter();
  Held target = Held::copy(from_wire(object));
  return outcome(JS_GetPropertyInt64(machine.ctx, target.get(), index));
}

wire q_set(wire object, wire key, wire value) {
  enter();
  JSContext* ctx = machine.ctx;
  Held target = Held::copy(from_wire(object));
  Held held = Held::copy(from_wire(value));
  HeldAtom atom(key_of(key));
  if (atom.failed()) return take_exception();
  return answer(JS_SetProperty(ctx, target.get(), atom.get(), held.release()));
}

wire q_set_named(wire object, u32 address, u32 count, u32 encoding, wire value) {
  enter();
  return set_property(object, HeldAtom(new_text_atom(address, count, encoding)), value);
}

wire q_set_index(wire object, u32 index, wire value) {
  enter();
  JSContext* ctx = machine.ctx;
  Held target = Held::copy(from_wire(object));
  JSValue copy = JS_DupValue(ctx, from_wire(value));
  return answer(JS_SetPropertyInt64(ctx, target.get(), index, copy));
}

wire q_define(wire object, wire key, wire value, wire getter, wire setter, u32 flags) {
  enter();
  JSContext* ctx = machine.ctx;
  Held target = Held::copy(from_wire(object));
  Held held_value = Held::copy(from_wire(value));
  Held held_getter = Held::copy(from_wire(getter));
  Held held_setter = Held::copy(from_wire(setter));
  HeldAtom atom(key_of(key));
  if (atom.failed()) return take_exception();

  int js_flags = JS_PROP_THROW | JS_PROP_HAS_CONFIGURABLE | JS_PROP_HAS_ENUMERABLE;
  if (flags & Q_DEFINE_CONFIGURABLE) js_flags |= JS_PROP_CONFIGURABLE;
  if (flags & Q_DEFINE_ENUMERABLE) js_flags |= JS_PROP_ENUMERABLE;
  if (flags & (Q_DEFINE_HAS_GETTER | Q_DEFINE_HAS_SETTER)) {
    if (flags & Q_DEFINE_HAS_GETTER) js_flags |= JS_PROP_HAS_GET;
    if (flags & Q_DEFINE_HAS_SETTER) js_flags |= JS_PROP_HAS_SET;
  } else {
    js_flags |= JS_PROP_HAS_WRITABLE;
    if (flags & Q_DEFINE_WRITABLE) js_flags |= JS_PROP_WRITABLE;
    if (flags & Q_DEFINE_HAS_VALUE) js_flags |= JS_PROP_HAS_VALUE;
  }
  return answer(JS_DefineProperty(ctx, target.get(), atom.get(), held_value.get(),
                                  held_getter.get(), held_setter.get(), js_flags));
}

wire q_has(wire object, wire key) {
  enter();
  Held target = Held::copy(from_wire(object));
  HeldAtom atom(key_of(key));
  if (atom.failed()) return take_exception();
  return answer(JS_HasProperty(machine.ctx, target.get(), atom.get()));
}

wire q_has_own(wire object, wire key) {
  enter();
  Held target = Held::copy(from_wire(object));
  HeldAtom atom(key_of(key));
  if (atom.failed()) return take_exception();
  return answer(JS_GetOwnProperty(machine.ctx, nullptr, target.get(), atom.get()));
}

wire q_remove(wire object, wire key) {
  enter();
  Held target = Held::copy(from_wire(object));
  HeldAtom atom(key_of(key));
  if (atom.failed()) return take_exception();
  return answer(JS_DeleteProperty(machine.ctx, target.get(), atom.get(), 0));
}

wire q_keys(wire object, u32 flags) {
  enter();
  JSContext* ctx = machine.ctx;
  Held target = Held::copy(from_wire(object));
  int mask = 0;
  if (flags & Q_KEYS_STRINGS) mask |= JS_GPN_STRING_MASK;
  if (flags & Q_KEYS_SYMBOLS) mask |= JS_GPN_SYMBOL_MASK;
  if (flags & Q_KEYS_ENUMERABLE_ONLY) mask |= JS_GPN_ENUM_ONLY;
  JSPropertyEnum* names;
  u32 count;
  if (JS_GetOwnPropertyNames(ctx, &names, &count, target.get(), mask) < 0) return take_exception();
  Held array(JS_NewArray(ctx));
  bool ok = !array.failed();
  for (u32 i = 0; ok && i < count; ++i) {
    JSValue name = JS_AtomToValue(ctx, names[i].atom);
    ok = !JS_IsException(name) &&
         JS_DefinePropertyValueUint32(ctx, array.get(), i, name, JS_PROP_C_W_E) >= 0;
  }
  JS_FreePropertyEnum(ctx, names, count);
  return ok ? to_wire(array) : take_exception();
}
