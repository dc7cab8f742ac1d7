#include "quiesce/waits.hpp"

#include <gtest/gtest.h>

#include "quiesce/vm.hpp"

namespace quiesce {
namespace {

std::string end_of(const AsyncStack& stack) {
  switch (stack.end) {
    case AsyncStack::End::nobody: return "nobody";
    case AsyncStack::End::kept: return "kept " + stack.root;
    case AsyncStack::End::host: return "host";
    case AsyncStack::End::shown: return "shown";
    case AsyncStack::End::cut: return "cut";
  }
  return "?";
}

// One line for each stack: its frames, and how it ends.
std::string text(const Wait& wait) {
  std::string lines;
  for (const AsyncStack& stack : wait.stacks) {
    for (const AsyncFrame& frame : stack.frames) lines += describe(frame) + " < ";
    lines += end_of(stack) + "\n";
  }
  return lines;
}

// The same of a VM, and of one that was woken from its snapshot: they know the same.
std::string text(VM& vm) {
  const auto all = [](const VM& from) {
    std::string lines;
    const Waits waits = from.waits();
    EXPECT_TRUE(waits.is_whole);
    for (const Wait& wait : waits.list) {
      lines += wait.what == Wait::For::call    ? "call " + std::to_string(wait.id) + ": "
               : wait.what == Wait::For::timer ? "timer: "
                                               : "promise: ";
      if (wait.stacks.empty()) lines += describe(wait.callback) + "\n";
      lines += text(wait);
    }
    return lines;
  };
  const std::string now = all(vm);
  const VM asleep{Host(), vm.snapshot()};
  EXPECT_EQ(all(asleep), now);
  return now;
}

// D7
TEST(Waits, FollowAwaitOutwards) {
  VM vm;
  const Value order = vm.eval(R"(async function charge(cents) {
  const receipt = await quiesce.call("charge", cents);
  return receipt;
}
async function order() {
  try {
    return await charge(499);
  } finally {}
}
order())",
                              {.file_name = "pay.js"});
  vm.run(order);
  EXPECT_EQ(text(vm),
            "call 1: await in charge (pay.js:2:48) < await in order (pay.js:7:18) < nobody\n");
  vm.keep("order", order);
  EXPECT_EQ(text(vm),
            "call 1: await in charge (pay.js:2:48) < await in order (pay.js:7:18) < kept order\n");
}

TEST(Waits, KnowCombinators) {
  VM vm;
  vm.eval(R"(
    const call = n => quiesce.call(n);
    async function all() { await Promise.all([call("a"), call("b")]) }
    async function settled() { await Promise.allSettled([call("c")]) }
    async function any() { await Promise.any([call("d")]) }
    async function race() { await Promise.race([call("e")]) }
    all(); settled(); any(); race(); 0)",
          {.file_name = "p"});
  vm.run_until_idle();
  EXPECT_EQ(text(vm),
            "call 1: Promise.all < await in all (p:3:58) < nobody\n"
            "call 2: Promise.all < await in all (p:3:58) < nobody\n"
            "call 3: Promise.allSettled < await in settled (p:4:58) < nobody\n"
            "call 4: Promise.any < await in any (p:5:47) < nobody\n"
            "call 5: settles another promise < await in race (p:6:49) < nobody\n");
}

TEST(Waits, KnowCallbacks) {
  VM vm;
  vm.eval(R"(
    const call = n => quiesce.call(n);
    function onward(x) { return x }
    call("a").then(onward).catch(function failed() {}).finally(() => 1);
    (async () => call("b"))();
    call("c");
    (async function* gen() { yield await call("d") })().next(); 0)",
          {.file_name = "p"});
  vm.run_until_idle();
  EXPECT_EQ(text(vm),
            "call 1: then onward (p:3:5) < catch failed (p:4:34) < finally (anonymous) (p:4:56) "
            "< nobody\n"
            "call 2: settles another promise < nobody\n"
            "call 3: nobody\n"
            "call 4: await in generator gen (p:7:42) < nobody\n");
}

TEST(Waits, HaveAStackForEachWhoAwaits) {
  VM vm;
  vm.eval(R"(
    const p = quiesce.call("a");
    async function one() { await p }
    async function two() { await one() }
    const both = Promise.all([one(), two()]);
    two(); 0)",
          {.file_name = "p"});
  vm.run_until_idle();
  const Waits waits = vm.waits();
  ASSERT_EQ(waits.list.size(), 1u);
  EXPECT_EQ(text(waits.list[0]),
            "await in one (p:3:34) < Promise.all < nobody\n"
            "await in one (p:3:34) < await in two (p:4:34) < Promise.all < nobody\n"
            "await in one (p:3:34) < await in two (p:4:34) < nobody\n");
}

