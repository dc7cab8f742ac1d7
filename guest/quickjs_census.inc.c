// What fills the heap: every block that QuickJS has taken, told to the host one by one as a row of
// q_census_row. The host believes none of it; here only two things matter: that nothing is changed,
// so that a sleeper can be looked at, and that every loop ends in a forged heap too. So each turn
// of a loop is paid for with qc_step, and nothing recurses: what a rope is made of is asked for by
// the host, with q_census_more.
//
// Part of quickjs_internals.c.

#include "census_internals.h"

// The address of something that can be a block: anything else is not followed.
static bool qc_is_address(const void* p) {
  return (uintptr_t)p >= (uintptr_t)qc_heap_start() && ((uintptr_t)p & (JS_ARENA_ALIGN - 1)) == 0;
}

void qc_block(uint32_t kind, const void* name, const void* block) {
  if (!qc_is_address(block)) return;
  const JSMallocBlockHeader* header = js_rc(block);
  if (header->u.block_idx == JS_ARENA_FREE_NIL) {
    qc_row(header, (uint32_t)qc_room_of(header), kind, name);
  } else if (header->block_size_idx < JS_ARENA_BLOCK_SIZE_COUNT) {
    qc_row(header, arena_block_sizes[header->block_size_idx], kind, name);
  }
}

static void qc_string(JSString* string) {
  if (!qc_is_address(string)) return;
  const bool has_more = string->kind != JS_STRING_KIND_NORMAL;
  qc_block(Q_CENSUS_STRING | Q_CENSUS_COUNTS | (has_more ? Q_CENSUS_MORE : 0), NULL, string);
}

void qc_value(JSValueConst value) {
  switch (JS_VALUE_GET_TAG(value)) {
    case JS_TAG_STRING: return qc_string(JS_VALUE_GET_PTR(value));
    case JS_TAG_STRING_ROPE:
      return qc_block(Q_CENSUS_STRING | Q_CENSUS_COUNTS | Q_CENSUS_MORE | Q_CENSUS_ROPE, NULL,
                      JS_VALUE_GET_PTR(value));
    case JS_TAG_BIG_INT:
      return qc_block(Q_CENSUS_BIGINT | Q_CENSUS_COUNTS, NULL, JS_VALUE_GET_PTR(value));
    default: return;  // an object is in a list of its own, a symbol is an atom
  }
}

void qc_values(const JSValue* values, uint32_t count) {
  for (uint32_t i = 0; i < count && qc_step(1); ++i) qc_value(values[i]);
}

// Of what is known to hold values somewhere. A word that only looks like one costs nothing but a
// row about a block that is told again.
static void qc_scan(const void* start, uint32_t bytes) {
  qc_values(start, bytes / sizeof(JSValue));
}

void qc_more(uint32_t address, bool is_rope) {
  void* block = (uint8_t*)address + offsetof(JSMallocBlockHeader, user_data);
  if (is_rope) {
    const JSStringRope* rope = block;
    qc_value(rope->left);
    qc_value(rope->right);
    return;
  }
  JSString* string = block;
  if (string->kind == JS_STRING_KIND_SLICE) {
    qc_string(((JSStringSlice*)&string[1])->parent);
  } else if (string->kind == JS_STRING_KIND_INDIRECT) {
    qc_block(Q_CENSUS_STRING, NULL, *(void**)&string[1]);
  }
}

qi_units qc_text(uint32_t address) {
  JSString* string = (JSString*)address;
  if (!qc_is_address(string) || string->kind == 3) return (qi_units){NULL, 0, 0};
  return (qi_units){strv(string), string->len, string->is_wide_char ? 2 : 1};
}

// ---- names --------------------------------------------------------------------------------------

static const void* qc_atom_name(JSRuntime* rt, JSAtom atom) {
  if (__JS_AtomIsTaggedInt(atom) || atom == JS_ATOM_NULL || atom >= (uint32_t)rt->atom_size)
    return NULL;
  return rt->atom_array[atom];
}

// A plain own property, without getters and without making what is made at first use. Null: none.
static const JSValue* qc_own_value(JSObject* p, JSAtom key) {
  JSShape* shape = p->shape;
  if (!qc_is_address(shape) || !p->prop) return NULL;
  uint32_t at = prop_hash_end(shape)[-(intptr_t)hash_atom(key, shape->prop_hash_mask) - 1];
  while (at && at <= (uint32_t)shape->prop_count && qc_step(1)) {
    const JSShapeProperty* property = &get_shape_prop(shape)[at - 1];
    if (property->atom == key)
      return (property->flags & JS_PROP_TMASK) == JS_PROP_NORMAL ? &p->prop[at - 1].u.value : NULL;
    at = property->hash_next;
  }
  return NULL;
}

