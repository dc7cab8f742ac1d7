// Promises as the host sees them, jobs, and rejections that nobody handles.
//
// Rejections go the way of HTML's unhandledrejection: on a list when a promise is rejected and
// nobody listens, off it when somebody does soon after. The host takes what is left once no job is
// ready. A promise that it was told of carries a mark and nothing else holds it; handled then, it
// goes on a second list. Whoever never takes anything keeps no more than the latest of each.
//
// A program that listens for rejections is told of them in the host's place, when no job and no
// tick is left, and of all there are before anything else runs, as in Node.
#include "census_internals.h"
#include "process.hpp"
#include "tasks.hpp"
#include "wires.hpp"

namespace {

constexpr u32 kRejectionsMax = 1024;

void drop(List<Rejection>& list, u32 index) {
  const Rejection gone = list[index];
  list.remove(index);
  if (&list == &machine.rejections && index < machine.process.telling) --machine.process.telling;
  JS_FreeValue(machine.ctx, gone.promise);
  JS_FreeValue(machine.ctx, gone.reason);
}

// QuickJS is in the middle of rejecting and cannot take an error now: a report may get lost when
// there is no memory for it, the rejection itself does not.
void add(List<Rejection>& list, JSValueConst promise, JSValueConst reason) {
  JSContext* ctx = machine.ctx;
  if (!list.reserve(ctx, list.count + 1)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return;
  }
  list.push(ctx, {JS_DupValue(ctx, promise), JS_DupValue(ctx, reason)});
  if (list.count > kRejectionsMax) drop(list, 0);
}

// Whether it has the mark, which it loses: it is handled now.
bool loses_mark(JSContext* ctx, JSValueConst promise, JSAtom key) {
  Held mark(qi_own_data_property(promise, key));
  if (!JS_IsBool(mark.get()) || !JS_VALUE_GET_BOOL(mark.get())) return false;
  qi_mark(ctx, promise, key, false);  // it has the property: this cannot fail
  return true;
}

// Without memory for the mark nobody will be told when the promise is handled; no more is lost.
void mark(JSContext* ctx, JSValueConst promise, JSAtom key) {
  if (!qi_mark(ctx, promise, key, true)) JS_FreeValue(ctx, JS_GetException(ctx));
}

void on_rejection(JSContext* ctx, JSValueConst promise, JSValueConst reason, bool is_handled,
                  void*) {
  if (!is_handled) return add(machine.rejections, promise, reason);
  if (loses_mark(ctx, promise, machine.reported_key)) return add(machine.handled, promise, reason);
  if (loses_mark(ctx, promise, machine.told_key))
    return add(machine.process.handled, promise, reason);
  auto& rejections = machine.rejections;
  for (u32 i = 0; i < rejections.count; ++i) {
    if (JS_VALUE_GET_PTR(rejections[i].promise) != JS_VALUE_GET_PTR(promise)) continue;
    return drop(rejections, i);
  }
}

// The two reactions of a watched promise. They hold nothing but its number: the host that gave the
// number a meaning may be gone.
JSValue tell_host(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int rejected,
                  JSValueConst* number) {
  const auto id = (u64)wire_number(to_wire(JS_DupValue(ctx, number[0])));
  host_settled(id, (u32)rejected, to_wire(JS_DupValue(ctx, arguments[0])));
  return JS_UNDEFINED;
}

bool is_exception(wire value) {
  return !q_wire_is_number(value) && q_wire_kind(value) == Q_EXCEPTION;
}

// The oldest of a list, given to the host. When there is no room for its handles it stays, and
// `promise` is the exception that says so.
u32 take(List<Rejection>& list) {
  enter();
  if (list.count == 0) return 0;
  JSContext* ctx = machine.ctx;
  auto& shown = machine.shared.rejection;
  shown.promise = to_wire(JS_DupValue(ctx, list[0].promise));
  if (is_exception(shown.promise)) return 1;
  shown.reason = to_wire(JS_DupValue(ctx, list[0].reason));
  if (is_exception(shown.reason)) {
    handle_free(q_wire_payload(shown.promise));
    shown.promise = shown.reason;
    return 1;
  }
  drop(list, 0);
  return 1;
}

bool program_listens() {
  return JS_IsFunction(machine.ctx, machine.process.rejected) && !machine.process.has_failed;
}

}  // namespace

