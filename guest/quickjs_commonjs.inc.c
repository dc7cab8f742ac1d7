// CommonJS: a source text as the body of a function, and its module as ES modules see it. Part of
// quickjs_internals.c.

// The body of the function in hand, up to the end of the text. As QuickJS parses that of any
// function, and its own function for a program.
static bool qi_parse_body(JSParseState* s) {
  JSFunctionDef* fd = s->cur_func;
  BlockEnv disposes;
  bool has_using = false;
  if (js_parse_directives(s) || js_parse_function_check_names(s, fd, fd->func_name)) return false;
  while (s->token.val != TOK_EOF) {
    if (js_parse_source_element(s)) return false;
    if (!has_using && fd->scopes[fd->body_scope].has_using) {
      has_using = true;
      push_break_entry(fd, &disposes, JS_ATOM_NULL, -1, -1, 1);
      disposes.has_using = true;
      disposes.using_scope_level = fd->body_scope;
    }
  }
  if (!has_using) {
    if (js_is_live_code(s)) emit_return(s, false);
    return true;
  }
  const int on_throw = fd->scopes[fd->body_scope].using_label_catch;
  const int end = fd->scopes[fd->body_scope].using_label_end;
  pop_break_entry(fd);
  if (js_is_live_code(s)) {
    emit_op(s, OP_drop);
    emit_op(s, OP_using_dispose_init);
    emit_op(s, OP_dispose_scope);
    emit_u16(s, fd->body_scope);
    emit_op(s, OP_using_dispose_end);
    emit_return(s, false);
  }
  emit_label(s, on_throw);
  emit_op(s, OP_dispose_scope);
  emit_u16(s, fd->body_scope);
  emit_op(s, OP_throw);
  emit_label(s, end);
  return true;
}

static JSValue qi_parse_function(JSContext* ctx, const char* source, size_t bytes,
                                 const char* shown_name, const JSAtom* parameters, int count) {
  JSParseState state, *s = &state;
  js_parse_init(ctx, s, source, bytes, shown_name, 1);
  skip_shebang(&s->buf_ptr, s->buf_end);
  JSFunctionDef* fd = js_new_function_def(ctx, NULL, false, false, shown_name, 1, 1);
  if (!fd) return JS_EXCEPTION;
  s->cur_func = fd;
  s->allow_html_comments = true;
  fd->func_name = JS_DupAtom(ctx, JS_ATOM_empty_string);
  fd->has_arguments_binding = true;
  fd->has_this_binding = true;
  fd->new_target_allowed = true;
  fd->arguments_allowed = true;
  fd->func_kind = JS_FUNC_NORMAL;
  fd->func_type = JS_PARSE_FUNC_EXPR;
  fd->has_simple_parameter_list = true;
  fd->in_function_body = true;
  fd->defined_arg_count = (uint16_t)count;
  bool ok = true;
  for (int i = 0; ok && i < count; ++i) ok = add_arg(ctx, fd, parameters[i]) >= 0;
  ok = ok && push_scope(s) >= 0;
  fd->body_scope = fd->scope_level;
  ok = ok && !qi_next_token(s) && qi_parse_body(s);
  if (ok) {
    fd->source_len = (int)bytes;
    fd->source = js_strndup(ctx, source, bytes);
    ok = fd->source != NULL;
  }
  free_token(s, &s->token);
  if (ok) return js_create_function(ctx, fd);
  js_free_function_def(ctx, fd);
  return JS_EXCEPTION;
}

// A function with these parameters whose body is the text, so that its lines and columns are those
// of the text. `name` and `shown_name` as for qi_compile.
JSValue qi_compile_function(JSContext* ctx, const char* source, size_t bytes,
                            const char* shown_name, JSAtom name, const JSAtom* parameters,
                            int count) {
  const qi_name outer = qi_name_of_source;
  qi_name_of_source = (qi_name){shown_name, name};
  qi_begin_compiling();
  JSValue code =
      qi_end_compiling(ctx, qi_parse_function(ctx, source, bytes, shown_name, parameters, count));
  qi_name_of_source = outer;
  return JS_IsException(code) ? code : js_closure(ctx, code, NULL, NULL);
}

// ---- as an ES module ----------------------------------------------------------------------------

static int qi_init_commonjs(JSContext* ctx, JSModuleDef* module) {
  return guest_run_commonjs(ctx, module) ? 0 : -1;
}

JSModuleDef* qi_new_commonjs_module(JSContext* ctx, JSAtom name, JSValue code) {
  return qi_new_module(ctx, name, qi_init_commonjs, code);
}

bool qi_is_commonjs(JSModuleDef* module) { return module->init_func == qi_init_commonjs; }

// The compiled function, which is then the caller's: it runs once.
JSValue qi_take_commonjs_code(JSModuleDef* module) {
  JSValue code = module->private_value;
  module->private_value = JS_UNDEFINED;
  return code;
}

// Nothing if the module has that export.
bool qi_declare_export(JSContext* ctx, JSModuleDef* module, JSAtom name) {
  return find_export_entry(ctx, module, name) ||
         add_export_entry2(ctx, NULL, module, JS_ATOM_NULL, name, JS_EXPORT_TYPE_LOCAL);
}

int qi_export_count(JSModuleDef* module) { return module->export_entries_count; }
JSAtom qi_export_name(JSModuleDef* module, int index) {
  return module->export_entries[index].export_name;
}

void qi_set_export(JSContext* ctx, JSModuleDef* module, int index, JSValue value) {
  set_value(ctx, module->export_entries[index].u.local.var_ref->pvalue, value);
}

bool qi_has_export(JSContext* ctx, JSModuleDef* module, JSAtom name) {
  JSModuleDef* found;
  JSExportEntry* entry;
  return qi_resolve_export(ctx, &found, &entry, module, name, NULL) == JS_RESOLVE_RES_FOUND;
}

// The value of an export of a module that has been linked; undefined if it has none of that name.
JSValue qi_exported_value(JSContext* ctx, JSModuleDef* module, JSAtom name) {
  JSModuleDef* found;
  JSExportEntry* entry;
  if (qi_resolve_export(ctx, &found, &entry, module, name, NULL) != JS_RESOLVE_RES_FOUND ||
      entry->local_name == JS_ATOM__star_) {
    return JS_UNDEFINED;
  }
  const JSVarRef* variable = entry->u.local.var_ref;
  if (!variable || JS_IsUninitialized(*variable->pvalue)) return JS_UNDEFINED;
  return js_dup(*variable->pvalue);
}