static JSObject* qc_object_of(JSValueConst value) {
  JSObject* p = JS_VALUE_GET_TAG(value) == JS_TAG_OBJECT ? JS_VALUE_GET_PTR(value) : NULL;
  return qc_is_address(p) ? p : NULL;
}

static JSFunctionBytecode* qc_code_of(JSObject* p) {
  if (!p || !js_class_has_bytecode(p->class_id)) return NULL;
  JSFunctionBytecode* code = p->u.func.function_bytecode;
  return qc_is_address(code) ? code : NULL;
}

// Null: it is no function, or one without a name.
static const void* qc_function_name(JSRuntime* rt, JSObject* p) {
  if (!p || p->class_id >= (uint32_t)rt->class_count ||
      !(js_class_has_bytecode(p->class_id) || rt->class_array[p->class_id].call))
    return NULL;
  const JSValue* name = qc_own_value(p, JS_ATOM_name);
  if (name && JS_VALUE_GET_TAG(*name) == JS_TAG_STRING) return JS_VALUE_GET_PTR(*name);
  const JSFunctionBytecode* code = qc_code_of(p);
  return code ? qc_atom_name(rt, code->func_name) : NULL;
}

// As people call it: `new Order` is an Order. What the engine says where nobody has a name for it.
static const void* qc_class_name(JSRuntime* rt, JSObject* p) {
  enum { kPrototypesMax = 16 };
  JSShape* shape = p->shape;
  for (int i = 0; i < kPrototypesMax && qc_is_address(shape) && shape->proto; ++i) {
    if (!qc_is_address(shape->proto)) break;
    const JSValue* constructor = qc_own_value(shape->proto, JS_ATOM_constructor);
    if (constructor) {
      const void* name = qc_function_name(rt, qc_object_of(*constructor));
      if (name) return name;
      break;
    }
    shape = shape->proto->shape;
  }
  if (p->class_id >= (uint32_t)rt->class_count) return NULL;
  return qc_atom_name(rt, rt->class_array[p->class_id].class_name);
}

// ---- what an object has -------------------------------------------------------------------------

static void qc_variable(const JSVarRef* variable) {
  if (!qc_is_address(variable)) return;
  qc_block(Q_CENSUS_VARIABLE | Q_CENSUS_COUNTS, NULL, variable);
  if (variable->is_detached) qc_value(variable->value);
}

static void qc_variables(JSVarRef** variables, uint32_t count) {
  for (uint32_t i = 0; i < count && qc_step(1); ++i) qc_variable(variables[i]);
}

static void qc_frame(const JSAsyncFunctionState* state, const void* name) {
  const JSStackFrame* frame = &state->frame;
  qc_value(state->this_val);
  qc_block(Q_CENSUS_FRAME, name, frame->arg_buf);
  if (!frame->cur_sp || frame->cur_sp < frame->arg_buf) return;  // it runs
  qc_values(frame->arg_buf, (uint32_t)(frame->cur_sp - frame->arg_buf));
}

static const void* qc_frame_name(JSRuntime* rt, const JSAsyncFunctionState* state) {
  return qc_function_name(rt, qc_object_of(state->frame.cur_func));
}

#define QC_LIST(item, head)                                                         \
  for (struct list_head* item = (head)->next; item && item != (head) && qc_step(1); \
       item = item->next)

static void qc_map(const void* name, const JSMapState* map) {
  if (!qc_is_address(map)) return;
  qc_block(Q_CENSUS_OBJECT, name, map);
  qc_block(Q_CENSUS_OBJECT, name, map->hash_table);
  QC_LIST(item, &map->records) {
    const JSMapRecord* record = list_entry(item, JSMapRecord, link);
    qc_block(Q_CENSUS_OBJECT, name, record);
    qc_value(record->key);
    qc_value(record->value);
  }
}

static void qc_promise(const void* name, const JSPromiseData* promise) {
  if (!qc_is_address(promise)) return;
  qc_block(Q_CENSUS_OBJECT, name, promise);
  qc_value(promise->promise_result);
  for (int i = 0; i < 2; ++i) {
    QC_LIST(item, &promise->promise_reactions[i]) {
      qc_block(Q_CENSUS_OBJECT, name, list_entry(item, JSPromiseReactionData, link));
    }
  }
}

