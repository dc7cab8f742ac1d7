// What QuickJS leaves open at the limits of stack, memory and time. Part of quickjs_internals.c,
// which sends calls inside QuickJS to the functions here.

// Errors that are thrown when there is no memory for a new one.
// The first variable of all: see `machine`, the last of those that share a page.
static _Alignas(QI_PAGE_BYTES) JSValue qi_spare_memory_error = JS_UNDEFINED;
static JSValue qi_spare_interrupt = JS_UNDEFINED;

// Set by every stack overflow. Parsers meet one in the middle of looking ahead, take it for "no,
// this is something else" and report a syntax error, which would be a lie.
static bool qi_overflowed;

// The same for memory.
static bool qi_starved;

// When an allocation fails in the middle of compiling, QuickJS frees half-written bytecode as if it
// were whole, and with it what other code still uses. So the compiler borrows above the limit,
// which makes it give up at the next token, or else when it is done.
static bool qi_compiling;
static bool qi_overdrawn;

// Something is under way that must not fail, or else the realm is damaged for ever.
static bool qi_in_need;

static void qi_note_overflow(JSContext* ctx) {
  qi_overflowed = true;
  qi_stack_refused(ctx->rt->stack_top - js_get_stack_pointer(), ctx->rt->stack_size);
}

static JSValue qi_stack_overflow(JSContext* ctx) {
  qi_note_overflow(ctx);
  return original_stack_overflow(ctx);
}

bool lre_check_stack_overflow(void* opaque, size_t alloca_size) {
  if (!original_check_regexp_stack(opaque, alloca_size)) return false;
  qi_note_overflow(opaque);
  return true;
}

bool qi_lend(void) {
  if (!qi_compiling) return false;
  qi_starved = qi_overdrawn = true;
  return true;
}

// What a VM may be without: see intrinsics.cpp.
static bool qi_eval_is_forbidden;
static bool qi_bigint_literals_are_forbidden;

static int qi_next_token(JSParseState* state) {
  if (qi_overdrawn) {
    qi_throw_out_of_memory(state->ctx);
    return -1;
  }
  const int failed = original_next_token(state);
  if (!failed && qi_bigint_literals_are_forbidden && state->token.val == TOK_NUMBER &&
      JS_IsBigInt(state->token.u.num.val)) {
    return js_parse_error(state, "BigInt is not available in this VM");
  }
  return failed;
}

// ---- tests of what happens without memory -------------------------------------------------------

static uint32_t qi_allocations_to_grant;  // 0: no test is under way
static uint32_t qi_allocations_to_refuse;
static uint32_t qi_allocations_refused;

uint32_t qi_fail_allocations(uint32_t after, uint32_t times) {
  qi_allocations_to_grant = times > 0 ? after + 1 : 0;
  qi_allocations_to_refuse = times;
  const uint32_t refused = qi_allocations_refused;
  qi_allocations_refused = 0;
  return refused;
}

bool qi_allocation_fails(JSRuntime* rt) {
  if (qi_allocations_to_grant == 0) return false;
  // What may exceed the limit finds memory here too.
  if (rt->in_out_of_memory || qi_in_need) return false;
  if (qi_allocations_to_grant > 1) {
    --qi_allocations_to_grant;
    return false;
  }
  if (qi_allocations_to_refuse == 0) return false;
  if (qi_allocations_to_refuse != UINT32_MAX) --qi_allocations_to_refuse;
  ++qi_allocations_refused;
  if (qi_lend()) return false;
  qi_note_shortage();
  return true;
}

// After a compiler failed: whatever it says, this is why.
static void qi_tell_the_truth(JSContext* ctx) {
  if (qi_overflowed) {
    original_stack_overflow(ctx);
  } else if (qi_starved) {
    qi_throw_out_of_memory(ctx);
  }
}

void* lre_realloc(void* opaque, void* block, size_t bytes) {
  void* grown = original_regexp_realloc(opaque, block, bytes);
  if (!grown && bytes != 0) qi_starved = true;
  return grown;
}

