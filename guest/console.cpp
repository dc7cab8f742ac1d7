#include "console.hpp"

#include <stdio.h>
#include <string.h>

#include "abi.h"
#include "inspect_internals.h"

namespace quiesce::guest {

namespace {

enum Method {
  kLog,
  kWarn,
  kDir,
  kTime,
  kTimeEnd,
  kTimeLog,
  kTrace,
  kAssert,
  kClear,
  kCount,
  kCountReset,
  kGroup,
  kGroupEnd,
  kTable,
  kDebug,
  kInfo,
  kDirxml,
  kError,
  kGroupCollapsed,
};

constexpr struct {
  const char* name;
  Method method;
} kMethods[] = {
    // in the order of Node
    {"log", kLog},
    {"warn", kWarn},
    {"dir", kDir},
    {"time", kTime},
    {"timeEnd", kTimeEnd},
    {"timeLog", kTimeLog},
    {"trace", kTrace},
    {"assert", kAssert},
    {"clear", kClear},
    {"count", kCount},
    {"countReset", kCountReset},
    {"group", kGroup},
    {"groupEnd", kGroupEnd},
    {"table", kTable},
    {"debug", kDebug},
    {"info", kInfo},
    {"dirxml", kDirxml},
    {"error", kError},
    {"groupCollapsed", kGroupCollapsed},
};

/// What the console remembers between calls. One VM has one console.
struct {
  JSValue counts, timers;  // objects without prototype: numbers by label
  uint32_t indentation;
} console;

constexpr uint32_t kGroupIndentation = 2;
constexpr uint32_t kIndentationMax = 1000;  // of groups; deeper ones are counted but not shown

// ---- output -------------------------------------------------------------------------------------

/// Sends `text`, indented by the open groups. False: an exception is pending.
bool write(uint32_t level, const Text& text) {
  Memory& memory = text.memory();
  if (memory.failed()) return false;
  const uint32_t indentation =
      console.indentation < kIndentationMax ? console.indentation : kIndentationMax;
  Text indented(memory);
  const Text* whole = &text;
  if (indentation > 0) {
    indented.add_spaces(indentation);
    for (uint32_t begin = 0; begin < text.length();) {
      uint32_t end = text.find('\n', begin);
      end = end == Text::kNotFound ? text.length() : end + 1;
      indented.add_slice(text, begin, end);
      if (text[end - 1] == '\n') indented.add_spaces(indentation);
      begin = end;
    }
    whole = &indented;
  }
  List<char> utf8(memory);
  whole->to_utf8(utf8);
  if (memory.failed()) return false;
  write_log(level, utf8.begin(), utf8.size());
  return true;
}

JSValue done(bool ok) { return ok ? JS_UNDEFINED : JS_EXCEPTION; }

/// What a program that has loaded node:util or the like prints by: objects may print themselves.
void format_with_builtin(Text& out, int count, JSValueConst* values) {
  JSContext* ctx = out.memory().ctx();
  JSValue text = JS_Call(ctx, builtin_format(), JS_UNDEFINED, count, values);
  if (JS_IsException(text)) return out.memory().fail();
  out.add_string(text);
  JS_FreeValue(ctx, text);
}

JSValue log(JSContext* ctx, uint32_t level, int count, JSValueConst* values) {
  Memory memory(ctx);
  Text text(memory);
  if (JS_IsFunction(ctx, builtin_format())) {
    format_with_builtin(text, count, values);
  } else {
    format_log(text, count, values);
  }
  return done(write(level, text));
}

/// A complaint about a label, where Node emits a warning of the process.
bool complain(Memory& memory, const char* before, const Text& label, const char* after) {
  Text text(memory);
  text.add(before);
  text.add(label);
  text.add(after);
  return write(Q_LOG_WARN, text);
}

// ---- labels -------------------------------------------------------------------------------------

/// The first argument as a label; runs its conversion to string.
class Label {
 public:
  Label(Memory& memory, int count, JSValueConst* values) : text(memory), memory_(memory) {
    JSContext* ctx = memory.ctx();
    if (count == 0 || JS_IsUndefined(values[0])) {
      text.add("default");
    } else {
      JSValue string = JS_ToString(ctx, values[0]);
      if (JS_IsException(string)) {
        memory.fail();
        return;
      }
      text.add_string(string);
      JS_FreeValue(ctx, string);
    }
    JSValue flat = text.to_string();
    key_ = JS_IsException(flat) ? JS_ATOM_NULL : JS_ValueToAtom(ctx, flat);
    JS_FreeValue(ctx, flat);
    if (key_ == JS_ATOM_NULL) memory.fail();
  }
  Label(const Label&) = delete;
  Label& operator=(const Label&) = delete;
  ~Label() { JS_FreeAtom(memory_.ctx(), key_); }

