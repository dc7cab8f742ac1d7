// The rows of classes, callbacks, conversions, promises and errors: see misuse_operations.hpp.
#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>

#include "vm/misuse_operations.hpp"

namespace quiesce::misuse {

struct Point {
  double x = 0;
  std::optional<std::string> name = std::nullopt;
};

enum class Color { red, green };

}  // namespace quiesce::misuse

template <>
struct quiesce::Convert<quiesce::misuse::Point> : quiesce::Members<quiesce::misuse::Point> {
  static constexpr const char* kName = "a point";
  static constexpr auto kMembers = std::tuple(Member("x", &quiesce::misuse::Point::x),
                                              Member("name", &quiesce::misuse::Point::name));
};

template <>
struct quiesce::Convert<quiesce::misuse::Color> : quiesce::Enumerators<quiesce::misuse::Color> {
  static constexpr const char* kName = "a color";
  static constexpr auto kEnumerators =
      std::array{std::pair("red", quiesce::misuse::Color::red),
                 std::pair("green", quiesce::misuse::Color::green)};
};

namespace quiesce::misuse {

namespace {

using W = World&;
using V = const Value&;
using ThingPointer = std::shared_ptr<Thing>;
using Map = std::map<std::string, Value>;
using Alternatives = std::variant<double, std::string, std::vector<int>, Map>;

struct Unbound {};

// The class "Late" is not there yet. A first try that runs out of memory in the middle of it must
// not leave half of a class to the second.
void expect_whole_class(W w) {
  try {
    w.vm.host_class("Late");
  } catch (const Error& error) {
    if (error.limit() != Limit::memory) throw;
  }
  // By either way.
  check(w.vm.value(std::make_shared<Late>()).invoke("answer").as<int>() == 42, "42");
  const Value late = w.vm.host_class("Late");
  const Value prototype = late["prototype"];
  check(prototype.has("first") && prototype.has("answer"), "the class lacks members");
}

std::vector<Operation> bound_classes() {
  return {
      {"host_class", [](W w) { w.vm.host_class("Thing"); }},
      {"host_class, new in this VM", expect_whole_class},
      {"value of a shared_ptr", [](W w) { w.vm.value(std::make_shared<Thing>(7)); }},
      {"value of a shared_ptr, of a class that is new",
       [](W w) {
         check(w.vm.value(std::make_shared<Late>()).invoke("answer").as<int>() == 42, "42");
       }},
      {"value of a shared_ptr that is known",
       [](W w) { check(w.vm.value(w.thing).strictly_equals(w.instance), "the same instance"); }},
      {"as<std::shared_ptr>",
       [](W w) { check(w.instance.as<ThingPointer>() == w.thing, "the same object"); }},
      {"as<std::shared_ptr> of another object",
       [](W w) { check(!w.object.try_as<ThingPointer>(), "no Thing"); }},
      {"new Thing", [](W w) { w.vm.eval("new Thing(7).add(1)"); }},
      {"a subclass of Thing",
       [](W w) {
         w.vm.eval("{ class Mine extends Thing { constructor() { super(3) } } new Mine }");
       }},
      {"a method", [](W w) { w.instance.invoke("add", 1); }},
      {"a property", [](W w) { w.instance.set("x", w.instance["x"].as<int>() + 1); }},
      {"a static function", [](W w) { w.vm.eval("Thing.two()"); }},
      {"an instance as argument", [](W w) { w.vm.global()["take_thing"](w.instance); }},
      {"an instance that is disposed of",
       [](W w) { w.vm.eval("{ using thing = new Thing(5); thing.x }"); }},
  };
}

std::vector<Operation> callbacks_and_roots() {
  return {
      {"callback", [](W w) { (void)w.vm.callback([](int x) { return x; }, "name").function(); }},
      {"callback, called",
       [](W w) {
         const Callback callback = w.vm.callback([](const Value& value) { return value; });
         callback.function()(w.array);
       }},
      {"callback, released", [](W w) { w.vm.callback([] { return 1; }).release(); }},
      {"callback, unregistered",
       [](W w) {
         Callback callback = w.vm.callback([] { return 1; });
         const Value function = callback.function();
         callback.unregister();
         check(w.vm.function("echo")(function).is_function(), "a function");
       }},
      {"keep under a token",
       [](W w) {
         const std::string token = w.vm.keep(w.array);
         check(w.vm.kept(token)->strictly_equals(w.array), "the same array");
       }},
      {"keep and forget",
       [](W w) {
         w.vm.keep("short-lived", w.array);
         check(w.vm.forget("short-lived"), "forgotten");
       }},
  };
}

std::vector<Operation> containers() {
  return {
      {"value of a map", [](W w) { w.vm.value(Map{{"a", w.array}, {"b", 1}}); }},
      {"value of an unordered_map",
       [](W w) { w.vm.value(std::unordered_map<std::string, int>{{"a", 1}, {"b", 2}}); }},
      {"value of vectors",
       [](W w) { w.vm.value(std::vector<std::vector<std::string>>{{"a"}, {}, {"b", "c"}}); }},
      {"value of a tuple", [](W w) { w.vm.value(std::tuple(1, std::string("x"), w.array)); }},
      {"value of a pair", [](W w) { w.vm.value(std::pair(std::string("x"), 2.5)); }},
      {"value of an array", [](W w) { w.vm.value(std::array<std::string, 2>{"x", "y"}); }},
      {"value of a variant", [](W w) { w.vm.value(Alternatives(std::vector{1, 2})); }},
      {"value of an optional", [](W w) { w.vm.value(std::optional(std::string("x"))); }},
      {"value of bytes", [](W w) { w.vm.value(std::vector<std::byte>(9)); }},
      {"value of a struct", [](W w) { w.vm.value(Point{1, "origin"}); }},
      {"value of an enumeration", [](W w) { w.vm.value(Color::green); }},
      {"as map", [](W w) { check(w.object.as<Map>().size() == 3, "three properties"); }},
      {"as unordered_map",
       [](W w) { (void)w.object.as<std::unordered_map<std::string, Value>>(); }},
      {"as tuple", [](W w) { (void)w.array.as<std::tuple<int, std::string, std::vector<int>>>(); }},
      {"as variant", [](W w) { check(w.object.as<Alternatives>().index() == 3, "the map"); }},
      {"as variant, of text", [](W w) { (void)w.text.as<Alternatives>(); }},
      {"as optional", [](W w) { (void)w.text.as<std::optional<std::string>>(); }},
      {"as numbers", [](W w) { (void)w.buffer.as<std::vector<std::uint8_t>>(); }},
      {"as struct", [](W w) { (void)w.vm.eval("({x: 1, name: 'n'})").as<Point>(); }},
      {"as enumeration", [](W w) { check(!w.text.try_as<Color>(), "no color"); }},
      {"a map as argument", [](W w) { w.vm.global()["take_map"](w.object); }},
  };
}

// Waits for nothing else than memory.
Task<int> sum_of(VM& vm, Value list) {
  const Value settled = co_await vm.settled(list);
  co_return settled[0].as<int>() + 1;
}

std::vector<Operation> promises() {
  return {
      {"on_settled, and run",
       [](W w) {
         bool called = false;
         w.vm.on_settled(w.settled, [&](const Settlement& settlement) {
           called = true;
           settlement.get();
         });
         w.vm.run_until_idle();
         check(called, "nobody was told");
       }},
      {"settled, already", [](W w) { check(w.vm.settled(w.settled).await_ready(), "settled"); }},
      {"settled, pending", [](W w) { check(!w.vm.settled(w.promise).await_ready(), "pending"); }},
      {"a coroutine",
       [](W w) {
         const Deferred deferred = w.vm.new_promise();
         const Task<int> task = sum_of(w.vm, deferred.promise());
         deferred.resolve(std::vector{41});
         w.vm.run_until_idle();
         check(task.result() == 42, "42");
         (void)sum_of(w.vm,
                      w.vm.new_promise().promise());  // what fails above leaves one that waits, too
       }},
      {"new_promise, settled",
       [](W w) {
         const Deferred deferred = w.vm.new_promise();
         const Value promise = deferred.promise();
         deferred.resolve("x");
         check(w.vm.run(promise)->as<std::string>() == "x", "x");
       }},
      {"is_handled", [](W w) { check(!w.promise.is_handled(), "nobody listens"); }},
      {"a rejection that nobody handles",
       [](W w) {
         // Without memory for the list, the rejection is forgotten.
         w.vm.eval("Promise.reject(new Error('alone'))");
         w.vm.run_until_idle();
         check(w.vm.take_unhandled_rejections().size() <= 1, "one rejection");
       }},
      {"defer_values", [](W w) { w.vm.defer_values("list", w.arguments); }},
      {"wait_for_outside",
       [](W w) {
         check(!w.vm.wait_for_outside(std::chrono::steady_clock::now()), "nothing is under way");
       }},
  };
}

std::vector<Operation> errors_and_modules() {
  return {
      {"error with options",
       [](W w) {
         const Value made = w.vm.error("AggregateError", "told",
                                       {.cause = w.array,
                                        .errors = std::vector{w.error, w.object},
                                        .properties = {{"code", 7}, {"more", w.text}}});
         check(made["cause"].is_array() && made["errors"].length() == 2 && made["more"].is_string(),
               "the options");
       }},
      {"error of another name, with options",
       [](W w) { w.vm.error("OddError", "told", {.cause = w.array}); }},
      {"JSError of an error",
       [](W w) {
         const JSError error(w.error);
         check(error.message() == "told" || error.limit() == Limit::memory, "told");
       }},
      {"JSError of an object", [](W w) { check(!JSError(w.object).message().empty(), "print"); }},
      {"JSError thrown into JavaScript",
       [](W w) {
         const Callback thrower =
             w.vm.callback([&]() -> Value { throw JSError(w.vm.error("RangeError", "index 7")); });
         const Value catcher = w.vm.eval("f => { try { f() } catch (e) { return e } }");
         const Value caught = catcher(thrower.function());
         if (JSError(caught).limit() == Limit::memory) throw JSError(caught);
         check(JSError(caught).name() == "RangeError", "RangeError");
       }},
      {"a module of JSON",
       [](W w) {
         w.vm.run(w.vm.eval("import x from 'data.json' with {type: 'json'}; export {x}",
                            {.type = SourceType::module}));
       }},
      {"a module of text",
       [](W w) { w.vm.run(w.vm.eval("import('data.text', {with: {type: 'text'}})")); }},
      {"a module of bytes",
       [](W w) { w.vm.run(w.vm.eval("import('data.bytes', {with: {type: 'bytes'}})")); }},
      {"compile, stripped",
       [](W w) {
         w.vm.compile("export default function f() {}",
                      {.type = SourceType::module, .strip = Strip::source_and_debug});
       }},
      {"compile and run_bytecode",
       [](W w) {
         const Bytecode code = w.vm.compile("[1, 'two', `three`].map(x => x)");
         check(w.vm.run_bytecode(code).is_array(), "an array");
       }},
      {"run_bytecode, async",
       [](W w) {
         static const Bytecode code = VM().compile("await [1]", {.type = SourceType::async_script});
         check(w.vm.run(w.vm.run_bytecode(code))->is_array(), "an array");
       }},
      {"set_stop_token",
       [](W w) {
         const std::stop_source source;
         w.vm.set_stop_token(source.get_token());
         w.vm.eval("[1, 2].map(x => x)");
       }},
      {"set_gc_threshold, never",
       [](W w) {
         w.vm.set_gc_threshold(std::nullopt);
         check(!w.vm.gc_threshold(), "never");
       }},
  };
}

}  // namespace

std::vector<Operation> host_operations() {
  std::vector<Operation> all = bound_classes();
  for (auto more : {callbacks_and_roots(), containers(), promises(), errors_and_modules()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<Taker> host_takers() {
  return {
      {"keep under a token", [](W w, V v) { w.vm.keep(v); }},
      {"callback argument", [](W w, V v) { w.vm.callback([](const Value&) {}).function()(v); }},
      {"run", [](W w, V v) { w.vm.run(v); }},
      {"run, in slices", [](W w, V v) { w.vm.run(v, {.fuel_slice = 1}); }},
      {"on_settled", [](W w, V v) { w.vm.on_settled(v, [](const Settlement&) {}); }},
      {"settled", [](W w, V v) { w.vm.settled(v); }},
      {"error cause", [](W w, V v) { w.vm.error("Error", "", {.cause = v}); }},
      {"error errors", [](W w, V v) { w.vm.error("Error", "", {.errors = std::vector{v}}); }},
      {"error properties", [](W w, V v) { w.vm.error("Error", "", {.properties = {{"x", v}}}); }},
      {"value of a map", [](W w, V v) { w.vm.value(Map{{"x", v}}); }},
      {"value of a tuple", [](W w, V v) { w.vm.value(std::tuple(1, v)); }},
      {"value of a variant",
       [](W w, V v) { w.vm.array(std::vector{w.vm.value(std::variant<Value>(v))}); }},
      {"a setter of a class", [](W w, V v) { w.instance.set("x", v); }},
      {"an argument of a method", [](W w, V v) { w.instance.invoke("add", v); }},
      {"defer_values", [](W w, V v) { w.vm.defer_values("x", std::span(&v, 1)); }},
  };
}

std::vector<Mistake> host_mistakes() {
  constexpr Errc kType = Errc::type_mismatch, kArgument = Errc::invalid_argument;
  return {
      {"host_class that nobody bound", [](W w) { w.vm.host_class("Nobody"); },
       Errc::missing_resource},
      {"value of an object of no bound class", [](W w) { w.vm.value(std::make_shared<Unbound>()); },
       kArgument},
      {"as an object of no bound class",
       [](W w) { (void)w.instance.as<std::shared_ptr<Unbound>>(); }, kArgument},
      {"as an object of another class", [](W w) { (void)w.instance.as<std::shared_ptr<Late>>(); },
       kType},
      {"as an object, of a number", [](W) { (void)Value(1).as<ThingPointer>(); }, kType},
      {"as an object that is gone",
       [](W w) {
         w.vm.eval("i => i[Symbol.dispose]()")(w.instance);
         (void)w.instance.as<ThingPointer>();
       },
       kType},
      {"a method of an instance that is gone",
       [](W w) {
         w.vm.eval("i => i[Symbol.dispose]()")(w.instance);
         w.instance.invoke("add", 1);
       },
       Errc::javascript},
      {"an instance as a map", [](W w) { (void)w.instance.as<Map>(); }, kType},
      {"an instance as a map, in JavaScript", [](W w) { w.vm.global()["take_map"](w.instance); },
       Errc::javascript},
      {"an instance as a variant with a map", [](W w) { (void)w.instance.as<Alternatives>(); },
       kType},
      {"an instance as a struct", [](W w) { (void)w.instance.as<Point>(); }, kType},
      {"a WeakMap as a map", [](W w) { (void)w.collections.get("weak_map").as<Map>(); }, kType},
      {"a generator as a map", [](W w) { (void)w.vm.eval("(function* () {})()").as<Map>(); },
       kType},
      {"a box as a map", [](W w) { (void)w.boxed.as<Map>(); }, kType},
      {"a proxy as a map", [](W w) { (void)w.proxy.as<Map>(); }, kType},
      {"a tuple of another length", [](W w) { (void)w.array.as<std::tuple<int, int>>(); }, kType},
      {"a vector that takes too much",
       [](W w) { (void)w.vm.eval("Array(2 ** 32 - 1)").as<std::vector<Value>>(); }, Errc::limit},
      {"value of a map, not UTF-8", [](W w) { w.vm.value(Map{{"\xff", 1}}); }, Errc::encoding},
      {"callback, not UTF-8", [](W w) { w.vm.callback([] {}, "\xff"); }, Errc::encoding},
      {"error, name not UTF-8", [](W w) { w.vm.error("\xff", "told"); }, Errc::encoding},
      {"error, property not UTF-8",
       [](W w) { w.vm.error("Error", "told", {.properties = {{"\xff", 1}}}); }, Errc::encoding},
      {"on_settled, empty", [](W w) { w.vm.on_settled(w.promise, nullptr); }, kArgument},
      {"settled of no promise", [](W w) { w.vm.settled(w.object).await_ready(); }, kType},
      {"settled of a number", [](W w) { w.vm.settled(Value(1)).await_ready(); }, kType},
      {"is_handled of an object", [](W w) { w.object.is_handled(); }, kType},
      {"is_handled of a number", [](W) { Value(1).is_handled(); }, kType},
      {"set_gc_threshold beyond 32 bits",
       [](W w) { w.vm.set_gc_threshold(std::numeric_limits<std::uint64_t>::max()); }, kArgument},
      {"stopped from outside",
       [](W w) {
         std::stop_source source;
         source.request_stop();
         w.vm.set_stop_token(source.get_token());
         const auto reset = [&](VM* vm) { vm->set_stop_token({}); };
         const std::unique_ptr<VM, decltype(reset)> restored(&w.vm, reset);
         w.vm.eval("for (;;) {}");
       },
       Errc::stopped},
  };
}

}  // namespace quiesce::misuse
