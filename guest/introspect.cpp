// What an object is made of, read from its slots: no getter, no trap, no method of the guest runs.
#include "data_internals.h"
#include "inspect_internals.h"
#include "wires.hpp"

namespace {

/// An array for the host, filled one by one. Once something fails, the exception is pending and
/// stays.
class Answer {
 public:
  Answer() : array_(JS_NewArray(machine.ctx)), is_good_(!array_.failed()) {}
  /// Takes over `value`.
  void add(JSValue value) {
    if (!is_good_) return JS_FreeValue(machine.ctx, value);
    is_good_ =
        !JS_IsException(value) && JS_DefinePropertyValueUint32(machine.ctx, array_.get(), count_++,
                                                               value, JS_PROP_C_W_E) >= 0;
  }
  void add_copy(JSValueConst value) { add(JS_DupValue(machine.ctx, value)); }
  void add_number(f64 number) { add(JS_NewNumber(machine.ctx, number)); }
  void add_boolean(bool value) { add(JS_NewBool(machine.ctx, value)); }
  wire finish() { return is_good_ ? to_wire(array_) : take_exception(); }

 private:
  Held array_;
  bool is_good_;
  u32 count_ = 0;
};

wire copy_wire(JSValueConst value) { return to_wire(JS_DupValue(machine.ctx, value)); }

wire entries_of(JSValueConst collection, bool has_values) {
  Answer answer;
  for (void* record = qp_map_next(collection, nullptr); record != nullptr;
       record = qp_map_next(collection, record)) {
    JSValueConst key, value;
    qp_map_entry(record, &key, &value);
    answer.add_copy(key);
    if (has_values) answer.add_copy(value);
  }
  return answer.finish();
}

wire buffer_of(JSValueConst buffer, qp_class type) {
  qd_buffer bytes;
  qd_buffer_of(buffer, &bytes);
  Answer answer;
  answer.add_number(bytes.bytes);
  answer.add(bytes.is_resizable ? JS_NewNumber(machine.ctx, bytes.bytes_max) : JS_NULL);
  answer.add_boolean(bytes.is_detached);
  answer.add_boolean(type == QP_SHARED_ARRAY_BUFFER);
  return answer.finish();
}

wire view_of_buffer(JSValueConst view) {
  qd_view about;
  qd_view_of(view, &about);
  Answer answer;
  answer.add_copy(about.buffer);
  answer.add_number(about.offset);
  answer.add_number(about.elements);
  answer.add_boolean(about.tracks);
  answer.add_boolean(about.is_out_of_bounds);
  return answer.finish();
}

wire function_of(JSValueConst function) {
  JSContext* ctx = machine.ctx;
  const bool is_proxy = qp_class_of(function) == QP_PROXY;
  Answer answer;
  // Its name property if that is data, else what stands in the source.
  Held name(is_proxy ? JS_UNDEFINED : qi_own_data_property(function, qp_atom(QP_ATOM_NAME)));
  if (JS_IsString(name.get())) {
    answer.add(name.release());
  } else {
    answer.add(is_proxy ? JS_NewString(ctx, "") : qp_function_own_name(ctx, function));
  }
  const int kind = is_proxy ? 0 : qp_function_kind(function);
  answer.add_number(((kind & QP_GENERATOR) != 0 ? Q_FUNCTION_GENERATOR : 0) |
                    ((kind & QP_ASYNC) != 0 ? Q_FUNCTION_ASYNC : 0));
  answer.add_boolean(!is_proxy && qp_is_native(function));
  answer.add_boolean(!is_proxy && qp_prints_as_class(function));
  return answer.finish();
}

wire own_keys_of(JSValueConst object) {
  JSContext* ctx = machine.ctx;
  JSPropertyEnum* keys;
  u32 count;
  if (qp_own_keys(ctx, object, true, &keys, &count) < 0) return take_exception();
  Answer answer;
  for (u32 i = 0; i < count; ++i) {
    const bool is_symbol = qp_atom_is_symbol(ctx, keys[i].atom);
    answer.add(is_symbol ? JS_AtomToValue(ctx, keys[i].atom) : JS_AtomToString(ctx, keys[i].atom));
  }
  JS_FreePropertyEnum(ctx, keys, count);
  return answer.finish();
}

wire flags_of(JSValueConst regexp) {
  char flags[QP_REGEXP_FLAGS_MAX + 1];
  qp_regexp_flags(regexp, flags);
  return to_wire(JS_NewString(machine.ctx, flags));
}

bool is_boxed(qp_class type) {
  return type == QP_NUMBER || type == QP_STRING || type == QP_BOOLEAN || type == QP_SYMBOL ||
         type == QP_BIGINT;
}

wire look_at_object(JSValueConst object, qp_class type, u32 what) {
  JSContext* ctx = machine.ctx;
  switch (what) {
    case Q_LOOK_CLASS_NAME:  // QuickJS calls a proxy an Object
      return to_wire(type == QP_PROXY ? JS_NewString(ctx, "Proxy") : qp_class_name(ctx, object));
    case Q_LOOK_IDENTITY: return number_wire(qd_address(object));
    case Q_LOOK_FUNCTION: return JS_IsFunction(ctx, object) ? function_of(object) : absent_wire();
    case Q_LOOK_WEAK_TARGET:
      return qd_is_weak_ref(object) ? copy_wire(qd_weak_target(object)) : absent_wire();
    default: break;
  }
  if (type == QP_PROXY) return absent_wire();  // all else would have to ask its handler
  switch (what) {
    case Q_LOOK_PROTOTYPE: return copy_wire(qp_prototype(object));
    case Q_LOOK_OWN_KEYS: return own_keys_of(object);
    case Q_LOOK_BOXED: return is_boxed(type) ? copy_wire(qp_object_data(object)) : absent_wire();
    case Q_LOOK_BOUND_TARGET: {
      JSValueConst target = qp_bound_target(object);
      return JS_IsUndefined(target) ? absent_wire() : copy_wire(target);
    }
    default: return absent_wire();
  }
}

}  // namespace

