// A13, C6: every kind of data, out of a VM and into one.
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "vm/data_testing.hpp"

namespace quiesce {
namespace {

using Kind = Data::Kind;

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
  EXPECT_TRUE(
      holds(holes, "x.length === 5 && !(1 in x) && x[2] === 3 && !(4 in x) && x.name === 'h'"));
  EXPECT_EQ(dumped("new Array(3)").size(), 3u);
  EXPECT_TRUE(holds(dumped("new Array(3)"), "x.length === 3 && !(0 in x)"));

  const Data sparse = dumped("const s = [0]; s[4294967294] = 'last'; s[1000000] = 'far'; s");
  EXPECT_EQ(sparse.size(), 4294967295u);
  EXPECT_EQ(sparse[1000000].text(), "far");
  EXPECT_EQ(sparse[4294967294u].text(), "last");
  EXPECT_FALSE(sparse.try_as<std::vector<Data>>());
  EXPECT_TRUE(holds(sparse,
                    "x.length === 4294967295 && x[1000000] === 'far' && !(5 in x) && "
                    "Object.keys(x).length === 3"));
  EXPECT_EQ(sparse, vm.value(sparse).as<Data>());

  const Data made = Data::array({1});
  made.set(3, "three");
  made.set(70000, "far");
  made.set("name", "made");
  EXPECT_EQ(made.size(), 70001u);
  EXPECT_TRUE(holds(made,
                    "x[3] === 'three' && !(2 in x) && x[70000] === 'far' && "
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
  EXPECT_TRUE(holds(map,
                    "x instanceof Map && x.size === 3 && x.get('k').v === 1 && "
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
  EXPECT_TRUE(holds(Data::regexp("(a)\\1", "g"),
                    "x instanceof RegExp && 'aab'.replace(x, '') "
                    "=== 'b' && x.global && x.lastIndex === 0"));
  EXPECT_TRUE(holds(Data::regexp(""), "x.source === '(?:)' && x.test('')"));
  EXPECT_THROW(vm.value(Data::regexp("(")), JSError);
  expect_round_trip("[new Date(0), /\\ud800/, new RegExp('\\ud800é/')]");
  expect_round_trip(
      "[new Number(-0), new String('é'), new Boolean(false), Object(7n), "
      "Object(Symbol.for('s'))]");
  EXPECT_TRUE(holds(Data::boxed("text"), "x instanceof String && x == 'text' && x.length === 4"));
  EXPECT_TRUE(holds(Data::boxed(BigInt{"7"}), "typeof x === 'object' && x == 7n"));
  EXPECT_EQ(code_of([] { Data::boxed(Data::array()); }), Errc::type_mismatch);
}

TEST_F(DataTest, Errors) {  // A13
  const Data data =
      dumped("const e = new RangeError('too far', {cause: {code: 7}}); e.status = 404; e");
  ASSERT_EQ(data.kind(), Kind::error);
  EXPECT_EQ(data.error().name, "RangeError");
  EXPECT_EQ(data.error().message, "too far");
  EXPECT_NE(data.error().stack->find("<eval>"), std::string::npos);
  EXPECT_EQ(data.cause()["code"].as<int>(), 7);
  EXPECT_EQ(data["status"].as<int>(), 404);
  EXPECT_TRUE(holds(data,
                    "x instanceof RangeError && x.message === 'too far' && x.status === 404 "
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
  EXPECT_TRUE(holds(made,
                    "x instanceof SyntaxError && x.cause.name === 'Odd' && "
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
  EXPECT_TRUE(holds(data,
                    "x.a.buffer === x.b && x.v.buffer === x.b && x.c.buffer === x.b && "
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
  EXPECT_TRUE(holds(data,
                    "x.r.resizable && x.r.maxByteLength === 64 && (x.r.resize(32), "
                    "x.t.length === 32 && x.f.length === 4)"));
  const Data gone =
      dumped("const d = new ArrayBuffer(8); const dv = new Uint8Array(d); d.transfer(); ({d, dv})");
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
  EXPECT_TRUE(holds(data,
                    "x[0] === x[1] && x[0].self === x[0] && x[2][0] === x[0] && "
                    "x[3].get(x[0]) === x[0]"));
  const Data circle = Data::object();
  circle.set("me", circle);
  circle.set("list", Data::array({circle, circle}));
  EXPECT_TRUE(holds(circle, "x.me === x && x.list[0] === x && x.list[1] === x"));
  EXPECT_EQ(circle, vm.value(circle).as<Data>());
  // A root that refers to itself through its only other reference.
  EXPECT_TRUE(dumped("(() => { const a = []; a.push(a); return a; })()")[0][0].is_array());
}

}  // namespace
}  // namespace quiesce
