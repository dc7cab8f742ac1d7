// QuickJS-NG as an ordinary native program: what Quiesce is measured against.
//
//   native-quickjs octane BUNDLE.js             runs the bundle; `print` writes its lines of JSON
//   native-quickjs micro PROGRAMS [--quick]     one line {"what":…,"ns":…} per operation
//
// It uses the engine's C API alone, with default settings. Each figure is the mean time of one
// operation over a third of a second, after a warm-up. What the times include is written down in
// docs/performance.md, so that the three harnesses measure the same thing.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "quickjs.h"

static double measure_ns = 0.33e9;

static double now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static _Noreturn void fail(const char* text) {
  fprintf(stderr, "native-quickjs: %s\n", text);
  exit(1);
}

static char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  if (!file) fail(path);
  fseek(file, 0, SEEK_END);
  const long length = ftell(file);
  rewind(file);
  char* text = malloc((size_t)length + 1);
  if (!text || fread(text, 1, (size_t)length, file) != (size_t)length) fail(path);
  fclose(file);
  text[length] = '\0';
  *size = (size_t)length;
  return text;
}

static JSValue checked(JSContext* context, JSValue value) {
  if (!JS_IsException(value)) return value;
  JSValue error = JS_GetException(context);
  fail(JS_ToCString(context, error));
}

static JSValue eval_text(JSContext* context, const char* text, size_t size) {
  return checked(context, JS_Eval(context, text, size, "<eval>", JS_EVAL_TYPE_GLOBAL));
}

static JSValue eval_program(JSContext* context, const char* folder, const char* name) {
  char path[4096];
  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) fail("path too long");
  size_t size;
  char* text = read_file(path, &size);
  JSValue result = eval_text(context, text, size);
  free(text);
  return result;
}

static double number(JSContext* context, JSValue value) {
  double result;
  if (JS_ToFloat64(context, &result, value) != 0) fail("not a number");
  JS_FreeValue(context, value);
  return result;
}

// ---- host functions -----------------------------------------------------------------------------

static JSValue js_print(JSContext* context, JSValueConst self, int count, JSValueConst* values) {
  (void)self;
  const char* text = count > 0 ? JS_ToCString(context, values[0]) : NULL;
  if (!text) return JS_EXCEPTION;
  puts(text);
  fflush(stdout);
  JS_FreeCString(context, text);
  return JS_UNDEFINED;
}

static JSValue js_add(JSContext* context, JSValueConst self, int count, JSValueConst* values) {
  (void)self;
  double left, right;
  if (count < 2 || JS_ToFloat64(context, &left, values[0]) ||
      JS_ToFloat64(context, &right, values[1])) {
    return JS_EXCEPTION;
  }
  return JS_NewFloat64(context, left + right);
}

static void add_function(JSContext* context, const char* name, JSCFunction* function, int arity) {
  JSValue global = JS_GetGlobalObject(context);
  JS_SetPropertyStr(context, global, name, JS_NewCFunction(context, function, name, arity));
  JS_FreeValue(context, global);
}

static JSContext* create(void) {
  JSRuntime* runtime = JS_NewRuntime();
  JSContext* context = runtime ? JS_NewContext(runtime) : NULL;
  if (!context) fail("out of memory");
  return context;
}

static void destroy(JSContext* context) {
  JSRuntime* runtime = JS_GetRuntime(context);
  JS_FreeContext(context);
  JS_FreeRuntime(runtime);
}

// ---- octane -------------------------------------------------------------------------------------

static void run_octane(const char* bundle) {
  size_t size;
  char* text = read_file(bundle, &size);
  JSContext* context = create();
  add_function(context, "print", js_print, 1);
  JS_FreeValue(context, eval_text(context, text, size));
  static const char kRun[] = "run_octane()";
  const double start_ns = now_ns();
  JS_FreeValue(context, eval_text(context, kRun, sizeof kRun - 1));
  printf("{\"octane\":\"wall\",\"wall_ms\":%.3f}\n", (now_ns() - start_ns) / 1e6);
  destroy(context);
  free(text);
}

