#include "inspect.hpp"

#include "inspect_formatter.hpp"

namespace quiesce::guest {

// ---- small parts --------------------------------------------------------------------------------

uint32_t Keys::find(JSAtom key) const {
  for (uint32_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i] == key) return i;
  }
  return keys_.size();
}

void Keys::add(JSAtom key) {
  if (keys_.push(key)) JS_DupAtom(memory_.ctx(), key);
}

void Descriptor::clear() {
  JS_FreeValue(memory.ctx(), value);
  JS_FreeValue(memory.ctx(), getter);
  JS_FreeValue(memory.ctx(), setter);
  value = getter = setter = JS_UNDEFINED;
  accessor = enumerable = uninitialized = false;
}

bool Descriptor::read_own(JSValueConst object, JSAtom key) {
  clear();
  if (memory.failed() || qp_class_of(object) == QP_PROXY) return false;
  JSPropertyDescriptor found;
  const int present = JS_GetOwnProperty(memory.ctx(), &found, object, key);
  if (present < 0) {
    // A binding of a module that is not evaluated yet throws; anything else is a lack of memory.
    if (qp_class_of(object) != QP_MODULE) {
      memory.fail();
      return false;
    }
    JS_FreeValue(memory.ctx(), JS_GetException(memory.ctx()));
    uninitialized = enumerable = true;
    return true;
  }
  if (present == 0) return false;
  value = found.value;
  getter = found.getter;
  setter = found.setter;
  accessor = (found.flags & JS_PROP_GETSET) != 0;
  enumerable = (found.flags & JS_PROP_ENUMERABLE) != 0;
  return true;
}

bool Descriptor::read(JSValueConst object, JSAtom key) {
  JSValueConst at = behind_proxies(object);
  for (uint32_t steps = 0; JS_IsObject(at) && steps < kChainMax; ++steps) {
    if (read_own(at, key)) return true;
    at = next_in_chain(at);
  }
  clear();
  return false;
}

JSValueConst behind_proxies(JSValueConst value) {
  for (uint32_t i = 0; i < kProxiesMax && qp_class_of(value) == QP_PROXY; ++i) {
    value = qp_proxy_target(value);
  }
  return value;
}

JSValueConst next_in_chain(JSValueConst object) { return behind_proxies(qp_prototype(object)); }

bool chain_contains(JSValueConst object, JSValueConst prototype) {
  if (!JS_IsObject(prototype)) return false;
  const void* wanted = JS_VALUE_GET_PTR(prototype);
  JSValueConst at = next_in_chain(object);
  for (uint32_t steps = 0; JS_IsObject(at) && steps < kChainMax; ++steps) {
    if (JS_VALUE_GET_PTR(at) == wanted) return true;
    at = next_in_chain(at);
  }
  return false;
}

uint32_t References::find(const void* object) const {
  if (capacity_ == 0) return 0;
  for (uint32_t i = home(object); slots_[i].object != nullptr; i = (i + 1) & (capacity_ - 1)) {
    if (slots_[i].object == object) return slots_[i].number;
  }
  return 0;
}

uint32_t References::find_or_add(const void* object) {
  if (const uint32_t number = find(object)) return number;
  if ((count_ + 1) * 4 > capacity_ * 3 && !grow()) return 0;
  uint32_t i = home(object);
  while (slots_[i].object != nullptr) i = (i + 1) & (capacity_ - 1);
  slots_[i] = {object, ++count_};
  return count_;
}

bool References::grow() {
  Slot* old = slots_;
  const uint32_t old_capacity = capacity_;
  const uint32_t capacity = capacity_ == 0 ? 16 : capacity_ * 2;
  auto* slots = static_cast<Slot*>(memory_.resize(nullptr, capacity * sizeof(Slot)));
  if (slots == nullptr) return false;
  for (uint32_t i = 0; i < capacity; ++i) slots[i] = {nullptr, 0};
  slots_ = slots;
  capacity_ = capacity;
  for (uint32_t i = 0; i < old_capacity; ++i) {
    if (old[i].object == nullptr) continue;
    uint32_t to = home(old[i].object);
    while (slots_[to].object != nullptr) to = (to + 1) & (capacity_ - 1);
    slots_[to] = old[i];
  }
  js_free(memory_.ctx(), old);
  return true;
}

// ---- values -------------------------------------------------------------------------------------

