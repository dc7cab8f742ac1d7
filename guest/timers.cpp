// setTimeout and its family, as WHATWG and Node have them, except that ids are plain numbers. The
// host's clock says when a timer is due and the host runs it, so timers sleep with the VM.
#include "process.hpp"
#include "tasks.hpp"
#include "wires.hpp"

namespace {

// Browsers and Node end at 2^31 - 1 ms, 25 days. A VM may sleep for years, so the end here is that
// of time values (ECMA-262 21.4.1.1).
constexpr f64 kDelayMsMax = 8.64e15;
constexpr int kHidden = JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE;

// Which of two timers fires first: the sooner one; of two with one deadline an immediate; the
// older.
bool fires_before(const Timer& a, const Timer& b) {
  if (a.deadline != b.deadline) return a.deadline < b.deadline;
  if (a.is_immediate != b.is_immediate) return a.is_immediate;
  return a.order < b.order;
}

u32 place_of(const Timer& timer) {
  u32 low = 0;
  u32 high = machine.timers.count;
  while (low < high) {
    const u32 middle = low + (high - low) / 2;
    if (fires_before(*machine.timers[middle], timer)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

u32 place_by_id(u32 id) {
  u32 low = 0;
  u32 high = machine.timers_by_id.count;
  while (low < high) {
    const u32 middle = low + (high - low) / 2;
    if (machine.timers_by_id[middle]->id < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void free_timer(Timer* timer) {
  JSContext* ctx = machine.ctx;
  machine.timers_by_id.remove(place_by_id(timer->id));
  JSValue callback = timer->callback;
  JSValue context = timer->context;
  for (u32 i = 0; i < timer->argument_count; ++i) JS_FreeValue(ctx, timer->arguments()[i]);
  js_free(ctx, timer);
  JS_FreeValue(ctx, callback);
  JS_FreeValue(ctx, context);
}

JSValue new_timer(JSContext* ctx, bool is_immediate, f64 delay, f64 interval, JSValueConst callback,
                  int count, JSValueConst* arguments) {
  if (!JS_IsFunction(ctx, callback)) {
    return JS_ThrowTypeError(ctx, "The \"callback\" argument must be of type function.");
  }
  // A running interval comes back to the queue, and must find room there.
  if (!machine.timers_by_id.reserve(ctx, machine.timers_by_id.count + 1) ||
      !machine.timers.reserve(ctx, machine.timers_by_id.count + 1)) {
    return JS_EXCEPTION;
  }
  auto* timer =
      static_cast<Timer*>(js_malloc(ctx, sizeof(Timer) + (size_t)count * sizeof(JSValue)));
  if (!timer) return JS_EXCEPTION;
  *timer = {};
  timer->id = ++machine.last_timer;
  timer->is_immediate = is_immediate;
  timer->deadline = now_ms() + delay;
  timer->interval = interval;
  timer->order = ++machine.last_timer_order;
  timer->callback = JS_DupValue(ctx, callback);
  timer->context = JS_DupValue(ctx, qi_async_context);
  timer->argument_count = (u32)count;
  for (int i = 0; i < count; ++i) timer->arguments()[i] = JS_DupValue(ctx, arguments[i]);
  machine.timers_by_id.push(ctx, timer);
  machine.timers.insert(ctx, place_of(*timer), timer);
  return JS_NewUint32(ctx, timer->id);
}

// setTimeout and setInterval(callback, delay, ...arguments)
JSValue set_timer(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments, int repeats) {
  f64 delay = 1;
  if (count > 1 && JS_ToFloat64(ctx, &delay, arguments[1]) < 0) return JS_EXCEPTION;
  if (!(delay >= 1 && delay <= kDelayMsMax)) delay = 1;
  delay = (f64)(i64)delay;
  return new_timer(ctx, false, delay, repeats ? delay : 0, count > 0 ? arguments[0] : JS_UNDEFINED,
                   count > 2 ? count - 2 : 0, arguments + 2);
}

JSValue set_immediate(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments) {
  return new_timer(ctx, true, 0, 0, count > 0 ? arguments[0] : JS_UNDEFINED,
                   count > 1 ? count - 1 : 0, arguments + 1);
}

// clearTimeout, clearInterval, clearImmediate: anything that is not the id of a timer is ignored.
JSValue clear_timer(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments) {
  f64 id;
  if (count == 0 || JS_IsSymbol(arguments[0]) || JS_IsObject(arguments[0]) ||
      JS_IsBigInt(arguments[0])) {
    return JS_UNDEFINED;
  }
  if (JS_ToFloat64(ctx, &id, arguments[0]) < 0) return JS_EXCEPTION;
  if (!(id >= 1 && id <= (f64)UINT32_MAX) || id != (f64)(u32)id) return JS_UNDEFINED;
  const u32 place = place_by_id((u32)id);
  if (place == machine.timers_by_id.count || machine.timers_by_id[place]->id != (u32)id)
    return JS_UNDEFINED;
  Timer* timer = machine.timers_by_id[place];
  if (timer->is_running) {
    timer->is_cancelled = true;
    return JS_UNDEFINED;
  }
  machine.timers.remove(place_of(*timer));
  free_timer(timer);
  return JS_UNDEFINED;
}

JSValue microtask(JSContext* ctx, int, JSValueConst* arguments) {
  return JS_Call(ctx, arguments[0], JS_UNDEFINED, 0, nullptr);
}

JSValue queue_microtask(JSContext* ctx, JSValueConst, int count, JSValueConst* arguments) {
  if (count == 0 || !JS_IsFunction(ctx, arguments[0])) {
    return JS_ThrowTypeError(ctx, "The \"callback\" argument must be of type function.");
  }
  return JS_EnqueueJob(ctx, microtask, 1, arguments) < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

bool define(JSContext* ctx, JSValueConst global, const char* name, JSValue function) {
  return !JS_IsException(function) &&
         JS_DefinePropertyValueStr(ctx, global, name, function, kHidden | JS_PROP_ENUMERABLE) >= 0;
}

}  // namespace

bool install_timers(JSContext* ctx) {
  Held global(JS_GetGlobalObject(ctx));
  const auto timer = [&](const char* name, int repeats) {
    return JS_NewCFunctionMagic(ctx, set_timer, name, 2, JS_CFUNC_generic_magic, repeats);
  };
  return define(ctx, global.get(), "setTimeout", timer("setTimeout", 0)) &&
         define(ctx, global.get(), "setInterval", timer("setInterval", 1)) &&
         define(ctx, global.get(), "setImmediate",
                JS_NewCFunction(ctx, set_immediate, "setImmediate", 1)) &&
         define(ctx, global.get(), "clearTimeout",
                JS_NewCFunction(ctx, clear_timer, "clearTimeout", 1)) &&
         define(ctx, global.get(), "clearInterval",
                JS_NewCFunction(ctx, clear_timer, "clearInterval", 1)) &&
         define(ctx, global.get(), "clearImmediate",
                JS_NewCFunction(ctx, clear_timer, "clearImmediate", 1)) &&
         define(ctx, global.get(), "queueMicrotask",
                JS_NewCFunction(ctx, queue_microtask, "queueMicrotask", 1));
}

void shift_timers(f64 ms) {
  for (u32 i = 0; i < machine.timers.count; ++i) machine.timers[i]->deadline += ms;
}

wire q_run_timer() {
  enter();
  JSContext* ctx = machine.ctx;
  if (machine.timers.count == 0 || machine.timers[0]->deadline > now_ms()) return absent_wire();
  Timer* timer = machine.timers[0];
  machine.timers.remove(0);
  timer->is_running = true;
  machine.ticks.jobs_first = false;  // it is a task of its own
  machine.process.is_idle = false;
  const InContext inside(timer->context);
  Held result(
      JS_Call(ctx, timer->callback, JS_UNDEFINED, (int)timer->argument_count, timer->arguments()));
  timer->is_running = false;
  if (timer->interval > 0 && !timer->is_cancelled) {
    timer->deadline = now_ms() + timer->interval;
    timer->order = ++machine.last_timer_order;
    machine.timers.insert(ctx, place_of(*timer), timer);
  } else {
    free_timer(timer);
  }
  return outcome_of_task(result.release());
}

f64 q_timer_deadline(u32 index) {
  return index < machine.timers.count ? machine.timers[index]->deadline : __builtin_nan("");
}
