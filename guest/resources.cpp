// Classes of the host and their instances. A C++ object lives in a table of the host under a
// number; here is the number. Numbers come from a counter in the heap and are never used twice, so
// that a heap that fell asleep long ago cannot name an object that was made since.
#include "resources.hpp"

#include "host_functions.hpp"
#include "texts.hpp"
#include "wires.hpp"

namespace {

auto& resources = machine.resources;

Resource* resource_of(JSValueConst value) {
  return static_cast<Resource*>(JS_GetOpaque(value, resources.id));
}

void link(Resource* row) {
  row->previous = resources.last;
  row->next = nullptr;
  (resources.last ? resources.last->next : resources.first) = row;
  resources.last = row;
}

void unlink(Resource* row) {
  (row->previous ? row->previous->next : resources.first) = row->next;
  (row->next ? row->next->previous : resources.last) = row->previous;
}

void show(const Resource* row) {
  auto& shown = machine.shared.resource;
  shown.number = row ? row->number : 0;
  shown.row = reinterpret_cast<u32>(row);
  shown.class_index = row ? row->class_index : 0;
}

void show_texts(const Resource& row) {
  auto& shown = machine.shared.resource;
  shown.class_name = {};
  if (row.class_index < resources.classes.count) {
    shown.class_name = view_of(resources.classes[row.class_index].name);
  }
  shown.key = JS_IsString(row.key) ? view_of(row.key) : q_view{};
}

// The number is told to the host later, in a batch; a closed one is known to it.
void finalize(JSRuntime* rt, JSValueConst object) {
  Resource* row = resource_of(object);
  if (!row) return;
  JS_FreeValueRT(rt, row->key);
  row->key = JS_UNDEFINED;
  row->object = nullptr;
  if (row->number == 0) {
    js_free_rt(rt, row);
    return;
  }
  unlink(row);
  row->next = resources.dead;
  resources.dead = row;
  ++machine.shared.dead_resources;
}

void close(Resource* row) {
  if (row->number == 0 || !row->object) return;
  unlink(row);
  row->number = 0;
  JS_FreeValueRT(machine.rt, row->key);
  row->key = JS_UNDEFINED;
}

JSValue new_resource(u32 class_index, JSValueConst prototype) {
  JSContext* ctx = machine.ctx;
  Held object(JS_NewObjectProtoClass(ctx, prototype, resources.id));
  if (object.failed()) return JS_EXCEPTION;
  auto* row = static_cast<Resource*>(js_malloc(ctx, sizeof(Resource)));
  if (!row) return JS_EXCEPTION;
  *row = {.number = ++resources.last_number,
          .class_index = class_index,
          .object = JS_VALUE_GET_PTR(object.get()),
          .key = JS_UNDEFINED,
          .previous = nullptr,
          .next = nullptr};
  link(row);
  JS_SetOpaque(object.get(), row);
  return object.release();
}

JSValue construct(JSContext* ctx, JSValueConst new_target, int count, JSValueConst* arguments,
                  int class_index) {
  // A subclass has a prototype of its own. Reading it may run guest code, which may make the list
  // of classes grow: nothing is kept of it.
  Held wanted(JS_GetPropertyStr(ctx, new_target, "prototype"));
  if (wanted.failed()) return JS_EXCEPTION;
  const HostClass& host_class = resources.classes[(u32)class_index];
  const u32 function = host_class.function;
  if (function == UINT32_MAX) {
    return JS_ThrowTypeError(ctx, "Illegal constructor: only the host makes instances");
  }
  Held object(new_resource((u32)class_index,
                           JS_IsObject(wanted.get()) ? wanted.get() : host_class.prototype));
  if (object.failed()) return JS_EXCEPTION;
  Held answer(call_host_function(function, object.get(), count, arguments));
  if (answer.failed()) {
    close(resource_of(object.get()));  // `this` may have got out
    return JS_EXCEPTION;
  }
  return object.release();
}

u32 find_class(JSAtom key) {
  u32 index = 0;
  while (index < resources.classes.count && resources.classes[index].key != key) ++index;
  return index;
}

// Defines the class; the index is that of the last one then.
bool define_class(JSAtom key, JSValueConst name, JSValueConst function, u32 arity) {
  JSContext* ctx = machine.ctx;
  const u32 index = resources.classes.count;
  if (index > INT16_MAX) {  // QuickJS keeps it in 16 bits
    JS_ThrowRangeError(ctx, "too many classes");
    return false;
  }
  u32 function_index = UINT32_MAX;
  if (JS_IsString(function)) {
    function_index = host_function_index(function);
    if (function_index == UINT32_MAX) return false;
  }
  Held prototype(JS_NewObject(ctx));
  Held constructor(
      JS_NewCFunctionMagic(ctx, construct, "", 0, JS_CFUNC_constructor_magic, (int)index));
  if (prototype.failed() || constructor.failed()) return false;
  if (JS_SetConstructor(ctx, constructor.get(), prototype.get()) < 0 ||
      JS_DefinePropertyValueStr(ctx, constructor.get(), "name", JS_DupValue(ctx, name),
                                JS_PROP_CONFIGURABLE) < 0 ||
      JS_DefinePropertyValueStr(ctx, constructor.get(), "length", JS_NewUint32(ctx, arity),
                                JS_PROP_CONFIGURABLE) < 0 ||
      !resources.classes.reserve(ctx, index + 1)) {
    return false;
  }
  resources.classes.push(ctx, {JS_DupAtom(ctx, key), JS_DupValue(ctx, name), constructor.release(),
                               prototype.release(), function_index});
  return true;
}

// "get " or "set " and the text that stands there, as functions of accessors are named.
JSValue prefixed(const char* prefix, u32 address, u32 count, u32 encoding) {
  constexpr u32 kPrefix = 4;
  const u32 width = encoding == Q_UTF16 ? 2 : 1;
  HeldBytes text(((size_t)count + kPrefix) * width);
  if (text.failed()) return JS_EXCEPTION;
  for (u32 i = 0; i < kPrefix; ++i) {
    text.get()[i * width] = prefix[i];
    if (width == 2) text.get()[i * 2 + 1] = 0;
  }
  memcpy(text.get() + kPrefix * width, reinterpret_cast<const char*>(address),
         (size_t)count * width);
  return new_text(reinterpret_cast<u32>(text.get()), count + kPrefix, encoding);
}

JSValue shown_name(u32 kind, u32 address, u32 count, u32 encoding) {
  switch (kind) {
    case Q_BIND_GETTER: return prefixed("get ", address, count, encoding);
    case Q_BIND_SETTER: return prefixed("set ", address, count, encoding);
    case Q_BIND_DISPOSE: return JS_NewString(machine.ctx, "[Symbol.dispose]");
    default: return new_text(address, count, encoding);
  }
}

}  // namespace

