// Asking the host for modules: names, and sources that come at once or later.
#include "module_source.hpp"

#include <stdarg.h>
#include <stdio.h>

#include "commonjs.hpp"
#include "inspect_internals.h"
#include "source.hpp"
#include "wires.hpp"

namespace {

// Takes over what the host answered, as for a host function.
JSValue take_answer(wire answer) {
  JSContext* ctx = machine.ctx;
  JSValue result;
  if (!q_wire_is_number(answer) && q_wire_kind(answer) == Q_EXCEPTION) {
    const u32 handle = q_wire_payload(answer);
    result = handle ? JS_Throw(ctx, handle_take(handle)) : JS_ThrowOutOfMemory(ctx);
  } else {
    result = JS_DupValue(ctx, from_wire(answer));
  }
  if (machine.shared.release_count != 0) drain_releases();
  if (machine.shared.stop != Q_STOP_NONE) {
    JS_FreeValue(ctx, JS_IsException(result) ? JS_GetException(ctx) : result);
    return qi_throw_interrupted(ctx);
  }
  return result;
}

// Hands three values to the host, which gives their handles back. An exception wire if there is no
// room for a handle.
template <class F>
wire ask(JSValue first, JSValue second, JSValueConst third, F&& f) {
  wire wires[] = {to_wire(first), to_wire(second), to_wire(JS_DupValue(machine.ctx, third))};
  for (u32 i = 0; i < 3; ++i) {
    if (!is_exception(wires[i])) continue;
    const wire failed = wires[i];
    for (u32 other = 0; other < 3; ++other) {
      if (other == i || is_exception(wires[other])) continue;
      free_wires(&wires[other], 1);
    }
    return failed;
  }
  return f(wires[0], wires[1], wires[2]);
}

const char* name_of(u32 format) {
  switch (format) {
    case Q_SOURCE_COMMONJS: return "CommonJS";
    case Q_SOURCE_JSON: return "json";
    case Q_SOURCE_TEXT: return "text";
    case Q_SOURCE_BYTES: return "bytes";
    default: return "JavaScript";
  }
}

// Exactly what Unicode calls UTF-8.
bool is_utf8(const char* text, u32 count) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text);
  for (u32 i = 0; i < count;) {
    const uint8_t lead = bytes[i];
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const u32 more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || count - i <= more) return false;
    const uint8_t second = bytes[i + 1];
    const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) return false;
    for (u32 n = 2; n <= more; ++n) {
      if ((bytes[i + n] & 0xC0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

bool format_of(JSValueConst name, u32& format) {
  constexpr struct {
    const char* name;
    u32 format;
  } kFormats[] = {{"module", Q_SOURCE_JAVASCRIPT}, {"javascript", Q_SOURCE_JAVASCRIPT},
                  {"commonjs", Q_SOURCE_COMMONJS}, {"json", Q_SOURCE_JSON},
                  {"text", Q_SOURCE_TEXT},         {"bytes", Q_SOURCE_BYTES}};
  const char* text = JS_ToCString(machine.ctx, name);
  if (!text) return false;
  bool found = false;
  for (const auto& known : kFormats) {
    if (strcmp(known.name, text) != 0) continue;
    format = known.format;
    found = true;
  }
  if (!found) {
    throw_coded(Q_TYPE_ERROR, "ERR_UNKNOWN_MODULE_FORMAT", "Unknown format of a module: '%s'",
                text);
  }
  JS_FreeCString(machine.ctx, text);
  return found;
}

JSValue new_bytes(const ModuleSource& source) {
  JSContext* ctx = machine.ctx;
  Held buffer(
      JS_NewArrayBufferCopy(ctx, reinterpret_cast<const uint8_t*>(source.bytes()), source.count()));
  if (buffer.failed()) return JS_EXCEPTION;
  JS_SetImmutableArrayBuffer(buffer.get(), true);  // all who import it share it
  JSValueConst arguments[] = {buffer.get()};
  return JS_NewTypedArray(ctx, 1, arguments, JS_TYPED_ARRAY_UINT8);
}

// A program can ask for modules without end, and nothing else may be running meanwhile.
bool pay_for(u32 bytes) {
  constexpr u32 kStepsPerModule = 100, kBytesPerStep = 64;
  return qp_spend(machine.ctx, kStepsPerModule + bytes / kBytesPerStep) == 0;
}

}  // namespace

bool throw_coded(u32 error_class, const char* code, const char* format, ...) {
  JSContext* ctx = machine.ctx;
  char message[512];
  va_list rest;
  va_start(rest, format);
  vsnprintf(message, sizeof message, format, rest);
  va_end(rest);
  Held error(qi_new_error(ctx, error_class));
  if (error.failed()) return false;
  constexpr int kHidden = JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE;
  if (!define_value(error.get(), "message", JS_NewString(ctx, message), kHidden) ||
      !define_value(error.get(), "code", JS_NewString(ctx, code))) {
    return false;
  }
  JS_Throw(ctx, error.release());
  return false;
}

JSValue resolve_module(JSAtom referrer, JSAtom specifier, JSValueConst attributes, u32 kind) {
  JSContext* ctx = machine.ctx;
  const wire answer =
      ask(JS_AtomToString(ctx, specifier), JS_AtomToString(ctx, referrer), attributes,
          [&](wire text, wire base, wire rest) { return host_resolve(text, base, rest, kind); });
  if (answer == absent_wire()) {
    if (machine.shared.release_count != 0) drain_releases();
    const ShownName shown(specifier);
    if (shown.failed()) return JS_EXCEPTION;
    return JS_ThrowReferenceError(ctx, "Cannot load module '%s': this VM has no module loader",
                                  shown.text());
  }
  Held name(take_answer(answer));
  if (name.failed() || JS_IsString(name.get())) return name.release();
  return JS_ThrowTypeError(ctx, "a module loader must name modules by strings");
}

ModuleSource::ModuleSource(JSAtom name, JSValueConst attributes, u32 kind)
    : promise_(JS_UNDEFINED) {
  JSContext* ctx = machine.ctx;
  machine.shared.source = {};
  Held answer(
      take_answer(ask(JS_AtomToString(ctx, name), JS_UNDEFINED, attributes,
                      [&](wire text, wire, wire rest) { return host_load(text, rest, kind); })));
  // Its memory is ours, whatever happened.
  bytes_ = reinterpret_cast<char*>(machine.shared.source.address);
  count_ = machine.shared.source.count;
  format_ = machine.shared.source.format;
  machine.shared.source = {};
  failed_ = answer.failed() || !pay_for(count_);
  if (failed_) return;
  if (JS_IsPromise(answer.get())) {
    promise_.reset(answer.release());
  } else if (!bytes_) {
    JS_ThrowOutOfMemory(ctx);
    failed_ = true;
  }
}

ModuleSource::ModuleSource(JSValueConst value, u32 promised_format)
    : promise_(JS_UNDEFINED), format_(promised_format) {
  take_value(value);
  if (!failed_ && !pay_for(count_)) failed_ = true;
}

ModuleSource::~ModuleSource() { js_free_rt(machine.rt, bytes_); }

void ModuleSource::take_value(JSValueConst value) {
  JSContext* ctx = machine.ctx;
  const u32 kind = qi_class_of(ctx, value);
  if (kind == Q_CLASS_OBJECT) {
    Held source(JS_GetPropertyStr(ctx, value, "source"));
    Held format(source.failed() ? JS_EXCEPTION : JS_GetPropertyStr(ctx, value, "format"));
    failed_ =
        format.failed() || (!JS_IsUndefined(format.get()) && !format_of(format.get(), format_));
    if (!failed_) take_bytes(source.get());
  } else {
    take_bytes(value);
  }
}

void ModuleSource::take_text(JSValueConst text) {
  size_t count;
  const char* units = JS_ToCStringLen(machine.ctx, &count, text);
  failed_ = !units;
  if (failed_) return;
  bytes_ = static_cast<char*>(js_malloc(machine.ctx, count + 1));
  failed_ = !bytes_;
  if (bytes_) memcpy(bytes_, units, count + 1);
  count_ = (u32)count;
  JS_FreeCString(machine.ctx, units);
}

void ModuleSource::take_bytes(JSValueConst source) {
  JSContext* ctx = machine.ctx;
  if (JS_IsString(source) && format_ != Q_SOURCE_BYTES) return take_text(source);
  uint8_t* data;
  if (!qi_bytes_view(source, &data, &count_)) {
    count_ = 0;
    failed_ = !throw_coded(Q_TYPE_ERROR, "ERR_INVALID_RETURN_PROPERTY_VALUE",
                           "the promise of a module loader must give %s",
                           format_ == Q_SOURCE_BYTES ? "bytes" : "a string or bytes");
    return;
  }
  if (format_ != Q_SOURCE_BYTES && !is_utf8(reinterpret_cast<const char*>(data), count_)) {
    failed_ = true;
    JS_ThrowTypeError(ctx, "the source of a module is not UTF-8");
    return;
  }
  bytes_ = static_cast<char*>(js_malloc(ctx, (size_t)count_ + 1));
  failed_ = !bytes_;
  if (failed_) return;
  memcpy(bytes_, data, count_);
  bytes_[count_] = '\0';
}

// A program that asks for data must not be given code: the attribute `type` is a promise.
bool is_as_promised(JSAtom name, u32 format, JSValueConst attributes) {
  JSContext* ctx = machine.ctx;
  HeldAtom key(JS_NewAtom(ctx, "type"));
  if (key.failed()) return false;
  Held type(qi_own_data_property(attributes, key.get()));
  if (!JS_IsString(type.get())) return true;
  const char* wanted = JS_ToCString(ctx, type.get());
  if (!wanted) return false;
  bool fits = true;
  constexpr u32 kData[] = {Q_SOURCE_JSON, Q_SOURCE_TEXT, Q_SOURCE_BYTES};
  for (const u32 other : kData) {
    if (strcmp(wanted, name_of(other)) == 0 && format != other) fits = false;
  }
  if (!fits) {
    const ShownName shown(name);
    if (!shown.failed()) {
      JS_ThrowTypeError(ctx, "Module '%s' was imported with type \"%s\" and is %s", shown.text(),
                        wanted, name_of(format));
    }
  }
  JS_FreeCString(ctx, wanted);
  return fits;
}

JSValue value_of_source(JSAtom name, const ModuleSource& source) {
  JSContext* ctx = machine.ctx;
  switch (source.format()) {
    case Q_SOURCE_JSON: {
      const ShownName shown(name);
      if (shown.failed()) return JS_EXCEPTION;
      return JS_ParseJSON(ctx, source.bytes(), source.count(), shown.text());
    }
    case Q_SOURCE_TEXT: return JS_NewStringLen(ctx, source.bytes(), source.count());
    default: return new_bytes(source);
  }
}

JSModuleDef* make_module(JSAtom name, const ModuleSource& source) {
  JSContext* ctx = machine.ctx;
  if (source.format() == Q_SOURCE_COMMONJS) return new_commonjs_module(name, source);
  if (source.format() == Q_SOURCE_JAVASCRIPT) {
    const ShownName shown(name);
    if (shown.failed()) return nullptr;
    const JSValue code =
        qi_compile(ctx, source.bytes(), source.count(), shown.text(), name, JS_EVAL_TYPE_MODULE);
    return JS_IsException(code) ? nullptr : qi_module(code);
  }
  const JSValue value = value_of_source(name, source);
  return JS_IsException(value) ? nullptr : qi_new_value_module(ctx, name, value);
}