static void qc_buffer(const void* name, const JSArrayBuffer* buffer) {
  if (!qc_is_address(buffer)) return;
  qc_block(Q_CENSUS_OBJECT, name, buffer);
  qc_block(Q_CENSUS_OBJECT, name, buffer->data);
}

static void qc_registry(const void* name, const JSFinalizationRegistryData* registry) {
  if (!qc_is_address(registry)) return;
  qc_block(Q_CENSUS_OBJECT, name, registry);
  QC_LIST(item, &registry->entries) {
    const JSFinRecEntry* entry = list_entry(item, JSFinRecEntry, link);
    qc_block(Q_CENSUS_OBJECT, name, entry);
    qc_value(entry->held_val);
  }
}

static void qc_async_generator(JSRuntime* rt, const void* name, const JSAsyncGeneratorData* data) {
  if (!qc_is_address(data)) return;
  qc_block(Q_CENSUS_OBJECT, name, data);
  if (data->state != JS_ASYNC_GENERATOR_STATE_COMPLETED &&
      data->state != JS_ASYNC_GENERATOR_STATE_AWAITING_RETURN)
    qc_frame(&data->func_state, qc_frame_name(rt, &data->func_state));
  QC_LIST(item, &data->queue) {
    const JSAsyncGeneratorRequest* request = list_entry(item, JSAsyncGeneratorRequest, link);
    qc_block(Q_CENSUS_OBJECT, name, request);
    qc_value(request->result);
  }
}

static void qc_iterator_helper(const void* name, const JSIteratorHelperData* data) {
  if (!qc_is_address(data)) return;
  qc_block(Q_CENSUS_OBJECT, name, data);
  if (!data->buf) return;
  qc_block(Q_CENSUS_OBJECT, name, data->buf);
  qc_values(data->buf, (uint32_t)data->buf_count);
}

// One block, whose values are where they are.
static void qc_opaque(const void* name, const void* block) {
  if (!qc_is_address(block)) return;
  const JSMallocBlockHeader* header = js_rc(block);
  qc_block(Q_CENSUS_OBJECT, name, block);
  if (header->u.block_idx == JS_ARENA_FREE_NIL) return;
  if (header->block_size_idx >= JS_ARENA_BLOCK_SIZE_COUNT) return;
  qc_scan(block, arena_block_sizes[header->block_size_idx] - sizeof(JSMallocBlockHeader));
}

static void qc_function_data(const void* name, const JSCFunctionDataRecord* record) {
  if (!qc_is_address(record)) return;
  qc_block(Q_CENSUS_OBJECT, name, record);
  qc_values(record->data, record->data_len);
}

static void qc_bound_function(const void* name, const JSBoundFunction* bound) {
  if (!qc_is_address(bound)) return;
  qc_block(Q_CENSUS_OBJECT, name, bound);
  qc_value(bound->this_val);
  qc_values(bound->argv, (uint32_t)bound->argc);
}