static JSValue js_compile_regexp(JSContext* ctx, JSValueConst pattern, JSValueConst flags) {
  const bool overflowed_before = qi_overflowed;
  const bool starved_before = qi_starved;
  qi_overflowed = false;
  qi_starved = false;
  JSValue compiled = original_compile_regexp(ctx, pattern, flags);
  if (JS_IsException(compiled)) qi_tell_the_truth(ctx);
  qi_overflowed |= overflowed_before;
  qi_starved |= starved_before;
  return compiled;
}

static void qi_throw_eval_error(JSContext* ctx, const char* format, ...) {
  va_list rest;
  va_start(rest, format);
  JS_ThrowError(ctx, JS_EVAL_ERROR, format, rest);
  va_end(rest);
}

static void qi_begin_compiling(void) {
  qi_overflowed = false;
  qi_starved = false;
  qi_overdrawn = false;
  qi_compiling = true;
}

// What was compiled, or why it was not.
static JSValue qi_end_compiling(JSContext* ctx, JSValue compiled) {
  qi_compiling = false;
  const bool overdrawn = qi_overdrawn;
  qi_overdrawn = false;
  if ((qi_overflowed || overdrawn) && !JS_IsException(compiled)) {
    // It may be something else than what was written.
    JSModuleDef* module =
        JS_VALUE_GET_TAG(compiled) == JS_TAG_MODULE ? JS_VALUE_GET_PTR(compiled) : NULL;
    JS_FreeValue(ctx, compiled);
    if (module) js_free_module_def(ctx, module);
    compiled = JS_EXCEPTION;
  }
  if (JS_IsException(compiled)) qi_tell_the_truth(ctx);
  return compiled;
}

// In the place of JS_EvalInternal: compiles, which runs no guest code, then looks whether the
// compiler ran out of stack, then runs.
static JSValue qi_eval(JSContext* ctx, JSValueConst self, const char* source, size_t bytes,
                       const char* name, int line, int flags, int scope) {
  const int type = flags & JS_EVAL_TYPE_MASK;
  const bool is_eval = type == JS_EVAL_TYPE_DIRECT || type == JS_EVAL_TYPE_INDIRECT;
  if (qi_eval_is_forbidden && is_eval) {
    qi_throw_eval_error(ctx, "Code generation from strings disallowed for this context");
    return JS_EXCEPTION;
  }
  const qi_name outer = qi_name_of_source;
  if (is_eval && !qi_name_eval(ctx, name)) return JS_EXCEPTION;
  qi_begin_compiling();
  JSValue compiled =
      qi_end_compiling(ctx, __JS_EvalInternal(ctx, self, source, bytes, name, line,
                                              flags | JS_EVAL_FLAG_COMPILE_ONLY, scope));
  if (is_eval) qi_forget_eval_name(ctx, outer);
  if (JS_IsException(compiled) || (flags & JS_EVAL_FLAG_COMPILE_ONLY)) return compiled;
  JSStackFrame* frame = NULL;
  JSVarRef** variables = NULL;
  if ((flags & JS_EVAL_TYPE_MASK) == JS_EVAL_TYPE_DIRECT) {
    frame = ctx->rt->current_stack_frame;
    variables = JS_VALUE_GET_OBJ(frame->cur_func)->u.func.var_refs;
  }
  return JS_EvalFunctionInternal(ctx, compiled, self, variables, frame);
}

JSValue qi_throw_out_of_memory(JSContext* ctx) {
  JSRuntime* rt = ctx->rt;
  if (rt->in_out_of_memory)
    return JS_EXCEPTION;  // while making the error: whoever makes it goes on
  qi_starved = true;
  // Whoever failed may be half-way through building something that a collection would look at.
  const size_t threshold = rt->malloc_gc_threshold;
  rt->malloc_gc_threshold = SIZE_MAX;
  original_out_of_memory(ctx);
  rt->malloc_gc_threshold = threshold;
  if (JS_IsNull(rt->current_exception)) JS_Throw(ctx, js_dup(qi_spare_memory_error));
  return JS_EXCEPTION;
}

