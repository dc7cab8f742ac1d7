// A15, A16, A17, C2, C3: every limit ends in an error, and the VM is as good as before, twenty
// times.
#include <gtest/gtest.h>

#include <atomic>
#include <stop_token>
#include <thread>

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

// ---- errors in numbers -------------------------------------------------------------------------

template <class F>
LimitReport report_of(F&& f) {
  const auto result = attempt(f);
  EXPECT_FALSE(result) << "nothing was thrown";
  if (result) return {};
  EXPECT_TRUE(result.error().limit_report()) << result.error().what();
  const LimitReport report = result.error().limit_report().value_or(LimitReport{});
  EXPECT_EQ(result.error().limit(), report.limit);
  return report;
}

TEST(Limits, ErrorsSayHowMuchWasUsed) {  // A15, A16, A17
  VM vm{Host{}, {.memory_bytes_max = 8u << 20, .stack_bytes_max = 128u << 10, .time_max = 20ms}};
  const LimitReport memory = report_of([&] { vm.eval("new Uint8Array(1 << 24)"); });
  EXPECT_EQ(memory.limit, Limit::memory);
  EXPECT_EQ(memory.allowed, 8u << 20);
  EXPECT_GT(memory.used, 1u << 24);
  EXPECT_LT(memory.used, (1u << 24) + (1u << 20));

  const LimitReport stack = report_of([&] { vm.eval("(function f() { f(); })()"); });
  EXPECT_EQ(stack.limit, Limit::stack);
  EXPECT_EQ(stack.allowed, 128u << 10);
  EXPECT_GT(stack.used, 120u << 10);
  EXPECT_LT(stack.used, 136u << 10);

  const LimitReport time = report_of([&] { vm.eval("for (;;);"); });
  EXPECT_EQ(time.limit, Limit::time);
  EXPECT_EQ(time.allowed, 20'000'000u);
  EXPECT_GE(time.used, 20'000'000u);

  const LimitReport input = report_of([&] { vm.string(std::string(16u << 20, 'x')); });
  EXPECT_EQ(input.limit, Limit::memory);
  EXPECT_GT(input.used, 16u << 20);

  VM thirsty{Host{}, {.fuel_max = 1000}};
  const LimitReport fuel = report_of([&] { thirsty.eval("for (;;);"); });
  EXPECT_EQ(fuel.limit, Limit::fuel);
  EXPECT_EQ(fuel.allowed, 1000u);
  EXPECT_EQ(fuel.used, 1000u);
  EXPECT_EQ(thirsty.fuel_used(), 1000u);
}

TEST(Limits, WhatMerelyLooksLikeALimitHasNoNumbers) {
  VM vm;
  try {
    vm.eval("throw new RangeError('Maximum call stack size exceeded')");
    FAIL();
  } catch (const JSError& error) {
    EXPECT_FALSE(error.limit_report());
  }
}

TEST(Limits, TheyAreInTheErrorOfAPromiseToo) {
  VM vm{Host{}, {.memory_bytes_max = 8u << 20}};
  const Value promise = vm.eval("(async () => { await 0; return new Uint8Array(1 << 24); })()");
  EXPECT_EQ(report_of([&] { vm.run(promise); }).allowed, 8u << 20);
}

