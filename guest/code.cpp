// Running code: scripts, modules, functions of the guest and of the host.
#include "texts.hpp"
#include "wires.hpp"

namespace {

// QuickJS and its C strings want a NUL behind the text.
class Source {
 public:
  Source(u32 address, u32 bytes) : bytes_((size_t)bytes + 1), size_(bytes) {
    if (bytes_.failed()) return;
    memcpy(bytes_.get(), reinterpret_cast<const char*>(address), bytes);
    bytes_.get()[bytes] = '\0';
  }
  bool failed() const { return bytes_.failed(); }
  const char* text() const { return bytes_.get(); }
  size_t size() const { return size_; }

 private:
  HeldBytes bytes_;
  size_t size_;
};

JSValue completion_of(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  // QuickJS resolves an async script with {value, done}, as an iterator would.
  return JS_GetPropertyStr(ctx, arguments[0], "value");
}

JSValue same_value(JSContext* ctx, JSValueConst, int, JSValueConst*, int, JSValueConst* data) {
  return JS_DupValue(ctx, data[0]);
}

JSValue eval_async(const Source& source, const Source& name, int flags) {
  JSContext* ctx = machine.ctx;
  Held promise(JS_Eval(ctx, source.text(), source.size(), name.text(), flags | JS_EVAL_FLAG_ASYNC));
  if (promise.failed()) return JS_EXCEPTION;
  Held unwrap(JS_NewCFunction(ctx, completion_of, "", 1));
  if (unwrap.failed()) return JS_EXCEPTION;
  return JS_PromiseThen(ctx, promise.get(), unwrap.get(), JS_UNDEFINED);
}

JSValue eval_module(const Source& source, const Source& name, int flags) {
  JSContext* ctx = machine.ctx;
  JSValue module = JS_Eval(ctx, source.text(), source.size(), name.text(),
                           flags | JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(module)) return module;
  JSModuleDef* definition = qi_module(module);
  Held promise(JS_EvalFunction(ctx, module));
  if (promise.failed()) return JS_EXCEPTION;
  Held exports(JS_GetModuleNamespace(ctx, definition));
  if (exports.failed()) return JS_EXCEPTION;
  JSValueConst data[] = {exports.get()};
  Held answer(JS_NewCFunctionData(ctx, same_value, 0, 0, 1, data));
  if (answer.failed()) return JS_EXCEPTION;
  return JS_PromiseThen(ctx, promise.get(), answer.get(), JS_UNDEFINED);
}

}  // namespace

wire q_eval(u32 source_address, u32 source_bytes, u32 name_address, u32 name_bytes, u32 flags) {
  enter();
  const Source source(source_address, source_bytes);
  if (source.failed()) return take_exception();
  const Source name(name_address, name_bytes);
  if (name.failed()) return take_exception();
  const int js_flags = flags & Q_EVAL_STRICT ? JS_EVAL_FLAG_STRICT : 0;
  if (flags & Q_EVAL_MODULE) return outcome(eval_module(source, name, js_flags));
  if (flags & Q_EVAL_ASYNC) return outcome(eval_async(source, name, js_flags));
  return outcome(JS_Eval(machine.ctx, source.text(), source.size(), name.text(), js_flags));
}

u32 q_is_module(u32 source_address, u32 source_bytes) {
  enter();
  JSContext* ctx = machine.ctx;
  const Source source(source_address, source_bytes);
  const auto parses = [&](bool as_module) {
    if (!source.failed() &&
        !JS_IsException(qi_parse(ctx, source.text(), source.size(), as_module))) {
      return true;
    }
    JS_FreeValue(ctx, JS_GetException(ctx));
    return false;
  };
  return !parses(false) && parses(true);
}

wire q_call(wire function, wire self, u32 count, u32 address) {
  enter();
  Held callee = Held::copy(from_wire(function));
  Held held_self = Held::copy(from_wire(self));
  const Arguments arguments(count, address);
  if (arguments.failed()) return take_exception();
  return outcome(
      JS_Call(machine.ctx, callee.get(), held_self.get(), arguments.count(), arguments.values()));
}

wire q_construct(wire constructor, u32 count, u32 address) {
  enter();
  Held callee = Held::copy(from_wire(constructor));
  const Arguments arguments(count, address);
  if (arguments.failed()) return take_exception();
  return outcome(
      JS_CallConstructor(machine.ctx, callee.get(), arguments.count(), arguments.values()));
}
