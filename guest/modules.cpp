// ES modules: the host says what a specifier means and gives the source; the graph is loaded here.
//
// ECMA-262 16.2.1: all that a module imports is loaded first, in a loop and not by recursion, then
// linked, then evaluated. What a failed load or link has brought is dropped again, so that the next
// import asks the host anew; a module that threw stays, with its error.
#include "modules.hpp"

#include "builtins.hpp"
#include "inspect_internals.h"
#include "source.hpp"
#include "wires.hpp"

namespace {

// Takes over what the host answered, as for a host function.
JSValue take_answer(wire answer) {
  JSContext* ctx = machine.ctx;
  JSValue result;
  if (!q_wire_is_number(answer) && q_wire_kind(answer) == Q_EXCEPTION) {
    const u32 handle = q_wire_payload(answer);
    result = handle ? JS_Throw(ctx, handle_take(handle)) : JS_ThrowOutOfMemory(ctx);
  } else {
    result = JS_DupValue(ctx, from_wire(answer));
  }
  if (machine.shared.release_count != 0) drain_releases();
  if (machine.shared.stop != Q_STOP_NONE) {
    JS_FreeValue(ctx, JS_IsException(result) ? JS_GetException(ctx) : result);
    return qi_throw_interrupted(ctx);
  }
  return result;
}

bool is_exception(wire value) {
  return !q_wire_is_number(value) && q_wire_kind(value) == Q_EXCEPTION;
}

void drop(wire value) {
  const u32 kind = q_wire_is_number(value) ? Q_UNDEFINED : q_wire_kind(value);
  if (kind >= Q_STRING && kind <= Q_EXCEPTION && q_wire_payload(value) != 0)
    handle_free(q_wire_payload(value));
}

// The name of what `specifier` means; undefined without a loader.
JSValue resolve(JSAtom referrer, JSAtom specifier, JSValueConst attributes, bool is_dynamic) {
  JSContext* ctx = machine.ctx;
  const wire text = to_wire(JS_AtomToString(ctx, specifier));
  const wire base = is_exception(text) ? undefined_wire() : to_wire(JS_AtomToString(ctx, referrer));
  const wire rest = is_exception(text) || is_exception(base)
                        ? undefined_wire()
                        : to_wire(JS_DupValue(ctx, attributes));
  if (is_exception(text) || is_exception(base) || is_exception(rest)) {
    const wire failed = is_exception(text) ? text : is_exception(base) ? base : rest;
    if (failed != text) drop(text);
    if (failed != base) drop(base);
    return take_answer(failed);
  }
  const wire answer = host_resolve(text, base, rest, is_dynamic);
  if (answer == absent_wire()) {
    if (machine.shared.release_count != 0) drain_releases();
    const ShownName shown(specifier);
    if (shown.failed()) return JS_EXCEPTION;
    return JS_ThrowReferenceError(ctx, "Cannot load module '%s': this VM has no module loader",
                                  shown.text());
  }
  Held name(take_answer(answer));
  if (name.failed() || JS_IsString(name.get())) return name.release();
  return JS_ThrowTypeError(ctx, "a module loader must name modules by strings");
}

// The source that the host has left, whose memory is ours.
class Loaded {
 public:
  Loaded() : source_(machine.shared.source) { machine.shared.source = {}; }
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  ~Loaded() { js_free_rt(machine.rt, bytes()); }
  u32 format() const { return source_.format; }
  char* bytes() const { return reinterpret_cast<char*>(source_.address); }
  u32 count() const { return source_.count; }

