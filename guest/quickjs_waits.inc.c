// Who waits for what: each reaction of each pending promise, told to the host as a row of
// q_wait_row, and what the host needs to know of whoever keeps a promise. As for the census,
// nothing is changed, and every turn of a loop is paid for.
//
// Part of quickjs_internals.c, behind quickjs_census.inc.c.

static JSObject* qc_promise_object(JSValueConst value) {
  JSObject* p = qc_object_of(value);
  return p && p->class_id == JS_CLASS_PROMISE ? p : NULL;
}

// The promise that a resolving function settles.
static JSObject* qc_promise_behind(JSValueConst resolve) {
  const JSObject* p = qc_object_of(resolve);
  if (!p || (p->class_id != JS_CLASS_PROMISE_RESOLVE_FUNCTION &&
             p->class_id != JS_CLASS_PROMISE_REJECT_FUNCTION))
    return NULL;
  const JSPromiseFunctionData* data = p->u.promise_function_data;
  return qc_is_address(data) ? qc_promise_object(data->promise) : NULL;
}

static void qc_place_of_code(JSRuntime* rt, JSFunctionBytecode* code, int64_t pc, qc_wait* wait) {
  wait->file = qc_atom_name(rt, code->filename);
  wait->line = (uint32_t)code->line_num;
  wait->column = (uint32_t)code->col_num;
  if (pc < 0 || pc >= code->byte_code_len || !qc_is_address(code->pc2line_buf)) return;
  if (code->pc2line_len <= 0 || !qc_step((uint32_t)code->pc2line_len)) return;
  int column = 0;
  wait->line = (uint32_t)find_line_num(NULL, code, (uint32_t)pc, &column);
  wait->column = (uint32_t)column;
}

// Of a function: where it begins.
static void qc_place_of(JSRuntime* rt, JSValueConst function, qc_wait* wait) {
  JSObject* p = qc_object_of(function);
  if (!p) return;
  wait->function = qc_function_name(rt, p);
  JSFunctionBytecode* code = qc_code_of(p);
  if (code) qc_place_of_code(rt, code, -1, wait);
}

// Of a function that was suspended: where.
static void qc_place_in(JSRuntime* rt, const JSAsyncFunctionState* state, qc_wait* wait) {
  const JSStackFrame* frame = &state->frame;
  JSObject* p = qc_object_of(frame->cur_func);
  wait->function = qc_function_name(rt, p);
  JSFunctionBytecode* code = qc_code_of(p);
  if (code) qc_place_of_code(rt, code, frame->cur_pc - code->byte_code_buf - 1, wait);
}

static void qc_wait_of_async_function(JSRuntime* rt, const JSAsyncFunctionData* data,
                                      qc_wait* wait) {
  wait->kind = Q_WAIT_ASYNC_FUNCTION;
  if (!qc_is_address(data)) return;
  wait->next = qc_promise_behind(data->resolving_funcs[0]);
  if (data->is_active) qc_place_in(rt, &data->func_state, wait);
}

static void qc_wait_of_async_generator(JSRuntime* rt, JSValueConst generator, qc_wait* wait) {
  wait->kind = Q_WAIT_ASYNC_GENERATOR;
  const JSObject* p = qc_object_of(generator);
  if (!p || p->class_id != JS_CLASS_ASYNC_GENERATOR) return;
  const JSAsyncGeneratorData* data = p->u.async_generator_data;
  if (!qc_is_address(data)) return;
  if (data->state != JS_ASYNC_GENERATOR_STATE_COMPLETED &&
      data->state != JS_ASYNC_GENERATOR_STATE_AWAITING_RETURN)
    qc_place_in(rt, &data->func_state, wait);
  const struct list_head* first = data->queue.next;
  if (!qc_is_address(first) || first == &data->queue) return;
  wait->next = qc_promise_object(list_entry(first, JSAsyncGeneratorRequest, link)->promise);
}

static void qc_wait_of_module(JSRuntime* rt, JSValueConst value, qc_wait* wait) {
  wait->kind = Q_WAIT_MODULE;
  const JSModuleDef* module = JS_VALUE_GET_PTR(value);
  if (JS_VALUE_GET_TAG(value) != JS_TAG_MODULE || !qc_is_address(module)) return;
  wait->file = qc_atom_name(rt, module->module_name);
  wait->next = qc_promise_object(module->promise);
  // In a graph its root has the promise.
  const JSModuleDef* root = module->cycle_root;
  if (!wait->next && qc_is_address(root)) wait->next = qc_promise_object(root->promise);
  for (int i = 0; !wait->next && i < module->async_parent_modules_count && qc_step(1); ++i) {
    const JSModuleDef* parent = module->async_parent_modules[i];
    if (qc_is_address(parent)) wait->next = qc_promise_object(parent->promise);
  }
}

// What a reaction does that the engine has made. False: it is like any other function.
static bool qc_wait_of_engine(JSRuntime* rt, const JSCFunctionDataRecord* record,
                              const JSPromiseReactionData* reaction, qc_wait* wait) {
  static const uint32_t combinators[] = {Q_WAIT_ALL, Q_WAIT_ALL_SETTLED, Q_WAIT_ANY, Q_WAIT_ALL};
  if (record->func == js_async_generator_resolve_function && record->data_len >= 1) {
    qc_wait_of_async_generator(rt, record->data[0], wait);
  } else if (record->func == js_promise_all_resolve_element && record->data_len >= 4) {
    wait->kind = combinators[record->magic & 3];
    wait->next = qc_promise_behind(record->data[3]);
  } else if (record->func == js_async_module_execution_fulfilled && record->data_len >= 1) {
    qc_wait_of_module(rt, record->data[0], wait);
  } else if (record->func == js_load_module_fulfilled && record->data_len >= 1) {
    wait->kind = Q_WAIT_IMPORT;
    wait->next = qc_promise_behind(record->data[0]);
  } else if (record->func == js_promise_then_finally_func && record->data_len >= 2) {
    wait->kind = Q_WAIT_FINALLY;
    qc_place_of(rt, record->data[1], wait);
    wait->next = qc_promise_behind(reaction->resolving_funcs[0]);
  } else if (qc_is_watch(record->func)) {
    wait->kind = Q_WAIT_HOST;
  } else {
    return false;
  }
  return true;
}

