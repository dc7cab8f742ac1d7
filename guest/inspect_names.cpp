// What an object is called: constructor, tag, function or class.
#include "inspect_formatter.hpp"

namespace quiesce::guest {

namespace {

bool same(JSValueConst a, JSValueConst b) {
  return JS_IsObject(a) && JS_IsObject(b) && JS_VALUE_GET_PTR(a) == JS_VALUE_GET_PTR(b);
}

// Constructors that every program has. What their prototypes add is not worth showing.
constexpr const char* kBuiltins[] = {"AggregateError",
                                     "Array",
                                     "ArrayBuffer",
                                     "Atomics",
                                     "BigInt",
                                     "BigInt64Array",
                                     "BigUint64Array",
                                     "Boolean",
                                     "DataView",
                                     "Date",
                                     "Error",
                                     "EvalError",
                                     "FinalizationRegistry",
                                     "Float32Array",
                                     "Float64Array",
                                     "Function",
                                     "Infinity",
                                     "Int16Array",
                                     "Int32Array",
                                     "Int8Array",
                                     "Intl",
                                     "JSON",
                                     "Map",
                                     "Math",
                                     "NaN",
                                     "Number",
                                     "Object",
                                     "Promise",
                                     "Proxy",
                                     "RangeError",
                                     "ReferenceError",
                                     "Reflect",
                                     "RegExp",
                                     "Set",
                                     "SharedArrayBuffer",
                                     "String",
                                     "Symbol",
                                     "SyntaxError",
                                     "TypeError",
                                     "URIError",
                                     "Uint16Array",
                                     "Uint32Array",
                                     "Uint8Array",
                                     "Uint8ClampedArray",
                                     "WeakMap",
                                     "WeakRef",
                                     "WeakSet",
                                     "WebAssembly"};

bool is_builtin(const Text& name) {
  for (const char* builtin : kBuiltins) {
    if (name.equals(builtin)) return true;
  }
  return false;
}

/// Appends what `function.name` gives, as far as that runs no code.
void add_function_name(Text& out, JSValueConst function) {
  Memory& memory = out.memory();
  Descriptor name(memory);
  if (!name.read(function, qp_atom(QP_ATOM_NAME))) return out.add("undefined");
  if (!name.is_accessor() && !JS_IsObject(name.value)) {
    if (!JS_IsSymbol(name.value)) return out.add_string(name.value);
    out.add("Symbol(");
    out.add_string(name.value);
    return out.add(")");
  }
  JSValueConst behind = behind_proxies(function);
  JSValue own = qp_function_own_name(memory.ctx(), behind);
  if (JS_IsException(own)) return memory.fail();
  out.add_string(own);
  JS_FreeValue(memory.ctx(), own);
}

/// `object instanceof function` (ECMA-262 OrdinaryHasInstance).
bool is_instance(Memory& memory, JSValueConst object, JSValueConst function) {
  memory.spend(4);
  JSValueConst constructor = behind_proxies(function);
  for (uint32_t steps = 0; JS_IsObject(constructor) && steps < kChainMax; ++steps) {
    JSValueConst target = qp_bound_target(constructor);
    if (JS_IsUndefined(target)) break;
    constructor = behind_proxies(target);
  }
  Descriptor prototype(memory);
  if (!JS_IsObject(constructor) || !prototype.read(constructor, qp_atom(QP_ATOM_PROTOTYPE)))
    return false;
  return chain_contains(object, behind_proxies(prototype.value));
}

}  // namespace

/// Does `prototype`, a link of the object's chain, name the class of the object?
bool Formatter::named_by(Text& out, JSValueConst object, JSValueConst prototype) {
  Descriptor constructor(memory_);
  if (!constructor.read_own(prototype, qp_atom(QP_ATOM_CONSTRUCTOR)) || constructor.is_accessor())
    return false;
  if (!JS_IsFunction(ctx_, behind_proxies(constructor.value))) return false;
  const uint32_t start = out.length();
  add_function_name(out, constructor.value);
  if (memory_.failed()) return false;
  if (out.length() != start && is_instance(memory_, object, constructor.value)) return true;
  out.truncate(start);
  return false;
}

/// False: "null prototype". Otherwise the name was appended.
bool Formatter::constructor_name(Text& out, JSValueConst object, int level,
                                 Entries* prototype_entries) {
  JSValueConst object_prototype = qp_intrinsic_prototype(ctx_, QP_OBJECT);
  JSValueConst function_prototype = qp_function_prototype(ctx_);
  JSValueConst first = next_in_chain(object);
  JSValueConst at = object;
  for (uint32_t steps = 0; JS_IsObject(at) && steps < kChainMax && !memory_.failed(); ++steps) {
    const bool is_first = steps == 1;
    const bool well_known =
        steps > 0 && (same(at, object_prototype) || same(at, function_prototype));
    if (well_known) out.add(same(at, object_prototype) ? "Object" : "Function");
    if (well_known || named_by(out, object, at)) {
      if (prototype_entries != nullptr && (!is_first || (!well_known && !is_builtin(out)))) {
        prototype_properties(*prototype_entries, object,
                             steps == 0 || !JS_IsObject(first) ? object : first, level);
      }
      return true;
    }
    at = next_in_chain(at);
  }
  if (!JS_IsObject(first)) return false;

  JSValue class_name = qp_class_name(ctx_, object);
  if (JS_IsException(class_name)) {
    memory_.fail();
    return true;
  }
  out.add_string(class_name);
  JS_FreeValue(ctx_, class_name);
  out.add(" <");
  if (too_deep(level)) {
    out.add("Complex prototype");
  } else if (Text name(memory_);
             qp_stack_is_low(ctx_) || constructor_name(name, first, level + 1, prototype_entries)) {
    out.add(name);
  } else {
    InspectOptions options = options_;
    options.depth = -1;
    Formatter(memory_, options).value(out, first, 0);
  }
  out.add(">");
  return true;
}

/// The data properties of up to three prototypes, for show_hidden.
void Formatter::prototype_properties(Entries& out, JSValueConst main, JSValueConst from,
                                     int level) {
  Keys above(memory_);
  JSValueConst at = from;
  if (!seen_.push(JS_VALUE_GET_PTR(main))) return;
  for (int depth = 0; depth < 3 && !memory_.failed(); ++depth) {
    if (depth != 0 || same(main, at)) {
      at = next_in_chain(at);
      if (!JS_IsObject(at)) break;
      Descriptor constructor(memory_);
      if (constructor.read_own(at, qp_atom(QP_ATOM_CONSTRUCTOR)) &&
          JS_IsFunction(ctx_, behind_proxies(constructor.value))) {
        Text name(memory_);
        add_function_name(name, constructor.value);
        if (is_builtin(name)) break;
      }
    }
    Keys keys(memory_);
    own_keys(keys, at, true);
    for (uint32_t i = 0; i < keys.count() && !memory_.failed(); ++i) {
      memory_.spend(1 + above.count() / 64);
      Descriptor own(memory_);
      if (keys[i] == qp_atom(QP_ATOM_CONSTRUCTOR) || above.contains(keys[i]) ||
          own.read_own(main, keys[i]))
        continue;
      if (!own.read_own(at, keys[i]) || JS_IsFunction(ctx_, behind_proxies(own.value))) continue;
      property_name(out.text(), keys[i], own.enumerable);
      out.text().add(":");
      property_value(out.text(), own, level, Extras::object);
      out.close();
    }
    for (uint32_t i = 0; i < keys.count(); ++i) above.add(keys[i]);
  }
  seen_.pop();
}

void Formatter::tag_of(Text& out, JSValueConst object, qp_class kind) {
  const JSAtom key = qp_atom(QP_ATOM_SYMBOL_TO_STRING_TAG);
  Descriptor tag(memory_);
  if (!tag.read(object, key)) return;
  // The getter of typed arrays belongs to the engine, and what it answers is known.
  const bool typed = kind == QP_TYPED_ARRAY && tag.is_accessor() && qp_is_native(tag.getter);
  if (!typed && (tag.is_accessor() || !JS_IsString(tag.value))) return;
  // An own one would be printed twice.
  Descriptor own(memory_);
  if (own.read_own(object, key) && (options_.show_hidden || own.enumerable)) return;
  JSValue text = typed ? qp_class_name(ctx_, object) : JS_DupValue(ctx_, tag.value);
  out.add_string(text);
  JS_FreeValue(ctx_, text);
}

void Formatter::prefix(Text& out, const Shape& shape, const char* fallback, double size) {
  Text text(memory_);
  text.add(fallback);
  prefix(out, shape, text, size);
}

/// "Name(size) [tag] " or "[Fallback(size): null prototype] [tag] ".
void Formatter::prefix(Text& out, const Shape& shape, const Text& fallback, double size) {
  const auto add_size = [&] {
    if (size < 0) return;
    out.add("(");
    out.add_number(size);
    out.add(")");
  };
  const Text& name = shape.has_constructor ? shape.constructor : fallback;
  if (!shape.has_constructor) out.add("[");
  out.add(name);
  add_size();
  if (!shape.has_constructor) out.add(": null prototype]");
  if (!shape.tag.empty() && !name.equals(shape.tag)) {
    out.add(" [");
    out.add(shape.tag);
    out.add("]");
  }
  out.add(" ");
}

void Formatter::generic_prefix(Text& out, const Shape& shape) {
  Text fallback(memory_);
  if (!shape.has_constructor) {
    JSValue name = qp_class_name(ctx_, shape.object);
    fallback.add_string(name);
    JS_FreeValue(ctx_, name);
    if (fallback.equals(shape.tag)) {
      fallback.clear();
      fallback.add("Object");
    }
  }
  prefix(out, shape, fallback);
}

void Formatter::function_base(Text& out, const Shape& shape) {
  if (qp_prints_as_class(shape.object)) return class_base(out, shape);
  const int kind = qp_function_kind(shape.object);
  Text type(memory_);
  if (kind & QP_ASYNC) type.add("Async");
  if (kind & QP_GENERATOR) type.add("Generator");
  type.add("Function");
  out.add("[");
  out.add(type);
  if (!shape.has_constructor) out.add(" (null prototype)");
  Text name(memory_);
  add_function_name(name, shape.object);
  if (name.empty()) {
    out.add(" (anonymous)");
  } else {
    out.add(": ");
    out.add(name);
  }
  out.add("]");
  if (shape.has_constructor && !shape.constructor.equals(type)) {
    out.add(" ");
    out.add(shape.constructor);
  }
  if (!shape.tag.empty() && !(shape.has_constructor && shape.constructor.equals(shape.tag))) {
    out.add(" [");
    out.add(shape.tag);
    out.add("]");
  }
}

void Formatter::class_base(Text& out, const Shape& shape) {
  out.add("[class ");
  Descriptor own_name(memory_);
  Text name(memory_);
  if (own_name.read_own(shape.object, qp_atom(QP_ATOM_NAME))) add_function_name(name, shape.object);
  if (name.empty()) name.add("(anonymous)");
  out.add(name);
  if (shape.has_constructor && !shape.constructor.equals("Function")) {
    out.add(" [");
    out.add(shape.constructor);
    out.add("]");
  }
  if (!shape.tag.empty() && !(shape.has_constructor && shape.constructor.equals(shape.tag))) {
    out.add(" [");
    out.add(shape.tag);
    out.add("]");
  }
  JSValueConst parent = next_in_chain(shape.object);
  if (!shape.has_constructor) {
    out.add(" extends [null prototype]");
  } else if (JS_IsFunction(ctx_, parent)) {
    Text parent_name(memory_);
    add_function_name(parent_name, parent);
    if (!parent_name.empty()) {
      out.add(" extends ");
      out.add(parent_name);
    }
  }
  out.add("]");
}

bool Formatter::is_error(JSValueConst object, qp_class kind) const {
  return kind == QP_ERROR || chain_contains(object, qp_intrinsic_prototype(ctx_, QP_ERROR));
}

bool has_builtin_to_string(Memory& memory, JSValueConst object) {
  JSContext* ctx = memory.ctx();
  JSValueConst target = behind_proxies(object);
  if (!JS_IsObject(target)) return true;
  const JSAtom to_string = qp_atom(QP_ATOM_TO_STRING),
               to_primitive = qp_atom(QP_ATOM_SYMBOL_TO_PRIMITIVE);
  Descriptor found(memory);
  const bool has_string =
      found.read(target, to_string) && (found.is_accessor() || JS_IsFunction(ctx, found.value));
  const bool has_primitive =
      found.read(target, to_primitive) && (found.is_accessor() || JS_IsFunction(ctx, found.value));
  if (!has_string && !has_primitive) return true;
  if ((has_string && found.read_own(target, to_string)) ||
      (has_primitive && found.read_own(target, to_primitive)))
    return false;
  JSValueConst at = next_in_chain(target);
  for (uint32_t steps = 0; JS_IsObject(at) && steps < kChainMax; ++steps, at = next_in_chain(at)) {
    if (!(has_string && found.read_own(at, to_string)) &&
        !(has_primitive && found.read_own(at, to_primitive)))
      continue;
    if (!found.read_own(at, qp_atom(QP_ATOM_CONSTRUCTOR)) ||
        !JS_IsFunction(ctx, behind_proxies(found.value)))
      return false;
    Text name(memory);
    add_function_name(name, found.value);
    return is_builtin(name);
  }
  return true;
}

}  // namespace quiesce::guest
