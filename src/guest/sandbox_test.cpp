#include "guest/sandbox.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>

#include "guest/sandbox_testing.hpp"

namespace quiesce::guest {
namespace {

using testing::Probe;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;

constexpr u32 kMemoryBytes = 2 * 65536;

// ---- calls --------------------------------------------------------------------------------------

TEST(Sandbox, CallsAndReturns) {
  Probe probe;
  EXPECT_EQ(probe.call<u32>("add", 2u, 3u), 5u);
  EXPECT_EQ(probe.call<u32>("add", 0xffffffffu, 2u), 1u);
  EXPECT_EQ(probe.sandbox.depth(), 0u);
}

TEST(Sandbox, LoadsTheDataOfTheModule) {
  Probe probe;
  EXPECT_EQ(probe.call<u32>("load8", 1024u), u32{'d'});
  const auto text = probe.sandbox.memory().bytes(1024, 18);
  EXPECT_EQ(std::memcmp(text.data(), "data of the module", 18), 0);
}

TEST(Sandbox, PassesAllTypesToImportsAndBack) {
  Probe probe;
  probe.world.on_call = [](u32 a, u64 b, double c) {
    EXPECT_EQ(a, 0xfffffffeu);
    EXPECT_EQ(b, 0x8000000000000001u);
    EXPECT_EQ(c, -0.5);
    return u64{0xfedcba9876543210};
  };
  EXPECT_EQ(probe.call<u64>("call", 0xfffffffeu, u64{0x8000000000000001}, -0.5),
            0xfedcba9876543210u);
}

TEST(Sandbox, ManyCallsToImportsKeepTheGuestsState) {
  Probe probe;
  std::vector<u32> told;
  probe.world.on_tell = [&](u32 value) { told.push_back(value); };
  EXPECT_EQ(probe.call<u32>("tell_down", 1000u), 1000u);
  ASSERT_EQ(told.size(), 1001u);
  EXPECT_EQ(told.front(), 1000u);
  EXPECT_EQ(told.back(), 0u);
}

TEST(Sandbox, CallsThroughTheTable) {
  Probe probe;
  EXPECT_EQ(probe.call<u32>("indirect", 1u, 41u), 42u);
}

TEST(Sandbox, CallsThroughTheTableWithAnotherSignatureTrap) {
  for (const u32 index : {2u, 3u})
    EXPECT_EQ(Probe().trap_of("indirect", index, 1u), TrapKind::indirect_call);
}

TEST(Sandbox, CallsThroughEmptySlotsAndBeyondTheTableTrap) {
  for (const u32 index : {0u, 5u, 6u, 7u, 0x7fffffffu, 0xffffffffu}) {
    EXPECT_EQ(Probe().trap_of("indirect", index, 1u), TrapKind::indirect_call) << index;
  }
}

TEST(Sandbox, TheTableGrows) {
  Probe probe, other;
  const qw_slot increment = quiesce_probe_module.table[1], add = quiesce_probe_module.table[2];
  const qw_slot added[] = {add, increment};
  EXPECT_EQ(probe.sandbox.grow_table(added), 6u);
  EXPECT_EQ(probe.sandbox.grow_table({added + 1, 1}), 8u);
  EXPECT_EQ(probe.call<u32>("indirect", 7u, 41u), 42u);
  EXPECT_EQ(probe.call<u32>("indirect", 8u, 41u), 42u);
  EXPECT_EQ(probe.call<u32>("indirect", 1u, 41u), 42u);
  EXPECT_EQ(probe.trap_of("indirect", 6u, 1u), TrapKind::indirect_call);
  EXPECT_EQ(other.trap_of("indirect", 7u, 41u), TrapKind::indirect_call);
}

// ---- memory -------------------------------------------------------------------------------------

TEST(Sandbox, TheLastBytesOfTheMemoryAreUsable) {
  Probe probe;
  probe.call("store64", kMemoryBytes - 8, u64{0x1122334455667788});
  EXPECT_EQ(probe.call<u64>("load64", kMemoryBytes - 8), 0x1122334455667788u);
  EXPECT_EQ(probe.call<u32>("load8", kMemoryBytes - 1), 0x11u);
}

TEST(Sandbox, AccessesBeyondTheMemoryTrapAndTheProcessLives) {
  for (const u32 address : {kMemoryBytes - 7, kMemoryBytes, kMemoryBytes + 65536, 0x7fffffffu,
                            0xfffffff8u, 0xffffffffu}) {
    EXPECT_EQ(Probe().trap_of("load64", address), TrapKind::out_of_bounds) << address;
    EXPECT_EQ(Probe().trap_of("store64", address, u64{1}), TrapKind::out_of_bounds) << address;
  }
  EXPECT_EQ(Probe().trap_of("load8", kMemoryBytes), TrapKind::out_of_bounds);
  EXPECT_EQ(Probe().trap_of("store8", kMemoryBytes, 1u), TrapKind::out_of_bounds);
}

TEST(Sandbox, OffsetsReachBeyondFourGigabytesAndTrap) {
  EXPECT_EQ(Probe().trap_of("load64_far", 0xffffffffu), TrapKind::out_of_bounds);
  EXPECT_EQ(Probe().trap_of("load64_far", 0u), TrapKind::out_of_bounds);
}

TEST(Sandbox, BulkOperationsCheckBothEnds) {
  Probe probe;
  probe.call("fill", 0u, 0xabu, kMemoryBytes);
  EXPECT_EQ(probe.call<u32>("load8", kMemoryBytes - 1), 0xabu);
  probe.call("copy", 10u, 0u, kMemoryBytes - 10);
  probe.call("fill", kMemoryBytes, 0u, 0u);  // nothing, at the end
  EXPECT_EQ(Probe().trap_of("fill", 1u, 0u, kMemoryBytes), TrapKind::out_of_bounds);
  EXPECT_EQ(Probe().trap_of("fill", 0xffffffffu, 0u, 2u), TrapKind::out_of_bounds);
  EXPECT_EQ(Probe().trap_of("copy", 0u, kMemoryBytes - 1, 2u), TrapKind::out_of_bounds);
  EXPECT_EQ(Probe().trap_of("copy", kMemoryBytes - 1, 0u, 2u), TrapKind::out_of_bounds);
  EXPECT_EQ(Probe().trap_of("copy", 0u, 0u, 0xffffffffu), TrapKind::out_of_bounds);
}

TEST(Sandbox, CopiesWhatOverlaps) {
  Probe probe;
  for (u32 i = 0; i < 8; ++i) probe.call("store8", 100 + i, i + 1);
  probe.call("copy", 102u, 100u, 8u);
  for (u32 i = 0; i < 8; ++i) EXPECT_EQ(probe.call<u32>("load8", 102 + i), i + 1);
}

TEST(Sandbox, GrowsUpToTheLimitOfTheHost) {
  Probe probe;
  EXPECT_EQ(probe.call<u32>("size"), 2u);
  EXPECT_EQ(probe.call<u32>("grow", 3u), 2u);
  EXPECT_EQ(probe.call<u32>("size"), 5u);
  EXPECT_EQ(probe.call<u64>("load64", 5 * 65536 - 8), 0u);
  EXPECT_EQ(probe.call<u32>("grow", 4u), 0xffffffffu);  // 8 pages are the limit
  EXPECT_EQ(probe.call<u32>("grow", 3u), 5u);
  EXPECT_EQ(probe.call<u32>("grow", 0xffffffffu), 0xffffffffu);
  EXPECT_EQ(probe.call<u32>("grow", 0u), 8u);
  EXPECT_EQ(probe.sandbox.memory().size(), 8u * 65536);
  EXPECT_EQ(probe.trap_of("load8", 8u * 65536), TrapKind::out_of_bounds);
}

TEST(Sandbox, GrowsUpToTheLimitOfTheModule) {
  Probe probe(1ull << 32);
  EXPECT_EQ(probe.call<u32>("grow", 15u), 0xffffffffu);
  EXPECT_EQ(probe.call<u32>("grow", 14u), 2u);
}

TEST(Sandbox, WhatTheHostGrowsTheGuestSees) {
  Probe probe;
  probe.world.on_tell = [&](u32) { EXPECT_TRUE(probe.sandbox.memory().grow_to(4 * 65536)); };
  probe.call("tell", 0u);
  EXPECT_EQ(probe.call<u32>("size"), 4u);
  probe.call("fill", 3u * 65536, 1u, 65536u);
}

// ---- traps --------------------------------------------------------------------------------------

TEST(Sandbox, InstructionsTrap) {
  constexpr i32 kSmallest = std::numeric_limits<i32>::min();
  EXPECT_EQ(Probe().trap_of("unreachable"), TrapKind::unreachable);
  EXPECT_EQ(Probe().trap_of("divide", 1, 0), TrapKind::divide_by_zero);
  EXPECT_EQ(Probe().trap_of("remainder", 1, 0), TrapKind::divide_by_zero);
  EXPECT_EQ(Probe().trap_of("divide_unsigned", u64{1}, u64{0}), TrapKind::divide_by_zero);
  EXPECT_EQ(Probe().trap_of("divide", kSmallest, -1), TrapKind::integer_overflow);
  EXPECT_EQ(Probe().trap_of("truncate", std::nan("")), TrapKind::invalid_conversion);
  EXPECT_EQ(Probe().trap_of("truncate", 2147483648.0), TrapKind::integer_overflow);
  EXPECT_EQ(Probe().trap_of("truncate", -2147483649.0), TrapKind::integer_overflow);
  Probe probe;
  EXPECT_EQ(probe.call<i32>("remainder", kSmallest, -1), 0);
  EXPECT_EQ(probe.call<i32>("divide", -7, 2), -3);
  EXPECT_EQ(probe.call<i32>("truncate", 2147483647.9), std::numeric_limits<i32>::max());
  EXPECT_EQ(probe.call<i32>("truncate", -2147483648.9), kSmallest);
}

TEST(Sandbox, ATrapIsForEver) {
  Probe probe;
  EXPECT_EQ(probe.trap_of("unreachable"), TrapKind::unreachable);
  EXPECT_EQ(probe.sandbox.trapped(), TrapKind::unreachable);
  EXPECT_EQ(probe.trap_of("add", 1u, 2u), TrapKind::unreachable);
  EXPECT_EQ(probe.sandbox.depth(), 0u);
}

TEST(Sandbox, ATrapLeavesOtherSandboxesAlone) {
  Probe lost, fine;
  EXPECT_EQ(lost.trap_of("load8", 0xffffffffu), TrapKind::out_of_bounds);
  EXPECT_EQ(fine.call<u32>("add", 1u, 2u), 3u);
}

TEST(Sandbox, DeepNativeRecursionTraps) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Probe().trap_of("recurse", 0u), TrapKind::stack_exhausted);
  EXPECT_EQ(Probe().call<u32>("add", 1u, 2u), 3u);
}

