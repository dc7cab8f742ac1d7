#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "guest/instance.hpp"
#include "quiesce/quiesce.hpp"
#include "vm/machine.hpp"

namespace quiesce {
namespace {

std::string draw(VM& vm) { return vm.eval("Math.random()").to_string(); }

/// Memory that the process alone has, in bytes.
std::size_t private_bytes() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  std::size_t kilobytes = 0;
  for (std::string word; rollup >> word;) {
    if (word != "Private_Clean:" && word != "Private_Dirty:") continue;
    std::size_t number = 0;
    rollup >> number;
    kilobytes += number;
  }
  return kilobytes << 10;
}

TEST(Fork, TheChildIsWhatTheParentWasAndGoesItsOwnWay) {
  VM parent;
  parent.eval("globalThis.list = [1, 2, 3]; globalThis.count = () => list.length");
  VM child = parent.fork();
  parent.eval("list.push(4)");
  child.eval("list = []");
  EXPECT_EQ(parent.eval("count()").as<int>(), 4);
  EXPECT_EQ(child.eval("count()").as<int>(), 0);
  VM grandchild = child.fork();
  child.eval("list.push(9, 9)");
  EXPECT_EQ(grandchild.eval("count()").as<int>(), 0);
}

// Each page that a child writes to is one of its own: a microsecond or two, and memory as long as
// it lives.
TEST(Fork, AChildThatDoesLittleWritesFewPages) {
  Host host;
  host.function("ask", [](Call& call) { return call.vm().defer("ask"); });
  VM parent{host};
  parent.eval(R"(
    globalThis.orders = Array.from({length: 50_000}, (_, i) => ({id: i, name: 'order ' + i}));
    globalThis.last = '';
    (async () => {
      for (;;) {
        const answer = await ask();
        last = `${answer} of ${orders.length}`;
        orders[answer].name += '!';
      }
    })();
  )");
  const std::uint64_t call = parent.pending_calls().at(0).id;
  const auto pages_of = [](VM& vm) {
    const guest::LinearMemory& memory = detail::ValueAccess::machine(vm).instance().memory();
    const auto written = memory.written(guest::Since::mapped);
    std::size_t count = 0;
    for (const guest::PageRange& range : written.value()) count += range.count;
    return count;
  };
  std::vector<VM> children = parent.fork(3);
  for (VM& child : children) {
    EXPECT_LE(pages_of(child), 3u);
    child.deferred(call)->resolve(7000);
    child.run_until_idle();
    EXPECT_LE(pages_of(child), 25u);
    EXPECT_EQ(child.eval("last").as<std::string>(), "7000 of 50000");
  }
}

TEST(Fork, ItOutlivesItsParentAndHasItsHost) {
  int calls = 0;
  Host host;
  host.function("tell", [&](int n) { calls += n; });
  auto parent = std::make_unique<VM>(host);
  VM child = parent->fork();
  parent.reset();
  child.eval("tell(3)");
  EXPECT_EQ(calls, 3);
}

TEST(Fork, ChildrenDrawTheirOwnNumbersUnlessAskedOtherwise) {  // C11
  VM parent;
  draw(parent);
  std::vector<VM> children = parent.fork(20);
  std::set<std::string> drawn{draw(parent)};
  for (VM& child : children) drawn.insert(draw(child));
  EXPECT_EQ(drawn.size(), 21u);
  VM same = parent.fork({.reseed = false});
  EXPECT_EQ(draw(same), draw(parent));
}

TEST(Fork, PendingCallsAndTimersAreEachOnesOwn) {
  Time now{};
  Host host;
  host.clock([&] { return now; });
  VM parent{host};
  parent.eval(R"(
    globalThis.told = [];
    quiesce.call('ask', 1).then((answer) => told.push(answer));
    setTimeout(() => told.push('time'), 1000);
  )");
  VM child = parent.fork();
  const auto told = [](VM& vm) {
    vm.run_until_idle();
    return vm.eval("told.join()").as<std::string>();
  };
  parent.deferred(1)->resolve("parent");
  EXPECT_EQ(told(parent), "parent");
  EXPECT_EQ(told(child), "");
  ASSERT_EQ(child.pending_calls().size(), 1u);
  now += std::chrono::seconds(1);
  EXPECT_EQ(told(child), "time");
  child.deferred(1)->resolve("child");
  EXPECT_EQ(told(child), "time,child");
  EXPECT_EQ(told(parent), "parent,time");
}

TEST(Fork, JobsThatAreReadyRunInBoth) {
  VM parent;
  parent.eval("globalThis.ran = 0; Promise.resolve().then(() => ++ran)");
  ASSERT_TRUE(parent.job_ready());
  VM child = parent.fork();
  for (VM* vm : {&parent, &child}) {
    vm->run_until_idle();
    EXPECT_EQ(vm->eval("ran").as<int>(), 1);
  }
}

TEST(Fork, LimitsAndFuelAreTheParents) {
  VM parent{Host{}, {.memory_bytes_max = 4u << 20, .fuel_max = 100000}};
  parent.eval("for (let i = 0; i < 100; i++);");
  VM child = parent.fork();
  EXPECT_EQ(child.limits().memory_bytes_max, 4u << 20);
  EXPECT_EQ(child.fuel_left(), parent.fuel_left());
  EXPECT_THROW(child.eval("for (;;);"), Error);
  EXPECT_EQ(parent.eval("1 + 1").as<int>(), 2);
}

TEST(Fork, OneThatBrokeLeavesTheOthersAlone) {
  VM parent;
  parent.eval("globalThis.x = 7");
  std::vector<VM> children = parent.fork(3);
  children[1].set_limits({.memory_bytes_max = 2u << 20});
  EXPECT_THROW(children[1].eval("const all = []; for (;;) all.push(new Array(1000).fill(x))"),
               Error);
  EXPECT_EQ(children[0].eval("x").as<int>(), 7);
  EXPECT_EQ(children[2].eval("x").as<int>(), 7);
}

TEST(Fork, AHostThatLacksSomethingIsNoObstacle) {
  Host full;
  full.function("far", [] { return 1; });
  const Snapshot asleep = VM(full).snapshot();
  VM parent{Host{}, asleep, {.allow_missing_functions = true}};
  EXPECT_NO_THROW(parent.fork());
}

TEST(Fork, AThousandOfALargeHeapShareIt) {
  VM parent{Host{}, {.memory_bytes_max = 64u << 20}};
  parent.eval("globalThis.all = Array.from({length: 60000}, (_, i) => ({i, text: 'entry ' + i}))");
  const std::uint64_t heap = parent.memory_usage().used_bytes;
  ASSERT_GT(heap, 6u << 20);
  const std::size_t before = private_bytes();
  std::vector<VM> children = parent.fork(1000);
  int sum = 0;
  for (VM& child : children) sum += child.eval("all[500].i").as<int>();
  EXPECT_EQ(sum, 500000);
  EXPECT_LT(private_bytes() - before, std::size_t{1000} * (512u << 10))
      << "each has what it wrote, not " << heap << " bytes";
}

TEST(Fork, NoneAtAllIsNothing) {
  VM parent;
  EXPECT_TRUE(parent.fork(0).empty());
}

TEST(Spawn, VMsOfOneSnapshot) {
  VM vm;
  vm.eval("globalThis.x = 1");
  const Snapshot asleep = vm.snapshot();
  std::vector<VM> vms = asleep.spawn(Host{}, 5);
  ASSERT_EQ(vms.size(), 5u);
  std::set<std::string> drawn;
  for (VM& one : vms) {
    EXPECT_EQ(one.eval("x++").as<int>(), 1);
    drawn.insert(draw(one));
  }
  EXPECT_EQ(drawn.size(), 5u);
  std::vector<VM> same = asleep.spawn(Host{}, 2, {});
  EXPECT_EQ(draw(same[0]), draw(same[1])) << "as the options say";
  Host full;
  full.function("far", [] { return 1; });
  EXPECT_THROW(VM(full).snapshot().spawn(Host{}, 2), Error) << "missing_function";
}

}  // namespace
}  // namespace quiesce