JSValue JS_ThrowOutOfMemory(JSContext* ctx) { return qi_throw_out_of_memory(ctx); }

JSValue qi_throw_interrupted(JSContext* ctx) {
  original_interrupted(ctx);
  if (!original_is_uncatchable(ctx->rt->current_exception)) {
    JS_Throw(ctx, js_dup(qi_spare_interrupt));
    JS_SetUncatchableError(ctx, qi_spare_interrupt);
  }
  return JS_EXCEPTION;
}

// An error for which there is no memory becomes "out of memory" and not null.
static JSValue qi_throw_error(JSContext* ctx, int class, bool with_stack, const char* format,
                              va_list rest) {
  original_throw_error(ctx, class, with_stack, format, rest);
  JSRuntime* rt = ctx->rt;
  if (JS_IsNull(rt->current_exception) && !rt->in_out_of_memory) {
    JS_Throw(ctx, js_dup(qi_spare_memory_error));
  }
  return JS_EXCEPTION;
}

// A function that could not be made for want of memory is not called: "not a function" would be a
// lie.
static JSValue qi_call_free(JSContext* ctx, JSValue function, JSValueConst self, int argc,
                            JSValueConst* argv) {
  if (JS_IsException(function)) return function;
  return original_call_free(ctx, function, self, argc, argv);
}

// Nobody is told when this fails, and what waits for a promise would wait for ever. So it may
// exceed the limit.
static int qi_enqueue_in_context(JSContext* ctx, JSJobFunc* job, int argc, JSValueConst* argv);
static int qi_enqueue_job(JSContext* ctx, JSJobFunc* job, int argc, JSValueConst* argv) {
  const bool outer = qi_in_need;
  qi_in_need = true;
  const int failed = qi_enqueue_in_context(ctx, job, argc, argv);
  qi_in_need = outer;
  return failed;
}

int JS_EnqueueJob(JSContext* ctx, JSJobFunc* job, int argc, JSValueConst* argv) {
  return qi_enqueue_job(ctx, job, argc, argv);
}

// Asked whenever an error goes up one frame. Some functions of QuickJS fail without an error when
// they find no memory, String.prototype.normalize for one.
static bool qi_is_uncatchable(JSValue* pending) {
  if (JS_IsUninitialized(*pending)) *pending = js_dup(qi_spare_memory_error);
  return original_is_uncatchable(*pending);
}

bool JS_IsUncatchableError(JSValueConst value) { return original_is_uncatchable(value); }

// The properties of built-in objects are made when they are first looked at. If there is no memory
// at that moment QuickJS leaves undefined behind, and a program that catches the error goes on
// without, say, Array.prototype.map. So this may exceed the limit, and what fails nevertheless is
// undone.
static int qi_make_property(JSContext* ctx, JSObject* object, JSAtom key, JSProperty* property,
                            JSShapeProperty* shape) {
  const JSProperty before = *property;
  JSContext* realm = JS_DupContext(js_autoinit_get_realm(property));
  const bool outer = qi_in_need;
  qi_in_need = true;
  const int failed = original_make_property(ctx, object, key, property, shape);
  qi_in_need = outer;
  if (failed) {
    shape = find_own_property(&property, object, key);
    if (shape && (shape->flags & JS_PROP_TMASK) == JS_PROP_NORMAL) {
      shape->flags |= JS_PROP_AUTOINIT;
      *property = before;
      return -1;  // the property keeps the reference to the realm
    }
  }
  JS_FreeContext(realm);
  return failed;
}

// Recursion is noticed by the stack it uses. These two use none of the guest's, so the frame here
// makes them. The empty assembly keeps the compiler from shrinking it.
#define QI_USE_STACK(bytes) \
  char frame[bytes];        \
  __asm__ volatile("" : : "r"(frame) : "memory")