TEST(Limits, ALimitBelowTheUseIsRefusedWithBothNumbers) {  // C12
  VM vm{Host{}, {.memory_bytes_max = 32u << 20}};
  vm.eval("globalThis.data = new Uint8Array(10 << 20)");
  const std::uint64_t used = vm.memory_usage().used_bytes;
  const Snapshot slept = vm.snapshot();
  for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{1}, used - 1}) {
    const auto refused =
        attempt([&] { VM again(Host{}, slept, {.limits = Limits{.memory_bytes_max = limit}}); });
    ASSERT_FALSE(refused) << limit;
    const Error& error = refused.error();
    EXPECT_EQ(error.code(), Errc::limit);
    ASSERT_TRUE(error.limit_report()) << error.what();
    EXPECT_GT(error.limit_report()->used, error.limit_report()->allowed);
    EXPECT_NE(std::string(error.what()).find(std::to_string(error.limit_report()->used)),
              std::string::npos);
    EXPECT_NE(std::string(error.what()).find(std::to_string(error.limit_report()->allowed)),
              std::string::npos);
  }
  VM enough(Host{}, slept, {.limits = Limits{.memory_bytes_max = used + (2u << 20)}});
  EXPECT_EQ(enough.eval("data.length").as<int>(), 10 << 20);

  const LimitReport awake = report_of([&] { vm.set_limits({.memory_bytes_max = 1u << 20}); });
  EXPECT_EQ(awake.allowed, 1u << 20);
  EXPECT_EQ(vm.limits().memory_bytes_max, 32u << 20) << "nothing has changed";
  vm.eval(
      "data = null; globalThis.cycle = {}; cycle.cycle = cycle; cycle.a = new Uint8Array(5 << 20); "
      "cycle = null");
  vm.set_limits({.memory_bytes_max = 4u << 20});  // garbage is no reason to refuse
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST(Limits, ARefusedChangeGivesNoFuelBack) {
  VM vm{Host{}, {.fuel_max = 50'000}};
  vm.eval("for (let i = 0; i < 5000; ++i);");
  const auto left = vm.fuel_left();
  EXPECT_THROW(vm.set_limits({.memory_bytes_max = 1}), Error);
  EXPECT_EQ(vm.fuel_left(), left);
}

// ---- slices of fuel ----------------------------------------------------------------------------

constexpr const char* kBusy = R"(
  globalThis.trace = [];
  const work = async (name, turns) => {
    for (let i = 0; i < turns; ++i) {
      for (let n = 0; n < 50 * (i + 1); ++n);
      trace.push(name + i);
      await 0;
    }
  };
  Promise.all([work('a', 20), work('b', 30)])
)";

constexpr std::uint64_t kBusySteps = 67872;

TEST(Fuel, IsTheSameInSlicesOrNot) {  // D10
  const auto used = [](std::uint64_t slice, std::uint64_t fuel_max, int& slices) {
    VM vm{Host{}, {.fuel_max = fuel_max}};
    const Value promise = vm.eval(kBusy);
    RunResult result;
    std::uint64_t in_slices = vm.fuel_used();
    do {
      result = vm.run(promise, {.fuel_slice = slice});
      in_slices += result.fuel_used;
      ++slices;
    } while (result.end == RunEnd::fuel_slice);
    EXPECT_EQ(result.end, RunEnd::settled);
    EXPECT_EQ(in_slices, vm.fuel_used());
    if (fuel_max != Limits::kUnlimited) {
      EXPECT_EQ(fuel_max - vm.fuel_left(), vm.fuel_used());
    }
    return vm.fuel_used();
  };
  int whole = 0, sliced = 0, tiny = 0, limited = 0;
  const auto steps = used(Limits::kUnlimited, Limits::kUnlimited, whole);
  EXPECT_EQ(used(2000, Limits::kUnlimited, sliced), steps);
  EXPECT_EQ(used(1, Limits::kUnlimited, tiny), steps);
  EXPECT_EQ(used(2000, 1'000'000, limited), steps);
  EXPECT_EQ(whole, 1);
  EXPECT_GT(sliced, 5);
  EXPECT_GT(tiny, 50);
  // The count itself is part of the contract: another number is another engine, in every build.
  EXPECT_EQ(steps, kBusySteps);
}

TEST(Fuel, SlicesSayWhyTheyStopped) {
  VM vm;
  vm.eval(kBusy);
  const RunResult first = vm.run_until_idle({.fuel_slice = 500});
  EXPECT_EQ(first.end, RunEnd::fuel_slice);
  EXPECT_GE(first.fuel_used, 500u);
  EXPECT_TRUE(vm.job_ready());
  EXPECT_EQ(vm.run_until_idle({.fuel_slice = 0}).end, RunEnd::fuel_slice);
  EXPECT_EQ(vm.run_until_idle(RunOptions{}).end, RunEnd::idle);
  EXPECT_EQ(vm.eval("trace.length").as<int>(), 50);
  EXPECT_EQ(vm.run(vm.eval("new Promise(() => {})"), RunOptions{}).end, RunEnd::idle);
}

TEST(Fuel, GoesOnInARestoredVM) {  // D10
  VM vm;
  const Value promise = vm.eval(kBusy);
  vm.keep("p", promise);
  vm.run(promise, {.fuel_slice = 3000});
  VM again{Host{}, vm.snapshot()};
  EXPECT_EQ(again.fuel_used(), vm.fuel_used());
  vm.run_until_idle();
  again.run_until_idle();
  EXPECT_EQ(again.fuel_used(), vm.fuel_used());
  EXPECT_EQ(again.eval("trace.join()").as<std::string>(),
            vm.eval("trace.join()").as<std::string>());
}

// ---- stop tokens -------------------------------------------------------------------------------

class StopToken : public testing::TestWithParam<Recursion> {};

// A loaded machine may schedule the thread late: of several tries the best one counts.
TEST_P(StopToken, StopsWithinTenMilliseconds) {  // A16
  VM vm;
  auto best = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 20 && best > 10ms; ++i) {
    std::stop_source source;
    vm.set_stop_token(source.get_token());
    std::atomic<std::chrono::steady_clock::duration> asked{};
    std::jthread other([&] {
      std::this_thread::sleep_for(5ms);
      asked = std::chrono::steady_clock::now().time_since_epoch();
      source.request_stop();
    });
    const auto result = attempt([&] { return vm.run(vm.eval(GetParam().code)); });
    const auto stopped = std::chrono::steady_clock::now().time_since_epoch();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), Errc::stopped) << result.error().what();
    EXPECT_FALSE(result.error().limit());
    best = std::min(best, stopped - asked.load());
    vm.set_stop_token({});
    ASSERT_EQ(vm.eval("1 + 1").as<int>(), 2);
  }
  EXPECT_LE(best, 10ms);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, StopToken,
    testing::Values(Recursion{"loop", "for (;;);"},
                    Recursion{"caught", "for (;;) try { for (;;); } catch {}"},
                    Recursion{"finally", "try { for (;;); } finally { for (;;); }"},
                    Recursion{"recursion",
                              "(() => { const f = n => n && (f(n - 1), f(n - 1)); f(60); })()"},
                    Recursion{"regexp", "/^(a+)+$/.test('a'.repeat(40) + 'b')"},
                    Recursion{"regexp_lookbehind", "/(?<=x(a+)+)c/.test('a'.repeat(40) + 'c')"},
                    Recursion{"jobs", "(async () => { for (;;) await 0; })()"},
                    Recursion{"generator", "[...(function* () { for (;;) yield 1; })()].length"}),
    [](const auto& tested) { return tested.param.what; });

