// A25, C1: functions for a while, temporary values, tokens that find a value again.
#include <gtest/gtest.h>

#include <optional>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

// ---- callbacks ----

TEST(Callbacks, LiveAsLongAsTheirOwner) {  // A25
  VM vm;
  std::vector<int> seen;
  Value function;
  {
    const Callback each = vm.callback([&](int x) { seen.push_back(x); }, "each");
    function = each.function();
    vm.global().set("each", function);
    vm.eval("[1, 2, 3].forEach(x => each(x))");
    EXPECT_EQ(vm.eval("each.name + each.length").as<std::string>(), "each1");
    EXPECT_EQ(thrown_text(vm, "each('x')"),
              "TypeError: each: argument 1 must be an integer in range");
  }
  EXPECT_EQ(seen, (std::vector{1, 2, 3}));
  EXPECT_NE(thrown_text(vm, "each(4)").find("was unregistered"), std::string::npos);
  EXPECT_EQ(vm.eval("try { each(4) } catch (e) { e instanceof Error }").as<bool>(), true);
  EXPECT_EQ(seen.size(), 3u);
}

TEST(Callbacks, MoveReleaseAndUnregister) {  // A25
  VM vm;
  Callback one = vm.callback([] { return 1; });
  Callback two = vm.callback([] { return 2; });
  const Value was_two = two.function();
  two = std::move(one);
  EXPECT_EQ(two.function()().as<int>(), 1);
  EXPECT_THROW(was_two(), JSError);
  const Value kept = two.release();
  EXPECT_TRUE(two.function().is_undefined());
  two.unregister();
  EXPECT_EQ(kept().as<int>(), 1);
}

TEST(Callbacks, NeverReachAnotherOneAfterARestore) {  // C1, A25
  VM vm;
  const Callback old = vm.callback([] { return "old"; });
  vm.keep("old", old.function());
  const Snapshot snapshot = vm.snapshot();
  VM again{Host{}, snapshot};
  const Callback fresh = again.callback([] { return "fresh"; });
  const Value ghost = *again.kept("old");
  EXPECT_NE(attempt([&] { return ghost(); }).error().what(), nullptr);
  EXPECT_THROW(ghost(), JSError);
  EXPECT_EQ(fresh.function()().as<std::string>(), "fresh");
  EXPECT_EQ(old.function()().as<std::string>(), "old");
}

TEST(Callbacks, MayUnregisterThemselvesAndOutliveTheVM) {  // A25
  std::optional<Callback> self;
  std::optional<VM> vm(std::in_place);
  self = vm->callback([&, keeps = std::string("alive")] {
    self.reset();
    return keeps;
  });
  const Value function = self->function();
  EXPECT_EQ(function().as<std::string>(), "alive");
  EXPECT_THROW(function(), JSError);
  Callback ender = vm->callback([&] { vm.reset(); });
  const Value end = ender.function();
  EXPECT_EQ(attempt([&] { return end(); }).error().code(), Errc::dead_vm);
}

TEST(Callbacks, WhatTheyOwnGoesWithTheVM) {  // A25
  auto owned = std::make_shared<int>(1);
  {
    VM vm;
    vm.callback([owned] { return *owned; }).release();
    EXPECT_EQ(owned.use_count(), 2);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

// ---- scopes and tokens ----

TEST(Scopes, AMillionTemporariesKeepMemoryFlat) {  // A25
  VM vm;
  const Value f = vm.eval("x => ({x})");
  const auto round = [&] {
    for (int i = 0; i < 100'000; ++i) {
      const Value object = f(i);
      const Value x = object["x"];
      ASSERT_EQ(x.as<int>(), i);
    }
  };
  round();
  vm.collect_garbage();
  const MemoryUsage before = vm.memory_usage();
  for (int i = 0; i < 10; ++i) round();
  vm.collect_garbage();
  const MemoryUsage after = vm.memory_usage();
  EXPECT_LE(after.handles, before.handles + 1);
  EXPECT_LE(after.used_bytes, before.used_bytes + 4096);
  EXPECT_EQ(after.linear_bytes, before.linear_bytes);
}

TEST(Scopes, AMillionHostCallsKeepMemoryFlat) {  // A8, A25
  Host host;
  host.function("echo", [](const std::string& text, const Value& value) {
    return text.size() > 2 ? value : Value();
  });
  VM vm{host};
  vm.eval("for (let i = 0; i < 1e4; ++i) echo('text ' + i, {i})");
  const MemoryUsage before = vm.memory_usage();
  vm.eval("for (let i = 0; i < 1e6; ++i) echo('text ' + i, {i})");
  const MemoryUsage after = vm.memory_usage();
  EXPECT_LE(after.handles, before.handles + 300);
  EXPECT_EQ(after.linear_bytes, before.linear_bytes);
}

TEST(Scopes, AMillionCallbacksKeepMemoryFlat) {  // A25
  VM vm;
  const auto round = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const Callback callback = vm.callback([i] { return i; });
      if (i % 1000 == 0) {
        ASSERT_EQ(callback.function()().as<int>(), i);
      }
    }
  };
  round(10'000);
  const MemoryUsage before = vm.memory_usage();
  round(200'000);
  EXPECT_EQ(vm.memory_usage().linear_bytes, before.linear_bytes);
}

TEST(Tokens, FindTheValueAgainInEveryVM) {  // A25, C1
  VM vm;
  vm.keep("token-2", Value(7));  // a program may have taken the name
  const std::string one = vm.keep(vm.eval("({a: 1})"));
  const std::string two = vm.keep(vm.string("two"));
  EXPECT_NE(one, two);
  VM again{Host{}, vm.snapshot()};
  EXPECT_EQ(again.kept(one)->get("a").as<int>(), 1);
  EXPECT_EQ(again.kept(two)->as<std::string>(), "two");
  EXPECT_EQ(again.kept("token-2")->as<int>(), 7);
  EXPECT_TRUE(again.forget(two));
  const std::string three = again.keep(Value(3));
  EXPECT_NE(three, two);  // not given twice
  EXPECT_FALSE(again.kept(two).has_value());
}

}  // namespace
}  // namespace quiesce
