#include "guest/signals.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest/segment_base.hpp"

#include <chrono>
#include <thread>

#include "guest/sandbox_testing.hpp"
#include "quiesce_wall.h"

namespace quiesce::guest {
namespace {

using testing::Probe;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

volatile char* forbidden_page() {
  return static_cast<volatile char*>(
      mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

class Signals : public ::testing::Test {
 protected:
  Signals() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};
using SignalsDeathTest = Signals;

// ---- faults that are not ours -------------------------------------------------------------------

TEST_F(SignalsDeathTest, AForeignFaultEndsTheProcess) {
  Probe probe;
  probe.call("tell", 0u);
  EXPECT_DEATH(*forbidden_page() = 1, "");
}

TEST_F(SignalsDeathTest, AForeignFaultInsideAnImportEndsTheProcess) {
  Probe probe;
  probe.world.on_tell = [](std::uint32_t) { *forbidden_page() = 1; };
  EXPECT_DEATH(probe.call("tell", 0u), "");
}

TEST_F(SignalsDeathTest, TheHostTouchingTheGuardPagesIsAForeignFault) {
  Probe probe;
  probe.world.on_tell = [&](std::uint32_t) {
    volatile auto* const beyond = probe.sandbox.memory().base() + probe.sandbox.memory().size();
    *beyond = std::byte{1};
  };
  EXPECT_DEATH(probe.call("tell", 0u), "");
}

void leave_with_42(int, siginfo_t*, void*) { _exit(42); }

TEST_F(SignalsDeathTest, AForeignFaultReachesTheHandlerThatWasThereBefore) {
  EXPECT_EXIT(
      {
        struct sigaction action{};
        action.sa_sigaction = leave_with_42;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, nullptr);
        Probe probe;  // the first of this process
        probe.call("add", 1u, 2u);
        if (probe.trap_of("unreachable") != TrapKind::unreachable) _exit(1);
        *forbidden_page() = 1;
      },
      ::testing::ExitedWithCode(42), "");
}

TEST_F(SignalsDeathTest, ASignalThatWasSentEndsTheProcess) {
  Probe probe;
  EXPECT_DEATH(
      {
        kill(getpid(), SIGSEGV);
        pause();
      },
      "");
}

// ---- surroundings -------------------------------------------------------------------------------

#if QUIESCE_WALL_GUARD
TEST_F(Signals, AStackForSignalsThatWasThereStays) {
  std::thread([] {
    static char stack[64 << 10];
    stack_t ours{};
    ours.ss_sp = stack;
    ours.ss_size = sizeof stack;
    ASSERT_EQ(sigaltstack(&ours, nullptr), 0);
    EXPECT_EQ(Probe().trap_of("recurse", 0u), TrapKind::stack_exhausted);
    stack_t present{};
    ASSERT_EQ(sigaltstack(nullptr, &present), 0);
    EXPECT_EQ(present.ss_sp, stack);
    ours.ss_flags = SS_DISABLE;
    ASSERT_EQ(sigaltstack(&ours, nullptr), 0);
  }).join();
}

std::uintptr_t segment_base() {
  std::uintptr_t base = 0;
  syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
  return base;
}
#endif

TEST_F(Signals, AThreadThatBlocksAllSignalsStillTraps) {
  std::thread([] {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    EXPECT_EQ(Probe().trap_of("load8", 0xffffffffu), TrapKind::out_of_bounds);
    Probe probe;
    probe.sandbox.set_hard_deadline(ThreadClock::now() + 20ms);
    EXPECT_EQ(probe.trap_of("loop"), TrapKind::overtime);
  }).join();
}

// ---- the deadline -------------------------------------------------------------------------------

TEST_F(Signals, TheDeadlineStopsALoop) {
  for (const char* const loop : {"loop", "spin"}) {
    Probe probe;
    const auto begin = Clock::now();
    probe.sandbox.set_hard_deadline(ThreadClock::now() + 30ms);
    EXPECT_EQ(probe.trap_of(loop), TrapKind::overtime);
    EXPECT_GE(Clock::now() - begin, 30ms);
    EXPECT_LT(Clock::now() - begin, 10s);
    EXPECT_EQ(probe.trap_of("add", 1u, 2u), TrapKind::overtime);
  }
  EXPECT_EQ(Probe().call<std::uint32_t>("add", 1u, 2u), 3u);
}

TEST_F(Signals, ADeadlineThatPassedStopsTheNextEntryOrLetsItFinish) {
  Probe probe;
  probe.sandbox.set_hard_deadline(ThreadClock::now() - 1s);
  EXPECT_EQ(probe.trap_of("loop"), TrapKind::overtime);
}

TEST_F(Signals, AClearedDeadlineIsNone) {
  Probe probe;
  probe.sandbox.set_hard_deadline(ThreadClock::now() + 10ms);
  probe.call("tell", 0u);
  probe.sandbox.clear_hard_deadline();
  std::this_thread::sleep_for(30ms);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(probe.call<std::uint32_t>("add", 1u, 2u), 3u);
}

TEST_F(Signals, ADeadlineThatPassesInAnImportStopsTheGuestAfterIt) {
  Probe probe;
  int told = 0;
  probe.world.on_tell = [&](std::uint32_t) {
    ++told;
    // Long enough for a busy machine, where the clock's signal may come some ticks late.
    for (const auto end = ThreadClock::now() + 100ms; ThreadClock::now() < end;) {
    }
  };
  probe.sandbox.set_hard_deadline(ThreadClock::now() + 10ms);
  EXPECT_EQ(probe.trap_of("tell_twice_and_add", 1u), TrapKind::overtime);
  EXPECT_EQ(told, 1);
}

TEST_F(Signals, ADeadlineClearedInTheImportInWhichItPassedStopsNothing) {
  Probe probe;
  probe.world.on_tell = [&](std::uint32_t) {
    for (const auto end = Clock::now() + 30ms; Clock::now() < end;) {
    }
    probe.sandbox.clear_hard_deadline();
  };
  probe.sandbox.set_hard_deadline(ThreadClock::now() + 10ms);
  EXPECT_EQ(probe.call<std::uint32_t>("tell_twice_and_add", 1u), 11u);
}

TEST_F(Signals, ADeadlineSetInAnImportCounts) {
  Probe probe;
  probe.world.on_tell = [&](std::uint32_t) {
    probe.sandbox.set_hard_deadline(ThreadClock::now() + 20ms);
    probe.call("loop");
  };
  EXPECT_EQ(probe.trap_of("tell", 0u), TrapKind::overtime);
}

TEST_F(Signals, TheDeadlineOfAnOuterSandboxLeavesTheInnerOneAlone) {
  Probe outer, inner;
  outer.world.on_tell = [&](std::uint32_t) {
    inner.sandbox.set_hard_deadline(ThreadClock::now() + 60ms);
    EXPECT_EQ(inner.trap_of("loop"), TrapKind::overtime);
  };
  const auto begin = Clock::now();
  outer.sandbox.set_hard_deadline(ThreadClock::now() + 10ms);
  EXPECT_EQ(outer.trap_of("tell", 0u), TrapKind::overtime);
  EXPECT_GE(Clock::now() - begin, 60ms);
}

TEST_F(Signals, TheDeadlineOfAnInnerSandboxLeavesTheOuterOneAlone) {
  Probe outer, inner;
  outer.world.on_tell = [&](std::uint32_t) {
    inner.sandbox.set_hard_deadline(ThreadClock::now() + 10ms);
    EXPECT_EQ(inner.trap_of("loop"), TrapKind::overtime);
  };
  outer.sandbox.set_hard_deadline(ThreadClock::now() + 60s);
  EXPECT_EQ(outer.call<std::uint32_t>("tell_twice_and_add", 1u), 11u);
}

TEST_F(Signals, AStormOfDeadlinesAtRandomMoments) {
  for (int i = 0; i < 300; ++i) {
    Probe probe;
    std::uint64_t told = 0;
    probe.world.on_tell = [&](std::uint32_t) { ++told; };
    probe.sandbox.set_hard_deadline(ThreadClock::now() +
                                    std::chrono::microseconds(50 + i * 7 % 400));
    TrapKind kind = TrapKind::none;
    while (kind == TrapKind::none) kind = probe.trap_of("tell_down", 50u);
    ASSERT_EQ(kind, TrapKind::overtime);
    ASSERT_EQ(probe.sandbox.depth(), 0u);
  }
}

#if QUIESCE_WALL_GUARD
TEST_F(Signals, TheSegmentBaseOfAHostThatUsesItIsPutBack) {
  static std::byte mine[64];
  const auto base = reinterpret_cast<std::uintptr_t>(mine);
  ASSERT_EQ(syscall(SYS_arch_prctl, ARCH_SET_GS, base), 0);
  Probe probe;
  probe.world.on_tell = [&](std::uint32_t) {
    EXPECT_EQ(segment_base(), base);
    Probe inner;
    inner.call("tell", 0u);
    EXPECT_EQ(segment_base(), base);
  };
  for (int i = 0; i < 3; ++i) {
    probe.call("tell", 0u);
    EXPECT_EQ(segment_base(), base);
    EXPECT_EQ(Probe().trap_of("load8", 0xffffffffu), TrapKind::out_of_bounds);
    EXPECT_EQ(segment_base(), base);
  }
  ASSERT_EQ(syscall(SYS_arch_prctl, ARCH_SET_GS, 0), 0);
  probe.world.on_tell = [](std::uint32_t) {};
  probe.call("tell", 0u);
}

TEST_F(Signals, GuestsInsideAndBesideEachOtherFindTheirOwnMemory) {
  Probe outer, inner, other;
  outer.call("store8", 64u, 1u);
  inner.call("store8", 64u, 2u);
  other.call("store8", 64u, 3u);
  outer.world.on_tell = [&](std::uint32_t) {
    EXPECT_EQ(inner.call<std::uint32_t>("load8", 64u), 2u);
  };
  for (int i = 0; i < 3; ++i) {
    outer.call("tell", 0u);
    EXPECT_EQ(outer.call<std::uint32_t>("load8", 64u), 1u);
    EXPECT_EQ(other.call<std::uint32_t>("load8", 64u), 3u);
  }
}
#endif

}  // namespace
}  // namespace quiesce::guest
