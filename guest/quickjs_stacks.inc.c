// Stacks of errors show a program's frames, not those of the machinery that runs its CommonJS
// modules ("node:internal/..."). Part of quickjs_internals.c.

static bool qi_is_internal_frame(JSContext* ctx, const JSStackFrame* frame) {
  static const char kInternal[] = "node:internal/";
  const JSFunctionBytecode* code = qi_code_of_frame(frame);
  if (!code || code->filename == JS_ATOM_NULL) return false;
  char name[ATOM_GET_STR_BUF_SIZE];
  JS_AtomGetStr(ctx, name, sizeof(name), code->filename);
  return !strncmp(name, kInternal, sizeof(kInternal) - 1);
}

// A native function that only the machinery calls, `call` for one, is a part of it.
static bool qi_is_hidden_frame(JSContext* ctx, const JSStackFrame* frame) {
  if (qi_code_of_frame(frame)) return qi_is_internal_frame(ctx, frame);
  return frame->prev_frame && qi_is_internal_frame(ctx, frame->prev_frame);
}

// Takes the hidden frames out of the chain while QuickJS walks it. The innermost one stays: it may
// be the constructor of the error, which QuickJS leaves out itself; and so do those above the
// function from which Error.captureStackTrace counts.
static void qi_build_backtrace(JSContext* ctx, JSValueConst error, JSValueConst from,
                               const char* file_name, int line, int column, int flags) {
  enum { kLooked = 64, kHiddenMax = 32 };  // a stack has 10 lines, unless asked for more
  struct {
    JSStackFrame* frame;
    JSStackFrame* before;
  } cut[kHiddenMax];
  int cuts = 0, looked = 0;
  bool begun = !(flags & JS_BACKTRACE_FLAG_FILTER_FUNC);
  JSStackFrame* shown = ctx->rt->in_build_stack_trace ? NULL : ctx->rt->current_stack_frame;
  for (; shown && cuts < kHiddenMax && looked < kLooked; shown = shown->prev_frame) {
    begun = begun || js_same_value(ctx, shown->cur_func, from);
    JSStackFrame* next = shown->prev_frame;
    while (begun && next && ++looked < kLooked && qi_is_hidden_frame(ctx, next))
      next = next->prev_frame;
    ++looked;
    if (next == shown->prev_frame) continue;
    cut[cuts].frame = shown;
    cut[cuts++].before = shown->prev_frame;
    shown->prev_frame = next;
  }
  original_build_backtrace(ctx, error, from, file_name, line, column, flags);
  while (cuts-- > 0) cut[cuts].frame->prev_frame = cut[cuts].before;
}
