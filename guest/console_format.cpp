// The format specifiers of console.log.
#include <string.h>

#include "console.hpp"
#include "inspect_internals.h"

namespace quiesce::guest {

namespace {

/// The value of a conversion that runs guest code: it may be an exception.
class Converted {
 public:
  Converted(Memory& memory, JSValue value) : ctx_(memory.ctx()), value_(value) {
    if (JS_IsException(value)) memory.fail();
  }
  Converted(const Converted&) = delete;
  Converted& operator=(const Converted&) = delete;
  ~Converted() { JS_FreeValue(ctx_, value_); }
  JSValueConst get() const { return value_; }

 private:
  JSContext* ctx_;
  JSValue value_;
};

void add_as_string(Text& out, JSValueConst value) {
  Memory& memory = out.memory();
  if (JS_IsNumber(value) || qp_is_big_int(value)) return add_number_text(out, value, false);
  if (JS_IsSymbol(value)) return inspect_to(out, value);
  if (JS_IsObject(value) && !JS_IsFunction(memory.ctx(), value) &&
      has_builtin_to_string(memory, value)) {
    return inspect_to(out, value, {.depth = 0});
  }
  Converted string(memory, JS_ToString(memory.ctx(), value));
  if (!memory.failed()) out.add_string(string.get());
}

void add_as_number(Text& out, JSValueConst value, char specifier) {
  Memory& memory = out.memory();
  JSContext* ctx = memory.ctx();
  if (qp_is_big_int(value) && specifier != 'f') return add_number_text(out, value, false);
  if (JS_IsSymbol(value)) return out.add("NaN");
  Converted number(memory, specifier == 'd'   ? JS_ToNumber(ctx, value)
                           : specifier == 'i' ? qp_parse_int(ctx, value)
                                              : qp_parse_float(ctx, value));
  if (!memory.failed()) add_number_text(out, number.get(), false);
}

bool is_circular_error(JSContext* ctx, JSValueConst error) {
  JSValue message = JS_IsError(error) ? JS_GetPropertyStr(ctx, error, "message") : JS_UNDEFINED;
  const char* text = JS_IsString(message) ? JS_ToCString(ctx, message) : nullptr;
  const bool circular = text != nullptr && strstr(text, "circular reference") != nullptr;
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, message);
  return circular;
}

void add_as_json(Text& out, JSValueConst value) {
  JSContext* ctx = out.memory().ctx();
  JSValue json = JS_JSONStringify(ctx, value, JS_UNDEFINED, JS_UNDEFINED);
  if (!JS_IsException(json)) {
    out.add_string(json);
    return JS_FreeValue(ctx, json);
  }
  JSValue error = JS_GetException(ctx);
  if (!is_circular_error(ctx, error)) {
    JS_Throw(ctx, error);
    return out.memory().fail();
  }
  JS_FreeValue(ctx, error);
  out.add("[Circular]");
}

/// False: `specifier` is none, and the text stands as it is.
bool add_argument(Text& out, char specifier, JSValueConst value) {
  switch (specifier) {
    case 's': add_as_string(out, value); return true;
    case 'd':
    case 'i':
    case 'f': add_as_number(out, value, specifier); return true;
    case 'j': add_as_json(out, value); return true;
    case 'o':
      inspect_to(out, value, {.depth = 4, .show_hidden = true, .show_proxy = true});
      return true;
    case 'O': inspect_to(out, value); return true;
    case 'c': return true;  // styles a browser's console
    default: return false;
  }
}

/// Writes the first argument with the others in it; how many arguments that took.
int add_formatted(Text& out, const Text& format, int count, JSValueConst* values) {
  int used = 0;
  uint32_t copied = 0;
  for (uint32_t i = 0; i + 1 < format.length() && !out.memory().failed(); ++i) {
    if (format[i] != '%') continue;
    const uint16_t specifier = format[++i];
    if (specifier == '%') {
      out.add_slice(format, copied, i);
      copied = i + 1;
    } else if (used + 1 != count && specifier < 0x80) {
      Text text(out.memory());
      if (!add_argument(text, static_cast<char>(specifier), values[used + 1])) continue;
      ++used;
      out.add_slice(format, copied, i - 1);
      out.add(text);
      copied = i + 1;
    }
  }
  if (copied == 0) return 0;
  out.add_slice(format, copied, format.length());
  return used + 1;
}

}  // namespace

void format_log(Text& out, int count, JSValueConst* values) {
  int next = 0;
  if (count > 0 && JS_IsString(values[0])) {
    Text format(out.memory());
    format.add_string(values[0]);
    if (count > 1) next = add_formatted(out, format, count, values);
    if (next == 0) {
      out.clear();
      out.add(format);
      next = 1;
    }
  }
  for (; next < count && !out.memory().failed(); ++next) {
    if (next > 0) out.add(" ");
    if (JS_IsString(values[next])) {
      out.add_string(values[next]);
    } else {
      inspect_to(out, values[next]);
    }
  }
}

}  // namespace quiesce::guest
