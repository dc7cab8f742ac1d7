// QuickJS as one translation unit with the accessors of quickjs_internals.h.

#include <time.h>

#include "abi.h"

// Local time is the host's business: Date asks the import instead of a time zone database, which a
// linear memory could not carry from one machine to another.
static struct tm* qi_localtime(const time_t* seconds, struct tm* result);
#define localtime_r qi_localtime

// Calls inside QuickJS that are sent to a function of ours. A macro with the function's own name
// turns every call into a call of ours and renames QuickJS's definition; what tells the two apart
// is the first word of the parameter list, which is a type in a definition and a variable in a
// call. If a new version of QuickJS writes it otherwise, this does not compile.
#include "libregexp.h"
#include "quickjs.h"

static JSValue qi_stack_overflow(JSContext* ctx);
#define JS_ThrowStackOverflow(context) QI_OVERFLOW_##context)
#define QI_OVERFLOW_JSContext original_stack_overflow(JSContext
#define QI_OVERFLOW_caller_ctx qi_stack_overflow(caller_ctx
#define QI_OVERFLOW_ctx qi_stack_overflow(ctx
#define QI_OVERFLOW_s qi_stack_overflow(s

#define JS_ThrowOutOfMemory(context) QI_MEMORY_##context)
#define QI_MEMORY_JSContext original_out_of_memory(JSContext
#define QI_MEMORY_ctx qi_throw_out_of_memory(ctx
JSValue qi_throw_out_of_memory(JSContext* ctx);

#define JS_ThrowInterrupted(context) QI_INTERRUPTED_##context)
#define QI_INTERRUPTED_JSContext original_interrupted(JSContext
#define QI_INTERRUPTED_ctx qi_throw_interrupted(ctx
JSValue qi_throw_interrupted(JSContext* ctx);

static JSValue js_compile_regexp(JSContext* ctx, JSValueConst pattern, JSValueConst flags);
#define js_compile_regexp(context, ...) QI_COMPILE_##context, __VA_ARGS__)
#define QI_COMPILE_JSContext original_compile_regexp(JSContext
#define QI_COMPILE_ctx js_compile_regexp(ctx

static JSValue qi_throw_error(JSContext* ctx, int class, bool with_stack, const char* format,
                              va_list rest);
#define JS_ThrowError2(context, ...) QI_ERROR_##context, __VA_ARGS__)
#define QI_ERROR_JSContext original_throw_error(JSContext
#define QI_ERROR_ctx qi_throw_error(ctx

struct JSProperty;
struct JSShapeProperty;
static int qi_make_property(JSContext* ctx, JSObject* object, JSAtom key,
                            struct JSProperty* property, struct JSShapeProperty* shape);
#define JS_AutoInitProperty(context, ...) QI_PROPERTY_##context, __VA_ARGS__)
#define QI_PROPERTY_JSContext original_make_property(JSContext
#define QI_PROPERTY_ctx qi_make_property(ctx

static JSValue qi_proxy_prototype(JSContext* ctx, JSValueConst proxy);
#define js_proxy_getPrototypeOf(context, ...) QI_PROTOTYPE_##context, __VA_ARGS__)
#define QI_PROTOTYPE_JSContext original_proxy_prototype(JSContext
#define QI_PROTOTYPE_ctx qi_proxy_prototype(ctx

struct JSONStringifyContext;
static int qi_write_json(JSContext* ctx, struct JSONStringifyContext* writer, JSValueConst holder,
                         JSValue value, JSValueConst indent);
#define js_json_to_str(context, ...) QI_JSON_##context, __VA_ARGS__)
#define QI_JSON_JSContext original_write_json(JSContext
#define QI_JSON_ctx qi_write_json(ctx

// Each of these is given current_exception itself.
static bool qi_is_uncatchable(JSValue* pending);
#define JS_IsUncatchableError(value) QI_UNCATCHABLE_##value)
#define QI_UNCATCHABLE_JSValueConst original_is_uncatchable(JSValueConst
#define QI_UNCATCHABLE_ctx qi_is_uncatchable(&ctx
#define QI_UNCATCHABLE_rt qi_is_uncatchable(&rt

// Without memory for a larger table it throws, which may collect: the new record must be whole by
// then.
#define map_hash_resize(context, ...) QI_RESIZE_##context, __VA_ARGS__)
#define QI_RESIZE_JSContext original_map_hash_resize(JSContext
#define QI_RESIZE_ctx mr->value = JS_UNDEFINED, original_map_hash_resize(ctx

