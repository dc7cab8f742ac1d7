// internal('process'): what the host says of the program, its end, and its output.
#include "process.hpp"

#include <time.h>
#include <unistd.h>

#include "builtins.hpp"
#include "held.hpp"
#include "texts.hpp"
#include "wires.hpp"

namespace {

// configuration() -> the object that the host's JSON says; undefined: it said nothing
JSValue configuration(JSContext* ctx, JSValueConst, int, JSValueConst*) {
  if (!JS_IsString(machine.process.configuration)) return JS_UNDEFINED;
  size_t bytes;
  const char* text = JS_ToCStringLen(ctx, &bytes, machine.process.configuration);
  if (!text) return JS_EXCEPTION;
  const JSValue value = JS_ParseJSON(ctx, text, bytes, "process");
  JS_FreeCString(ctx, text);
  return value;
}

// exit(status): the program ends here; nothing of it can catch this
JSValue exit_now(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  i32 status = 0;
  if (JS_ToInt32(ctx, &status, arguments[0]) < 0) return JS_EXCEPTION;
  machine.shared.exit_status = status;
  machine.shared.stop = Q_STOP_EXIT;
  return qi_throw_interrupted(ctx);
}

// hrtime() -> nanoseconds of the host's clock
JSValue hrtime(JSContext* ctx, JSValueConst, int, JSValueConst*) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return JS_NewBigInt64(ctx, (i64)now.tv_sec * 1000000000 + now.tv_nsec);
}

JSValue memory(JSContext* ctx, JSValueConst, int, JSValueConst*) {
  return JS_NewFloat64(ctx, (f64)machine.memory.used);
}

// random(view): bytes from the host's entropy
JSValue random(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  constexpr u32 kAtOnceMax = 256;  // getentropy gives no more
  uint8_t* data;
  u32 count;
  if (qi_is_immutable_buffer(arguments[0]) || !qi_bytes_view(arguments[0], &data, &count))
    return JS_ThrowTypeError(ctx, "there is no room for random bytes");
  for (u32 at = 0; at < count; at += kAtOnceMax) {
    const u32 part = count - at < kAtOnceMax ? count - at : kAtOnceMax;
    if (getentropy(data + at, part) != 0) return JS_ThrowTypeError(ctx, "the host has no entropy");
  }
  return JS_UNDEFINED;
}

// log(level, text)
JSValue log(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  i32 level = 0;
  if (JS_ToInt32(ctx, &level, arguments[0]) < 0) return JS_EXCEPTION;
  size_t bytes;
  const char* text = JS_ToCStringLen(ctx, &bytes, arguments[1]);
  if (!text) return JS_EXCEPTION;
  host_log((u32)level, reinterpret_cast<u32>(text), (u32)bytes);
  JS_FreeCString(ctx, text);
  return machine.shared.stop == Q_STOP_NONE ? JS_UNDEFINED : qi_throw_interrupted(ctx);
}

// onEnd(before, after): called when the program ends; both answer with a status
JSValue on_end(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  JSValue* const places[] = {&machine.process.before_exit, &machine.process.exit};
  for (int i = 0; i < 2; ++i) {
    JSValue old = *places[i];
    *places[i] = JS_DupValue(ctx, arguments[i]);
    JS_FreeValue(ctx, old);
  }
  return JS_UNDEFINED;
}

// onUncaught(function): asked with each error that nobody has caught; undefined: nobody wants to
// know
JSValue on_uncaught(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  JSValue old = machine.process.uncaught;
  machine.process.uncaught = JS_DupValue(ctx, arguments[0]);
  JS_FreeValue(ctx, old);
  return JS_UNDEFINED;
}

constexpr JSCFunctionListEntry kFunctions[] = {
    JS_CFUNC_DEF("configuration", 0, configuration),
    JS_CFUNC_DEF("exit", 1, exit_now),
    JS_CFUNC_DEF("hrtime", 0, hrtime),
    JS_CFUNC_DEF("log", 2, log),
    JS_CFUNC_DEF("memory", 0, memory),
    JS_CFUNC_DEF("onEnd", 2, on_end),
    JS_CFUNC_DEF("onUncaught", 1, on_uncaught),
    JS_CFUNC_DEF("random", 1, random),
};

}  // namespace

extern const NativeGroup kProcessNatives;
const NativeGroup kProcessNatives = {"process", kFunctions,
                                     sizeof(kFunctions) / sizeof(kFunctions[0])};

bool handle_uncaught(JSContext* ctx) {
  if (!JS_IsFunction(ctx, machine.process.uncaught) || machine.shared.stop != Q_STOP_NONE)
    return false;
  Held error(JS_GetException(ctx));
  JSValueConst arguments[] = {error.get()};
  Held handled(JS_Call(ctx, machine.process.uncaught, JS_UNDEFINED, 1, arguments));
  if (handled.failed()) return false;  // with the handler's own error
  if (JS_ToBool(ctx, handled.get()) > 0) return true;
  JS_Throw(ctx, error.release());
  return false;
}

wire q_set_process(u32 address, u32 count, u32 encoding) {
  enter();
  Held text(new_text(address, count, encoding));
  if (text.failed()) return take_exception();
  JSValue old = machine.process.configuration;
  machine.process.configuration = text.release();
  JS_FreeValue(machine.ctx, old);
  return undefined_wire();
}

wire q_end_process(u32 is_last) {
  enter();
  JSContext* ctx = machine.ctx;
  Held callback = Held::copy(is_last ? machine.process.exit : machine.process.before_exit);
  if (!JS_IsFunction(ctx, callback.get())) return number_wire(0);
  return outcome(JS_Call(ctx, callback.get(), JS_UNDEFINED, 0, nullptr));
}
