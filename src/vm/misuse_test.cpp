// C8, and every function of the public classes in each wrong situation: the rows are in
// misuse_operations_test.cpp.
#include <gtest/gtest.h>

#include <thread>

#include "vm/machine.hpp"
#include "vm/misuse_operations.hpp"
#include "vm/testing.hpp"

namespace quiesce::misuse {
namespace {

TEST(Misuse, EachWorksWhereItShould) {
  for (const Operation& operation : operations()) {
    World world;
    try {
      operation.run(world);
    } catch (const std::exception& error) {
      ADD_FAILURE() << operation.name << ": " << error.what();
    }
  }
}

TEST(Misuse, InsideAHostFunction) {
  for (const Operation& operation : operations()) {
    World world;
    std::optional<Errc> code;
    world.inside([&] { code = code_of([&] { operation.run(world); }); });
    if (operation.inside == Inside::works) {
      EXPECT_EQ(code, std::nullopt) << operation.name;
    } else {
      EXPECT_EQ(code, Errc::busy) << operation.name;
    }
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << operation.name;
  }
}

TEST(Misuse, WhileBytesAreLent) {
  for (const Operation& operation : operations()) {
    World world;
    const Value buffer = world.vm.eval("new ArrayBuffer(8)");
    buffer.with_bytes([&](std::span<std::byte> bytes) {
      EXPECT_EQ(code_of([&] { operation.run(world); }), Errc::busy) << operation.name;
      bytes[0] = std::byte{1};
    });
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << operation.name;
  }
}

TEST(Misuse, AfterTheVm) {  // C8
  for (const Operation& operation : operations()) {
    World world;
    {
      const VM gone = std::move(world.vm);
    }
    EXPECT_EQ(code_of([&] { operation.run(world); }), Errc::dead_vm) << operation.name;
  }
  for (const Taker& taker : takers()) {
    World world;
    {
      const VM gone = std::move(world.vm);
    }
    EXPECT_EQ(code_of([&] { taker.run(world, world.constructor); }), Errc::dead_vm) << taker.name;
  }
}

TEST(Misuse, OfAPoisonedVm) {  // C8
  for (const Operation& operation : operations()) {
    World world;
    detail::ValueAccess::machine(world.vm).instance().poison(guest::TrapKind::unreachable);
    EXPECT_EQ(code_of([&] { operation.run(world); }), Errc::poisoned) << operation.name;
  }
}

TEST(Misuse, WithAValueOfAnotherVm) {  // C8
  VM other;
  const Value object = other.object(), function = other.eval("() => {}");
  for (const Taker& taker : takers()) {
    World world;
    EXPECT_EQ(code_of([&] { taker.run(world, function); }), Errc::foreign_value) << taker.name;
    // And nothing was taken over.
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << taker.name;
  }
  EXPECT_EQ(other.eval("6 * 7").as<int>(), 42);
}

TEST(Misuse, SingleMistakes) {
  for (const Mistake& mistake : mistakes()) {
    World world;
    EXPECT_EQ(code_of([&] { mistake.run(world); }), mistake.code) << mistake.name;
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << mistake.name;
  }
}

TEST(Misuse, AMovedFromVmIsADeadOne) {  // C8, A1
  VM vm;
  VM other = std::move(vm);
  EXPECT_EQ(code_of([&] { vm.eval("1"); }), Errc::dead_vm);
  EXPECT_EQ(code_of([&] { vm.snapshot(); }), Errc::dead_vm);
  vm = std::move(other);
  EXPECT_EQ(vm.eval("1").as<int>(), 1);
  VM& same = vm;
  vm = std::move(same);
  EXPECT_EQ(vm.eval("1").as<int>(), 1);
}

#if QUIESCE_THREAD_CHECKS
TEST(Misuse, TwoThreadsAtOnce) {
  World world;
  std::optional<Errc> code;
  world.inside([&] { std::thread([&] { code = code_of([&] { world.vm.eval("1"); }); }).join(); });
  EXPECT_EQ(code, Errc::wrong_thread);
  // One after the other is fine.
  std::thread([&] { code = code_of([&] { world.vm.eval("1"); }); }).join();
  EXPECT_EQ(code, std::nullopt);
  EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42);
}
#endif

}  // namespace
}  // namespace quiesce::misuse
