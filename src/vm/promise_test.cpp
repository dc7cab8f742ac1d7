// A9 to A11, D1, D6, C1: promises, calls that only the outside settles, jobs and timers.
#include <gtest/gtest.h>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

using namespace std::chrono_literals;

TEST(Promise, RunAnswersTheValueTheReasonOrNothing) {  // A10, A11
  VM vm;
  EXPECT_EQ(vm.run(vm.eval("(async () => { await 0; return 'done'; })()"))->as<std::string>(),
            "done");
  EXPECT_FALSE(vm.run(vm.eval("new Promise(() => {})")).has_value());
  try {
    vm.run(vm.eval("(async () => { await 0; throw new TypeError('late'); })()"));
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.name(), "TypeError");
    EXPECT_EQ(error.message(), "late");
  }
  EXPECT_TRUE(vm.take_unhandled_rejections().empty());
  EXPECT_EQ(attempt([&] { return vm.run(Value(1)); }).error().code(), Errc::type_mismatch);
}

TEST(Promise, StateAndResult) {  // A10
  VM vm;
  const Value promise = vm.eval("let done; const p = new Promise(r => done = r); p");
  EXPECT_EQ(promise.promise_state(), PromiseState::pending);
  vm.eval("done(5)");
  EXPECT_EQ(promise.promise_state(), PromiseState::fulfilled);
  EXPECT_EQ(promise.promise_result().as<int>(), 5);
  EXPECT_EQ(attempt([&] { return vm.object().promise_state(); }).error().code(),
            Errc::type_mismatch);
}

TEST(Promise, JobsRunOneByOne) {  // A11
  VM vm;
  vm.eval(
      "globalThis.order = ''; queueMicrotask(() => order += 'a'); Promise.resolve().then(() => "
      "order += 'b')");
  EXPECT_TRUE(vm.job_ready());
  EXPECT_TRUE(vm.run_one_job());
  EXPECT_EQ(vm.eval("order").as<std::string>(), "a");
  EXPECT_TRUE(vm.run_one_job());
  EXPECT_FALSE(vm.run_one_job());
  EXPECT_EQ(vm.eval("order").as<std::string>(), "ab");
}

TEST(Promise, AJobThatThrowsLeavesTheOthers) {
  VM vm;
  vm.eval(
      "globalThis.after = 0; queueMicrotask(() => { throw new Error('in job'); }); "
      "queueMicrotask(() => after = 1)");
  EXPECT_THROW(vm.run_until_idle(), JSError);
  vm.run_until_idle();
  EXPECT_EQ(vm.eval("after").as<int>(), 1);
}

TEST(Promise, UnhandledRejections) {
  VM vm;
  vm.eval(
      "Promise.reject(new Error('nobody')); const late = Promise.reject(1); late.catch(() => {})");
  vm.run_until_idle();
  const auto rejections = vm.take_unhandled_rejections();
  ASSERT_EQ(rejections.size(), 1u);
  EXPECT_EQ(rejections[0].reason["message"].as<std::string>(), "nobody");
  EXPECT_TRUE(vm.take_unhandled_rejections().empty());
  const Value marked = vm.eval("Promise.reject(2)");
  marked.mark_handled();
  vm.run_until_idle();
  EXPECT_TRUE(vm.take_unhandled_rejections().empty());
}

TEST(Pending, TheOutsideSettlesById) {  // A9, D1
  VM vm;
  const Value promise =
      vm.eval("(async () => [await quiesce.call('a', 1, {x: 'ü'}), await quiesce.call('b')])()");
  EXPECT_FALSE(vm.run(promise));
  auto calls = vm.pending_calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].id, 1u);
  EXPECT_EQ(calls[0].name, "a");
  EXPECT_EQ(calls[0].arguments_json, R"([1,{"x":"ü"}])");
  vm.deferred(1)->resolve("first");
  EXPECT_FALSE(vm.run(promise));
  calls = vm.pending_calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].id, 2u);
  EXPECT_EQ(calls[0].arguments_json, "[]");
  vm.deferred(2)->resolve(7);
  EXPECT_EQ(vm.run(promise)->to_json(), R"(["first",7])");
}

TEST(Pending, SettledTwiceOrUnknown) {  // C8
  VM vm;
  const Deferred deferred = vm.defer("x");
  deferred.resolve(1);
  EXPECT_EQ(attempt([&] { deferred.resolve(2); }).error().code(), Errc::unknown_call);
  EXPECT_EQ(attempt([&] { deferred.promise(); }).error().code(), Errc::unknown_call);
  EXPECT_FALSE(vm.deferred(1).has_value());
  EXPECT_FALSE(vm.deferred(0).has_value());
  EXPECT_FALSE(vm.deferred(~0ull).has_value());
}

