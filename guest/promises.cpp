// Promises as the host sees them, jobs, and rejections that nobody handles.
#include "wires.hpp"

namespace {

void on_rejection(JSContext* ctx, JSValueConst promise, JSValueConst reason, bool is_handled,
                  void*) {
  auto& rejections = machine.rejections;
  if (!is_handled) {
    // QuickJS is in the middle of rejecting and cannot take an error now: a report may get lost
    // when there is no memory for it, the rejection itself does not.
    if (!rejections.reserve(ctx, rejections.count + 1)) {
      JS_FreeValue(ctx, JS_GetException(ctx));
      return;
    }
    rejections.push(ctx, {JS_DupValue(ctx, promise), JS_DupValue(ctx, reason)});
    return;
  }
  for (u32 i = 0; i < rejections.count; ++i) {
    if (JS_VALUE_GET_PTR(rejections[i].promise) != JS_VALUE_GET_PTR(promise)) continue;
    const Rejection gone = rejections[i];
    rejections.remove(i);
    JS_FreeValue(ctx, gone.promise);
    JS_FreeValue(ctx, gone.reason);
    return;
  }
}

}  // namespace

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

u32 q_job_ready() { return JS_IsJobPending(machine.rt); }

wire q_run_job() {
  enter();
  JSContext* ctx;
  const int ran = JS_ExecutePendingJob(machine.rt, &ctx);
  if (ran == 0) return absent_wire();
  return outcome(ran < 0 ? JS_EXCEPTION : JS_TRUE);
}

u32 q_take_rejection() {
  enter();
  auto& rejections = machine.rejections;
  if (rejections.count == 0) return 0;
  const Rejection oldest = rejections[0];
  rejections.remove(0);
  machine.shared.rejection = {to_wire(oldest.promise), to_wire(oldest.reason)};
  return 1;
}