struct JSParseState;
static int qi_next_token(struct JSParseState* state);
#define next_token(state) QI_TOKEN_##state)
#define QI_TOKEN_JSParseState original_next_token(JSParseState
#define QI_TOKEN_s qi_next_token(s

// Modules: see quickjs_modules.inc.c.
static int qi_resolve_module(JSContext* ctx, JSModuleDef* module);
#define js_resolve_module(context, module) QI_RESOLVE_##context, module)
#define QI_RESOLVE_JSContext original_resolve_module(JSContext
#define QI_RESOLVE_ctx qi_resolve_module(ctx

static bool qi_has_native_modules;
#define JS_NewCModule(context, ...) QI_NATIVE_##context, __VA_ARGS__)
#define QI_NATIVE_JSContext original_new_native_module(JSContext

static JSModuleDef* qi_import_by_text(JSContext* ctx, const char* base, const char* name,
                                      JSValueConst attributes);
#define js_host_resolve_imported_module(context, ...) QI_IMPORT_##context, __VA_ARGS__)
#define QI_IMPORT_JSContext original_import_by_text(JSContext
#define QI_IMPORT_ctx qi_import_by_text(ctx

static JSModuleDef* qi_import_later(JSContext* ctx, JSAtom base, JSAtom name, JSValueConst rest);
#define js_host_resolve_imported_module_atom(context, ...) QI_LATER_##context, __VA_ARGS__)
#define QI_LATER_JSContext original_import_by_atom(JSContext
#define QI_LATER_ctx qi_import_later(ctx
#define QI_LATER_s qi_import_later(s

// Errors whose stacks leave out what is no program's.
static void qi_build_backtrace(JSContext* ctx, JSValueConst error, JSValueConst from,
                               const char* file_name, int line, int column, int flags);
#define build_backtrace(context, ...) QI_BACKTRACE_##context, __VA_ARGS__)
#define QI_BACKTRACE_JSContext original_build_backtrace(JSContext
#define QI_BACKTRACE_ctx qi_build_backtrace(ctx
#define QI_BACKTRACE_s qi_build_backtrace(s

// What a program draws from clock and chance is counted.
static int64_t qi_date_now(void);
#define date_now(...) QI_DATE_##__VA_ARGS__)
#define QI_DATE_void original_date_now(void
#define QI_DATE_ qi_date_now(

// Not called by QuickJS, but named in a table.
static JSValue js_math_random(JSContext* ctx, JSValueConst self, int count,
                              JSValueConst* arguments);
#define js_math_random(context, ...) QI_RANDOM_##context, __VA_ARGS__)
#define QI_RANDOM_JSContext original_math_random(JSContext

static int qi_create_module_function(JSContext* ctx, JSModuleDef* module);
#define js_create_module_function(context, module) QI_CREATE_##context, module)
#define QI_CREATE_JSContext original_create_module_function(JSContext
#define QI_CREATE_ctx qi_create_module_function(ctx

static int qi_inner_linking(JSContext* ctx, JSModuleDef* module, JSModuleDef** stack, int index);
#define js_inner_module_linking(context, ...) QI_LINK_##context, __VA_ARGS__)
#define QI_LINK_JSContext original_inner_linking(JSContext
#define QI_LINK_ctx qi_inner_linking(ctx

static int qi_inner_evaluation(JSContext* ctx, JSModuleDef* module, int index, JSModuleDef** stack,
                               JSValue* thrown);
#define js_inner_module_evaluation(context, ...) QI_EVALUATE_##context, __VA_ARGS__)
#define QI_EVALUATE_JSContext original_inner_evaluation(JSContext
#define QI_EVALUATE_ctx qi_inner_evaluation(ctx

struct JSExportEntry;
struct JSResolveState;
static int qi_resolve_export(JSContext* ctx, JSModuleDef** found, struct JSExportEntry** entry,
                             JSModuleDef* module, JSAtom name, struct JSResolveState* state);
#define js_resolve_export1(context, ...) QI_EXPORT_##context, __VA_ARGS__)
#define QI_EXPORT_JSContext original_resolve_export(JSContext
#define QI_EXPORT_ctx qi_resolve_export(ctx

struct GetExportNamesState;
static int qi_exported_names(JSContext* ctx, struct GetExportNamesState* state, JSModuleDef* module,
                             bool from_star);
