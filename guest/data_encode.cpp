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
  put((u8)((bytes.is_resizable ? Q_DATA_RESIZABLE : 0) | (bytes.is_detached ? Q_DATA_DETACHED : 0) |
           (stays ? Q_DATA_BYTES_AT : 0)));
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
