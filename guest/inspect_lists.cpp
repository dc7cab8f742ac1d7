// Entries that are not properties: items of arrays, collections, buffers, promises.
#include "inspect_formatter.hpp"

namespace quiesce::guest {

void Formatter::more_items(Entries& out, double count) {
  if (count <= 0) return;
  out.text().add("... ");
  out.text().add_number(count);
  out.add(count > 1 ? " more items" : " more item");
}

uint32_t Formatter::array_length(JSValueConst array) {
  Descriptor length(memory_);
  double value = 0;
  if (!length.read_own(array, qp_atom(QP_ATOM_LENGTH)) || !JS_IsNumber(length.value)) return 0;
  JS_ToFloat64(ctx_, &value, length.value);
  return static_cast<uint32_t>(value);
}

void Formatter::array_items(Entries& out, Shape& shape) {
  const uint32_t length = array_length(shape.object);
  const uint32_t shown = list_max(length);
  for (uint32_t i = 0; i < shown && !memory_.failed(); ++i) {
    memory_.spend(1);
    JSAtom key = JS_NewAtomUInt32(ctx_, i);
    if (key == JS_ATOM_NULL) return memory_.fail();
    Descriptor item(memory_);
    const bool present = item.read_own(shape.object, key);
    JS_FreeAtom(ctx_, key);
    if (!present) return sparse_items(out, shape, i, shown);
    property_value(out.text(), item, shape.level + 1, Extras::array_item);
    out.close();
  }
  more_items(out, static_cast<double>(length) - shown);
}

/// From the first hole on: runs of holes are counted, and count as one entry.
void Formatter::sparse_items(Entries& out, Shape& shape, uint32_t from, uint32_t shown_max) {
  const auto add_holes = [&](double count) {
    {
      const Paint paint(options_, out.text(), Style::undefined);
      out.text().add("<");
      out.text().add_number(count);
      out.text().add(count > 1 ? " empty items>" : " empty item>");
    }
    out.close();
  };
  JSPropertyEnum* keys = nullptr;
  uint32_t count = 0;
  if (qp_own_keys(ctx_, shape.object, true, &keys, &count) < 0) return memory_.fail();
  double next = from;
  uint32_t visible = 0;  // enumerable keys seen so far
  for (uint32_t i = 0; i < count && out.count() < shown_max && !memory_.failed(); ++i) {
    uint32_t index = 0;
    if (!keys[i].is_enumerable || visible++ < from) continue;
    if (!qp_atom_is_index(ctx_, keys[i].atom, &index)) break;
    if (index != next) {
      add_holes(index - next);
      next = index;
      if (out.count() == shown_max) break;
    }
    property(out.text(), shape.object, shape.level + 1, keys[i].atom, Extras::array_item);
    out.close();
    ++next;
  }
  JS_FreePropertyEnum(ctx_, keys, count);
  const double remaining = array_length(shape.object) - next;
  if (out.count() != shown_max) {
    if (remaining > 0) add_holes(remaining);
  } else {
    more_items(out, remaining);
  }
}

void Formatter::typed_array_items(Entries& out, Shape& shape) {
  const uint32_t length = qp_typed_array_length(shape.object);
  const uint32_t shown = list_max(length);
  for (uint32_t i = 0; i < shown && !memory_.failed(); ++i) {
    JSValue item =
        JS_GetPropertyUint32(ctx_, shape.object, i);  // inside the bounds: reads the element itself
    if (JS_IsException(item)) return memory_.fail();
    primitive(out.text(), item);
    JS_FreeValue(ctx_, item);
    out.close();
  }
  more_items(out, static_cast<double>(length) - shown);
  if (options_.show_hidden) typed_array_fields(out, shape);
}

void Formatter::typed_array_fields(Entries& out, Shape& shape) {
  qp_view view;
  qp_view_of(shape.object, &view);
  indentation_ += 2;
  number_property(out, "[BYTES_PER_ELEMENT]", view.bytes_per_element);
  number_property(out, "[length]", qp_typed_array_length(shape.object));
  number_property(out, "[byteLength]", view.bytes);
  number_property(out, "[byteOffset]", view.offset);
  out.text().add("[buffer]: ");
  value(out.text(), view.buffer, shape.level + 1, true);
  out.close();
  indentation_ -= 2;
}

void Formatter::map_items(Entries& out, Shape& shape) {
  const uint32_t size = qp_map_size(shape.object);
  const uint32_t shown = list_max(size);
  indentation_ += 2;
  void* record = nullptr;
  for (uint32_t i = 0; i < shown && !memory_.failed(); ++i) {
    record = qp_map_next(shape.object, record);
    if (record == nullptr) break;
    JSValueConst key, item;
    qp_map_entry(record, &key, &item);
    value(out.text(), key, shape.level + 1);
    out.text().add(" => ");
    value(out.text(), item, shape.level + 1);
    out.close();
  }
  more_items(out, static_cast<double>(size) - shown);
  indentation_ -= 2;
}

void Formatter::set_items(Entries& out, Shape& shape) {
  const uint32_t size = qp_map_size(shape.object);
  const uint32_t shown = list_max(size);
  indentation_ += 2;
  void* record = nullptr;
  for (uint32_t i = 0; i < shown && !memory_.failed(); ++i) {
    record = qp_map_next(shape.object, record);
    if (record == nullptr) break;
    JSValueConst item, unused;
    qp_map_entry(record, &item, &unused);
    value(out.text(), item, shape.level + 1);
    out.close();
  }
  more_items(out, static_cast<double>(size) - shown);
  indentation_ -= 2;
}

/// Nothing but the garbage collector knows what a weak collection still holds, unless hidden things
/// are asked for.
void Formatter::weak_items(Entries& out, Shape& shape) {
  if (!options_.show_hidden) return special_item(out, "<items unknown>");
  // A collection while an entry is printed may drop the next one: hold all of them first.
  List<JSValue> held(memory_);
  for (void* record = qp_map_next(shape.object, nullptr); record != nullptr;
       record = qp_map_next(shape.object, record)) {
    JSValueConst key, item;
    qp_map_entry(record, &key, &item);
    if (!held.push(key)) break;
    JS_DupValue(ctx_, key);
    if (!held.push(item)) break;
    JS_DupValue(ctx_, item);
  }
  const uint32_t size = held.size() / 2;
  const uint32_t shown = list_max(size);
  indentation_ += 2;
  for (uint32_t i = 0; i < shown && !memory_.failed(); ++i) {
    value(out.text(), held[i * 2], shape.level + 1);
    if (shape.kind == QP_WEAK_MAP) {
      out.text().add(" => ");
      value(out.text(), held[i * 2 + 1], shape.level + 1);
    }
    out.close();
  }
  indentation_ -= 2;
  sort(out, 0);
  more_items(out, static_cast<double>(size) - shown);
  for (JSValue value : held) JS_FreeValue(ctx_, value);
}

/// "[Map Iterator] {", or "[Map Entries] {" when it gives pairs.
void Formatter::iterator_open(Shape& shape, const char* type) {
  JSValueConst map;
  void* record;
  const bool pairs = qp_map_iterator(shape.object, &map, &record) == QP_ENTRIES;
  Text usual(memory_);
  usual.add(type);
  usual.add(" Iterator");
  shape.open.add("[");
  if (!shape.tag.empty() && !shape.tag.equals(usual)) {
    shape.open.add(shape.tag);
    shape.open.add("] [");
  }
  shape.open.add(type);
  shape.open.add(pairs ? " Entries] {" : " Iterator] {");
}

void Formatter::iterator_items(Entries& out, Shape& shape) {
  const int level = shape.level + 1;
  JSValueConst map;
  void* record;
  const qp_iterator_kind kind = qp_map_iterator(shape.object, &map, &record);
  if (!JS_IsObject(map)) return;
  const bool is_map = shape.kind == QP_MAP_ITERATOR;
  double left_out = 0;
  indentation_ += 2;
  for (record = qp_map_next(map, record); record != nullptr && !memory_.failed();
       record = qp_map_next(map, record)) {
    if (out.count() >= options_.array_length_max) {
      ++left_out;
      continue;
    }
    JSValueConst key, item;
    qp_map_entry(record, &key, &item);
    if (!is_map) item = key;
    if (kind != QP_ENTRIES) {
      value(out.text(), kind == QP_KEYS ? key : item, level);
    } else {
      Entries pair(memory_);
      value(pair.text(), key, level);
      pair.close();
      value(pair.text(), item, level);
      pair.close();
      Text base(memory_), open(memory_);
      open.add("[");
      join(out.text(), pair, base, open, ']', Extras::array, level, JS_UNDEFINED);
    }
    out.close();
  }
  indentation_ -= 2;
  more_items(out, left_out);
}

void Formatter::buffer_items(Entries& out, Shape& shape) {
  qp_bytes bytes;
  qp_array_buffer(shape.object, &bytes);
  if (bytes.detached) {
    out.add("(detached)");
  } else {
    const uint32_t shown = list_max(bytes.bytes);
    Text& text = out.text();
    {
      const Paint paint(options_, text, Style::special);
      text.add("[Uint8Contents]");
    }
    text.add(": <");
    for (uint32_t i = 0; i < shown; ++i) {
      constexpr char kHex[] = "0123456789abcdef";
      if (i > 0) text.add(" ");
      text.add_unit(static_cast<uint8_t>(kHex[bytes.data[i] >> 4]));
      text.add_unit(static_cast<uint8_t>(kHex[bytes.data[i] & 15]));
    }
    if (bytes.bytes > shown) {
      text.add(" ... ");
      text.add_number(bytes.bytes - shown);
      text.add(bytes.bytes - shown > 1 ? " more bytes" : " more byte");
    }
    out.add(">");
  }
  slot_property(out, shape, "byteLength", JS_NewUint32(ctx_, bytes.bytes));
}

/// What the engine's own getter `name` would answer; or what somebody put in its place.
void Formatter::slot_property(Entries& out, Shape& shape, const char* name, JSValueConst slot) {
  JSAtom key = JS_NewAtom(ctx_, name);
  if (key == JS_ATOM_NULL) return memory_.fail();
  Descriptor found(memory_);
  if (found.read(shape.object, key) && found.is_accessor() && qp_is_native(found.getter)) {
    out.text().add(name);
    out.text().add(": ");
    indentation_ += 2;
    value(out.text(), slot, shape.level + 1);
    indentation_ -= 2;
  } else {
    property(out.text(), shape.object, shape.level + 1, key, Extras::object);
  }
  out.close();
  JS_FreeAtom(ctx_, key);
}

void Formatter::view_items(Entries& out, Shape& shape) {
  qp_view view;
  qp_view_of(shape.object, &view);
  slot_property(out, shape, "byteLength", JS_NewUint32(ctx_, view.bytes));
  slot_property(out, shape, "byteOffset", JS_NewUint32(ctx_, view.offset));
  slot_property(out, shape, "buffer", view.buffer);
}

void Formatter::special_item(Entries& out, const char* text) {
  {
    const Paint paint(options_, out.text(), Style::special);
    out.text().add(text);
  }
  out.close();
}

void Formatter::promise_items(Entries& out, Shape& shape) {
  const JSPromiseStateEnum state = JS_PromiseState(ctx_, shape.object);
  if (state == JS_PROMISE_PENDING) return special_item(out, "<pending>");
  if (state == JS_PROMISE_REJECTED) {
    const Paint paint(options_, out.text(), Style::special);
    out.text().add("<rejected>");
  }
  if (state == JS_PROMISE_REJECTED) out.text().add(" ");
  JSValue result = JS_PromiseResult(ctx_, shape.object);
  indentation_ += 2;
  value(out.text(), result, shape.level + 1);
  indentation_ -= 2;
  JS_FreeValue(ctx_, result);
  out.close();
}

}  // namespace quiesce::guest
