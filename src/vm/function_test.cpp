// A8, A9: callables of every kind as host functions, typed by their signatures; futures.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <thread>
#include <variant>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

struct Point {
  double x = 0, y = 0;
  std::optional<std::string> label;
};
enum class Color { red, green };
struct Tree {
  int value = 0;
  std::vector<Tree> children;
};

}  // namespace
}  // namespace quiesce

template <>
struct quiesce::Convert<quiesce::Point> : quiesce::Members<quiesce::Point> {
  static constexpr const char* kName = "a point";
  static constexpr auto kMembers =
      std::tuple(Member("x", &Point::x), Member("y", &Point::y), Member("label", &Point::label));
};
template <>
struct quiesce::Convert<quiesce::Color> : quiesce::Enumerators<quiesce::Color> {
  static constexpr const char* kName = "a color";
  static constexpr auto kEnumerators =
      std::array{std::pair("red", Color::red), std::pair("green", Color::green)};
};
template <>
struct quiesce::Convert<quiesce::Tree> : quiesce::Members<quiesce::Tree> {
  static constexpr const char* kName = "a tree";
  static constexpr auto kMembers =
      std::tuple(Member("value", &Tree::value), Member("children", &Tree::children));
};

namespace quiesce {
namespace {

using namespace std::chrono_literals;

double twice(double x) { return 2 * x; }
double thrice(double x) noexcept { return 3 * x; }

struct Ledger {
  double total = 0;
  double charge(double cents) { return total += cents; }
  double sum() const noexcept { return total; }
};

TEST(Function, EveryKindOfCallable) {  // A8
  Ledger ledger;
  auto shared = std::make_shared<Ledger>();
  int calls = 0;
  Host host;
  host.function("twice", &twice)
      .function("thrice", thrice)
      .function("object", std::function<int(int)>([](int x) { return x + 1; }))
      .function("charge", &Ledger::charge, &ledger)
      .function("sum", &Ledger::sum, std::cref(ledger))
      .function("sharedCharge", &Ledger::charge, shared)
      .function<int(int)>("shift", std::bind_front([](int by, int x) { return by + x; }, 10))
      .function<double(double)>("generic", [](auto x) { return x; })
      .function("moveOnly", [owned = std::make_unique<int>(5)](int x) { return *owned + x; })
      .function("count", [n = 0]() mutable noexcept { return ++n; })
      .function("raw", HostFunction([](Call& call) { return Value(call.argument_count()); }))
      .function("byReference", [&](const std::string& a, std::string&& b, std::string c) {
        ++calls;
        return a + b + c;
      });
  VM vm{host};
  EXPECT_EQ(vm.eval("[twice(2), thrice(2), object(2), charge(5), charge(5), sum(), sharedCharge(1),"
                    " shift(2), generic(1.5), moveOnly(1), count(), count(), raw(1, 2)].join()")
                .as<std::string>(),
            "4,6,3,5,10,10,1,12,1.5,6,1,2,2");
  EXPECT_EQ(vm.eval("byReference('a', 'b', 'c')").as<std::string>(), "abc");
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(ledger.total, 10);
}

// Refused with a readable sentence, at compile time.
static_assert(!detail::HasSignature<decltype([](auto x) { return x; })>);
static_assert(!detail::HasSignature<decltype(std::bind_front(twice, 1.0))>);
static_assert(detail::HasSignature<decltype(&Ledger::sum)>);

TEST(Function, EmptyOnesAreRefused) {
  Host host;
  double (*none)(double) = nullptr;
  EXPECT_EQ(attempt([&] { host.function("f", none); }).error().code(), Errc::invalid_argument);
  EXPECT_EQ(attempt([&] { host.function("f", std::function<void()>()); }).error().code(),
            Errc::invalid_argument);
  EXPECT_EQ(attempt([&] { host.function("f", 0, HostFunction()); }).error().code(),
            Errc::invalid_argument);
  EXPECT_EQ(attempt([&] { host.function("", [] {}); }).error().code(), Errc::invalid_argument);
}

TEST(Function, NamesAndArities) {  // A8
  Host host;
  host.function("none", [] {})
      .function("two", [](int, const std::string&) {})
      .function("optional", [](int, std::optional<int>, int) {})
      .function("rest", [](Call&, int, Rest<int>) {})
      .function("values", [](std::span<const Value>) {});
  VM vm{host};
  EXPECT_EQ(vm.eval("[none, two, optional, rest, values].map(f => f.name + f.length).join()")
                .as<std::string>(),
            "none0,two2,optional1,rest1,values0");
}

TEST(Function, ViewsAreOwnedByTheCall) {  // A8
  Host host;
  host.function("narrow", [](std::string_view text) { return text.size(); })
      .function("wide", [](std::u16string_view text) { return std::u16string(text) + u"!"; })
      .function("bytes", [](std::span<const std::byte> bytes) { return bytes.size(); })
      .function("numbers",
                [](std::span<const double> numbers) {
                  double sum = 0;
                  for (const double x : numbers) sum += x;
                  return sum;
                })
      .function("maybe", [](std::optional<std::string_view> text) { return text.has_value(); });
  VM vm{host};
  EXPECT_EQ(vm.eval("narrow('a\\0b')").as<int>(), 3);
  EXPECT_EQ(vm.eval("wide('\\ud800')").as<std::u16string>(), u"\xD800!");
  EXPECT_EQ(vm.eval("bytes(new Uint16Array(5))").as<int>(), 10);
  EXPECT_EQ(vm.eval("numbers([1, 2]) + numbers(new Float64Array([3, 4]))").as<int>(), 10);
  EXPECT_EQ(thrown_text(vm, "numbers(new Float32Array(1))"),
            "TypeError: numbers: argument 1 must be an array");
  EXPECT_EQ(vm.eval("maybe() + maybe('') * 10").as<int>(), 10);
}

TEST(Function, RestTakesWhatRemains) {  // A8
  Host host;
  host.function("join",
                [](std::string_view by, const Rest<std::string>& parts) {
                  std::string text;
                  for (const std::string& part : parts) {
                    text += text.empty() ? "" : by;
                    text += part;
                  }
                  return text;
                })
      .function("last", [](int, std::span<const Value> values) {
        return values.empty() ? Value() : values.back();
      });
  VM vm{host};
  EXPECT_EQ(vm.eval("join('-', 'a', 'b', 'c') + join('-')").as<std::string>(), "a-b-c");
  EXPECT_EQ(vm.eval("last(1, 2, 'x')").as<std::string>(), "x");
  EXPECT_TRUE(vm.eval("last(1)").is_undefined());
  EXPECT_EQ(thrown_text(vm, "join('-', 'a', 2)"), "TypeError: join: argument 3 must be a string");
}

TEST(Function, ContainersBothWays) {  // A8
  Host host;
  host.function("map",
                [](std::map<std::string, double> m) {
                  m["added"] = 1;
                  return m;
                })
      .function("hash",
                [](const std::unordered_map<std::string, std::vector<int>>& m) {
                  return m.at("a").at(1);
                })
      .function("tuple",
                [](std::tuple<int, std::string> t, std::pair<bool, int> p, std::array<int, 3> a) {
                  return std::tuple(std::get<1>(t), p, a, std::optional<int>(), std::monostate(),
                                    nullptr);
                })
      .function("nested",
                [](const std::vector<std::map<std::string, std::vector<double>>>& v) { return v; })
      .function("point",
                [](Point p) {
                  p.x += 1;
                  return p;
                })
      .function("colors", [](const std::vector<Color>& colors) { return colors.back(); })
      .function("flags", [](std::vector<bool> flags) {
        flags.flip();
        return flags;
      });
  VM vm{host};
  const auto json = [&](const std::string& code) { return vm.eval(code).to_json(); };
  EXPECT_EQ(json("map({b: 2, a: 1})"), R"({"a":1,"added":1,"b":2})");
  EXPECT_EQ(json("hash({a: [1, 2]})"), "2");
  EXPECT_EQ(json("tuple([1, 'x'], [true, 2], [1, 2, 3])"),
            R"(["x",[true,2],[1,2,3],null,null,null])");
  EXPECT_EQ(json("nested([{a: [1]}, {}])"), R"([{"a":[1]},{}])");
  EXPECT_EQ(json("point({x: 1, y: 2, z: 3})"), R"({"x":2,"y":2})");
  EXPECT_EQ(json("point({x: 1, y: 2, label: 'p'})"), R"({"x":2,"y":2,"label":"p"})");
  EXPECT_EQ(json("colors(['red', 'green'])"), R"("green")");
  EXPECT_EQ(json("flags([true, false])"), "[false,true]");
  // A key is data, whatever it is called.
  EXPECT_EQ(
      vm.eval("const m = map(JSON.parse('{\"__proto__\": 1}')); "
              "Object.getPrototypeOf(m) === Object.prototype && Object.hasOwn(m, '__proto__')")
          .as<bool>(),
      true);
  EXPECT_EQ(vm.value(Color::green).as<Color>(), Color::green);
  EXPECT_EQ(attempt([&] { return vm.value(static_cast<Color>(9)); }).error().code(),
            Errc::invalid_argument);
}

TEST(Function, ErrorsNameThePlace) {  // A8
  Host host;
  host.function("numbers", [](const std::vector<double>&) {})
      .function("deep", [](int, const std::map<std::string, std::vector<Point>>&) {})
      .function("pair", [](std::pair<int, int>) {})
      .function("color", [](Color) {})
      .function("either", [](std::variant<double, std::string, std::vector<int>>) {})
      .function("byte", [](std::uint8_t) {});
  VM vm{host};
  EXPECT_EQ(thrown_text(vm, "numbers([1, 2, 'x'])"),
            "TypeError: numbers: argument 1, element 3 must be a number");
  EXPECT_EQ(thrown_text(vm, "deep(1, {a: [{x: 1, y: 2}, {x: 1}]})"),
            "TypeError: deep: argument 2, property 'a', element 2, property 'y' must be a number");
  EXPECT_EQ(thrown_text(vm, "deep(1, {a: [7]})"),
            "TypeError: deep: argument 2, property 'a', element 1 must be a point");
  EXPECT_EQ(thrown_text(vm, "deep(1, [])"), "TypeError: deep: argument 2 must be a plain object");
  EXPECT_EQ(thrown_text(vm, "pair([1])"),
            "TypeError: pair: argument 1 must be an array of 2 elements");
  EXPECT_EQ(thrown_text(vm, "color('blue')"), "TypeError: color: argument 1 must be a color");
  EXPECT_EQ(thrown_text(vm, "either(true)"),
            "TypeError: either: argument 1 must be a number or a string or an array");
  EXPECT_EQ(thrown_text(vm, "either([1, 'x'])"),
            "TypeError: either: argument 1, element 2 must be an integer in range");
  EXPECT_EQ(thrown_text(vm, "byte(256)"),
            "TypeError: byte: argument 1 must be an integer in range");
  EXPECT_EQ(thrown_text(vm, "byte()"), "TypeError: byte: argument 1 must be an integer in range");
}

TEST(Function, AVariantLooksWithoutRunningGuestCode) {  // A8, C17
  Host host;
  host.function(
      "kind",
      [](const std::variant<std::monostate, bool, int, double, std::string, std::pair<int, int>,
                            std::vector<int>, Point, std::map<std::string, Value>>& v) {
        return v.index();
      });
  VM vm{host};
  EXPECT_EQ(vm.eval("[kind(), kind(true), kind(1), kind(1.5), kind('x'), kind([1, 2]), kind([1]), "
                    "kind({x: 1, y: 2}), kind({z: 1})].join()")
                .as<std::string>(),
            "0,1,2,3,4,5,6,7,8");
  EXPECT_EQ(vm.eval("let ran = 0; const trap = new Proxy({}, {get() { ++ran; }, ownKeys() { ++ran; "
                    "return []; }, has() { ++ran; }, getOwnPropertyDescriptor() { ++ran; }}); "
                    "try { kind(trap); } catch {} ran")
                .as<int>(),
            0);
}

TEST(Function, Durations) {
  Host host;
  host.function("ms", [](std::chrono::milliseconds d) { return d.count(); })
      .function("us", [](std::chrono::microseconds d) { return d.count(); })
      .function("hours", [](std::chrono::hours d) { return d; })
      .function("exact", [](std::chrono::duration<double> d) { return d.count(); });
  VM vm{host};
  EXPECT_EQ(vm.eval("[ms(1500), us(0.25), us(-3.001), hours(7200000), exact(1.5)].join()")
                .as<std::string>(),
            "1500,250,-3001,7200000,0.0015");
  EXPECT_EQ(thrown_text(vm, "ms(0.5)"),
            "TypeError: ms: argument 1 must be a number of milliseconds");
  EXPECT_EQ(thrown_text(vm, "hours(1)"),
            "TypeError: hours: argument 1 must be a number of milliseconds");
  for (const char* bad : {"ms(NaN)", "ms(Infinity)", "us(1e300)"}) {
    EXPECT_NE(thrown_text(vm, bad), "nothing was thrown") << bad;
  }
}

TEST(Function, HostileContainersStayBounded) {
  Host host;
  host.function("numbers", [](const std::vector<double>& v) { return v.size(); })
      .function("values", [](const std::vector<Value>& v) { return v.size(); })
      .function("grid", [](const std::vector<std::vector<double>>& v) { return v.size(); })
      .function("texts", [](const std::vector<std::string>& v) { return v.size(); })
      .function("tree", [](const Tree& tree) { return tree.children.size(); });
  VM vm{host};
  // 2^32 - 1 elements that take no memory in the guest.
  EXPECT_NE(thrown_text(vm, "const a = []; a.length = 4294967295; numbers(a)").find("256 MiB"),
            std::string::npos);
  EXPECT_NE(thrown_text(vm, "values(a)").find("256 MiB"), std::string::npos);
  // Not an array, whatever it says about its length.
  EXPECT_EQ(thrown_text(vm, "numbers({length: 2 ** 53})"),
            "TypeError: numbers: argument 1 must be an array");
  // Ten thousand times the same row.
  EXPECT_NE(thrown_text(vm, "grid(new Array(10000).fill(new Float64Array(10000)))").find("256 MiB"),
            std::string::npos);
  EXPECT_NE(thrown_text(vm, "texts(new Array(1000).fill('x'.repeat(1e6)))").find("256 MiB"),
            std::string::npos);
  // An object that contains itself.
  EXPECT_NE(thrown_text(vm, "const t = {value: 1, children: []}; t.children.push(t); tree(t)")
                .find("nested more than 100 levels"),
            std::string::npos);
  EXPECT_EQ(vm.eval("tree({value: 1, children: [{value: 2, children: []}]})").as<int>(), 1);
  // An array that shrinks while it is read.
  EXPECT_EQ(thrown_text(vm,
                        "const s = [0, 1, 2]; Object.defineProperty(s, 0, {get() { s.length = 1; "
                        "return 0; }}); numbers(s)"),
            "TypeError: numbers: argument 1, element 2 must be a number");
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

// ---- conversions that throw ----

struct Fragile {
  int value;
};

}  // namespace
}  // namespace quiesce

template <>
struct quiesce::Convert<quiesce::Fragile> {
  static constexpr const char* kName = "something fragile";
  static Value to(VM&, const Fragile& from) {
    if (from.value == 13) throw std::runtime_error("a secret of to");
    return Value(from.value);
  }
  static std::optional<Fragile> from(const Value& value) {
    const int number = value.as<int>();
    if (number == 7) throw std::runtime_error("a secret of from");
    return Fragile{number};
  }
};

namespace quiesce {
namespace {

TEST(Function, ConversionsOfUserTypesMayThrow) {
  std::vector<std::string> log;
  Host host;
  host.function("fragile", [](Fragile f) { return f; }).log([&](LogLevel, std::string_view text) {
    log.emplace_back(text);
  });
  VM vm{host};
  EXPECT_EQ(vm.eval("fragile(1)").as<int>(), 1);
  EXPECT_EQ(thrown_text(vm, "fragile(7)"), "Error: internal error");
  EXPECT_EQ(thrown_text(vm, "fragile(13)"), "Error: internal error");
  EXPECT_EQ(thrown_text(vm, "fragile('x')").substr(0, 10), "TypeError:");
  ASSERT_EQ(log.size(), 2u);
  EXPECT_NE(log[0].find("a secret of from"), std::string::npos);
  EXPECT_NE(log[1].find("a secret of to"), std::string::npos);
}

// ---- futures ----

TEST(Future, SettlesThePromise) {  // A9
  std::promise<int> number;
  std::promise<void> nothing;
  Host host;
  host.function("number", [&](const std::string&) { return number.get_future(); })
      .function("nothing", [&] { return nothing.get_future(); })
      .function("lazy", [] { return std::async(std::launch::deferred, [] { return "lazy"; }); })
      .function("both", [] {
        return std::async(std::launch::async, [] { return std::vector<int>{1, 2}; }).share();
      });
  VM vm{host};
  const Value waiting = vm.eval("Promise.all([number('x'), nothing(), lazy(), both()])");
  EXPECT_FALSE(vm.wait_for_outside(std::chrono::steady_clock::now() + 1s) && vm.run(waiting));
  ASSERT_GE(vm.pending_calls().size(), 2u);
  EXPECT_EQ(vm.pending_calls()[0].name, "number");
  EXPECT_EQ(vm.pending_calls()[0].arguments_json, "[\"x\"]");
  std::thread outside([&] {
    std::this_thread::sleep_for(20ms);
    number.set_value(42);
    std::this_thread::sleep_for(20ms);
    nothing.set_value();
  });
  std::optional<Value> result;
  while (!(result = vm.run(waiting)) && vm.wait_for_outside()) {
  }
  outside.join();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->to_json(), "[42,null,\"lazy\",[1,2]]");
  EXPECT_TRUE(vm.pending_calls().empty());
  EXPECT_FALSE(vm.wait_for_outside());
}

TEST(Future, WhatItThrowsIsTranslatedAsAlways) {  // A9, C9
  std::vector<std::string> log;
  Host host;
  const auto failing = [](auto error) {
    return [error] { return std::async(std::launch::deferred, [error]() -> int { throw error; }); };
  };
  host.function<std::future<int>()>("plain", failing(Error(Errc::io, "the disk is full")))
      .function<std::future<int>()>("secret", failing(std::runtime_error("/etc/host/secret")))
      .function("sync", []() -> std::future<int> { throw Error(Errc::limit, "too many"); })
      .function("invalid", [] { return std::future<int>(); })
      .log([&](LogLevel, std::string_view text) { log.emplace_back(text); });
  VM vm{host};
  const auto reason = [&](const std::string& call) {
    return vm.run(vm.eval(call + "().catch(e => e.name + ': ' + e.message)"))->as<std::string>();
  };
  EXPECT_EQ(reason("plain"), "Error: the disk is full");
  EXPECT_EQ(reason("secret"), "Error: internal error");
  EXPECT_EQ(reason("sync"), "RangeError: too many");
  EXPECT_EQ(reason("invalid"), "Error: internal error");
  EXPECT_EQ(log.size(), 2u);
  try {
    vm.run(vm.eval("secret()"));
    FAIL();
  } catch (const JSError& error) {
    EXPECT_THROW(std::rethrow_exception(error.nested()), std::runtime_error);
  }
}

TEST(Future, TheRowSleepsAndAnotherProcessSettlesIt) {  // A9, A18, A19
  auto never = std::make_shared<std::promise<std::string>>();
  Host host;
  host.function("charge", [never](int, const Value&) { return never->get_future(); });
  std::vector<std::byte> bytes;
  {
    VM vm{host};
    // What has no JSON form is left out of the row.
    vm.keep("order", vm.eval("charge(499, 1n).then(receipt => 'paid ' + receipt)"));
    bytes = vm.snapshot().to_bytes();
  }
  VM again{host, Snapshot::from_bytes(bytes)};
  ASSERT_EQ(again.pending_calls().size(), 1u);
  EXPECT_EQ(again.pending_calls()[0].name, "charge");
  EXPECT_EQ(again.pending_calls()[0].arguments_json, "[]");
  EXPECT_FALSE(again.wait_for_outside());
  again.deferred(again.pending_calls()[0].id)->resolve("ch_42");
  EXPECT_EQ(again.run(*again.kept("order"))->as<std::string>(), "paid ch_42");
}

TEST(Future, ACallSettledOtherwiseDropsTheResult) {
  std::promise<int> slow;
  Host host;
  host.function("slow", [&] { return slow.get_future(); });
  VM vm{host};
  const Value promise = vm.eval("slow()");
  vm.deferred(vm.pending_calls()[0].id)->resolve(1);
  slow.set_value(2);
  vm.run_until_idle();
  EXPECT_EQ(vm.run(promise)->as<int>(), 1);
}

}  // namespace
}  // namespace quiesce