#define get_exported_names(context, ...) QI_NAMES_##context, __VA_ARGS__)
#define QI_NAMES_JSContext original_exported_names(JSContext
#define QI_NAMES_ctx qi_exported_names(ctx

struct JSVarRef;
static struct JSVarRef* qi_exported_variable(JSContext* ctx, JSModuleDef* module,
                                             struct JSExportEntry* entry);
#define js_get_local_export_var_ref(context, ...) QI_VARIABLE_##context, __VA_ARGS__)
#define QI_VARIABLE_JSContext original_exported_variable(JSContext
#define QI_VARIABLE_ctx qi_exported_variable(ctx

static void qi_set_module_evaluated(JSContext* ctx, JSModuleDef* module);
#define js_set_module_evaluated(context, module) QI_EVALUATED_##context, module)
#define QI_EVALUATED_JSContext original_set_module_evaluated(JSContext
#define QI_EVALUATED_ctx qi_set_module_evaluated(ctx

static int qi_execute_async_module(JSContext* ctx, JSModuleDef* module);
#define js_execute_async_module(context, module) QI_EXECUTE_##context, module)
#define QI_EXECUTE_JSContext original_execute_async_module(JSContext
#define QI_EXECUTE_ctx qi_execute_async_module(ctx

static int qi_gather_ancestors(JSContext* ctx, JSModuleDef* module, void* available);
#define gather_available_ancestors(context, ...) QI_GATHER_##context, __VA_ARGS__)
#define QI_GATHER_JSContext original_gather_ancestors(JSContext
#define QI_GATHER_ctx qi_gather_ancestors(ctx

// QuickJS names these only by their addresses: those are ours, the definitions get other names.
static JSValue js_async_module_execution_rejected(JSContext* ctx, JSValueConst self, int argc,
                                                  JSValueConst* argv, int magic,
                                                  JSValueConst* data);
#define js_async_module_execution_rejected(context, ...) QI_REJECTED_##context, __VA_ARGS__)
#define QI_REJECTED_JSContext original_module_rejected(JSContext
#define QI_REJECTED_ctx (js_async_module_execution_rejected)(ctx

static JSValue qi_import_meta(JSContext* ctx);
#define js_import_meta(context) QI_META_##context)
#define QI_META_JSContext original_import_meta(JSContext
#define QI_META_ctx qi_import_meta(ctx

static JSAtom qi_script_or_module_name(JSContext* ctx, int levels);
#define JS_GetScriptOrModuleName(context, levels) QI_SCRIPT_##context, levels)
#define QI_SCRIPT_JSContext original_script_or_module_name(JSContext
#define QI_SCRIPT_ctx qi_script_or_module_name(ctx

// QuickJS names this job only by its address: that is ours, the definition gets another name.
static JSValue js_dynamic_import_job(JSContext* ctx, int argc, JSValueConst* argv);
#define js_dynamic_import_job(context, ...) original_dynamic_import_job(context, __VA_ARGS__)

static JSAtom qi_new_atom(JSContext* ctx, const char* text);
#define JS_NewAtom(context, text) QI_ATOM_##context, text)
#define QI_ATOM_JSContext original_new_atom(JSContext
#define QI_ATOM_ctx qi_new_atom(ctx

// Calls what may be an exception and not a function.
static JSValue qi_call_free(JSContext* ctx, JSValue function, JSValueConst self, int argc,
                            JSValueConst* argv);
#define JS_CallFree(context, ...) QI_CALL_##context, __VA_ARGS__)
#define QI_CALL_JSContext original_call_free(JSContext
#define QI_CALL_ctx qi_call_free(ctx

// Ignores that it fails, and with it what waits for a promise.
static int qi_enqueue_job(JSContext* ctx, JSJobFunc* job, int argc, JSValueConst* argv);
#define JS_EnqueueJob(context, ...) QI_JOB_##context, __VA_ARGS__)
#define QI_JOB_JSContext original_enqueue_job(JSContext
#define QI_JOB_ctx qi_enqueue_job(ctx
#define QI_JOB_fre qi_enqueue_job(fre

// Reactions keep the asynchronous context: see quickjs_builtins.inc.c.
static int qi_perform_then(JSContext* ctx, JSValueConst promise, JSValueConst* handlers,
                           JSValueConst* capability);
#define perform_promise_then(context, ...) QI_THEN_##context, __VA_ARGS__)
#define QI_THEN_JSContext original_perform_then(JSContext
#define QI_THEN_ctx qi_perform_then(ctx