static void qc_contents(JSRuntime* rt, const void* name, JSObject* p) {
  switch (p->class_id) {
    case JS_CLASS_OBJECT:
    case JS_CLASS_MODULE_NS:
    case JS_CLASS_ITERATOR:
    case JS_CLASS_C_FUNCTION: return;
    case JS_CLASS_ARRAY:
    case JS_CLASS_ARGUMENTS:
      if (!p->fast_array || !p->u.array.u.values) return;
      qc_block(Q_CENSUS_OBJECT, name, p->u.array.u.values);
      return qc_values(p->u.array.u.values, p->u.array.count);
    case JS_CLASS_MAPPED_ARGUMENTS:
      if (!p->fast_array || !p->u.array.u.var_refs) return;
      qc_block(Q_CENSUS_OBJECT, name, p->u.array.u.var_refs);
      return qc_variables(p->u.array.u.var_refs, p->u.array.count);
    case JS_CLASS_ERROR:
    case JS_CLASS_NUMBER:
    case JS_CLASS_STRING:
    case JS_CLASS_BOOLEAN:
    case JS_CLASS_SYMBOL:
    case JS_CLASS_DATE:
    case JS_CLASS_BIG_INT: return qc_value(p->u.object_data);
    case JS_CLASS_BOUND_FUNCTION: return qc_bound_function(name, p->u.bound_function);
    case JS_CLASS_C_FUNCTION_DATA: return qc_function_data(name, p->u.c_function_data_record);
    case JS_CLASS_REGEXP: qc_string(p->u.regexp.pattern); return qc_string(p->u.regexp.bytecode);
    case JS_CLASS_ARRAY_BUFFER:
    case JS_CLASS_SHARED_ARRAY_BUFFER: return qc_buffer(name, p->u.array_buffer);
    case JS_CLASS_MAP:
    case JS_CLASS_SET:
    case JS_CLASS_WEAKMAP:
    case JS_CLASS_WEAKSET: return qc_map(name, p->u.map_state);
    case JS_CLASS_GENERATOR:
      if (!qc_is_address(p->u.generator_data)) return;
      qc_block(Q_CENSUS_OBJECT, name, p->u.generator_data);
      if (p->u.generator_data->state == JS_GENERATOR_STATE_COMPLETED) return;
      return qc_frame(&p->u.generator_data->func_state,
                      qc_frame_name(rt, &p->u.generator_data->func_state));
    case JS_CLASS_ASYNC_GENERATOR: return qc_async_generator(rt, name, p->u.async_generator_data);
    case JS_CLASS_PROMISE: return qc_promise(name, p->u.promise_data);
    case JS_CLASS_PROMISE_RESOLVE_FUNCTION:
    case JS_CLASS_PROMISE_REJECT_FUNCTION:
      if (!qc_is_address(p->u.promise_function_data)) return;
      qc_block(Q_CENSUS_OBJECT, name, p->u.promise_function_data);
      return qc_block(Q_CENSUS_OBJECT, name, p->u.promise_function_data->presolved);
    case JS_CLASS_ASYNC_FUNCTION_RESOLVE:
    case JS_CLASS_ASYNC_FUNCTION_REJECT: return;  // the frame is in the list of all
    case JS_CLASS_ITERATOR_HELPER: return qc_iterator_helper(name, p->u.iterator_helper_data);
    case JS_CLASS_FINALIZATION_REGISTRY: return qc_registry(name, p->u.opaque);
    default: break;
  }
  const JSFunctionBytecode* code = qc_code_of(p);
  if (!code) return qc_opaque(name, p->u.opaque);
  if (!p->u.func.var_refs) return;
  qc_block(Q_CENSUS_OBJECT, name, p->u.func.var_refs);
  qc_variables(p->u.func.var_refs, code->closure_var_count);
}

static void qc_properties(const void* name, JSObject* p) {
  JSShape* shape = p->shape;
  if (!p->prop || !qc_is_address(shape)) return;
  qc_block(Q_CENSUS_OBJECT, name, p->prop);
  const JSShapeProperty* keys = get_shape_prop(shape);
  for (int i = 0; i < shape->prop_count && qc_step(1); ++i) {
    if (keys[i].atom == JS_ATOM_NULL) continue;
    if ((keys[i].flags & JS_PROP_TMASK) == JS_PROP_NORMAL) qc_value(p->prop[i].u.value);
    if ((keys[i].flags & JS_PROP_TMASK) == JS_PROP_VARREF) qc_variable(p->prop[i].u.var_ref);
  }
}

static void qc_object(JSRuntime* rt, JSObject* p) {
  const void* name = qc_class_name(rt, p);
  qc_block(Q_CENSUS_OBJECT | Q_CENSUS_COUNTS, name, p);
  qc_properties(name, p);
  for (const JSWeakRefRecord* weak = p->first_weak_ref; qc_is_address(weak) && qc_step(1);
       weak = weak->next_weak_ref)
    qc_block(Q_CENSUS_OBJECT, name, weak);
  qc_contents(rt, name, p);
}

static void qc_code(JSRuntime* rt, const JSFunctionBytecode* code) {
  const void* file = qc_atom_name(rt, code->filename);
  qc_block(Q_CENSUS_CODE | Q_CENSUS_COUNTS, file, code);
  qc_block(Q_CENSUS_CODE, file, code->pc2line_buf);
  qc_block(Q_CENSUS_CODE, file, code->source);
  if (code->cpool) qc_values(code->cpool, (uint32_t)code->cpool_count);
}

static void qc_async_function(JSRuntime* rt, const JSAsyncFunctionData* data) {
  const void* name = data->is_active ? qc_frame_name(rt, &data->func_state) : NULL;
  qc_block(Q_CENSUS_FRAME | Q_CENSUS_COUNTS, name, data);
  if (data->is_active) qc_frame(&data->func_state, name);
}

