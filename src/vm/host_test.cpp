// A8, A9: host functions, and what crosses when they fail.
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

TEST(Host, FunctionsAreTypedFromTheirSignature) {  // A8
  Host host;
  host.function("add", [](double a, double b) { return a + b; })
      .function("greet",
                [](const std::string& who, std::optional<int> times) {
                  std::string text;
                  for (int i = 0; i < times.value_or(1); ++i) text += "hello " + who + ";";
                  return text;
                })
      .function("nothing", [] {})
      .function("total",
                [](const std::vector<double>& all) {
                  double sum = 0;
                  for (const double x : all) sum += x;
                  return sum;
                })
      .function("count", [](Call& call) { return call.argument_count(); })
      .function("same", [](const Value& value) { return value; });
  VM vm{host};
  EXPECT_EQ(vm.eval("add(2, 40)").as<int>(), 42);
  EXPECT_EQ(vm.eval("greet('you')").as<std::string>(), "hello you;");
  EXPECT_EQ(vm.eval("greet('you', 2)").as<std::string>(), "hello you;hello you;");
  EXPECT_TRUE(vm.eval("nothing()").is_undefined());
  EXPECT_EQ(vm.eval("total([1, 2, 3])").as<int>(), 6);
  EXPECT_EQ(vm.eval("count(1, 'x', {}, [])").as<int>(), 4);
  EXPECT_EQ(vm.eval("count(...new Array(1000))").as<int>(), 1000);
  EXPECT_TRUE(vm.eval("const o = {}; same(o) === o").as<bool>());
  EXPECT_EQ(vm.eval("add.name + add.length").as<std::string>(), "add2");
  EXPECT_EQ(vm.eval("greet.length").as<int>(), 1);  // optional ones do not count
  EXPECT_EQ(thrown_text(vm, "add(1, 'x')"), "TypeError: add: argument 2 must be a number");
  EXPECT_EQ(thrown_text(vm, "new add(1, 2)").substr(0, 10), "TypeError:");
}

TEST(Host, ThisAndRawArguments) {  // A8
  Host host;
  host.function("me", [](Call& call) { return call.self()["tag"]; });
  VM vm{host};
  EXPECT_EQ(vm.eval("({tag: 'x', me}).me()").as<std::string>(), "x");
}

TEST(Host, ErrorsReachJavaScript) {
  std::vector<std::string> log;
  Host host;
  host.function("plain", [] { throw Error(Errc::io, "the disk is full"); })
      .function("range", [] { throw std::out_of_range("secret path /etc/host"); })
      .function("number", [] { throw 42; })
      .log([&](LogLevel, std::string_view text) { log.emplace_back(text); });
  VM vm{host};
  EXPECT_EQ(vm.eval("try { plain(); } catch (e) { e instanceof Error ? e.message : 'no' }")
                .as<std::string>(),
            "the disk is full");
  EXPECT_EQ(vm.eval("try { range(); } catch (e) { String(e) + e.stack }")
                .as<std::string>()
                .find("secret"),
            std::string::npos);
  EXPECT_EQ(vm.eval("try { number(); } catch (e) { e.message }").as<std::string>(),
            "internal error");
  ASSERT_EQ(log.size(), 2u);
  EXPECT_NE(log[0].find("secret path"), std::string::npos);
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST(Host, UncaughtErrorsComeOutWithTheOriginalNested) {
  Host host;
  host.function("fail", [] { throw std::out_of_range("original"); });
  VM vm{host};
  try {
    vm.eval("(() => fail())()");
    FAIL();
  } catch (const JSError& error) {
    ASSERT_TRUE(error.nested());
    EXPECT_THROW(std::rethrow_exception(error.nested()), std::out_of_range);
  }
}

TEST(Host, AJavaScriptErrorCrossesHostFramesUnchanged) {
  Host host;
  host.function("through", [](const Value& f) { return f(); });
  VM vm{host};
  EXPECT_TRUE(vm.eval(R"(
    const mine = new RangeError('mine');
    let seen;
    try { through(() => { throw mine; }); } catch (e) { seen = e; }
    seen === mine
  )")
                  .as<bool>());
  EXPECT_EQ(vm.eval("try { through(() => { throw 7; }) } catch (e) { e }").as<int>(), 7);
}

TEST(Host, ReenteringTheVM) {
  Host host;
  host.function("deeper", [](Call& call, int n) {
    return n == 0 ? Value(0)
                  : Value(call.vm().eval("deeper(" + std::to_string(n - 1) + ") + 1").as<int>());
  });
  VM vm{host};
  EXPECT_EQ(vm.eval("deeper(50)").as<int>(), 50);
  // Endless mutual recursion ends in an error that can be caught, again and again.
  host.function("forever", [](const Value& f) { return f(f); });
  VM other{host};
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(
        other.eval("try { const f = g => forever(g); f(f); } catch (e) { e.constructor.name }")
            .as<std::string>(),
        "RangeError");
    EXPECT_EQ(other.eval("1 + 1").as<int>(), 2);
  }
}

