// For built-in modules. Part of quickjs_internals.c.

static bool qi_drop_source(JSContext* ctx, JSFunctionBytecode* code, void* data) {
  (void)data;
  js_free(ctx, code->source);
  code->source = NULL;
  code->source_len = 0;
  return true;
}

// Lets go of the source texts that Function.prototype.toString would show.
bool qi_strip_source(JSContext* ctx, JSValueConst compiled) {
  if (JS_VALUE_GET_TAG(compiled) != JS_TAG_FUNCTION_BYTECODE) return true;
  return qi_visit_codes(ctx, JS_VALUE_GET_PTR(compiled), qi_drop_source, NULL);
}

// ---- modules whose exports are the properties of an object --------------------------------------

static int qi_init_exports_module(JSContext* ctx, JSModuleDef* module) {
  for (int i = 0; i < module->export_entries_count; ++i) {
    JSExportEntry* entry = &module->export_entries[i];
    JSValue value = i == 0 ? js_dup(module->private_value)
                           : JS_GetProperty(ctx, module->private_value, entry->export_name);
    if (JS_IsException(value)) return -1;
    set_value(ctx, entry->u.local.var_ref->pvalue, value);
  }
  return 0;
}

static bool qi_add_export(JSContext* ctx, JSModuleDef* module, JSAtom name) {
  return add_export_entry2(ctx, NULL, module, JS_ATOM_NULL, name, JS_EXPORT_TYPE_LOCAL) != NULL;
}

// `default` comes first; a property of that name would be the second of one name, and is left out.
static bool qi_add_exports(JSContext* ctx, JSModuleDef* module, JSValueConst exports) {
  if (!qi_add_export(ctx, module, JS_ATOM_default)) return false;
  if (!JS_IsObject(exports)) return true;
  JSPropertyEnum* keys;
  uint32_t count;
  if (JS_GetOwnPropertyNames(ctx, &keys, &count, exports, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY))
    return false;
  bool ok = true;
  for (uint32_t i = 0; i < count && ok; ++i) {
    if (keys[i].atom != JS_ATOM_default) ok = qi_add_export(ctx, module, keys[i].atom);
  }
  JS_FreePropertyEnum(ctx, keys, count);
  return ok;
}

JSModuleDef* qi_new_exports_module(JSContext* ctx, JSAtom name, JSValueConst exports) {
  JSModuleDef* module = qi_new_module(ctx, name, qi_init_exports_module, js_dup(exports));
  if (!module) return NULL;
  if (qi_add_exports(ctx, module, exports)) return module;
  js_free_module_def(ctx, module);
  return NULL;
}

// ---- the asynchronous context -------------------------------------------------------------------

JSValue qi_async_context = JS_UNDEFINED;

static JSValue qi_swap_context(JSContext* ctx, JSValueConst context) {
  JSValue outer = qi_async_context;
  qi_async_context = js_dup(context);
  return outer;
}

static void qi_restore_context(JSContext* ctx, JSValue outer) {
  JS_FreeValue(ctx, qi_async_context);
  qi_async_context = outer;
}

// A reaction, and the context that `then` was called in.
static JSValue qi_react_in_context(JSContext* ctx, JSValueConst self, int argc, JSValueConst* argv,
                                   int magic, JSValueConst* data) {
  (void)self, (void)magic;
  JSValue outer = qi_swap_context(ctx, data[1]);
  JSValue result = JS_Call(ctx, data[0], JS_UNDEFINED, argc, argv);
  qi_restore_context(ctx, outer);
  return result;
}

static int qi_perform_then(JSContext* ctx, JSValueConst promise, JSValueConst* handlers,
                           JSValueConst* capability) {
  if (likely(JS_IsUndefined(qi_async_context)))
    return original_perform_then(ctx, promise, handlers, capability);
  JSValue wrapped[2] = {JS_UNDEFINED, JS_UNDEFINED};
  bool ok = true;
  for (int i = 0; i < 2 && ok; ++i) {
    if (!JS_IsFunction(ctx, handlers[i])) continue;
    JSValueConst data[] = {handlers[i], qi_async_context};
    wrapped[i] = JS_NewCFunctionData(ctx, qi_react_in_context, 1, 0, 2, data);
    ok = !JS_IsException(wrapped[i]);
  }
  const int result = ok ? original_perform_then(ctx, promise, vc(wrapped), capability) : -1;
  JS_FreeValue(ctx, wrapped[0]);
  JS_FreeValue(ctx, wrapped[1]);
  return result;
}

// A job in its context: the function's index, the context, its arguments.
static JSValue qi_job_in_context(JSContext* ctx, int argc, JSValueConst* argv) {
  JSJobFunc* job = (JSJobFunc*)(uintptr_t)JS_VALUE_GET_INT(argv[0]);
  JSValue outer = qi_swap_context(ctx, argv[1]);
  JSValue result = job(ctx, argc - 2, argv + 2);
  qi_restore_context(ctx, outer);
  return result;
}

#define QI_JOB_ARGUMENTS_MAX 5

static int qi_enqueue_in_context(JSContext* ctx, JSJobFunc* job, int argc, JSValueConst* argv) {
  // The handler of a reaction has its context already.
  if (likely(JS_IsUndefined(qi_async_context)) || job == promise_reaction_job ||
      job == js_finrec_job || argc > QI_JOB_ARGUMENTS_MAX)
    return original_enqueue_job(ctx, job, argc, argv);
  JSValueConst all[QI_JOB_ARGUMENTS_MAX + 2] = {js_int32((int32_t)(uintptr_t)job),
                                                qi_async_context};
  for (int i = 0; i < argc; ++i) all[i + 2] = argv[i];
  return original_enqueue_job(ctx, qi_job_in_context, argc + 2, all);
}
