// What stands behind the root value: the records of objects, in the order of their numbers.
#include "data_encode.hpp"
#include "inspect.hpp"
#include "inspect_internals.h"
#include "wires.hpp"

namespace quiesce::guest {

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
  Held parts[] = {
      Held(is_dom ? JS_DupValue(ctx_, hidden_name) : qi_data_property(ctx_, error, keys[0])),
      Held(is_dom ? JS_DupValue(ctx_, hidden_message) : qi_own_data_property(error, keys[1])),
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
  put(state == JS_PROMISE_PENDING     ? Q_PENDING
      : state == JS_PROMISE_FULFILLED ? Q_FULFILLED
                                      : Q_REJECTED);
  Held result(JS_PromiseResult(ctx_, promise));
  at(kOutcome, 0);
  write(result.get());
}

// ---- properties that must be asked for ----------------------------------------------------------

void DataEncoder::gather(JSValueConst object, bool with_indices) {
  forget_properties();
  JSPropertyEnum* keys;
  u32 count;
  const int failed = with_indices ? JS_GetOwnPropertyNames(ctx_, &keys, &count, object,
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

}  // namespace quiesce::guest