bool install_resources(JSContext*) {
  JSClassDef definition = {};
  definition.class_name = "HostObject";
  definition.finalizer = finalize;
  JS_NewClassID(machine.rt, &resources.id);
  return JS_NewClass(machine.rt, resources.id, &definition) >= 0;
}

void show_resource_of_object(JSValueConst object) { show(resource_of(object)); }

wire q_host_class(u32 name_address, u32 name_count, u32 name_encoding, u32 address, u32 count,
                  u32 encoding, u32 arity) {
  enter();
  JSContext* ctx = machine.ctx;
  Held name(new_text(name_address, name_count, name_encoding));
  if (name.failed()) return take_exception();
  HeldAtom key(JS_ValueToAtom(ctx, name.get()));
  if (key.failed()) return take_exception();
  const u32 index = find_class(key.get());
  const bool is_new = index == resources.classes.count;
  if (is_new) {
    Held function(count ? new_text(address, count, encoding) : JS_UNDEFINED);
    if (function.failed() || !define_class(key.get(), name.get(), function.get(), arity)) {
      return take_exception();
    }
  }
  machine.shared.resource.class_index = index;
  machine.shared.resource.row = is_new;
  return to_wire(JS_DupValue(ctx, resources.classes[index].constructor));
}

wire q_bind(wire object, u32 name_address, u32 name_count, u32 name_encoding, u32 address,
            u32 count, u32 encoding, u32 arity, u32 kind) {
  enter();
  JSContext* ctx = machine.ctx;
  Held target = Held::copy(from_wire(object));
  Held name(new_text(name_address, name_count, name_encoding));
  Held shown(shown_name(kind, address, count, encoding));
  if (name.failed() || shown.failed()) return take_exception();
  HeldAtom key(kind == Q_BIND_DISPOSE ? JS_DupAtom(ctx, qi_symbol_dispose())
                                      : new_text_atom(address, count, encoding));
  if (key.failed()) return take_exception();
  Held function(new_host_function(name.get(), shown.get(), arity));
  if (function.failed()) return take_exception();
  constexpr int kHidden =
      JS_PROP_THROW | JS_PROP_HAS_CONFIGURABLE | JS_PROP_CONFIGURABLE | JS_PROP_HAS_ENUMERABLE;
  int defined;
  if (kind == Q_BIND_GETTER || kind == Q_BIND_SETTER) {
    const int flags = kHidden | (kind == Q_BIND_GETTER ? JS_PROP_HAS_GET : JS_PROP_HAS_SET);
    defined = JS_DefineProperty(ctx, target.get(), key.get(), JS_UNDEFINED, function.get(),
                                function.get(), flags);
  } else {
    defined = JS_DefinePropertyValue(ctx, target.get(), key.get(), function.release(),
                                     JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE | JS_PROP_THROW);
  }
  return defined < 0 ? take_exception() : undefined_wire();
}

