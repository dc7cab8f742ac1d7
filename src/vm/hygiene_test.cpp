// D9, C13: what is free when a VM falls asleep is zero: it carries nothing and costs nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "guest/instance.hpp"
#include "quiesce/quiesce.hpp"
#include "vm/machine.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

constexpr std::string_view kSecret = "the key is under the third stone";

Host quiet_host() {
  Host host;
  host.clock(fixed_clock(Time{std::chrono::seconds{5}})).entropy(seeded_entropy(1));
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey&) { return std::optional<ModuleSource>(); });
  return host;
}

/// The linear memory that a snapshot holds.
std::vector<std::byte> memory_of(const Snapshot& snapshot) {
  VM vm{quiet_host(), snapshot};
  const guest::LinearMemory& memory = detail::ValueAccess::machine(vm).instance().memory();
  const std::span<const std::byte> bytes = memory.bytes(0, memory.size());
  return {bytes.begin(), bytes.end()};
}

bool contains(std::span<const std::byte> memory, std::span<const std::byte> wanted) {
  return std::search(memory.begin(), memory.end(), wanted.begin(), wanted.end()) != memory.end();
}

/// Whether a snapshot's memory has it, as Latin-1 or UTF-16.
bool holds_secret(const Snapshot& snapshot) {
  const std::vector<std::byte> memory = memory_of(snapshot);
  const std::u16string wide(kSecret.begin(), kSecret.end());
  return contains(memory, std::as_bytes(std::span(kSecret))) ||
         contains(memory, std::as_bytes(std::span(wide)));
}

// A VM whose global function `secret` makes the text, which stands in no source.
VM vm_with_secret() {
  VM vm{quiet_host()};
  std::string reversed(kSecret.rbegin(), kSecret.rend());
  vm.eval("globalThis.secret = () => [...'" + reversed + "'].reverse().join('')");
  return vm;
}

struct Leak {
  const char* makes;
  const char* forgets = "delete globalThis.x";
};

TEST(Hygiene, ASecretThatWasFreedDoesNotTravel) {  // D9
  const Leak leaks[] = {
      {"x = secret()"},
      {"x = secret() + '\\u2713'"},  // wide
      {"x = {[secret()]: 1}"},       // an atom
      {"x = Symbol(secret())"},
      {"x = new Error(secret())"},
      {"x = secret().repeat(50)"},
      {"x = secret().repeat(50_000)"},
      {"x = Array.from({length: 1000}, (_, i) => i + secret())"},
      {"x = new Map([[secret(), {deep: [secret()]}]])"},
      {"x = Uint8Array.from(secret(), c => c.charCodeAt(0))"},
      {"x = Uint8Array.from(secret().repeat(9), c => c.charCodeAt(0))"},
      {"x = Uint8Array.from(secret().repeat(50_000), c => c.charCodeAt(0))"},
      {"x = new RegExp(secret())"},
      {"x = JSON.parse(JSON.stringify({a: secret(), b: [secret()]}))"},
      {"x = new Function('return \"' + secret() + '\"')"},
      {"x = secret().split('').concat(secret()).sort()"},
      {"x = [...secret(), secret().slice()]; x.s = `<${secret()}>`"},
      {"x = (t => () => t)(secret())"},
      {"x = (function* () { const t = secret(); yield t; })(); x.next()"},
      {"x = quiesce.call; x = new ArrayBuffer(1000, {maxByteLength: 5000});"
       "new Uint8Array(x, 900).set(Uint8Array.from(secret(), c => c.charCodeAt(0)))",
       "x.resize(10); delete globalThis.x"},
  };
  for (const Leak& leak : leaks) {
    SCOPED_TRACE(leak.makes);
    VM vm = vm_with_secret();
    vm.eval(leak.makes);
    EXPECT_TRUE(holds_secret(vm.snapshot()));
    vm.eval(leak.forgets);
    EXPECT_FALSE(holds_secret(vm.snapshot()));
  }
}

// Pages of small blocks in which others live on: more of them than are noted one by one, again and
// again, and some that become free as a whole in between.
TEST(Hygiene, SmallBlocksInManyPagesAreCleared) {  // D9
  VM vm = vm_with_secret();
  vm.eval(R"(
    globalThis.kept = [];
    globalThis.strew = every => {
      const gone = [];
      for (let i = 0; i < 20_000; ++i) {
        kept.push({text: `${i} is as long as the secret, or nearly so`});
        if (i % every === 0) gone.push({text: i + secret()});
      }
      return () => { gone.length = 0; };
    };
  )");
  for (const int every : {300, 5, 40}) {
    vm.eval("globalThis.forget = strew(" + std::to_string(every) + ")");
    EXPECT_TRUE(holds_secret(vm.snapshot()));
    vm.eval("forget(); forget = 0; kept.length /= 2");
    EXPECT_FALSE(holds_secret(vm.snapshot())) << every;
  }
  EXPECT_EQ(vm.eval("kept.every((item, i) => item.text.endsWith('nearly so'))").to_string(),
            "true");
}

