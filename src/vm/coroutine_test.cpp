// A9, A10: coroutines that await promises, and promises that are coroutines.
#include <gtest/gtest.h>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

/// Says when it goes, to show that frames do.
struct Guard {
  explicit Guard(int& counter) : count(&counter) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() { ++*count; }
  int* count;
};

Task<std::string> add_up(VM& vm, Value first, Value second) {
  const int a = (co_await vm.settled(first)).as<int>();
  const int b = (co_await vm.settled(second)).as<int>();
  co_return std::to_string(a + b);
}

TEST(Coroutine, AwaitsPromises) {  // A10
  VM vm;
  const Deferred outside = vm.defer("number");
  Task<std::string> sum = add_up(vm, outside.promise(), vm.eval("(async () => (await 0, 2))()"));
  EXPECT_FALSE(sum.done());
  EXPECT_EQ(attempt([&] { return sum.result(); }).error().code(), Errc::invalid_argument);
  vm.run_until_idle();
  EXPECT_FALSE(sum.done());
  outside.resolve(40);
  EXPECT_FALSE(sum.done()) << "not before a run";
  vm.run_until_idle();
  ASSERT_TRUE(sum.done());
  EXPECT_EQ(sum.result(), "42");
  EXPECT_EQ(std::move(sum).result(), "42");
}

TEST(Coroutine, WhatHasSettledIsThereAtOnce) {
  VM vm;
  const auto take = [](VM& its, Value promise) -> Task<int> {
    co_return (co_await its.settled(promise)).as<int>();
  };
  const auto done = take(vm, vm.eval("Promise.resolve(5)"));
  ASSERT_TRUE(done.done());
  EXPECT_EQ(done.result(), 5);
  const auto failed = take(vm, vm.eval("Promise.reject(new RangeError('x'))"));
  ASSERT_TRUE(failed.done());
  EXPECT_THROW(failed.result(), JSError);
  vm.run_until_idle();
  EXPECT_TRUE(vm.take_unhandled_rejections().empty());
}

TEST(Coroutine, RejectionsAreJSErrors) {
  VM vm;
  const auto catches = [](VM& its, Value promise) -> Task<std::string> {
    try {
      co_await its.settled(promise);
    } catch (const JSError& error) {
      co_return error.name() + " at " + std::to_string(error.value()["at"].as<int>());
    }
    co_return "nothing";
  };
  const auto task = catches(
      vm, vm.eval("(async () => { await 0; throw Object.assign(new TypeError, {at: 7}); })()"));
  vm.run_until_idle();
  EXPECT_EQ(task.result(), "TypeError at 7");
  const auto wrong = catches(vm, vm.object());
  EXPECT_EQ(attempt([&] { return wrong.result(); }).error().code(), Errc::type_mismatch);
}

TEST(Coroutine, TasksAwaitTasks) {
  VM vm;
  int gone = 0;
  const auto inner = [&gone](VM& its, Value promise) -> Task<std::unique_ptr<int>> {
    const Guard guard(gone);
    co_return std::make_unique<int>((co_await its.settled(promise)).template as<int>());
  };
  const auto fails = [](VM& its, Value promise) -> Task<> {
    co_await its.settled(promise);
    throw std::runtime_error("from C++");
  };
  const auto outer = [&](VM& its, Value promise) -> Task<std::string> {
    const std::unique_ptr<int> number = co_await inner(its, promise);
    EXPECT_EQ(gone, 1) << "a frame goes before those who wait for it are told";
    try {
      co_await fails(its, promise);
    } catch (const std::runtime_error& error) {
      co_return std::to_string(*number) + " " + error.what();
    }
    co_return "";
  };
  const Deferred deferred = vm.new_promise();
  const auto task = outer(vm, deferred.promise());
  const auto twice = [](Task<std::string> awaited) -> Task<std::size_t> {
    co_return (co_await awaited).size() + (co_await awaited).size();
  };
  const auto lengths = twice(task);
  deferred.resolve(3);
  vm.run_until_idle();
  EXPECT_EQ(task.result(), "3 from C++");
  EXPECT_EQ(lengths.result(), 20u);
}

TEST(Coroutine, ALongLoopNeedsNoStack) {
  VM vm;
  const auto loop = [](VM& its) -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 20000; ++i)
      sum += (co_await its.settled(its.eval("(async () => { await 0; return 1; })()")))
                 .template as<int>();
    co_return sum;
  };
  const auto task = loop(vm);
  vm.run_until_idle();
  EXPECT_EQ(task.result(), 20000);
}