wire q_resource(u32 class_index) {
  enter();
  if (class_index >= resources.classes.count) __builtin_trap();
  Held object(new_resource(class_index, resources.classes[class_index].prototype));
  if (object.failed()) return take_exception();
  show(resource_of(object.get()));
  return to_wire(object);
}

u32 q_resource_of(wire value) {
  show_resource(from_wire(value));
  return machine.shared.resource.number != 0;
}

wire q_resource_object(u32 address) {
  enter();
  const auto* row = reinterpret_cast<const Resource*>(address);
  if (!row->object) return absent_wire();
  return to_wire(JS_DupValue(machine.ctx, JS_MKPTR(JS_TAG_OBJECT, row->object)));
}

u32 q_resource_after(u32 address) {
  const auto* row = address ? reinterpret_cast<const Resource*>(address)->next : resources.first;
  if (!row) return 0;
  show(row);
  show_texts(*row);
  return reinterpret_cast<u32>(row);
}

wire q_resource_key(u32 address, u32 text, u32 count, u32 encoding) {
  enter();
  JSContext* ctx = machine.ctx;
  Held key(new_text(text, count, encoding));
  if (key.failed()) return take_exception();
  auto* row = reinterpret_cast<Resource*>(address);
  // One that is equal stays: to fall asleep again must not change a byte.
  if (!row->object || JS_IsStrictEqual(ctx, row->key, key.get())) return undefined_wire();
  JS_FreeValue(ctx, row->key);
  row->key = key.release();
  return undefined_wire();
}

void q_resource_close(u32 address) {
  enter();
  close(reinterpret_cast<Resource*>(address));
}

u32 q_dead_resources() {
  constexpr u32 kMost = Q_MAILBOX_BYTES / sizeof(u64);
  u32 count = 0;
  while (resources.dead && count < kMost) {
    Resource* row = resources.dead;
    resources.dead = row->next;
    memcpy(machine.shared.mailbox + count++ * sizeof(u64), &row->number, sizeof(u64));
    js_free_rt(machine.rt, row);
  }
  auto& left = machine.shared.dead_resources;
  left = resources.dead && left > count ? left - count : 0;
  return count;
}
