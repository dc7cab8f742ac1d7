// A13, C6, C17: whole graphs of JavaScript data in C++, in both directions.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "quiesce/quiesce.hpp"
#include "vm/data_form.hpp"

namespace quiesce {
namespace {

using Kind = Data::Kind;

template <class F>
std::string refusal_of(F&& f, Errc code = Errc::not_cloneable) {
  try {
    f();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

template <class F>
Errc code_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Errc::io;
}

std::vector<std::byte> bytes_of(std::initializer_list<int> numbers) {
  std::vector<std::byte> bytes;
  for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

class DataTest : public testing::Test {
 protected:
  Data dumped(std::string_view code) { return vm.eval(code).as<Data>(); }
  /// Puts it into the VM as `x` and evaluates.
  Value with(const Data& data, std::string_view code) {
    vm.global().set("x", data);
    return vm.eval(code);
  }
  bool holds(const Data& data, std::string_view code) { return with(data, code).as<bool>(); }
  /// Out, in, and out again.
  void expect_round_trip(std::string_view code) {
    const Data once = dumped(code);
    const Data twice = vm.value(once).as<Data>();
    EXPECT_EQ(once, twice) << code << "\n" << once.inspect() << "\n" << twice.inspect();
    EXPECT_EQ(once.clone(), twice) << code;
  }
  VM vm;
};

// ---- every kind, both ways ----------------------------------------------------------------------

TEST_F(DataTest, Primitives) {  // A13
  EXPECT_TRUE(dumped("undefined").is_undefined());
  EXPECT_TRUE(dumped("null").is_null());
  EXPECT_EQ(dumped("[true]")[0].as<bool>(), true);
  EXPECT_EQ(dumped("'grüße\\u{1F600}'").text(), "grüße\U0001F600");
  EXPECT_EQ(Data("text").as<std::string>(), "text");
  EXPECT_EQ(Data(7).as<int>(), 7);
  EXPECT_EQ(code_of([] { return Data(7.5).as<int>(); }), Errc::type_mismatch);
  EXPECT_EQ(code_of([] { return Data((std::int64_t{1} << 53) + 1); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([] { return Data("\xFF"); }), Errc::encoding);
  EXPECT_FALSE(Data("7").try_as<double>());
  EXPECT_FALSE(Data().as<std::optional<int>>());
  EXPECT_TRUE(holds(Data::array({Data(), nullptr, true, 1.5, "s"}),
                    "x.length === 5 && x[0] === undefined && x[1] === null && x[2] === true && "
                    "x[3] === 1.5 && x[4] === 's'"));
}

TEST_F(DataTest, NumbersAreExact) {  // A13
  for (const double number :
       {0.0, -0.0, 1.0, -1.0, 127.0, 128.0, 0.1, 2147483647.0, 2147483648.0, -2147483648.0,
        -2147483649.0, 9007199254740993.0, 5e-324, 1.7976931348623157e308,
        std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    const Data list = vm.value(Data::array({number})).as<Data>();
    EXPECT_EQ(std::bit_cast<std::uint64_t>(list[0].as<double>()),
              std::bit_cast<std::uint64_t>(number))
        << number;
  }
  EXPECT_TRUE(std::isnan(vm.value(Data::array({std::nan("7")})).as<Data>()[0].as<double>()));
  EXPECT_TRUE(holds(Data::array({-0.0}), "Object.is(x[0], -0)"));
}

TEST_F(DataTest, StringsKeepEveryUnit) {  // A13, C10
  const std::u16string strange(u"a\0b\xD800 \xDC00\xD83D\xDE00\xFFé€", 11);
  const Data list = Data::array({strange, "", std::string("x\0y", 3), std::string(5000, 'q'),
                                 std::u16string(5000, u'\xDC00')});
  EXPECT_EQ(list[0].as<std::u16string>(), strange);
  const Value value = vm.value(list);
  EXPECT_EQ(value[0].as<std::u16string>(), strange);
  const Data back = value.as<Data>();
  EXPECT_EQ(back, list);
  EXPECT_EQ(back[0].as<std::u16string>(), strange);
  EXPECT_EQ(back[0].size(), strange.size());
  const Data named = dumped("({'a\\0\\ud800': 1, 'é': 2, '': 3})");
  EXPECT_EQ(named.size(), 3u);
  EXPECT_EQ(named["é"].as<int>(), 2);
  EXPECT_TRUE(holds(named, "x['a\\0\\ud800'] === 1 && x['é'] === 2 && x[''] === 3"));
  EXPECT_EQ(dumped("'ab'.repeat(3000) + 'é'").text().size(), 6002u);
}

TEST_F(DataTest, BigintsOfAnySize) {  // A13, C5
  for (const std::string digits :
       {"0", "1", "-1", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296",
        "18446744073709551615", "-18446744073709551616", "-340282366920938463463374607431768211456",
        "1234567890123456789012345678901234567890123456789012345678901234567890"}) {
    const Data list = Data::array({BigInt{digits}});
    EXPECT_EQ(list[0].as<BigInt>().digits, digits);
    EXPECT_EQ(with(list, "x[0].toString()").as<std::string>(), digits);
    EXPECT_EQ(dumped("[" + digits + "n]")[0].as<BigInt>().digits, digits);
    EXPECT_EQ(dumped("[" + digits + "n]"), list);
  }
  EXPECT_EQ(Data(BigInt{"-000"}).as<BigInt>().digits, "0");
  EXPECT_TRUE(holds(dumped("[2n ** 20000n]"), "x[0] === 2n ** 20000n"));
}

TEST_F(DataTest, Symbols) {  // A13
  const Data data = dumped("({s: Symbol.for('key\\ud800')})");
  EXPECT_EQ(data["s"].kind(), Kind::symbol);
  EXPECT_TRUE(holds(data, "x.s === Symbol.for('key\\ud800')"));
  EXPECT_TRUE(holds(Data::array({Data::symbol("k")}), "x[0] === Symbol.for('k')"));
  const std::string text = refusal_of([&] { dumped("({a: [1, Symbol('local')]})"); });
  EXPECT_EQ(text.substr(0, 9), "$.a[1] is") << text;
  refusal_of([&] { dumped("Symbol.iterator"); });
}

TEST_F(DataTest, ObjectsAndArrays) {  // A13
  const Data data = dumped("({b: 1, a: {n: null}, list: [1, 'two', [3]], 7: 'seven', 3: 'three'})");
  EXPECT_EQ(data.size(), 5u);
  std::vector<std::string> names;
  for (const auto& [name, value] : data.entries()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"3", "7", "b", "a", "list"}));
  EXPECT_EQ(data["list"][2][0].as<int>(), 3);
  EXPECT_EQ(data[7].text(), "seven");
  EXPECT_TRUE(data["absent"].is_undefined());
  EXPECT_FALSE(data.has("absent"));
  EXPECT_EQ(code_of([&] { return data.at("absent"); }), Errc::type_mismatch);
  EXPECT_EQ(code_of([&] { return data["b"]["c"]; }), Errc::type_mismatch);
  EXPECT_EQ(with(data, "JSON.stringify(x)").as<std::string>(),
            R"({"3":"three","7":"seven","b":1,"a":{"n":null},"list":[1,"two",[3]]})");
  expect_round_trip("[[], {}, [[]], {a: {}}, [undefined], {u: undefined}]");
  expect_round_trip("(function () { return arguments; })(1, 2)");
  EXPECT_TRUE(holds(dumped("({['__proto__']: 1})"),
                    "Object.keys(x)[0] === '__proto__' && Object.getPrototypeOf(x) === "
                    "Object.prototype"));
  // Only own enumerable properties with string keys.
  const Data own = dumped(
      "class A { x = 1; get y() { return 2; } }; const a = new A(); a[Symbol.for('s')] = 1;"
      "Object.defineProperty(a, 'hidden', {value: 1}); a");
  EXPECT_EQ(own, Data::object({{"x", 1}}));
}

TEST_F(DataTest, HolesAndOtherPropertiesOfArrays) {  // A13, C16
  const Data holes = dumped("const h = [1, , 3]; h.name = 'h'; h.length = 5; h");
  EXPECT_EQ(holes.size(), 5u);
  EXPECT_TRUE(holes.has(0));
  EXPECT_FALSE(holes.has(1));
  EXPECT_EQ(holes["name"].text(), "h");
  EXPECT_TRUE(holds(holes,
                    "x.length === 5 && !(1 in x) && x[2] === 3 && !(4 in x) && x.name === 'h'"));
  EXPECT_EQ(dumped("new Array(3)").size(), 3u);
  EXPECT_TRUE(holds(dumped("new Array(3)"), "x.length === 3 && !(0 in x)"));

  const Data sparse = dumped("const s = [0]; s[4294967294] = 'last'; s[1000000] = 'far'; s");
  EXPECT_EQ(sparse.size(), 4294967295u);
  EXPECT_EQ(sparse[1000000].text(), "far");
  EXPECT_EQ(sparse[4294967294u].text(), "last");
  EXPECT_FALSE(sparse.try_as<std::vector<Data>>());
  EXPECT_TRUE(holds(sparse, "x.length === 4294967295 && x[1000000] === 'far' && !(5 in x) && "
                            "Object.keys(x).length === 3"));
  EXPECT_EQ(sparse, vm.value(sparse).as<Data>());

  const Data made = Data::array({1});
  made.set(3, "three");
  made.set(70000, "far");
  made.set("name", "made");
  EXPECT_EQ(made.size(), 70001u);
  EXPECT_TRUE(holds(made, "x[3] === 'three' && !(2 in x) && x[70000] === 'far' && "
                          "x.length === 70001 && x.name === 'made'"));
  EXPECT_EQ(made, vm.value(made).as<Data>());
  expect_round_trip("Object.freeze([1, 2, 3])");
  expect_round_trip("Object.defineProperty([1, 2], 0, {writable: false})");
}

TEST_F(DataTest, MapsAndSets) {  // A13, C6
  const Data map = dumped("new Map([[1, 'one'], ['k', {v: 1}], [NaN, new Set([1, [2]])]])");
  ASSERT_EQ(map.kind(), Kind::map);
  EXPECT_EQ(map.size(), 3u);
  EXPECT_EQ(map.find(1)->text(), "one");
  EXPECT_EQ(map.find(std::nan(""))->kind(), Kind::set);
  EXPECT_FALSE(map.find("absent"));
  EXPECT_TRUE(holds(map, "x instanceof Map && x.size === 3 && x.get('k').v === 1 && "
                         "[...x.get(NaN)][1][0] === 2 && [...x.keys()][0] === 1"));
  const Data made = Data::map({{1, "a"}, {"s", Data::set({1, 1, 2})}});
  made.put(1, "b");
  EXPECT_TRUE(holds(made, "x.get(1) === 'b' && x.get('s').size === 2 && x.size === 2"));
  const Data set = dumped("const removed = new Set([1, 2, 3]); removed.delete(2); removed");
  EXPECT_EQ(set.as<std::vector<int>>(), (std::vector<int>{1, 3}));
  EXPECT_TRUE(set.contains(3));
  std::size_t entries = 0;
  for (const auto& [key, value] : map.map_entries()) entries += value.is_undefined() ? 0 : 1;
  EXPECT_EQ(entries, 3u);
}

TEST_F(DataTest, DatesExpressionsBoxes) {  // A13, C6
  EXPECT_EQ(dumped("new Date(1234567890123)").date_ms(), 1234567890123.0);
  EXPECT_TRUE(std::isnan(dumped("new Date(NaN)").date_ms()));
  EXPECT_TRUE(holds(Data::date(86400000.9), "x instanceof Date && x.getTime() === 86400000"));
  EXPECT_TRUE(holds(Data::date(1e300), "isNaN(x)"));
  EXPECT_EQ(dumped("/a\\/[/]\\n/giu").regexp().source, "a\\/[/]\\n");
  EXPECT_EQ(dumped("/x/dgimsuy").regexp().flags, "dgimsuy");
  EXPECT_TRUE(holds(Data::regexp("(a)\\1", "g"), "x instanceof RegExp && 'aab'.replace(x, '') "
                                                 "=== 'b' && x.global && x.lastIndex === 0"));
  EXPECT_TRUE(holds(Data::regexp(""), "x.source === '(?:)' && x.test('')"));
  EXPECT_THROW(vm.value(Data::regexp("(")), JSError);
  expect_round_trip("[new Date(0), /\\ud800/, new RegExp('\\ud800é/')]");
  expect_round_trip("[new Number(-0), new String('é'), new Boolean(false), Object(7n), "
                    "Object(Symbol.for('s'))]");
  EXPECT_TRUE(holds(Data::boxed("text"), "x instanceof String && x == 'text' && x.length === 4"));
  EXPECT_TRUE(holds(Data::boxed(BigInt{"7"}), "typeof x === 'object' && x == 7n"));
  EXPECT_EQ(code_of([] { Data::boxed(Data::array()); }), Errc::type_mismatch);
}

TEST_F(DataTest, Errors) {  // A13
  const Data data = dumped(
      "const e = new RangeError('too far', {cause: {code: 7}}); e.status = 404; e");
  ASSERT_EQ(data.kind(), Kind::error);
  EXPECT_EQ(data.error().name, "RangeError");
  EXPECT_EQ(data.error().message, "too far");
  EXPECT_NE(data.error().stack->find("<eval>"), std::string::npos);
  EXPECT_EQ(data.cause()["code"].as<int>(), 7);
  EXPECT_EQ(data["status"].as<int>(), 404);
  EXPECT_TRUE(holds(data, "x instanceof RangeError && x.message === 'too far' && x.status === 404 "
                          "&& x.cause.code === 7 && Object.keys(x).join() === 'status' && "
                          "x.stack.includes('<eval>') && !Object.hasOwn(x, 'name')"));
  expect_round_trip("[new Error('x'), new TypeError(), new EvalError('e'), new URIError('u')]");

  const Data all = dumped("new AggregateError([new Error('a'), 2], 'all')");
  EXPECT_EQ(all.errors()[0].error().message, "a");
  EXPECT_TRUE(holds(all, "x instanceof AggregateError && x.errors[1] === 2"));

  const Data custom = dumped("class Mine extends Error { name = 'Mine' }; new Mine('m')");
  EXPECT_EQ(custom.error().name, "Mine");
  EXPECT_TRUE(holds(custom, "x instanceof Error && x.name === 'Mine' && x.message === 'm'"));
  const Data exception = dumped("new DOMException('gone', 'AbortError')");
  EXPECT_EQ(exception.error().name, "AbortError");
  EXPECT_EQ(exception.error().message, "gone");

  const Data made = Data::error("SyntaxError", "bad");
  made.set_cause(Data::error("Odd", "inner"));
  EXPECT_TRUE(holds(made, "x instanceof SyntaxError && x.cause.name === 'Odd' && "
                          "x.cause.message === 'inner' && Object.keys(x.cause).length === 0"));
}

TEST_F(DataTest, EveryTypedArrayWithItsType) {  // A13, C6
  for (const char* type :
       {"Uint8ClampedArray", "Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array",
        "Uint32Array", "Float16Array", "Float32Array", "Float64Array"}) {
    const std::string name(type);
    const Data data = dumped("new " + name + "([1, 2, 3])");
    ASSERT_EQ(data.kind(), Kind::typed_array) << name;
    EXPECT_EQ(data.size(), 3u);
    EXPECT_TRUE(holds(data, "x.constructor === " + name + " && x.join() === '1,2,3'")) << name;
  }
  EXPECT_EQ(dumped("new BigInt64Array([-1n])").view().type, Class::bigint64_array);
  EXPECT_TRUE(holds(dumped("new BigUint64Array([2n ** 64n - 1n])"), "x[0] === 2n ** 64n - 1n"));
  EXPECT_EQ(dumped("new Float32Array([1])").view().type, Class::float32_array);
  const std::array<float, 2> floats{0.5f, 2};
  EXPECT_TRUE(holds(Data::typed_array(std::span<const float>(floats)),
                    "x instanceof Float32Array && x[0] === 0.5"));
  const std::array<std::int64_t, 1> longs{-5};
  EXPECT_TRUE(holds(Data::typed_array(std::span<const std::int64_t>(longs)),
                    "x instanceof BigInt64Array && x[0] === -5n"));
  EXPECT_EQ(dumped("new Uint8Array([1, 2, 255])").as<std::vector<std::byte>>(),
            bytes_of({1, 2, 255}));
  EXPECT_TRUE(holds(Data::bytes(bytes_of({7, 8})), "x instanceof Uint8Array && x[1] === 8"));
}

TEST_F(DataTest, BuffersAreShared) {  // A13
  const Data data = dumped(
      "const b = new ArrayBuffer(16); ({b, a: new Uint8Array(b, 4, 2), v: new DataView(b, 8), c: "
      "new Uint16Array(b)})");
  data["a"].bytes()[0] = std::byte{9};
  EXPECT_EQ(data["b"].bytes()[4], std::byte{9});
  EXPECT_TRUE(data["c"].view().buffer.is_same(data["b"]));
  EXPECT_EQ(data["v"].size(), 8u);
  EXPECT_TRUE(holds(data, "x.a.buffer === x.b && x.v.buffer === x.b && x.c.buffer === x.b && "
                          "x.a.byteOffset === 4 && x.a.length === 2 && x.v.byteLength === 8 && "
                          "x.a[0] === 9 && x.c[2] === 9"));
  const Data buffer = Data::array_buffer(bytes_of({1, 2, 3, 4}));
  EXPECT_TRUE(holds(Data::array({Data::typed_array(Class::uint16_array, buffer, 2),
                                 Data::data_view(buffer, 1, 2)}),
                    "x[0].buffer === x[1].buffer && x[0].length === 1 && x[1].byteLength === 2"));
  for (const auto& [offset, count] : {std::pair{1, 1}, {0, 3}, {5, 0}}) {
    EXPECT_EQ(code_of([&] {
                Data::typed_array(Class::uint16_array, buffer, static_cast<std::size_t>(offset),
                                  static_cast<std::size_t>(count));
              }),
              Errc::invalid_argument);
  }
}

TEST_F(DataTest, BuffersThatResizeOrAreDetached) {  // A13
  const Data data = dumped(
      "const r = new ArrayBuffer(8, {maxByteLength: 64}); ({r, t: new Uint8Array(r), f: new "
      "Uint8Array(r, 0, 4)})");
  EXPECT_EQ(data["r"].buffer().bytes_max, 64u);
  EXPECT_TRUE(data["t"].view().tracks);
  EXPECT_FALSE(data["f"].view().tracks);
  EXPECT_TRUE(holds(data, "x.r.resizable && x.r.maxByteLength === 64 && (x.r.resize(32), "
                          "x.t.length === 32 && x.f.length === 4)"));
  const Data gone = dumped(
      "const d = new ArrayBuffer(8); const dv = new Uint8Array(d); d.transfer(); ({d, dv})");
  EXPECT_TRUE(gone["d"].buffer().is_detached);
  EXPECT_TRUE(gone["dv"].view().is_out_of_bounds);
  EXPECT_EQ(gone["dv"].size(), 0u);
  EXPECT_TRUE(holds(gone["d"].clone(), "x.detached && x.byteLength === 0"));
  EXPECT_EQ(refusal_of([&] { vm.value(gone); }).substr(0, 7), "$.dv is");
  EXPECT_EQ(refusal_of([&] { dumped("[new SharedArrayBuffer(8)]"); }).substr(0, 4), "$[0]");
}

TEST_F(DataTest, Promises) {  // A13
  const Data data = dumped(
      "const r = Promise.reject(new Error('no')); r.catch(() => {}); [Promise.resolve({a: 1}), r, "
      "new Promise(() => {})]");
  EXPECT_EQ(data[0].promise().state, PromiseState::fulfilled);
  EXPECT_EQ(data[0].promise().result["a"].as<int>(), 1);
  EXPECT_EQ(data[1].promise().result.error().message, "no");
  EXPECT_EQ(data[2].promise().state, PromiseState::pending);
  EXPECT_EQ(refusal_of([&] { vm.value(data); }).substr(0, 7), "$[2] is");
  vm.global().set("p", Data::array({Data::resolved(7), Data::rejected("why")}));
  vm.eval("p[0].then(v => globalThis.v = v); p[1].catch(w => globalThis.w = w)");
  vm.run_until_idle();
  EXPECT_TRUE(vm.eval("v === 7 && w === 'why' && p[0] instanceof Promise").as<bool>());
  vm.value(Data::rejected(1));
  vm.run_until_idle();
  EXPECT_TRUE(vm.take_unhandled_rejections().empty());
}

TEST_F(DataTest, FunctionsAreUndefinedOrRefused) {  // A13
  const Data data = dumped("({f() {}, list: [class {}, 1], g: async () => {}})");
  EXPECT_TRUE(data.has("f"));
  EXPECT_TRUE(data["f"].is_undefined());
  EXPECT_TRUE(data["list"][0].is_undefined());
  EXPECT_TRUE(dumped("(() => {})").is_undefined());
  EXPECT_TRUE(dumped("[new Proxy(() => {}, {})]")[0].is_undefined());
  const Value value = vm.eval("({order: {items: [1, 2, 3, {callback() {}}]}})");
  EXPECT_EQ(refusal_of([&] { dump(value, {.functions = Functions::refused}); }),
            "$.order.items[3].callback is a function");
}

TEST_F(DataTest, WhatHasNoDataFormIsNamedWithItsPath) {  // A13, C16
  EXPECT_EQ(refusal_of([&] { dumped("({a: [{'b c': new WeakMap()}]})"); }),
            "$.a[0][\"b c\"] has no data form, for its class is WeakMap");
  EXPECT_EQ(refusal_of([&] { dumped("new Map([[1, 2], [(function* () {})(), 1]])"); }),
            "$.<key>[1] has no data form, for its class is Generator");
  EXPECT_EQ(refusal_of([&] { dumped("new Set([new WeakRef({})])"); }),
            "$.<value>[0] has no data form, for its class is WeakRef");
  EXPECT_EQ(refusal_of([&] { dumped("new Error('x', {cause: new WeakSet()})"); }),
            "$.cause has no data form, for its class is WeakSet");
  EXPECT_EQ(refusal_of([&] { dumped("[Promise.resolve([].values())]"); }),
            "$[0].<result> has no data form, for its class is Array Iterator");
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST_F(DataTest, SharedReferencesAndCircles) {  // A13
  const Data data = dumped("const o = {n: 1}; o.self = o; [o, o, [o], new Map([[o, o]])]");
  EXPECT_TRUE(data[0].is_same(data[1]));
  EXPECT_TRUE(data[0]["self"]["self"].is_same(data[2][0]));
  EXPECT_TRUE(data[3].find(data[0])->is_same(data[0]));
  EXPECT_TRUE(holds(data, "x[0] === x[1] && x[0].self === x[0] && x[2][0] === x[0] && "
                          "x[3].get(x[0]) === x[0]"));
  const Data circle = Data::object();
  circle.set("me", circle);
  circle.set("list", Data::array({circle, circle}));
  EXPECT_TRUE(holds(circle, "x.me === x && x.list[0] === x && x.list[1] === x"));
  EXPECT_EQ(circle, vm.value(circle).as<Data>());
  // A root that refers to itself through its only other reference.
  EXPECT_TRUE(dumped("(() => { const a = []; a.push(a); return a; })()")[0][0].is_array());
}

// ---- guest code does not run --------------------------------------------------------------------

TEST_F(DataTest, DumpingRunsNoGuestCode) {  // C17
  vm.eval(R"(
    var ran = 0;
    const trap = new Proxy({}, {get() { return () => { ran++; throw 1; }; }});
    const traps = {};
    for (const name of Reflect.ownKeys(Reflect)) traps[name] = () => { ran++; throw 1; };
    const e = new Error('x');
    Object.defineProperty(e, 'message', {get() { ran++; }});
    Object.defineProperty(e, 'own', {get() { ran++; }, enumerable: true});
    Object.prototype.toJSON = () => { ran++; };
    Map.prototype[Symbol.iterator] = Set.prototype.forEach = () => { ran++; };
    Object.defineProperty(Object.prototype, 'x', {get() { ran++; }, set() { ran++; }});
    Object.defineProperty(Array.prototype, 5, {get() { ran++; }, set() { ran++; }});
    Date.prototype.getTime = Date.prototype.valueOf = () => { ran++; };
    Object.defineProperty(RegExp.prototype, 'flags', {get() { ran++; }});
    globalThis.all = {get getter() { ran++; throw 1; }, set setter(v) { ran++; },
      get both() { ran++; }, set both(v) { ran++; }, p: new Proxy({}, traps),
      list: Object.defineProperty([1, 2, 3], 1, {get() { ran++; }}),
      m: new Map([[1, 2]]), s: new Set([1]), d: new Date(5), r: /x/g, e,
      then: {get then() { ran++; }}};
  )");
  const Data data = vm.eval("all").as<Data>();
  EXPECT_EQ(data["getter"].kind(), Kind::accessor);
  EXPECT_TRUE(data["getter"].accessor().has_getter);
  EXPECT_FALSE(data["getter"].accessor().has_setter);
  EXPECT_TRUE(data["setter"].accessor().has_setter);
  EXPECT_TRUE(data["both"].accessor().has_getter && data["both"].accessor().has_setter);
  EXPECT_EQ(data["p"].kind(), Kind::proxy);
  EXPECT_EQ(data["list"][1].kind(), Kind::accessor);
  EXPECT_EQ(data["e"]["own"].kind(), Kind::accessor);
  EXPECT_FALSE(data["e"].error().message);
  EXPECT_EQ(vm.eval("ran").as<int>(), 0);
  // Nor does anything on the way in.
  data.remove("getter"), data.remove("setter"), data.remove("both"), data.remove("p");
  data["list"].set(1, 7), data["e"].remove("own"), data["then"].remove("then");
  data.set("x", 1);
  data.set("q", Data::resolved(data));
  data.set("long", Data::array({1, 2, 3, 4, 5, 6, 7}));
  const Value made = vm.value(data);
  EXPECT_EQ(vm.eval("ran").as<int>(), 0);
  EXPECT_EQ(made.as<Data>()["long"][5].as<int>(), 6);
}

TEST_F(DataTest, AccessorsAndProxiesAreRefusedOnTheWayIn) {  // C17
  EXPECT_EQ(refusal_of([&] { vm.value(dumped("({a: {get b() {}}})")); }).substr(0, 6), "$.a.b ");
  EXPECT_EQ(refusal_of([&] { vm.value(dumped("[new Proxy({}, {})]")); }).substr(0, 5), "$[0] ");
}

TEST_F(DataTest, GettersAndProxiesRunWhenAskedTo) {  // C17
  const DumpOptions run{.accessors = Accessors::run, .proxies = Proxies::run};
  const Value value = vm.eval(R"(
    var log = [];
    ({
      get a() { log.push('a'); delete this.z; return {get b() { log.push('b'); return 1; }}; },
      p: new Proxy({n: 1}, {get(t, k) { log.push('get ' + k); return t[k] + 1; }}),
      l: new Proxy([1, 2], {}),
      z: 1,
      set only(v) {},
    }))");
  const Data data = dump(value, run);
  EXPECT_EQ(data, Data::object({{"a", Data::object({{"b", 1}})},
                                {"p", Data::object({{"n", 2}})},
                                {"l", Data::array({1, 2})},
                                {"only", Data()}}));
  EXPECT_EQ(vm.eval("log.join()").as<std::string>(), "a,b,get n");
  EXPECT_THROW(dump(vm.eval("({get x() { throw new TypeError('mine'); }})"), run), JSError);
  EXPECT_THROW(dump(vm.eval("new Proxy({a: 1}, {ownKeys() { throw 1; }})"), run), JSError);
  // What getters do to the objects that are being read must not matter.
  const Value hostile = vm.eval(R"(
    const list = [1, {get x() { list.length = 0; for (const k in o) delete o[k]; gc(); return 1; }},
                  {s: 'x'.repeat(100) + Math.random()}, {y: [new Date(1)]}];
    const o = {list, a: {b: 'q'.repeat(100) + Math.random()}, c: list};
    function gc() { for (let i = 0; i < 1000; i++) ({a: i, b: [i], c: 'y'.repeat(99) + i}); }
    o)");
  const Data survived = dump(hostile, run);
  EXPECT_EQ(survived["list"][1]["x"].as<int>(), 1);
  EXPECT_TRUE(survived["c"].is_same(survived["list"]));
  EXPECT_EQ(vm.value(survived).as<Data>(), survived);
}

TEST_F(DataTest, AGetterMayCallTheHostThatDumps) {
  Host host;
  host.function("size_of", [](const Data& data) { return static_cast<double>(data.size()); })
      .function("twice", [](const Data& data) { return Data::array({data, data}); });
  VM other{host};
  const Data data = dump(other.eval("({get n() { return size_of([1, 2, 3]); }, m: 1})"),
                         {.accessors = Accessors::run});
  EXPECT_EQ(data, Data::object({{"n", 3}, {"m", 1}}));
  EXPECT_TRUE(other.eval("const t = twice({a: 1}); t[0] === t[1] && t[0].a === 1").as<bool>());
  EXPECT_EQ(other.eval("try { twice(new WeakMap()) } catch (e) { e.message }").as<std::string>(),
            "$ has no data form, for its class is WeakMap");
}

// ---- size ---------------------------------------------------------------------------------------

TEST_F(DataTest, AMillionLevelsDeep) {
  vm.set_limits({.memory_bytes_max = 1u << 30});
  const Value deep = vm.eval(
      "let d = {end: true}; for (let i = 0; i < 1e6; i++) d = i % 2 ? {d} : [d]; d");
  const Data data = deep.as<Data>();
  EXPECT_EQ(data, data.clone());
  EXPECT_FALSE(data.inspect().empty());
  vm.global().set("back", data);
  EXPECT_EQ(vm.eval("let n = 0; for (let b = back; !b.end; b = b.d ?? b[0]) n++; n").as<int>(),
            1000000);
  EXPECT_EQ(refusal_of([&] {
              dumped("let w = new WeakMap(); for (let i = 0; i < 1e5; i++) w = [w]; w");
            }).substr(0, 7),
            "$...[0]");
}

TEST_F(DataTest, WideArraysAndManyShapes) {
  expect_round_trip("Array.from({length: 100000}, (_, i) => i * 1.5)");
  expect_round_trip("Array.from({length: 2000}, (_, i) => ({['k' + i]: i, same: 'x' + i}))");
  expect_round_trip("const o = {}; for (let i = 0; i < 5000; i++) o['key' + i] = i; delete o.key7; "
                    "o.key7 = 1; [o, {...o}]");
  const Data wide = dumped("o");
  EXPECT_EQ(wide["key4999"].as<int>(), 4999);
  EXPECT_EQ(wide.size(), 5000u);
  expect_round_trip("const n = {}; for (let i = 300; i > 0; i--) n[i * 7] = i; n");
}

TEST_F(DataTest, ALongTextThatIsNamedOftenIsKeptOnce) {
  const Data data = dumped(
      "const s = 'x'.repeat(1 << 20); Array.from({length: 2000}, () => s)");  // 2 GB written out
  EXPECT_EQ(data.size(), 2000u);
  EXPECT_EQ(data[0].text().data(), data[1999].text().data());
  EXPECT_TRUE(holds(data, "x.length === 2000 && x[1999].length === 1 << 20"));
}

TEST_F(DataTest, BytesMaxIsKept) {
  const Value value = vm.eval("Array.from({length: 1000}, (_, i) => ({i, text: 'number ' + i}))");
  EXPECT_EQ(code_of([&] { dump(value, {.bytes_max = 10000}); }), Errc::limit);
  EXPECT_EQ(code_of([&] { dump(value, {.bytes_max = 100000}); }), Errc::limit);
  EXPECT_EQ(dump(value, {.bytes_max = 1u << 20}).size(), 1000u);
  EXPECT_EQ(code_of([&] { dump(vm.eval("new Uint8Array(1 << 20)"), {.bytes_max = 100000}); }),
            Errc::limit);
}

TEST_F(DataTest, AHundredMegabytesEachWay) {
  VM large{Host(), {.memory_bytes_max = 1u << 30}};
  const Value buffer = large.eval("const big = new Uint8Array(100 << 20); big[1000000] = 7; big");
  const Data data = buffer.as<Data>();
  EXPECT_EQ(data.bytes()[1000000], std::byte{7});
  large.global().set("again", data);
  EXPECT_TRUE(large.eval("again.length === 100 << 20 && again[1000000] === 7").as<bool>());
  // In a VM that has no room for them: an error that says so.
  try {
    vm.set_limits({.memory_bytes_max = 64u << 20});
    vm.value(data);
    ADD_FAILURE() << "it cannot have fitted";
  } catch (const Error& error) {
    EXPECT_EQ(error.limit(), Limit::memory) << error.what();
  }
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

// ---- limits and mistakes ------------------------------------------------------------------------

TEST_F(DataTest, OutOfMemoryInTheMiddleLeavesAUsableVm) {  // A15
  vm.eval("const data = Array.from({length: 3000}, (_, i) => ({i, t: 'text' + i, l: [i], m: new "
          "Map([[i, 'x'.repeat(i % 90)]])}))");
  const Value value = vm.eval("data");
  const Data data = value.as<Data>();
  const std::uint64_t used = vm.memory_usage().used_bytes;
  int failed = 0;
  for (std::uint64_t room = 0; room < (1u << 20); room += 9973) {
    vm.set_limits({.memory_bytes_max = used + 4096 + room});
    for (const bool is_out : {true, false}) {
      try {
        if (is_out) {
          EXPECT_EQ(value.as<Data>().size(), 3000u);
        } else {
          vm.value(data);
        }
      } catch (const Error& error) {
        ++failed;
        const bool is_memory = error.limit() == Limit::memory ||
                               std::strstr(error.what(), "out of memory") != nullptr;
        EXPECT_TRUE(is_memory) << error.what();
      }
    }
    EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
  }
  EXPECT_GT(failed, 10);
  vm.set_limits({});
  EXPECT_EQ(vm.value(data).as<Data>(), data);
}

TEST_F(DataTest, AGraphWithoutEndIsStopped) {  // A16
  VM timed{Host(), {.time_max = std::chrono::milliseconds(200)}};
  const Value endless = timed.eval("({get next() { return Object.create(null, "
                                   "Object.getOwnPropertyDescriptors(this)); }})");
  EXPECT_EQ(code_of([&] { dump(endless, {.accessors = Accessors::run}); }), Errc::limit);
  EXPECT_EQ(timed.eval("1 + 1").as<int>(), 2);
}

TEST_F(DataTest, DeadAndOtherVms) {
  Value value;
  Data data;
  {
    VM short_lived;
    value = short_lived.eval("({a: [1]})");
    data = value.as<Data>();
  }
  EXPECT_EQ(code_of([&] { value.as<Data>(); }), Errc::dead_vm);
  EXPECT_EQ(data["a"][0].as<int>(), 1);  // it belongs to no VM
  EXPECT_TRUE(holds(data, "x.a[0] === 1"));
}

TEST(Data, GraphsAreJoinedAndFreedTogether) {
  Data inner;
  {
    const Data outer = Data::object({{"inner", Data::object({{"n", 1}})}});
    inner = outer["inner"];
    inner.set("outer", outer);
  }
  EXPECT_EQ(inner["outer"]["inner"]["n"].as<int>(), 1);
  std::vector<Data> parts;
  for (int i = 0; i < 100; ++i) parts.push_back(Data::object({{"i", i}}));
  for (std::size_t i = 1; i < parts.size(); ++i) parts[i].set("before", parts[i - 1]);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].set("last", parts.back());
  EXPECT_EQ(parts[0]["last"]["before"]["i"].as<int>(), 98);
  const Data copy = parts[0].clone();
  parts[0].set("i", "changed");
  EXPECT_EQ(copy["i"].as<int>(), 0);
}

TEST(Data, EqualityLooksAtStructure) {
  const auto object = [] { return Data::object({{"a", 1}, {"b", Data::array({2, "x"})}}); };
  EXPECT_EQ(object(), object());
  EXPECT_EQ(object(), Data::object({{"b", Data::array({2, "x"})}, {"a", 1}}));
  EXPECT_NE(object(), Data::object({{"a", 1}}));
  EXPECT_NE(Data::array({1}), Data::set({1}));
  EXPECT_NE(Data::object({{"a", Data()}}), Data::object({{"b", Data()}}));
  EXPECT_EQ(Data(std::nan("")), Data(std::nan("1")));
  EXPECT_NE(Data("1"), Data(1));
  EXPECT_NE(Data::map({{1, 2}}), Data::map({{1, 3}}));
  EXPECT_NE(Data::date(1), Data::date(2));
  EXPECT_NE(Data::error("Error", "a"), Data::error("Error", "b"));
  const auto circle = [](int n) {
    const Data a = Data::object({{"n", n}});
    a.set("next", Data::object({{"n", n}, {"next", a}}));
    return a;
  };
  EXPECT_EQ(circle(1), circle(1));
  EXPECT_NE(circle(1), circle(2));
  EXPECT_EQ(circle(1).inspect().substr(0, 30), R"({"n": 1, "next": {"n": 1, "nex)");
}

TEST(Data, PropertiesChangeAndGo) {
  const Data data = Data::object();
  for (int i = 0; i < 30; ++i) data.set("k" + std::to_string(i), i);
  EXPECT_TRUE(data.remove("k3"));
  EXPECT_FALSE(data.remove("k3"));
  EXPECT_EQ(data.size(), 29u);
  EXPECT_EQ(data["k4"].as<int>(), 4);
  EXPECT_EQ(data["k29"].as<int>(), 29);
  data.set("k4", "four");
  EXPECT_EQ(data["k4"].text(), "four");
  const Data copy = data.clone();
  copy.set("new", 1);
  EXPECT_FALSE(data.has("new"));
  const auto all = data.as<std::map<std::string, Data>>();
  EXPECT_EQ(all.size(), 29u);
  EXPECT_EQ(Data::array({1, 2}).as<std::vector<double>>(), (std::vector<double>{1, 2}));
  EXPECT_EQ(code_of([] { Data(1).push(1); }), Errc::type_mismatch);
  EXPECT_EQ(code_of([] { Data::object().set("\xC0", 1); }), Errc::encoding);
  EXPECT_EQ(code_of([] { return Data::array()[-1]; }), Errc::invalid_argument);
  const std::string seen = Data::array({1, "a"}).visit([](const auto& value) -> std::string {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Data>) return "object";
    return "primitive";
  });
  EXPECT_EQ(seen, "object");
}

// ---- bytes from a guest that was tampered with ---------------------------------------------------

TEST(DataForm, HostileBytesAreRefused) {
  const auto decode = [](std::initializer_list<int> bytes) {
    const std::vector<std::byte> form = bytes_of(bytes);
    return detail::decode_form(form, form, 1u << 20);
  };
  EXPECT_EQ(decode({131}).as<int>(), 3);
  const std::initializer_list<int> kBad[] = {
      {},
      {4},                                      // a hole alone
      {5, 1, 2},                                // cut off
      {7, 200, 1, 'a'},                         // fewer units than said
      {7, 255, 255, 255, 255, 127},             // a count of more than 32 bits
      {9, 255, 255, 255, 255, 255, 0, 0, 0},    // outside of the memory
      {11, 0},                                  // a string that was not there
      {12, 0},                                  // a bigint without words
      {14, 0},                                  // an object that was not there
      {15, 99},                                 // no such kind
      {15, 0, 1},                               // a layout that was not there
      {15, 0, 0, 100},                          // more names than bytes
      {15, 0, 0, 1, 5},                         // a name that was not there
      {15, 1, 0, 1, 129, 0},                    // more elements than the array is long
      {15, 1, 129, 128, 255, 255, 255, 127},    // elements that are not there
      {15, 8, 1, 5, 2, 1, 2, 3, 4, 5},          // larger than it may be
      {15, 9, 16, 0, 15, 9, 0},                 // a view of a view
      {15, 9, 16, 0, 14, 0, 0, 0},              // a view of nothing
      {15, 9, 2, 0, 15, 8, 0, 0, 0, 0},         // a view that is an array
      {15, 10, 15, 10, 129},                    // a box in a box
      {15, 10, 0},                              // a box around undefined
      {15, 5, 7, 0},                            // no such state
      {15, 4, 0, 1, 129, 0},                    // a name that is a number
      {16, 1},                                  // an accessor alone
      {129, 129},                               // bytes behind the end
  };
  for (const auto& bad : kBad) {
    EXPECT_THROW(decode(bad), detail::MalformedForm) << testing::PrintToString(bytes_of(bad));
  }
}

TEST(DataForm, AViewMayLieOnlyToItself) {
  // Offset and length far beyond the buffer.
  const auto form = bytes_of({15, 9, 16, 0, 15, 8, 0, 2, 1, 2, 255, 255, 3, 255, 255, 3});
  const Data view = detail::decode_form(form, {}, 1u << 20);
  EXPECT_EQ(view.size(), 0u);
  EXPECT_TRUE(view.bytes().empty());
  EXPECT_EQ(code_of([&] { detail::encode_form(view); }), Errc::not_cloneable);
}

}  // namespace
}  // namespace quiesce