TEST(Sandbox, EntriesFromImportsAtTheEndOfTheStackTrap) {
  Probe probe;
  u32 told = 0;
  probe.world.on_tell = [&](u32) {
    ++told;
    EXPECT_EQ(probe.call<u32>("add", told, 1u), told + 1);
  };
  EXPECT_THROW(probe.call("tell_deeper", 0u), Trap);
  EXPECT_EQ(probe.sandbox.trapped(), TrapKind::stack_exhausted);
  EXPECT_GT(told, 1000u);
  EXPECT_EQ(probe.sandbox.depth(), 0u);
}

TEST(Sandbox, ThousandsOfTrapsCostNothingLasting) {
  for (int i = 0; i < 2000; ++i) {
    Probe probe;
    ASSERT_EQ(probe.trap_of(i % 2 == 0 ? "unreachable" : "indirect", 0u, 0u),
              i % 2 == 0 ? TrapKind::unreachable : TrapKind::indirect_call);
  }
}

TEST(Sandbox, ExitOfTheGuestIsATrap) { EXPECT_EQ(Probe().trap_of("exit", 3u), TrapKind::exited); }

// ---- imports ------------------------------------------------------------------------------------

TEST(Sandbox, ImportsMayEnterAgain) {
  Probe probe;
  std::vector<u32> results;
  probe.world.on_tell = [&](u32 value) {
    EXPECT_EQ(probe.sandbox.depth(), 11 - value);
    if (value > 0) results.push_back(probe.call<u32>("tell_with_frame", value - 1));
  };
  const u32 top = probe.call<u32>("stack_pointer");
  EXPECT_EQ(probe.call<u32>("tell_with_frame", 10u), top - 64);
  ASSERT_EQ(results.size(), 10u);
  EXPECT_EQ(results.front(), top - 11 * 64);
  EXPECT_EQ(results.back(), top - 2 * 64);
  EXPECT_EQ(probe.call<u32>("stack_pointer"), top);
}

