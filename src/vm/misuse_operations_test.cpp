#include "vm/misuse_operations.hpp"

#include <chrono>
#include <utility>

namespace quiesce::misuse {

namespace {

ModuleSource module_of(const std::string& name) {
  using Format = ModuleSource::Format;
  if (name == "data.json") return {R"({"a": [1, "two"]})", Format::json};
  if (name == "data.text") return {"some text \u20ac", Format::text};
  if (name == "data.bytes") return {"\x01\x02\xff", Format::bytes};
  return {"export const x = [1, 2, {}]"};
}

Host make_host(const std::shared_ptr<std::function<void()>>& hook) {
  Host host;
  host.bind<Thing>("Thing")
      .constructor<int>()
      .method("add", &Thing::add)
      .property("x", &Thing::x)
      .static_function("two", [] { return std::make_shared<Thing>(2); })
      .dispose()
      .key([](const Thing& thing) { return std::to_string(thing.x); },
           [](const std::string& key) { return std::make_shared<Thing>(std::stoi(key)); });
  host.files(file_mounts())
      .function("echo", [](const Value& value) { return value; })
      .function("enter_hook", [hook] { (*hook)(); })
      .function("take_map", [](const std::map<std::string, Value>& map) { return map.size(); })
      .function("take_thing", [](const Thing& thing) { return thing.x; })
      .modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey& key) { return std::optional(module_of(key.name)); });
  return host;
}

VM woken(const std::shared_ptr<std::function<void()>>& hook, const Limits& limits) {
  static const Snapshot asleep = VM(make_host(nullptr)).snapshot();
  Host host = make_host(hook);
  host.bind<Late>("Late").method("first", &Late::answer).method("answer", &Late::answer);
  return VM(host, asleep, {.limits = limits});
}

}  // namespace

void World::inside(std::function<void()> f) {
  *hook = std::move(f);
  vm.eval("enter_hook()");
}

World::World(const Limits& limits)
    : vm(woken(hook, limits)),
      object(vm.eval("({a: 1, get b() { return [] }, [Symbol.iterator]: 2, 3: 4})")),
      function(
          vm.eval("(function f(...all) { return {self: this, all, made: `x${all.length}`} })")),
      constructor(vm.eval("(class C { constructor(x) { this.x = [x] } })")),
      promise(vm.eval("new Promise(() => {})")),
      settled(vm.eval("Promise.resolve([7])")),
      array(vm.eval("[1, 'two', [3]]")),
      buffer(vm.eval("new Uint8Array([1, 2, 3, 4])")),
      text(vm.eval("'some text'")),
      wide_text(vm.eval("'\\u{1F600}'.repeat(10)")),
      symbol(vm.eval("Symbol('s')")),
      bigint(vm.eval("2n ** 100n")),
      error(vm.eval("new TypeError('told', {cause: 1})")),
      array_buffer(vm.eval("new ArrayBuffer(16)")),
      proxy(vm.eval("new Proxy({a: [1]}, {get: (o, k) => o[k]})")),
      collections(
          vm.eval("const k = {}; ({map: new Map([[1, {}], ['two', 2n]]), set: new Set([1, "
                  "'x']), weak_map: new WeakMap([[k, [1]]]), weak_set: new WeakSet([k]), "
                  "weak_ref: new WeakRef(k), date: new Date(5), regexp: /a+(b)/gi, "
                  "view: new DataView(new ArrayBuffer(8), 2), bound: k.toString.bind(k)})")),
      boxed(vm.eval("new String('boxed')")),
      instance(vm.value(thing)),
      tree(
          vm.eval("const t = {list: [1, 'two', 3n, [{}], , 0.5], map: new Map([['k', {}]]), "
                  "set: new Set([1]), date: new Date(7), regexp: /x/g, error: new RangeError('r'), "
                  "long: 'long text '.repeat(50), bytes: new Uint16Array([1, 2]), symbol: "
                  "Symbol.for('s'), box: new Number(2), promise: Promise.resolve(1)}; t.self = t")
              .as<Data>()),
      deferred(vm.defer("order", 1, "two")),
      script(vm.compile("({list: [1, 2, 3].map(x => x * 2), text: `a${1}`})")),
      module(vm.compile("export {x} from 'dep'", {.type = SourceType::module})),
      arguments{Value(1), text, object} {
  vm.keep("kept", object);
  vm.eval("setTimeout(() => {}, 1e9)");
}

