#include "commonjs.hpp"

#include "builtins.hpp"
#include "file_urls.hpp"
#include "module_graph.hpp"
#include "module_table.hpp"
#include "process.hpp"
#include "source.hpp"

namespace {

constexpr char kLoader[] = "internal/cjs_loader";

HeldAtom atom_of(JSValueConst text) { return HeldAtom(JS_ValueToAtom(machine.ctx, text)); }

// What a program knows the file by: the path of a file: URL, any other name as it is.
JSValue file_name_of(JSValueConst url) {
  const JSValue path = path_of_url(url);
  return JS_IsUndefined(path) ? JS_DupValue(machine.ctx, url) : path;
}

// The function of a module; its code says that it is in `file`.
JSValue compile_file(const char* text, size_t bytes, JSValueConst file, JSAtom url) {
  JSContext* ctx = machine.ctx;
  const HeldAtom name = atom_of(file);
  if (name.failed() || !remember_commonjs(name.get(), url)) return JS_EXCEPTION;
  const ShownName shown(name.get());
  if (shown.failed()) return JS_EXCEPTION;
  constexpr const char* kNames[] = {"exports", "require", "module", "__filename", "__dirname"};
  constexpr int kCount = sizeof kNames / sizeof *kNames;
  JSAtom parameters[kCount];
  bool ok = true;
  for (int i = 0; i < kCount; ++i) {
    parameters[i] = JS_NewAtom(ctx, kNames[i]);
    ok = ok && parameters[i] != JS_ATOM_NULL;
  }
  const JSValue function =
      ok ? qi_compile_function(ctx, text, bytes, shown.text(), name.get(), parameters, kCount)
         : JS_EXCEPTION;
  for (const JSAtom parameter : parameters) JS_FreeAtom(ctx, parameter);
  return function;
}

JSValue pair(const char* what, JSValue owned) {
  if (JS_IsException(owned)) return owned;
  return new_pair(machine.ctx, JS_NewString(machine.ctx, what), owned);
}

// ---- require() of ES modules --------------------------------------------------------------------

JSValue throw_async(JSAtom awaited) {
  const ShownName shown(awaited);
  if (!shown.failed()) {
    throw_coded(Q_ERROR, "ERR_REQUIRE_ASYNC_MODULE",
                "require() cannot be used on a graph of modules that waits: '%s' uses top-level "
                "await or is loaded later. Use import() instead.",
                shown.text());
  }
  return JS_EXCEPTION;
}

// The namespace with `__esModule`, as bundlers made of ES modules expect of what has a default.
JSValue with_es_module_mark(JSModuleDef* module) {
  JSContext* ctx = machine.ctx;
  constexpr char kText[] =
      "export * from 'm'; export {default} from 'm'; export const __esModule = true;";
  const ShownName shown(qi_module_name(module));
  if (shown.failed()) return JS_EXCEPTION;
  const JSValue code = qi_compile(ctx, kText, sizeof(kText) - 1, shown.text(),
                                  qi_module_name(module), JS_EVAL_TYPE_MODULE);
  if (JS_IsException(code)) return JS_EXCEPTION;
  JSModuleDef* facade = qi_module(code);
  for (u32 i = 0; i < qi_request_count(facade); ++i) qi_answer_request(facade, i, module);
  qi_set_resolved(facade);
  if (!qi_link_module(ctx, facade)) {
    qi_free_module(ctx, facade);
    return JS_EXCEPTION;
  }
  Held promise(qi_evaluate_module(ctx, facade));
  if (promise.failed()) return JS_EXCEPTION;
  if (JS_PromiseState(ctx, promise.get()) == JS_PROMISE_REJECTED) {  // there was no memory
    JS_PromiseMarkAsHandled(ctx, promise.get());
    return JS_Throw(ctx, JS_PromiseResult(ctx, promise.get()));
  }
  return JS_GetModuleNamespace(ctx, facade);
}

// What require() gives of a module that has run.
JSValue exports_of(JSModuleDef* module) {
  JSContext* ctx = machine.ctx;
  HeldAtom whole(JS_NewAtom(ctx, "module.exports"));
  HeldAtom mark(JS_NewAtom(ctx, "__esModule"));
  HeldAtom standard(JS_NewAtom(ctx, "default"));
  if (whole.failed() || mark.failed() || standard.failed()) return JS_EXCEPTION;
  if (qi_has_export(ctx, module, whole.get())) return qi_exported_value(ctx, module, whole.get());
  if (!qi_has_export(ctx, module, standard.get()) || qi_has_export(ctx, module, mark.get()))
    return JS_GetModuleNamespace(ctx, module);
  return with_es_module_mark(module);
}

JSValue require_module(ModuleEntry* entry) {
  JSContext* ctx = machine.ctx;
  GraphLoad load(entry);
  if (load.failed()) return JS_EXCEPTION;
  if (load.waits()) return throw_async(load.awaited());
  JSModuleDef* module = load.module();
  JSModuleDef* found = module;
  switch (qi_why_not_now(ctx, &found)) {
    case QI_CAN_RUN: break;
    case QI_AWAITS: return throw_async(qi_module_name(found));
    case QI_RUNS: {
      const ShownName shown(qi_module_name(module));
      if (!shown.failed()) {
        throw_coded(Q_ERROR, "ERR_REQUIRE_CYCLE_MODULE",
                    "Cannot require() ES Module %s in a cycle: it is being evaluated.",
                    shown.text());
      }
      return JS_EXCEPTION;
    }
    default: return JS_EXCEPTION;
  }
  Held promise(qi_evaluate_module(ctx, module));
  if (promise.failed()) return JS_EXCEPTION;
  switch (JS_PromiseState(ctx, promise.get())) {
    case JS_PROMISE_FULFILLED: return exports_of(module);
    case JS_PROMISE_REJECTED:
      JS_PromiseMarkAsHandled(ctx, promise.get());
      return JS_Throw(ctx, JS_PromiseResult(ctx, promise.get()));
    default: return throw_async(qi_module_name(module));
  }
}

// ---- natives ------------------------------------------------------------------------------------

// resolve(specifier, referrer): a URL.
JSValue native_resolve(JSContext*, JSValueConst, int, JSValueConst* arguments) {
  if (machine.modules.is_loading && !machine.modules.is_lexing && !may_import())
    return JS_EXCEPTION;
  const HeldAtom specifier = atom_of(arguments[0]);
  const HeldAtom referrer = atom_of(arguments[1]);
  if (specifier.failed() || referrer.failed()) return JS_EXCEPTION;
  const Asking asking;
  return resolve_module(referrer.get(), specifier.get(), JS_UNDEFINED, Q_IMPORT_REQUIRE);
}

JSValue load_new(JSAtom name, JSValueConst file) {
  JSModuleDef* module;
  {
    const Asking asking;
    const ModuleSource source(name, JS_UNDEFINED, Q_IMPORT_REQUIRE);
    if (source.failed()) return JS_EXCEPTION;
    if (source.is_promise()) return throw_async(name);
    if (source.format() == Q_SOURCE_COMMONJS)
      return pair("commonjs", compile_file(source.bytes(), source.count(), file, name));
    if (source.format() != Q_SOURCE_JAVASCRIPT) return pair("value", value_of_source(name, source));
    module = make_module(name, source);
  }
  ModuleEntry* entry = module ? enter_module(name, module) : nullptr;
  return entry ? pair("value", require_module(entry)) : JS_EXCEPTION;
}

// load(url, file): ['commonjs', function], or ['value', exports] of what has run.
JSValue native_load(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!may_import()) return JS_EXCEPTION;
  const HeldAtom name = atom_of(arguments[0]);
  if (name.failed()) return JS_EXCEPTION;
  bool failed;
  ModuleEntry* entry = find_module(name.get(), JS_UNDEFINED, failed);
  if (failed) return JS_EXCEPTION;
  if (!entry) return load_new(name.get(), arguments[1]);
  if (entry->state == ModuleEntry::State::asked) return throw_async(name.get());
  if (!qi_is_commonjs(entry->module)) return pair("value", require_module(entry));
  Held code(qi_take_commonjs_code(entry->module));
  return JS_IsUndefined(code.get()) ? load_new(name.get(), arguments[1])
                                    : pair("commonjs", JS_DupValue(ctx, code.get()));
}