TEST(Coroutine, TheEndOfTheVMEndsIt) {
  int gone = 0;
  std::optional<Errc> seen;
  auto waits = [&](VM& its) -> Task<> {
    const Guard guard(gone);
    const Value promise = its.eval("new Promise(() => {})");
    try {
      co_await its.settled(promise);
    } catch (const Error& error) {
      seen = error.code();
      throw;
    }
  };
  std::optional<Task<>> task;
  {
    VM vm;
    task = waits(vm);
    vm.run_until_idle();
    EXPECT_EQ(gone, 0);
  }
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(seen, Errc::dead_vm);
  EXPECT_EQ(attempt([&] { task->result(); }).error().code(), Errc::dead_vm);
}

TEST(Coroutine, ADroppedTaskGoesOn) {
  VM vm;
  std::string log;
  const auto work = [&log](VM& its) -> Task<> {
    co_await its.settled(its.eval("(async () => { await 0; })()"));
    log += "done";
  };
  {
    const auto dropped = work(vm);
  }
  vm.run_until_idle();
  EXPECT_EQ(log, "done");
}

/// A coroutine type that is not ours, whose owner may destroy it while it waits.
struct Plain {
  struct promise_type {
    Plain get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  std::coroutine_handle<promise_type> handle;
};

Plain store(VM& vm, Value promise, int& target) {
  target = (co_await vm.settled(promise)).as<int>();
}

TEST(Coroutine, WorksInCoroutinesOfAnyType) {
  VM vm;
  int target = 0;
  const Deferred deferred = vm.new_promise();
  const Plain finished = store(vm, deferred.promise(), target);
  const Plain destroyed = store(vm, deferred.promise(), target);
  destroyed.handle.destroy();
  deferred.resolve(9);
  vm.run_until_idle();
  EXPECT_EQ(target, 9);
  EXPECT_TRUE(finished.handle.done());
  finished.handle.destroy();
  const Plain throws =
      store(vm, vm.eval("(async () => { await 0; throw new Error('out'); })()"), target);
  EXPECT_THROW(vm.run_until_idle(), JSError) << "as a callback that throws";
  EXPECT_EQ(vm.eval("1").as<int>(), 1);
  throws.handle.destroy();
}

TEST(Coroutine, AHostFunctionMayBeOne) {  // A9
  Host host;
  std::optional<Deferred> outside;
  host.function("fetch_twice", [&](Call& call, double number) -> Task<double> {
    VM& vm = call.vm();
    outside = vm.defer("fetch", number);
    return [](VM& its, Value promise) -> Task<double> {
      const double answer = (co_await its.settled(promise)).as<double>();
      co_return answer * 2;
    }(vm, outside->promise());
  });
  host.function("fail", [](int how) -> Task<> {
    if (how == 0) throw Error(Errc::invalid_argument, "not zero");
    if (how == 1) throw std::runtime_error("secret path");
    co_return;
  });
  host.function("rethrow", [](Call& call, Value promise) -> Task<> {
    return
        [](VM& its, Value awaited) -> Task<> { co_await its.settled(awaited); }(call.vm(), promise);
  });
  VM vm{host};
  const Value promise = vm.eval("(async () => 'twice: ' + await fetch_twice(4))()");
  EXPECT_FALSE(vm.run(promise));
  EXPECT_EQ(vm.pending_calls().size(), 2u) << "the call, and the task without a name";
  outside->resolve(21);
  EXPECT_EQ(vm.run(promise)->as<std::string>(), "twice: 42");
  EXPECT_TRUE(vm.pending_calls().empty());

  const auto reason = [&](const std::string& call) {
    return vm.run(vm.eval(call + ".then(() => 'none', e => `${e.name}: ${e.message}`)"))
        ->as<std::string>();
  };
  EXPECT_EQ(reason("fail(0)"), "TypeError: not zero");
  EXPECT_EQ(reason("fail(1)"), "Error: internal error");
  EXPECT_EQ(reason("fail(2)"), "none");
  EXPECT_EQ(vm.run(vm.eval("globalThis.e = new RangeError; rethrow(Promise.reject(e)).then("
                           "() => 0, r => r === e)"))
                ->as<bool>(),
            true);
}

TEST(Coroutine, ATaskOutsideOfASleeperIsSettledById) {
  Host host;
  host.function("slow", [](Call& call) -> Task<int> {
    return [](VM& its) -> Task<int> {
      co_await its.settled(its.eval("new Promise(() => {})"));
      co_return 1;
    }(call.vm());
  });
  VM vm{host};
  vm.eval("globalThis.p = (async () => 1 + await slow())()");
  vm.run_until_idle();
  VM again{host, vm.snapshot()};
  ASSERT_EQ(again.pending_calls().size(), 1u);
  again.deferred(again.pending_calls()[0].id)->resolve(2);
  EXPECT_EQ(again.run(again.eval("p"))->as<int>(), 3);
}

}  // namespace
}  // namespace quiesce