TEST(Hygiene, WhatTheHostHandedInDoesNotTravelEither) {  // D9
  for (const std::size_t copies : {1u, 30u, 3000u}) {
    std::string text;
    for (std::size_t i = 0; i < copies; ++i) text += kSecret;
    VM vm{quiet_host()};
    vm.global().set("x", vm.string(text));
    vm.global().set("y", vm.value(Data::array({Data(text), Data(1)})));
    vm.eval("globalThis.z = '" + text + "'");
    EXPECT_TRUE(holds_secret(vm.snapshot()));
    vm.eval("delete globalThis.x; delete globalThis.y; delete globalThis.z");
    EXPECT_FALSE(holds_secret(vm.snapshot())) << copies;
  }
}

TEST(Hygiene, GarbageInCyclesStaysBehindIfItIsCollected) {  // D9
  VM vm = vm_with_secret();
  vm.set_gc_threshold(std::nullopt);
  vm.eval("(() => { const a = {text: secret()}; a.self = a; })()");
  EXPECT_TRUE(holds_secret(vm.snapshot()));
  const Snapshot collected = vm.snapshot({.collect_garbage = true});
  EXPECT_FALSE(holds_secret(collected));
  VM again{quiet_host(), collected};
  EXPECT_EQ(again.eval("secret()").as<std::string>(), kSecret);
}

TEST(Hygiene, ASleeperCanBeCollectedToo) {  // D9
  VM vm = vm_with_secret();
  vm.set_gc_threshold(std::nullopt);
  vm.keep("root", vm.eval("(() => { const a = {text: secret()}; a.self = a; return a; })()"));
  VM other{quiet_host(), vm.snapshot()};
  EXPECT_TRUE(holds_secret(other.snapshot({.collect_garbage = true})));
  other.forget("root");
  VM third{quiet_host(), other.snapshot()};
  EXPECT_TRUE(holds_secret(third.snapshot()));
  EXPECT_FALSE(holds_secret(third.snapshot({.collect_garbage = true})));
}

// ---- what is free costs nothing -----------------------------------------------------------------

constexpr const char* kApplication = R"(
  globalThis.orders = Array.from({length: 3000}, (_, i) => ({id: i, name: 'order number ' + i}));
)";

/// After an application began and `program` ran in it.
Snapshot after(const std::string& program) {
  VM vm{quiet_host()};
  vm.eval(kApplication);
  if (!program.empty()) vm.eval(program);
  return vm.snapshot();
}

TEST(Hygiene, TwentyMegabytesThatWereFreedCostNothing) {  // C13
  const char* const programs[] = {
      // One block, some, and many of each size.
      "new Uint8Array(20 << 20).fill(7); 0",
      "(() => { const a = []; for (let i = 0; i < 20; ++i) a.push(new Uint8Array(1 << 20).fill(i)) "
      "})()",
      "(() => { const a = []; for (let i = 0; i < 30_000; ++i) a.push('x'.repeat(700) + i) })()",
      "(() => { const a = []; for (let i = 0; i < 150_000; ++i) a.push({i, s: 'text' + i}) })()",
      // Freed in another order than taken, grown and shrunk.
      R"((() => {
        const a = [];
        for (let i = 0; i < 40_000; ++i) a.push('y'.repeat(i % 3000 / 3 + 1) + i);
        for (let i = 0; i < a.length; i += 3) a[i] = null;
        for (let i = 1; i < a.length; i += 3) a[i] += 'z'.repeat(1000);
        for (let i = 2; i < a.length; i += 3) a[i] = null;
      })())",
      "(() => { let a = []; for (let i = 0; i < 2_000_000; ++i) a.push(i); a.length = 10; })()",
      "(() => { const m = new Map(); for (let i = 0; i < 150_000; ++i) m.set('k' + i, [i]) })()",
  };
  const Snapshot before = after("");
  const auto never = static_cast<double>(before.to_bytes().size());
  for (const char* program : programs) {
    SCOPED_TRACE(program);
    const Snapshot snapshot = after(program);
    EXPECT_GT(snapshot.memory_bytes(), before.memory_bytes() + (8u << 20));
    EXPECT_LT(static_cast<double>(snapshot.to_bytes().size()), never * 1.1);
  }
}

