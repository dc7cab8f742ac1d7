// Every operation of misuse_operations_test.cpp, with the n-th allocation in the guest failing, for
// each n until none fails: alone, and with all that follow it.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "vm/machine.hpp"
#include "vm/misuse_operations.hpp"

namespace quiesce::misuse {
namespace {

constexpr std::uint32_t kForEver = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kAllocationsMax = 5000;  // more than any operation makes

struct Use {
  std::uint64_t objects, strings, handles;

  static Use of(VM& vm) {
    (void)attempt([&] { vm.run_until_idle(); });  // a failure leaves jobs for the next run
    vm.collect_garbage();
    const MemoryUsage usage = vm.memory_usage();
    return {usage.objects, usage.strings, usage.handles};
  }
};

/// What an operation may leave behind: as much as when it works, or as nothing.
Use most_of(const Operation& operation) {
  World world;
  const Use before = Use::of(world.vm);
  operation.run(world);
  const Use after = Use::of(world.vm);
  return {std::max(before.objects, after.objects), std::max(before.strings, after.strings),
          std::max(before.handles, after.handles)};
}

/// How many allocations failed.
std::uint32_t run_with_failures(const Operation& operation, std::uint32_t after,
                                std::uint32_t times, const Use& most) {
  const auto where = [&] {
    return std::string(operation.name) + " without allocation " + std::to_string(after) +
           (times == 1 ? "" : " and later ones");
  };
  World world;
  guest::Instance& guest = detail::ValueAccess::machine(world.vm).instance();
  guest.fail_allocations(after, times);
  try {
    operation.run(world);
  } catch (const Error& error) {
    if (error.limit() != Limit::memory) ADD_FAILURE() << where() << ": " << error.what();
    if (error.code() == Errc::poisoned) return kForEver;
  }
  const std::uint32_t failed = guest.fail_allocations(0, 0);
  try {
    EXPECT_EQ(world.vm.eval("[6, 7].reduce((a, b) => a * b)").as<int>(), 42) << where();
    const Use use = Use::of(world.vm);
    EXPECT_LE(use.objects, most.objects + 4) << where();
    EXPECT_LE(use.strings, most.strings + 4) << where();
    EXPECT_LE(use.handles, most.handles) << where();
    const Snapshot sleep = world.vm.snapshot();
    EXPECT_GT(sleep.memory_bytes(), 0u);
  } catch (const std::exception& error) {
    ADD_FAILURE() << where() << ", afterwards: " << error.what();
    return kForEver;
  }
  return failed;
}

class OutOfMemory : public testing::TestWithParam<std::size_t> {};

TEST_P(OutOfMemory, IsAnErrorAndNoMore) {  // A15
  const Operation& operation = operations()[GetParam()];
  const Use most = most_of(operation);
  for (const std::uint32_t times : {1u, kForEver}) {
    std::uint32_t n = 0;
    while (n < kAllocationsMax && !HasFailure()) {
      const std::uint32_t failed = run_with_failures(operation, n, times, most);
      if (failed == 0) break;
      ++n;
    }
    EXPECT_LT(n, kAllocationsMax) << operation.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, OutOfMemory, testing::Range(std::size_t{0}, operations().size()));

}  // namespace
}  // namespace quiesce::misuse
