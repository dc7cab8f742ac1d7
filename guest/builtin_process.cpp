// internal('process'): what the host says of the program, its end, and its output.
#include "process.hpp"

#include <time.h>
#include <unistd.h>

#include "builtins.hpp"
#include "held.hpp"
#include "texts.hpp"
#include "wires.hpp"

namespace {

JSValue parse(JSContext* ctx, JSValueConst json) {
  size_t bytes;
  const char* text = JS_ToCStringLen(ctx, &bytes, json);
  if (!text) return JS_EXCEPTION;
  const JSValue value = JS_ParseJSON(ctx, text, bytes, "process");
  JS_FreeCString(ctx, text);
  return value;
}

// configurations() -> the objects that the JSON of the host says, and of those before it if the VM
// began from an image: the latest last
JSValue configurations(JSContext* ctx, JSValueConst, int, JSValueConst*) {
  Held objects(JS_NewArray(ctx));
  if (objects.failed()) return JS_EXCEPTION;
  for (u32 i = 0; i < machine.process.configurations.count; ++i) {
    Held object(parse(ctx, machine.process.configurations[i]));
    if (object.failed() ||
        JS_DefinePropertyValueUint32(ctx, objects.get(), i, object.release(), JS_PROP_C_W_E) < 0)
      return JS_EXCEPTION;
  }
  return objects.release();
}

void forget_configurations(JSContext* ctx) {
  auto& texts = machine.process.configurations;
  while (texts.count > 0) {
    JSValue text = texts[texts.count - 1];
    texts.remove(texts.count - 1);
    JS_FreeValue(ctx, text);
  }
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
  qi_note_draw(Q_DRAW_CLOCK);
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
  qi_note_draw(Q_DRAW_ENTROPY);
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

void put(JSContext* ctx, JSValue& place, JSValueConst value) {
  JSValue old = place;
  place = JS_DupValue(ctx, value);
  JS_FreeValue(ctx, old);
}

// onEnd(idle, last, failed): called when the program ends, see q_end; each answers with a status
JSValue on_end(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  for (JSValue& end : machine.process.ends) put(ctx, end, *arguments++);
  return JS_UNDEFINED;
}

// onErrors(uncaught, rejected): undefined for what the program does not want to know
//   uncaught(error, is a rejection): whether the program took an error that nobody has caught
//   rejected(reason, promise, is handled): told of a promise that was rejected and that nobody
//     handled, and if somebody handles it later, told of it again
JSValue on_errors(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  put(ctx, machine.process.uncaught, arguments[0]);
  put(ctx, machine.process.rejected, arguments[1]);
  return JS_UNDEFINED;
}

// onBeginning(again): called when the VM begins once more, from an image, with a new configuration
JSValue on_beginning(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  put(ctx, machine.process.begins_again, arguments[0]);
  return JS_UNDEFINED;
}

constexpr JSCFunctionListEntry kFunctions[] = {
    JS_CFUNC_DEF("configurations", 0, configurations),
    JS_CFUNC_DEF("exit", 1, exit_now),
    JS_CFUNC_DEF("hrtime", 0, hrtime),
    JS_CFUNC_DEF("log", 2, log),
    JS_CFUNC_DEF("memory", 0, memory),
    JS_CFUNC_DEF("onBeginning", 1, on_beginning),
    JS_CFUNC_DEF("onEnd", 3, on_end),
    JS_CFUNC_DEF("onErrors", 2, on_errors),
    JS_CFUNC_DEF("random", 1, random),
};

}  // namespace

const NativeGroup kProcessNatives("process", kFunctions);

bool handle_uncaught(JSContext* ctx, Uncaught origin) {
  if (!JS_IsFunction(ctx, machine.process.uncaught) || machine.shared.stop != Q_STOP_NONE)
    return false;
  Held error(JS_GetException(ctx));
  Held ask = Held::copy(machine.process.uncaught);  // which may stop listening meanwhile
  JSValueConst arguments[] = {error.get(), JS_NewBool(ctx, origin == Uncaught::rejection)};
  Held handled(JS_Call(ctx, ask.get(), JS_UNDEFINED, 2, arguments));
  if (handled.failed()) return false;  // with the handler's own error
  if (JS_ToBool(ctx, handled.get()) > 0) return true;
  JS_Throw(ctx, error.release());
  return false;
}

wire outcome_of_task(JSValue owned_result) {
  Held result(owned_result);
  const bool is_ours = result.failed() && !handle_uncaught(machine.ctx, Uncaught::exception);
  return outcome(is_ours ? JS_EXCEPTION : JS_TRUE);
}

wire q_set_process(u32 address, u32 count, u32 encoding) {
  enter();
  JSContext* ctx = machine.ctx;
  Held text(new_text(address, count, encoding));
  if (text.failed()) return take_exception();
  auto& texts = machine.process.configurations;
  Held again = Held::copy(machine.process.begins_again);
  const bool is_read = JS_IsFunction(ctx, again.get());
  if (is_read) forget_configurations(ctx);  // it has taken over what they say
  if (!texts.reserve(ctx, texts.count + 1)) return take_exception();
  texts.push(ctx, text.release());
  return is_read ? outcome(JS_Call(ctx, again.get(), JS_UNDEFINED, 0, nullptr)) : undefined_wire();
}

wire q_end_process(u32 end) {
  enter();
  JSContext* ctx = machine.ctx;
  if (end > Q_END_FAILED) end = Q_END_FAILED;
  // Once is enough: an async function that listens for `beforeExit` has jobs left each time.
  if (end == Q_END_IDLE && machine.process.is_idle) return number_wire(0);
  machine.process.is_idle = end == Q_END_IDLE;
  Held callback = Held::copy(machine.process.ends[end]);
  if (!JS_IsFunction(ctx, callback.get())) return number_wire(end == Q_END_FAILED ? 1 : 0);
  return outcome(JS_Call(ctx, callback.get(), JS_UNDEFINED, 0, nullptr));
}