// source(url): the text of a CommonJS module; undefined: it is none.
JSValue native_source(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const HeldAtom name = atom_of(arguments[0]);
  if (name.failed()) return JS_EXCEPTION;
  const Asking asking;
  const ModuleSource source(name.get(), JS_UNDEFINED, Q_IMPORT_REQUIRE);
  if (source.failed()) return JS_EXCEPTION;
  if (source.is_promise() || source.format() != Q_SOURCE_COMMONJS) return JS_UNDEFINED;
  return JS_NewStringLen(ctx, source.bytes(), source.count());
}

// compile(text, file, url): a function.
JSValue native_compile(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const HeldAtom url = atom_of(arguments[2]);
  size_t bytes;
  const char* text = url.failed() ? nullptr : JS_ToCStringLen(ctx, &bytes, arguments[0]);
  if (!text) return JS_EXCEPTION;
  const JSValue function = compile_file(text, bytes, arguments[1], url.get());
  JS_FreeCString(ctx, text);
  return function;
}

// The lexer goes through a text unit by unit. In the program's realm every step could be the
// program's; so it has a realm that the program cannot get at, from the first use on.
bool prepare_lexer() {
  auto& modules = machine.modules;
  if (modules.lexer_realm) return true;
  JSContext* realm = JS_NewContextRaw(machine.rt);
  if (!realm) {
    JS_ThrowOutOfMemory(machine.ctx);
    return false;
  }
  if (!JS_AddIntrinsicBaseObjects(realm) && !JS_AddIntrinsicEval(realm) &&
      !JS_AddIntrinsicRegExp(realm) && !JS_AddIntrinsicJSON(realm) &&
      !JS_AddIntrinsicMapSet(realm) && !JS_AddIntrinsicPromise(realm)) {
    Held exports(builtin_in_realm(realm, "internal/packages/cjs_module_lexer"));
    modules.lexer =
        exports.failed() ? JS_EXCEPTION : JS_GetPropertyStr(realm, exports.get(), "parse");
    modules.lexer_realm = realm;
    if (!JS_IsException(modules.lexer)) return true;
    modules.lexer = JS_UNDEFINED;
    modules.lexer_realm = nullptr;
  }
  JS_FreeContext(realm);
  return false;
}

