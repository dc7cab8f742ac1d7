// What a VM may be without. Taken away from the base image's realm before any program has run, so
// that nothing has a reference yet: the global and the way back to it from the prototype.
#include "builtins.hpp"
#include "held.hpp"

namespace {

struct Intrinsic {
  u32 bit;
  const char* names[16];
};

constexpr Intrinsic kIntrinsics[] = {
    {Q_INTRINSIC_DATE, {"Date"}},
    {Q_INTRINSIC_REGEXP, {"RegExp"}},
    {Q_INTRINSIC_JSON, {"JSON"}},
    {Q_INTRINSIC_PROXY, {"Proxy"}},
    {Q_INTRINSIC_REFLECT, {"Reflect"}},
    {Q_INTRINSIC_MAP_SET, {"Map", "Set", "WeakMap", "WeakSet"}},
    {Q_INTRINSIC_TYPED_ARRAYS,
     {"ArrayBuffer", "SharedArrayBuffer", "DataView", "Uint8ClampedArray", "Int8Array",
      "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array",
      "BigUint64Array", "Float16Array", "Float32Array", "Float64Array"}},
    {Q_INTRINSIC_PROMISE, {"Promise"}},
    {Q_INTRINSIC_BIGINT, {"BigInt", "BigInt64Array", "BigUint64Array"}},
    {Q_INTRINSIC_WEAK_REF, {"WeakRef", "FinalizationRegistry"}},
    {Q_INTRINSIC_PERFORMANCE, {"performance"}},
    {Q_INTRINSIC_DOM_EXCEPTION, {"DOMException"}},
    {Q_INTRINSIC_BASE64, {"atob", "btoa"}},
    {Q_INTRINSIC_CONSOLE, {"console"}},
    {Q_INTRINSIC_TIMERS,
     {"setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval",
      "clearImmediate"}},
};

bool remove(JSValueConst object, const char* name) {
  HeldAtom key(JS_NewAtom(machine.ctx, name));
  return !key.failed() && JS_DeleteProperty(machine.ctx, object, key.get(), 0) >= 0;
}

// The way back from the prototype, by which a value that comes from elsewhere would lead there.
bool unlink_prototype(JSValueConst intrinsic) {
  Held prototype(JS_GetPropertyStr(machine.ctx, intrinsic, "prototype"));
  if (prototype.failed()) return false;
  return !JS_IsObject(prototype.get()) || remove(prototype.get(), "constructor");
}

bool take_away(JSValueConst global, const char* name) {
  JSContext* ctx = machine.ctx;
  Held intrinsic(JS_GetPropertyStr(ctx, global, name));
  if (intrinsic.failed()) return false;
  if (JS_IsObject(intrinsic.get()) && !unlink_prototype(intrinsic.get())) return false;
  return remove(global, name) && forget_primordial(name);
}

// %TypedArray% has no global of its own.
bool unlink_typed_arrays(JSValueConst global) {
  JSContext* ctx = machine.ctx;
  Held some(JS_GetPropertyStr(ctx, global, "Uint8Array"));
  if (some.failed() || !JS_IsObject(some.get())) return !some.failed();
  Held every(JS_GetPrototype(ctx, some.get()));
  return !every.failed() && unlink_prototype(every.get());
}

bool take_bigints_from_views(JSValueConst global) {
  JSContext* ctx = machine.ctx;
  Held view(JS_GetPropertyStr(ctx, global, "DataView"));
  if (view.failed() || !JS_IsObject(view.get())) return !view.failed();
  Held prototype(JS_GetPropertyStr(ctx, view.get(), "prototype"));
  if (prototype.failed()) return false;
  constexpr const char* kNames[] = {"getBigInt64", "getBigUint64", "setBigInt64", "setBigUint64"};
  for (const char* name : kNames) {
    if (!remove(prototype.get(), name)) return false;
  }
  return true;
}

}  // namespace

void q_without(u32 mask) {
  Held global(JS_GetGlobalObject(machine.ctx));
  // No limit is set yet: what fails here is no lack of memory but a mistake of ours.
  if ((mask & Q_INTRINSIC_TYPED_ARRAYS) && !unlink_typed_arrays(global.get())) __builtin_trap();
  if ((mask & Q_INTRINSIC_BIGINT) && !take_bigints_from_views(global.get())) __builtin_trap();
  for (const Intrinsic& intrinsic : kIntrinsics) {
    if (!(mask & intrinsic.bit)) continue;
    for (const char* name : intrinsic.names) {
      if (name && !take_away(global.get(), name)) __builtin_trap();
    }
  }
  if (mask & Q_INTRINSIC_EVAL) qi_forbid_eval();
  if (mask & Q_INTRINSIC_BIGINT) qi_forbid_bigint_literals();
  if (mask & Q_INTRINSIC_REGEXP) qi_forbid_regexp(machine.ctx);
}
