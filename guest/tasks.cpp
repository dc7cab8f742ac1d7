// internal('tasks'): ticks and the asynchronous context. See tasks.hpp.
#include "tasks.hpp"

#include "builtins.hpp"

struct Tick {
  Tick* next;
  JSValue callback, context;
  u32 argument_count;

  JSValue* arguments() { return reinterpret_cast<JSValue*>(this + 1); }  // allocated with the tick
};

namespace {

// nextTick(callback, ...arguments)
JSValue next_tick(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments) {
  const u32 rest = count > 1 ? (u32)count - 1 : 0;
  auto* tick = static_cast<Tick*>(js_malloc(ctx, sizeof(Tick) + rest * sizeof(JSValue)));
  if (!tick) return JS_EXCEPTION;
  *tick = {nullptr, JS_DupValue(ctx, arguments[0]), JS_DupValue(ctx, qi_async_context), rest};
  for (u32 i = 0; i < rest; ++i) tick->arguments()[i] = JS_DupValue(ctx, arguments[i + 1]);
  auto& ticks = machine.ticks;
  (ticks.last ? ticks.last->next : ticks.first) = tick;
  ticks.last = tick;
  return JS_UNDEFINED;
}

JSValue get_context(JSContext* ctx, JSValueConst, int, JSValueConst*) {
  return JS_DupValue(ctx, qi_async_context);
}

JSValue set_context(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  JSValue old = qi_async_context;
  qi_async_context = JS_DupValue(ctx, arguments[0]);
  JS_FreeValue(ctx, old);
  return JS_UNDEFINED;
}

// runInContext(context, function, this, ...arguments)
JSValue run_in_context(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments) {
  const InContext inside(arguments[0]);
  return JS_Call(ctx, arguments[1], arguments[2], count > 3 ? count - 3 : 0, arguments + 3);
}

constexpr JSCFunctionListEntry kFunctions[] = {
    JS_CFUNC_DEF("getContext", 0, get_context),
    JS_CFUNC_DEF("nextTick", 1, next_tick),
    JS_CFUNC_DEF("runInContext", 3, run_in_context),
    JS_CFUNC_DEF("setContext", 1, set_context),
};

}  // namespace

const NativeGroup kTaskNatives("tasks", kFunctions);

bool tick_is_due() {
  auto& ticks = machine.ticks;
  if (!JS_IsJobPending(machine.rt)) ticks.jobs_first = false;
  return ticks.first && !ticks.jobs_first;
}

JSValue run_tick(JSContext* ctx) {
  auto& ticks = machine.ticks;
  Tick* tick = ticks.first;
  ticks.first = tick->next;
  if (!ticks.first) ticks.last = nullptr;
  JSValue result;
  {
    const InContext inside(tick->context);
    result =
        JS_Call(ctx, tick->callback, JS_UNDEFINED, (int)tick->argument_count, tick->arguments());
  }
  JS_FreeValue(ctx, tick->callback);
  JS_FreeValue(ctx, tick->context);
  for (u32 i = 0; i < tick->argument_count; ++i) JS_FreeValue(ctx, tick->arguments()[i]);
  js_free(ctx, tick);
  return result;
}