TEST(Waits, TellTimersAndPromisesThatNobodySettles) {
  Host host;
  host.clock([] { return Time(); });
  VM vm(host);
  vm.eval(R"(
    const sleep = ms => new Promise(r => setTimeout(r, ms));
    async function nap() { await sleep(2000) }
    async function stuck() { await new Promise(r => { globalThis.settle = r }) }
    function tick() {}
    nap(); stuck(); setInterval(tick, 1000); 0)",
          {.file_name = "p"});
  vm.run_until_idle();
  const Waits waits = vm.waits();
  ASSERT_EQ(waits.list.size(), 3u);
  EXPECT_EQ(waits.list[0].what, Wait::For::timer);
  EXPECT_EQ(waits.list[0].time, Time(std::chrono::seconds(1)));
  EXPECT_EQ(describe(waits.list[0].callback), "then tick (p:5:5)");
  EXPECT_EQ(text(waits.list[1]), "await in nap (p:3:34) < nobody\n");
  EXPECT_EQ(waits.list[2].what, Wait::For::promise);
  EXPECT_EQ(text(waits.list[2]), "await in stuck (p:4:40) < nobody\n");
}

TEST(Waits, KnowModulesAndImports) {
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey& key) {
                 return std::optional(ModuleSource{
                     key.name == "main" ? "import 'part'; export const x = 1"
                                        : "export const y = await quiesce.call('load')",
                     {}});
               });
  VM vm(host);
  vm.eval("async function start() { await import('main') }; start(); 0", {.file_name = "p"});
  vm.run_until_idle();
  const std::string waits = text(vm.waits().list.at(0));
  EXPECT_EQ(waits,
            "await at the top level (part:1:31) < evaluation of part < import() < await in start "
            "(p:1:25) < nobody\n");
}

TEST(Waits, SeeThroughTheAsynchronousContext) {
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey&) { return std::optional<ModuleSource>(); });
  VM vm(host);
  vm.eval(R"(
    import('node:async_hooks').then(({AsyncLocalStorage}) => {
      async function f() { await quiesce.call("a") }
      new AsyncLocalStorage().run(1, () => f().then(function after() {}));
    }); 0)",
          {.file_name = "p"});
  vm.run_until_idle();
  EXPECT_EQ(text(vm), "call 1: await in f (p:3:42) < then after (p:4:53) < nobody\n");
}

TEST(Waits, SayThatTheHostIsTold) {
  VM vm;
  const Value promise =
      vm.eval("(async function f() { await quiesce.call('a') })()", {.file_name = "p"});
  vm.on_settled(promise, [](const Settlement&) {});
  EXPECT_EQ(text(vm.waits().list.at(0)), "await in f (p:1:36) < host\n");
}

// Who awaits whom can be a circle, and of any length.
TEST(Waits, EndWhateverTheShape) {
  VM vm;
  vm.eval(R"(
    let a, b;
    async function one() { await 0; await b }
    async function two() { await 0; await a }
    a = one(); b = two();
    let p = quiesce.call("deep");
    for (let i = 0; i < 500; ++i) p = (async q => await q)(p);
    const wide = quiesce.call("wide");
    for (let i = 0; i < 500; ++i) (async () => await wide)();
    const jungle = [quiesce.call("jungle")];
    for (let i = 0; i < 60; ++i) jungle.push(Promise.all([...jungle]));
    0)");
  vm.run_until_idle();
  const Waits waits = vm.waits();
  EXPECT_TRUE(waits.is_whole);
  ASSERT_EQ(waits.list.size(), 4u) << "three calls and the circle";
  EXPECT_EQ(waits.list[0].stacks.at(0).frames.size(), 100u);
  EXPECT_EQ(waits.list[0].stacks.at(0).end, AsyncStack::End::cut);
  EXPECT_EQ(waits.list[1].stacks.size(), 16u);
  EXPECT_EQ(waits.list[2].stacks.size(), 16u);
  EXPECT_EQ(waits.list[3].what, Wait::For::promise);
  EXPECT_EQ(waits.list[3].stacks.at(0).end, AsyncStack::End::shown);
}

TEST(Waits, CountJobsThatAreReady) {
  VM vm;
  vm.eval("Promise.resolve().then(() => {}); queueMicrotask(() => {}); 0");
  EXPECT_EQ(vm.waits().ready_jobs, 2u);
  vm.run_until_idle();
  EXPECT_EQ(vm.waits().ready_jobs, 0u);
}

}  // namespace
}  // namespace quiesce