void Formatter::value(Text& out, JSValueConst value, int level, bool in_view) {
  if (memory_.failed()) return;
  if (!JS_IsObject(value)) return primitive(out, value);
  memory_.spend(1);
  if (qp_class_of(value) == QP_PROXY) {
    JSValueConst target = behind_proxies(value);
    if (JS_IsNull(qp_proxy_target(value)) || JS_IsNull(target)) {
      const Paint paint(options_, out, Style::special);
      return out.add("<Revoked Proxy>");
    }
    if (qp_class_of(target) == QP_PROXY) return out.add("[Proxy]");
    if (options_.show_proxy) return proxy(out, value, level);
    value = target;
  }
  if (JS_IsObject(options_.custom_texts) && custom_text(out, value)) return;
  object(out, value, level, in_view);
}

bool Formatter::custom_text(Text& out, JSValueConst value) {
  Descriptor count(memory_), entry(memory_);
  double length = 0;
  if (count.read_own(options_.custom_texts, qp_atom(QP_ATOM_LENGTH)))
    JS_ToFloat64(ctx_, &length, count.value);
  for (uint32_t i = 0; i + 1 < length && !memory_.failed(); i += 2) {
    JSValue object = JS_GetPropertyUint32(ctx_, options_.custom_texts, i);
    const bool is_it = JS_IsObject(object) && JS_VALUE_GET_PTR(object) == JS_VALUE_GET_PTR(value);
    JS_FreeValue(ctx_, object);
    if (!is_it) continue;
    JSValue string = JS_GetPropertyUint32(ctx_, options_.custom_texts, i + 1);
    Text text(memory_);
    text.add_string(string);
    JS_FreeValue(ctx_, string);
    for (uint32_t begin = 0; begin < text.length();) {
      uint32_t end = text.find('\n', begin);
      end = end == Text::kNotFound ? text.length() : end + 1;
      out.add_slice(text, begin, end);
      if (text[end - 1] == '\n') out.add_spaces(indentation_);
      begin = end;
    }
    return true;
  }
  return false;
}

void Formatter::proxy(Text& out, JSValueConst proxy, int level) {
  if (too_deep(level)) return out.add("Proxy [Array]");
  if (qp_stack_is_low(ctx_))
    return out.add(
        "[Proxy: Inspection interrupted prematurely. Maximum call stack size exceeded.]");
  Entries parts(memory_);
  indentation_ += 2;
  value(parts.text(), qp_proxy_target(proxy), level + 1);
  parts.close();
  value(parts.text(), qp_proxy_handler(proxy), level + 1);
  parts.close();
  indentation_ -= 2;
  Text base(memory_), open(memory_);
  open.add("Proxy [");
  join(out, parts, base, open, ']', Extras::array, level + 1, JS_UNDEFINED);
}

void Formatter::object(Text& out, JSValueConst object, int level, bool in_view) {
  const void* identity = JS_VALUE_GET_PTR(object);
  for (const void* seen : seen_) {
    if (seen != identity) continue;
    const Paint paint(options_, out, Style::special);
    out.add("[Circular *");
    out.add_number(references_.find_or_add(identity));
    return out.add("]");
  }
  Shape shape(memory_, object, level);
  shape.kind = qp_class_of(object);
  const bool with_prototypes = options_.show_hidden && !too_deep(level);
  shape.has_constructor = constructor_name(shape.constructor, object, level,
                                           with_prototypes ? &shape.prototype_entries : nullptr);
  tag_of(shape.tag, object, shape.kind);
  if (qp_stack_is_low(ctx_)) {
    out.add("[");
    generic_prefix(out, shape);
    out.truncate(out.length() - 1);
    return out.add(": Inspection interrupted prematurely. Maximum call stack size exceeded.]");
  }
  describe(out, shape, in_view);
  if (memory_.failed() || shape.done) return;
  if (too_deep(level)) {
    const Paint paint(options_, out, Style::special);
    if (shape.has_constructor) out.add("[");
    generic_prefix(out, shape);
    if (!memory_.failed()) out.truncate(out.length() - 1);
    if (shape.has_constructor) out.add("]");
    return;
  }
  entries(out, shape);
}