static void* qi_arena_malloc(JSRuntime* rt, size_t size);
#define js_arena_malloc(runtime, size) QI_ARENA_##runtime, size)
#define QI_ARENA_JSRuntime original_arena_malloc(JSRuntime
#define QI_ARENA_rt qi_arena_malloc(rt

// Small blocks that become free: see quickjs_small_blocks.inc.c.
static void qi_arena_free(JSRuntime* rt, void* block);
#define js_arena_free(runtime, block) QI_RELEASE_##runtime, block)
#define QI_RELEASE_JSRuntime original_arena_free(JSRuntime
#define QI_RELEASE_rt qi_arena_free(rt

static void* qi_arena_realloc(JSRuntime* rt, void* block, size_t size);
#define js_arena_realloc(runtime, block, size) QI_RESIZE_##runtime, block, size)
#define QI_RESIZE_JSRuntime original_arena_realloc(JSRuntime
#define QI_RESIZE_rt qi_arena_realloc(rt

#define lre_check_stack_overflow original_check_regexp_stack
#define lre_realloc original_regexp_realloc

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include "quickjs.c"
#pragma clang diagnostic pop

#undef JS_ThrowStackOverflow
#undef JS_ThrowOutOfMemory
#undef JS_ThrowInterrupted
#undef js_compile_regexp
#undef JS_ThrowError2
#undef JS_AutoInitProperty
#undef JS_IsUncatchableError
#undef js_proxy_getPrototypeOf
#undef js_json_to_str
#undef lre_check_stack_overflow
#undef lre_realloc
#undef next_token
#undef map_hash_resize
#undef JS_NewCModule
#undef build_backtrace
#undef js_resolve_module
#undef js_host_resolve_imported_module
#undef js_host_resolve_imported_module_atom
#undef js_create_module_function
#undef js_inner_module_linking
#undef js_inner_module_evaluation
#undef js_resolve_export1
#undef get_exported_names
#undef js_get_local_export_var_ref
#undef js_set_module_evaluated
#undef js_execute_async_module
#undef gather_available_ancestors
#undef js_async_module_execution_rejected
#undef js_import_meta
#undef JS_GetScriptOrModuleName
#undef js_dynamic_import_job
#undef JS_NewAtom
#undef js_arena_malloc
#undef js_arena_free
#undef js_arena_realloc
#undef JS_CallFree
#undef JS_EnqueueJob
#undef perform_promise_then

#include "quickjs_internals.h"

__attribute__((import_module("quiesce"), import_name("host_timezone_offset"))) int32_t
host_timezone_offset(double epoch_ms);

static struct tm* qi_localtime(const time_t* seconds, struct tm* result) {
  memset(result, 0, sizeof(*result));
  result->tm_gmtoff = host_timezone_offset((double)*seconds * 1000) * 60;
  return result;
}

// In this order: each uses those before it.
#include "quickjs_values.inc.c"

#include "quickjs_names.inc.c"

#include "quickjs_limits.inc.c"

#include "quickjs_small_blocks.inc.c"

#include "quickjs_module_exports.inc.c"

#include "quickjs_module_graph.inc.c"

#include "quickjs_modules.inc.c"
#include "quickjs_stacks.inc.c"

#include "quickjs_draws.inc.c"

#include "quickjs_builtins.inc.c"

#include "quickjs_commonjs.inc.c"

// ---- the machine --------------------------------------------------------------------------------

void qi_set_random_state(JSContext* ctx, uint64_t state) { ctx->random_state = state ? state : 1; }

void qi_set_time_origin(JSContext* ctx) { ctx->time_origin = js__now_ms(); }
void qi_clear_time_origin(JSContext* ctx) { ctx->time_origin = 0; }

int32_t qi_interrupt_interval(void) { return JS_INTERRUPT_COUNTER_INIT; }
int32_t qi_interrupt_counter(JSContext* ctx) { return ctx->interrupt_counter; }
void qi_set_interrupt_counter(JSContext* ctx, int32_t steps) { ctx->interrupt_counter = steps; }

void qi_set_stack_top(JSRuntime* rt, uintptr_t address) {
  rt->stack_top = address;
  update_stack_limit(rt);
}

size_t qi_malloc_size(JSRuntime* rt) { return rt->malloc_state.malloc_size; }

