// ES modules as ECMA-262 loads them. Part of quickjs_internals.c.
//
// QuickJS compiles a module and at once, recursively, what it imports; names cross its loader as C
// strings, and a module whose dependency failed stays in the list of loaded ones. Here a module is
// compiled alone, under an atom for a name; guest/modules.cpp then loads the whole graph in a loop,
// and only a complete graph is linked and evaluated.

// What the parser is given for a file name, and the atom that every function gets for it.
static const char* qi_shown_name;
static JSAtom qi_exact_name;

static JSAtom qi_new_atom(JSContext* ctx, const char* text) {
  if (text && text == qi_shown_name) return JS_DupAtom(ctx, qi_exact_name);
  return original_new_atom(ctx, text);
}

JSAtom JS_NewAtom(JSContext* ctx, const char* text) { return original_new_atom(ctx, text); }

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

// ---- recursion over the graph, whose depth is the program's choice
// --------------------------------

static bool qi_graph_is_too_deep(JSContext* ctx) {
  if (!js_check_stack_overflow(ctx->rt, 0)) return false;
  qi_stack_overflow(ctx);
  return true;
}

static int qi_create_module_function(JSContext* ctx, JSModuleDef* module) {
  QI_USE_STACK(64);
  if (qi_graph_is_too_deep(ctx)) return -1;
  if (!module->resolved) return guest_prepare_module(ctx, module) ? 0 : -1;
  return original_create_module_function(ctx, module);
}

static int qi_inner_linking(JSContext* ctx, JSModuleDef* module, JSModuleDef** stack, int index) {
  QI_USE_STACK(64);
  return original_inner_linking(ctx, module, stack, index);
}

static int qi_inner_evaluation(JSContext* ctx, JSModuleDef* module, int index, JSModuleDef** stack,
                               JSValue* thrown) {
  QI_USE_STACK(64);
  return original_inner_evaluation(ctx, module, index, stack, thrown);
}

static JSResolveResultEnum qi_resolve_export(JSContext* ctx, JSModuleDef** found,
                                             JSExportEntry** entry, JSModuleDef* module,
                                             JSAtom name, JSResolveState* state) {
  QI_USE_STACK(64);
  if (qi_graph_is_too_deep(ctx)) return JS_RESOLVE_RES_EXCEPTION;
  return original_resolve_export(ctx, found, entry, module, name, state);
}

static int qi_exported_names(JSContext* ctx, GetExportNamesState* state, JSModuleDef* module,
                             bool from_star) {
  QI_USE_STACK(64);
  if (qi_graph_is_too_deep(ctx)) return -1;
  return original_exported_names(ctx, state, module, from_star);
}

// ---- compiling
// ------------------------------------------------------------------------------------

JSValue qi_compile(JSContext* ctx, const char* source, size_t bytes, const char* shown_name,
                   JSAtom name, int flags) {
  const char* outer_shown = qi_shown_name;
  const JSAtom outer_exact = qi_exact_name;
  qi_shown_name = shown_name;
  qi_exact_name = name;
  JSValue compiled = JS_Eval(ctx, source, bytes, shown_name, flags | JS_EVAL_FLAG_COMPILE_ONLY);
  qi_shown_name = outer_shown;
  qi_exact_name = outer_exact;
  return compiled;
}

static int qi_init_value_module(JSContext* ctx, JSModuleDef* module) {
  set_value(ctx, module->export_entries[0].u.local.var_ref->pvalue, js_dup(module->private_value));
  return 0;
}

JSModuleDef* qi_new_value_module(JSContext* ctx, JSAtom name, JSValue value) {
  JSModuleDef* module = js_new_module_def(ctx, JS_DupAtom(ctx, name));
  if (!module) {
    JS_FreeValue(ctx, value);
    return NULL;
  }
  module->init_func = qi_init_value_module;
  module->private_value = value;
  if (!add_export_entry2(ctx, NULL, module, JS_ATOM_NULL, JS_ATOM_default, JS_EXPORT_TYPE_LOCAL)) {
    js_free_module_def(ctx, module);
    return NULL;
  }
  return module;
}