 private:
  decltype(machine.shared.source) source_;
};

const char* name_of(u32 format) {
  switch (format) {
    case Q_SOURCE_JSON: return "json";
    case Q_SOURCE_TEXT: return "text";
    case Q_SOURCE_BYTES: return "bytes";
    default: return "JavaScript";
  }
}

// A program that asks for data must not be given code: the attribute `type` is a promise.
bool is_as_promised(JSAtom name, u32 format, JSValueConst attributes) {
  JSContext* ctx = machine.ctx;
  HeldAtom key(JS_NewAtom(ctx, "type"));
  if (key.failed()) return false;
  Held type(qi_own_data_property(attributes, key.get()));
  if (!JS_IsString(type.get())) return true;
  const char* wanted = JS_ToCString(ctx, type.get());
  if (!wanted) return false;
  bool fits = true;
  constexpr u32 kData[] = {Q_SOURCE_JSON, Q_SOURCE_TEXT, Q_SOURCE_BYTES};
  for (const u32 other : kData) {
    if (strcmp(wanted, name_of(other)) == 0 && format != other) fits = false;
  }
  if (!fits) {
    const ShownName shown(name);
    if (!shown.failed()) {
      JS_ThrowTypeError(ctx, "Module '%s' was imported with type \"%s\" and is %s", shown.text(),
                        wanted, name_of(format));
    }
  }
  JS_FreeCString(ctx, wanted);
  return fits;
}

JSValue new_bytes(const Loaded& loaded) {
  JSContext* ctx = machine.ctx;
  Held buffer(
      JS_NewArrayBufferCopy(ctx, reinterpret_cast<const uint8_t*>(loaded.bytes()), loaded.count()));
  if (buffer.failed()) return JS_EXCEPTION;
  JS_SetImmutableArrayBuffer(buffer.get(), true);  // all who import it share it
  JSValueConst arguments[] = {buffer.get()};
  return JS_NewTypedArray(ctx, 1, arguments, JS_TYPED_ARRAY_UINT8);
}

JSModuleDef* make_module(JSAtom name, const Loaded& loaded) {
  JSContext* ctx = machine.ctx;
  const ShownName shown(name);
  if (shown.failed()) return nullptr;
  JSValue value;
  switch (loaded.format()) {
    case Q_SOURCE_JSON:
      value = JS_ParseJSON(ctx, loaded.bytes(), loaded.count(), shown.text());
      break;
    case Q_SOURCE_TEXT: value = JS_NewStringLen(ctx, loaded.bytes(), loaded.count()); break;
    case Q_SOURCE_BYTES: value = new_bytes(loaded); break;
    default: {
      const JSValue code =
          qi_compile(ctx, loaded.bytes(), loaded.count(), shown.text(), name, JS_EVAL_TYPE_MODULE);
      return JS_IsException(code) ? nullptr : qi_module(code);
    }
  }
  return JS_IsException(value) ? nullptr : qi_new_value_module(ctx, name, value);
}

JSModuleDef* load(JSAtom name, JSValueConst attributes) {
  JSContext* ctx = machine.ctx;
  if (is_builtin_url(name)) {
    if (!is_as_promised(name, Q_SOURCE_JAVASCRIPT, attributes)) return nullptr;
    JSModuleDef* module = builtin_es_module(ctx, name);
    if (module) qi_set_module_attributes(ctx, module, attributes);
    return module;
  }
  const wire text = to_wire(JS_AtomToString(ctx, name));
  const wire rest = is_exception(text) ? undefined_wire() : to_wire(JS_DupValue(ctx, attributes));
  if (is_exception(text) || is_exception(rest)) {
    if (!is_exception(text)) drop(text);
    take_answer(is_exception(text) ? text : rest);
    return nullptr;
  }
  machine.shared.source = {};
  Held answer(take_answer(host_load(text, rest)));
  const Loaded loaded;
  if (answer.failed()) return nullptr;
  // A program can ask for modules without end, and nothing else may be running meanwhile.
  constexpr u32 kStepsPerModule = 100, kBytesPerStep = 64;
  if (qp_spend(ctx, kStepsPerModule + loaded.count() / kBytesPerStep) < 0) return nullptr;
  if (!loaded.bytes()) {
    JS_ThrowOutOfMemory(ctx);
    return nullptr;
  }
  if (!is_as_promised(name, loaded.format(), attributes)) return nullptr;
  JSModuleDef* module = make_module(name, loaded);
  if (module) qi_set_module_attributes(ctx, module, attributes);
  return module;
}

// One that is loaded already, or a new one, which is not resolved.
JSModuleDef* request(JSAtom referrer, JSAtom specifier, JSValueConst attributes, bool is_dynamic) {
  JSContext* ctx = machine.ctx;
  Held url(resolve(referrer, specifier, attributes, is_dynamic));
  if (url.failed()) return nullptr;
  HeldAtom name(JS_ValueToAtom(ctx, url.get()));
  if (name.failed()) return nullptr;
  bool failed;
  JSModuleDef* known = qi_find_module(ctx, name.get(), attributes, &failed);
  return known || failed ? known : load(name.get(), attributes);
}

using Graph = List<JSModuleDef*>;

bool load_graph(Graph& graph) {
  JSContext* ctx = machine.ctx;
  for (u32 i = 0; i < graph.count; ++i) {
    JSModuleDef* module = graph[i];
    const u32 requests = qi_request_count(module);
    for (u32 n = 0; n < requests; ++n) {
      const qi_request wanted = qi_request_at(module, n);
      JSModuleDef* found =
          request(qi_module_name(module), wanted.specifier, wanted.attributes, false);
      if (!found) return false;
      qi_answer_request(module, n, found);
      if (!qi_is_resolved(found) && qi_queue_module(found) && !graph.push(ctx, found)) return false;
    }
  }
  return true;
}

// Loads and links what `root` imports. `root` is freed with the rest if that fails.
bool prepare(JSModuleDef* root) {
  JSContext* ctx = machine.ctx;
  if (qi_is_resolved(root)) return true;
  if (machine.is_importing) {
    JS_ThrowTypeError(ctx, "a module loader cannot import into the VM that is asking it");
    qi_free_module(ctx, root);
    return false;
  }
  Graph graph{};
  machine.is_importing = true;
  qi_queue_module(root);
  bool ok = graph.push(ctx, root);
  if (!ok) qi_free_module(ctx, root);
  ok = ok && load_graph(graph);
  machine.is_importing = false;
  if (ok) {
    for (JSModuleDef* module : graph) qi_set_resolved(module);
    ok = qi_link_module(ctx, root);
  }
  if (!ok) {
    // Only these refer to each other: what was loaded before had all that it imports.
    for (JSModuleDef* module : graph) qi_free_module(ctx, module);
  }
  js_free(ctx, graph.items);
  return ok;
}

JSValue same_value(JSContext* ctx, JSValueConst, int, JSValueConst*, int, JSValueConst* data) {
  return JS_DupValue(ctx, data[0]);
}

JSValue completion_of(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  // QuickJS resolves an async script with {value, done}, as an iterator would.
  return JS_GetPropertyStr(ctx, arguments[0], "value");
}

}  // namespace

