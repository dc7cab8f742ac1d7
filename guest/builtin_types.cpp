// internal('types'): what a value is, whatever its prototypes say. None of these runs guest code,
// except that ownNonIndexProperties enters proxies.
#include "builtins.hpp"
#include "held.hpp"
#include "inspect_internals.h"

namespace {

// kind(value) -> qp_class as a number; 0: no object
JSValue kind(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  return JS_NewInt32(ctx, JS_IsObject(arguments[0]) ? (i32)qp_class_of(arguments[0]) : 0);
}

// className(object) -> what the engine calls its class
JSValue class_name(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  return JS_IsObject(arguments[0]) ? qp_class_name(ctx, arguments[0]) : JS_UNDEFINED;
}

// functionKind(function) -> 1 generator, 2 async, 4 class
JSValue function_kind(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!JS_IsFunction(ctx, arguments[0]) || qp_class_of(arguments[0]) == QP_PROXY)
    return JS_NewInt32(ctx, 0);
  return JS_NewInt32(ctx,
                     qp_function_kind(arguments[0]) | (qp_prints_as_class(arguments[0]) ? 4 : 0));
}

// proxyDetails(value) -> [target, handler]; undefined: no proxy
JSValue proxy_details(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!JS_IsObject(arguments[0]) || qp_class_of(arguments[0]) != QP_PROXY) return JS_UNDEFINED;
  return new_pair(ctx, JS_DupValue(ctx, qp_proxy_target(arguments[0])),
                  JS_DupValue(ctx, qp_proxy_handler(arguments[0])));
}

// promiseDetails(promise) -> [0 pending, 1 fulfilled, 2 rejected; result]
JSValue promise_details(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!JS_IsPromise(arguments[0])) return JS_UNDEFINED;
  const i32 state = (i32)JS_PromiseState(ctx, arguments[0]);
  return new_pair(ctx, JS_NewInt32(ctx, state - (i32)JS_PROMISE_PENDING),
                  JS_PromiseResult(ctx, arguments[0]));
}

// entries(map or set) -> keys and values in turn, or values
JSValue entries(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const qp_class which = JS_IsObject(arguments[0]) ? qp_class_of(arguments[0]) : QP_NO_OBJECT;
  Held array(JS_NewArray(ctx));
  if (array.failed()) return JS_EXCEPTION;
  if (which != QP_MAP && which != QP_SET) return array.release();
  u32 count = 0;
  const auto push = [&](JSValueConst value) {
    return JS_DefinePropertyValueUint32(ctx, array.get(), count++, JS_DupValue(ctx, value),
                                        JS_PROP_C_W_E) >= 0;
  };
  for (void* record = qp_map_next(arguments[0], nullptr); record;
       record = qp_map_next(arguments[0], record)) {
    JSValueConst key, value;
    qp_map_entry(record, &key, &value);
    if (!push(key) || (which == QP_MAP && !push(value))) return JS_EXCEPTION;
  }
  return array.release();
}

// ownNonIndexProperties(object, only enumerable) -> names and symbols
JSValue own_non_index_properties(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!JS_IsObject(arguments[0])) return JS_NewArray(ctx);
  JSPropertyEnum* keys;
  u32 count;
  const int only = JS_ToBool(ctx, arguments[1]) > 0 ? JS_GPN_ENUM_ONLY : 0;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, arguments[0],
                             JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK | only) < 0)
    return JS_EXCEPTION;
  Held array(JS_NewArray(ctx));
  bool ok = !array.failed();
  u32 listed = 0, index;
  for (u32 i = 0; i < count && ok; ++i) {
    if (qp_atom_is_index(ctx, keys[i].atom, &index)) continue;
    ok = JS_DefinePropertyValueUint32(ctx, array.get(), listed++, JS_AtomToValue(ctx, keys[i].atom),
                                      JS_PROP_C_W_E) >= 0;
  }
  JS_FreePropertyEnum(ctx, keys, count);
  return ok ? array.release() : JS_EXCEPTION;
}

// markError(error): it is printed with its code, "TypeError [CODE]: message"
JSValue mark_error(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!JS_IsObject(arguments[0])) return JS_UNDEFINED;
  return mark_node_error(ctx, arguments[0]) ? JS_UNDEFINED : JS_EXCEPTION;
}

constexpr JSCFunctionListEntry kFunctions[] = {
    JS_CFUNC_DEF("className", 1, class_name),
    JS_CFUNC_DEF("entries", 1, entries),
    JS_CFUNC_DEF("functionKind", 1, function_kind),
    JS_CFUNC_DEF("kind", 1, kind),
    JS_CFUNC_DEF("markError", 1, mark_error),
    JS_CFUNC_DEF("ownNonIndexProperties", 2, own_non_index_properties),
    JS_CFUNC_DEF("promiseDetails", 1, promise_details),
    JS_CFUNC_DEF("proxyDetails", 1, proxy_details),
};

}  // namespace

JSValue new_pair(JSContext* ctx, JSValue first, JSValue second) {
  Held a(first), b(second);
  if (a.failed() || b.failed()) return JS_EXCEPTION;
  JSValue items[] = {a.release(), b.release()};
  return JS_NewArrayFrom(ctx, 2, items);  // which takes them, also if it fails
}

bool mark_node_error(JSContext* ctx, JSValueConst error) {
  return qi_mark(ctx, error, machine.node_error_key, true);
}

const NativeGroup kTypeNatives("types", kFunctions);