void Formatter::entries(Text& out, Shape& shape) {
  const int level = shape.level + 1;
  const void* identity = JS_VALUE_GET_PTR(shape.object);
  if (!seen_.push(identity)) return;
  current_level_ = level;
  Entries entries(memory_);
  if (shape.list != nullptr) (this->*shape.list)(entries, shape);
  const uint32_t listed = entries.count();
  for (uint32_t i = 0; i < shape.keys.count() && !memory_.failed(); ++i) {
    property(entries.text(), shape.object, level, shape.keys[i], shape.extras);
    entries.close();
  }
  for (uint32_t i = 0; i < shape.prototype_entries.count(); ++i) {
    entries.text().add_slice(shape.prototype_entries.text(), shape.prototype_entries.begin(i),
                             shape.prototype_entries.end(i));
    entries.close();
  }
  seen_.pop();
  if (const uint32_t number = references_.find(identity)) {
    Text reference(memory_);
    {
      const Paint paint(options_, reference, Style::special);
      reference.add("<ref *");
      reference.add_number(number);
      reference.add(">");
    }
    Text& before = options_.compact_all ? shape.open : shape.base;
    if (!before.empty()) reference.add(" ");
    reference.add(before);
    before.clear();
    before.add(reference);
  }
  if (options_.sorted) sort(entries, shape.extras == Extras::object ? 0 : listed);
  const uint32_t start = out.length();
  join(out, entries, shape.base, shape.open, shape.close, shape.extras, level, shape.object);
  if (!memory_.failed()) spend(out.length() - start);
}

// ---- what kind of object ------------------------------------------------------------------------

void Formatter::describe(Text& out, Shape& shape, bool in_view) {
  Descriptor iterator(memory_);
  const bool iterable =
      !shape.has_constructor || iterator.read(shape.object, qp_atom(QP_ATOM_SYMBOL_ITERATOR));
  if (iterable && describe_iterable(out, shape)) return;
  own_keys(shape.keys, shape.object, shape.kind != QP_STRING);
  if (JS_IsFunction(ctx_, shape.object)) {
    function_base(shape.base, shape);
    shape.open.add("{");
    if (shape.bare()) {
      const Paint paint(options_, out, Style::special);
      finish_bare(out, shape);
    }
  } else if (shape.has_constructor && shape.constructor.equals("Object")) {
    describe_plain(out, shape);
  } else {
    describe_other(out, shape, in_view);
  }
}

/// The whole text is the base.
void Formatter::finish_bare(Text& out, Shape& shape) {
  out.add(shape.base);
  shape.done = true;
}

bool Formatter::describe_iterable(Text& out, Shape& shape) {
  double size = 0;
  switch (shape.kind) {
    case QP_ARRAY:
      own_keys(shape.keys, shape.object, false);
      size = array_length(shape.object);
      if (!shape.has_constructor || !shape.constructor.equals("Array") || !shape.tag.empty())
        prefix(shape.open, shape, "Array", size);
      shape.list = &Formatter::array_items;
      break;
    case QP_SET:
    case QP_MAP:
      own_keys(shape.keys, shape.object, true);
      size = qp_map_size(shape.object);
      prefix(shape.open, shape, shape.kind == QP_SET ? "Set" : "Map", size);
      shape.list = shape.kind == QP_SET ? &Formatter::set_items : &Formatter::map_items;
      break;
    case QP_TYPED_ARRAY: {
      own_keys(shape.keys, shape.object, false);
      size = qp_typed_array_length(shape.object);
      Text fallback(memory_);
      if (!shape.has_constructor) {
        JSValue name = qp_class_name(ctx_, shape.object);
        fallback.add_string(name);
        JS_FreeValue(ctx_, name);
      }
      prefix(shape.open, shape, fallback, size);
      shape.list = &Formatter::typed_array_items;
      break;
    }
    case QP_MAP_ITERATOR:
    case QP_SET_ITERATOR:
      own_keys(shape.keys, shape.object, true);
      iterator_open(shape, shape.kind == QP_MAP_ITERATOR ? "Map" : "Set");
      shape.list = &Formatter::iterator_items;
      return true;
    default: return false;
  }
  const bool list = shape.kind == QP_ARRAY || shape.kind == QP_TYPED_ARRAY;
  shape.close = list ? ']' : '}';
  shape.open.add(list ? "[" : "{");
  if (list) shape.extras = Extras::array;
  const bool shows_fields = shape.kind == QP_TYPED_ARRAY && options_.show_hidden;
  if (size == 0 && shape.bare() && !shows_fields) {
    out.add(shape.open);
    out.add_unit(static_cast<uint16_t>(shape.close));
    shape.done = true;
  }
  return true;
}