TEST(Hygiene, FreeMemoryIsZeroWhateverHappened) {  // D9
  VM vm{quiet_host()};
  // Sizes around those where the allocators change their ways, grown and shrunk in every order.
  vm.eval(R"(
    globalThis.churn = seed => {
      const random = n => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
      const sizes = [0, 8, 40, 120, 250, 480, 520, 600, 1000, 4000, 4100, 9000, 70_000, 300_000];
      const held = [];
      for (let i = 0; i < 6000; ++i) {
        const size = sizes[random(sizes.length)] + random(64), at = random(100);
        switch (random(5)) {
          case 0: held[at] = new Uint8Array(size).fill(255); break;
          case 1: held[at] = '\xff'.repeat(size) + i; break;
          case 2: held[at] = new ArrayBuffer(size, {maxByteLength: size + 5000});
                  held[at].resize(random(size + 1)); break;
          case 3: held[at] = Array.from({length: size >> 4}, () => 0.1); break;
          case 4: held[at] = undefined;
        }
      }
    };
    churn(1);
  )");
  const auto dirty_bytes = [&] {
    const std::vector<std::byte> memory = memory_of(vm.snapshot());
    return static_cast<std::size_t>(
        std::count_if(memory.begin() + static_cast<std::ptrdiff_t>(guest::base_image().size),
                      memory.end(), [](std::byte byte) { return byte != std::byte{}; }));
  };
  vm.eval("for (let seed = 2; seed < 6; ++seed) churn(seed)");
  EXPECT_GE(vm.memory_usage().linear_bytes, guest::base_image().size + (1u << 20));
  EXPECT_LT(dirty_bytes(), 1000u);  // what lives beyond the base image's end
  vm.eval("globalThis.x = new Uint8Array(2 << 20).fill(1)");
  EXPECT_GT(dirty_bytes(), 1u << 20);
}

TEST(Hygiene, EqualProgramsGiveEqualBytes) {  // A14
  const auto digest = [](const SnapshotOptions& options) {
    VM vm{quiet_host()};
    vm.eval("globalThis.a = []; for (let i = 0; i < 9000; ++i) a.push({i, s: 'x' + i})");
    vm.eval("a = a.filter(o => o.i % 3); (() => { const c = {}; c.c = c; })()");
    vm.run(vm.eval("import('node:events')"));
    return vm.snapshot(options).content_digest();
  };
  EXPECT_EQ(digest({}), digest({}));
  EXPECT_EQ(digest({.collect_garbage = true}), digest({.collect_garbage = true}));
  EXPECT_NE(digest({}), digest({.collect_garbage = true}));
}

// A heap in which sizes and links were overwritten: giving blocks back may trap or be stopped, and
// nothing else.
TEST(Hygiene, AForgedHeapNeitherHangsNorEscapes) {
  std::mt19937 generator(7);
  const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
  int lost = 0;
  int slept = 0;
  for (int round = 0; round < 150; ++round) {
    VM vm{quiet_host(), {.time_max = std::chrono::milliseconds{50}}};
    vm.eval("globalThis.a = Array.from({length: 300}, (_, i) => 'n'.repeat(i * 5) + i)");
    guest::LinearMemory& memory = detail::ValueAccess::machine(vm).instance().memory();
    const std::uint32_t heap = guest::base_image().stack_pointer;
    for (int edit = 0; edit < 1 << (round % 7); ++edit) {
      const auto words = static_cast<std::uint32_t>((memory.size() - heap) / 4);
      const std::uint32_t address = heap + random() % words * 4;
      // A word of the heap elsewhere, so that it looks like something; sometimes any number.
      const std::uint32_t word =
          edit % 3 == 0 ? random() : memory.load<std::uint32_t>(heap + random() % words * 4);
      memory.store<std::uint32_t>(address, word);
    }
    try {
      const Snapshot forged = vm.snapshot();
      VM woken{quiet_host(), forged, {.allow_missing_functions = true}};
      woken.eval("a.length = 100; a[5] += 'x'.repeat(3000); a = null");
      (void)woken.snapshot();
      (void)woken.snapshot({.collect_garbage = true});
      ++slept;
    } catch (const Error&) {
      ++lost;
    }
  }
  EXPECT_GT(slept, 0);
  EXPECT_GT(lost, 0);
}

}  // namespace
}  // namespace quiesce