// lex(text): {exports, reexports}, two arrays of strings. Throws what the lexer throws.
JSValue native_lex(JSContext*, JSValueConst, int, JSValueConst* arguments) {
  if (!prepare_lexer()) return JS_EXCEPTION;
  return JS_Call(machine.modules.lexer_realm, machine.modules.lexer, JS_UNDEFINED, 1, arguments);
}

// unless_limit(error): throws it again if it is no mistake of a text but a limit of the VM.
JSValue native_unless_limit(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (machine.shared.stop != Q_STOP_NONE) return qi_throw_interrupted(ctx);
  HeldAtom key(JS_NewAtom(ctx, "name"));
  if (key.failed()) return JS_EXCEPTION;
  Held name(qi_data_property(ctx, arguments[0], key.get()));
  const char* text = JS_IsString(name.get()) ? JS_ToCString(ctx, name.get()) : nullptr;
  const bool is = text && (strcmp(text, "InternalError") == 0 || strcmp(text, "RangeError") == 0);
  JS_FreeCString(ctx, text);
  return is ? JS_Throw(ctx, JS_DupValue(ctx, arguments[0])) : JS_UNDEFINED;
}

// call(function, this, ...arguments)
JSValue native_call(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments) {
  return JS_Call(ctx, arguments[0], arguments[1], count > 2 ? count - 2 : 0, arguments + 2);
}

JSValue native_file_of(JSContext*, JSValueConst, int, JSValueConst* arguments) {
  return file_name_of(arguments[0]);
}