void Formatter::describe_plain(Text& out, Shape& shape) {
  if (shape.kind == QP_ARGUMENTS) {
    shape.open.add("[Arguments] ");
  } else if (!shape.tag.empty()) {
    prefix(shape.open, shape, "Object");
  }
  shape.open.add("{");
  if (!shape.bare()) return;
  out.add(shape.open);
  out.add("}");
  shape.done = true;
}

void Formatter::describe_other(Text& out, Shape& shape, bool in_view) {
  if (shape.kind == QP_REGEXP || shape.kind == QP_DATE) {
    const bool regexp = shape.kind == QP_REGEXP;
    prefix(shape.base, shape, regexp ? "RegExp" : "Date");
    if (shape.base.equals(regexp ? "RegExp " : "Date ")) shape.base.clear();
    JSValue text = regexp ? qp_regexp_text(ctx_, shape.object) : qp_date_text(ctx_, shape.object);
    if (JS_IsException(text)) return memory_.fail();
    shape.base.add_string(text);
    JS_FreeValue(ctx_, text);
    shape.open.add("{");
    if (shape.bare() || (regexp && too_deep(shape.level))) {
      const Paint paint(options_, out, regexp ? Style::regexp : Style::date);
      finish_bare(out, shape);
    }
  } else if (is_error(shape.object, shape.kind)) {
    error_base(shape.base, shape);
    shape.open.add("{");
    if (shape.bare()) finish_bare(out, shape);
  } else if (shape.kind == QP_NUMBER || shape.kind == QP_STRING || shape.kind == QP_BOOLEAN ||
             shape.kind == QP_BIGINT || shape.kind == QP_SYMBOL) {
    describe_boxed(out, shape);
  } else {
    describe_buffer(out, shape, in_view);
  }
}

void Formatter::describe_buffer(Text& out, Shape& shape, bool in_view) {
  switch (shape.kind) {
    case QP_ARRAY_BUFFER:
    case QP_SHARED_ARRAY_BUFFER: {
      prefix(shape.open, shape,
             shape.kind == QP_ARRAY_BUFFER ? "ArrayBuffer" : "SharedArrayBuffer");
      shape.list = &Formatter::buffer_items;
      if (in_view && shape.bare()) {
        qp_bytes bytes;
        qp_array_buffer(shape.object, &bytes);
        out.add(shape.open);
        out.add("{ byteLength: ");
        out.add_number(bytes.bytes);
        out.add(" }");
        shape.done = true;
      }
      break;
    }
    case QP_DATA_VIEW:
      prefix(shape.open, shape, "DataView");
      shape.list = &Formatter::view_items;
      break;
    case QP_PROMISE:
      prefix(shape.open, shape, "Promise");
      shape.list = &Formatter::promise_items;
      break;
    case QP_WEAK_SET:
    case QP_WEAK_MAP:
      prefix(shape.open, shape, shape.kind == QP_WEAK_SET ? "WeakSet" : "WeakMap");
      shape.list = &Formatter::weak_items;
      break;
    case QP_MODULE: prefix(shape.open, shape, "Module"); break;
    default:
      generic_prefix(shape.open, shape);
      if (shape.bare()) {
        out.add(shape.open);
        out.add("{}");
        shape.done = true;
      }
  }
  shape.open.add("{");
}

void Formatter::describe_boxed(Text& out, Shape& shape) {
  const char* type = shape.kind == QP_NUMBER    ? "Number"
                     : shape.kind == QP_STRING  ? "String"
                     : shape.kind == QP_BOOLEAN ? "Boolean"
                     : shape.kind == QP_BIGINT  ? "BigInt"
                                                : "Symbol";
  Text& base = shape.base;
  base.add("[");
  base.add(type);
  if (!shape.has_constructor) {
    base.add(" (null prototype)");
  } else if (!shape.constructor.equals(type)) {
    base.add(" (");
    base.add(shape.constructor);
    base.add(")");
  }
  base.add(": ");
  InspectOptions plain = options_;
  plain.colors = false;
  Formatter(memory_, plain).primitive(base, qp_object_data(shape.object));
  base.add("]");
  if (!shape.tag.empty() && !(shape.has_constructor && shape.tag.equals(shape.constructor))) {
    base.add(" [");
    base.add(shape.tag);
    base.add("]");
  }
  shape.open.add("{");
  if (!shape.bare()) return;
  const Paint paint(options_, out,
                    shape.kind == QP_STRING    ? Style::string
                    : shape.kind == QP_BOOLEAN ? Style::boolean
                    : shape.kind == QP_SYMBOL  ? Style::symbol
                                               : Style::number);
  finish_bare(out, shape);
}

