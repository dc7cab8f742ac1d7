// A15, A16, A17, C2, C3: every limit ends in an error, and the VM is as good as before, twenty
// times.
#include <gtest/gtest.h>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

using namespace std::chrono_literals;

constexpr int kTimes = 20;

// `code` runs into a limit; JavaScript catches `name`; then the VM still works.
void expect_caught(VM& vm, const std::string& code, const std::string& name) {
  for (int i = 0; i < kTimes; ++i) {
    const std::string wrapped =
        "(() => { try { " + code +
        "; return 'ended'; } catch (e) { return e?.name ?? String(e); } })()";
    ASSERT_EQ(vm.eval(wrapped).as<std::string>(), name) << code << " at turn " << i;
    ASSERT_EQ(vm.eval("[1, 2].map(x => x * 2).join()").as<std::string>(), "2,4") << code;
  }
}

struct Recursion {
  const char* what;
  const char* code;
};

class StackLimit : public testing::TestWithParam<Recursion> {};

TEST_P(StackLimit, IsCatchable) {  // A17, C2, C3
  VM vm;
  expect_caught(vm, GetParam().code, "RangeError");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, StackLimit,
    testing::Values(
        Recursion{"functions", "(function f() { f(); })()"},
        Recursion{"arrows", "const f = () => f() + 1; f()"},
        Recursion{"methods", "const o = {get x() { return this.x; }}; o.x"},
        Recursion{"to_string", "const o = {toString() { return '' + o; }}; '' + o"},
        Recursion{"json_parse", "JSON.parse('['.repeat(100000) + ']'.repeat(100000))"},
        Recursion{"json_parse_open", "JSON.parse('['.repeat(100000)); throw new RangeError()"},
        Recursion{"json_parse_objects",
                  "JSON.parse('{\"a\":'.repeat(100000) + '1' + '}'.repeat(100000))"},
        Recursion{"json_stringify",
                  "let d = {}; for (let i = 0; i < 200000; ++i) d = {d}; JSON.stringify(d)"},
        Recursion{"to_json",
                  "const o = {toJSON() { return JSON.stringify(o); }}; JSON.stringify(o)"},
        Recursion{"proxies",
                  "let p = {}; for (let i = 0; i < 100000; ++i) p = new Proxy(p, {}); p.x"},
        Recursion{"bound", "let b = () => 1; for (let i = 0; i < 8000; ++i) b = b.bind(null); b()"},
        Recursion{"flat",
                  "let a = [1]; for (let i = 0; i < 200000; ++i) a = [a]; a.flat(Infinity)"},
        Recursion{"join", "let a = [1]; for (let i = 0; i < 200000; ++i) a = [a]; a.join()"},
        Recursion{"instanceof",
                  "class A { static [Symbol.hasInstance](x) { return x instanceof A; } }; 1 "
                  "instanceof A"},
        Recursion{"spread", "function f(...a) { f(...a, 1); } f()"},
        Recursion{"generators", "function* g() { yield* g(); } [...g()]"},
        Recursion{"classes", "class A { constructor() { new A(); } } new A()"},
        Recursion{"sort", "function f() { [2, 1].sort(f); } f()"},
        Recursion{"replace", "function f() { 'x'.replace(/x/, f); } f()"},
        Recursion{"reflect", "function f() { Reflect.apply(f, null, []); } f()"},
        Recursion{
            "tagged_iterators",
            "const it = {[Symbol.iterator]() { return [...it][Symbol.iterator](); }}; [...it]"}),
    [](const auto& tested) { return tested.param.what; });

class DeepSource : public testing::TestWithParam<Recursion> {};

