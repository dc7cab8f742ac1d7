// D3, D4: many VMs from one snapshot. A snapshot of some size is mapped and not copied: what a
// restore costs follows from what the VM touches, and nothing else about it shows.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "guest/written_pages_testing.hpp"
#include "quiesce/quiesce.hpp"
#include "with_limit.hpp"

namespace quiesce {
namespace {

using guest::AskFor;
using guest::KernelThatCan;

constexpr const char* kHeap = R"(
  globalThis.orders = Array.from({length: COUNT}, (_, i) => ({
    id: i, cents: (i * 7919) % 100000, name: 'order number ' + i, lines: [i, i + 1]}));
  globalThis.total = () => orders.reduce((sum, order) => sum + order.cents, 0);
  globalThis.next = (() => { let n = 0; return () => ++n; })();
  globalThis.promised = quiesce.call('later');
)";

Host quiet_host() {
  Host host;
  host.clock(fixed_clock(Time{std::chrono::seconds{5}})).entropy(seeded_entropy(1));
  return host;
}

/// About 256 bytes an order.
Snapshot sleeping(int order_count) {
  VM vm{quiet_host()};
  std::string source = kHeap;
  source.replace(source.find("COUNT"), 5, std::to_string(order_count));
  vm.eval(source);
  return vm.snapshot();
}

Snapshot large() { return sleeping(20'000); }

/// VMs and snapshots of this process that have an image of their own.
int mapped_count() {
  std::ifstream maps("/proc/self/maps");
  int count = 0;
  for (std::string line; std::getline(maps, line);) {
    if (line.find("quiesce-snapshot") != std::string::npos) ++count;
  }
  return count;
}

int image_count() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // the iterator's own
    const auto target = std::filesystem::read_symlink(entry.path(), gone);
    if (target.string().find("quiesce-snapshot") != std::string::npos) ++count;
  }
  return count;
}

/// No image of it can be made. (For want of descriptors would do as well, but UBSan opens a pipe to
/// look at an object's type.)
VM woken_by_copying(const Snapshot& snapshot) {
  const WithLimit no_room(RLIMIT_FSIZE, 0);
  return VM{quiet_host(), snapshot};
}

/// Everything that a program may see of how it was woken.
std::string life_of(VM& vm) {
  std::string text = vm.eval("JSON.stringify([total(), next(), next(), orders[777]])").to_string();
  vm.deferred(vm.pending_calls().at(0).id)->resolve("now");
  text += vm.run(vm.eval("promised"))->to_string();
  vm.eval("orders.length = 100; globalThis.more = new Uint8Array(3 << 20).fill(9)");
  vm.collect_garbage();
  text += vm.eval("more.at(-1) + orders.length + Math.random()").to_string();
  return text + " " + std::to_string(vm.memory_usage().used_bytes) + " " +
         std::to_string(vm.fuel_used()) + " " + vm.snapshot().content_digest();
}

long faults_of(const std::function<void()>& f) {
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  f();
  getrusage(RUSAGE_SELF, &after);
  return after.ru_minflt - before.ru_minflt;
}

TEST(Restore, MappedOrCopiedIsTheSame) {
  const int others = mapped_count();  // of other tests, if this process has run some
  const Snapshot snapshot = large(), same = Snapshot::from_bytes(snapshot.to_bytes());
  VM copied = woken_by_copying(snapshot);
  EXPECT_EQ(mapped_count(), others);
  VM mapped{quiet_host(), snapshot}, loaded{quiet_host(), same};
  EXPECT_EQ(mapped_count() - others, 4) << "two snapshots and two VMs";
  const std::string digest = snapshot.content_digest();
  EXPECT_EQ(mapped.snapshot().content_digest(), digest);
  EXPECT_EQ(copied.snapshot().content_digest(), digest);
  EXPECT_EQ(mapped.snapshot().to_bytes(), same.to_bytes());
  const std::string life = life_of(copied);
  EXPECT_EQ(life_of(mapped), life);
  EXPECT_EQ(life_of(loaded), life);
}

TEST(Restore, WhatOneWritesNobodyElseSees) {  // D3
  const Snapshot snapshot = large();
  const std::string digest = snapshot.content_digest();
  VM first{Host{}, snapshot};
  VM second{Host{}, snapshot};
  ASSERT_GE(mapped_count(), 3);
  first.eval("orders.forEach((order) => { order.cents = 1; order.name += '!' })");
  first.collect_garbage();
  EXPECT_EQ(second.eval("orders[10].name + next()").to_string(), "order number 101");
  VM third{Host{}, snapshot};
  EXPECT_EQ(third.eval("orders[10].name + next()").to_string(), "order number 101");
  EXPECT_EQ(first.eval("total() + orders[10].name").to_string(), "20000order number 10!");
  VM fourth{Host{}, snapshot};
  EXPECT_EQ(fourth.snapshot().content_digest(), digest);
  EXPECT_EQ(snapshot.content_digest(), digest);
  EXPECT_EQ(snapshot.to_bytes(), Snapshot::from_bytes(snapshot.to_bytes()).to_bytes());
}

TEST(Restore, OutlivesTheSnapshot) {
  auto snapshot = std::make_unique<Snapshot>(large());
  VM vm{Host{}, *snapshot};
  const double total = vm.eval("total()").as<double>();
  VM again{Host{}, *snapshot};
  snapshot.reset();
  EXPECT_EQ(again.eval("total()").as<double>(), total);
  VM third{Host{}, again.snapshot()};
  EXPECT_EQ(third.eval("total()").as<double>(), total);
}

TEST(Restore, GrowsBeyondItsImage) {
  const Snapshot snapshot = large();
  VM vm{Host{}, snapshot};
  const std::uint64_t before = vm.memory_usage().linear_bytes;
  vm.eval("globalThis.more = Array.from({length: 40}, (_, i) => new Uint8Array(1 << 18).fill(i))");
  EXPECT_GT(vm.memory_usage().linear_bytes, before + (8u << 20));
  EXPECT_EQ(vm.eval("more.every((part, i) => part.every((byte) => byte === i))").as<bool>(), true);
  EXPECT_EQ(vm.eval("orders[19999].name").as<std::string>(), "order number 19999");
  VM again{Host{}, vm.snapshot()};
  EXPECT_EQ(again.eval("more[39][5] + orders.length").as<int>(), 20039);
}

TEST(Restore, LimitsHoldAsEver) {
  const Snapshot snapshot = large();
  VM vm{Host{}, snapshot, {.limits = Limits{.memory_bytes_max = 8u << 20}}};
  EXPECT_THROW(vm.eval("new Uint8Array(8 << 20)"), JSError);
  EXPECT_EQ(vm.eval("next()").as<int>(), 1);
  EXPECT_THROW((VM{Host{}, snapshot, {.limits = Limits{.memory_bytes_max = 1u << 20}}}), Error);
}

TEST(Restore, ZerosInTheMiddleStayZeros) {
  VM vm;
  vm.eval(R"(
    globalThis.empty = new Uint8Array(8 << 20);
    globalThis.end = Array.from({length: 5000}, (_, i) => 'text ' + i);
    empty[5 << 20] = 1;
  )");
  const Snapshot snapshot = vm.snapshot();
  for (int round = 0; round < 2; ++round) {
    VM again{Host{}, snapshot};
    EXPECT_EQ(again.eval("empty.reduce((a, b) => a + b)").as<int>(), 1);
    again.eval("empty.fill(1)");
    EXPECT_EQ(again.eval("empty.reduce((a, b) => a + b)").as<int>(), 8 << 20);
    EXPECT_EQ(again.eval("end[4999]").as<std::string>(), "text 4999");
  }
}

TEST(Restore, CostsWhatItTouches) {  // D2, D4
  const auto touched = [](int order_count) {
    const Snapshot snapshot = sleeping(order_count);
    VM{Host{}, snapshot}.eval("orders[1].id");  // the image is made
    return faults_of([&] {
      VM vm{Host{}, snapshot};
      EXPECT_EQ(vm.eval("orders[1].id").as<int>(), 1);
    });
  };
  const long small = touched(2'000), large = touched(60'000);
  EXPECT_LT(small, 120);
  EXPECT_LT(large, small + 60) << "and not 4000 pages more";
}

TEST(Restore, TheNextSnapshotCostsWhatWasWritten) {  // D2
  const Snapshot snapshot = sleeping(60'000);
  VM vm{Host{}, snapshot};
  vm.eval("orders[1].cents = 7");
  std::optional<Snapshot> next;
  EXPECT_LT(faults_of([&] { next.emplace(vm.snapshot()); }), 60) << "of 4000 pages";
  EXPECT_EQ(VM(Host{}, *next).eval("orders[1].cents").as<int>(), 7);
  EXPECT_NE(next->content_digest(), snapshot.content_digest());
}

// One line of VMs sleeps in memory, where snapshots share their images, the other as bytes, copied
// and compared from end to end. Both are the same at every step.
TEST(Restore, LinesThatSleepInMemoryAndAsBytesStayTheSame) {  // D2, D8
  const std::string_view steps[] = {
      "orders[(next() * 7919) % 20000].cents = next()",
      "orders[(next() * 104729) % 20000].lines = [next(), 'a text ' + next()]",
      "globalThis['extra' + next()] = new Uint8Array(100000 * (next() % 7)).fill(next())",
      "delete globalThis['extra' + (next() - 2)]; orders.splice(next() * 100, 50)",
      "orders.filter((order) => order.id % 500 === 0).forEach((order) => order.name += '!')",
      "orders.forEach((order) => order.cents += 1)",
  };
  VM shared{quiet_host(), large()};
  VM copied = woken_by_copying(large());
  for (int step = 0; step < 40; ++step) {
    const std::string source(steps[step % 7 == 6 ? 5 : step % 5]);
    shared.eval(source);
    copied.eval(source);
    if (step % 10 == 9) {
      shared.collect_garbage();
      copied.collect_garbage();
    }
    const Snapshot one = shared.snapshot();
    std::optional<Snapshot> other;
    {
      const KernelThatCan nobody_knows(AskFor::nothing);
      other.emplace(copied.snapshot());
    }
    ASSERT_EQ(one.content_digest(), other->content_digest()) << step << ": " << source;
    shared = VM{quiet_host(), one};
    copied = woken_by_copying(Snapshot::from_bytes(other->to_bytes()));
  }
  EXPECT_EQ(shared.eval("total()").as<double>(), copied.eval("total()").as<double>());
}

TEST(Restore, NobodySaysWhatWasWritten) {
  VM vm{quiet_host(), large()};
  vm.eval("orders[100].cents = next()");
  const std::string digest = vm.snapshot().content_digest();
  const KernelThatCan nobody_knows(AskFor::nothing);
  EXPECT_EQ(vm.snapshot().content_digest(), digest);
}

TEST(Restore, ModulesCostNothing) {  // D4
  const auto touched = [](int module_count) {
    std::string main;
    for (int i = 0; i < module_count; ++i) {
      const std::string n = std::to_string(i);
      main += "import {value as v" + n + "} from 'm" + n + "'; ";
    }
    Host host;
    host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
                 [&](VM&, const ModuleKey& key) {
                   return std::optional(ModuleSource{"export const value = '" + key.name + "'"});
                 });
    VM vm{host};
    vm.run(vm.eval(main + "globalThis.first = () => v0", {.type = SourceType::module}));
    // Ballast, so that the few modules are mapped as well.
    vm.eval("globalThis.ballast = new Uint8Array(2 << 20).fill(1)");
    const Snapshot snapshot = vm.snapshot();
    VM{host, snapshot}.eval("first()");
    return faults_of([&] {
      VM again{host, snapshot};
      EXPECT_EQ(again.eval("first()").as<std::string>(), "m0");
    });
  };
  const long few = touched(10), many = touched(1'000);
  EXPECT_LT(many, 150);
  EXPECT_LT(many, few + 60);
}

long resident_anonymous_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "RssAnon:") {
      long kib = 0;
      status >> kib;
      return kib * 1024;
    }
  }
  return 0;
}