TEST(Sandbox, TheStackPointerIsRestoredAfterEveryEntry) {
  Probe probe;
  const u32 top = probe.call<u32>("stack_pointer");
  for (int i = 0; i < 100; ++i) probe.call("lose_frame");
  EXPECT_EQ(probe.call<u32>("stack_pointer"), top);
}

TEST(Sandbox, AnExceptionInAnImportIsATrapWithTheOriginalNested) {
  Probe probe;
  probe.world.on_tell = [](u32) { throw std::runtime_error("the host is on fire"); };
  try {
    probe.call("tell", 0u);
    FAIL() << "no trap";
  } catch (const Trap& trap) {
    EXPECT_EQ(trap.kind(), TrapKind::host_failure);
    try {
      std::rethrow_if_nested(trap);
      FAIL() << "nothing nested";
    } catch (const std::runtime_error& original) {
      EXPECT_STREQ(original.what(), "the host is on fire");
    }
  }
  EXPECT_EQ(probe.trap_of("add", 1u, 2u), TrapKind::host_failure);
}

TEST(Sandbox, SomethingElseThanAnExceptionIsATrapToo) {
  Probe probe;
  probe.world.on_tell = [](u32) { throw 42; };
  EXPECT_EQ(probe.trap_of("tell", 0u), TrapKind::host_failure);
}

