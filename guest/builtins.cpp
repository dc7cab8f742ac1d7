// Built-in modules: see builtins.hpp.
#include "builtins.hpp"

#include <string.h>

#include "builtin_texts.h"
#include "held.hpp"
#include "module_source.hpp"

namespace {

constexpr const char* kGlobals[] = {
#include "builtin_globals.inc"
};

constexpr const char kScheme[] = "node:";
constexpr size_t kSchemeBytes = sizeof(kScheme) - 1;
constexpr const char kInternal[] = "internal/";

const NativeGroup* const kGroups[] = {
#define NATIVE_GROUP(group) &group,
#include "native_groups.inc"
#undef NATIVE_GROUP
};

const q_builtin_text* find_text(const char* name) {
  u32 low = 0, high = q_builtin_count;
  while (low < high) {
    const u32 middle = low + (high - low) / 2;
    const int order = strcmp(q_builtin_table[middle].name, name);
    if (order == 0) return &q_builtin_table[middle];
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return nullptr;
}

bool is_internal(const char* name) { return strncmp(name, kInternal, sizeof(kInternal) - 1) == 0; }

JSValue throw_unknown(const char* name) {
  throw_coded(Q_ERROR, "ERR_UNKNOWN_BUILTIN_MODULE", "No such built-in module: %s", name);
  return JS_EXCEPTION;
}

// Compiles one built-in to its function. Source texts are not kept: they are in the engine.
JSValue compile_builtin(JSContext* ctx, const q_builtin_text& text) {
  char file_name[96] = "node:";
  strncat(file_name, text.name, sizeof(file_name) - sizeof("node:"));
  Held code(JS_Eval(ctx, q_builtin_texts + text.offset, text.bytes, file_name,
                    JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY));
  if (code.failed() || !qi_strip_source(ctx, code.get())) return JS_EXCEPTION;
  return JS_EvalFunction(ctx, code.release());
}

// Runs it. `module` is in the cache already, so that circles of built-ins end.
bool run_builtin(JSContext* ctx, const q_builtin_text& text, JSValueConst module) {
  Held function(compile_builtin(ctx, text));
  if (function.failed()) return false;
  Held exports(JS_GetPropertyStr(ctx, module, "exports"));
  if (exports.failed()) return false;
  JSValueConst arguments[] = {exports.get(), machine.builtins.require, module,
                              machine.builtins.internal, machine.builtins.primordials};
  Held result(JS_Call(ctx, function.get(), JS_UNDEFINED, 5, arguments));
  return !result.failed();
}

JSValue new_builtin(JSContext* ctx, const q_builtin_text& text) {
  Held module(JS_NewObject(ctx));
  Held exports(JS_NewObject(ctx));
  HeldAtom key(JS_NewAtom(ctx, text.name));
  if (module.failed() || exports.failed() || key.failed()) return JS_EXCEPTION;
  JSValueConst modules = machine.builtins.modules;
  if (JS_DefinePropertyValueStr(ctx, module.get(), "exports", exports.release(), JS_PROP_C_W_E) <
          0 ||
      JS_DefinePropertyValue(ctx, modules, key.get(), JS_DupValue(ctx, module.get()),
                             JS_PROP_C_W_E) < 0) {
    return JS_EXCEPTION;
  }
  if (!run_builtin(ctx, text, module.get())) {
    // It is asked for anew next time: what stopped it may have been a limit.
    Held thrown(JS_GetException(ctx));
    JS_DeleteProperty(ctx, modules, key.get(), 0);
    return JS_Throw(ctx, thrown.release());
  }
  return JS_GetPropertyStr(ctx, module.get(), "exports");
}

// ---- what built-ins are given -------------------------------------------------------------------

JSValue require_builtin(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const char* name = JS_ToCString(ctx, arguments[0]);
  if (!name) return JS_EXCEPTION;
  const JSValue exports = builtin_module(ctx, name);
  JS_FreeCString(ctx, name);
  return exports;
}

JSValue new_natives(JSContext* ctx, const char* name) {
  for (const NativeGroup* group : kGroups) {
    if (strcmp(group->name, name) != 0) continue;
    Held natives(JS_NewObjectProto(ctx, JS_NULL));
    if (natives.failed() ||
        JS_SetPropertyFunctionList(ctx, natives.get(), group->functions, group->count) < 0) {
      return JS_EXCEPTION;
    }
    return natives.release();
  }
  return JS_ThrowTypeError(ctx, "There are no native functions '%s'", name);
}

JSValue natives_of(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const HeldAtom key(JS_ValueToAtom(ctx, arguments[0]));
  if (key.failed()) return JS_EXCEPTION;
  Held known(JS_GetProperty(ctx, machine.builtins.natives, key.get()));
  if (!JS_IsUndefined(known.get())) return known.release();
  const char* name = JS_ToCString(ctx, arguments[0]);
  if (!name) return JS_EXCEPTION;
  Held made(new_natives(ctx, name));
  JS_FreeCString(ctx, name);
  if (made.failed() || JS_DefinePropertyValue(ctx, machine.builtins.natives, key.get(),
                                              JS_DupValue(ctx, made.get()), JS_PROP_C_W_E) < 0) {
    return JS_EXCEPTION;
  }
  return made.release();
}

bool take_globals(JSContext* ctx) {
  Held global(JS_GetGlobalObject(ctx));
  for (const char* name : kGlobals) {
    Held value(JS_GetPropertyStr(ctx, global.get(), name));
    if (value.failed()) return false;
    if (JS_IsUndefined(value.get())) continue;
    if (JS_DefinePropertyValueStr(ctx, machine.builtins.primordials, name, value.release(),
                                  JS_PROP_C_W_E) < 0)
      return false;
  }
  return true;
}

}  // namespace

bool install_builtins(JSContext* ctx) {
  auto& builtins = machine.builtins;
  builtins.format = JS_UNDEFINED;
  auto& process = machine.process;
  process.uncaught = process.rejected = JS_UNDEFINED;
  process.begins_again = JS_UNDEFINED;
  for (JSValue& end : process.ends) end = JS_UNDEFINED;
  builtins.modules = JS_NewObjectProto(ctx, JS_NULL);
  builtins.natives = JS_NewObjectProto(ctx, JS_NULL);
  builtins.primordials = JS_NewObjectProto(ctx, JS_NULL);
  builtins.require = JS_NewCFunction(ctx, require_builtin, "require", 1);
  builtins.internal = JS_NewCFunction(ctx, natives_of, "internal", 1);
  return !JS_IsException(builtins.modules) && !JS_IsException(builtins.natives) &&
         !JS_IsException(builtins.primordials) && !JS_IsException(builtins.require) &&
         !JS_IsException(builtins.internal) && take_globals(ctx);
}

bool forget_primordial(const char* name) {
  HeldAtom key(JS_NewAtom(machine.ctx, name));
  return !key.failed() &&
         JS_DeleteProperty(machine.ctx, machine.builtins.primordials, key.get(), 0) >= 0;
}

bool is_public_builtin(const char* name) { return !is_internal(name) && find_text(name); }

JSValue builtin_module(JSContext* ctx, const char* name) {
  const q_builtin_text* text = find_text(name);
  if (!text) return throw_unknown(name);
  machine.builtins.are_used = true;
  Held module(JS_GetPropertyStr(ctx, machine.builtins.modules, name));
  if (module.failed()) return JS_EXCEPTION;
  if (JS_IsUndefined(module.get())) return new_builtin(ctx, *text);
  return JS_GetPropertyStr(ctx, module.get(), "exports");
}

JSValue builtin_in_realm(JSContext* realm, const char* name) {
  const q_builtin_text* text = find_text(name);
  if (!text) return throw_unknown(name);
  Held function(compile_builtin(realm, *text));
  Held module(JS_NewObject(realm));
  Held exports(JS_NewObject(realm));
  Held global(JS_GetGlobalObject(realm));
  if (function.failed() || module.failed() || exports.failed() ||
      JS_DefinePropertyValueStr(realm, module.get(), "exports", exports.release(), JS_PROP_C_W_E) <
          0) {
    return JS_EXCEPTION;
  }
  Held first(JS_GetPropertyStr(realm, module.get(), "exports"));
  JSValueConst arguments[] = {first.get(), JS_UNDEFINED, module.get(), JS_UNDEFINED, global.get()};
  Held result(JS_Call(realm, function.get(), JS_UNDEFINED, 5, arguments));
  return result.failed() ? JS_EXCEPTION : JS_GetPropertyStr(realm, module.get(), "exports");
}

JSValue builtin_export(JSContext* ctx, const char* name, const char* key) {
  Held exports(builtin_module(ctx, name));
  return exports.failed() ? JS_EXCEPTION : JS_GetPropertyStr(ctx, exports.get(), key);
}

JSValue builtin_names(JSContext* ctx) {
  Held names(JS_NewArray(ctx));
  if (names.failed()) return JS_EXCEPTION;
  u32 count = 0;
  for (u32 i = 0; i < q_builtin_count; ++i) {
    if (is_internal(q_builtin_table[i].name)) continue;
    const JSValue text = JS_NewString(ctx, q_builtin_table[i].name);
    if (JS_IsException(text) ||
        JS_DefinePropertyValueUint32(ctx, names.get(), count++, text, JS_PROP_C_W_E) < 0) {
      return JS_EXCEPTION;
    }
  }
  return names.release();
}

bool is_builtin_url(JSAtom url) {
  return qi_atom_begins_with(machine.ctx, url, kScheme, kSchemeBytes);
}

JSValue builtin_of_url(JSContext* ctx, JSAtom url) {
  const char* text = JS_AtomToCString(ctx, url);
  if (!text) return JS_EXCEPTION;
  const char* name = text + kSchemeBytes;
  const JSValue exports = is_public_builtin(name) ? builtin_module(ctx, name) : throw_unknown(text);
  JS_FreeCString(ctx, text);
  return exports;
}

JSModuleDef* builtin_es_module(JSContext* ctx, JSAtom url) {
  Held exports(builtin_of_url(ctx, url));
  return exports.failed() ? nullptr : qi_new_exports_module(ctx, url, exports.get());
}
