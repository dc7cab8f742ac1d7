// Compiled programs: as bytes that another VM of this engine can run. Reading them is not checked
// by QuickJS; what forged bytes break is inside the wall.
#include "memory.hpp"
#include "modules.hpp"
#include "source.hpp"
#include "texts.hpp"
#include "wires.hpp"

namespace {

// What each import of a module is asked with: QuickJS does not write it.
JSValue attributes_of(JSModuleDef* module) {
  JSContext* ctx = machine.ctx;
  Held list(JS_NewArray(ctx));
  if (list.failed()) return JS_EXCEPTION;
  const u32 count = qi_request_count(module);
  for (u32 i = 0; i < count; ++i) {
    JSValue attributes = JS_DupValue(ctx, qi_request_at(module, i).attributes);
    if (JS_DefinePropertyValueUint32(ctx, list.get(), i, attributes, JS_PROP_C_W_E) < 0)
      return JS_EXCEPTION;
  }
  return list.release();
}

JSValue written(JSValueConst code, u32 flags) {
  JSContext* ctx = machine.ctx;
  size_t bytes;
  const Shortage shortage;
  uint8_t* data = qi_write_bytecode(ctx, code, &bytes, (flags & Q_COMPILE_STRIP_SOURCE) != 0,
                                    (flags & Q_COMPILE_STRIP_DEBUG) != 0);
  if (data && shortage.happened()) {
    js_free(ctx, data);
    return JS_ThrowOutOfMemory(ctx);
  }
  if (!data) return JS_EXCEPTION;
  const JSValue buffer = JS_NewArrayBufferCopy(ctx, data, bytes);
  js_free(ctx, data);
  return buffer;
}

JSValue read(u32 address, u32 bytes) {
  JSContext* ctx = machine.ctx;
  const Shortage shortage;
  const JSValue code =
      JS_ReadObject(ctx, reinterpret_cast<const uint8_t*>(address), bytes, JS_READ_OBJ_BYTECODE);
  if (!JS_IsException(code) || !shortage.happened()) return code;
  JS_FreeValue(ctx, JS_GetException(ctx));  // which may say that the bytes are wrong
  return JS_ThrowOutOfMemory(ctx);
}

JSValue parts_of(JSValueConst code, u32 flags) {
  JSContext* ctx = machine.ctx;
  Held bytes(written(code, flags));
  if (bytes.failed()) return JS_EXCEPTION;
  Held attributes(qi_is_module(code) ? attributes_of(qi_module(code)) : JS_NewArray(ctx));
  if (attributes.failed()) return JS_EXCEPTION;
  Held parts(JS_NewArray(ctx));
  if (parts.failed() ||
      JS_DefinePropertyValueUint32(ctx, parts.get(), 0, bytes.release(), JS_PROP_C_W_E) < 0 ||
      JS_DefinePropertyValueUint32(ctx, parts.get(), 1, attributes.release(), JS_PROP_C_W_E) < 0) {
    return JS_EXCEPTION;
  }
  return parts.release();
}

bool restore_attributes(JSModuleDef* module, JSValueConst list) {
  JSContext* ctx = machine.ctx;
  const u32 count = qi_request_count(module);
  for (u32 i = 0; i < count; ++i) {
    Held attributes(JS_GetPropertyUint32(ctx, list, i));
    if (attributes.failed()) return false;
    qi_set_request_attributes(ctx, module, i, attributes.get());
  }
  return true;
}

JSValue run_module(JSValue code, JSAtom name, JSValueConst attributes) {
  JSModuleDef* module = qi_module(code);
  if (!qi_rename_code(machine.ctx, code, name) || !restore_attributes(module, attributes)) {
    qi_free_module(machine.ctx, module);
    return JS_EXCEPTION;
  }
  return run_main_module(module);
}

JSValue run_code(JSValue code, JSAtom name, u32 flags) {
  JSContext* ctx = machine.ctx;
  if (!qi_rename_code(ctx, code, name)) {
    JS_FreeValue(ctx, code);
    return JS_EXCEPTION;
  }
  const JSValue result = JS_EvalFunction(ctx, code);  // a TypeError for what is no code
  return flags & Q_EVAL_ASYNC ? unwrap_async(result) : result;
}

}  // namespace

wire q_compile(u32 source_address, u32 source_bytes, u32 name_address, u32 name_count, u32 encoding,
               u32 flags) {
  enter();
  const int type = flags & Q_EVAL_MODULE ? JS_EVAL_TYPE_MODULE : JS_EVAL_TYPE_GLOBAL;
  const JSValue code = compile(source_address, source_bytes, name_address, name_count, encoding,
                               eval_flags_of(flags) | type);
  if (JS_IsException(code)) return take_exception();
  Held parts(parts_of(code, flags));
  if (qi_is_module(code)) {
    qi_free_module(machine.ctx, qi_module(code));
  } else {
    JS_FreeValue(machine.ctx, code);
  }
  return to_wire(parts);
}

wire q_run_bytecode(u32 address, u32 bytes, u32 name_address, u32 name_count, u32 encoding,
                    wire attributes, u32 flags) {
  enter();
  Held list = Held::copy(from_wire(attributes));
  HeldAtom name(new_text_atom(name_address, name_count, encoding));
  if (name.failed()) return take_exception();
  const JSValue code = read(address, bytes);
  if (JS_IsException(code)) return take_exception();
  return outcome(qi_is_module(code) ? run_module(code, name.get(), list.get())
                                    : run_code(code, name.get(), flags));
}
