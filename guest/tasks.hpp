// What runs later, and in which asynchronous context.
//
// The context is one value, what AsyncLocalStorage has made of its stores (guest/builtins/
// async_hooks.js); undefined until a program uses it. It is taken when something is put off: a
// reaction of a promise, the rest of an async function, a timer, a tick, a microtask. It is set
// again while that runs. It is in the heap like all else, so it sleeps with what waits.
//
// Ticks are what process.nextTick was given. They run before the jobs of promises: all ticks, then
// all jobs, in turn, as in Node.
#pragma once

#include "held.hpp"

/// Sets the context while it lives.
class InContext {
 public:
  explicit InContext(JSValueConst context) : outer_(qi_async_context) {
    qi_async_context = JS_DupValue(machine.ctx, context);
  }
  InContext(const InContext&) = delete;
  InContext& operator=(const InContext&) = delete;
  ~InContext() {
    JS_FreeValue(machine.ctx, qi_async_context);
    qi_async_context = outer_;
  }

 private:
  JSValue outer_;
};

/// A tick that is due: none while the jobs that were begun are not through.
bool tick_is_due();
/// Runs it.
JSValue run_tick(JSContext* ctx);
