// A10, A12, C1: callbacks for promises, and the tracker of rejections.
#include <gtest/gtest.h>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

using State = Settlement::State;

TEST(Settled, TellsStateAndValueOnceFromARun) {  // A10
  VM vm;
  const Value promise = vm.eval("globalThis.p = new Promise((f, r) => { done = f; }); p; var done");
  std::vector<Settlement> told;
  vm.on_settled(vm.eval("p"), [&](const Settlement& settlement) { told.push_back(settlement); });
  vm.run_until_idle();
  EXPECT_TRUE(told.empty());
  vm.eval("done('now')");
  EXPECT_TRUE(told.empty()) << "not from eval";
  vm.run_until_idle();
  vm.run_until_idle();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].state, State::fulfilled);
  EXPECT_EQ(told[0].get().as<std::string>(), "now");

  vm.on_settled(vm.eval("Promise.reject(new TypeError('no'))"),
                [&](const Settlement& settlement) { told.push_back(settlement); });
  EXPECT_TRUE(vm.run_one_job());
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].state, State::rejected);
  EXPECT_EQ(told[1].value["name"].as<std::string>(), "TypeError");
  try {
    told[1].get();
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.message(), "no");
  }
  EXPECT_TRUE(vm.take_unhandled_rejections().empty()) << "to watch is to handle";
}

TEST(Settled, RunsNoCodeOfTheProgram) {
  VM vm;
  int calls = 0;
  vm.on_settled(vm.eval(R"(
    const p = Promise.resolve(1);
    p.then = () => { throw new Error('entered'); };
    Object.defineProperty(p, 'constructor', {get() { throw new Error('entered'); }});
    Promise.prototype.then = () => { throw new Error('entered'); };
    Object.freeze(p)
  )"),
                [&](const Settlement& settlement) { calls += settlement.get().as<int>(); });
  vm.run_until_idle();
  EXPECT_EQ(calls, 1);
}

TEST(Settled, RefusesWhatIsNoPromise) {
  VM vm, other;
  const auto ignore = [](const Settlement&) {};
  for (const char* code :
       {"1", "({then() {}})", "undefined", "'text'", "new Proxy(Promise.resolve(), {})"}) {
    EXPECT_EQ(attempt([&] { vm.on_settled(vm.eval(code), ignore); }).error().code(),
              Errc::type_mismatch)
        << code;
  }
  EXPECT_EQ(attempt([&] { vm.on_settled(vm.eval("Promise.resolve()"), nullptr); }).error().code(),
            Errc::invalid_argument);
  const Value foreign = other.eval("Promise.resolve()");
  EXPECT_EQ(attempt([&] { vm.on_settled(foreign, ignore); }).error().code(), Errc::foreign_value);
  EXPECT_EQ(attempt([&] { vm.run(foreign); }).error().code(), Errc::foreign_value);
}

