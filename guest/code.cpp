// Running code: scripts, modules, functions of the guest and of the host.
#include "modules.hpp"
#include "source.hpp"
#include "texts.hpp"
#include "wires.hpp"

namespace {

JSValue eval_script(const Source& source, const Source& name, int js_flags) {
  JSContext* ctx = machine.ctx;
  if (!memchr(name.text(), '\0', name.size()))
    return JS_Eval(ctx, source.text(), source.size(), name.text(), js_flags);
  // What imports from here is told the whole name.
  HeldAtom exact(JS_NewAtomLen(ctx, name.text(), name.size()));
  if (exact.failed()) return JS_EXCEPTION;
  const JSValue code =
      qi_compile(ctx, source.text(), source.size(), name.text(), exact.get(), js_flags);
  return JS_IsException(code) ? code : JS_EvalFunction(ctx, code);
}

}  // namespace

int eval_flags_of(u32 flags) {
  int js_flags = 0;
  if (flags & Q_EVAL_STRICT) js_flags |= JS_EVAL_FLAG_STRICT;
  if (flags & Q_EVAL_ASYNC) js_flags |= JS_EVAL_FLAG_ASYNC;
  if (flags & Q_EVAL_BARRIER) js_flags |= JS_EVAL_FLAG_BACKTRACE_BARRIER;
  return js_flags;
}

JSValue compile(u32 source_address, u32 source_bytes, u32 name_address, u32 name_count,
                u32 encoding, int flags) {
  const Source source(source_address, source_bytes);
  if (source.failed()) return JS_EXCEPTION;
  HeldAtom name(new_text_atom(name_address, name_count, encoding));
  if (name.failed()) return JS_EXCEPTION;
  const ShownName shown(name.get());
  if (shown.failed()) return JS_EXCEPTION;
  return qi_compile(machine.ctx, source.text(), source.size(), shown.text(), name.get(), flags);
}

wire q_eval(u32 source_address, u32 source_bytes, u32 name_address, u32 name_bytes, u32 flags) {
  enter();
  const Source source(source_address, source_bytes);
  if (source.failed()) return take_exception();
  const Source name(name_address, name_bytes);
  if (name.failed()) return take_exception();
  const JSValue result = eval_script(source, name, eval_flags_of(flags));
  return outcome(flags & Q_EVAL_ASYNC ? unwrap_async(result) : result);
}

wire q_eval_module(u32 source_address, u32 source_bytes, u32 name_address, u32 name_count,
                   u32 encoding, u32 flags) {
  enter();
  const JSValue code = compile(source_address, source_bytes, name_address, name_count, encoding,
                               eval_flags_of(flags & Q_EVAL_BARRIER) | JS_EVAL_TYPE_MODULE);
  return outcome(JS_IsException(code) ? code : run_main_module(qi_module(code)));
}

u32 q_is_module(u32 source_address, u32 source_bytes) {
  enter();
  JSContext* ctx = machine.ctx;
  const Source source(source_address, source_bytes);
  size_t script_reached = 0, module_reached = 0;  // offset of what does not parse
  const auto parses = [&](bool as_module, size_t* reached) {
    if (!source.failed() &&
        !JS_IsException(qi_parse(ctx, source.text(), source.size(), as_module, reached))) {
      return true;
    }
    JS_FreeValue(ctx, JS_GetException(ctx));
    return false;
  };
  if (parses(false, &script_reached)) return 0;
  return parses(true, &module_reached) || module_reached > script_reached;
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

wire q_construct_as(wire constructor, wire target, u32 count, u32 address) {
  enter();
  Held callee = Held::copy(from_wire(constructor));
  Held new_target = Held::copy(from_wire(target));
  if (!JS_IsConstructor(machine.ctx, new_target.get()))
    return to_wire(JS_ThrowTypeError(machine.ctx, "new.target must be a constructor"));
  const Arguments arguments(count, address);
  if (arguments.failed()) return take_exception();
  return outcome(JS_CallConstructor2(machine.ctx, callee.get(), new_target.get(), arguments.count(),
                                     arguments.values()));
}

wire q_construct(wire constructor, u32 count, u32 address) {
  enter();
  Held callee = Held::copy(from_wire(constructor));
  const Arguments arguments(count, address);
  if (arguments.failed()) return take_exception();
  return outcome(
      JS_CallConstructor(machine.ctx, callee.get(), arguments.count(), arguments.values()));
}