TEST(Restore, AThousandFromOneSnapshotShareIt) {  // D3
  const Snapshot snapshot = large();
  const long before = resident_anonymous_bytes();
  std::vector<VM> vms;
  for (int i = 0; i < 1000; ++i) {
    vms.emplace_back(Host{}, snapshot);
    vms.back().eval("orders[5].cents = " + std::to_string(i) + "; next()");
  }
  EXPECT_LT(resident_anonymous_bytes() - before, 400'000'000) << "5 GB if they were copied";
  for (int i = 0; i < 1000; i += 111) {
    EXPECT_EQ(vms[static_cast<std::size_t>(i)].eval("orders[5].cents + next()").as<int>(), i + 2);
  }
}

TEST(Restore, WithoutDescriptorsItStillWorks) {
  const Snapshot snapshot = large();
  const double total = VM(Host{}, snapshot).eval("total()").as<double>();
  std::vector<Snapshot> snapshots;
  std::vector<VM> vms;
  const WithLimit no_descriptors(RLIMIT_NOFILE, 0);
  for (int i = 0; i < 5; ++i) {
    snapshots.push_back(Snapshot::from_bytes(snapshot.to_bytes()));
    vms.emplace_back(Host{}, snapshots.back());
    EXPECT_EQ(vms.back().eval("total()").as<double>(), total);
    EXPECT_EQ(vms.back().eval("next()").as<int>(), 1);
  }
}

