// ES modules as ECMA-262 loads them. Part of quickjs_internals.c.
//
// QuickJS compiles a module and at once, recursively, what it imports; names cross its loader as C
// strings, and a module whose dependency failed stays in the list of loaded ones. Here a module is
// compiled alone, under an atom for a name; guest/modules.cpp then loads the whole graph in a loop,
// and only a complete graph is linked and evaluated.

// Where QuickJS would load what a module imports: too early. See qi_create_module_function.
static int qi_resolve_module(JSContext* ctx, JSModuleDef* module) {
  (void)ctx, (void)module;
  return 0;
}

// The reader of bytecode asks for each import as it reads it. This stands in until the graph is
// loaded.
static JSModuleDef qi_not_yet_loaded;
static JSModuleDef* qi_import_later(JSContext* ctx, JSAtom base, JSAtom name, JSValueConst rest) {
  (void)ctx, (void)base, (void)name, (void)rest;
  return &qi_not_yet_loaded;
}

// JS_LoadModule, for native extensions.
static JSModuleDef* qi_import_by_text(JSContext* ctx, const char* base, const char* name,
                                      JSValueConst attributes) {
  JSAtom referrer = original_new_atom(ctx, base);
  JSAtom specifier = referrer == JS_ATOM_NULL ? JS_ATOM_NULL : original_new_atom(ctx, name);
  JSModuleDef* module =
      specifier == JS_ATOM_NULL
          ? NULL
          : guest_import_module(ctx, referrer, specifier, attributes, /*is_dynamic=*/true);
  JS_FreeAtom(ctx, referrer);
  JS_FreeAtom(ctx, specifier);
  return module;
}

JSModuleDef* JS_NewCModule(JSContext* ctx, const char* name, JSModuleInitFunc* init) {
  qi_has_native_modules = true;
  return original_new_native_module(ctx, name, init);
}

// One that a native extension has made. These are on the list of QuickJS and on none of ours.
JSModuleDef* qi_find_native_module(JSContext* ctx, JSAtom name) {
  if (!qi_has_native_modules) return NULL;
  struct list_head* el;
  list_for_each(el, &ctx->loaded_modules) {
    JSModuleDef* module = list_entry(el, JSModuleDef, link);
    if (module->module_name == name && module->init_func && !module->resolved) return module;
  }
  return NULL;
}

// ---- compiling ----------------------------------------------------------------------------------

JSValue qi_compile(JSContext* ctx, const char* source, size_t bytes, const char* shown_name,
                   JSAtom name, int flags) {
  const qi_name outer = qi_name_of_source;
  qi_name_of_source = (qi_name){shown_name, name};
  JSValue compiled = JS_Eval(ctx, source, bytes, shown_name, flags | JS_EVAL_FLAG_COMPILE_ONLY);
  qi_name_of_source = outer;
  return compiled;
}

static int qi_init_value_module(JSContext* ctx, JSModuleDef* module) {
  set_value(ctx, module->export_entries[0].u.local.var_ref->pvalue, js_dup(module->private_value));
  return 0;
}

// A module that is no JavaScript: `init` makes its exports of `value`, which is owned. NULL: the
// error is pending.
static JSModuleDef* qi_new_module(JSContext* ctx, JSAtom name, JSModuleInitFunc* init,
                                  JSValue value) {
  JSModuleDef* module = js_new_module_def(ctx, JS_DupAtom(ctx, name));
  if (!module) {
    JS_FreeValue(ctx, value);
    return NULL;
  }
  module->init_func = init;
  module->private_value = value;
  return module;
}

JSModuleDef* qi_new_value_module(JSContext* ctx, JSAtom name, JSValue value) {
  JSModuleDef* module = qi_new_module(ctx, name, qi_init_value_module, value);
  if (!module) return NULL;
  if (!add_export_entry2(ctx, NULL, module, JS_ATOM_NULL, JS_ATOM_default, JS_EXPORT_TYPE_LOCAL)) {
    js_free_module_def(ctx, module);
    return NULL;
  }
  return module;
}

// ---- the list of loaded modules -----------------------------------------------------------------