TEST(Sandbox, ATrapInsideANestedEntryUnwindsAllOfThem) {
  Probe probe;
  int unwound = 0;
  struct Counter {
    int& count;
    ~Counter() { ++count; }
  };
  probe.world.on_tell = [&](u32 value) {
    const Counter counter{unwound};
    probe.call(value == 0 ? "unreachable" : "tell_with_frame", value - 1);
  };
  EXPECT_EQ(probe.trap_of("tell_with_frame", 5u), TrapKind::unreachable);
  EXPECT_EQ(unwound, 6);
  EXPECT_EQ(probe.sandbox.depth(), 0u);
}

TEST(Sandbox, AHostThatHidesATrapDoesNotBringTheGuestBack) {
  Probe probe;
  probe.world.on_tell = [&](u32) {
    EXPECT_EQ(probe.trap_of("load8", 0xffffffffu), TrapKind::out_of_bounds);
  };
  EXPECT_EQ(probe.trap_of("tell", 0u), TrapKind::out_of_bounds);
}

TEST(Sandbox, PoisonFromInsideAnImport) {
  Probe probe;
  int told = 0;
  probe.world.on_tell = [&](u32) {
    ++told;
    probe.sandbox.poison(TrapKind::bad_answer);
  };
  EXPECT_EQ(probe.trap_of("tell_twice_and_add", 1u), TrapKind::bad_answer);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(probe.trap_of("add", 1u, 2u), TrapKind::bad_answer);
}