TEST(Stopping, IsCheckedBeforeEachJob) {
  VM vm;
  std::stop_source source;
  Host host;
  source.request_stop();
  vm.eval("globalThis.ran = 0; for (let i = 0; i < 3; ++i) queueMicrotask(() => ++ran)");
  vm.set_stop_token(source.get_token());
  EXPECT_EQ(attempt([&] { vm.run_until_idle(); }).error().code(), Errc::stopped);
  vm.set_stop_token({});
  EXPECT_EQ(vm.eval("ran").as<int>(), 0);
  vm.run_until_idle();
  EXPECT_EQ(vm.eval("ran").as<int>(), 3);
}

TEST(Stopping, GoesThroughHostFunctions) {
  std::stop_source source;
  Host host;
  std::optional<Errc> inner;
  host.function("call", [&](Value f) {
    source.request_stop();
    const auto result = attempt([&] { return f(); });
    if (!result) inner = result.error().code();
    return 1;
  });
  VM vm{host};
  vm.set_stop_token(source.get_token());
  EXPECT_EQ(attempt([&] { vm.eval("try { call(() => { for (;;); }); } catch {} for (;;);"); })
                .error()
                .code(),
            Errc::stopped);
  EXPECT_EQ(inner, Errc::stopped);
  vm.set_stop_token({});
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

// ---- figures -----------------------------------------------------------------------------------

TEST(Figures, CountWhatThereIs) {  // A28
  VM vm;
  const MemoryUsage before = vm.memory_usage();
  vm.eval(R"(
    globalThis.objects = Array.from({length: 1000}, (_, i) => ({i}));
    globalThis.bytes = new ArrayBuffer(100000);
    globalThis.text = 'x'.repeat(50000) + 'y';
    globalThis.f = eval('() => '.repeat(50) + '1');
    globalThis.g = (a) => {
      if (a) throw new Error(a);
      return g(a + 1);
    };
  )");
  vm.collect_garbage();
  const MemoryUsage after = vm.memory_usage();
  EXPECT_GE(after.objects, before.objects + 1000);
  EXPECT_GE(after.object_bytes, before.object_bytes + 1000 * 24);
  EXPECT_GE(after.properties, before.properties + 1000);
  EXPECT_GT(after.property_bytes, before.property_bytes);
  EXPECT_GT(after.shapes, before.shapes);
  EXPECT_GT(after.shape_bytes, before.shape_bytes);
  EXPECT_GE(after.buffers, before.buffers + 1);
  EXPECT_GE(after.buffer_bytes, before.buffer_bytes + 100000);
  EXPECT_GE(after.functions, before.functions + 50);
  EXPECT_GT(after.function_bytes, before.function_bytes);
  EXPECT_GT(after.bytecode_bytes, before.bytecode_bytes);
  EXPECT_GT(after.atoms, 500u);
  EXPECT_GT(after.atom_bytes, 5000u);
  EXPECT_GT(after.native_functions, 100u);
  EXPECT_GE(after.arrays, before.arrays + 1);
  EXPECT_GE(after.fast_arrays, before.fast_arrays + 1);
  EXPECT_GE(after.fast_array_elements, before.fast_array_elements + 1000);
  EXPECT_GT(after.used_bytes, before.used_bytes + 150000);
  EXPECT_GE(after.linear_bytes, after.used_bytes);
  EXPECT_GT(after.allocations, before.allocations);
  EXPECT_GT(after.line_table_bytes, 0u);
  const Value held = vm.object();
  EXPECT_EQ(vm.memory_usage().handles, after.handles + 1);
}

TEST(Figures, TheThresholdOfCollectionIsTheHosts) {  // A28
  VM vm;
  const auto cycles = [&](int count) {
    vm.eval("for (let i = 0; i < " + std::to_string(count) + "; ++i) { const o = {}; o.o = o; }");
    return vm.memory_usage().objects;
  };
  vm.collect_garbage();
  const auto empty = vm.memory_usage().objects;
  vm.set_gc_threshold(std::nullopt);
  EXPECT_FALSE(vm.gc_threshold());
  EXPECT_GE(cycles(50000), empty + 50000) << "nothing is collected by itself";
  vm.collect_garbage();
  EXPECT_LT(vm.memory_usage().objects, empty + 100);
  vm.set_gc_threshold(vm.memory_usage().used_bytes + 100000);
  EXPECT_TRUE(vm.gc_threshold());
  EXPECT_LT(cycles(50000), empty + 40000);
  EXPECT_EQ(attempt([&] { vm.set_gc_threshold(std::uint64_t{1} << 32); }).error().code(),
            Errc::invalid_argument);
}

TEST(Figures, Versions) {  // A28
  EXPECT_TRUE(std::string(version()).find('.') != std::string::npos);
  EXPECT_TRUE(quickjs_version().starts_with("0."));
  EXPECT_EQ(std::string(engine()), VM().snapshot().engine());
  EXPECT_TRUE(wall() == "guard" || wall() == "checked");
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