// Of a module in JavaScript, private_value is ours: QI_MODULE_... bits.
static int qi_module_bits(const JSModuleDef* module) {
  if (module->init_func || JS_VALUE_GET_TAG(module->private_value) != JS_TAG_INT) return 0;
  return JS_VALUE_GET_INT(module->private_value);
}

void qi_mark_module(JSModuleDef* module, int bits) {
  if (!module->init_func) module->private_value = js_int32(bits);
}

bool qi_is_main_module(JSModuleDef* module) { return qi_module_bits(module) & QI_MODULE_MAIN; }

// -1: the error is pending.
int qi_same_attributes(JSContext* ctx, JSValueConst one, JSValueConst other) {
  if (JS_IsUndefined(one) && JS_IsUndefined(other)) return 1;
  return js_module_attributes_equal(ctx, one, other);
}

void qi_set_module_attributes(JSContext* ctx, JSModuleDef* module, JSValueConst attributes) {
  if (JS_IsObject(attributes)) set_value(ctx, &module->attributes, js_dup(attributes));
}

JSAtom qi_module_name(JSModuleDef* module) { return module->module_name; }
uint32_t qi_request_count(JSModuleDef* module) {
  return (uint32_t)module->req_module_entries_count;
}

qi_request qi_request_at(JSModuleDef* module, uint32_t index) {
  const JSReqModuleEntry* entry = &module->req_module_entries[index];
  return (qi_request){entry->module_name, entry->attributes, entry->module};
}

void qi_set_request_attributes(JSContext* ctx, JSModuleDef* module, uint32_t index,
                               JSValueConst attributes) {
  set_value(ctx, &module->req_module_entries[index].attributes, js_dup(attributes));
}

void qi_answer_request(JSModuleDef* module, uint32_t index, JSModuleDef* answer) {
  module->req_module_entries[index].module = answer;
}

bool qi_is_resolved(JSModuleDef* module) { return module->resolved; }
void qi_set_resolved(JSModuleDef* module) { module->resolved = true; }

void qi_free_module(JSContext* ctx, JSModuleDef* module) { js_free_module_def(ctx, module); }

// ---- which module code is of --------------------------------------------------------------------

// Stops at the function that is looked for, which `data` points to.
static bool qi_is_other_code(JSContext* ctx, JSFunctionBytecode* code, void* data) {
  (void)ctx;
  const JSFunctionBytecode** wanted = data;
  if (code != *wanted) return true;
  *wanted = NULL;
  return false;
}

static JSFunctionBytecode* qi_module_code(const JSModuleDef* module) {
  if (JS_VALUE_GET_TAG(module->func_obj) == JS_TAG_FUNCTION_BYTECODE)
    return JS_VALUE_GET_PTR(module->func_obj);
  if (JS_VALUE_GET_TAG(module->func_obj) != JS_TAG_OBJECT) return NULL;
  JSObject* function = JS_VALUE_GET_OBJ(module->func_obj);
  return js_class_has_bytecode(function->class_id) ? function->u.func.function_bytecode : NULL;
}

// 1: the function was written in this module; 0: in another; -1: the error is pending.
int qi_is_code_of(JSContext* ctx, JSModuleDef* module, const void* code) {
  const JSFunctionBytecode* wanted = code;
  if (!qi_visit_codes(ctx, qi_module_code(module), qi_is_other_code, &wanted)) return -1;
  return wanted == NULL;
}

bool qi_has_code(JSModuleDef* module) { return qi_module_code(module) != NULL; }

static JSValue qi_import_meta(JSContext* ctx) {
  JSFunctionBytecode* code = qi_code_of_frame(ctx->rt->current_stack_frame);
  bool failed = false;
  JSModuleDef* module = code ? guest_module_of(ctx, code->filename, code, &failed) : NULL;
  if (failed) return JS_EXCEPTION;
  if (!module) return JS_ThrowTypeError(ctx, "import.meta not supported in this context");
  if (JS_IsUndefined(module->meta_obj)) {
    JSValue meta = guest_new_meta(ctx, module);
    if (JS_IsException(meta)) return meta;
    module->meta_obj = meta;
  }
  return js_dup(module->meta_obj);
}

// ---- import() -----------------------------------------------------------------------------------

// In the place of QuickJS's job.
static JSValue js_dynamic_import_job(JSContext* ctx, int argc, JSValueConst* argv) {
  (void)argc;
  return guest_import(ctx, argv[0], argv[1], argv[2], argv[3], argv[4]);
}