// The URL of an absolute path; anything else is a name of its own.
JSValue native_url_of(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const char* text = JS_ToCString(ctx, arguments[0]);
  if (!text) return JS_EXCEPTION;
  const bool is_path = text[0] == '/';
  JS_FreeCString(ctx, text);
  return is_path ? url_of_file(arguments[0]) : JS_DupValue(ctx, arguments[0]);
}

JSValue native_folder_of(JSContext*, JSValueConst, int, JSValueConst* arguments) {
  return folder_of_file(arguments[0]);
}

// builtin(name): what `node:x` exports; of any other name undefined.
JSValue native_builtin(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!JS_IsString(arguments[0])) return JS_UNDEFINED;
  const HeldAtom name = atom_of(arguments[0]);
  if (name.failed()) return JS_EXCEPTION;
  return is_builtin_url(name.get()) ? builtin_of_url(ctx, name.get()) : JS_UNDEFINED;
}

JSValue native_is_builtin(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  if (!JS_IsString(arguments[0])) return JS_FALSE;
  const char* name = JS_ToCString(ctx, arguments[0]);
  if (!name) return JS_EXCEPTION;
  const bool is = is_public_builtin(strncmp(name, "node:", 5) == 0 ? name + 5 : name);
  JS_FreeCString(ctx, name);
  return JS_NewBool(ctx, is);
}

JSValue native_builtins(JSContext* ctx, JSValueConst, int, JSValueConst*) {
  return builtin_names(ctx);
}

// put(object, key, value): an own property, whatever its prototype says.
JSValue native_put(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const HeldAtom key = atom_of(arguments[1]);
  if (key.failed() || JS_DefinePropertyValue(ctx, arguments[0], key.get(),
                                             JS_DupValue(ctx, arguments[2]), JS_PROP_C_W_E) < 0) {
    return JS_EXCEPTION;
  }
  return JS_DupValue(ctx, arguments[2]);
}

// fail(class, code, message): throws.
JSValue native_fail(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  int32_t error_class = Q_ERROR;
  if (JS_ToInt32(ctx, &error_class, arguments[0])) return JS_EXCEPTION;
  const char* code = JS_ToCString(ctx, arguments[1]);
  const char* message = code ? JS_ToCString(ctx, arguments[2]) : nullptr;
  if (message) throw_coded((u32)error_class, code, "%s", message);
  JS_FreeCString(ctx, code);
  JS_FreeCString(ctx, message);
  return JS_EXCEPTION;
}

constexpr JSCFunctionListEntry kNatives[] = {
    JS_CFUNC_DEF("resolve", 2, native_resolve),
    JS_CFUNC_DEF("load", 2, native_load),
    JS_CFUNC_DEF("source", 1, native_source),
    JS_CFUNC_DEF("compile", 3, native_compile),
    JS_CFUNC_DEF("lex", 1, native_lex),
    JS_CFUNC_DEF("unlessLimit", 1, native_unless_limit),
    JS_CFUNC_DEF("call", 2, native_call),
    JS_CFUNC_DEF("fileOf", 1, native_file_of),
    JS_CFUNC_DEF("urlOf", 1, native_url_of),
    JS_CFUNC_DEF("folderOf", 1, native_folder_of),
    JS_CFUNC_DEF("builtin", 1, native_builtin),
    JS_CFUNC_DEF("isBuiltin", 1, native_is_builtin),
    JS_CFUNC_DEF("builtins", 0, native_builtins),
    JS_CFUNC_DEF("put", 3, native_put),
    JS_CFUNC_DEF("fail", 3, native_fail),
};

// ---- as ES modules ------------------------------------------------------------------------------

bool declare(JSModuleDef* module, const char* name) {
  HeldAtom atom(JS_NewAtom(machine.ctx, name));
  return !atom.failed() && qi_declare_export(machine.ctx, module, atom.get());
}

