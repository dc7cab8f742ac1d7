// A4, A5, A6, A7, C5, C7: bytes, texts, bigints and properties to the last bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

using namespace std::string_literals;
using Bytes = std::vector<std::byte>;

// ---- bytes ----

TEST(WithBytes, IsTheMemoryItself) {  // A5
  VM vm;
  const Value buffer = vm.eval("globalThis.b = new ArrayBuffer(8); b");
  buffer.with_bytes([](std::span<std::byte> bytes) {
    ASSERT_EQ(bytes.size(), 8u);
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(i + 1);
  });
  EXPECT_EQ(vm.eval("new Uint8Array(b).join()").as<std::string>(), "1,2,3,4,5,6,7,8");
  const int sum = buffer.read_bytes([](std::span<const std::byte> bytes) {
    return std::accumulate(bytes.begin(), bytes.end(), 0,
                           [](int all, std::byte b) { return all + static_cast<int>(b); });
  });
  EXPECT_EQ(sum, 36);
  buffer.write_bytes(6, bytes_of({70, 80}));
  EXPECT_EQ(vm.eval("new Uint8Array(b).join()").as<std::string>(), "1,2,3,4,5,6,70,80");
  EXPECT_EQ(code_of([&] { buffer.write_bytes(7, bytes_of({1, 2})); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([&] { buffer.write_bytes(~0ull, bytes_of({1})); }), Errc::invalid_argument);
  EXPECT_EQ(vm.eval("new Uint8Array(b)[7]").as<int>(), 80);
  buffer.write_bytes(8, {});
}

TEST(WithBytes, EveryTypedArrayInBothDirections) {  // A4, A5
  VM vm;
  const struct {
    Class type;
    const char* name;
    std::size_t element;
    const char* elements;
  } types[] = {
      {Class::uint8_clamped_array, "Uint8ClampedArray", 1, "[0, 255]"},
      {Class::int8_array, "Int8Array", 1, "[-128, 127]"},
      {Class::uint8_array, "Uint8Array", 1, "[0, 255]"},
      {Class::int16_array, "Int16Array", 2, "[-32768, 32767]"},
      {Class::uint16_array, "Uint16Array", 2, "[0, 65535]"},
      {Class::int32_array, "Int32Array", 4, "[-2147483648, 2147483647]"},
      {Class::uint32_array, "Uint32Array", 4, "[0, 4294967295]"},
      {Class::bigint64_array, "BigInt64Array", 8, "[-(2n ** 63n), 2n ** 63n - 1n]"},
      {Class::biguint64_array, "BigUint64Array", 8, "[0n, 2n ** 64n - 1n]"},
      {Class::float16_array, "Float16Array", 2, "[-65504, 0.0999755859375]"},
      {Class::float32_array, "Float32Array", 4, "[-3.4028234663852886e38, 1.401298464324817e-45]"},
      {Class::float64_array, "Float64Array", 8, "[-0, 5e-324]"},
  };
  for (const auto& type : types) {
    const Value array = vm.eval("new "s + type.name + "(" + type.elements + ")");
    EXPECT_EQ(array.object_class(), type.type);
    const auto bytes = array.as<Bytes>();
    EXPECT_EQ(bytes.size(), 2 * type.element);
    const Value back = vm.typed_array(type.type, bytes);
    EXPECT_EQ(back.object_class(), type.type);
    vm.global().set("a", array);
    vm.global().set("b", back);
    EXPECT_TRUE(vm.eval("a.constructor === b.constructor && a.length === b.length &&"
                        "a.every((x, i) => Object.is(x, b[i]))")
                    .as<bool>())
        << type.name;
    array.with_bytes([&](std::span<std::byte> all) {
      EXPECT_TRUE(std::ranges::equal(all, bytes));
      std::ranges::fill(all, std::byte{0});
    });
    EXPECT_TRUE(vm.eval("a.every(x => x == 0)").as<bool>()) << type.name;
    if (type.element > 1) {
      EXPECT_EQ(code_of([&] { vm.typed_array(type.type, bytes_of({1})); }), Errc::invalid_argument);
    }
  }
  EXPECT_EQ(code_of([&] { vm.typed_array(Class::map, {}); }), Errc::invalid_argument);
}

TEST(WithBytes, ViewsAndResizableAndSharedBuffers) {  // A5
  VM vm;
  vm.eval(
      "b = new ArrayBuffer(8, {maxByteLength: 16}); new Uint8Array(b).set([0,1,2,3,4,5,6,7]);"
      "view = new DataView(b, 2, 3); tracking = new Uint16Array(b, 2); fixed = new Uint8Array(b, "
      "6, 2);"
      "s = new SharedArrayBuffer(4); im = b.slice(0, 4).transferToImmutable?.()");
  const auto bytes = [&](const char* name) { return vm.global()[name].as<Bytes>(); };
  EXPECT_EQ(bytes("view"), bytes_of({2, 3, 4}));
  EXPECT_EQ(bytes("tracking").size(), 6u);
  EXPECT_EQ(bytes("fixed"), bytes_of({6, 7}));
  vm.eval("b.resize(16)");
  EXPECT_EQ(bytes("tracking").size(), 14u);
  EXPECT_EQ(bytes("view"), bytes_of({2, 3, 4}));
  vm.eval("b.resize(5)");
  EXPECT_EQ(bytes("tracking").size(), 2u);  // whole elements
  EXPECT_EQ(bytes("view"), bytes_of({2, 3, 4}));
  EXPECT_FALSE(vm.global()["fixed"].try_as<Bytes>().has_value());  // out of bounds
  EXPECT_EQ(code_of([&] { vm.global()["fixed"].with_bytes([](auto) {}); }), Errc::type_mismatch);
  vm.eval("b.resize(8)");
  EXPECT_EQ(bytes("fixed"), bytes_of({0, 0}));
  vm.global()["s"].with_bytes([](std::span<std::byte> all) { all[3] = std::byte{9}; });
  EXPECT_EQ(vm.eval("new Uint8Array(s)[3]").as<int>(), 9);
  vm.eval("c = b.transfer()");
  for (const char* name : {"b", "view", "tracking", "fixed"}) {  // detached
    EXPECT_EQ(code_of([&] { vm.global()[name].read_bytes([](auto) {}); }), Errc::type_mismatch);
    EXPECT_FALSE(vm.global()[name].try_as<Bytes>().has_value());
  }
  EXPECT_EQ(bytes("c").size(), 8u);
  const Value immutable = vm.global()["im"];
  ASSERT_TRUE(immutable.is_object());
  EXPECT_EQ(immutable.as<Bytes>().size(), 4u);
  EXPECT_EQ(immutable.read_bytes([](auto all) { return all.size(); }), 4u);
  EXPECT_EQ(code_of([&] { immutable.with_bytes([](auto) {}); }), Errc::type_mismatch);
  EXPECT_EQ(vm.eval("new ArrayBuffer(0)").read_bytes([](auto all) { return all.size(); }), 0u);
  for (const char* other : {"({})", "'x'", "1", "undefined", "new Proxy(new ArrayBuffer(1), {})"})
    EXPECT_EQ(code_of([&] { vm.eval(other).with_bytes([](auto) {}); }), Errc::type_mismatch);
}

TEST(WithBytes, TheVmIsNotEnteredMeanwhile) {  // A5
  VM vm;
  const Value buffer = vm.eval("new ArrayBuffer(4)");
  const Value object = vm.object();
  buffer.with_bytes([&](std::span<std::byte> outer) {
    EXPECT_EQ(code_of([&] { vm.eval("1"); }), Errc::busy);
    EXPECT_EQ(code_of([&] { object.get("x"); }), Errc::busy);
    EXPECT_EQ(code_of([&] { vm.snapshot(); }), Errc::busy);
    EXPECT_EQ(code_of([&] { buffer.read_bytes([](auto) {}); }), Errc::busy);
    // Values may go, more than the release list holds.
    for (int i = 0; i < 3; ++i) outer[0] = std::byte{1};
  });
  EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
  EXPECT_THROW(buffer.with_bytes([](auto) { throw std::runtime_error("out"); }),
               std::runtime_error);
  EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
  std::vector<Value> many;
  for (int i = 0; i < 1000; ++i) many.push_back(vm.object());
  buffer.with_bytes([&](std::span<std::byte> all) {
    many.clear();
    std::memset(all.data(), 7, all.size());
  });
  EXPECT_EQ(buffer.as<Bytes>(), bytes_of({7, 7, 7, 7}));
  std::optional<VM> mortal(std::in_place);
  const Value last = mortal->eval("new ArrayBuffer(4)");
  last.with_bytes([&](std::span<std::byte> all) {
    mortal.reset();
    all[0] = std::byte{1};  // still there
  });
  EXPECT_EQ(code_of([&] { last.read_bytes([](auto) {}); }), Errc::dead_vm);
  Value own = vm.eval("new ArrayBuffer(4)");
  own.with_bytes([&](std::span<std::byte> all) {
    own = Value();
    all[0] = std::byte{1};
  });
}

// ---- texts ----

TEST(Text, StrictAndReplacing) {  // A4, A5
  VM vm;
  const std::string lone = "\xED\xA0\x80";
  EXPECT_EQ(vm.string(lone).length(), 1u);  // WTF-8, as `as<std::string>` gives it
  EXPECT_EQ(vm.string(lone).as<std::string>(), lone);
  EXPECT_EQ(code_of([&] { vm.string("\xff"); }), Errc::encoding);
  EXPECT_EQ(code_of([&] { vm.string(lone, Utf8::strict); }), Errc::encoding);
  EXPECT_EQ(vm.string("a\0b"s, Utf8::strict).length(), 3u);
  EXPECT_EQ(vm.string("a\xff\xE2\x82z", Utf8::replace).as<std::u16string>(), u"a\uFFFD\uFFFDz");
  EXPECT_EQ(vm.string(lone, Utf8::replace).as<std::u16string>(), u"\uFFFD\uFFFD\uFFFD");
  const Value broken = vm.eval("'a\\uD800b\\u{1F600}'");
  EXPECT_EQ(code_of([&] { (void)broken.utf8(Utf8::strict); }), Errc::encoding);
  EXPECT_EQ(broken.utf8(Utf8::replace), "a\uFFFDb\U0001F600");
  EXPECT_EQ(broken.as<std::string>(), "a" + lone + "b\U0001F600");
  EXPECT_EQ(vm.eval("'caf\\u00e9\\0'").utf8(Utf8::strict), "caf\u00e9\0"s);
  EXPECT_EQ(code_of([&] { (void)vm.eval("1").utf8(Utf8::strict); }), Errc::type_mismatch);
  // The halves of a pair, put together here, are the pair there.
  EXPECT_EQ(vm.string("\xED\xA0\xBD\xED\xB8\x80").as<std::string>(), "\U0001F600");
}

TEST(Text, EveryUnitSurvives) {  // A4, A5
  VM vm;
  std::u16string all;
  for (unsigned unit = 0; unit < 0x10000; ++unit) all.push_back(static_cast<char16_t>(unit));
  const Value value = vm.string(all);
  EXPECT_EQ(value.as<std::u16string>(), all);
  vm.global().set("all", value);
  EXPECT_TRUE(vm.eval("let ok = all.length === 65536;"
                      "for (let i = 0; i < 65536; ++i) ok &&= all.charCodeAt(i) === i; ok")
                  .as<bool>());
  std::reverse(all.begin(), all.end());
  EXPECT_EQ(vm.string(vm.string(all).as<std::string>()).as<std::u16string>(), all);  // no pairs now
}

TEST(Text, HalfAGigabyteIsRefusedOrWorks) {  // A4, A5
  const std::string text(512u << 20, 'x');
  VM small;  // 256 MiB
  EXPECT_EQ(code_of([&] { small.string(text); }), Errc::limit);
  EXPECT_EQ(code_of([&] { small.eval("'x'.repeat(2 ** 29)"); }), Errc::javascript);
  EXPECT_EQ(small.eval("1 + 1").as<int>(), 2);
  VM large{Host(), {.memory_bytes_max = 1400u << 20}};
  const Value value = large.string(text);
  EXPECT_EQ(value.length(), text.size());
  EXPECT_TRUE(value.as<std::string>() == text);
  EXPECT_EQ(code_of([&] { large.eval("'x'.repeat(2 ** 30)"); }), Errc::javascript);
  EXPECT_EQ(code_of([&] { large.parse_json(text); }).has_value(), true);
  EXPECT_EQ(large.eval("1 + 1").as<int>(), 2);
}

// ---- bigints ----

TEST(BigInts, AnySizeBothWays) {  // C5
  VM vm;
  for (const char* digits : {"0", "-1", "9223372036854775807", "9223372036854775808",
                             "-9223372036854775809", "18446744073709551616"}) {
    EXPECT_EQ(vm.bigint({digits}).as<BigInt>().digits, digits);
    EXPECT_EQ(vm.eval(digits + "n"s).as<BigInt>().digits, digits);
  }
  std::string long_one = "-";
  for (int i = 0; i < 100000; ++i) long_one.push_back(static_cast<char>('1' + (i * 7 + i / 9) % 9));
  const Value value = vm.bigint({long_one});
  EXPECT_EQ(value.as<BigInt>().digits, long_one);
  vm.global().set("n", value);
  EXPECT_TRUE(vm.eval("n < 0n && n % 10n === BigInt(-" + long_one.substr(long_one.size() - 1) + ")")
                  .as<bool>());
  EXPECT_EQ(code_of([&] { vm.bigint({std::string(2000000, '9')}); }),
            Errc::javascript);  // RangeError
  for (const char* wrong : {"", "-", "1.5", "0x10", " 1", "1n", "+1", "--1"})
    EXPECT_EQ(code_of([&] { vm.bigint({wrong}); }), Errc::invalid_argument) << wrong;
}

// ---- properties ----

TEST(Properties, EveryCallWithEveryKindOfKey) {  // A6
  VM vm;
  const Value object = vm.object();
  const Value symbol = vm.symbol("s");
  const std::string odd = "n\0\xED\xA0\x80"s;
  const std::vector<std::pair<std::string, Key>> keys = {
      {"name", Key("name")},
      {"index", Key(7)},
      {"symbol", Key(symbol)},
      {"large", Key(4294967296.0 > 0 ? 4294967296ll : 0)},
      {"odd", Key(odd)}};
  for (const auto& [what, key] : keys) {
    EXPECT_FALSE(object.has(key)) << what;
    object.set(key, 1);
    EXPECT_TRUE(object.has(key)) << what;
    EXPECT_TRUE(object.has_own(key)) << what;
    EXPECT_EQ(object.get(key).as<int>(), 1) << what;
    object.define(key, Value(2), {.writable = false, .enumerable = false, .configurable = true});
    EXPECT_EQ(code_of([&] { object.set(key, 3); }), Errc::javascript) << what;
    object.define_accessor(key, vm.eval("() => 4"), Value(),
                           {.enumerable = true, .configurable = true});
    EXPECT_EQ(object.get(key).as<int>(), 4) << what;
    EXPECT_EQ(code_of([&] { object.set(key, 3); }), Errc::javascript) << what;  // no setter
    EXPECT_TRUE(object.remove(key)) << what;
    EXPECT_FALSE(object.has_own(key)) << what;
    object.define(key, Value(5), {.enumerable = true});
    EXPECT_FALSE(object.remove(key)) << what;
  }
  EXPECT_EQ(object.keys().size(), 4u);
  EXPECT_EQ(object.keys(Keys::all).size(), 5u);
  EXPECT_EQ(object.keys(Keys::symbols).size(), 1u);
  EXPECT_TRUE(object.has("toString"));
  EXPECT_FALSE(object.has_own("toString"));
  EXPECT_EQ(code_of([&] { object.define_accessor("w", Value(), Value(), {.writable = true}); }),
            Errc::invalid_argument);
}

TEST(Properties, NothingSwallowsExceptions) {  // C7
  VM vm;
  const Value hostile = vm.eval(
      "new Proxy({}, Object.fromEntries(Reflect.ownKeys(Reflect).filter(k => typeof k === 'string')"
      "  .map(k => [k, () => { throw new RangeError(k) }])))");
  const Value frozen = vm.eval("Object.freeze({x: 1, get y() { throw new RangeError('get y') }})");
  const Value key = vm.eval("({toString() { throw new RangeError('key') }})");
  const Value unwilling = vm.eval(
      "(class { static set x(v) { throw new RangeError('set x') }"
      "  constructor() { throw new RangeError('new') } toJSON() { } static toJSON() { throw new "
      "RangeError('json') }"
      "  static toString() { throw new RangeError('string') } static valueOf() { throw new "
      "RangeError('number') }})");
  const Property open{true, true, true};
  const struct {
    const char* text;
    std::function<void()> call;
  } cases[] = {
      {"RangeError: get", [&] { hostile.get("x"); }},
      {"RangeError: get", [&] { hostile.get(0); }},
      {"RangeError: set", [&] { hostile.set("x", 1); }},
      {"RangeError: set", [&] { hostile.set(3, 1); }},
      {"RangeError: has", [&] { hostile.has("x"); }},
      {"RangeError: getOwnPropertyDescriptor", [&] { hostile.has_own("x"); }},
      {"RangeError: deleteProperty", [&] { hostile.remove("x"); }},
      {"RangeError: defineProperty", [&] { hostile.define("x", 1, open); }},
      {"RangeError: defineProperty", [&] { hostile.define_accessor("x", Value(), Value(), {}); }},
      {"RangeError: ownKeys", [&] { hostile.keys(); }},
      {"RangeError: get", [&] { hostile.to_json(); }},
      {"RangeError: get y", [&] { frozen.get("y"); }},
      {"TypeError: ", [&] { frozen.set("x", 2); }},
      {"TypeError: ", [&] { frozen.set("z", 2); }},
      {"TypeError: ", [&] { frozen.define("z", 2, open); }},
      {"TypeError: ", [&] { frozen.define_accessor("x", Value(), Value(), {}); }},
      {"RangeError: get y", [&] { frozen.to_json(); }},
      {"RangeError: key", [&] { frozen.get(key); }},
      {"RangeError: key", [&] { frozen.set(key, 1); }},
      {"RangeError: key", [&] { frozen.has(key); }},
      {"RangeError: key", [&] { frozen.has_own(key); }},
      {"RangeError: key", [&] { frozen.remove(key); }},
      {"RangeError: key", [&] { frozen.define(key, 1, open); }},
      {"RangeError: set x", [&] { unwilling.set("x", 1); }},
      {"RangeError: new", [&] { unwilling.construct(); }},
      {"RangeError: new", [&] { unwilling.construct_as(unwilling, {}); }},
      {"TypeError: ", [&] { unwilling(); }},
      {"RangeError: string", [&] { unwilling.to_string(); }},
      {"RangeError: number", [&] { unwilling.to_number(); }},
      {"RangeError: json", [&] { unwilling.to_json(); }},
  };
  for (const auto& each : cases) {
    try {
      each.call();
      ADD_FAILURE() << "nothing was thrown, but should: " << each.text;
    } catch (const JSError& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, std::strlen(each.text)), each.text);
    }
  }
  EXPECT_EQ(frozen["x"].as<int>(), 1);
}

TEST(Calls, NewTarget) {  // A7
  VM vm;
  vm.eval(
      "class A { constructor(x) { this.t = new.target.name; this.x = x } } class B extends A {}"
      "globalThis.A = A; globalThis.B = B; globalThis.f = () => {}");
  const Value a = vm.global()["A"], b = vm.global()["B"];
  const Value args[] = {Value(5)};
  EXPECT_EQ(a.construct(3)["t"].as<std::string>(), "A");
  const Value made = a.construct_as(b, args);
  EXPECT_EQ(made["t"].as<std::string>(), "B");
  EXPECT_EQ(made["x"].as<int>(), 5);
  vm.global().set("made", made);
  EXPECT_TRUE(vm.eval("made instanceof B").as<bool>());
  EXPECT_EQ(code_of([&] { a.construct_as(vm.global()["f"], args); }), Errc::javascript);
  EXPECT_EQ(code_of([&] { a.construct_as(Value(1), args); }), Errc::type_mismatch);
}

}  // namespace
}  // namespace quiesce