TEST(Host, RecursionThroughTheHostIsCatchable) {
  Host host;
  host.function("again", [](const Value& callback) { return callback(callback); });
  VM vm{host};
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(thrown_text(vm, "again(again)"), "RangeError: Maximum call stack size exceeded");
    EXPECT_EQ(
        vm.eval("var depth = 0; try { again(f => { ++depth; again(f) }) } catch {} depth > 50")
            .as<bool>(),
        true);
  }
}

TEST(Host, ValuesDestroyedWhileCalled) {
  std::optional<Value> held;
  Host host;
  host.function("drop", [&](const Value& f) {
    held.reset();
    return f();
  });
  VM vm{host};
  held = vm.eval("globalThis.big = {a: []}");
  vm.global().remove("big");
  EXPECT_EQ(vm.eval("drop(() => 3)").as<int>(), 3);
}

TEST(Host, AVMEndedByItsOwnHostFunction) {
  std::optional<VM> vm;
  Host host;
  host.function("end", [&] { vm.reset(); });
  vm.emplace(host);
  try {
    vm->eval("try { end(); } catch {} for (;;) {}");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::dead_vm);
  }
}

TEST(Host, SnapshotFromInsideIsRefused) {  // C14
  Host host;
  host.function("snap", [](Call& call) { call.vm().snapshot(); });
  VM vm{host};
  EXPECT_EQ(vm.eval("let after = 0; try { snap(); } catch (e) { after = 1; } after").as<int>(), 1);
}

TEST(Host, ConsoleGoesToTheLog) {
  std::vector<std::pair<LogLevel, std::string>> lines;
  Host host;
  host.log([&](LogLevel level, std::string_view text) { lines.emplace_back(level, text); });
  VM vm{host};
  vm.eval(
      "console.log('a', 1, {x: [1, 'two']}); console.error('bad %s', 'thing'); "
      "console.warn('ü😀')");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], std::pair(LogLevel::info, std::string("a 1 { x: [ 1, 'two' ] }")));
  EXPECT_EQ(lines[1], std::pair(LogLevel::error, std::string("bad thing")));
  EXPECT_EQ(lines[2], std::pair(LogLevel::warn, std::string("ü😀")));
}

TEST(Host, AHostIsTakenAsItIsWhenTheVMIsMade) {
  Host host;
  host.function("f", [] { return 1; });
  VM vm{host};
  host.function("f", [] { return 2; });
  EXPECT_EQ(vm.eval("f()").as<int>(), 1);
  VM later{host};
  EXPECT_EQ(later.eval("f()").as<int>(), 2);
}

TEST(Host, EqualSeedsAndClocksGiveEqualPrograms) {  // A14
  const auto run = [](std::uint64_t seed) {
    Host host;
    host.clock(fixed_clock(Time{std::chrono::seconds{1'700'000'000}}))
        .entropy(seeded_entropy(seed));
    VM vm{host};
    return vm.eval("[Math.random(), Math.random(), Date.now(), new Date().toISOString()].join()")
        .as<std::string>();
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
  EXPECT_NE(run(1).find("2023-11-14T22:13:20.000Z"), std::string::npos);
}

TEST(Host, TimeCanBeAdvanced) {  // A14
  Time now{std::chrono::seconds{1000}};
  Host host;
  host.clock([&] { return now; });
  VM vm{host};
  EXPECT_EQ(vm.eval("Date.now()").as<double>(), 1e6);
  now += std::chrono::milliseconds{1500};
  EXPECT_EQ(vm.eval("Date.now()").as<double>(), 1'001'500);
  EXPECT_EQ(vm.eval("performance.now()").as<double>(), 1500);
}

TEST(Host, Timezone) {
  Host host;
  host.timezone([](Time) { return std::chrono::minutes{120}; });
  VM vm{host};
  EXPECT_EQ(vm.eval("new Date(0).getHours()").as<int>(), 2);
  EXPECT_EQ(vm.eval("new Date(0).getTimezoneOffset()").as<int>(), -120);
  EXPECT_EQ(VM().eval("new Date(0).getHours()").as<int>(), 0);
}

}  // namespace
}  // namespace quiesce