TEST(Sandbox, TwoSandboxesCallEachOther) {
  Probe a, b;
  u32 calls = 0;
  const auto call_the_other = [&](Probe& other) {
    return [&](u32 value) {
      ++calls;
      if (value > 0) other.call<u32>("tell_with_frame", value - 1);
    };
  };
  a.world.on_tell = call_the_other(b);
  b.world.on_tell = call_the_other(a);
  const u32 top = a.call<u32>("stack_pointer");
  EXPECT_EQ(a.call<u32>("tell_with_frame", 20u), top - 64);
  EXPECT_EQ(calls, 21u);
  EXPECT_EQ(b.call<u32>("stack_pointer"), top);
}

TEST(Sandbox, ATrapInAnotherSandboxIsAFailureOfTheHost) {
  Probe a, b;
  a.world.on_tell = [&](u32) { b.call("unreachable"); };
  EXPECT_EQ(a.trap_of("tell", 0u), TrapKind::host_failure);
  EXPECT_EQ(b.sandbox.trapped(), TrapKind::unreachable);
}

// ---- many, and threads --------------------------------------------------------------------------

TEST(Sandbox, ManyAtATime) {
  std::vector<std::unique_ptr<Probe>> probes;
  for (u32 i = 0; i < 300; ++i) {
    probes.push_back(std::make_unique<Probe>());
    probes.back()->call("store8", 5000u, i & 0xff);
  }
  for (u32 i = 0; i < 300; ++i) EXPECT_EQ(probes[i]->call<u32>("load8", 5000u), i & 0xff);
}

TEST(Sandbox, OneUsedByTwoThreadsInTurn) {
  Probe probe;
  for (u32 i = 0; i < 20; ++i) {
    std::thread([&] {
      probe.call("store8", 6000u, i);
      EXPECT_EQ(Probe().trap_of("load8", 0xffffffffu), TrapKind::out_of_bounds);
    }).join();
    EXPECT_EQ(probe.call<u32>("load8", 6000u), i);
  }
}

TEST(Sandbox, AnImportMayGoOnInAnotherThread) {
  Probe probe;
  u32 result = 0;
  probe.world.on_tell = [&](u32 value) {
    if (value == 1) std::thread([&] { result = probe.call<u32>("tell_with_frame", 0u); }).join();
  };
  const u32 top = probe.call<u32>("stack_pointer");
  EXPECT_EQ(probe.call<u32>("tell_with_frame", 1u), top - 64);
  EXPECT_EQ(result, top - 128);
}

TEST(Sandbox, ThreadsAtTheSameTime) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      Probe probe;
      u32 sum = 0;
      probe.world.on_tell = [&](u32 value) { sum += value; };
      for (u32 i = 0; i < 2000; ++i) {
        probe.call("tell", 1u);
        if (i % 100 == 0) {
          EXPECT_EQ(Probe().trap_of("load8", 0xffffffffu), TrapKind::out_of_bounds);
        }
      }
      EXPECT_EQ(sum, 2000u);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// ---- numbers ------------------------------------------------------------------------------------

double from_bits(u64 bits) { return std::bit_cast<double>(bits); }
u64 bits_of(double value) { return std::bit_cast<u64>(value); }

