#include "data_encode.hpp"

#include <string.h>

#include "inspect.hpp"
#include "inspect_internals.h"
#include "wires.hpp"

namespace quiesce::guest {

namespace {

constexpr u32 kFirstBytes = 4096;

bool is_small(i32 number) { return number >= 0 && number < 256 - Q_DATA_SMALL; }

}  // namespace

DataEncoder::DataEncoder(JSContext* ctx, u32 flags, u32 bytes_max)
    : ctx_(ctx),
      flags_(flags),
      bytes_max_(bytes_max),
      memory_(ctx),
      objects_(memory_),
      strings_(memory_),
      names_(memory_),
      shapes_(memory_),
      entries_(memory_),
      plans_(memory_),
      columns_(memory_),
      properties_(memory_),
      held_(memory_),
      held_keys_(memory_),
      refusal_(memory_) {}

DataEncoder::~DataEncoder() {
  forget_properties();
  for (JSValue value : held_) JS_FreeValue(ctx_, value);
  for (JSAtom key : held_keys_) JS_FreeAtom(ctx_, key);
  js_free(ctx_, bytes_);
}

u8* DataEncoder::release(u32* bytes) {
  *bytes = size_;
  u8* released = bytes_;
  bytes_ = nullptr;
  return released;
}

DataEncoder::Result DataEncoder::run(JSValueConst root) {
  write(root);
  for (u32 i = 0; ok() && i < entries_.size(); ++i) write_record(i);
  if (memory_.failed()) return kThrown;
  if (!refusal_.empty()) return kRefused;
  return is_too_large_ || size_ + left_bytes_ > bytes_max_ ? kTooLarge : kDone;
}

// ---- bytes --------------------------------------------------------------------------------------

u8* DataEncoder::room(u32 bytes) {
  const u64 wanted = u64{size_} + bytes;
  if (wanted > capacity_) {
    if (wanted + left_bytes_ > bytes_max_) is_too_large_ = true;
    if (!ok()) return nullptr;
    u64 capacity = capacity_ == 0 ? kFirstBytes : u64{capacity_} * 2;
    if (capacity < wanted) capacity = wanted;
    if (capacity > UINT32_MAX / 2) {
      JS_ThrowOutOfMemory(ctx_);
      memory_.fail();
      return nullptr;
    }
    void* grown = memory_.resize(bytes_, (size_t)capacity);
    if (grown == nullptr) return nullptr;
    bytes_ = static_cast<u8*>(grown);
    capacity_ = (u32)capacity;
  }
  u8* at = bytes_ + size_;
  size_ = (u32)wanted;
  return at;
}

void DataEncoder::put_count(u32 count) {
  for (; count > 0x7F; count >>= 7) put((u8)(count | 0x80));
  put((u8)count);
}

void DataEncoder::put_bytes(const void* bytes, u32 count) {
  if (count == 0) return;
  if (u8* at = room(count)) memcpy(at, bytes, count);
}

// ---- values -------------------------------------------------------------------------------------

void DataEncoder::write(JSValueConst value) {
  switch (JS_VALUE_GET_NORM_TAG(value)) {
    case JS_TAG_INT: {
      const i32 number = JS_VALUE_GET_INT(value);
      if (is_small(number)) return put((u8)(Q_DATA_SMALL + number));
      put(Q_DATA_INTEGER);
      return put_raw(number);
    }
    case JS_TAG_FLOAT64: return write_number(JS_VALUE_GET_FLOAT64(value));
    case JS_TAG_BOOL: return put(JS_VALUE_GET_BOOL(value) ? Q_DATA_TRUE : Q_DATA_FALSE);
    case JS_TAG_NULL: return put(Q_DATA_NULL);
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE: return write_string(value);
    case JS_TAG_SYMBOL: return write_symbol(value);
    case JS_TAG_BIG_INT:
    case JS_TAG_SHORT_BIG_INT: return write_bigint(value);
    case JS_TAG_OBJECT: return write_object(value);
    default: return put(Q_DATA_UNDEFINED);
  }
}

void DataEncoder::write_number(f64 number) {
  put(Q_DATA_NUMBER);
  put_raw(wire_number(number_wire(number)));  // one NaN for all
}

void DataEncoder::write_units(const qi_units& units, bool stays) {
  const bool is_wide = units.width == 2;
  const u32 bytes = units.count * units.width;
  if (stays && bytes >= Q_DATA_LEFT_BYTES) {
    put(is_wide ? Q_DATA_UTF16_AT : Q_DATA_LATIN1_AT);
    put_raw((u32)units.units);
    put_raw(units.count);
    left_bytes_ += bytes;
    return;
  }
  put(is_wide ? Q_DATA_UTF16 : Q_DATA_LATIN1);
  put_count(units.count);
  put_bytes(units.units, bytes);
  if (bytes >= 1024) memory_.spend(bytes / 1024);
}

void DataEncoder::write_string(JSValueConst string) {
  const bool is_rope = JS_VALUE_GET_TAG(string) == JS_TAG_STRING_ROPE;
  if (!is_rope) {
    const qi_units units = qi_string_units(string);
    if (units.count < Q_DATA_LONG_UNITS) return write_units(units, false);
  }
  // Only what something else refers to can be met again. A rope that is referred to more than once
  // keeps its flat form; another rope leaves nothing behind.
  bool is_shared = qd_is_shared(string);
  Held flat(is_rope ? qi_flat(ctx_, string) : JS_DupValue(ctx_, string));
  if (flat.failed()) return memory_.fail();
  const qi_units units = qi_string_units(flat.get());
  if (units.count < Q_DATA_LONG_UNITS) return write_units(units, false);
  if (is_rope) is_shared = qd_is_shared(flat.get());
  const u32 address = qd_address(flat.get());
  u32 number;
  if (is_shared && strings_.find(address, &number)) {
    put(Q_DATA_STRING);
    return put_count(number);
  }
  number = string_count_++;
  if (is_shared) {
    strings_.put(address, number);
    hold(flat.get());
  }
  write_units(units, (!is_rope || is_shared) && !runs_code());
}

void DataEncoder::write_text(JSValueConst string) {
  Held flat(qi_flat(ctx_, string));
  if (flat.failed()) return memory_.fail();
  write_units(qi_string_units(flat.get()), false);
}

void DataEncoder::write_bigint(JSValueConst number) {
  qd_bigint words;
  qd_bigint_words(number, &words);
  put(Q_DATA_BIGINT);
  put_count(words.count);
  put_bytes(words.words, words.count * sizeof(u32));
}

void DataEncoder::write_symbol(JSValueConst symbol) {
  if (!qd_is_registered(symbol)) {
    return refuse(" is a symbol that is not in the registry (Symbol.for)");
  }
  put(Q_DATA_SYMBOL);
  write_units(qi_string_units(symbol), false);
}

// ---- objects ------------------------------------------------------------------------------------

// An object to which nothing else refers cannot be met again.
bool DataEncoder::write_again(JSValueConst object) {
  u32 number;
  if (!objects_.find(qd_address(object), &number)) return false;
  put(Q_DATA_OBJECT);
  put_count(number);
  return true;
}

void DataEncoder::number_object(JSValueConst object) {
  const u32 number = object_count_++;
  if (!runs_code() && !qd_is_shared(object)) return;
  objects_.put(qd_address(object), number);
  hold(object);
}

// While guest code may run, an address must not be given to something else.
void DataEncoder::hold(JSValueConst value) {
  if (!runs_code()) return;
  if (held_.push(value)) JS_DupValue(ctx_, value);
}

void DataEncoder::open(JSValueConst object, q_data_kind kind, u8 form) {
  put(Q_DATA_NEW);
  put(kind);
  number_object(object);
  if (step_ == kName && runs_code() && held_keys_.push(key_)) JS_DupAtom(ctx_, key_);
  entries_.push({object, parent_, key_, step_, form});
}

void DataEncoder::write_object(JSValueConst object) {
  if (write_again(object)) return;
  switch (qd_form_of(ctx_, object)) {
    case QD_PLAIN: return open(object, Q_DATA_KIND_OBJECT, QD_PLAIN);
    case QD_UNUSUAL: return open(object, Q_DATA_KIND_OBJECT, QD_UNUSUAL);
    case QD_ARRAY: return open(object, Q_DATA_KIND_ARRAY, QD_ARRAY);
    case QD_MAP: return open(object, Q_DATA_KIND_MAP, QD_MAP);
    case QD_SET: return open(object, Q_DATA_KIND_SET, QD_SET);
    case QD_PROMISE: return open(object, Q_DATA_KIND_PROMISE, QD_PROMISE);
    case QD_ERROR:
      open(object, Q_DATA_KIND_ERROR, QD_ERROR);
      return put(Q_DATA_ERROR);  // its name says the rest
    case QD_PROXY:
      if (JS_IsFunction(ctx_, object)) break;
      if ((flags_ & Q_DATA_RUN_PROXIES) == 0) {
        put(Q_DATA_NEW);
        put(Q_DATA_KIND_PROXY);
        return number_object(object);
      }
      if (qp_class_of(behind_proxies(object)) == QP_ARRAY) {
        return open(object, Q_DATA_KIND_ARRAY, QD_PROXY);
      }
      return open(object, Q_DATA_KIND_OBJECT, QD_PROXY);
    case QD_DATE:
      put(Q_DATA_NEW);
      put(Q_DATA_KIND_DATE);
      put_raw(wire_number(to_wire(JS_DupValue(ctx_, qp_object_data(object)))));
      return number_object(object);
    case QD_REGEXP: return write_regexp(object);
    case QD_BUFFER: return write_buffer(object);
    case QD_VIEW: return write_view(object);
    case QD_BOXED:
      put(Q_DATA_NEW);
      put(Q_DATA_KIND_BOXED);
      write(qp_object_data(object));
      return number_object(object);
    case QD_FUNCTION: break;
    case QD_NONE: {
      Held name(qp_class_name(ctx_, object));
      const char* text = name.failed() ? nullptr : JS_ToCString(ctx_, name.get());
      if (text == nullptr) return memory_.fail();
      refuse(" has no data form, for its class is ", text);
      return JS_FreeCString(ctx_, text);
    }
  }
  if ((flags_ & Q_DATA_REFUSE_FUNCTIONS) != 0) return refuse(" is a function");
  put(Q_DATA_UNDEFINED);
}

void DataEncoder::write_regexp(JSValueConst regexp) {
  char flags[QP_REGEXP_FLAGS_MAX + 1];
  qp_regexp_flags(regexp, flags);
  Held source(qp_regexp_source(ctx_, regexp));
  if (source.failed()) return memory_.fail();
  put(Q_DATA_NEW);
  put(Q_DATA_KIND_REGEXP);
  write_text(source.get());
  write_units({flags, (u32)strlen(flags), 1}, false);
  number_object(regexp);
}

void DataEncoder::write_buffer(JSValueConst buffer) {
  if (write_again(buffer)) return;
  if (qp_class_of(buffer) != QP_ARRAY_BUFFER) return refuse(" is over a SharedArrayBuffer");
  qd_buffer bytes;
  qd_buffer_of(buffer, &bytes);
  const bool stays = !runs_code() && bytes.bytes >= Q_DATA_LEFT_BYTES;
  put(Q_DATA_NEW);
  put(Q_DATA_KIND_BUFFER);
  put((u8)((bytes.is_resizable ? Q_DATA_RESIZABLE : 0) |
           (bytes.is_detached ? Q_DATA_DETACHED : 0) | (stays ? Q_DATA_BYTES_AT : 0)));
  put_count(bytes.bytes);
  if (bytes.is_resizable) put_count(bytes.bytes_max);
  if (stays) {
    put_raw((u32)bytes.data);
    left_bytes_ += bytes.bytes;
  } else {
    put_bytes(bytes.data, bytes.bytes);
  }
  number_object(buffer);
}

void DataEncoder::write_view(JSValueConst view) {
  qd_view about;
  qd_view_of(view, &about);
  put(Q_DATA_NEW);
  put(Q_DATA_KIND_VIEW);
  put((u8)qi_class_of(ctx_, view));
  put((u8)((about.tracks ? Q_DATA_TRACKS : 0) |
           (about.is_out_of_bounds ? Q_DATA_OUT_OF_BOUNDS : 0)));
  write_buffer(about.buffer);
  put_count(about.offset);
  put_count(about.elements);
  number_object(view);
}

// ---- names and layouts --------------------------------------------------------------------------

void DataEncoder::write_name(JSAtom key) {
  u32 number;
  if (names_.find(key, &number)) return put_count(number);
  names_.put(key, name_count_);
  if (runs_code() && held_keys_.push(key)) JS_DupAtom(ctx_, key);
  put_count(name_count_++);
  Held text(JS_AtomToString(ctx_, key));
  if (text.failed()) return memory_.fail();
  write_text(text.get());
}

// The enumerable properties with string keys, indices first, as ECMA-262 orders them.
u32 DataEncoder::make_plan(const void* shape) {
  Plan plan{0, columns_.size(), 0, false, false};
  struct Indexed {
    u32 index;
    Column column;
  };
  List<Indexed> indexed(memory_);
  const u32 count = qd_shape_count(shape);
  for (u32 pass = 0; pass < 2; ++pass) {
    for (u32 i = 0; i < count; ++i) {
      int flags;
      u32 index;
      const JSAtom key = qd_shape_entry(shape, i, &flags);
      if (key == JS_ATOM_NULL || (flags & JS_PROP_ENUMERABLE) == 0) continue;
      if (qp_atom_is_symbol(ctx_, key)) continue;
      const bool is_accessor = (flags & JS_PROP_TMASK) == JS_PROP_GETSET;
      if (!is_accessor && (flags & JS_PROP_TMASK) != JS_PROP_NORMAL) plan.is_slow = true;
      const bool is_index = qp_atom_is_index(ctx_, key, &index);
      if (is_index && pass == 0) indexed.push({index, {i, key, is_accessor}});
      if (!is_index && pass == 1) columns_.push({i, key, is_accessor});
      plan.has_accessors |= is_accessor;
    }
    if (pass != 0 || indexed.empty()) continue;
    indexed.sort(0, [](const Indexed& a, const Indexed& b) { return a.index < b.index; });
    for (const Indexed& entry : indexed) columns_.push(entry.column);
  }
  plan.count = columns_.size() - plan.begin;
  if (plan.has_accessors && (flags_ & Q_DATA_RUN_GETTERS) != 0) plan.is_slow = true;
  plans_.push(plan);
  shapes_.put((u32)shape, plans_.size() - 1);
  return plans_.size() - 1;
}

void DataEncoder::write_layout(const Plan& plan) {
  put_count(plan.layout);
  put_count(plan.count);
  for (u32 i = 0; i < plan.count; ++i) write_name(columns_[plan.begin + i].key);
}

// ---- records ------------------------------------------------------------------------------------

void DataEncoder::write_record(u32 entry) {
  const JSValueConst object = entries_[entry].value;
  parent_ = entry;
  memory_.spend(1);
  switch (entries_[entry].form) {
    case QD_PLAIN: return write_plain_record(object);
    case QD_ARRAY: return write_array_record(object);
    case QD_MAP: return write_map_record(object, false);
    case QD_SET: return write_map_record(object, true);
    case QD_ERROR: return write_error_record(object);
    case QD_PROMISE: return write_promise_record(object);
    case QD_PROXY:
      if (qp_class_of(behind_proxies(object)) == QP_ARRAY) return write_array_record(object);
      return write_unusual_record(object);
    default: return write_unusual_record(object);
  }
}

void DataEncoder::write_plain_record(JSValueConst object) {
  const void* shape = qd_shape(object);
  u32 number;
  const bool is_known = shapes_.find((u32)shape, &number);
  if (!is_known) {
    number = make_plan(shape);
    if (!ok()) return;
    if (!plans_[number].is_slow) {
      plans_[number].layout = layout_count_++;
      write_layout(plans_[number]);
    }
  }
  const Plan plan = plans_[number];
  if (plan.is_slow) return write_unusual_record(object);
  if (is_known) put_count(plan.layout);
  if (plan.count >= 64) memory_.spend(plan.count / 64);
  const JSValue* slots = qd_slots(object);
  for (u32 i = 0; i < plan.count && ok(); ++i) {
    const Column column = columns_[plan.begin + i];
    if (column.is_accessor) {
      bool has_getter, has_setter;
      qd_accessor(object, column.slot, &has_getter, &has_setter);
      put(Q_DATA_ACCESSOR);
      put((u8)((has_getter ? Q_DATA_HAS_GETTER : 0) | (has_setter ? Q_DATA_HAS_SETTER : 0)));
      continue;
    }
    at(kName, column.key);
    write(slots[column.slot]);
  }
}

void DataEncoder::write_unusual_record(JSValueConst object) {
  gather(object, true);
  if (!ok()) return;
  put_count(layout_count_++);
  put_count(properties_.size());
  for (const Property& property : properties_) write_name(property.key);
  for (u32 i = 0; i < properties_.size() && ok(); ++i) write_property(properties_[i]);
  forget_properties();
}

void DataEncoder::write_property(const Property& property) {
  if (property.accessor != 0) {
    put(Q_DATA_ACCESSOR);
    return put(property.accessor);
  }
  at(kName, property.key);
  write(property.value);
}

void DataEncoder::write_array_record(JSValueConst array) {
  u32 count = 0;
  const bool is_proxy = entries_[parent_].form == QD_PROXY;
  const JSValue* elements = is_proxy ? nullptr : qd_elements(array, &count);
  i64 length = 0;
  if (is_proxy) {
    if (JS_GetLength(ctx_, array, &length) < 0) return memory_.fail();
    if (length > UINT32_MAX) length = UINT32_MAX;
  } else {
    length = qd_array_length(ctx_, array);
  }
  put_count((u32)length);
  if (elements == nullptr) {
    gather(array, true);
    if (ok()) write_slow_elements((u32)length);
    return forget_properties();
  }
  put_count(count);
  for (u32 i = 0; i < count && ok(); ++i) {
    at(kIndex, i);
    write(elements[i]);
    if ((i & 63) == 63) memory_.spend(1);
  }
  if (qd_shape_count(qd_shape(array)) <= 1) return put(0);  // it has nothing but its length
  gather(array, false);
  put_count(properties_.size());
  for (u32 i = 0; i < properties_.size() && ok(); ++i) {
    write_name(properties_[i].key);
    write_property(properties_[i]);
  }
  forget_properties();
}

// Holes are written as such as long as they are not the larger part; an element far behind them is
// a property with its index as name.
void DataEncoder::write_slow_elements(u32 length) {
  constexpr u32 kGapMax = 64;
  u32 dense = 0, taken = 0;
  for (; taken < properties_.size() && properties_[taken].is_index; ++taken) {
    const u32 index = properties_[taken].index;
    if (index >= length || index - dense > kGapMax + taken) break;
    dense = index + 1;
  }
  put_count(dense);
  u32 next = 0;
  for (u32 i = 0; i < taken && ok(); ++i) {
    for (; next < properties_[i].index; ++next) put(Q_DATA_HOLE);
    ++next;
    at(kIndex, properties_[i].index);
    if (properties_[i].accessor != 0) {
      write_property(properties_[i]);
    } else {
      write(properties_[i].value);
    }
    if ((i & 63) == 63) memory_.spend(1);
  }
  put_count(properties_.size() - taken);
  for (u32 i = taken; i < properties_.size() && ok(); ++i) {
    write_name(properties_[i].key);
    write_property(properties_[i]);
  }
}

void DataEncoder::write_map_record(JSValueConst map, bool is_set) {
  put_count(qp_map_size(map));
  u32 n = 0;
  for (void* record = qp_map_next(map, nullptr); record != nullptr && ok();
       record = qp_map_next(map, record), ++n) {
    JSValueConst key, value;
    qp_map_entry(record, &key, &value);
    at(is_set ? kSetValue : kMapKey, n);
    write(key);
    if (!is_set) {
      at(kMapValue, n);
      write(value);
    }
    if ((n & 31) == 31) memory_.spend(1);
  }
}

void DataEncoder::write_error_record(JSValueConst error) {
  JSValueConst hidden_name = JS_UNDEFINED, hidden_message = JS_UNDEFINED;
  const bool is_dom = qd_dom_exception(error, &hidden_name, &hidden_message);
  const JSAtom keys[] = {qp_atom(QP_ATOM_NAME), qp_atom(QP_ATOM_MESSAGE), qp_atom(QP_ATOM_STACK),
                         qp_atom(QP_ATOM_CAUSE), qp_atom(QP_ATOM_ERRORS)};
  Held parts[] = {Held(is_dom ? JS_DupValue(ctx_, hidden_name)
                              : qi_data_property(ctx_, error, keys[0])),
                  Held(is_dom ? JS_DupValue(ctx_, hidden_message)
                              : qi_own_data_property(error, keys[1])),
                  Held(qi_error_stack(ctx_, error)), Held(qi_own_data_property(error, keys[3])),
                  Held(qi_own_data_property(error, keys[4]))};
  u8 present = 0;
  for (u32 i = 0; i < 5; ++i) {
    const bool is_text = i < 3;
    if (is_text ? JS_IsString(parts[i].get()) : !JS_IsUndefined(parts[i].get())) {
      present = (u8)(present | 1u << i);
    }
  }
  put(present);
  for (u32 i = 0; i < 5; ++i) {
    if ((present & 1u << i) == 0) continue;
    at(i == 4 ? kErrors : i == 3 ? kCause : kName, keys[i]);
    write(parts[i].get());
  }
  gather(error, false);
  const auto is_part = [&](JSAtom key) {
    for (JSAtom part : keys) {
      if (part == key) return true;
    }
    return false;
  };
  u32 count = 0;
  for (const Property& property : properties_) count += is_part(property.key) ? 0 : 1;
  put_count(count);
  for (u32 i = 0; i < properties_.size() && ok(); ++i) {
    if (is_part(properties_[i].key)) continue;
    write_name(properties_[i].key);
    write_property(properties_[i]);
  }
  forget_properties();
}

void DataEncoder::write_promise_record(JSValueConst promise) {
  const JSPromiseStateEnum state = JS_PromiseState(ctx_, promise);
  put(state == JS_PROMISE_PENDING ? Q_PENDING
                                  : state == JS_PROMISE_FULFILLED ? Q_FULFILLED : Q_REJECTED);
  Held result(JS_PromiseResult(ctx_, promise));
  at(kOutcome, 0);
  write(result.get());
}

// ---- properties that must be asked for ----------------------------------------------------------

void DataEncoder::gather(JSValueConst object, bool with_indices) {
  forget_properties();
  JSPropertyEnum* keys;
  u32 count;
  const int failed =
      with_indices ? JS_GetOwnPropertyNames(ctx_, &keys, &count, object,
                                            JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY)
                   : qp_own_keys(ctx_, object, false, &keys, &count);
  if (failed) return memory_.fail();
  for (u32 i = 0; i < count; ++i) {
    if (!with_indices && (!keys[i].is_enumerable || qp_atom_is_symbol(ctx_, keys[i].atom)))
      continue;
    if (!add_property(object, keys[i].atom)) break;
    if ((i & 63) == 63) memory_.spend(1);
  }
  JS_FreePropertyEnum(ctx_, keys, count);
  if (runs_code()) shapes_.clear();  // shapes may have changed, or gone
}

bool DataEncoder::add_property(JSValueConst object, JSAtom key) {
  Property property{key, JS_UNDEFINED, 0, false, 0};
  property.is_index = qp_atom_is_index(ctx_, key, &property.index);
  if (qp_class_of(object) == QP_PROXY) {
    property.value = JS_GetProperty(ctx_, object, key);
  } else {
    JSPropertyDescriptor found;
    const int has = JS_GetOwnProperty(ctx_, &found, object, key);
    if (has < 0) return memory_.fail(), false;
    if (has == 0) return true;  // a getter has removed it
    property.value = found.value;
    if ((found.flags & JS_PROP_GETSET) != 0) {
      if ((flags_ & Q_DATA_RUN_GETTERS) == 0) {
        property.accessor = (u8)((JS_IsUndefined(found.getter) ? 0 : Q_DATA_HAS_GETTER) |
                                 (JS_IsUndefined(found.setter) ? 0 : Q_DATA_HAS_SETTER));
      } else if (!JS_IsUndefined(found.getter)) {
        property.value = JS_Call(ctx_, found.getter, object, 0, nullptr);
      }
      JS_FreeValue(ctx_, found.getter);
      JS_FreeValue(ctx_, found.setter);
    }
  }
  if (JS_IsException(property.value)) return memory_.fail(), false;
  if (!properties_.push(property)) return JS_FreeValue(ctx_, property.value), false;
  JS_DupAtom(ctx_, key);
  return true;
}

void DataEncoder::forget_properties() {
  while (!properties_.empty()) {
    JS_FreeAtom(ctx_, properties_.last().key);
    JS_FreeValue(ctx_, properties_.last().value);
    properties_.pop();
  }
}

// ---- refusals -----------------------------------------------------------------------------------

void DataEncoder::refuse(const char* why, const char* what) {
  if (!ok()) return;
  add_path(step_, key_, parent_);
  refusal_.add(why);
  if (what != nullptr) refusal_.add(what);
}

void DataEncoder::add_path(Step step, u32 key, u32 parent) {
  constexpr u32 kStepsMax = 64;  // the last ones, when there are more
  struct {
    Step step;
    u32 key;
  } steps[kStepsMax];
  u32 count = 0;
  for (; step != kRoot && count < kStepsMax; ++count) {
    steps[count] = {step, key};
    const Entry& entry = entries_[parent];
    step = entry.step, key = entry.key, parent = entry.parent;
  }
  refusal_.add(step == kRoot ? "$" : "$...");
  while (count-- > 0) add_step(steps[count].step, steps[count].key);
}

void DataEncoder::add_step(Step step, u32 key) {
  switch (step) {
    case kRoot: return;
    case kCause: return refusal_.add(".cause");
    case kErrors: return refusal_.add(".errors");
    case kOutcome: return refusal_.add(".<result>");
    case kIndex: break;
    case kMapKey: refusal_.add(".<key>"); break;
    case kMapValue: refusal_.add(".<value>"); break;
    case kSetValue: refusal_.add(".<value>"); break;
    case kName: {
      Held name(JS_AtomToString(ctx_, key));
      if (name.failed()) return memory_.fail();
      Text text(memory_);
      text.add_string(name.get());
      bool is_plain = !text.empty();
      for (u32 i = 0; i < text.length(); ++i) {
        const u16 unit = text[i];
        const bool is_digit = unit >= '0' && unit <= '9';
        const bool is_letter = (unit | 32) >= 'a' && (unit | 32) <= 'z';
        is_plain = is_plain && (is_letter || unit == '_' || unit == '$' || (is_digit && i > 0));
      }
      refusal_.add(is_plain ? "." : "[\"");
      refusal_.add(text);
      return refusal_.add(is_plain ? "" : "\"]");
    }
  }
  refusal_.add("[");
  refusal_.add_number(key);
  refusal_.add("]");
}

}  // namespace quiesce::guest

wire q_data_encode(wire value, u32 flags, u32 bytes_max) {
  enter();
  JSContext* ctx = machine.ctx;
  machine.shared.view = {};
  Held root = Held::copy(from_wire(value));
  quiesce::guest::DataEncoder encoder(ctx, flags, bytes_max);
  switch (encoder.run(root.get())) {
    case quiesce::guest::DataEncoder::kDone: break;
    case quiesce::guest::DataEncoder::kThrown: return take_exception();
    case quiesce::guest::DataEncoder::kRefused: return outcome(encoder.refusal());
    case quiesce::guest::DataEncoder::kTooLarge: return number_wire(bytes_max);
  }
  if (machine.shared.stop != Q_STOP_NONE) return outcome(JS_TRUE);
  u32 bytes;
  uint8_t* form = encoder.release(&bytes);
  machine.shared.view = {reinterpret_cast<u32>(form), bytes, 1};
  return boolean_wire(true);
}