// ---- properties ---------------------------------------------------------------------------------

void Formatter::own_keys(Keys& keys, JSValueConst object, bool with_indices) {
  if (memory_.failed()) return;
  JSPropertyEnum* found = nullptr;
  uint32_t count = 0;
  if (qp_own_keys(ctx_, object, with_indices, &found, &count) < 0) return memory_.fail();
  for (uint32_t i = 0; i < count; ++i) {
    if (options_.show_hidden || found[i].is_enumerable) keys.add(found[i].atom);
  }
  JS_FreePropertyEnum(ctx_, found, count);
}

void Formatter::property(Text& out, JSValueConst object, int level, JSAtom key, Extras extras) {
  if (memory_.failed()) return;
  memory_.spend(1);
  Descriptor descriptor(memory_);
  if (!descriptor.read_own(object, key)) {
    descriptor.read(object, key);
    descriptor.enumerable = true;
  }
  if (extras != Extras::array_item) {
    property_name(out, key, descriptor.enumerable);
    out.add(":");
  }
  property_value(out, descriptor, level, extras);
}

void Formatter::property_value(Text& out, const Descriptor& descriptor, int level, Extras extras) {
  const char* gap = extras == Extras::array_item ? "" : " ";
  if (descriptor.uninitialized || descriptor.is_accessor()) {
    const bool gets = !JS_IsUndefined(descriptor.getter), sets = !JS_IsUndefined(descriptor.setter);
    out.add(gap);
    const Paint paint(options_, out,
                      descriptor.uninitialized || gets || sets ? Style::special : Style::undefined);
    return out.add(descriptor.uninitialized ? "<uninitialized>"
                   : gets && sets           ? "[Getter/Setter]"
                   : gets                   ? "[Getter]"
                   : sets                   ? "[Setter]"
                                            : "undefined");
  }
  if (!options_.compact_all || extras != Extras::object) {
    out.add(gap);
    indentation_ += 2;
    value(out, descriptor.value, level);
    indentation_ -= 2;
    return;
  }
  Text text(memory_);
  indentation_ += 3;
  value(text, descriptor.value, level);
  if (options_.break_length < text_width(text, 0, text.length())) {
    out.add("\n");
    out.add_spaces(indentation_);
  } else {
    out.add(gap);
  }
  indentation_ -= 3;
  out.add(text);
}

void Formatter::property_name(Text& out, JSAtom key, bool enumerable) {
  JSValue name = JS_AtomToString(ctx_, key);
  if (JS_IsException(name)) return memory_.fail();
  Text text(memory_);
  const bool symbol = qp_atom_is_symbol(ctx_, key);
  if (symbol) text.add("Symbol(");
  text.add_string(name);
  if (symbol) text.add(")");
  JS_FreeValue(ctx_, name);
  if (symbol || (!enumerable && key != qp_atom(QP_ATOM_PROTO))) {
    out.add("[");
    if (symbol) {
      const Paint paint(options_, out, Style::symbol);
      add_escaped(out, text);
    } else {
      add_escaped(out, text);
    }
    out.add("]");
  } else if (key == qp_atom(QP_ATOM_PROTO)) {
    out.add("['__proto__']");
  } else if (is_identifier(text)) {
    out.add(text);
  } else {
    const Paint paint(options_, out, Style::string);
    add_quoted(out, text);
  }
}

void Formatter::number_property(Entries& out, const char* name, double number) {
  out.text().add(name);
  out.text().add(": ");
  out.text().add_number(number);
  out.close();
}

// ---- entry points -------------------------------------------------------------------------------

void inspect_to(Text& out, JSValueConst value, const InspectOptions& options) {
  Formatter(out.memory(), options).value(out, value, 0);
}

JSValue inspect(JSContext* ctx, JSValueConst value, const InspectOptions& options) {
  Memory memory(ctx);
  Text text(memory);
  inspect_to(text, value, options);
  return text.to_string();
}

}  // namespace quiesce::guest