// The names that can be read off the text: cjs-module-lexer's rules.
JSValue lexed_names(JSAtom url, const ModuleSource& source) {
  JSContext* ctx = machine.ctx;
  Held lex(builtin_export(ctx, kLoader, "namesOf"));
  Held name(lex.failed() ? JS_EXCEPTION : JS_AtomToString(ctx, url));
  Held text(name.failed() ? JS_EXCEPTION : JS_NewStringLen(ctx, source.bytes(), source.count()));
  if (text.failed()) return JS_EXCEPTION;
  JSValueConst arguments[] = {name.get(), text.get()};
  const bool outer = machine.modules.is_lexing;
  machine.modules.is_lexing = true;
  const JSValue names = JS_Call(ctx, lex.get(), JS_UNDEFINED, 2, arguments);
  machine.modules.is_lexing = outer;
  return names;
}

bool declare_lexed(JSModuleDef* module, JSAtom url, const ModuleSource& source) {
  JSContext* ctx = machine.ctx;
  Held names(lexed_names(url, source));
  if (names.failed()) return false;
  i64 count = 0;
  if (JS_GetLength(ctx, names.get(), &count) < 0) return false;
  for (i64 i = 0; i < count; ++i) {
    Held name(JS_GetPropertyUint32(ctx, names.get(), (u32)i));
    if (name.failed() || !JS_IsString(name.get())) return false;
    const HeldAtom atom = atom_of(name.get());
    if (atom.failed() || !qi_declare_export(ctx, module, atom.get())) return false;
  }
  return true;
}

// Gives the exports of a module that has run to those who import it.
bool spread(JSModuleDef* module, JSValueConst exports) {
  JSContext* ctx = machine.ctx;
  HeldAtom whole(JS_NewAtom(ctx, "module.exports"));
  HeldAtom standard(JS_NewAtom(ctx, "default"));
  if (whole.failed() || standard.failed()) return false;
  for (int i = 0; i < qi_export_count(module); ++i) {
    const JSAtom name = qi_export_name(module, i);
    Held value(JS_UNDEFINED);
    if (name == whole.get() || name == standard.get()) {
      value.reset(JS_DupValue(ctx, exports));
    } else if (JS_IsObject(exports)) {
      const int has = JS_GetOwnProperty(ctx, nullptr, exports, name);
      if (has != 0) value.reset(has < 0 ? JS_EXCEPTION : JS_GetProperty(ctx, exports, name));
      if (value.failed()) {  // a getter that throws: the name is there, without a value
        if (machine.shared.stop != Q_STOP_NONE) return false;
        JS_FreeValue(ctx, JS_GetException(ctx));
        value.reset(JS_UNDEFINED);
      }
    }
    qi_set_export(ctx, module, i, value.release());
  }
  return true;
}

}  // namespace

const NativeGroup kModuleNatives("modules", kNatives);

JSModuleDef* new_commonjs_module(JSAtom name, const ModuleSource& source) {
  JSContext* ctx = machine.ctx;
  Held url(JS_AtomToString(ctx, name));
  Held file(url.failed() ? JS_EXCEPTION : file_name_of(url.get()));
  Held code(file.failed() ? JS_EXCEPTION
                          : compile_file(source.bytes(), source.count(), file.get(), name));
  if (code.failed()) return nullptr;
  JSModuleDef* module = qi_new_commonjs_module(ctx, name, code.release());
  if (!module) return nullptr;
  if (declare(module, "default") && declare(module, "module.exports") &&
      declare_lexed(module, name, source)) {
    return module;
  }
  qi_free_module(ctx, module);
  return nullptr;
}

bool guest_run_commonjs(JSContext* ctx, JSModuleDef* module) {
  Held code(qi_take_commonjs_code(module));
  Held run(builtin_export(ctx, kLoader, "runImported"));
  Held url(run.failed() ? JS_EXCEPTION : JS_AtomToString(ctx, qi_module_name(module)));
  if (url.failed()) return false;
  const bool is_main = machine.modules.main == module;
  JSValueConst arguments[] = {url.get(), code.get(), JS_NewBool(ctx, is_main)};
  Held exports(JS_Call(ctx, run.get(), JS_UNDEFINED, 3, arguments));
  // The program may go on although its main module threw.
  if (is_main && exports.failed() && handle_uncaught(ctx, Uncaught::exception))
    exports.reset(JS_UNDEFINED);
  return !exports.failed() && spread(module, exports.get());
}
