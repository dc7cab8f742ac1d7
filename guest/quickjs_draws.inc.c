// What a program draws from clock and chance: each draw is counted (guest/draws.cpp), and the first
// one's place kept. Part of quickjs_internals.c.

static int64_t qi_date_now(void) {
  qi_note_draw(Q_DRAW_CLOCK);
  return original_date_now();
}

static JSValue(js_math_random)(JSContext* ctx, JSValueConst self, int count,
                               JSValueConst* arguments) {
  qi_note_draw(Q_DRAW_RANDOM);
  return original_math_random(ctx, self, count, arguments);
}

// ---- performance --------------------------------------------------------------------------------

static JSValue qi_performance_now(JSContext* ctx, JSValueConst self, int count,
                                  JSValueConst* arguments) {
  qi_note_draw(Q_DRAW_CLOCK);
  return js_perf_now(ctx, self, count, arguments);
}

static JSValue qi_time_origin(JSContext* ctx, JSValueConst self) {
  qi_note_draw(Q_DRAW_CLOCK);
  return js_float64(ctx->time_origin);
}

static const JSCFunctionListEntry qi_performance[] = {
    JS_CFUNC_DEF2("now", 0, qi_performance_now, JS_PROP_ENUMERABLE),
    JS_CGETSET_DEF2("timeOrigin", qi_time_origin, NULL, JS_PROP_ENUMERABLE),
};

bool qi_add_performance(JSContext* ctx) {
  JSValue performance = JS_NewObject(ctx);
  if (JS_IsException(performance)) return false;
  return JS_SetPropertyFunctionList(ctx, performance, qi_performance, countof(qi_performance)) >=
             0 &&
         JS_DefinePropertyValueStr(ctx, ctx->global_obj, "performance", performance,
                                   JS_PROP_C_W_E) >= 0;
}

bool qi_is_running(JSContext* ctx) { return ctx->rt->current_stack_frame != NULL; }

// ---- places -------------------------------------------------------------------------------------

// Code of built-ins draws for the program that called it; and eval code has no file that its lines
// could be looked up in.
static bool qi_is_place_of_program(JSContext* ctx, const JSFunctionBytecode* code) {
  if (code->filename == JS_ATOM_NULL) return false;
  char name[ATOM_GET_STR_BUF_SIZE];
  JS_AtomGetStr(ctx, name, sizeof(name), code->filename);
  return strncmp(name, "node:", 5) != 0 && strcmp(name, QI_EVAL_NAME) != 0;
}

JSValue qi_program_place(JSContext* ctx, uint32_t* line, uint32_t* column) {
  enum { kLooked = 1000 };
  const JSStackFrame* frame = ctx->rt->current_stack_frame;
  for (int looked = 0; frame && looked < kLooked; frame = frame->prev_frame, ++looked) {
    JSFunctionBytecode* code = qi_code_of_frame(frame);
    if (!code || !frame->cur_pc || !qi_is_place_of_program(ctx, code)) continue;
    int column_there = 0;
    const int line_there = find_line_num(
        ctx, code, (uint32_t)(frame->cur_pc - code->byte_code_buf - 1), &column_there);
    *line = line_there > 0 ? (uint32_t)line_there : 0;
    *column = line_there > 0 && column_there > 0 ? (uint32_t)column_there : 0;
    return JS_AtomToString(ctx, code->filename);
  }
  return JS_UNDEFINED;
}