// Resolves with the namespace when the module has run, or rejects. False: the error is pending.
bool qi_settle_with_namespace(JSContext* ctx, JSModuleDef* module, JSValueConst resolve,
                              JSValueConst reject) {
  JSValue evaluated = qi_evaluate_module(ctx, module);
  if (JS_IsException(evaluated)) return false;
  JSValueConst data[] = {resolve, reject, JS_MKPTR(JS_TAG_MODULE, module)};
  JSValue then[] = {JS_NewCFunctionData(ctx, js_load_module_fulfilled, 0, 0, 3, data),
                    JS_NewCFunctionData(ctx, js_load_module_rejected, 0, 0, 3, data)};
  const bool ok = !JS_IsException(then[0]) && !JS_IsException(then[1]) &&
                  qi_promise_react(ctx, evaluated, then[0], then[1]);
  JS_FreeValue(ctx, then[0]);
  JS_FreeValue(ctx, then[1]);
  JS_FreeValue(ctx, evaluated);
  return ok;
}

// ---- stacks -------------------------------------------------------------------------------------

bool qi_extend_stack(JSContext* ctx, JSValueConst error, JSValueConst lines) {
  if (JS_GetClassID(error) != JS_CLASS_ERROR) return true;
  JSObject* p = JS_VALUE_GET_OBJ(error);
  JSValue* stack = &p->u.object_data;
  JSProperty* own = NULL;  // which the host gives to errors that it knows the place of
  const JSShapeProperty* shape = find_own_property(&own, p, JS_ATOM_stack);
  if (shape && (shape->flags & JS_PROP_TMASK) != JS_PROP_NORMAL) return true;
  if (shape) stack = &own->u.value;
  if (!JS_IsString(*stack)) return true;
  JSValue longer = JS_ConcatString(ctx, js_dup(*stack), js_dup(lines));
  if (JS_IsException(longer)) return false;
  set_value(ctx, stack, longer);
  return true;
}

// ---- bytecode -----------------------------------------------------------------------------------

uint8_t* qi_write_bytecode(JSContext* ctx, JSValueConst compiled, size_t* bytes, bool strip_source,
                           bool strip_debug) {
  int flags = JS_WRITE_OBJ_BYTECODE;
  if (strip_source) flags |= JS_WRITE_OBJ_STRIP_SOURCE;
  if (strip_debug) flags |= JS_WRITE_OBJ_STRIP_DEBUG;
  return JS_WriteObject2(ctx, bytes, compiled, flags, NULL);
}

bool qi_is_module(JSValueConst compiled) { return JS_VALUE_GET_TAG(compiled) == JS_TAG_MODULE; }

static bool qi_rename_function(JSContext* ctx, JSFunctionBytecode* code, void* name) {
  JS_FreeAtom(ctx, code->filename);
  code->filename = JS_DupAtom(ctx, *(JSAtom*)name);
  return true;
}

// The name of every function of compiled code: stripped bytecode has none, and import() and
// import.meta go by it.
bool qi_rename_code(JSContext* ctx, JSValueConst compiled, JSAtom name) {
  JSFunctionBytecode* root = NULL;
  if (JS_VALUE_GET_TAG(compiled) == JS_TAG_MODULE) {
    JSModuleDef* module = JS_VALUE_GET_PTR(compiled);
    JS_FreeAtom(ctx, module->module_name);
    module->module_name = JS_DupAtom(ctx, name);
    root = qi_module_code(module);
  } else if (JS_VALUE_GET_TAG(compiled) == JS_TAG_FUNCTION_BYTECODE) {
    root = JS_VALUE_GET_PTR(compiled);
  }
  return qi_visit_codes(ctx, root, qi_rename_function, &name);
}

// ---- what a VM may be without -------------------------------------------------------------------

void qi_forbid_eval(void) { qi_eval_is_forbidden = true; }
void qi_forbid_bigint_literals(void) { qi_bigint_literals_are_forbidden = true; }

void qi_forbid_regexp(JSContext* ctx) {
  ctx->compile_regexp = NULL;  // literals become syntax errors
  set_value(ctx, &ctx->regexp_ctor, JS_UNDEFINED);
}
