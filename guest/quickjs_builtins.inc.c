// For built-in modules. Part of quickjs_internals.c.

// Lets go of the source texts that Function.prototype.toString would show.
bool qi_strip_source(JSContext* ctx, JSValueConst compiled) {
  if (JS_VALUE_GET_TAG(compiled) != JS_TAG_FUNCTION_BYTECODE) return true;
  JSFunctionBytecode** stack = NULL;
  int count = 0, size = 0;
  JSFunctionBytecode* current = JS_VALUE_GET_PTR(compiled);
  while (current) {
    js_free(ctx, current->source);
    current->source = NULL;
    current->source_len = 0;
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
  JSModuleDef* module = js_new_module_def(ctx, JS_DupAtom(ctx, name));
  if (!module) return NULL;
  module->init_func = qi_init_exports_module;
  module->private_value = js_dup(exports);
  if (qi_add_exports(ctx, module, exports)) return module;
  js_free_module_def(ctx, module);
  return NULL;
}