void qi_count_buffers(JSRuntime* rt, uint64_t* count, uint64_t* bytes) {
  *count = *bytes = 0;
  struct list_head* item;
  list_for_each(item, &rt->gc_obj_list) {
    JSGCObjectHeader* header = list_entry(item, JSGCObjectHeader, link);
    if (JS_GC_TYPE(header) != JS_GC_OBJ_TYPE_JS_OBJECT) continue;
    const JSObject* p = (const JSObject*)header;
    if (p->class_id != JS_CLASS_ARRAY_BUFFER && p->class_id != JS_CLASS_SHARED_ARRAY_BUFFER)
      continue;
    if (!p->u.array_buffer) continue;  // not made completely, for want of memory
    ++*count;
    *bytes += (uint64_t)p->u.array_buffer->byte_length;
  }
}

JSValue qi_parse(JSContext* ctx, const char* source, size_t bytes, bool as_module,
                 size_t* reached) {
  JSParseState state, *s = &state;
  js_parse_init(ctx, s, source, bytes, "<parse>", 1);
  skip_shebang(&s->buf_ptr, s->buf_end);
  *reached = 0;
  JSFunctionDef* fd = js_new_function_def(ctx, NULL, true, false, "<parse>", 1, 1);
  if (!fd) return JS_EXCEPTION;
  JSModuleDef* module = NULL;
  if (as_module) {
    JSAtom name = JS_NewAtom(ctx, "<parse>");
    module = name == JS_ATOM_NULL ? NULL : js_new_module_def(ctx, name);
    if (!module) {
      js_free_function_def(ctx, fd);
      return JS_EXCEPTION;
    }
    fd->in_function_body = true;
    fd->func_kind = JS_FUNC_ASYNC;
  }
  s->cur_func = fd;
  fd->eval_type = as_module ? JS_EVAL_TYPE_MODULE : JS_EVAL_TYPE_GLOBAL;
  fd->has_this_binding = true;
  fd->arguments_allowed = true;
  fd->is_strict_mode = as_module;
  fd->func_name = JS_DupAtom(ctx, JS_ATOM__eval_);
  fd->module = module;
  s->is_module = as_module;
  s->allow_html_comments = !as_module;
  push_scope(s);
  fd->body_scope = fd->scope_level;
  const int failed = js_parse_program(s);
  *reached = (size_t)(s->buf_ptr - s->buf_start);
  free_token(s, &s->token);
  js_free_function_def(ctx, fd);
  if (module) js_free_module_def(ctx, module);
  return failed ? JS_EXCEPTION : JS_UNDEFINED;
}

JSModuleDef* qi_module(JSValueConst module) { return JS_VALUE_GET_PTR(module); }

// ---- promises -----------------------------------------------------------------------------------

bool qi_promise_is_handled(JSValueConst promise) {
  const JSPromiseData* data = JS_GetOpaque(promise, JS_CLASS_PROMISE);
  return data && data->is_handled;
}

bool qi_promise_react(JSContext* ctx, JSValueConst promise, JSValueConst fulfilled,
                      JSValueConst rejected) {
  JSValueConst handlers[] = {fulfilled, rejected};
  JSValueConst nobody[] = {JS_UNDEFINED, JS_UNDEFINED};
  return original_perform_then(ctx, promise, handlers, nobody) == 0;
}

bool qi_mark(JSContext* ctx, JSValueConst object, JSAtom key, bool value) {
  JSProperty* property;
  JSObject* p = JS_VALUE_GET_OBJ(object);
  if (!find_own_property(&property, p, key)) {
    property = add_property(ctx, p, key, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
    if (!property) return false;
  }
  property->u.value = js_bool(value);  // never anything that would have to be freed
  return true;
}

bool qi_is_immutable_buffer(JSValueConst value) {
  if (JS_VALUE_GET_TAG(value) != JS_TAG_OBJECT) return false;
  const JSObject* p = JS_VALUE_GET_OBJ(value);
  if (p->class_id == JS_CLASS_DATAVIEW || is_typed_array(p->class_id)) p = p->u.typed_array->buffer;
  return JS_IsImmutableArrayBuffer(JS_MKPTR(JS_TAG_OBJECT, (void*)p)) > 0;
}

// ---- for inspect --------------------------------------------------------------------------------
#include "inspect_internals.inc.c"

// ---- for Data and introspection -----------------------------------------------------------------
#include "data_internals.inc.c"

// ---- for the census -----------------------------------------------------------------------------
#include "quickjs_census.inc.c"

#include "quickjs_waits.inc.c"