wire q_look(wire value, u32 what) {
  enter();
  JSContext* ctx = machine.ctx;
  Held held = Held::copy(from_wire(value));
  JSValueConst object = held.get();
  if (JS_IsSymbol(object) && what == Q_LOOK_IDENTITY) return number_wire(qd_address(object));
  const qp_class type = qp_class_of(object);
  if (type == QP_NO_OBJECT) return absent_wire();
  const auto if_is = [&](qp_class wanted, auto&& answer) {
    return type == wanted ? answer() : absent_wire();
  };
  switch (what) {
    case Q_LOOK_PROXY_TARGET:
      return if_is(QP_PROXY, [&] { return copy_wire(qp_proxy_target(object)); });
    case Q_LOOK_PROXY_HANDLER:
      return if_is(QP_PROXY, [&] { return copy_wire(qp_proxy_handler(object)); });
    case Q_LOOK_MAP_ENTRIES: return if_is(QP_MAP, [&] { return entries_of(object, true); });
    case Q_LOOK_SET_VALUES: return if_is(QP_SET, [&] { return entries_of(object, false); });
    case Q_LOOK_WEAK_MAP_ENTRIES:
      return if_is(QP_WEAK_MAP, [&] { return entries_of(object, true); });
    case Q_LOOK_WEAK_SET_VALUES:
      return if_is(QP_WEAK_SET, [&] { return entries_of(object, false); });
    case Q_LOOK_DATE: return if_is(QP_DATE, [&] { return copy_wire(qp_object_data(object)); });
    case Q_LOOK_REGEXP_SOURCE:
      return if_is(QP_REGEXP, [&] { return to_wire(qp_regexp_source(ctx, object)); });
    case Q_LOOK_REGEXP_FLAGS: return if_is(QP_REGEXP, [&] { return flags_of(object); });
    case Q_LOOK_BUFFER:
      if (type != QP_ARRAY_BUFFER && type != QP_SHARED_ARRAY_BUFFER) return absent_wire();
      return buffer_of(object, type);
    case Q_LOOK_VIEW:
      if (type != QP_TYPED_ARRAY && type != QP_DATA_VIEW) return absent_wire();
      return view_of_buffer(object);
    default: return look_at_object(object, type, what);
  }
}

wire q_own_property(wire object, wire key) {
  enter();
  JSContext* ctx = machine.ctx;
  Held held = Held::copy(from_wire(object));
  const qp_class type = qp_class_of(held.get());
  if (type == QP_NO_OBJECT || type == QP_PROXY) return absent_wire();
  JSValueConst name = from_wire(key);
  if (JS_IsObject(name)) return absent_wire();  // its conversion would run guest code
  HeldAtom atom(JS_ValueToAtom(ctx, name));
  if (atom.failed()) return take_exception();
  JSPropertyDescriptor found;
  const int has = JS_GetOwnProperty(ctx, &found, held.get(), atom.get());
  if (has < 0) return take_exception();
  if (has == 0) return absent_wire();
  const bool is_accessor = (found.flags & JS_PROP_GETSET) != 0;
  Answer answer;
  answer.add_number(((found.flags & JS_PROP_CONFIGURABLE) != 0 ? Q_DEFINE_CONFIGURABLE : 0) |
                    ((found.flags & JS_PROP_WRITABLE) != 0 ? Q_DEFINE_WRITABLE : 0) |
                    ((found.flags & JS_PROP_ENUMERABLE) != 0 ? Q_DEFINE_ENUMERABLE : 0) |
                    (is_accessor ? Q_DEFINE_HAS_GETTER | Q_DEFINE_HAS_SETTER : Q_DEFINE_HAS_VALUE));
  answer.add(found.value);
  answer.add(found.getter);
  answer.add(found.setter);
  return answer.finish();
}