namespace {

using W = World&;

constexpr Property kOpen{true, true, true};

// ---- VM: code and values ----
std::vector<Operation> code_and_values() {
  return {
      {"eval", [](W w) { w.vm.eval("({x: [1, 2, 3].map(x => ({x})), y: `t${1 + 1}`, z: /a/g})"); }},
      {"eval that throws",
       [](W w) {
         (void)w.vm.eval("try { null.x } catch (e) { e.stack + new Map([[1, {}]]).size }");
       }},
      {"engine", [](W w) { w.vm.engine().sha256(); }},
      {"eval async", [](W w) { w.vm.eval("await 1; [2]", {.type = SourceType::async_script}); }},
      {"eval module", [](W w) { w.vm.eval("export const y = {}", {.type = SourceType::module}); }},
      {"eval module with imports",
       [](W w) {
         w.vm.run(
             w.vm.eval("import {x} from 'new'; export const y = x", {.type = SourceType::module}));
       }},
      {"import()", [](W w) { w.vm.run(w.vm.eval("import('other')")); }},
      {"is_module", [](W w) { w.vm.is_module("import 'x'"); }},
      {"import_main", [](W w) { w.vm.import_main("x"); }},
      {"global", [](W w) { w.vm.global(); }},
      {"compile", [](W w) { w.vm.compile("let a = [1, `b`, /c/]; function d() { return a }"); }},
      {"compile module",
       [](W w) {
         w.vm.compile("import x from 'y' with {type: 'json'}; export {x}",
                      {.type = SourceType::module});
       }},
      {"run_bytecode", [](W w) { w.vm.run_bytecode(w.script); }},
      {"run_bytecode of a module", [](W w) { w.vm.run(w.vm.run_bytecode(w.module)); }},
      {"string", [](W w) { w.vm.string("abc"); }},
      {"string, wide", [](W w) { w.vm.string(u"abc\u1234"); }},
      {"string, long", [](W w) { w.vm.string(std::string(100000, 'x')); }},
      {"string, replacing", [](W w) { w.vm.string("a\xff", Utf8::replace); }},
      {"bigint", [](W w) { w.vm.bigint({"123456789012345678901234567890"}); }},
      {"symbol", [](W w) { w.vm.symbol("s"); }},
      {"global_symbol", [](W w) { w.vm.global_symbol("registered"); }},
      {"object", [](W w) { w.vm.object(); }},
      {"array", [](W w) { w.vm.array(); }},
      {"array of", [](W w) { w.vm.array(w.arguments); }},
      {"array_buffer", [](W w) { w.vm.array_buffer(std::vector<std::byte>(1000)); }},
      {"typed_array",
       [](W w) { w.vm.typed_array(Class::int16_array, std::vector<std::byte>(1000)); }},
      {"error", [](W w) { w.vm.error("RangeError", "told"); }},
      {"error of another name", [](W w) { w.vm.error("OddError", "told"); }},
      {"function", [](W w) { w.vm.function("echo")(1); }},
      {"parse_json", [](W w) { w.vm.parse_json("{\"a\": [1, \"b\", {\"c\": null}]}"); }},
      {"value of a vector", [](W w) { w.vm.value(std::vector<std::string>{"a", "b"}); }},
  };
}

// ---- VM: jobs, calls to the outside, sleep, resources ----
std::vector<Operation> jobs_and_resources() {
  return {
      {"run", [](W w) { w.vm.run(w.settled); }},
      {"run, then idle", [](W w) { w.vm.run(w.promise); }},
      {"end_process", [](W w) { w.vm.end_process(); }},
      {"fail_process", [](W w) { w.vm.fail_process(); }},
      {"run_until_idle", [](W w) { w.vm.run_until_idle(); }},
      {"run, in slices", [](W w) { w.vm.run(w.settled, {.fuel_slice = 100}); }},
      {"run_until_idle, in slices", [](W w) { w.vm.run_until_idle({.fuel_slice = 100}); }},
      {"new_promise", [](W w) { w.vm.new_promise(); }},
      {"on_settled", [](W w) { w.vm.on_settled(w.promise, [](const Settlement&) {}); }},
      {"run_one_job", [](W w) { w.vm.run_one_job(); }},
      {"run_one_timer", [](W w) { w.vm.run_one_timer(); }},
      {"job_ready", [](W w) { w.vm.job_ready(); }},
      {"next_deadline", [](W w) { w.vm.next_deadline(); }},
      {"timer_deadlines", [](W w) { w.vm.timer_deadlines(); }},
      {"take_unhandled_rejections", [](W w) { w.vm.take_unhandled_rejections(); }},
      {"defer", [](W w) { w.vm.defer("more", 1, "x"); }},
      {"deferred", [](W w) { w.vm.deferred(1); }},
      {"pending_calls", [](W w) { w.vm.pending_calls(); }},
      {"snapshot", [](W w) { w.vm.snapshot(); }, Inside::is_busy},
      {"fork", [](W w) { w.vm.fork(); }, Inside::is_busy},
      {"fork many", [](W w) { w.vm.fork(2); }, Inside::is_busy},
      {"snapshot collected", [](W w) { w.vm.snapshot({.collect_garbage = true}); },
       Inside::is_busy},
      {"draws", [](W w) { w.vm.draws(); }},
      {"began_from_image", [](W w) { w.vm.began_from_image(); }},
      {"keep", [](W w) { w.vm.keep("name", w.array); }},
      {"kept", [](W w) { w.vm.kept("kept"); }},
      {"forget", [](W w) { w.vm.forget("nothing"); }},
      {"kept_names", [](W w) { w.vm.kept_names(); }},
      {"function_names", [](W w) { w.vm.function_names(); }},
      {"module_names", [](W w) { w.vm.module_names(); }},
      {"mounts", [](W w) { w.vm.mounts(); }},
      {"set_limits", [](W w) { w.vm.set_limits({.memory_bytes_max = 64u << 20}); }},
      {"fuel_left", [](W w) { w.vm.fuel_left(); }},
      {"fuel_used", [](W w) { w.vm.fuel_used(); }},
      {"gc_threshold", [](W w) { w.vm.gc_threshold(); }},
      {"set_gc_threshold", [](W w) { w.vm.set_gc_threshold(1u << 20); }},
      {"reseed", [](W w) { w.vm.reseed(); }},
      {"memory_usage", [](W w) { w.vm.memory_usage(); }},
      {"census", [](W w) { w.vm.census(); }},
      {"waits", [](W w) { w.vm.waits(); }},
      {"global_names", [](W w) { w.vm.global_names(); }},
      {"collect_garbage", [](W w) { w.vm.collect_garbage(); }},
  };
}

// ---- Value ----
std::vector<Operation> looking_at_values() {
  return {
      {"object_class", [](W w) { w.object.object_class(); }},
      {"is_array", [](W w) { w.array.is_array(); }},
      {"is_error", [](W w) { w.error.is_error(); }},
      {"is_promise", [](W w) { w.promise.is_promise(); }},
      {"strictly_equals", [](W w) { w.text.strictly_equals(w.wide_text); }},
      {"as string", [](W w) { (void)w.text.as<std::string>(); }},
      {"as u16string", [](W w) { (void)w.wide_text.as<std::u16string>(); }},
      {"as BigInt", [](W w) { (void)w.bigint.as<BigInt>(); }},
      {"as bytes", [](W w) { (void)w.buffer.as<std::vector<std::byte>>(); }},
      {"as vector", [](W w) { (void)w.array.as<std::vector<Value>>(); }},
      {"utf8", [](W w) { (void)w.wide_text.utf8(Utf8::strict); }},
      {"with_bytes", [](W w) { w.buffer.with_bytes([](auto) {}); }},
      {"read_bytes", [](W w) { w.buffer.read_bytes([](auto) {}); }},
      {"write_bytes", [](W w) { w.buffer.write_bytes(1, std::vector<std::byte>(2)); }},
      {"to_string", [](W w) { (void)w.array.to_string(); }},
      {"to_number", [](W w) { (void)w.array.to_number(); }},
      {"to_json", [](W w) { (void)w.array.to_json(2); }},
      {"inspect", [](W w) { (void)w.object.inspect(); }},
      {"inspect an error", [](W w) { (void)w.error.inspect(); }},
  };
}

// ---- Value: properties, calls, promises; Deferred ----
std::vector<Operation> using_values() {
  return {
      {"get", [](W w) { w.object.get("a"); }},
      {"get a getter", [](W w) { w.object.get("b"); }},
      {"get index", [](W w) { w.array.get(2); }},
      {"get symbol", [](W w) { w.object.get(w.symbol); }},
      {"get large index", [](W w) { w.object.get(5000000000ll); }},
      {"set", [](W w) { w.object.set("new", w.array); }},
      {"set index", [](W w) { w.array.set(1000, w.array); }},
      {"set symbol", [](W w) { w.object.set(w.symbol, w.array); }},
      {"set converted", [](W w) { w.object.set("list", std::vector<int>{1, 2, 3}); }},
      {"define", [](W w) { w.object.define("defined", w.text, kOpen); }},
      {"define_accessor",
       [](W w) { w.object.define_accessor("acc", w.function, Value(), {.configurable = true}); }},
      {"has", [](W w) { w.object.has("a"); }},
      {"has_own", [](W w) { w.object.has_own("never seen"); }},
      {"remove", [](W w) { w.object.remove("a"); }},
      {"keys", [](W w) { w.object.keys(Keys::all); }},
      {"length", [](W w) { w.array.length(); }},
      {"length of a string", [](W w) { w.wide_text.length(); }},
      {"call", [](W w) { w.function.call(w.object, w.arguments); }},
      {"call operator", [](W w) { w.function(1, "two", 3.5); }},
      {"invoke", [](W w) { w.array.invoke("map", w.function); }},
      {"construct", [](W w) { w.constructor.construct(5); }},
      {"construct_as", [](W w) { w.constructor.construct_as(w.constructor, w.arguments); }},
      {"promise_state", [](W w) { w.promise.promise_state(); }},
      {"promise_result", [](W w) { w.settled.promise_result(); }},
      {"mark_handled", [](W w) { w.promise.mark_handled(); }},
      {"Deferred::promise", [](W w) { w.deferred.promise(); }},
      {"Deferred::resolve", [](W w) { w.deferred.resolve(w.array); }},
      {"Deferred::reject", [](W w) { w.deferred.reject("no"); }},
  };
}

template <class Row>
std::vector<Row> joined(std::initializer_list<std::vector<Row>> parts) {
  std::vector<Row> all;
  for (const std::vector<Row>& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

const std::vector<Operation>& operations() {
  static const auto all =
      joined<Operation>({code_and_values(), jobs_and_resources(), looking_at_values(),
                         using_values(), data_operations(), host_operations(), file_operations()});
  return all;
}

namespace {

std::vector<Taker> value_takers() {
  using V = const Value&;
  return {
      {"array of", [](W w, V v) { w.vm.array(std::span(&v, 1)); }},
      {"value", [](W w, V v) { w.vm.value(std::vector<Value>{v}); }},
      {"defer", [](W w, V v) { w.vm.defer("x", v); }},
      {"keep", [](W w, V v) { w.vm.keep("x", v); }},
      {"Deferred::resolve", [](W w, V v) { w.deferred.resolve(v); }},
      {"Deferred::reject", [](W w, V v) { w.deferred.reject(v); }},
      {"strictly_equals", [](W w, V v) { w.object.strictly_equals(v); }},
      {"get", [](W w, V v) { w.object.get(v); }},
      {"set key", [](W w, V v) { w.object.set(v, 1); }},
      {"set value", [](W w, V v) { w.object.set("x", v); }},
      {"set index", [](W w, V v) { w.array.set(0, v); }},
      {"define key", [](W w, V v) { w.object.define(v, 1, kOpen); }},
      {"define value", [](W w, V v) { w.object.define("x", v, kOpen); }},
      {"define getter", [](W w, V v) { w.object.define_accessor("x", v, Value(), {}); }},
      {"define setter", [](W w, V v) { w.object.define_accessor("x", Value(), v, {}); }},
      {"has", [](W w, V v) { w.object.has(v); }},
      {"has_own", [](W w, V v) { w.object.has_own(v); }},
      {"remove", [](W w, V v) { w.object.remove(v); }},
      {"call this", [](W w, V v) { w.function.call(v, {}); }},
      {"call argument", [](W w, V v) { w.function(v); }},
      {"invoke", [](W w, V v) { w.array.invoke("push", v); }},
      {"construct", [](W w, V v) { w.constructor.construct(v); }},
      {"construct_as argument",
       [](W w, V v) { w.constructor.construct_as(w.constructor, std::span(&v, 1)); }},
      {"construct_as target", [](W w, V v) { w.constructor.construct_as(v, {}); }},
  };
}

}  // namespace

const std::vector<Taker>& takers() {
  static const auto all = joined<Taker>({value_takers(), data_takers(), host_takers()});
  return all;
}

namespace {

constexpr Errc kType = Errc::type_mismatch, kArgument = Errc::invalid_argument;

std::vector<Mistake> with_text() {
  return {
      {"eval, not UTF-8", [](W w) { w.vm.eval("'\xff'"); }, Errc::encoding},
      {"eval, file name",
       [](W w) { w.vm.eval("1", {.file_name = "\xff", .type = SourceType::module}); },
       Errc::encoding},
      {"compile, not UTF-8", [](W w) { w.vm.compile("'\xff'"); }, Errc::encoding},
      {"string, not UTF-8", [](W w) { w.vm.string("\xC0\x80"); }, Errc::encoding},
      {"symbol, not UTF-8", [](W w) { w.vm.symbol("\xff"); }, Errc::encoding},
      {"global_symbol, not UTF-8", [](W w) { w.vm.global_symbol("\xff"); }, Errc::encoding},
      {"keep, not UTF-8", [](W w) { w.vm.keep("\xff", 1); }, Errc::encoding},
      {"kept, not UTF-8", [](W w) { w.vm.kept("\xff"); }, Errc::encoding},
      {"forget, not UTF-8", [](W w) { w.vm.forget("\xff"); }, Errc::encoding},
      {"defer, not UTF-8", [](W w) { w.vm.defer("\xff"); }, Errc::encoding},
      {"error, not UTF-8", [](W w) { w.vm.error("Error", "\xff"); }, Errc::encoding},
      {"parse_json, not UTF-8", [](W w) { w.vm.parse_json("\"\xff\""); }, Errc::encoding},
      {"get, not UTF-8", [](W w) { w.object.get("\xff"); }, Errc::encoding},
      {"set, not UTF-8", [](W w) { w.object.set("\xff", 1); }, Errc::encoding},
      {"has, not UTF-8", [](W w) { w.object.has("\xff"); }, Errc::encoding},
  };
}

std::vector<Mistake> with_arguments() {
  return {
      {"eval, syntax", [](W w) { w.vm.eval("let 1"); }, Errc::javascript},
      {"parse_json, syntax", [](W w) { w.vm.parse_json("{"); }, Errc::javascript},
      {"bigint", [](W w) { w.vm.bigint({"12x"}); }, kArgument},
      {"typed_array of maps", [](W w) { w.vm.typed_array(Class::map, {}); }, kArgument},
      {"typed_array, half an element",
       [](W w) { w.vm.typed_array(Class::float64_array, std::vector<std::byte>(9)); }, kArgument},
      {"function", [](W w) { w.vm.function("nobody"); }, Errc::missing_function},
      {"value beyond 2^53", [](W w) { w.vm.value(9007199254740993ll); }, kArgument},
      {"limits, stack too small", [](W w) { w.vm.set_limits({.stack_bytes_max = 100}); },
       kArgument},
      {"limits, stack too large", [](W w) { w.vm.set_limits({.stack_bytes_max = 8u << 20}); },
       kArgument},
      {"limits, negative time",
       [](W w) { w.vm.set_limits({.time_max = std::chrono::nanoseconds(-1)}); }, kArgument},
      {"limits, memory in use", [](W w) { w.vm.set_limits({.memory_bytes_max = 10}); },
       Errc::limit},
      {"on_settled of no promise", [](W w) { w.vm.on_settled(w.object, [](const Settlement&) {}); },
       kType},
      {"run of no promise", [](W w) { w.vm.run(w.object); }, kType},
      {"run of a number", [](W w) { w.vm.run(Value(1)); }, kType},
      {"settle twice", [](W w) { w.deferred.resolve(1), w.deferred.resolve(1); },
       Errc::unknown_call},
      {"promise of what is settled", [](W w) { w.deferred.resolve(1), w.deferred.promise(); },
       Errc::unknown_call},
  };
}

std::vector<Mistake> with_types() {
  return {
      {"as<int> of a string", [](W w) { (void)w.text.as<int>(); }, kType},
      {"as<int> of 2.5", [](W) { (void)Value(2.5).as<int>(); }, kType},
      {"as<int8_t> of 128", [](W) { (void)Value(128).as<std::int8_t>(); }, kType},
      {"as<unsigned> of -1", [](W) { (void)Value(-1).as<unsigned>(); }, kType},
      {"as<int> of NaN", [](W) { (void)Value(0.0 / 0.0).as<int>(); }, kType},
      {"as<std::string> of a number", [](W) { (void)Value(1).as<std::string>(); }, kType},
      {"as<BigInt> of a number", [](W) { (void)Value(1).as<BigInt>(); }, kType},
      {"as bytes of an object", [](W w) { (void)w.object.as<std::vector<std::byte>>(); }, kType},
      {"as vector of an object", [](W w) { (void)w.object.as<std::vector<int>>(); }, kType},
      {"utf8 of an object", [](W w) { (void)w.object.utf8(Utf8::replace); }, kType},
      {"with_bytes of an object", [](W w) { w.object.with_bytes([](auto) {}); }, kType},
      {"with_bytes of undefined", [](W) { Value().with_bytes([](auto) {}); }, kType},
      {"write_bytes beyond the end",
       [](W w) { w.buffer.write_bytes(3, std::vector<std::byte>(2)); }, kArgument},
      {"to_string of a symbol", [](W w) { (void)w.symbol.to_string(); }, Errc::javascript},
      {"to_number of a bigint", [](W w) { (void)w.bigint.to_number(); }, Errc::javascript},
      {"get of undefined", [](W) { Value().get("x"); }, kType},
      {"get of a number", [](W) { Value(1).get("x"); }, kType},
      {"set of null", [](W) { Value(nullptr).set("x", Value(1)); }, kType},
      {"define of a boolean", [](W) { Value(true).define("x", 1, {}); }, kType},
      {"has of a symbol", [](W w) { w.symbol.has("x"); }, kType},
      {"has_own of a number", [](W) { Value(1).has_own("x"); }, kType},
      {"remove of a number", [](W) { Value(1).remove("x"); }, kType},
      {"keys of a number", [](W) { Value(1).keys(); }, kType},
      {"length of an object", [](W w) { w.object.length(); }, kType},
      {"writable accessor",
       [](W w) { w.object.define_accessor("x", Value(), Value(), {.writable = true}); }, kArgument},
      {"getter that is no function",
       [](W w) { w.object.define_accessor("x", w.object, Value(), {}); }, kType},
      {"setter that is no function",
       [](W w) { w.object.define_accessor("x", Value(), Value(1), {}); }, kType},
      {"call of an object", [](W w) { w.object(); }, kType},
      {"call of a class", [](W w) { w.constructor(); }, Errc::javascript},
      {"construct of a number", [](W) { Value(1).construct(); }, kType},
      {"construct_as, target", [](W w) { w.constructor.construct_as(w.object, {}); }, kType},
      {"construct_as, target that makes nothing",
       [](W w) { w.constructor.construct_as(w.vm.eval("() => 1"), {}); }, Errc::javascript},
      {"invoke of nothing", [](W w) { w.object.invoke("nothing"); }, kType},
      {"promise_state of an object", [](W w) { w.object.promise_state(); }, kType},
      {"promise_result of an object", [](W w) { w.object.promise_result(); }, kType},
      {"mark_handled of a number", [](W) { Value(1).mark_handled(); }, kType},
      {"bytecode of nothing", [](W) { Bytecode::from_bytes({}); }, Errc::bytecode},
  };
}

}  // namespace

const std::vector<Mistake>& mistakes() {
  static const auto all = joined<Mistake>({with_text(), with_arguments(), with_types(),
                                           data_mistakes(), host_mistakes(), file_mistakes()});
  return all;
}

}  // namespace quiesce::misuse