TEST(Sandbox, NumbersAsTheSpecificationHasThem) {
  Probe probe;
  EXPECT_EQ(probe.call<double>("floor", -1.5), -2.0);
  EXPECT_EQ(bits_of(probe.call<double>("floor", -0.0)), bits_of(-0.0));
  EXPECT_EQ(probe.call<double>("nearest", 2.5), 2.0);
  EXPECT_EQ(probe.call<double>("nearest", 3.5), 4.0);
  EXPECT_EQ(bits_of(probe.call<double>("min", 0.0, -0.0)), bits_of(-0.0));
  EXPECT_EQ(bits_of(probe.call<double>("max", -0.0, 0.0)), bits_of(0.0));
  EXPECT_EQ(probe.call<double>("max", 1.0, 2.0), 2.0);
  EXPECT_TRUE(std::isnan(probe.call<double>("min", 1.0, std::nan(""))));
  EXPECT_EQ(probe.call<u32>("rotate", 0x80000001u, 4u), 0x18u);
  EXPECT_EQ(probe.call<u32>("rotate", 0x80000001u, 32u), 0x80000001u);
  EXPECT_EQ(probe.call<u64>("leading_zeros", u64{0}), 64u);
  EXPECT_EQ(probe.call<i32>("shift", -8, 33), -4);
  EXPECT_EQ(probe.call<i32>("truncate_saturating", 1e300), std::numeric_limits<i32>::max());
  EXPECT_EQ(probe.call<i32>("truncate_saturating", std::nan("")), 0);
}

TEST(Sandbox, NaNsKeepTheirBitsInMemoryAndBecomeQuietInOperations) {
  Probe probe;
  const u64 signalling = 0xfff0000000001234;
  EXPECT_EQ(bits_of(probe.call<double>("store_load_f64", from_bits(signalling))), signalling);
  EXPECT_EQ(bits_of(probe.call<double>("abs", from_bits(signalling))),
            signalling & ~(u64{1} << 63));
  EXPECT_EQ(bits_of(probe.call<double>("floor", from_bits(signalling))), signalling | u64{1} << 51);
}

TEST(Sandbox, TheRoundingOfTheHostIsNotThatOfTheGuest) {
  Probe probe;
  const double third = probe.call<double>("divide_f64", 1.0, 3.0);
#if defined(__SSE2__)
  const unsigned before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 0x6000);  // towards zero
  const double again = probe.call<double>("divide_f64", -1.0, 3.0);
  const unsigned after = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before);
  EXPECT_EQ(after & ~0x3fu, (before | 0x6000) & ~0x3fu);
  EXPECT_EQ(again, -third);
#endif
  EXPECT_EQ(third, 1.0 / 3.0);
}

// ---- WASI ---------------------------------------------------------------------------------------

TEST(Sandbox, WritesGoToTheHost) {
  Probe probe;
  const LinearMemory& memory = probe.sandbox.memory();
  std::memcpy(memory.bytes(3000, 10).data(), "helloworld", 10);
  const u32 pieces[] = {3000, 5, 0xffffffff, 0, 3005, 5};
  std::memcpy(memory.bytes(3100, sizeof pieces).data(), pieces, sizeof pieces);
  EXPECT_EQ(probe.call<u32>("write", 1u, 3100u, 3u, 3200u), 0u);
  EXPECT_EQ(memory.load<u32>(3200), 10u);
  EXPECT_EQ(probe.call<u32>("write", 2u, 3100u, 1u, 3200u), 0u);
  EXPECT_EQ(probe.world.written, "out:helloout:worlderr:hello");
  EXPECT_EQ(probe.call<u32>("write", 3u, 3100u, 1u, 3200u), 8u);  // EBADF
}

TEST(Sandbox, WritesOfWhatIsNotThereTrap) {
  for (const u32 pieces : {0xffffffffu, kMemoryBytes - 4}) {
    EXPECT_EQ(Probe().trap_of("write", 1u, pieces, 1u, 3200u), TrapKind::host_failure);
  }
  EXPECT_EQ(Probe().trap_of("write", 1u, 0u, 0xffffffffu, 3200u), TrapKind::host_failure);
  Probe probe;
  const u32 piece[] = {kMemoryBytes - 1, 2};
  std::memcpy(probe.sandbox.memory().bytes(3100, sizeof piece).data(), piece, sizeof piece);
  EXPECT_EQ(probe.trap_of("write", 1u, 3100u, 1u, 3200u), TrapKind::host_failure);
}

}  // namespace
}  // namespace quiesce::guest