TEST(Pending, AfterItsVM) {
  std::optional<Deferred> deferred;
  {
    VM vm;
    deferred = vm.defer("x");
  }
  EXPECT_EQ(attempt([&] { deferred->resolve(1); }).error().code(), Errc::dead_vm);
}

TEST(Pending, ArgumentsMustBeJson) {
  VM vm;
  EXPECT_EQ(vm.eval("try { quiesce.call('x', 1n); } catch (e) { e.name }").as<std::string>(),
            "TypeError");
  EXPECT_EQ(vm.eval("const o = {}; o.o = o; try { quiesce.call('x', o); } catch (e) { e.name }")
                .as<std::string>(),
            "TypeError");
  EXPECT_TRUE(vm.pending_calls().empty());
  vm.eval("const list = [1]; quiesce.call('x', list); list.push(2)");
  EXPECT_EQ(vm.pending_calls()[0].arguments_json, "[[1]]");
}

TEST(Pending, IdsAreNeverUsedTwiceNotEvenAfterARestore) {  // C1
  VM vm;
  vm.defer("a").resolve(1);
  vm.eval("globalThis.first = quiesce.call('b')");
  VM again{Host{}, vm.snapshot()};
  again.eval("globalThis.second = quiesce.call('c')");
  const auto calls = again.pending_calls();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].id, 2u);
  EXPECT_EQ(calls[1].id, 3u);
  again.deferred(2)->resolve("old");
  again.run_until_idle();
  EXPECT_EQ(again.eval("first").promise_result().as<std::string>(), "old");
  EXPECT_EQ(again.eval("second").promise_state(), PromiseState::pending);
}

TEST(Pending, AHostFunctionMayAnswerLater) {
  std::optional<std::uint64_t> id;
  Host host;
  host.function("charge", [&](Call& call, double cents) {
    const Deferred receipt = call.vm().defer("charge", cents);
    id = receipt.id();
    return receipt;
  });
  VM vm{host};
  const Value promise = vm.eval("(async () => 'paid ' + await charge(499))()");
  EXPECT_FALSE(vm.run(promise));
  EXPECT_EQ(vm.pending_calls()[0].arguments_json, "[499]");
  vm.deferred(*id)->reject(vm.error("RangeError", "declined"));
  EXPECT_THROW(vm.run(promise), JSError);
}

TEST(Timers, FollowTheClockOfTheHost) {  // D6
  Time now{1000s};
  Host host;
  host.clock([&] { return now; });
  VM vm{host};
  vm.eval(R"(
    globalThis.log = [];
    setTimeout((...a) => log.push('late', ...a), 5000, 'x');
    setTimeout(() => log.push('soon'), 10);
    const beat = setInterval(() => {
      log.push('beat');
      if (log.length > 4) clearInterval(beat);
    }, 2000);
  )");
  vm.run_until_idle();
  EXPECT_EQ(vm.eval("log.length").as<int>(), 0);
  EXPECT_EQ(vm.next_deadline(), now + 10ms);
  now += 10ms;
  vm.run_until_idle();
  EXPECT_EQ(vm.eval("log.join()").as<std::string>(), "soon");
  while (const auto deadline = vm.next_deadline()) {
    now = *deadline;
    vm.run_until_idle();
  }
  EXPECT_EQ(vm.eval("log.join()").as<std::string>(), "soon,beat,beat,late,x,beat");
}

TEST(Timers, SleepWithTheVM) {  // D6
  Time now{1000s};
  Host host;
  host.clock([&] { return now; });
  std::vector<std::byte> bytes;
  {
    VM vm{host};
    vm.keep("p", vm.eval("new Promise(r => setTimeout(r, 30 * 24 * 3600 * 1000, 'a month'))"));
    bytes = vm.snapshot().to_bytes();
  }
  VM vm{host, Snapshot::from_bytes(bytes)};
  EXPECT_FALSE(vm.run(*vm.kept("p")));
  EXPECT_EQ(vm.next_deadline(), now + std::chrono::days{30});
  now += std::chrono::days{31};
  EXPECT_EQ(vm.run(*vm.kept("p"))->as<std::string>(), "a month");
  EXPECT_FALSE(vm.next_deadline());
}

}  // namespace
}  // namespace quiesce