TEST(Restore, ManySnapshotsLeaveTheProcessItsDescriptors) {
  const WithLimit few_descriptors(RLIMIT_NOFILE, 256);
  const std::vector<std::byte> bytes = sleeping(8'000).to_bytes();
  std::vector<Snapshot> snapshots;
  for (int i = 0; i < 60; ++i) {
    snapshots.push_back(Snapshot::from_bytes(bytes));
    VM vm{Host{}, snapshots.back()};
    EXPECT_EQ(vm.eval("orders[7].id").as<int>(), 7);
  }
  EXPECT_EQ(image_count(), 32) << "an eighth, the others were copied";
}

TEST(Restore, ThreadsMayBeginTogether) {
  for (int round = 0; round < 3; ++round) {
    const Snapshot snapshot = sleeping(5'000);
    std::vector<std::thread> threads;
    std::vector<int> sums(4);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 5; ++n) {
          VM vm{Host{}, snapshot};
          vm.eval("orders.length = " + std::to_string(1000 * (i + 1)));
          sums[i] += vm.eval("orders.length + next()").as<int>();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(sums, (std::vector<int>{5005, 10005, 15005, 20005}));
  }
}

TEST(Restore, AChildProcessHasItsOwn) {
  const Snapshot snapshot = large();
  VM vm{Host{}, snapshot};
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    vm.eval("orders.forEach((order) => order.cents = 0)");
    VM other{Host{}, snapshot};
    other.eval("next()");
    const bool ok = vm.eval("total()").as<int>() == 0 && other.eval("next()").as<int>() == 2;
    _exit(ok ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_GT(vm.eval("total()").as<double>(), 0);
  EXPECT_EQ(VM(Host{}, snapshot).eval("next()").as<int>(), 1);
}

}  // namespace
}  // namespace quiesce