TEST_P(DeepSource, EndsInAnError) {
  VM vm;
  for (int i = 0; i < kTimes; ++i) {
    const std::string code =
        std::string("try { eval(") + GetParam().code + "); 'ended' } catch (e) { e.name }";
    const std::string name = vm.eval(code).as<std::string>();
    ASSERT_TRUE(name == "RangeError" || name == "SyntaxError") << name;
    ASSERT_EQ(vm.eval("1 + 1").as<int>(), 2);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DeepSource,
    testing::Values(
        Recursion{"parentheses", "'('.repeat(100000) + '1' + ')'.repeat(100000)"},
        Recursion{"arrays", "'['.repeat(100000) + ']'.repeat(100000)"},
        Recursion{"objects", "'({a:'.repeat(100000) + '1' + '})'.repeat(100000)"},
        Recursion{"blocks", "'{'.repeat(100000) + '}'.repeat(100000)"},
        Recursion{"functions", "'function f(){'.repeat(20000) + '}'.repeat(20000)"},
        Recursion{"arrows", "'()=>'.repeat(100000) + '1'"},
        Recursion{"unary", "'!'.repeat(100000) + '1'"},
        Recursion{"unary_minus", "'- '.repeat(100000) + '1'"},
        Recursion{"conditional", "'1?'.repeat(100000) + '1' + ':1'.repeat(100000)"},
        Recursion{"assignments", "'a='.repeat(100000) + '1'"},
        Recursion{"exponents", "'1**'.repeat(100000) + '1'"},
        Recursion{"ifs", "'if(1)'.repeat(100000) + ';'"},
        Recursion{"labels", "'for(;;)'.repeat(50000) + ';'"},
        Recursion{"templates", "'`${'.repeat(50000) + '1' + '}`'.repeat(50000)"},
        Recursion{"destructuring", "'var ' + '['.repeat(50000) + 'a' + ']'.repeat(50000) + '=1'"},
        Recursion{"classes", "'class A extends (' .repeat(20000) + 'B' + '){}'.repeat(20000)"},
        Recursion{"regexp_groups", "'/' + '('.repeat(50000) + ')'.repeat(50000) + '/'"},
        Recursion{"regexp_lookahead", "'/' + '(?='.repeat(50000) + ')'.repeat(50000) + '/'"},
        Recursion{"regexp_classes", "'/' + '['.repeat(50000) + ']'.repeat(50000) + '/v'"}),
    [](const auto& tested) { return tested.param.what; });

TEST(Limits, DeepGraphsAreFreedAndCollected) {
  VM vm;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(vm.eval("(() => { let d = {}; for (let i = 0; i < 1000000; ++i) d = {d}; d = null; "
                      "return 1; })()")
                  .as<int>(),
              1);
    EXPECT_EQ(vm.eval("(() => { let d = {}; const e = d; for (let i = 0; i < 300000; ++i) d = {d}; "
                      "e.d = d; return 1; })()")
                  .as<int>(),
              1);
    vm.collect_garbage();
    EXPECT_EQ(vm.eval("(() => { let s = ''; for (let i = 0; i < 300000; ++i) s = s + 'ab' ; return "
                      "s.length; })()")
                  .as<int>(),
              600000);
    EXPECT_EQ(vm.eval("(() => { let s = 'x'; for (let i = 0; i < 300000; ++i) s = 'ab' + s ; "
                      "return s.charCodeAt(5); })()")
                  .as<int>(),
              98);
    EXPECT_EQ(vm.eval("(() => { let p = Promise.resolve(); for (let i = 0; i < 100000; ++i) p = "
                      "p.then(() => 1); return 1; })()")
                  .as<int>(),
              1);
    vm.run_until_idle();
  }
}

TEST(Limits, MemoryIsCatchable) {  // A15
  VM vm{Host{}, {.memory_bytes_max = 32u << 20}};
  expect_caught(vm, "const all = []; for (;;) all.push(new Uint8Array(1 << 20))", "InternalError");
  expect_caught(vm, "new Uint8Array(1 << 30)", "InternalError");
  expect_caught(vm, "let s = 'x'; for (;;) s += s", "InternalError");
  expect_caught(vm, "const all = []; for (;;) all.push({a: [1, 2, 3], b: 'x' + all.length})",
                "InternalError");
  expect_caught(vm, "const m = new Map(); for (let i = 0;; ++i) m.set(i, {})", "InternalError");
  expect_caught(vm, "let a = []; for (;;) a = [a, a.concat(a)]", "InternalError");
}

TEST(Limits, MemoryUncaughtNamesTheLimit) {
  VM vm{Host{}, {.memory_bytes_max = 8u << 20}};
  for (int i = 0; i < kTimes; ++i) {
    try {
      vm.eval("new Uint8Array(1 << 30)");
      FAIL();
    } catch (const JSError& error) {
      EXPECT_EQ(error.limit(), Limit::memory) << error.what();
    }
  }
  try {
    vm.eval("(function f() { f(); })()");
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.limit(), Limit::stack);
  }
}