static void qc_gc_objects(JSRuntime* rt) {
  QC_LIST(item, &rt->gc_obj_list) {
    JSGCObjectHeader* header = list_entry(item, JSGCObjectHeader, link);
    switch (JS_GC_TYPE(header)) {
      case JS_GC_OBJ_TYPE_JS_OBJECT: qc_object(rt, (JSObject*)header); break;
      case JS_GC_OBJ_TYPE_FUNCTION_BYTECODE: qc_code(rt, (JSFunctionBytecode*)header); break;
      case JS_GC_OBJ_TYPE_SHAPE: qc_block(Q_CENSUS_SHAPE | Q_CENSUS_COUNTS, NULL, header); break;
      case JS_GC_OBJ_TYPE_VAR_REF: qc_variable((JSVarRef*)header); break;
      case JS_GC_OBJ_TYPE_ASYNC_FUNCTION:
        qc_async_function(rt, (JSAsyncFunctionData*)header);
        break;
      default: break;  // a context is told as part of the engine
    }
  }
}

// ---- what the engine has ------------------------------------------------------------------------

// Pages of small blocks: what is free in them, and what the pages themselves take.
static void qc_pages(JSRuntime* rt) {
  for (int i = 0; i < JS_ARENA_BLOCK_SIZE_COUNT; ++i) {
    QC_LIST(item, &rt->arena_state.arena_list[i]) {
      JSArena* page = list_entry(item, JSArena, link);
      const uint32_t bytes = arena_block_sizes[i];
      qc_row(page, sizeof(JSArena), Q_CENSUS_OVERHEAD, NULL);
      if (page->n_blocks > (JS_ARENA_SIZE - sizeof(JSArena)) / bytes) continue;
      unsigned at = page->first_free_block;
      for (unsigned n = 0; n < page->n_blocks && at < page->n_blocks && qc_step(1); ++n) {
        const JSMallocBlockHeader* block = arena_get_block(page, at, bytes);
        qc_row(block, bytes, Q_CENSUS_FREE_SMALL, NULL);
        at = block->u.free_next;
      }
    }
  }
}

static void qc_atoms(JSRuntime* rt) {
  qc_block(Q_CENSUS_NAME, NULL, rt->atom_array);
  qc_block(Q_CENSUS_NAME, NULL, rt->atom_hash);
  for (int i = 0; i < rt->atom_size && qc_step(1); ++i) {
    const JSAtomStruct* atom = rt->atom_array[i];
    if (!atom_is_free(atom)) qc_block(Q_CENSUS_NAME | Q_CENSUS_COUNTS, NULL, atom);
  }
}

static void qc_module(JSRuntime* rt, const JSModuleDef* module) {
  const void* name = qc_atom_name(rt, module->module_name);
  qc_block(Q_CENSUS_MODULE | Q_CENSUS_COUNTS, name, module);
  const void* parts[] = {module->req_module_entries, module->export_entries,
                         module->star_export_entries, module->import_entries,
                         module->async_parent_modules};
  for (size_t i = 0; i < countof(parts); ++i) qc_block(Q_CENSUS_MODULE, name, parts[i]);
  for (int i = 0; i < module->export_entries_count && qc_step(1); ++i) {
    const JSExportEntry* entry = &module->export_entries[i];
    if (entry->export_type == JS_EXPORT_TYPE_LOCAL) qc_variable(entry->u.local.var_ref);
  }
  qc_value(module->eval_exception);
  qc_value(module->private_value);
}

static void qc_contexts(JSRuntime* rt) {
  QC_LIST(item, &rt->context_list) {
    JSContext* ctx = list_entry(item, JSContext, link);
    qc_block(Q_CENSUS_ENGINE | Q_CENSUS_COUNTS, NULL, ctx);
    qc_block(Q_CENSUS_ENGINE, NULL, ctx->class_proto);
    QC_LIST(at, &ctx->loaded_modules) qc_module(rt, list_entry(at, JSModuleDef, link));
  }
}

static void qc_jobs(JSRuntime* rt) {
  QC_LIST(item, &rt->job_list) {
    const JSJobEntry* job = list_entry(item, JSJobEntry, link);
    qc_block(Q_CENSUS_JOB | Q_CENSUS_COUNTS, NULL, job);
    qc_values(job->argv, (uint32_t)job->argc);
  }
}

void qc_engine(JSRuntime* rt) {
  qc_pages(rt);
  qc_row(rt, (uint32_t)qc_room_of(rt), Q_CENSUS_ENGINE | Q_CENSUS_COUNTS, NULL);
  qc_block(Q_CENSUS_ENGINE, NULL, rt->class_array);
  qc_block(Q_CENSUS_SHAPE, NULL, rt->shape_hash);
  qc_atoms(rt);
  qc_gc_objects(rt);
  qc_contexts(rt);
  qc_jobs(rt);
  qc_value(rt->current_exception);
}
