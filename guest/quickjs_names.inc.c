// What code says it is in: the name of its module or script. Part of quickjs_internals.c.

// What the parser is given for a file name, and the atom that every function gets for it.
typedef struct {
  const char* shown;
  JSAtom exact;
} qi_name;

static qi_name qi_name_of_source;

static JSAtom qi_new_atom(JSContext* ctx, const char* text) {
  if (text && text == qi_name_of_source.shown) return JS_DupAtom(ctx, qi_name_of_source.exact);
  return original_new_atom(ctx, text);
}

JSAtom JS_NewAtom(JSContext* ctx, const char* text) { return original_new_atom(ctx, text); }

// Whether the text of an atom begins with these Latin-1 units.
bool qi_atom_begins_with(JSContext* ctx, JSAtom atom, const char* start, int count) {
  if (__JS_AtomIsTaggedInt(atom)) return false;
  JSString* text = ctx->rt->atom_array[atom];
  if ((int)text->len < count) return false;
  for (int i = 0; i < count; ++i) {
    if (string_get(text, i) != (unsigned char)start[i]) return false;
  }
  return true;
}

// ---- the functions of compiled code -------------------------------------------------------------

// False: no more is to be visited.
typedef bool qi_visit_code(JSContext* ctx, JSFunctionBytecode* code, void* data);

// Visits a function and all that stand in it. Without recursion: how deeply functions stand in each
// other is the program's choice. False: the error is pending.
static bool qi_visit_codes(JSContext* ctx, JSFunctionBytecode* root, qi_visit_code* visit,
                           void* data) {
  JSFunctionBytecode** stack = NULL;
  int count = 0, size = 0;
  bool ok = true;
  JSFunctionBytecode* current = root;
  while (current && visit(ctx, current, data)) {
    for (int i = 0; ok && i < current->cpool_count; ++i) {
      if (JS_VALUE_GET_TAG(current->cpool[i]) != JS_TAG_FUNCTION_BYTECODE) continue;
      ok = !js_resize_array(ctx, (void**)&stack, sizeof(stack[0]), &size, count + 1);
      if (ok) stack[count++] = JS_VALUE_GET_PTR(current->cpool[i]);
    }
    current = ok && count > 0 ? stack[--count] : NULL;
  }
  js_free(ctx, stack);
  return ok;
}

static JSFunctionBytecode* qi_code_of_frame(const JSStackFrame* frame) {
  if (!frame || JS_VALUE_GET_TAG(frame->cur_func) != JS_TAG_OBJECT) return NULL;
  const JSObject* function = JS_VALUE_GET_OBJ(frame->cur_func);
  return js_class_has_bytecode(function->class_id) ? function->u.func.function_bytecode : NULL;
}

// Code from eval and `new Function` has no file of its own: it imports for the code that made it,
// also when that has long returned. Stacks show "<input>"; behind a NUL stands who it was.
#define QI_EVAL_NAME "<input>"

// The name behind that of eval code. Owned; JS_ATOM_NULL: it is no eval code, or nobody stands
// there, or there is no memory, which is pending then.
static JSAtom qi_maker_of(JSContext* ctx, JSAtom name) {
  enum { kPrefix = sizeof(QI_EVAL_NAME) };  // with the NUL
  if (!qi_atom_begins_with(ctx, name, QI_EVAL_NAME, kPrefix)) return JS_ATOM_NULL;
  JSString* text = ctx->rt->atom_array[name];
  if (text->len == kPrefix) return JS_ATOM_NULL;
  JSValue maker = js_sub_string(ctx, text, kPrefix, (int)text->len);
  if (JS_IsException(maker)) return JS_ATOM_NULL;
  JSAtom atom = JS_ValueToAtom(ctx, maker);
  JS_FreeValue(ctx, maker);
  return atom;
}

// Owned: the file of the code that runs, that of the code that made it for eval code. JS_ATOM_NULL:
// no code runs.
static JSAtom qi_running_file(JSContext* ctx, const JSStackFrame* frame) {
  for (; frame; frame = frame->prev_frame) {
    const JSFunctionBytecode* code = qi_code_of_frame(frame);
    if (!code || code->filename == JS_ATOM_NULL) continue;
    JSAtom maker = qi_maker_of(ctx, code->filename);
    if (maker != JS_ATOM_NULL) return maker;
    char name[ATOM_GET_STR_BUF_SIZE];
    if (strcmp(JS_AtomGetStr(ctx, name, sizeof(name), code->filename), QI_EVAL_NAME))
      return JS_DupAtom(ctx, code->filename);
  }
  return JS_ATOM_NULL;
}

// Names what is compiled next after the code that runs. False: the error is pending.
static bool qi_name_eval(JSContext* ctx, const char* shown) {
  JSAtom maker = qi_running_file(ctx, ctx->rt->current_stack_frame);
  qi_name_of_source = (qi_name){NULL, JS_ATOM_NULL};
  if (maker == JS_ATOM_NULL || strcmp(shown, QI_EVAL_NAME)) {
    JS_FreeAtom(ctx, maker);
    return true;
  }
  JSValue text = JS_AtomToString(ctx, maker);
  JS_FreeAtom(ctx, maker);
  if (JS_IsException(text)) return false;
  text = JS_ConcatString(ctx, js_new_string8_len(ctx, QI_EVAL_NAME, sizeof(QI_EVAL_NAME)), text);
  if (JS_IsException(text)) return false;
  JSAtom exact = JS_ValueToAtom(ctx, text);
  JS_FreeValue(ctx, text);
  if (exact == JS_ATOM_NULL) return false;
  qi_name_of_source = (qi_name){shown, exact};
  return true;
}

static void qi_forget_eval_name(JSContext* ctx, qi_name outer) {
  JS_FreeAtom(ctx, qi_name_of_source.exact);
  qi_name_of_source = outer;
}

// For import(), which asks without levels, in the function that calls it.
static JSAtom qi_script_or_module_name(JSContext* ctx, int levels) {
  const JSStackFrame* frame = ctx->rt->current_stack_frame;
  while (frame && levels-- > 0) frame = frame->prev_frame;
  if (!frame || !qi_code_of_frame(frame)) return JS_ATOM_NULL;
  return qi_running_file(ctx, frame);
}

JSAtom JS_GetScriptOrModuleName(JSContext* ctx, int levels) {
  return qi_script_or_module_name(ctx, levels);
}