TEST(Limits, LargeInputsFromTheHost) {
  VM vm{Host{}, {.memory_bytes_max = 4u << 20}};
  const std::string large(16u << 20, 'x');
  for (int i = 0; i < kTimes; ++i) {
    EXPECT_EQ(attempt([&] { return vm.string(large); }).error().limit(), Limit::memory);
    EXPECT_EQ(attempt([&] { return vm.eval(large); }).error().limit(), Limit::memory);
  }
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

class TimeLimit : public testing::TestWithParam<Recursion> {};

TEST_P(TimeLimit, EndsWhatWouldNotEnd) {  // A16
  VM vm{Host{}, {.time_max = 30ms}};
  for (int i = 0; i < kTimes; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto result = attempt([&] { return vm.run(vm.eval(GetParam().code)); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), Errc::limit) << result.error().what();
    EXPECT_EQ(result.error().limit(), Limit::time);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    ASSERT_EQ(vm.eval("1 + 1").as<int>(), 2);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, TimeLimit,
    testing::Values(
        Recursion{"loop", "for (;;);"}, Recursion{"caught", "for (;;) try { for (;;); } catch {}"},
        Recursion{"finally", "try { for (;;); } finally { for (;;); }"},
        Recursion{"regexp", "/^(a+)+$/.test('a'.repeat(40) + 'b')"},
        Recursion{"regexp_lookbehind", "/(?<=x(a+)+)c/.test('a'.repeat(40) + 'c')"},
        Recursion{"recursion", "(() => { const f = n => n && (f(n - 1), f(n - 1)); f(60); })()"},
        Recursion{"sort", "new Array(1e5).fill(0).map((_, i) => i).sort(() => { for (;;); })"},
        Recursion{"jobs", "(async () => { for (;;) await 0; })()"},
        Recursion{"getter", "({get x() { for (;;); }}).x"},
        Recursion{"generator", "[...(function* () { for (;;) yield 1; })()].length"},
        Recursion{"async_body", "(async () => { await 0; for (;;); })()"}),
    [](const auto& tested) { return tested.param.what; });

TEST(Limits, ABuiltInThatNeverPollsIsStoppedByForce) {
  for (const char* code : {"Array.prototype.includes.call({length: 2 ** 53 - 1}, 1)",
                           "Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)",
                           "[].copyWithin.call({length: 2 ** 53 - 1}, 1)"}) {
    VM vm{Host{}, {.time_max = 50ms}};
    const auto begin = std::chrono::steady_clock::now();
    const auto result = attempt([&] { return vm.eval(code); });
    ASSERT_FALSE(result) << code;
    EXPECT_EQ(result.error().limit(), Limit::time) << result.error().what();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    const auto after = attempt([&] { return vm.eval("1"); });
    if (result.error().code() == Errc::poisoned) {
      EXPECT_EQ(after.error().code(), Errc::poisoned);
    } else {
      EXPECT_TRUE(after);
    }
  }
  VM other;
  EXPECT_EQ(other.eval("1 + 1").as<int>(), 2);
}

TEST(Limits, FuelIsCountedTheSameEachTime) {  // A16, D10
  const auto used = [](const char* code) {
    VM vm{Host{}, {.fuel_max = 10'000'000}};
    vm.eval(code);
    return 10'000'000 - vm.fuel_left();
  };
  EXPECT_EQ(used("for (let i = 0; i < 12345; ++i);"), used("for (let i = 0; i < 12345; ++i);"));
  EXPECT_GE(used("for (let i = 0; i < 12345; ++i);"), 12345u);
  EXPECT_LT(used("for (let i = 0; i < 12345; ++i);"), 30000u);

  VM vm{Host{}, {.fuel_max = 50'000}};
  for (int i = 0; i < kTimes; ++i) {
    EXPECT_EQ(attempt([&] { vm.eval("try { for (;;); } catch {}"); }).error().limit(), Limit::fuel);
    EXPECT_EQ(vm.fuel_left(), 0u);
  }
  Limits more = vm.limits();
  more.fuel_max = 1000;
  vm.set_limits(more);
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
  VM again{Host{}, vm.snapshot()};
  EXPECT_LE(again.fuel_left(), 1000u);
  EXPECT_EQ(attempt([&] { again.eval("for (;;);"); }).error().limit(), Limit::fuel);
}

TEST(Limits, NonsenseIsRefused) {
  EXPECT_EQ(attempt([] { VM vm(Host{}, {.stack_bytes_max = 100}); }).error().code(),
            Errc::invalid_argument);
  EXPECT_EQ(attempt([] { VM vm(Host{}, {.stack_bytes_max = 1u << 30}); }).error().code(),
            Errc::invalid_argument);
  EXPECT_EQ(attempt([] { VM vm(Host{}, {.time_max = -1s}); }).error().code(),
            Errc::invalid_argument);
  VM vm(Host{}, {.time_max = std::chrono::nanoseconds::max()});
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

}  // namespace
}  // namespace quiesce