bool qc_is_watch(JSCFunctionData* function) { return function == tell_host; }

void watch_rejections() { JS_SetHostPromiseRejectionTracker(machine.rt, on_rejection, nullptr); }

u32 q_promise_state(wire promise) {
  switch (JS_PromiseState(machine.ctx, from_wire(promise))) {
    case JS_PROMISE_PENDING: return Q_PENDING;
    case JS_PROMISE_FULFILLED: return Q_FULFILLED;
    case JS_PROMISE_REJECTED: return Q_REJECTED;
    default: return Q_NOT_A_PROMISE;
  }
}

wire q_promise_result(wire promise) {
  enter();
  return to_wire(JS_PromiseResult(machine.ctx, from_wire(promise)));
}

void q_promise_handled(wire promise) {
  enter();
  JSValueConst value = from_wire(promise);
  if (JS_IsPromise(value)) JS_PromiseMarkAsHandled(machine.ctx, value);
}

bool rejection_is_due() {
  if (!program_listens()) return false;
  if (machine.process.telling > 0) return true;
  return !JS_IsJobPending(machine.rt) && !machine.ticks.first &&
         (machine.rejections.count > 0 || machine.process.handled.count > 0);
}

JSValue tell_rejection(JSContext* ctx) {
  auto& process = machine.process;
  const bool is_handled = process.telling == 0 && process.handled.count > 0;
  auto& list = is_handled ? process.handled : machine.rejections;
  if (!is_handled && process.telling == 0) process.telling = list.count;
  Held promise = Held::copy(list[0].promise);
  Held reason = Held::copy(list[0].reason);
  drop(list, 0);
  if (!is_handled) mark(ctx, promise.get(), machine.told_key);
  Held tell = Held::copy(process.rejected);  // which may stop listening meanwhile
  JSValueConst arguments[] = {reason.get(), promise.get(), JS_NewBool(ctx, is_handled)};
  return JS_Call(ctx, tell.get(), JS_UNDEFINED, 3, arguments);
}

u32 q_job_ready() {
  return JS_IsJobPending(machine.rt) || machine.ticks.first || rejection_is_due();
}

wire q_run_job() {
  enter();
  JSContext* ctx = machine.ctx;
  const InContext outside(JS_UNDEFINED);
  if (rejection_is_due()) {
    Held told(tell_rejection(ctx));
    return outcome(told.failed() ? JS_EXCEPTION : JS_TRUE);
  }
  if (tick_is_due()) return outcome_of_task(run_tick(ctx));
  if (!JS_IsJobPending(machine.rt)) return absent_wire();
  machine.ticks.jobs_first = true;  // before the job, which may be a main module that undoes it
  return outcome_of_task(JS_ExecutePendingJob(machine.rt, &ctx) < 0 ? JS_EXCEPTION : JS_TRUE);
}

u32 q_promise_is_handled(wire promise) { return qi_promise_is_handled(from_wire(promise)); }

wire q_watch(wire promise) {
  enter();
  JSContext* ctx = machine.ctx;
  Held held = Held::copy(from_wire(promise));
  if (!JS_IsPromise(held.get())) return absent_wire();
  JSValueConst number = JS_NewNumber(ctx, (f64)++machine.last_watch);
  Held fulfilled(JS_NewCFunctionData(ctx, tell_host, 1, 0, 1, &number));
  Held rejected(JS_NewCFunctionData(ctx, tell_host, 1, 1, 1, &number));
  if (fulfilled.failed() || rejected.failed() ||
      !qi_promise_react(ctx, held.get(), fulfilled.get(), rejected.get())) {
    return take_exception();
  }
  return number_wire((f64)machine.last_watch);
}

u32 q_take_rejection() { return program_listens() ? 0 : take(machine.rejections); }

void q_remember_rejection(wire promise) {
  enter();
  JSContext* ctx = machine.ctx;
  JSValueConst value = from_wire(promise);
  if (JS_IsPromise(value) && !qi_promise_is_handled(value)) mark(ctx, value, machine.reported_key);
}

u32 q_take_handled() { return take(machine.handled); }
