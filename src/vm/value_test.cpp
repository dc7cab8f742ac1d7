// A4 to A7: making, reading and calling values, exactly, in both directions.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

TEST(Value, PrimitivesLiveInTheHandle) {  // A4, A5
  EXPECT_TRUE(Value().is_undefined());
  EXPECT_TRUE(Value(nullptr).is_null());
  EXPECT_TRUE(Value(true).as<bool>());
  EXPECT_EQ(Value(-7).as<int>(), -7);
  EXPECT_EQ(Value(2.5).as<double>(), 2.5);
  EXPECT_EQ(code_of([] { Value(2.5).as<int>(); }), Errc::type_mismatch);
  EXPECT_EQ(code_of([] { Value(300).as<std::uint8_t>(); }), Errc::type_mismatch);
  EXPECT_EQ(code_of([] { Value(-1).as<unsigned>(); }), Errc::type_mismatch);
  EXPECT_FALSE(Value(1).try_as<std::string>().has_value());
}

TEST(Value, NumbersAreExact) {  // A5
  VM vm;
  for (const double number : {0.0, -0.0, 1.0, -1.5, 4294967295.0, 9007199254740993.0, 5e-324,
                              1.7976931348623157e308, std::numeric_limits<double>::infinity()}) {
    vm.global().set("x", number);
    const double back = vm.eval("x").as<double>();
    EXPECT_EQ(std::memcmp(&back, &number, sizeof back), 0) << number;
  }
  vm.global().set("x", std::nan(""));
  EXPECT_TRUE(std::isnan(vm.eval("x").as<double>()));
  EXPECT_TRUE(vm.eval("x !== x").as<bool>());
  EXPECT_EQ(vm.eval("2**53").as<std::int64_t>(), 1ll << 53);
  EXPECT_EQ(code_of([&] { vm.eval("2**63").as<std::int64_t>(); }), Errc::type_mismatch);
  EXPECT_EQ(vm.eval("-(2**63)").as<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(code_of([&] { vm.value((std::int64_t{1} << 53) + 1); }), Errc::invalid_argument);
}

TEST(Value, BigintsOfAnySize) {  // C5
  VM vm;
  const std::string digits =
      "-1234567890123456789012345678901234567890123456789012345678901234567890";
  const Value big = vm.bigint({digits});
  EXPECT_TRUE(big.is_bigint());
  EXPECT_EQ(big.as<BigInt>().digits, digits);
  vm.global().set("big", big);
  EXPECT_EQ(vm.eval("big * big === 0n").as<bool>(), false);
  EXPECT_EQ(vm.eval("2n ** 200n").as<BigInt>().digits,
            "1606938044258990275541962092341162602522202993782792835301376");
  EXPECT_EQ(vm.eval("0n").as<BigInt>().digits, "0");
  EXPECT_EQ(code_of([&] { vm.bigint({"12x"}); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([&] { vm.bigint({""}); }), Errc::invalid_argument);
}

TEST(Value, StringsAreExact) {  // A4, A5, C10
  VM vm;
  const std::u16string strange =
      u"a\0b\xD800 \xDC00\xD83D\xDE00\xFF"
      u"é";
  const std::u16string exact(strange.data(), strange.size());
  EXPECT_EQ(vm.string(exact).as<std::u16string>(), exact);
  vm.global().set("s", exact);
  EXPECT_EQ(vm.eval("s.length").as<std::size_t>(), exact.size());

  const std::string nul("x\0y", 3);
  EXPECT_EQ(vm.string(nul).as<std::string>(), nul);
  EXPECT_EQ(vm.string(nul).length(), 3u);
  EXPECT_EQ(vm.string("größer 😀").as<std::string>(), "größer 😀");
  EXPECT_EQ(vm.eval("'\\ud800'").as<std::string>(), "\xED\xA0\x80");
  EXPECT_EQ(vm.string("\xED\xA0\x80").as<std::u16string>(), u"\xD800");
  EXPECT_EQ(vm.string("").as<std::string>(), "");
  EXPECT_EQ(code_of([&] { vm.string("\xFF\xFE"); }), Errc::encoding);

  std::string large(3u << 20, 'q');
  large += "ü";
  EXPECT_EQ(vm.string(large).as<std::string>(), large);

  // A rope, and a property key with a lone surrogate.
  EXPECT_EQ(vm.eval("let r = ''; for (let i = 0; i < 1000; ++i) r = r + 'ab'; r")
                .as<std::string>()
                .size(),
            2000u);
  const Value object = vm.object();
  object.set(vm.string(std::u16string(u"k\xDFFF")), 1);
  vm.global().set("o", object);
  EXPECT_EQ(vm.eval("o['k\\udfff']").as<int>(), 1);
}

TEST(Value, Symbols) {  // A4, A6
  VM vm;
  const Value local = vm.symbol("mine");
  const Value shared = vm.global_symbol("ours");
  EXPECT_TRUE(local.is_symbol());
  EXPECT_FALSE(local.strictly_equals(vm.symbol("mine")));
  EXPECT_TRUE(shared.strictly_equals(vm.eval("Symbol.for('ours')")));
  const Value object = vm.object();
  object.set(local, "secret");
  EXPECT_EQ(object.get(local).as<std::string>(), "secret");
  EXPECT_EQ(object.keys(Keys::symbols).size(), 1u);
  EXPECT_EQ(object.keys().size(), 0u);
  EXPECT_EQ(local.inspect(), "Symbol(mine)");
}

TEST(Value, Properties) {  // A6
  VM vm;
  const Value object = vm.object();
  object.set("a", 1);
  object.set("ü", "two");
  object.set(7, true);
  object.set(4294967295u, "not an index");
  EXPECT_EQ(object["a"].as<int>(), 1);
  EXPECT_EQ(object["ü"].as<std::string>(), "two");
  EXPECT_TRUE(object[7].as<bool>());
  EXPECT_EQ(object["4294967295"].as<std::string>(), "not an index");
  EXPECT_TRUE(object["missing"].is_undefined());
  EXPECT_TRUE(object.has("a"));
  EXPECT_TRUE(object.has("toString"));
  EXPECT_TRUE(object.remove("a"));
  EXPECT_FALSE(object.has("a"));

  object.define("fixed", Value(5), {});
  EXPECT_FALSE(object.remove("fixed"));
  EXPECT_EQ(code_of([&] { object.set("fixed", 6); }), Errc::javascript);  // C7: not swallowed
  EXPECT_EQ(object["fixed"].as<int>(), 5);
  EXPECT_EQ(object.keys(Keys::strings).size(), 4u);
  EXPECT_EQ(object.keys().size(), 3u);

  const Value getter = vm.eval("(function () { return 42; })");
  object.define_accessor("answer", getter, Value(), {.enumerable = true});
  EXPECT_EQ(object["answer"].as<int>(), 42);
  EXPECT_EQ(code_of([&] { object.set("answer", 1); }), Errc::javascript);
}

TEST(Value, ThrowingSettersAndFrozenObjectsAreReported) {  // C7
  VM vm;
  const Value trap = vm.eval("({set x(v) { throw new RangeError('no'); }, get y() { throw 5; }})");
  EXPECT_THROW(trap.set("x", 1), JSError);
  EXPECT_THROW(trap.get("y"), JSError);
  const Value frozen = vm.eval("Object.freeze({a: 1})");
  EXPECT_THROW(frozen.set("a", 2), JSError);
  EXPECT_THROW(frozen.set("b", 2), JSError);
}

TEST(Value, ArraysAndVectors) {
  VM vm;
  const Value list = vm.value(std::vector<double>{1, 2, 3.5});
  EXPECT_TRUE(list.is_array());
  EXPECT_EQ(list.length(), 3u);
  EXPECT_EQ(list.as<std::vector<double>>(), (std::vector<double>{1, 2, 3.5}));
  EXPECT_EQ(vm.eval("['a', 'b']").as<std::vector<std::string>>(),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(vm.eval("[1, 'b']").try_as<std::vector<int>>().has_value());
  EXPECT_FALSE(vm.eval("undefined").as<std::optional<int>>().has_value());
  EXPECT_EQ(vm.eval("5").as<std::optional<int>>(), 5);
  vm.eval(
      "Object.defineProperty(Array.prototype, 0, {set() { throw 'seen'; }, configurable: true})");
  EXPECT_EQ(vm.array(std::vector<Value>{Value(9)}).get(0).as<int>(), 9);
}

TEST(Value, BuffersKeepTheirTrueType) {  // A4, C6
  VM vm;
  const std::vector<std::byte> eight{std::byte{1}, std::byte{2}, std::byte{3},   std::byte{4},
                                     std::byte{5}, std::byte{6}, std::byte{255}, std::byte{0}};
  EXPECT_EQ(vm.array_buffer(eight).object_class(), Class::array_buffer);
  EXPECT_EQ(vm.array_buffer(eight).as<std::vector<std::byte>>(), eight);
  EXPECT_EQ(vm.array_buffer({}).as<std::vector<std::byte>>().size(), 0u);
  const std::pair<Class, const char*> kinds[] = {
      {Class::int8_array, "Int8Array"},         {Class::uint8_array, "Uint8Array"},
      {Class::int16_array, "Int16Array"},       {Class::uint16_array, "Uint16Array"},
      {Class::int32_array, "Int32Array"},       {Class::uint32_array, "Uint32Array"},
      {Class::float32_array, "Float32Array"},   {Class::float64_array, "Float64Array"},
      {Class::bigint64_array, "BigInt64Array"}, {Class::biguint64_array, "BigUint64Array"},
      {Class::float16_array, "Float16Array"},   {Class::uint8_clamped_array, "Uint8ClampedArray"}};
  for (const auto& [type, name] : kinds) {
    const Value made = vm.typed_array(type, eight);
    EXPECT_EQ(made.object_class(), type) << name;
    EXPECT_EQ(made["constructor"]["name"].as<std::string>(), name);
    EXPECT_EQ(made.as<std::vector<std::byte>>(), eight) << name;
    EXPECT_EQ(vm.eval("new " + std::string(name) + "(1)").object_class(), type) << name;
  }
  EXPECT_EQ(code_of([&] { vm.typed_array(Class::int32_array, std::span(eight).first(3)); }),
            Errc::invalid_argument);
  EXPECT_EQ(code_of([&] { vm.typed_array(Class::map, eight); }), Errc::invalid_argument);
  const auto part =
      vm.eval("new Uint8Array([9, 8, 7, 6]).subarray(1, 3)").as<std::vector<std::byte>>();
  EXPECT_EQ(part, (std::vector<std::byte>{std::byte{8}, std::byte{7}}));
  EXPECT_EQ(vm.eval("new DataView(new ArrayBuffer(5), 2)").as<std::vector<std::byte>>().size(), 3u);
}

TEST(Value, Classes) {
  VM vm;
  const std::pair<const char*, Class> cases[] = {
      {"({})", Class::object},
      {"[]", Class::array},
      {"() => 1", Class::function},
      {"new TypeError('x')", Class::error},
      {"Promise.resolve()", Class::promise},
      {"new Date(0)", Class::date},
      {"/x/", Class::regexp},
      {"new Map()", Class::map},
      {"new Set()", Class::set},
      {"new Proxy({}, {})", Class::proxy},
      {"new DataView(new ArrayBuffer(1))", Class::data_view},
      {"1", Class::none}};
  for (const auto& [code, expected] : cases)
    EXPECT_EQ(vm.eval(code).object_class(), expected) << code;
}

TEST(Value, CallsAndConstruction) {  // A7
  VM vm;
  const Value f = vm.eval(
      "(function (a, b) { return [this === undefined ? 'none' : this.tag, a, b].join(); })");
  EXPECT_EQ(f(1, "x").as<std::string>().substr(0, 2), ",1");  // sloppy: this is globalThis
  const Value self = vm.object();
  self.set("tag", "me");
  EXPECT_EQ(f.call(self, {Value(1), Value(true)}).as<std::string>(), "me,1,true");
  const Value point = vm.eval(
      "(class Point { constructor(x) { this.x = x; } get twice() { return 2 * this.x; } })");
  EXPECT_EQ(point.construct(21)["twice"].as<int>(), 42);
  EXPECT_EQ(vm.eval("[3, 1, 2]").invoke("sort").invoke("join", "-").as<std::string>(), "1-2-3");
  EXPECT_EQ(code_of([&] { point(1); }), Errc::javascript);
  EXPECT_EQ(code_of([&] { vm.object().call(Value(), {}); }), Errc::type_mismatch);
  EXPECT_EQ(code_of([&] { vm.eval("() => 1").construct(); }), Errc::javascript);
  std::vector<Value> many(5000, Value(1));
  EXPECT_EQ(vm.eval("(...all) => all.length").call(Value(), many).as<int>(), 5000);
}

TEST(Value, JavaScriptConversions) {
  VM vm;
  EXPECT_EQ(vm.eval("[1, [2]]").to_string(), "1,2");
  EXPECT_EQ(vm.eval("'0x10'").to_number(), 16);
  EXPECT_EQ(Value(1e21).to_string(), "1e+21");
  EXPECT_EQ(Value(123456789.125).to_string(), "123456789.125");
  EXPECT_EQ(Value(1e-7).to_string(), "1e-7");
  EXPECT_EQ(vm.eval("({a: [1, null]})").to_json(), R"({"a":[1,null]})");
  EXPECT_EQ(vm.eval("() => 1").to_json(), std::nullopt);
  EXPECT_EQ(Value(std::nan("")).to_json(), "null");
  EXPECT_EQ(code_of([&] { vm.eval("let c = {}; c.c = c; c").to_json(); }), Errc::javascript);
  EXPECT_EQ(vm.parse_json(R"({"x": [1, "ü"]})")["x"][1].as<std::string>(), "ü");
  EXPECT_EQ(code_of([&] { vm.parse_json("{"); }), Errc::javascript);
}

TEST(Value, AfterItsVM) {  // C8
  Value orphan, copy;
  {
    VM vm;
    orphan = vm.eval("({x: 'text'})");
    copy = orphan["x"];
  }
  EXPECT_EQ(code_of([&] { orphan.get("x"); }), Errc::dead_vm);
  EXPECT_EQ(code_of([&] { orphan.set("x", 1); }), Errc::dead_vm);
  EXPECT_EQ(code_of([&] { copy.as<std::string>(); }), Errc::dead_vm);
  EXPECT_EQ(code_of([&] { orphan.inspect(); }), Errc::dead_vm);
  const Value again = orphan;  // counting goes on
  EXPECT_EQ(code_of([&] { (void)again.object_class(); }), Errc::dead_vm);
}

TEST(Value, OfAnotherVM) {  // C8
  VM one, two;
  const Value stranger = one.object();
  EXPECT_EQ(code_of([&] { two.global().set("x", stranger); }), Errc::foreign_value);
  EXPECT_EQ(code_of([&] { two.eval("(x) => x")(stranger); }), Errc::foreign_value);
  EXPECT_EQ(code_of([&] { two.object().strictly_equals(stranger); }), Errc::foreign_value);
  EXPECT_EQ(code_of([&] { two.keep("x", stranger); }), Errc::foreign_value);
}

TEST(Value, AMillionTemporariesLeaveNothing) {
  VM vm;
  const Value object = vm.eval("({x: {y: 'text'}})");
  vm.collect_garbage();
  const MemoryUsage before = vm.memory_usage();
  for (int i = 0; i < 1'000'000; ++i) (void)object["x"];
  vm.collect_garbage();
  const MemoryUsage after = vm.memory_usage();
  EXPECT_EQ(after.linear_bytes, before.linear_bytes);
  EXPECT_LE(after.used_bytes, before.used_bytes + 1024);
}

}  // namespace
}  // namespace quiesce
