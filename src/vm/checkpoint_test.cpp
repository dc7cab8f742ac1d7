// D2: a VM that falls asleep again and again pays for what it has changed since the last time, and
// its snapshots say the same in whatever way that is found out.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "guest/written_pages_testing.hpp"
#include "quiesce/quiesce.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

using guest::AskFor;
using guest::KernelThatCan;

Host quiet_host() {
  Host host;
  host.clock(fixed_clock(Time{std::chrono::seconds{5}})).entropy(seeded_entropy(1));
  return host;
}

// Waits for a number again and again, and changes a little each time, here and there. Every tenth
// step is a large one.
constexpr const char* kSteps = R"js(
  const rows = Array.from({length: SIZE}, (_, i) => ({id: i, text: 'row number ' + i, list: [i]}));
  (async () => {
    for (let step = 0;; ++step) {
      const n = await quiesce.call('next', step);
      for (let i = 0; i < (step % 10 === 9 ? SIZE / 2 : 5); ++i)
        rows[(i * 7919 + n * 31) % SIZE].list.push(n);
      if (step % 7 === 3) rows.length = SIZE - step % 10;
      while (rows.length < SIZE) rows.push({id: -1, text: 'again ' + step, list: []});
    }
  })();
)js";

class Stepper {
 public:
  explicit Stepper(int rows) {
    std::string source = kSteps;
    for (std::size_t at; (at = source.find("SIZE")) != std::string::npos;)
      source.replace(at, 4, std::to_string(rows));
    vm.eval(source);
    vm.run_until_idle();
  }
  void step(int n) {
    vm.deferred(vm.pending_calls().at(0).id)->resolve(n);
    vm.run_until_idle();
  }

  VM vm{quiet_host()};
};

class Checkpoints : public testing::TestWithParam<int> {};

TEST_P(Checkpoints, SayTheSameHoweverTheyAreFound) {
  constexpr int kStepCount = 25;
  // Where the kernel says nothing and the last snapshot is gone, all of the memory is looked at.
  std::vector<std::string> expected;
  for (const AskFor most : {AskFor::nothing, AskFor::each, AskFor::list}) {
    const KernelThatCan kernel(most);
    for (const bool is_last_held : {false, true}) {
      Stepper stepper(GetParam());
      std::optional<Snapshot> last = stepper.vm.snapshot();
      std::vector<std::string> digests{last->content_digest()};
      for (int i = 0; i < kStepCount; ++i) {
        stepper.step(i);
        if (!is_last_held) last.reset();
        Snapshot next = stepper.vm.snapshot();
        if (i < 2 || (i > 7 && i < 11) || i == kStepCount - 1)
          digests.push_back(next.content_digest());
        last = std::move(next);
      }
      if (expected.empty()) expected = digests;
      EXPECT_EQ(digests, expected)
          << "kernel " << static_cast<int>(most) << ", " << (is_last_held ? "held" : "let go");
    }
  }
}

TEST_P(Checkpoints, MakeAChainOfDeltasThatWakes) {
  Stepper stepper(GetParam());
  Snapshot last = stepper.vm.snapshot();
  std::vector<std::vector<std::byte>> files{last.to_bytes()};
  for (int i = 0; i < 40; ++i) {
    stepper.step(i);
    last = stepper.vm.snapshot().relative_to(last);
    files.push_back(last.to_bytes());
  }
  std::vector<Snapshot> loaded;
  const LoadOptions among_loaded{
      .find_ancestor = [&](const std::string& digest) -> std::optional<Snapshot> {
        for (const Snapshot& snapshot : loaded) {
          if (snapshot.digest() == digest) return snapshot;
        }
        return std::nullopt;
      }};
  for (const auto& file : files) loaded.push_back(Snapshot::from_bytes(file, among_loaded));
  EXPECT_EQ(loaded.back().content_digest(), last.content_digest());
  VM awake{quiet_host(), loaded.back()};
  awake.deferred(awake.pending_calls().at(0).id)->resolve(40);
  awake.run_until_idle();
  VM other{quiet_host(), last};
  other.deferred(other.pending_calls().at(0).id)->resolve(40);
  other.run_until_idle();
  EXPECT_EQ(awake.snapshot().content_digest(), other.snapshot().content_digest());
}

TEST_P(Checkpoints, OfAWokenVmSayTheSame) {
  const Snapshot asleep = Stepper(GetParam()).vm.snapshot();
  std::string expected;
  for (const AskFor most : {AskFor::nothing, AskFor::each, AskFor::list}) {
    const KernelThatCan kernel(most);
    // The first are copied, the later ones are views of an image, and all may be in warm slots.
    for (int round = 0; round < 9; ++round) {
      VM vm{quiet_host(), asleep};
      Snapshot last = vm.snapshot();
      for (int i = 0; i < 12; ++i) {
        vm.deferred(vm.pending_calls().at(0).id)->resolve(i);
        vm.run_until_idle();
        last = vm.snapshot();
      }
      if (expected.empty()) expected = last.content_digest();
      EXPECT_EQ(last.content_digest(), expected) << "round " << round;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Heaps, Checkpoints, testing::Values(20, 5000));

TEST(Checkpoint, ASmallStepOfALargeHeapIsASmallSnapshot) {
  Stepper stepper(20000);
  Snapshot last = stepper.vm.snapshot();
  ASSERT_GT(last.stored_bytes(), 100'000u);
  for (int i = 0; i < 5; ++i) {
    stepper.step(i);
    last = stepper.vm.snapshot().relative_to(last);
    EXPECT_LT(last.stored_bytes(), 16'000u) << i;
  }
}

// C11, D3: what is forked later shares the image of what was forked before.
TEST(Checkpoint, AParentAndItsChildrenGoTheirOwnWays) {
  Stepper parent(5000);
  std::vector<VM> children;
  std::vector<std::string> expected;
  for (int i = 0; i < 6; ++i) {
    expected.push_back(parent.vm.snapshot().content_digest());
    children.push_back(parent.vm.fork({.reseed = false}));
    parent.step(i);
  }
  for (std::size_t i = 0; i < children.size(); ++i)
    EXPECT_EQ(children[i].snapshot().content_digest(), expected[i]) << i;
}

TEST(Checkpoint, VMsThatEndLeaveNothingToThoseThatBegin) {
  const auto digest_of = [](VM& vm) { return vm.snapshot().content_digest(); };
  VM untouched{quiet_host()};
  const std::string fresh = digest_of(untouched);
  for (int i = 0; i < 50; ++i) {
    VM vm{quiet_host()};
    ASSERT_EQ(digest_of(vm), fresh) << i;
    vm.eval("globalThis.secret = 'x'.repeat(" + std::to_string(i * 997) + ") + Math.random()");
    if (i % 5 == 0) {
      try {
        vm.set_limits({.stack_bytes_max = 64u << 10});
        vm.eval("(function f() { return f() + 1 })()");
      } catch (const Error&) {
      }
    }
  }
}

}  // namespace
}  // namespace quiesce