static JSValue qi_proxy_prototype(JSContext* ctx, JSValueConst proxy) {
  QI_USE_STACK(64);
  return original_proxy_prototype(ctx, proxy);
}

static JSValue qi_call_bound(JSContext* ctx, JSValueConst function, JSValueConst self, int argc,
                             JSValueConst* argv, int flags) {
  QI_USE_STACK(64);
  return js_call_bound_function(ctx, function, self, argc, argv, flags);
}

JSValue qi_take_exception(JSContext* ctx) {
  qi_is_uncatchable(&ctx->rt->current_exception);
  JSValue thrown = JS_GetException(ctx);
  // The host decides what follows an interrupt; as a value this error is one like any other.
  JS_ClearUncatchableError(ctx, thrown);
  return thrown;
}

// Every value that JSON.stringify writes is a step. And since it searches all the objects around a
// new one for a cycle, a larger frame bounds the depth more narrowly than its own would.
static int qi_write_json(JSContext* ctx, JSONStringifyContext* writer, JSValueConst holder,
                         JSValue value, JSValueConst indent) {
  QI_USE_STACK(128);
  if (js_poll_interrupts(ctx)) {
    JS_FreeValue(ctx, value);
    return -1;
  }
  return original_write_json(ctx, writer, holder, value, indent);
}

bool qi_may_exceed_limit(JSRuntime* rt) { return rt->in_out_of_memory || qi_in_need; }

static bool qi_stack_is_short(JSContext* ctx) {
  if (!js_check_stack_overflow(ctx->rt, 0)) return false;
  qi_stack_overflow(ctx);
  return true;
}

// Iterators over iterators call each other directly, past the check that a call makes.
static JSValue qi_helper_next(JSContext* ctx, JSValueConst self, int argc, JSValueConst* argv,
                              int* done, int magic) {
  *done = false;
  return qi_stack_is_short(ctx) ? JS_EXCEPTION
                                : js_iterator_helper_next(ctx, self, argc, argv, done, magic);
}

static JSValue qi_wrap_next(JSContext* ctx, JSValueConst self, int argc, JSValueConst* argv,
                            int* done, int magic) {
  *done = false;
  return qi_stack_is_short(ctx) ? JS_EXCEPTION
                                : js_iterator_wrap_next(ctx, self, argc, argv, done, magic);
}

typedef JSValue qi_next(JSContext*, JSValueConst, int, JSValueConst*, int*, int);

// Puts `checked` in the place of `unchecked` in the methods `next` and `return` of a class.
static bool qi_check_methods(JSContext* ctx, JSClassID class_id, qi_next* unchecked,
                             qi_next* checked) {
  static const JSAtom names[] = {JS_ATOM_next, JS_ATOM_return};
  for (size_t i = 0; i < countof(names); ++i) {
    JSValue method = JS_GetProperty(ctx, ctx->class_proto[class_id], names[i]);
    if (JS_IsException(method)) return false;
    if (JS_GetClassID(method) == JS_CLASS_C_FUNCTION) {
      JSObject* p = JS_VALUE_GET_OBJ(method);
      if (p->u.cfunc.c_function.iterator_next == unchecked) {
        p->u.cfunc.c_function.iterator_next = checked;
      }
    }
    JS_FreeValue(ctx, method);
  }
  return true;
}

bool qi_harden(JSContext* ctx) {
  ctx->eval_internal = qi_eval;
  ctx->rt->class_array[JS_CLASS_BOUND_FUNCTION].call = qi_call_bound;
  qi_spare_memory_error = JS_NewInternalError(ctx, "out of memory");
  qi_spare_interrupt = JS_NewInternalError(ctx, "interrupted");
  return !JS_IsException(qi_spare_memory_error) && !JS_IsException(qi_spare_interrupt) &&
         qi_check_methods(ctx, JS_CLASS_ITERATOR_HELPER, js_iterator_helper_next, qi_helper_next) &&
         qi_check_methods(ctx, JS_CLASS_ITERATOR_WRAP, js_iterator_wrap_next, qi_wrap_next);
}