// ---- the list of loaded modules
// -------------------------------------------------------------------

// Of a module in JavaScript, private_value is ours: QI_MODULE_... bits.
static int qi_module_bits(const JSModuleDef* module) {
  if (module->init_func || JS_VALUE_GET_TAG(module->private_value) != JS_TAG_INT) return 0;
  return JS_VALUE_GET_INT(module->private_value);
}

void qi_mark_module(JSModuleDef* module, int bits) {
  if (!module->init_func) module->private_value = js_int32(bits);
}

JSModuleDef* qi_find_module(JSContext* ctx, JSAtom name, JSValueConst attributes, bool* failed) {
  *failed = false;
  struct list_head* el;
  list_for_each(el, &ctx->loaded_modules) {
    JSModuleDef* module = list_entry(el, JSModuleDef, link);
    if (module->module_name != name || (qi_module_bits(module) & QI_MODULE_UNLISTED)) continue;
    const int equal = js_module_attributes_equal(ctx, module->attributes, attributes);
    if (equal > 0) return module;
    if (equal < 0) {
      *failed = true;
      return NULL;
    }
  }
  return NULL;
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

bool qi_queue_module(JSModuleDef* module) {
  // Of no meaning until the module is linked.
  if (module->dfs_index == -1) return false;
  module->dfs_index = -1;
  return true;
}

void qi_free_module(JSContext* ctx, JSModuleDef* module) { js_free_module_def(ctx, module); }

bool qi_link_module(JSContext* ctx, JSModuleDef* module) {
  return qi_create_module_function(ctx, module) == 0 && js_link_module(ctx, module) == 0;
}

JSValue qi_evaluate_module(JSContext* ctx, JSModuleDef* module) {
  return JS_EvalFunction(ctx, JS_NewModuleValue(ctx, module));
}

// ---- which module code is of
// ----------------------------------------------------------------------

// Whether `wanted` is `root` or a function within it. Without recursion: how deeply functions stand
// in each other is the program's choice.
static bool qi_contains_function(JSContext* ctx, JSFunctionBytecode* root,
                                 const JSFunctionBytecode* wanted, bool* failed) {
  JSFunctionBytecode** stack = NULL;
  int count = 0, size = 0;
  bool found = root == wanted;
  JSFunctionBytecode* current = root;
  while (!found && current) {
    for (int i = 0; i < current->cpool_count && !found; ++i) {
      if (JS_VALUE_GET_TAG(current->cpool[i]) != JS_TAG_FUNCTION_BYTECODE) continue;
      JSFunctionBytecode* inner = JS_VALUE_GET_PTR(current->cpool[i]);
      found = inner == wanted;
      if (js_resize_array(ctx, (void**)&stack, sizeof(stack[0]), &size, count + 1)) {
        *failed = true;
        js_free(ctx, stack);
        return false;
      }
      stack[count++] = inner;
    }
    current = count > 0 ? stack[--count] : NULL;
  }
  js_free(ctx, stack);
  return found;
}

static JSFunctionBytecode* qi_module_code(const JSModuleDef* module) {
  if (JS_VALUE_GET_TAG(module->func_obj) == JS_TAG_FUNCTION_BYTECODE)
    return JS_VALUE_GET_PTR(module->func_obj);
  if (JS_VALUE_GET_TAG(module->func_obj) != JS_TAG_OBJECT) return NULL;
  JSObject* function = JS_VALUE_GET_OBJ(module->func_obj);
  return js_class_has_bytecode(function->class_id) ? function->u.func.function_bytecode : NULL;
}

// Several modules may have one name: entries that were evaluated under it. Then the one counts that
// the running function was written in.
static JSModuleDef* qi_current_module(JSContext* ctx, JSAtom name, const JSFunctionBytecode* code,
                                      bool* failed) {
  JSModuleDef* only = NULL;
  int candidates = 0;
  struct list_head* el;
  list_for_each(el, &ctx->loaded_modules) {
    JSModuleDef* module = list_entry(el, JSModuleDef, link);
    if (module->module_name != name || !qi_module_code(module)) continue;
    only = module;
    ++candidates;
  }
  if (candidates < 2) return only;
  list_for_each(el, &ctx->loaded_modules) {
    JSModuleDef* module = list_entry(el, JSModuleDef, link);
    if (module->module_name != name || !qi_module_code(module)) continue;
    if (qi_contains_function(ctx, qi_module_code(module), code, failed)) return module;
    if (*failed) return NULL;
  }
  return NULL;
}

static JSFunctionBytecode* qi_code_of_frame(const JSStackFrame* frame) {
  if (!frame || JS_VALUE_GET_TAG(frame->cur_func) != JS_TAG_OBJECT) return NULL;
  const JSObject* function = JS_VALUE_GET_OBJ(frame->cur_func);
  return js_class_has_bytecode(function->class_id) ? function->u.func.function_bytecode : NULL;
}

static JSValue qi_import_meta(JSContext* ctx) {
  JSFunctionBytecode* code = qi_code_of_frame(ctx->rt->current_stack_frame);
  bool failed = false;
  JSModuleDef* module = code ? qi_current_module(ctx, code->filename, code, &failed) : NULL;
  if (failed) return JS_EXCEPTION;
  if (!module) return JS_ThrowTypeError(ctx, "import.meta not supported in this context");
  if (!JS_IsUndefined(module->meta_obj)) return js_dup(module->meta_obj);
  JSValue meta = JS_NewObjectProto(ctx, JS_NULL);
  if (JS_IsException(meta)) return meta;
  JSAtom key = original_new_atom(ctx, "url");
  JSAtom main = original_new_atom(ctx, "main");
  JSValue url = JS_AtomToString(ctx, module->module_name);
  const bool is_main = qi_module_bits(module) & QI_MODULE_MAIN;
  if (key == JS_ATOM_NULL || main == JS_ATOM_NULL || JS_IsException(url) ||
      JS_DefinePropertyValue(ctx, meta, key, js_dup(url), JS_PROP_C_W_E) < 0 ||
      JS_DefinePropertyValue(ctx, meta, main, js_bool(is_main), JS_PROP_C_W_E) < 0) {
    JS_FreeValue(ctx, meta);
    meta = JS_EXCEPTION;
  }
  JS_FreeAtom(ctx, key);
  JS_FreeAtom(ctx, main);
  JS_FreeValue(ctx, url);
  if (!JS_IsException(meta)) module->meta_obj = js_dup(meta);
  return meta;
}

// Code from eval has no file of its own: it imports for the code that called eval.
static JSAtom qi_script_or_module_name(JSContext* ctx, int levels) {
  const JSStackFrame* frame = ctx->rt->current_stack_frame;
  while (frame && levels-- > 0) frame = frame->prev_frame;
  if (!frame || !qi_code_of_frame(frame)) return JS_ATOM_NULL;
  for (; frame; frame = frame->prev_frame) {
    const JSFunctionBytecode* code = qi_code_of_frame(frame);
    if (!code) continue;
    char name[ATOM_GET_STR_BUF_SIZE];
    const bool is_eval = code->filename != JS_ATOM_NULL &&
                         !strcmp(JS_AtomGetStr(ctx, name, sizeof(name), code->filename), "<input>");
    if (!is_eval) return JS_DupAtom(ctx, code->filename);
  }
  return JS_ATOM_NULL;
}

JSAtom JS_GetScriptOrModuleName(JSContext* ctx, int levels) {
  return qi_script_or_module_name(ctx, levels);
}

// ---- import()
// -------------------------------------------------------------------------------------

// In the place of QuickJS's job: resolves with the namespace, or rejects.
static JSValue js_dynamic_import_job(JSContext* ctx, int argc, JSValueConst* argv) {
  (void)argc;
  JSValueConst referrer = argv[2], specifier = argv[3], attributes = argv[4];
  JSAtom base = JS_IsString(referrer) ? JS_ValueToAtom(ctx, referrer) : JS_ATOM_empty_string;
  JSAtom name = JS_ValueToAtom(ctx, specifier);
  JSModuleDef* module = base == JS_ATOM_NULL || name == JS_ATOM_NULL
                            ? NULL
                            : guest_import_module(ctx, base, name, attributes, /*is_dynamic=*/true);
  JS_FreeAtom(ctx, base);
  JS_FreeAtom(ctx, name);
  JSValue evaluated = module ? qi_evaluate_module(ctx, module) : JS_EXCEPTION;
  JSValue settled = JS_EXCEPTION;
  if (!JS_IsException(evaluated)) {
    JSValueConst data[] = {argv[0], argv[1], JS_MKPTR(JS_TAG_MODULE, module)};
    JSValue then[] = {JS_NewCFunctionData(ctx, js_load_module_fulfilled, 0, 0, 3, data),
                      JS_NewCFunctionData(ctx, js_load_module_rejected, 0, 0, 3, data)};
    if (!JS_IsException(then[0]) && !JS_IsException(then[1]))
      settled = js_promise_then(ctx, evaluated, 2, vc(then));
    JS_FreeValue(ctx, then[0]);
    JS_FreeValue(ctx, then[1]);
    JS_FreeValue(ctx, evaluated);
  }
  if (JS_IsException(settled)) {
    JSValue error = JS_GetException(ctx);
    settled = JS_Call(ctx, argv[1], JS_UNDEFINED, 1, vc(&error));
    JS_FreeValue(ctx, error);
    if (JS_IsException(settled)) return settled;
  }
  JS_FreeValue(ctx, settled);
  return JS_UNDEFINED;
}

// ---- bytecode
// -------------------------------------------------------------------------------------

uint8_t* qi_write_bytecode(JSContext* ctx, JSValueConst compiled, size_t* bytes, bool strip_source,
                           bool strip_debug) {
  int flags = JS_WRITE_OBJ_BYTECODE;
  if (strip_source) flags |= JS_WRITE_OBJ_STRIP_SOURCE;
  if (strip_debug) flags |= JS_WRITE_OBJ_STRIP_DEBUG;
  return JS_WriteObject2(ctx, bytes, compiled, flags, NULL);
}

bool qi_is_module(JSValueConst compiled) { return JS_VALUE_GET_TAG(compiled) == JS_TAG_MODULE; }

// The name of every function of compiled code: stripped bytecode has none, and import() and
// import.meta go by it.
bool qi_rename_code(JSContext* ctx, JSValueConst compiled, JSAtom name) {
  JSFunctionBytecode** stack = NULL;
  int count = 0, size = 0;
  JSFunctionBytecode* current = NULL;
  if (JS_VALUE_GET_TAG(compiled) == JS_TAG_MODULE) {
    JSModuleDef* module = JS_VALUE_GET_PTR(compiled);
    JS_FreeAtom(ctx, module->module_name);
    module->module_name = JS_DupAtom(ctx, name);
    current = qi_module_code(module);
  } else if (JS_VALUE_GET_TAG(compiled) == JS_TAG_FUNCTION_BYTECODE) {
    current = JS_VALUE_GET_PTR(compiled);
  }
  while (current) {
    JS_FreeAtom(ctx, current->filename);
    current->filename = JS_DupAtom(ctx, name);
    for (int i = 0; i < current->cpool_count; ++i) {
      if (JS_VALUE_GET_TAG(current->cpool[i]) != JS_TAG_FUNCTION_BYTECODE) continue;
      if (js_resize_array(ctx, (void**)&stack, sizeof(stack[0]), &size, count + 1)) {
        js_free(ctx, stack);
        return false;
      }
      stack[count++] = JS_VALUE_GET_PTR(current->cpool[i]);
    }
    current = count > 0 ? stack[--count] : NULL;
  }
  js_free(ctx, stack);
  return true;
}

// ---- what a VM may be without
// ---------------------------------------------------------------------

void qi_forbid_eval(void) { qi_eval_is_forbidden = true; }
void qi_forbid_bigint_literals(void) { qi_bigint_literals_are_forbidden = true; }

void qi_forbid_regexp(JSContext* ctx) {
  ctx->compile_regexp = NULL;  // literals become syntax errors
  set_value(ctx, &ctx->regexp_ctor, JS_UNDEFINED);
}