TEST(Settled, ACallbackThatThrowsLeavesTheOthers) {
  VM vm;
  std::string order;
  for (const char* name : {"a", "b", "c"}) {
    vm.on_settled(vm.eval("Promise.resolve(1)"), [&order, name](const Settlement&) {
      order += name;
      if (*name == 'b') throw std::runtime_error("from b");
    });
  }
  EXPECT_THROW(vm.run_until_idle(), std::runtime_error);
  EXPECT_EQ(order, "ab");
  vm.run_until_idle();
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST(Settled, ACallbackMayUseTheVM) {
  VM vm;
  std::string bytes;
  std::optional<Snapshot> slept;
  const Deferred deferred = vm.defer("x");
  std::string seen;
  vm.on_settled(vm.eval("Promise.resolve(2)"), [&](const Settlement& settlement) {
    seen += std::to_string(vm.eval("20 + 1").as<int>() * settlement.get().as<int>());
    deferred.resolve("settled inside");
    slept = vm.snapshot();  // no JavaScript is on the stack
    vm.run_until_idle();
  });
  vm.on_settled(deferred.promise(),
                [&](const Settlement& settlement) { seen += " " + settlement.get().to_string(); });
  vm.run_until_idle();
  EXPECT_EQ(seen, "42 settled inside");
  ASSERT_TRUE(slept);
  VM again{Host{}, *slept};
  EXPECT_EQ(again.eval("1 + 1").as<int>(), 2);
}

TEST(Settled, ACallbackMayEndTheVM) {
  for (const bool awaits : {false, true}) {
    auto vm = std::make_unique<VM>();
    const Value never = vm->eval("new Promise(() => {})");
    vm->on_settled(vm->eval("Promise.resolve(1)"), [&](const Settlement&) { vm.reset(); });
    vm->eval("Promise.resolve().then(() => {})");
    if (awaits) {
      EXPECT_EQ(attempt([&] { vm->run(never); }).error().code(), Errc::dead_vm);
    } else {
      EXPECT_EQ(vm->run_until_idle(RunOptions{}).end, RunEnd::vm_ended);
    }
    EXPECT_FALSE(vm);
  }
  auto vm = std::make_unique<VM>();
  vm->on_settled(vm->eval("Promise.resolve(1)"), [&](const Settlement&) { vm.reset(); });
  EXPECT_TRUE(vm->run_one_job());
  EXPECT_FALSE(vm);
}

TEST(Settled, TheEndOfTheVMIsTold) {
  std::vector<Errc> told;
  const auto note = [&](const Settlement& settlement) {
    EXPECT_EQ(settlement.state, State::lost);
    told.push_back(attempt([&] { settlement.get(); }).error().code());
    if (told.size() == 1) throw std::runtime_error("into the log");
  };
  std::string log;
  Host host;
  host.log([&](LogLevel, std::string_view text) { log += text; });
  {
    VM vm{host};
    vm.on_settled(vm.eval("new Promise(() => {})"), note);
    vm.on_settled(vm.eval("new Promise(() => {})"), note);
  }
  EXPECT_EQ(told, (std::vector{Errc::dead_vm, Errc::dead_vm}));
  EXPECT_NE(log.find("into the log"), std::string::npos);

  // By a host function that ends its own VM, and by moving another one over it.
  std::unique_ptr<VM> vm;
  host.function("end", [&] { vm.reset(); });
  vm = std::make_unique<VM>(host);
  vm->on_settled(vm->eval("new Promise(() => {})"), note);
  EXPECT_EQ(attempt([&] { vm->eval("end()"); }).error().code(), Errc::dead_vm);
  EXPECT_EQ(told.size(), 3u);
  VM first{host};
  first.on_settled(first.eval("new Promise(() => {})"), note);
  {
    VM second = std::move(first);
  }
  EXPECT_EQ(told.size(), 4u);
}

TEST(Settled, ARestoredVMNeverMistakesAnOldWatchForItsOwn) {  // C1
  VM vm;
  vm.eval("globalThis.p = new Promise(f => globalThis.done = f)");
  int old_calls = 0;
  int new_calls = 0;
  vm.on_settled(vm.eval("p"), [&](const Settlement& s) { old_calls += s.state != State::lost; });
  const Snapshot slept = vm.snapshot();
  VM again{Host{}, slept};
  again.on_settled(again.eval("Promise.resolve('mine')"), [&](const Settlement& settlement) {
    EXPECT_EQ(settlement.get().as<std::string>(), "mine");
    ++new_calls;
  });
  again.eval("done('old')");
  again.run_until_idle();
  EXPECT_EQ(new_calls, 1);
  EXPECT_EQ(old_calls, 0);
  vm.eval("done('here')");
  vm.run_until_idle();
  EXPECT_EQ(old_calls, 1);
}

TEST(Settled, AHundredThousandLeaveNothingBehind) {
  VM vm;
  int calls = 0;
  const auto round = [&] {
    for (int i = 0; i < 10000; ++i) {
      vm.on_settled(vm.eval("Promise.resolve(1)"), [&](const Settlement&) { ++calls; });
    }
    vm.run_until_idle();
    vm.collect_garbage();
    return vm.memory_usage();
  };
  const MemoryUsage first = round();
  MemoryUsage last{};
  for (int i = 0; i < 9; ++i) last = round();
  EXPECT_EQ(calls, 100000);
  EXPECT_EQ(last.objects, first.objects);
  EXPECT_EQ(last.handles, first.handles);
}

TEST(Promise, MadeByTheHostWithoutAName) {  // A9
  VM vm;
  const Deferred deferred = vm.new_promise();
  vm.global().set("p", deferred.promise());
  const Value waiting = vm.eval("(async () => 'got ' + await p)()");
  EXPECT_FALSE(vm.run(waiting));
  VM again{Host{}, vm.snapshot()};
  ASSERT_EQ(again.pending_calls().size(), 1u);
  EXPECT_EQ(again.pending_calls()[0].name, "");
  again.deferred(deferred.id())->resolve("it");
  EXPECT_EQ(again.run(again.eval("p"))->as<std::string>(), "it");
  deferred.reject(vm.error("RangeError", "gone"));
  EXPECT_THROW(vm.run(waiting), JSError);
}

TEST(Promise, HandledMark) {  // A10
  VM vm;
  const Value promise = vm.eval("globalThis.p = Promise.reject(1); p");
  EXPECT_FALSE(promise.is_handled());
  vm.eval("p.catch(() => {})");
  EXPECT_TRUE(promise.is_handled());
  const Value other = vm.eval("Promise.reject(2)");
  other.mark_handled();
  EXPECT_TRUE(other.is_handled());
  EXPECT_EQ(attempt([&] { vm.object().is_handled(); }).error().code(), Errc::type_mismatch);
}

// ---- rejections ---------------------------------------------------------------------------------

class Rejections : public testing::Test {
 protected:
  Rejections() {
    host_.on_rejection([this](VM& vm, const Rejection& rejection) {
      told_ += (rejection.kind == Rejection::Kind::handled ? "handled " : "unhandled ") +
               rejection.reason.to_string() + "; ";
      if (during_) during_(vm, rejection);
    });
  }

  std::string told_;
  std::function<void(VM&, const Rejection&)> during_;
  Host host_;
};

TEST_F(Rejections, AreToldOnceTheJobsHaveDrained) {  // A12
  VM vm{host_};
  vm.eval(R"(
    Promise.reject('nobody');
    const soon = Promise.reject('handled in a job');
    Promise.resolve().then(() => {}).then(() => soon.catch(() => {}));
  )");
  EXPECT_EQ(told_, "");
  vm.run_until_idle();
  EXPECT_EQ(told_, "unhandled nobody; ");
  vm.run_until_idle();
  EXPECT_EQ(told_, "unhandled nobody; ");
  EXPECT_TRUE(vm.take_unhandled_rejections().empty()) << "each is told in one way";
}

TEST_F(Rejections, AreToldAgainWhenSomebodyHandlesThemLater) {  // A12
  VM vm{host_};
  vm.eval("globalThis.p = Promise.reject('late'); globalThis.q = Promise.reject('never')");
  vm.run_until_idle();
  vm.eval("p.catch(() => {}); p.catch(() => {})");
  vm.run_until_idle();
  EXPECT_EQ(told_, "unhandled late; unhandled never; handled late; ");
  vm.eval("globalThis.f = Object.freeze(Promise.reject('frozen'))");
  vm.run_until_idle();
  vm.eval("f").mark_handled();
  vm.run_until_idle();
  EXPECT_EQ(told_,
            "unhandled late; unhandled never; handled late; unhandled frozen; handled frozen; ");
  EXPECT_EQ(vm.eval("Reflect.ownKeys(f).length").as<int>(), 0) << "the mark is not to be seen";
}

TEST_F(Rejections, HandledByTheCallbackAreNotToldAgain) {
  VM vm{host_};
  during_ = [](VM&, const Rejection& rejection) { rejection.promise.mark_handled(); };
  vm.eval("Promise.reject('x')");
  vm.run_until_idle();
  vm.run_until_idle();
  EXPECT_EQ(told_, "unhandled x; ");
}

TEST_F(Rejections, TheCallbackMayThrowOrEndTheVM) {
  auto vm = std::make_unique<VM>(host_);
  during_ = [](VM&, const Rejection&) { throw std::runtime_error("enough"); };
  vm->eval("globalThis.a = Promise.reject('a'); Promise.reject('b')");
  EXPECT_THROW(vm->run_until_idle(), std::runtime_error);
  during_ = nullptr;
  vm->run_until_idle();
  vm->eval("a.catch(() => {})");
  vm->run_until_idle();
  EXPECT_EQ(told_, "unhandled a; unhandled b; handled a; ");
  during_ = [&](VM&, const Rejection&) { vm.reset(); };
  vm->eval("Promise.reject('c')");
  vm->run_until_idle();
  EXPECT_FALSE(vm);
}

TEST_F(Rejections, AreFoundByARestoredVM) {
  VM vm{host_};
  vm.eval("globalThis.p = Promise.reject('before')");
  vm.run_until_idle();
  vm.eval("Promise.reject('not told yet')");
  VM again{host_, vm.snapshot()};
  told_.clear();
  again.eval("p.catch(() => {})");
  again.run_until_idle();
  EXPECT_EQ(told_, "unhandled not told yet; handled before; ");
}

TEST_F(Rejections, WhatRunThrowsIsNotToldToo) {
  VM vm{host_};
  EXPECT_THROW(vm.run(vm.eval("(async () => { await 0; throw new Error('x'); })()")), JSError);
  vm.run_until_idle();
  EXPECT_EQ(told_, "");
}

TEST_F(Rejections, KeepNoPromiseAlive) {
  VM vm{host_};
  const auto round = [&] {
    vm.eval("for (let i = 0; i < 20000; ++i) Promise.reject(i)");
    vm.run_until_idle();
    vm.collect_garbage();
    told_.clear();
    return vm.memory_usage().objects;
  };
  const auto first = round();
  EXPECT_LE(round(), first + 10);
  // And where nobody asks, no more than the latest.
  VM careless;
  careless.eval("for (let i = 0; i < 20000; ++i) Promise.reject(i)");
  careless.run_until_idle();
  careless.collect_garbage();
  EXPECT_LT(careless.memory_usage().objects, VM().memory_usage().objects + 1100);
  const auto kept = careless.take_unhandled_rejections();
  ASSERT_EQ(kept.size(), 1024u);
  EXPECT_EQ(kept.back().reason.as<int>(), 19999);
}

TEST_F(Rejections, MatchWhatATakerSees) {  // the old way agrees with the tracker
  VM vm;
  vm.eval("Promise.reject('a'); const b = Promise.reject('b'); b.catch(() => {})");
  vm.run_until_idle();
  const auto taken = vm.take_unhandled_rejections();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].reason.as<std::string>(), "a");
  EXPECT_EQ(taken[0].kind, Rejection::Kind::unhandled);
  EXPECT_FALSE(taken[0].promise.is_handled());
}

}  // namespace
}  // namespace quiesce
