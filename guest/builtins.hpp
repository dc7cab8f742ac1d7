// Modules that the engine brings along: `node:util` and the like, and parts of those.
//
// Each is a text in the engine (guest/builtins/), compiled and run when a VM first asks for it, as
//
//   (function (exports, require, module, internal, primordials) { ... })
//
// and in the VM's heap from then on, so it sleeps with it. `require` finds other built-ins, those
// that programs cannot name (`internal/...`) among them; `internal('group')` has native functions;
// `primordials` has the globals as they were before any program ran.
#pragma once

#include "machine.hpp"

/// Native functions for built-ins: internal('name') is an object of them.
struct NativeGroup {
  const char* name;
  const JSCFunctionListEntry* functions;
  int count;

  template <size_t kCount>
  constexpr NativeGroup(const char* group, const JSCFunctionListEntry (&list)[kCount])
      : name(group), functions(list), count(kCount) {}
};

#define NATIVE_GROUP(group) extern const NativeGroup group;
#include "native_groups.inc"
#undef NATIVE_GROUP

/// Part of q_initialize; false: out of memory.
bool install_builtins(JSContext* ctx);

/// Whether programs may name it, without "node:".
bool is_public_builtin(const char* name);

/// What the built-in `name` exports; it is run if this VM has not done so. Owned; an exception is
/// pending if it throws, or if there is none of that name (ERR_UNKNOWN_BUILTIN_MODULE).
JSValue builtin_module(JSContext* ctx, const char* name);

/// What it exports when it runs in another realm, without other built-ins. It is run each time.
JSValue builtin_in_realm(JSContext* realm, const char* name);

/// One thing that a built-in exports. Owned.
JSValue builtin_export(JSContext* ctx, const char* name, const char* key);

/// The names that programs may use, as an array of strings, without "node:". Owned.
JSValue builtin_names(JSContext* ctx);

/// Whether a module of that name is a built-in's: it begins with "node:".
bool is_builtin_url(JSAtom url);

/// What `node:x` exports, which programs may name. Precondition: is_builtin_url. Owned; an
/// exception is pending if it throws, or if there is none of that name
/// (ERR_UNKNOWN_BUILTIN_MODULE).
JSValue builtin_of_url(JSContext* ctx, JSAtom url);

/// The module `node:x`: its exports by name, and all of them as `default`. Null: an exception is
/// pending.
JSModuleDef* builtin_es_module(JSContext* ctx, JSAtom url);

/// A string of UTF-8 as TextDecoder reads it: malformed parts become U+FFFD. Owned.
JSValue new_utf8_string(JSContext* ctx, const char* bytes, u32 count);

/// An array of two values, which it takes; one that is an exception is pending.
JSValue new_pair(JSContext* ctx, JSValue first, JSValue second);

/// An error with a `code` that is printed with it, as Node prints its own: "TypeError [CODE]:
/// text". False: an exception is pending.
bool mark_node_error(JSContext* ctx, JSValueConst error);

/// What built-ins get no more: a VM is made without it.
bool forget_primordial(const char* name);
