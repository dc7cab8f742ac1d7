// A18, A19, C1, C4: VMs fall asleep and wake, in this process and as bytes.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "quiesce/quiesce.hpp"
#include "temporary_folder.hpp"

namespace quiesce {
namespace {

// The program that README shows.
Host order_host() {
  Host host;
  host.function("greet", [](const std::string& who) { return "hello " + who; })
      .function("charge",
                [](Call& call, double cents) { return call.vm().defer("charge", cents); });
  return host;
}

Snapshot sleeping_order() {
  VM vm{order_host()};
  const Value order = vm.eval("(async () => greet(await charge(499)))()");
  EXPECT_FALSE(vm.run(order));
  vm.keep("order", order);
  return vm.snapshot();
}

std::string finish(VM& vm) {
  for (const PendingCall& call : vm.pending_calls()) vm.deferred(call.id)->resolve("ch_42");
  return vm.run(*vm.kept("order"))->as<std::string>();
}

TEST(Sleep, APendingPromiseGoesOn) {  // A18, A19
  const std::vector<std::byte> bytes = sleeping_order().to_bytes();
  EXPECT_LT(bytes.size(), 40'000u);
  VM again{order_host(), Snapshot::from_bytes(bytes)};
  EXPECT_EQ(finish(again), "hello ch_42");
}

TEST(Sleep, OneSnapshotManyVMs) {
  const Snapshot snapshot = sleeping_order();
  VM one{order_host(), snapshot}, two{order_host(), snapshot};
  one.eval("globalThis.mine = 1");
  EXPECT_EQ(two.eval("typeof mine").as<std::string>(), "undefined");
  EXPECT_EQ(finish(two), "hello ch_42");
  EXPECT_EQ(finish(one), "hello ch_42");
}

TEST(Sleep, SavedAndLoaded) {
  const TemporaryFolder folder{"sleep"};
  const auto file = folder / "a.qsnap";
  sleeping_order().save(file);
  VM again{order_host(), Snapshot::load(file)};
  EXPECT_EQ(finish(again), "hello ch_42");
}

TEST(Sleep, RestoredAndCapturedAgainIsTheSame) {
  const Snapshot first = sleeping_order();
  VM again{order_host(), first};
  (void)again.pending_calls();
  (void)again.kept_names();
  (void)again.next_deadline();
  EXPECT_EQ(again.snapshot().to_bytes(), first.to_bytes());
}

TEST(Sleep, EqualProgramsGiveEqualBytes) {  // A14
  const auto bytes = [] {
    Host host = order_host();
    host.clock(fixed_clock(Time{std::chrono::seconds{5}})).entropy(seeded_entropy(1));
    VM vm{host};
    vm.keep("x",
            vm.eval("const a = {r: Math.random(), m: new Map([[1, new Date()]])}; charge(1); a"));
    return vm.snapshot().to_bytes();
  };
  EXPECT_EQ(bytes(), bytes());
}

TEST(Sleep, EveryKindOfStateSurvives) {
  std::vector<std::byte> bytes;
  {
    VM vm;
    vm.eval(R"(
      globalThis.counter = (() => { let n = 0; return () => ++n; })();
      counter(); counter();
      globalThis.gen = (function* () { const x = yield 1; yield x * 2; })();
      gen.next();
      globalThis.big = new Uint8Array(300000).fill(7);
      globalThis.map = new Map([[{k: 1}, new Set([1n << 100n])]]);
      class Secret { #x = 42; read() { return this.#x; } }
      globalThis.secret = new Secret();
      globalThis.re = /a(?<name>b)/g; re.lastIndex = 3;
      globalThis.sym = Symbol('s'); globalThis.o = {[sym]: 'by symbol'};
      globalThis.weak = new WeakMap([[o, 'weakly']]);
      async function* numbers() { yield await quiesce.call('one'); yield 2; }
      globalThis.waits = (async () => {
        const all = [];
        for await (const x of numbers()) all.push(x);
        return all;
      })();
    )");
    vm.run_until_idle();
    bytes = vm.snapshot().to_bytes();
  }
  VM vm{Host{}, Snapshot::from_bytes(bytes)};
  EXPECT_EQ(vm.eval("counter()").as<int>(), 3);
  EXPECT_EQ(vm.eval("gen.next(21).value").as<int>(), 42);
  EXPECT_EQ(vm.eval("big.reduce((a, b) => a + b)").as<int>(), 2'100'000);
  EXPECT_EQ(vm.eval("[...map][0][1].has(1n << 100n)").as<bool>(), true);
  EXPECT_EQ(vm.eval("secret.read()").as<int>(), 42);
  EXPECT_EQ(vm.eval("re.lastIndex").as<int>(), 3);
  EXPECT_EQ(vm.eval("o[sym] + weak.get(o)").as<std::string>(), "by symbolweakly");
  vm.deferred(vm.pending_calls().at(0).id)->resolve(1);
  EXPECT_EQ(vm.run(vm.eval("waits"))->to_json(), "[1,2]");
}

TEST(Sleep, HandlesOfTheOldProcessAreGone) {
  VM vm;
  std::vector<Value> held;
  for (int i = 0; i < 1000; ++i) held.push_back(vm.eval("({})"));
  vm.keep("one", held[0]);
  VM again{Host{}, vm.snapshot()};
  (void)again.kept("one");
  again.collect_garbage();
  EXPECT_LT(again.memory_usage().handles, 5u);
  EXPECT_GE(vm.memory_usage().handles, 1000u);
}

TEST(Sleep, KeptRoots) {
  VM vm;
  EXPECT_FALSE(vm.kept("x").has_value());
  vm.keep("x", Value(1));
  vm.keep("ü", vm.string("text"));
  vm.keep("x", Value(2));
  EXPECT_EQ(vm.kept_names(), (std::vector<std::string>{"x", "ü"}));
  VM again{Host{}, vm.snapshot()};
  EXPECT_EQ(again.kept("x")->as<int>(), 2);
  EXPECT_EQ(again.kept("ü")->as<std::string>(), "text");
  EXPECT_TRUE(again.forget("x"));
  EXPECT_FALSE(again.forget("x"));
  EXPECT_EQ(again.kept_names(), (std::vector<std::string>{"ü"}));
}

TEST(Sleep, MissingFunctionsAreNamedAllAtOnce) {
  const Snapshot snapshot = sleeping_order();
  Host half;
  half.function("greet", [](const std::string& who) { return who; });
  try {
    VM vm{Host{}, snapshot};
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::missing_function);
    EXPECT_NE(std::string(error.what()).find("charge, greet"), std::string::npos) << error.what();
  }
  EXPECT_THROW((VM{half, snapshot}), Error);
  VM vm{half, snapshot, {.allow_missing_functions = true}};
  EXPECT_EQ(vm.function_names().size(), 2u);
  EXPECT_NE(vm.eval("try { charge(1); } catch (e) { e.message }").as<std::string>().find("charge"),
            std::string::npos);
  EXPECT_EQ(finish(vm), "ch_42");
}

// Asleep with a function, an object and a mount of its host, and with its fuel used up.
Snapshot with_needs() {
  struct Ledger {};
  const auto ledger = std::make_shared<Ledger>();
  Host host = order_host();
  host.bind<Ledger>("Ledger").key([](const Ledger&) { return std::string("main"); },
                                  [&](const std::string&) { return ledger; });
  host.files(Mounts().mount("/app", memory_files({{"/main.mjs", ""}}), {.by_digest = true}));
  VM vm{host, {.fuel_max = 10'000}};
  vm.keep("ledger", vm.value(ledger));
  vm.keep("name", vm.string("order 17"));
  vm.eval("globalThis.order = charge(499); globalThis.greets = greet; 0");
  EXPECT_THROW(vm.eval("for (;;);"), Error);
  EXPECT_EQ(vm.fuel_left(), 0u);
  return vm.snapshot();
}

TEST(Sleep, LenientIsWhoMissesNothing) {
  const Snapshot snapshot = with_needs();
  EXPECT_THROW((VM{Host{}, snapshot}), Error);
  for (const auto allowed :
       {&RestoreOptions::allow_missing_functions, &RestoreOptions::allow_missing_resources,
        &RestoreOptions::allow_missing_mounts}) {
    RestoreOptions options = RestoreOptions::lenient();
    options.*allowed = false;
    EXPECT_THROW((VM{Host{}, snapshot, options}), Error) << "it needs all three";
  }
  VM vm{Host{}, snapshot, RestoreOptions::lenient()};
  EXPECT_EQ(vm.fuel_left(), 0u) << "the limits are those of the snapshot";
  EXPECT_EQ(vm.fork().function_names(), vm.function_names());
}

TEST(Sleep, AnySnapshotCanBeLookedInto) {
  VM vm{Host{}, with_needs(), RestoreOptions::for_looking()};
  EXPECT_EQ(vm.pending_calls().at(0).name, "charge");
  EXPECT_EQ(vm.function_names(), (std::vector<std::string>{"charge", "greet"}));
  EXPECT_EQ(vm.mounts().at(0).path, "/app");
  EXPECT_EQ(vm.waits().list.size(), 1u);
  EXPECT_TRUE(vm.census().is_whole);
  EXPECT_EQ(vm.kept("name")->as<std::string>(), "order 17");
  EXPECT_EQ(vm.limits().memory_bytes_max, Limits::kUnlimited);
  EXPECT_GT(vm.limits().time_max.count(), 0);
}

TEST(Sleep, FunctionsAreFoundByName) {  // A19
  Host first, second;
  first.function("a", [] { return "a"; }).function("b", [] { return "b"; });
  second.function("zero", [] { return 0; }).function("b", [] { return "new b"; }).function("a", [] {
    return "new a";
  });
  VM vm{first};
  vm.eval("const keep = a");
  VM again{second, vm.snapshot()};
  EXPECT_EQ(again.eval("keep() + b()").as<std::string>(), "new anew b");
  EXPECT_EQ(again.eval("typeof zero").as<std::string>(),
            "undefined");  // the guest's globals are the guest's
  again.global().set("zero", again.function("zero"));
  EXPECT_EQ(again.eval("zero()").as<int>(), 0);
}

TEST(Sleep, LimitsTravel) {
  VM vm{Host{},
        {.memory_bytes_max = 8u << 20,
         .stack_bytes_max = 64u << 10,
         .time_max = std::chrono::seconds{9}}};
  const Snapshot snapshot = vm.snapshot();
  EXPECT_EQ(snapshot.limits().memory_bytes_max, 8u << 20);
  VM again{Host{}, Snapshot::from_bytes(snapshot.to_bytes())};
  EXPECT_EQ(again.limits().memory_bytes_max, 8u << 20);
  EXPECT_EQ(again.limits().stack_bytes_max, 64u << 10);
  EXPECT_EQ(again.limits().time_max, std::chrono::seconds{9});
  EXPECT_THROW(again.eval("new Uint8Array(9 << 20)"), JSError);
  VM wider{Host{}, snapshot, {.limits = Limits{.memory_bytes_max = 64u << 20}}};
  EXPECT_EQ(wider.eval("new Uint8Array(9 << 20).length").as<int>(), 9 << 20);
}

TEST(Sleep, ALimitBelowTheUseIsRefusedAtOnce) {  // C12
  VM vm;
  vm.eval("globalThis.fill = new Uint8Array(4 << 20).fill(1)");
  try {
    VM again{Host{}, vm.snapshot(), {.limits = Limits{.memory_bytes_max = 1u << 20}}};
    again.eval("1");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::limit);
    EXPECT_EQ(error.limit(), Limit::memory);
  }
  EXPECT_THROW((VM{Host{}, {.memory_bytes_max = 1000}}), Error);
}

TEST(Sleep, ReadyJobsAndDueTimersSleepToo) {
  VM vm;
  vm.eval("globalThis.log = ''; Promise.resolve().then(() => log += 'job')");
  VM again{Host{}, vm.snapshot()};
  again.run_until_idle();
  EXPECT_EQ(again.eval("log").as<std::string>(), "job");
}

TEST(Sleep, AVMMovesBetweenThreads) {
  VM vm{order_host()};
  const auto step = [&](int expected) {
    std::thread([&] {
      EXPECT_EQ(vm.eval("globalThis.n = (globalThis.n ?? 0) + 1").as<int>(), expected);
    }).join();
  };
  step(1);
  step(2);
  EXPECT_EQ(vm.eval("n").as<int>(), 2);
}

TEST(Sleep, ManyThreadsManyVMs) {
  const Snapshot snapshot = sleeping_order();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        VM vm{order_host(), snapshot};
        EXPECT_EQ(finish(vm), "hello ch_42");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace quiesce
