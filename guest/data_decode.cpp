#include "data_decode.hpp"

#include "inspect_internals.h"
#include "texts.hpp"
#include "wires.hpp"

namespace quiesce::guest {

DataDecoder::DataDecoder(JSContext* ctx, const u8* bytes, u32 count)
    : ctx_(ctx),
      at_(bytes),
      end_(bytes + count),
      memory_(ctx),
      objects_(memory_),
      strings_(memory_),
      names_(memory_),
      layouts_(memory_),
      layout_names_(memory_),
      values_(memory_) {}

DataDecoder::~DataDecoder() {
  for (JSValue value : values_) JS_FreeValue(ctx_, value);
  for (const Object& object : objects_) JS_FreeValue(ctx_, object.value);
  for (JSValue string : strings_) JS_FreeValue(ctx_, string);
  for (JSAtom name : names_) JS_FreeAtom(ctx_, name);
}

JSValue DataDecoder::run() {
  Held root(read());
  for (u32 i = 0; i < objects_.size() && !memory_.failed(); ++i) {
    if (Q_DATA_KIND_HAS_RECORD(objects_[i].kind)) read_record(i);
  }
  if (!memory_.failed() && left() != 0) malformed();
  return memory_.failed() ? JS_EXCEPTION : root.release();
}

// ---- bytes --------------------------------------------------------------------------------------

void DataDecoder::malformed() {
  if (memory_.failed()) return;
  JS_ThrowTypeError(ctx_, "this is not the byte form of data");
  memory_.fail();
}

u8 DataDecoder::take() {
  if (at_ != end_) return *at_++;
  malformed();
  return 0;
}

u32 DataDecoder::take_count() {
  u32 count = 0;
  for (u32 shift = 0; shift < 35; shift += 7) {
    const u8 byte = take();
    if (shift == 28 && byte > 0x0F) break;
    count |= (u32)(byte & 0x7F) << shift;
    if (byte < 0x80) return count;
  }
  malformed();
  return 0;
}

u32 DataDecoder::take_count_of_items() {
  const u32 count = take_count();
  if (count <= left()) return count;
  malformed();
  return 0;
}

const u8* DataDecoder::take_bytes(u32 count) {
  if (memory_.failed()) return nullptr;
  if (count > left()) return malformed(), nullptr;
  const u8* bytes = at_;
  at_ += count;
  return bytes;
}

// ---- values -------------------------------------------------------------------------------------

JSValue DataDecoder::read() {
  const u8 tag = take();
  if (memory_.failed()) return JS_UNDEFINED;
  if (tag >= Q_DATA_SMALL) return JS_NewInt32(ctx_, tag - Q_DATA_SMALL);
  switch (tag) {
    case Q_DATA_UNDEFINED: return JS_UNDEFINED;
    case Q_DATA_NULL: return JS_NULL;
    case Q_DATA_FALSE: return JS_FALSE;
    case Q_DATA_TRUE: return JS_TRUE;
    case Q_DATA_HOLE: return JS_UNINITIALIZED;
    case Q_DATA_INTEGER: return JS_NewInt32(ctx_, take_raw<i32>());
    case Q_DATA_NUMBER: {
      const f64 number = take_raw<f64>();
      return JS_NewNumber(ctx_, wire_number(number_wire(number)));
    }
    case Q_DATA_LATIN1:
    case Q_DATA_UTF16:
    case Q_DATA_STRING: return read_string(tag);
    case Q_DATA_BIGINT: {
      const u32 count = take_count();
      if (count > left() / sizeof(u32)) return malformed(), JS_UNDEFINED;
      const u8* words = take_bytes(count * sizeof(u32));
      return words == nullptr ? JS_UNDEFINED : made(qd_new_bigint(ctx_, words, count));
    }
    case Q_DATA_SYMBOL: {
      Held key(read_text());
      return memory_.failed() ? JS_UNDEFINED : made(qi_new_symbol(ctx_, key.get(), true));
    }
    case Q_DATA_OBJECT: {
      const u32 number = take_count();
      if (number >= objects_.size()) return malformed(), JS_UNDEFINED;
      return JS_DupValue(ctx_, objects_[number].value);
    }
    case Q_DATA_NEW: return read_new();
    default: return malformed(), JS_UNDEFINED;
  }
}

JSValue DataDecoder::read_text() {
  const u8 tag = take();
  const u32 count = take_count();
  if (tag != Q_DATA_LATIN1 && tag != Q_DATA_UTF16) return malformed(), JS_UNDEFINED;
  const u32 width = tag == Q_DATA_UTF16 ? 2 : 1;
  if (count > left() / width) return malformed(), JS_UNDEFINED;
  const u8* units = take_bytes(count * width);
  if (units == nullptr) return JS_UNDEFINED;
  return made(new_text(reinterpret_cast<u32>(units), count, width == 2 ? Q_UTF16 : Q_LATIN1));
}

JSValue DataDecoder::read_string(u8 tag) {
  if (tag == Q_DATA_STRING) {
    const u32 number = take_count();
    if (number >= strings_.size()) return malformed(), JS_UNDEFINED;
    return JS_DupValue(ctx_, strings_[number]);
  }
  --at_;
  JSValue string = read_text();
  if (memory_.failed() || qi_string_units(string).count < Q_DATA_LONG_UNITS) return string;
  if (strings_.push(string)) return JS_DupValue(ctx_, string);
  JS_FreeValue(ctx_, string);
  return JS_UNDEFINED;
}

// ---- objects ------------------------------------------------------------------------------------

// Gives the new object the next number; the list keeps one reference, the caller gets another.
JSValue DataDecoder::add(JSValue object, u8 kind) {
  if (JS_IsException(object)) return fail();
  if (!objects_.push({object, kind})) {
    JS_FreeValue(ctx_, object);
    return JS_UNDEFINED;
  }
  return JS_DupValue(ctx_, object);
}

JSValue DataDecoder::read_new() {
  memory_.spend(1);
  const u8 kind = take();
  if (memory_.failed()) return JS_UNDEFINED;
  switch (kind) {
    case Q_DATA_KIND_OBJECT: return add(JS_NewObject(ctx_), kind);
    case Q_DATA_KIND_ARRAY: return add(JS_NewArray(ctx_), kind);
    case Q_DATA_KIND_MAP: return add(qd_new_collection(ctx_, false), kind);
    case Q_DATA_KIND_SET: return add(qd_new_collection(ctx_, true), kind);
    case Q_DATA_KIND_ERROR: return add(qd_new_error(ctx_, take()), kind);
    case Q_DATA_KIND_PROMISE: return add(qd_new_promise(ctx_), kind);
    case Q_DATA_KIND_DATE: return add(JS_NewDate(ctx_, take_raw<f64>()), kind);
    case Q_DATA_KIND_REGEXP: return read_regexp();
    case Q_DATA_KIND_BUFFER: return read_buffer();
    case Q_DATA_KIND_VIEW: return read_view();
    case Q_DATA_KIND_BOXED: {
      const u8 tag = at_ != end_ ? *at_ : 0;
      if (tag == Q_DATA_NEW || tag == Q_DATA_OBJECT || tag <= Q_DATA_NULL || tag == Q_DATA_HOLE)
        return malformed(), JS_UNDEFINED;
      Held primitive(read());
      return memory_.failed() ? JS_UNDEFINED : add(qd_new_boxed(ctx_, primitive.get()), kind);
    }
    default: return malformed(), JS_UNDEFINED;
  }
}

JSValue DataDecoder::read_regexp() {
  Held source(read_text());
  Held flags(read_text());
  if (memory_.failed()) return JS_UNDEFINED;
  return add(qd_new_regexp(ctx_, source.get(), flags.get()), Q_DATA_KIND_REGEXP);
}

JSValue DataDecoder::read_buffer() {
  const u8 flags = take();
  const u32 count = take_count();
  const bool is_resizable = (flags & Q_DATA_RESIZABLE) != 0;
  const u32 max = is_resizable ? take_count() : count;
  const u8* bytes = take_bytes(count);
  if (bytes == nullptr) return JS_UNDEFINED;
  if (max < count || (flags & Q_DATA_BYTES_AT) != 0) return malformed(), JS_UNDEFINED;
  JSValue buffer = qd_new_buffer(ctx_, bytes, count, is_resizable ? &max : nullptr);
  if (!JS_IsException(buffer) && (flags & Q_DATA_DETACHED) != 0) JS_DetachArrayBuffer(ctx_, buffer);
  return add(buffer, Q_DATA_KIND_BUFFER);
}

JSValue DataDecoder::read_view() {
  const u8 type = take();
  const u8 flags = take();
  const u8 tag = take();
  JSValue holder = JS_UNDEFINED;
  if (tag == Q_DATA_OBJECT) {
    const u32 number = take_count();
    if (number >= objects_.size() || objects_[number].kind != Q_DATA_KIND_BUFFER)
      return malformed(), JS_UNDEFINED;
    holder = JS_DupValue(ctx_, objects_[number].value);
  } else if (tag == Q_DATA_NEW && take() == Q_DATA_KIND_BUFFER) {
    holder = read_buffer();
  } else {
    malformed();
  }
  Held buffer(holder);
  const u32 offset = take_count();
  const u32 elements = take_count();
  if (memory_.failed()) return JS_UNDEFINED;
  JSValueConst arguments[] = {
      buffer.get(), JS_NewUint32(ctx_, offset),
      (flags & Q_DATA_TRACKS) != 0 ? JS_UNDEFINED : JS_NewUint32(ctx_, elements)};
  if (type == Q_CLASS_DATA_VIEW) {
    return add(qi_new_data_view(ctx_, 3, arguments), Q_DATA_KIND_VIEW);
  }
  if (type < Q_CLASS_UINT8_CLAMPED_ARRAY || type > Q_CLASS_FLOAT64_ARRAY)
    return malformed(), JS_UNDEFINED;
  const u32 which = JS_TYPED_ARRAY_UINT8C + (type - Q_CLASS_UINT8_CLAMPED_ARRAY);
  return add(JS_NewTypedArray(ctx_, 3, arguments, static_cast<JSTypedArrayEnum>(which)),
             Q_DATA_KIND_VIEW);
}

// ---- names and layouts --------------------------------------------------------------------------

JSAtom DataDecoder::read_name() {
  const u32 number = take_count();
  if (number < names_.size()) return names_[number];
  if (number != names_.size()) malformed();
  Held text(read_text());
  if (memory_.failed()) return JS_ATOM_NULL;
  const JSAtom name = JS_ValueToAtom(ctx_, text.get());
  if (name == JS_ATOM_NULL) {
    memory_.fail();
  } else if (!names_.push(name)) {
    JS_FreeAtom(ctx_, name);
    return JS_ATOM_NULL;
  }
  return name;
}

u32 DataDecoder::read_layout() {
  const u32 number = take_count();
  if (number < layouts_.size()) return number;
  if (number != layouts_.size()) malformed();
  const u32 count = take_count_of_items();
  const u32 begin = layout_names_.size();
  for (u32 i = 0; i < count && !memory_.failed(); ++i) layout_names_.push(read_name());
  layouts_.push({begin, count, kNone});
  return number;
}

void DataDecoder::define(JSValueConst object, JSAtom key, JSValue value, int flags) {
  if (JS_IsUninitialized(value)) return malformed();
  if (memory_.failed()) return JS_FreeValue(ctx_, value);
  if (JS_DefinePropertyValue(ctx_, object, key, value, flags | JS_PROP_THROW) < 0) memory_.fail();
}

// ---- records ------------------------------------------------------------------------------------

void DataDecoder::read_record(u32 number) {
  JSValueConst object = objects_[number].value;
  switch (objects_[number].kind) {
    case Q_DATA_KIND_OBJECT: return read_object_record(object, number);
    case Q_DATA_KIND_ARRAY: return read_array_record(object);
    case Q_DATA_KIND_MAP: return read_collection_record(object, false);
    case Q_DATA_KIND_SET: return read_collection_record(object, true);
    case Q_DATA_KIND_ERROR: return read_error_record(object);
    default: {
      const u8 state = take();
      JSValue result = read();
      if ((state != Q_FULFILLED && state != Q_REJECTED) || JS_IsUninitialized(result)) malformed();
      if (memory_.failed()) return JS_FreeValue(ctx_, result);
      return qd_settle(ctx_, object, state == Q_REJECTED, result);
    }
  }
}

void DataDecoder::read_object_record(JSValueConst object, u32 number) {
  const u32 at = read_layout();
  if (memory_.failed()) return;
  Layout& layout = layouts_[at];
  if (layout.count > left()) return malformed();
  if (layout.count >= 64) memory_.spend(layout.count / 64);
  for (u32 i = 0; i < layout.count && !memory_.failed(); ++i) {
    JSValue value = read();
    if (JS_IsUninitialized(value)) malformed();
    if (!values_.push(value)) JS_FreeValue(ctx_, value);
  }
  if (memory_.failed()) return;
  if (layout.model != kNone) {
    if (!qd_fill_as(ctx_, object, objects_[layout.model].value, values_.begin())) memory_.fail();
    if (!memory_.failed()) values_.clear();
    return;
  }
  const JSAtom* names = &layout_names_[layout.begin];
  for (u32 i = 0; i < layout.count; ++i) {
    JSValue value = values_[i];
    values_[i] = JS_UNDEFINED;
    define(object, names[i], value, JS_PROP_C_W_E);
  }
  values_.clear();
  if (!memory_.failed() && layout.count > 0 && qd_is_model(object, names, layout.count))
    layout.model = number;
}

// How many elements were read before the first hole.
u32 DataDecoder::read_dense(JSValueConst array, u32 count) {
  JSValue* elements = qd_elements_begin(ctx_, array, count);
  if (elements == nullptr) return memory_.fail(), 0;
  u32 filled = 0;
  for (; filled < count && *at_ != Q_DATA_HOLE; ++filled) {
    elements[filled] = read();
    if (memory_.failed() || at_ == end_) {
      ++filled;
      break;
    }
    if ((filled & 63) == 63) memory_.spend(1);
  }
  qd_elements_end(array, filled);
  return filled;
}

void DataDecoder::read_array_record(JSValueConst array) {
  const u32 length = take_count();
  const u32 count = take_count_of_items();
  if (count > length) malformed();
  if (memory_.failed()) return;
  u32 filled = count == 0 ? 0 : read_dense(array, count);
  for (; filled < count && !memory_.failed(); ++filled) {
    JSValue element = read();
    if (JS_IsUninitialized(element)) continue;
    HeldAtom index(JS_NewAtomUInt32(ctx_, filled));
    define(array, index.get(), element, JS_PROP_C_W_E);
    if ((filled & 63) == 63) memory_.spend(1);
  }
  if (memory_.failed()) return;
  read_properties(array);
  if (!memory_.failed() && JS_SetLength(ctx_, array, length) < 0) memory_.fail();
}

void DataDecoder::read_collection_record(JSValueConst collection, bool is_set) {
  const u32 count = take_count_of_items();
  for (u32 i = 0; i < count && !memory_.failed(); ++i) {
    Held key(read());
    Held value(is_set ? JS_UNDEFINED : read());
    if (JS_IsUninitialized(key.get()) || JS_IsUninitialized(value.get())) malformed();
    if (memory_.failed()) return;
    if (!qd_collection_put(ctx_, collection, key.get(), value.get(), is_set)) memory_.fail();
    if ((i & 31) == 31) memory_.spend(1);
  }
}

void DataDecoder::read_error_record(JSValueConst error) {
  const u8 parts = take();
  const qp_name keys[] = {QP_ATOM_NAME, QP_ATOM_MESSAGE, QP_ATOM_STACK, QP_ATOM_CAUSE,
                          QP_ATOM_ERRORS};
  for (u32 i = 0; i < 5 && !memory_.failed(); ++i) {
    if ((parts & 1u << i) == 0) continue;
    define(error, qp_atom(keys[i]), read(), JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  }
  read_properties(error);
}

void DataDecoder::read_properties(JSValueConst object) {
  const u32 count = take_count_of_items();
  for (u32 i = 0; i < count && !memory_.failed(); ++i) {
    const JSAtom name = read_name();
    if (memory_.failed()) return;
    define(object, name, read(), JS_PROP_C_W_E);
  }
}

}  // namespace quiesce::guest

wire q_data_decode(u32 address, u32 bytes) {
  enter();
  JSContext* ctx = machine.ctx;
  return outcome(
      quiesce::guest::DataDecoder(ctx, reinterpret_cast<const uint8_t*>(address), bytes).run());
}

wire q_collection(u32 type, u32 count, u32 address) {
  enter();
  JSContext* ctx = machine.ctx;
  const bool is_set = type == Q_CLASS_SET;
  Held collection(qd_new_collection(ctx, is_set));
  if (collection.failed()) return take_exception();
  const wire* wires = reinterpret_cast<const wire*>(address);
  const u32 step = is_set ? 1 : 2;
  for (u32 i = 0; i + step <= count; i += step) {
    JSValueConst value = is_set ? JS_UNDEFINED : from_wire(wires[i + 1]);
    if (!qd_collection_put(ctx, collection.get(), from_wire(wires[i]), value, is_set))
      return take_exception();
  }
  return to_wire(collection);
}