  /// The number stored under this label; NaN if there is none.
  double find(JSValueConst numbers) const {
    double number = __builtin_nan("");
    if (memory_.failed()) return number;
    JSValue stored = JS_GetProperty(memory_.ctx(), numbers, key_);
    if (JS_IsNumber(stored)) JS_ToFloat64(memory_.ctx(), &number, stored);
    JS_FreeValue(memory_.ctx(), stored);
    return number;
  }
  void store(JSValueConst numbers, double number) {
    if (memory_.failed()) return;
    const int flags = JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE | JS_PROP_ENUMERABLE;
    if (JS_DefinePropertyValue(memory_.ctx(), numbers, key_, JS_NewFloat64(memory_.ctx(), number),
                               flags) < 0)
      memory_.fail();
  }
  void drop(JSValueConst numbers) {
    if (!memory_.failed() && JS_DeleteProperty(memory_.ctx(), numbers, key_, 0) < 0) memory_.fail();
  }

  Text text;

 private:
  Memory& memory_;
  JSAtom key_ = JS_ATOM_NULL;
};

JSValue count(JSContext* ctx, int argc, JSValueConst* argv) {
  Memory memory(ctx);
  Label label(memory, argc, argv);
  const double before = label.find(console.counts);
  const double now = before != before ? 1 : before + 1;
  label.store(console.counts, now);
  label.text.add(": ");
  label.text.add_number(now);
  return done(write(Q_LOG_INFO, label.text));
}

JSValue count_reset(JSContext* ctx, int argc, JSValueConst* argv) {
  Memory memory(ctx);
  Label label(memory, argc, argv);
  const double before = label.find(console.counts);
  if (memory.failed()) return JS_EXCEPTION;
  if (before != before)
    return done(complain(memory, "Count for '", label.text, "' does not exist"));
  label.drop(console.counts);
  return done(!memory.failed());
}

// ---- time ---------------------------------------------------------------------------------------

/// 12ms, 1.500s, 2:03.250 (m:ss.mmm), 1:02:03.250 (h:mm:ss.mmm)
void add_duration(Text& out, double ms) {
  char text[80];
  const auto total = static_cast<long long>(ms);
  const long long hours = total / 3600000, minutes = total / 60000 % 60,
                  seconds = total / 1000 % 60, rest = total % 1000;
  if (hours != 0) {
    snprintf(text, sizeof(text), "%lld:%02lld:%02lld.%03lld (h:mm:ss.mmm)", hours, minutes, seconds,
             rest);
  } else if (minutes != 0) {
    snprintf(text, sizeof(text), "%lld:%02lld.%03lld (m:ss.mmm)", minutes, seconds, rest);
  } else if (total >= 1000) {
    snprintf(text, sizeof(text), "%lld.%03llds", seconds, rest);
  } else {
    snprintf(text, sizeof(text), "%lldms", total);
  }
  out.add(text);
}

JSValue time(JSContext* ctx, int argc, JSValueConst* argv) {
  Memory memory(ctx);
  Label label(memory, argc, argv);
  const double started = label.find(console.timers);
  if (memory.failed()) return JS_EXCEPTION;
  if (started == started)
    return done(complain(memory, "Label '", label.text, "' already exists for console.time()"));
  label.store(console.timers, qp_now_ms());
  return done(!memory.failed());
}

JSValue time_log(JSContext* ctx, int argc, JSValueConst* argv, bool end) {
  Memory memory(ctx);
  Label label(memory, argc, argv);
  const double started = label.find(console.timers);
  if (memory.failed()) return JS_EXCEPTION;
  if (started != started) {
    return done(complain(memory, "No such label '", label.text,
                         end ? "' for console.timeEnd()" : "' for console.timeLog()"));
  }
  const double elapsed = qp_now_ms() - started;
  if (end) label.drop(console.timers);
  label.text.add(": ");
  add_duration(label.text, elapsed > 0 ? elapsed : 0);
  for (int i = 1; i < argc && !end; ++i) {
    label.text.add(" ");
    if (JS_IsString(argv[i])) {
      label.text.add_string(argv[i]);
    } else {
      inspect_to(label.text, argv[i]);
    }
  }
  return done(write(Q_LOG_INFO, label.text));
}

// ---- the others ---------------------------------------------------------------------------------

JSValue assert_true(JSContext* ctx, int argc, JSValueConst* argv) {
  if (argc > 0 && JS_ToBool(ctx, argv[0])) return JS_UNDEFINED;
  Memory memory(ctx);
  Text text(memory);
  text.add("Assertion failed");
  // A message takes the place of the format string; anything else is converted and put behind the
  // colon.
  if (argc > 1) {
    Text format(memory);
    format.add("Assertion failed: ");
    JSValue first = JS_ToString(ctx, argv[1]);
    if (JS_IsException(first)) return JS_EXCEPTION;
    format.add_string(first);
    JS_FreeValue(ctx, first);
    JSValue string = format.to_string();
    if (JS_IsException(string)) return JS_EXCEPTION;
    List<JSValueConst> values(memory);
    values.push(string);
    for (int i = 2; i < argc; ++i) values.push(argv[i]);
    text.clear();
    if (!memory.failed()) format_log(text, static_cast<int>(values.size()), values.begin());
    JS_FreeValue(ctx, string);
  }
  return done(write(Q_LOG_ERROR, text));
}

JSValue trace(JSContext* ctx, int argc, JSValueConst* argv) {
  Memory memory(ctx);
  Text message(memory), text(memory), frames(memory);
  format_log(message, argc, argv);
  if (memory.failed()) return JS_EXCEPTION;
  text.add("Trace");
  if (!message.empty()) {
    text.add(": ");
    text.add(message);
  }
  JSValue error = JS_NewError(ctx);
  if (JS_IsException(error)) return JS_EXCEPTION;
  JSValueConst stack = qp_object_data(error);
  if (JS_IsString(stack)) frames.add_string(stack);
  JS_FreeValue(ctx, error);
  // The first frame is console.trace itself; the last line is empty.
  const uint32_t own = frames.find('\n', 0);
  if (own != Text::kNotFound && frames.length() > own + 1) {
    text.add("\n");
    text.add_slice(frames, own + 1, frames.length() - (frames.ends_with("\n") ? 1 : 0));
  }
  return done(write(Q_LOG_ERROR, text));
}

/// Reads options of console.dir; getters of the options object run, as in Node.
bool read_options(JSContext* ctx, JSValueConst object, InspectOptions& options) {
  const auto read = [&](const char* name) { return JS_GetPropertyStr(ctx, object, name); };
  const auto number = [&](const char* name, double& into, bool null_lifts) {
    JSValue value = read(name);
    if (JS_IsException(value)) return false;
    if (JS_IsNull(value) && null_lifts) into = __builtin_inf();
    if (JS_IsNumber(value)) JS_ToFloat64(ctx, &into, value);
    if (into != into) into = 0;
    JS_FreeValue(ctx, value);
    return true;
  };
  const auto boolean = [&](const char* name, bool& into) {
    JSValue value = read(name);
    if (JS_IsException(value)) return false;
    if (JS_IsBool(value)) into = JS_ToBool(ctx, value) != 0;
    JS_FreeValue(ctx, value);
    return true;
  };
  if (!JS_IsObject(object)) return true;
  bool compact = true;
  JSValue value = read("compact");
  if (JS_IsException(value)) return false;
  if (JS_IsBool(value)) {
    compact = JS_ToBool(ctx, value) != 0;
    options.compact_all = compact;
    if (!compact) options.compact = 0;
  }
  JS_FreeValue(ctx, value);
  if (!number("compact", options.compact, false) || !number("depth", options.depth, true) ||
      !number("breakLength", options.break_length, false) ||
      !number("maxArrayLength", options.array_length_max, true) ||
      !number("maxStringLength", options.string_length_max, true) ||
      !boolean("showHidden", options.show_hidden) || !boolean("showProxy", options.show_proxy) ||
      !boolean("sorted", options.sorted) ||
      !boolean("numericSeparator", options.numeric_separator)) {
    return false;
  }
  if (options.array_length_max < 0) options.array_length_max = 0;
  if (options.string_length_max < 0) options.string_length_max = 0;
  return true;
}

JSValue dir(JSContext* ctx, int argc, JSValueConst* argv) {
  Memory memory(ctx);
  Text text(memory);
  InspectOptions options;
  if (argc > 1 && !read_options(ctx, argv[1], options)) return JS_EXCEPTION;
  inspect_to(text, argc > 0 ? argv[0] : JS_UNDEFINED, options);
  return done(write(Q_LOG_INFO, text));
}

JSValue table(JSContext* ctx, int argc, JSValueConst* argv) {
  Memory memory(ctx);
  Text text(memory);
  JSValueConst data = argc > 0 ? argv[0] : JS_UNDEFINED,
               columns = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (!JS_IsUndefined(columns) && !JS_IsArray(columns)) {
    return JS_ThrowTypeError(ctx, "The \"properties\" argument must be an instance of Array");
  }
  if (format_table(text, data, columns)) return done(write(Q_LOG_INFO, text));
  return memory.failed() ? JS_EXCEPTION : log(ctx, Q_LOG_INFO, 1, &data);
}

JSValue group(JSContext* ctx, int argc, JSValueConst* argv) {
  if (argc > 0 && JS_IsException(log(ctx, Q_LOG_INFO, argc, argv))) return JS_EXCEPTION;
  console.indentation += kGroupIndentation;
  return JS_UNDEFINED;
}

JSValue group_end() {
  if (console.indentation > 0) console.indentation -= kGroupIndentation;
  return JS_UNDEFINED;
}

JSValue call(JSContext* ctx, JSValueConst, int argc, JSValueConst* argv, int method) {
  switch (method) {
    case kWarn: return log(ctx, Q_LOG_WARN, argc, argv);
    case kError: return log(ctx, Q_LOG_ERROR, argc, argv);
    case kDebug: return log(ctx, Q_LOG_DEBUG, argc, argv);
    case kDir: return dir(ctx, argc, argv);
    case kTime: return time(ctx, argc, argv);
    case kTimeEnd: return time_log(ctx, argc, argv, true);
    case kTimeLog: return time_log(ctx, argc, argv, false);
    case kTrace: return trace(ctx, argc, argv);
    case kAssert: return assert_true(ctx, argc, argv);
    case kClear: return JS_UNDEFINED;  // there is no screen
    case kCount: return count(ctx, argc, argv);
    case kCountReset: return count_reset(ctx, argc, argv);
    case kGroup:
    case kGroupCollapsed: return group(ctx, argc, argv);
    case kGroupEnd: return group_end();
    case kTable: return table(ctx, argc, argv);
    default: return log(ctx, Q_LOG_INFO, argc, argv);
  }
}

}  // namespace

}  // namespace quiesce::guest