JSModuleDef* guest_import_module(JSContext* ctx, JSAtom referrer, JSAtom specifier,
                                 JSValueConst attributes, bool is_dynamic) {
  if (machine.is_importing) {
    JS_ThrowTypeError(ctx, "a module loader cannot import into the VM that is asking it");
    return nullptr;
  }
  machine.is_importing = true;
  JSModuleDef* module = request(referrer, specifier, attributes, is_dynamic);
  machine.is_importing = false;
  return module && prepare(module) ? module : nullptr;
}

bool guest_prepare_module(JSContext*, JSModuleDef* module) { return prepare(module); }

JSValue run_main_module(JSModuleDef* module) {
  JSContext* ctx = machine.ctx;
  // Imports find it under its name, unless that is another's already.
  qi_mark_module(module, QI_MODULE_MAIN | QI_MODULE_UNLISTED);
  bool failed;
  JSModuleDef* known = qi_find_module(ctx, qi_module_name(module), JS_UNDEFINED, &failed);
  if (failed) {
    qi_free_module(ctx, module);
    return JS_EXCEPTION;
  }
  if (!known) qi_mark_module(module, QI_MODULE_MAIN);
  if (!prepare(module)) return JS_EXCEPTION;
  Held promise(qi_evaluate_module(ctx, module));
  if (promise.failed()) return JS_EXCEPTION;
  Held exports(JS_GetModuleNamespace(ctx, module));
  if (exports.failed()) return JS_EXCEPTION;
  JSValueConst data[] = {exports.get()};
  Held answer(JS_NewCFunctionData(ctx, same_value, 0, 0, 1, data));
  if (answer.failed()) return JS_EXCEPTION;
  return JS_PromiseThen(ctx, promise.get(), answer.get(), JS_UNDEFINED);
}

JSValue unwrap_async(JSValue owned_promise) {
  JSContext* ctx = machine.ctx;
  Held promise(owned_promise);
  if (promise.failed()) return JS_EXCEPTION;
  Held unwrap(JS_NewCFunction(ctx, completion_of, "", 1));
  if (unwrap.failed()) return JS_EXCEPTION;
  return JS_PromiseThen(ctx, promise.get(), unwrap.get(), JS_UNDEFINED);
}
