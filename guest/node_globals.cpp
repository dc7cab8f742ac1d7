// The globals that Node has and ECMA-262 has not. Each is a getter until it is used first; then the
// built-in behind it runs, and the property is an ordinary one.
#include <string.h>

#include "builtins.hpp"
#include "held.hpp"
#include "wires.hpp"

namespace {

struct NodeGlobal {
  const char* name;
  const char* builtin;
  const char* key;  // null: all that the built-in exports
};

constexpr NodeGlobal kGlobals[] = {
    {"AbortController", "internal/abort", "AbortController"},
    {"AbortSignal", "internal/abort", "AbortSignal"},
    {"Blob", "buffer", "Blob"},
    {"Buffer", "buffer", "Buffer"},
    {"CustomEvent", "internal/event_target", "CustomEvent"},
    {"Event", "internal/event_target", "Event"},
    {"EventTarget", "internal/event_target", "EventTarget"},
    {"File", "buffer", "File"},
    {"Headers", "internal/fetch", "Headers"},
    {"Request", "internal/fetch", "Request"},
    {"Response", "internal/fetch", "Response"},
    {"TextDecoder", "internal/encoding", "TextDecoder"},
    {"TextEncoder", "internal/encoding", "TextEncoder"},
    {"URL", "internal/url", "URL"},
    {"URLSearchParams", "internal/url", "URLSearchParams"},
    {"crypto", "internal/webcrypto", "crypto"},
    {"navigator", "internal/navigator", "navigator"},
    {"process", "process", nullptr},
    {"structuredClone", "internal/structured_clone", "structuredClone"},
};

constexpr int kOrdinary = JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE;

JSValue make(JSContext* ctx, const NodeGlobal& global) {
  return global.key ? builtin_export(ctx, global.builtin, global.key)
                    : builtin_module(ctx, global.builtin);
}

JSValue define(JSContext* ctx, const NodeGlobal& which, JSValueConst value) {
  Held global(JS_GetGlobalObject(ctx));
  const int defined =
      JS_DefinePropertyValueStr(ctx, global.get(), which.name, JS_DupValue(ctx, value), kOrdinary);
  return defined < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

JSValue get_global(JSContext* ctx, JSValueConst, int, JSValueConst*, int index) {
  Held value(make(ctx, kGlobals[index]));
  if (value.failed() || JS_IsException(define(ctx, kGlobals[index], value.get())))
    return JS_EXCEPTION;
  return value.release();
}

JSValue set_global(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int index) {
  return define(ctx, kGlobals[index], arguments[0]);
}

// A program that was evaluated before may have a global of that name already.
bool install(JSContext* ctx, JSValueConst global, int index) {
  HeldAtom key(JS_NewAtom(ctx, kGlobals[index].name));
  const int found = key.failed() ? -1 : JS_GetOwnProperty(ctx, nullptr, global, key.get());
  if (found != 0) return found > 0;
  Held getter(JS_NewCFunctionMagic(ctx, get_global, kGlobals[index].name, 0, JS_CFUNC_generic_magic,
                                   index));
  Held setter(JS_NewCFunctionMagic(ctx, set_global, kGlobals[index].name, 1, JS_CFUNC_generic_magic,
                                   index));
  return !getter.failed() && !setter.failed() &&
         JS_DefinePropertyGetSet(ctx, global, key.get(), getter.release(), setter.release(),
                                 JS_PROP_CONFIGURABLE) >= 0;
}

bool install_all(JSContext* ctx, JSValueConst global, const char* builtin) {
  for (int i = 0; i < (int)(sizeof(kGlobals) / sizeof(kGlobals[0])); ++i) {
    if (builtin && strcmp(kGlobals[i].builtin, builtin) != 0) continue;
    if (!install(ctx, global, i)) return false;
  }
  return true;
}

// Its data: the function that the host is asked by.
JSValue fetch(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments, int,
              JSValue* data) {
  Held through(builtin_export(ctx, "internal/fetch", "fetchThrough"));
  if (through.failed()) return JS_EXCEPTION;
  JSValueConst all[] = {data[0], count > 0 ? arguments[0] : JS_UNDEFINED,
                        count > 1 ? arguments[1] : JS_UNDEFINED};
  return JS_Call(ctx, through.get(), JS_UNDEFINED, 3, all);
}

}  // namespace

wire q_install_fetch(wire ask) {
  enter();
  JSContext* ctx = machine.ctx;
  Held global(JS_GetGlobalObject(ctx));
  JSValue data = from_wire(ask);
  Held function(JS_NewCFunctionData2(ctx, fetch, "fetch", 1, 0, 1, &data));
  if (function.failed() || !install_all(ctx, global.get(), "internal/fetch") ||
      JS_DefinePropertyValueStr(ctx, global.get(), "fetch", function.release(), JS_PROP_C_W_E) < 0)
    return take_exception();
  return undefined_wire();
}

wire q_install_node_globals() {
  enter();
  if (machine.has_node_globals) return undefined_wire();  // what it did to them stays done
  machine.has_node_globals = true;
  JSContext* ctx = machine.ctx;
  Held global(JS_GetGlobalObject(ctx));
  if (!install_all(ctx, global.get(), nullptr) ||
      JS_DefinePropertyValueStr(ctx, global.get(), "global", JS_DupValue(ctx, global.get()),
                                kOrdinary) < 0)
    return take_exception();
  return undefined_wire();
}