bool install_console(JSContext* ctx) {
  using namespace quiesce::guest;
  console.counts = JS_NewObjectProto(ctx, JS_NULL);
  console.timers = JS_NewObjectProto(ctx, JS_NULL);
  console.indentation = 0;
  // Its prototype is an empty object of its own (WHATWG, for the sake of old pages).
  JSValue prototype = JS_NewObject(ctx);
  JSValue object = JS_IsException(prototype) ? JS_EXCEPTION : JS_NewObjectProto(ctx, prototype);
  JS_FreeValue(ctx, prototype);
  if (JS_IsException(object) || JS_IsException(console.counts) || JS_IsException(console.timers))
    return false;
  const int flags = JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE;
  bool ok = true;
  for (const auto& entry : kMethods) {
    JSValue function =
        JS_NewCFunctionMagic(ctx, call, entry.name, 0, JS_CFUNC_generic_magic, entry.method);
    ok = ok && JS_DefinePropertyValueStr(ctx, object, entry.name, function,
                                         flags | JS_PROP_ENUMERABLE) >= 0;
  }
  JSValue tag = JS_NewString(ctx, "console");
  ok = ok && JS_DefinePropertyValue(ctx, object, qp_atom(QP_ATOM_SYMBOL_TO_STRING_TAG), tag,
                                    JS_PROP_CONFIGURABLE) >= 0;
  JSValue global = JS_GetGlobalObject(ctx);
  ok = ok && JS_DefinePropertyValueStr(ctx, global, "console", object, flags) >= 0;
  JS_FreeValue(ctx, global);
  return ok;
}