// Promise.any gives `then` what resolves its own promise, and counts rejections.
static bool qc_is_of_any(const JSPromiseReactionData* rejection) {
  const JSObject* handler = rejection ? qc_object_of(rejection->handler) : NULL;
  if (!handler || handler->class_id != JS_CLASS_C_FUNCTION_DATA) return false;
  const JSCFunctionDataRecord* record = handler->u.c_function_data_record;
  return qc_is_address(record) && record->func == js_promise_all_resolve_element &&
         (record->magic & 3) == PROMISE_MAGIC_any;
}

static void qc_wait_of_reaction(JSRuntime* rt, const JSPromiseReactionData* reaction,
                                const JSPromiseReactionData* rejection, qc_wait* wait) {
  JSObject* handler = qc_object_of(reaction->handler);
  const JSCFunctionDataRecord* record = NULL;
  for (int i = 0; i < 2 && handler && handler->class_id == JS_CLASS_C_FUNCTION_DATA; ++i) {
    record = handler->u.c_function_data_record;
    if (!qc_is_address(record) || record->func != qi_react_in_context || record->data_len < 1)
      break;
    handler = qc_object_of(record->data[0]);
    record = NULL;
  }
  wait->next = qc_promise_behind(reaction->resolving_funcs[0]);
  wait->kind = Q_WAIT_CALLBACK;
  if (!handler) {
    wait->kind = Q_WAIT_CATCH;  // nothing is done when it is fulfilled
    if (rejection) qc_place_of(rt, rejection->handler, wait);
  } else if (handler->class_id == JS_CLASS_ASYNC_FUNCTION_RESOLVE) {
    qc_wait_of_async_function(rt, handler->u.async_function_data, wait);
  } else if (handler->class_id == JS_CLASS_PROMISE_RESOLVE_FUNCTION) {
    wait->kind = qc_is_of_any(rejection) ? Q_WAIT_ANY : Q_WAIT_RESOLVES;
    wait->next = qc_promise_behind(JS_MKPTR(JS_TAG_OBJECT, handler));
  } else if (!qc_is_address(record) || !qc_wait_of_engine(rt, record, reaction, wait)) {
    qc_place_of(rt, JS_MKPTR(JS_TAG_OBJECT, handler), wait);
  }
}

static void qc_waits_of_promise(JSRuntime* rt, const JSObject* p) {
  const JSPromiseData* data = p->u.promise_data;
  if (!qc_is_address(data) || data->promise_state != JS_PROMISE_PENDING) return;
  const struct list_head* rejections = &data->promise_reactions[1];
  const struct list_head* rejection = rejections->next;
  QC_LIST(item, &data->promise_reactions[0]) {
    const bool has_pair = qc_is_address(rejection) && rejection != rejections;
    qc_wait wait = {.promise = p};
    qc_wait_of_reaction(rt, list_entry(item, JSPromiseReactionData, link),
                        has_pair ? list_entry(rejection, JSPromiseReactionData, link) : NULL,
                        &wait);
    qc_tell_wait(&wait);
    if (has_pair) rejection = rejection->next;
  }
}

void qc_waits(JSRuntime* rt) {
  QC_LIST(item, &rt->gc_obj_list) {
    JSGCObjectHeader* header = list_entry(item, JSGCObjectHeader, link);
    const JSObject* p = (const JSObject*)header;
    if (JS_GC_TYPE(header) == JS_GC_OBJ_TYPE_JS_OBJECT && p->class_id == JS_CLASS_PROMISE)
      qc_waits_of_promise(rt, p);
  }
  QC_LIST(item, &rt->job_list) {
    qc_wait wait = {.kind = Q_WAIT_JOB};
    qc_tell_wait(&wait);
  }
}

const void* qc_promise_of(JSValueConst value) { return qc_promise_object(value); }

void qc_source(JSRuntime* rt, JSValueConst value, qc_wait* wait) {
  wait->promise = qc_promise_object(value);
  if (wait->promise) return;
  wait->promise = qc_promise_behind(value);
  if (!wait->promise) qc_place_of(rt, value, wait);
}

static void qc_names_of(JSRuntime* rt, JSValueConst object) {
  JSObject* p = qc_object_of(object);
  if (!p || !qc_is_address(p->shape)) return;
  const JSShapeProperty* keys = get_shape_prop(p->shape);
  for (int i = 0; i < p->shape->prop_count && qc_step(1); ++i) {
    const JSAtomStruct* atom = qc_atom_name(rt, keys[i].atom);
    if (!qc_is_address(atom) || atom->atom_type != JS_ATOM_TYPE_STRING) continue;
    qc_wait wait = {.kind = Q_WAIT_GLOBAL, .function = atom};
    qc_tell_wait(&wait);
  }
}

void qc_globals(JSContext* ctx) {
  qc_names_of(ctx->rt, ctx->global_obj);
  qc_names_of(ctx->rt, ctx->global_var_obj);
}
