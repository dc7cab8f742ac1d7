// ES modules: import(), the entries of a program, and what import.meta says.
//
// ECMA-262 16.2.1: all that a module imports is loaded first (module_graph.cpp), then linked, then
// evaluated. A module that threw stays, with its error.
#include "modules.hpp"

#include "file_urls.hpp"
#include "module_graph.hpp"
#include "module_source.hpp"
#include "module_table.hpp"
#include "texts.hpp"
#include "wires.hpp"

namespace {

// Rejects with the pending error. What an interrupt ends is the program's end.
JSValue reject_with_error(JSValueConst reject) {
  JSContext* ctx = machine.ctx;
  Held error(qi_take_exception(ctx));
  JSValueConst reason = error.get();
  Held told(JS_Call(ctx, reject, JS_UNDEFINED, 1, &reason));
  return told.failed() ? JS_EXCEPTION : JS_UNDEFINED;
}

// Evaluates what is complete; the rest goes on when it is. False: the error is pending.
bool run(GraphLoad& load, JSValueConst resolve, JSValueConst reject, bool is_main) {
  if (load.failed()) return false;
  if (load.waits()) return load.leave(resolve, reject, is_main);
  return evaluate_module(load.module(), resolve, reject, is_main);
}

// The promise of the namespace of a program's entry, or of undefined if the program took the error
// itself. What is wrong at once is thrown at once.
JSValue run_main(GraphLoad& load) {
  JSContext* ctx = machine.ctx;
  JSValue settle[2];
  if (load.failed()) return JS_EXCEPTION;
  Held promise(JS_NewPromiseCapability(ctx, settle));
  if (promise.failed()) return JS_EXCEPTION;
  Held resolve(settle[0]);
  Held reject(settle[1]);
  return run(load, resolve.get(), reject.get(), true) ? promise.release() : JS_EXCEPTION;
}

JSValue completion_of(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  // QuickJS resolves an async script with {value, done}, as an iterator would.
  return JS_GetPropertyStr(ctx, arguments[0], "value");
}

// import.meta.resolve, with the name of the module as its data.
JSValue meta_resolve(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int,
                     JSValueConst* data) {
  if (!may_import()) return JS_EXCEPTION;
  Held text(JS_ToString(ctx, arguments[0]));
  HeldAtom specifier(text.failed() ? JS_ATOM_NULL : JS_ValueToAtom(ctx, text.get()));
  HeldAtom referrer(specifier.failed() ? JS_ATOM_NULL : JS_ValueToAtom(ctx, data[0]));
  if (referrer.failed()) return JS_EXCEPTION;
  const Asking asking;
  return resolve_module(referrer.get(), specifier.get(), JS_UNDEFINED, Q_IMPORT_META_RESOLVE);
}

// `dirname` and `filename` of a file: URL.
bool define_files(JSValueConst meta, JSValueConst url) {
  Held file(path_of_url(url));
  if (file.failed() || JS_IsUndefined(file.get())) return !file.failed();
  return define_value(meta, "dirname", folder_of_file(file.get())) &&
         define_value(meta, "filename", file.release());
}

}  // namespace

JSModuleDef* guest_import_module(JSContext* ctx, JSAtom referrer, JSAtom specifier,
                                 JSValueConst attributes, bool is_dynamic) {
  GraphLoad load(referrer, specifier, attributes, is_dynamic ? Q_IMPORT_DYNAMIC : Q_IMPORT_STATIC);
  if (load.failed()) return nullptr;
  if (!load.waits()) return load.module();
  JS_ThrowTypeError(ctx, "a module that is loaded later cannot be had at once");
  return nullptr;
}

bool guest_prepare_module(JSContext* ctx, JSModuleDef* module) {
  if (qi_is_resolved(module)) return true;
  GraphLoad load(module);
  if (load.waits()) JS_ThrowTypeError(ctx, "a module that is loaded later cannot be had at once");
  return !load.failed() && !load.waits();
}

JSValue guest_import(JSContext* ctx, JSValueConst resolve, JSValueConst reject,
                     JSValueConst referrer, JSValueConst specifier, JSValueConst attributes) {
  HeldAtom base(JS_IsString(referrer) ? JS_ValueToAtom(ctx, referrer) : JS_NewAtom(ctx, ""));
  HeldAtom name(base.failed() ? JS_ATOM_NULL : JS_ValueToAtom(ctx, specifier));
  if (name.failed()) return reject_with_error(reject);
  GraphLoad load(url_of_code(base.get()), name.get(), attributes, Q_IMPORT_DYNAMIC);
  if (run(load, resolve, reject, false)) return JS_UNDEFINED;
  return reject_with_error(reject);
}

JSValue guest_new_meta(JSContext* ctx, JSModuleDef* module) {
  Held meta(JS_NewObjectProto(ctx, JS_NULL));
  Held url(JS_AtomToString(ctx, qi_module_name(module)));
  if (meta.failed() || url.failed() || !define_files(meta.get(), url.get())) return JS_EXCEPTION;
  JSValueConst data[] = {url.get()};
  Held resolve(JS_NewCFunctionData(ctx, meta_resolve, 1, 0, 1, data));
  if (resolve.failed() ||
      !define_value(resolve.get(), "name", JS_NewString(ctx, "resolve"), JS_PROP_CONFIGURABLE) ||
      !define_value(meta.get(), "main", JS_NewBool(ctx, qi_is_main_module(module))) ||
      !define_value(meta.get(), "resolve", resolve.release()) ||
      !define_value(meta.get(), "url", url.release())) {
    return JS_EXCEPTION;
  }
  return meta.release();
}

JSValue run_main_module(JSModuleDef* module) {
  GraphLoad load(module);
  return run_main(load);
}

JSValue unwrap_async(JSValue owned_promise) {
  JSContext* ctx = machine.ctx;
  Held promise(owned_promise);
  if (promise.failed()) return JS_EXCEPTION;
  Held unwrap(JS_NewCFunction(ctx, completion_of, "", 1));
  if (unwrap.failed()) return JS_EXCEPTION;
  return JS_PromiseThen(ctx, promise.get(), unwrap.get(), JS_UNDEFINED);
}

wire q_import_main(u32 address, u32 count, u32 encoding) {
  enter();
  HeldAtom specifier(new_text_atom(address, count, encoding));
  HeldAtom referrer(JS_NewAtom(machine.ctx, ""));
  if (specifier.failed() || referrer.failed()) return take_exception();
  GraphLoad load(referrer.get(), specifier.get(), JS_UNDEFINED, Q_IMPORT_DYNAMIC);
  return outcome(run_main(load));
}