// ---- single operations --------------------------------------------------------------------------

static void report(const char* what, double ns) {
  printf("{\"what\":\"%s\",\"ns\":%.3f}\n", what, ns);
}

static void eval_one_plus_one(JSContext* context) {
  static const char kSource[] = "1+1";
  if (number(context, eval_text(context, kSource, sizeof kSource - 1)) != 2) fail("1+1");
}

static void measure_create(const char* what, bool with_eval) {
  double spent_ns = 0;
  int64_t count = 0;
  for (const double end_ns = now_ns() + measure_ns; now_ns() < end_ns; count++) {
    const double start_ns = now_ns();
    JSContext* context = create();
    if (with_eval) eval_one_plus_one(context);
    spent_ns += now_ns() - start_ns;
    destroy(context);
  }
  report(what, spent_ns / (double)count);
}

static void property_get(JSContext* context, JSValue object) {
  number(context, JS_GetPropertyStr(context, object, "x"));
}

static void property_set(JSContext* context, JSValue object) {
  JS_SetPropertyStr(context, object, "x", JS_NewFloat64(context, 2.5));
}

static void eval_live(JSContext* context, JSValue unused) {
  (void)unused;
  eval_one_plus_one(context);
}

static void measure(const char* what, void (*operation)(JSContext*, JSValue), JSContext* context,
                    JSValue value) {
  double start_ns = 0;
  int64_t count = 0;
  for (int phase = 0; phase < 2; phase++) {  // warm-up, then the measurement
    start_ns = now_ns();
    for (count = 0; now_ns() - start_ns < measure_ns; count += 100) {
      for (int i = 0; i < 100; i++) operation(context, value);
    }
  }
  report(what, (now_ns() - start_ns) / (double)count);
}

static double call_ns(JSContext* context, JSValue object, const char* method, int32_t turns) {
  JSValue function = JS_GetPropertyStr(context, object, method);
  JSValue argument = JS_NewInt32(context, turns);
  const double start_ns = now_ns();
  JS_FreeValue(context, checked(context, JS_Call(context, function, JS_UNDEFINED, 1, &argument)));
  const double spent_ns = now_ns() - start_ns;
  JS_FreeValue(context, function);
  return spent_ns / turns;
}

static void run_micro(const char* programs, bool quick) {
  if (quick) measure_ns = 0.01e9;
  measure_create("create", false);
  measure_create("create_eval", true);

  JSContext* context = create();
  measure("eval", eval_live, context, JS_UNDEFINED);
  JSValue object = eval_text(context, "({x: 1.5})", 10);
  measure("property_get", property_get, context, object);
  measure("property_set", property_set, context, object);
  JS_FreeValue(context, object);

  add_function(context, "add", js_add, 2);
  JSValue calls = eval_program(context, programs, "host_calls.js");
  const int32_t turns = quick ? 10000 : 2000000;
  call_ns(context, calls, "calls", turns / 10);
  report("host_call",
         call_ns(context, calls, "calls", turns) - call_ns(context, calls, "bare", turns));
  JS_FreeValue(context, calls);

  const double start_ns = now_ns();
  if (number(context, eval_program(context, programs, "loop.js")) != 3e7) fail("loop.js");
  report("loop", now_ns() - start_ns);
  destroy(context);
}

int main(int count, char** arguments) {
  if (count == 3 && strcmp(arguments[1], "octane") == 0) {
    run_octane(arguments[2]);
  } else if (count >= 3 && strcmp(arguments[1], "micro") == 0) {
    run_micro(arguments[2], count == 4 && strcmp(arguments[3], "--quick") == 0);
  } else {
    fail("usage: native-quickjs octane BUNDLE.js | micro PROGRAMS [--quick]");
  }
  return 0;
}
