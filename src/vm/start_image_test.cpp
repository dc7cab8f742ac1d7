#include "quiesce/start_image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "temporary_folder.hpp"
#include "vm/modules_testing.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr Time kThen{std::chrono::seconds(1'700'000'000)};
constexpr Time kNow{std::chrono::seconds(1'800'000'000)};

std::string draw(VM& vm) { return vm.eval("Math.random()").to_string(); }

Host at(Time time) {
  Host host;
  host.clock(fixed_clock(time));
  return host;
}

StartImage image_of(const std::string& code, const Host& host = {}, const Limits& limits = {}) {
  VM vm{host, limits};
  vm.eval(code);
  vm.run_until_idle();
  return StartImage::of(vm);
}

/// What a VM that was started says to `code`.
template <class T = std::string>
T started(const StartImage& image, const std::string& code, const Host& host = {}) {
  VM vm = image.start(host);
  return vm.eval(code).as<T>();
}

// ---- evaluated once, started often -------------------------------------------------------------

TEST(StartImage, AnApplicationIsEvaluatedOnce) {  // D4
  auto tree = std::make_shared<Tree>(std::map<std::string, std::string>{
      {"/m/app.mjs",
       "import {greet} from './greet.mjs'; globalThis.evaluated = "
       "(globalThis.evaluated ?? 0) + 1; export const render = (n) => greet(n);"},
      {"/m/greet.mjs", "export const greet = (name) => `hello ${name}`;"}});
  Host host;
  host.modules(tree);
  VM vm{host};
  const Value app = vm.run(vm.import_main("app.mjs")).value();
  vm.keep("render", app["render"]);
  const StartImage image = StartImage::of(vm);
  const std::size_t loads = tree->loads.size();
  for (int i = 0; i < 5; ++i) {
    VM one = image.start(host);
    EXPECT_EQ(one.kept("render").value()("Ada").as<std::string>(), "hello Ada");
    // By its name it is found as well, for a program that imports it.
    const Value again =
        one.eval("import {render} from 'file:///m/app.mjs'; export const said = render('Bob');",
                 {.file_name = "file:///m/job.mjs", .type = SourceType::module});
    EXPECT_EQ(one.run(again).value()["said"].as<std::string>(), "hello Bob");
    EXPECT_EQ(one.eval("evaluated++").as<int>(), 1) << "each VM has its own";
  }
  EXPECT_EQ(tree->loads.size(), loads);
}

TEST(StartImage, FromAFile) {  // D4
  const TemporaryFolder folder{"images"};
  image_of("globalThis.answer = () => 42; Date.now()", at(kThen)).save(folder / "app.qimg");
  const StartImage image = StartImage::load(folder / "app.qimg");
  EXPECT_EQ(started<int>(image, "answer()"), 42);
  EXPECT_EQ(image.draws().clock.count, 1u);
  EXPECT_EQ(image.snapshot().digest(), Snapshot::load(folder / "app.qimg").digest());
}

TEST(StartImage, ItsVMsDrawTheirOwnNumbersUnlessAskedOtherwise) {  // C11
  const StartImage image = image_of("globalThis.first = Math.random()");
  std::set<std::string> first;
  std::set<std::string> drawn;
  for (int i = 0; i < 20; ++i) {
    VM vm = image.start();
    first.insert(vm.eval("first").to_string());
    drawn.insert(draw(vm));
  }
  EXPECT_EQ(first.size(), 1u) << "what the evaluation drew is in all of them";
  EXPECT_EQ(drawn.size(), 20u);

  EXPECT_EQ(started<double>(image, "Math.random()", Host().entropy(seeded_entropy(7))),
            started<double>(image, "Math.random()", Host().entropy(seeded_entropy(7))));
  VM a = image.start(Host{}, {});
  VM b = image.start(Host{}, {});
  EXPECT_EQ(draw(a), draw(b)) << "as the options say";

  std::vector<VM> spawned = image.snapshot().spawn(Host{}, 2);
  EXPECT_NE(draw(spawned[0]), draw(spawned[1]));
}

TEST(StartImage, TheClockIsTheHostsOfNow) {
  const StartImage image =
      image_of("globalThis.then = [Date.now(), performance.timeOrigin]", at(kThen));
  EXPECT_EQ(started(image, "then.join()"), "1700000000000,1700000000000");
  EXPECT_EQ(
      started(image, "[Date.now(), performance.timeOrigin, performance.now()].join()", at(kNow)),
      "1800000000000,1800000000000,0");
}

TEST(StartImage, TimersRunOnFromWhereTheyStood) {
  Time now = kThen;
  Host host;
  host.clock([&] { return now; });
  VM vm{host};
  vm.eval(
      "globalThis.told = []; setTimeout(() => told.push('once'), 1000);"
      "setInterval(() => told.push('again'), 400)");
  now += std::chrono::milliseconds(300);
  const StartImage image = StartImage::of(vm);
  now = kNow;
  VM one = image.start(host);
  EXPECT_EQ(one.timer_deadlines(), (std::vector<Time>{kNow + std::chrono::milliseconds(100),
                                                      kNow + std::chrono::milliseconds(700)}));
  for (int i = 0; i < 8; ++i) {
    one.run_until_idle();
    now += std::chrono::milliseconds(100);
  }
  one.run_until_idle();
  EXPECT_EQ(one.eval("told.join()").as<std::string>(), "again,again,once");
  now = kThen + std::chrono::milliseconds(300);
  EXPECT_EQ(vm.timer_deadlines().front(), kThen + std::chrono::milliseconds(400))
      << "the VM that the image was made of has its own";
}

TEST(StartImage, LimitsAndFuelAreAsTheyWereGiven) {
  const Limits limits{.memory_bytes_max = 8u << 20, .fuel_max = 100'000};
  const StartImage image = image_of("for (let i = 0; i < 30000; i++);", {}, limits);
  VM vm = image.start();
  EXPECT_EQ(vm.limits().memory_bytes_max, 8u << 20);
  EXPECT_LT(vm.fuel_used(), 100u);
  EXPECT_GT(vm.fuel_left(), 99'900u);
  VM other = image.start(Host{}, {.limits = Limits{.fuel_max = 50}});
  EXPECT_EQ(code_of([&] { other.eval("for (;;);"); }), Errc::limit);
  EXPECT_EQ(code_of([&] { image.start(Host{}, {.limits = Limits{.memory_bytes_max = 1000}}); }),
            Errc::limit);
}

TEST(StartImage, TheVMThatItIsMadeOfGoesOnUnchanged) {
  VM vm{at(kThen).entropy(seeded_entropy(1))};
  VM twin{at(kThen).entropy(seeded_entropy(1))};
  for (VM* one : {&vm, &twin}) one->eval("globalThis.x = 1; setTimeout(() => x++, 10)");
  const std::string before = vm.snapshot().content_digest();
  StartImage::of(vm);
  EXPECT_EQ(vm.snapshot().content_digest(), before);
  EXPECT_EQ(draw(vm), draw(twin));
}

TEST(StartImage, EqualProgramsGiveEqualImages) {  // D8
  const std::string code =
      "globalThis.list = [1, 2, {a: 'b'}]; setTimeout(() => list.push(3), 1000);"
      "for (let i = 0; i < 100; i++) list.push({i})";
  const StartImage a = image_of(code, at(kThen).entropy(seeded_entropy(1)));
  const StartImage b = image_of(code, at(kNow).entropy(seeded_entropy(2)));
  EXPECT_EQ(a.snapshot().content_digest(), b.snapshot().content_digest());
  const StartImage c = image_of("globalThis.then = Date.now();" + code, at(kThen));
  const StartImage d = image_of("globalThis.then = Date.now();" + code, at(kNow));
  EXPECT_NE(c.snapshot().content_digest(), d.snapshot().content_digest()) << "it drew";
}

TEST(StartImage, WhatSleepsInOneOfItsVMsIsAnOrdinarySnapshot) {
  const StartImage image =
      image_of("globalThis.all = Array.from({length: 20000}, (_, i) => ({i}))");
  VM vm = image.start();
  vm.eval("globalThis.mine = quiesce.call('ask').then((answer) => all[answer].i)");
  const Snapshot asleep = vm.snapshot();
  EXPECT_FALSE(StartImage::is_one(asleep));
  EXPECT_TRUE(StartImage::is_one(image.snapshot()));
  EXPECT_TRUE(vm.began_from_image());
  EXPECT_FALSE(VM(Host{}, asleep).began_from_image());
  EXPECT_FALSE(vm.fork().began_from_image());
  EXPECT_FALSE(VM().began_from_image());
  const Snapshot small = asleep.relative_to(image.snapshot());
  EXPECT_LT(small.stored_bytes() * 20, asleep.stored_bytes());
  EXPECT_THAT(small.ancestors(), ElementsAre(image.snapshot().digest()));

  const auto bytes = small.to_bytes();
  VM woken{Host{}, Snapshot::from_bytes(bytes, {.find_ancestor = [&](const std::string&) {
                                          return std::optional(image.snapshot());
                                        }})};
  woken.deferred(1)->resolve(7);
  EXPECT_EQ(woken.run(woken.eval("mine")).value().as<int>(), 7);
}

TEST(StartImage, OneCanBeMadeOfAVMOfAnother) {
  const StartImage libraries = image_of("globalThis.double = (n) => 2 * n; Math.random()");
  VM vm = libraries.start();
  vm.eval("globalThis.quadruple = (n) => double(double(n)); Date.now()");
  const StartImage app = StartImage::of(vm);
  EXPECT_EQ(started<int>(app, "quadruple(3)"), 12);
  EXPECT_EQ(app.draws().random.count, 1u) << "that of the first counts as well";
  EXPECT_EQ(app.draws().clock.count, 1u);
}

TEST(StartImage, ManyThreadsStartFromOne) {
  const StartImage image = image_of("globalThis.sum = (n) => n ? n + sum(n - 1) : 0");
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n) right += started<int>(image, "sum(100)") == 5050 && i >= 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 200);
}

// ---- what the host offers ----------------------------------------------------------------------

TEST(StartImage, FunctionsOfTheHostAreThereAsInANewVM) {
  const StartImage image =
      image_of("globalThis.price = (n) => 'own'; globalThis.total = (n) => tax(n) + 1");
  Host host;
  host.function("tax", [](int n) { return n / 10; }).function("price", [](int) {
    return "host's";
  });
  EXPECT_EQ(started<int>(image, "total(50)", host), 6);
  EXPECT_EQ(started(image, "price(1)", host), "own") << "what the program has put there stays";
  EXPECT_EQ(started(image, "typeof tax"), "undefined");
}

TEST(StartImage, FunctionsThatItKnowsAreTheNewHosts) {
  Host first;
  first.function("who", [] { return "first"; });
  const StartImage image = image_of("globalThis.ask = () => who()", first);
  Host second;
  second.function("who", [] { return "second"; });
  EXPECT_EQ(started(image, "ask()", second), "second");
  EXPECT_THAT(refusal_of([&] { image.start(); }, Errc::missing_function), HasSubstr("who"));
  VM without = image.start(Host{}, {.allow_missing_functions = true});
  EXPECT_EQ(thrown_text(without, "ask()").substr(0, 5), "Error");
}

struct Counter {
  explicit Counter(int from) : n(from) {}
  int next() { return n++; }
  int n;
};

TEST(StartImage, ClassesOfTheHostAreThereAsInANewVM) {
  const StartImage image = image_of("globalThis.make = () => new Counter(5)");
  Host host;
  host.bind<Counter>("Counter").constructor<int>().method("next", &Counter::next);
  EXPECT_EQ(started<int>(image, "const c = make(); c.next(); c.next()", host), 6);
}

TEST(StartImage, InstancesAreAttachedInEachOfItsVMs) {
  const auto offer = [](int& attached) {
    Host host;
    host.bind<Counter>("Counter")
        .constructor<int>()
        .method("next", &Counter::next)
        .key([](const Counter& counter) { return std::to_string(counter.n); },
             [&attached](const std::string& key) {
               ++attached;
               return std::make_shared<Counter>(std::stoi(key));
             });
    return host;
  };
  int attached = 0;
  VM vm{offer(attached)};
  vm.eval("globalThis.c = new Counter(5); c.next()");
  const StartImage image = StartImage::of(vm);
  EXPECT_EQ(attached, 0) << "making an image touches nothing of the host's";
  EXPECT_EQ(started<int>(image, "c.next()", offer(attached)), 6);
  EXPECT_EQ(started<int>(image, "c.next()", offer(attached)), 6);
  EXPECT_EQ(attached, 2);
  EXPECT_THAT(refusal_of([&] { image.start(); }, Errc::missing_function), HasSubstr("Counter"));
}

TEST(StartImage, NodesGlobalsAreThereIfTheHostHasThem) {
  const StartImage bare = image_of("globalThis.URL = 'own'");
  EXPECT_EQ(started(bare, "typeof Buffer"), "undefined");
  const Host host = Host().node_globals();
  EXPECT_EQ(started(bare, "Buffer.from('hi').toString('hex')", host), "6869");
  EXPECT_EQ(started(bare, "URL", host), "own");
  const StartImage frugal = image_of("delete globalThis.Buffer", host);
  EXPECT_EQ(started(frugal, "typeof Buffer", host), "undefined") << "what it took away stays away";
  EXPECT_EQ(started(frugal, "new URL('http://a/b').pathname", host), "/b");
}

TEST(StartImage, TheProcessIsTheNewOne) {
  const auto process = [](std::vector<std::string> arguments, const char* mode) {
    return Host()
        .process({.arguments = std::move(arguments),
                  .environment = {{"MODE", mode}},
                  .folder = mode[0] == 'b' ? "/build" : "/serve"})
        .node_globals();
  };
  const StartImage image = image_of(
      "const {argv, env} = process; env.EVALUATED = 'yes';"
      "globalThis.tell = () => [argv.join(' '), env.MODE, env.EVALUATED, process.cwd()].join();",
      process({"quiesce", "/build/app.mjs"}, "build"));
  EXPECT_EQ(started(image, "tell()", process({"quiesce", "/serve/job.mjs", "17"}, "serve")),
            "quiesce /serve/job.mjs 17,serve,yes,/serve");
  EXPECT_EQ(started(image, "tell()"), "quiesce /build/app.mjs,build,yes,/build")
      << "a host that says nothing changes nothing";
  EXPECT_LT(started<double>(image, "process.uptime()"), 10.0);
}

TEST(StartImage, NothingThatAProgramDoesToItselfIsInTheWay) {
  const Host host = Host()
                        .process({.arguments = {"quiesce", "a", "b"}, .environment = {{"A", "1"}}})
                        .node_globals();
  const StartImage image = image_of(
      "Object.freeze(process.argv); Object.preventExtensions(process.env);"
      "Array.prototype[Symbol.iterator] = null; Array.prototype.push = null;"
      "Object.keys = null; performance = null; globalThis.Date = null;"
      "Object.defineProperty(Object.prototype, 'get', {value: 1});",
      host);
  EXPECT_EQ(started(image, "process.argv.join()", host), "quiesce,a,b");
  EXPECT_EQ(started<int>(image, "1 + 1"), 2);
  for (const char* how : {"Object.freeze(process)", "Object.seal(process.argv)",
                          "process.argv = process.env = null"}) {
    EXPECT_EQ(started<int>(image_of(how, host), "1 + 1", host), 2) << how;
  }
  const StartImage frozen = image_of("Object.freeze(globalThis)");
  EXPECT_EQ(started<int>(frozen, "1 + 1"), 2);
  // There is no place for it, and nobody is left to believe that there was. The error outlives that
  // VM, as any does.
  const auto refused = attempt([&] { frozen.start(Host().function("late", [] {})); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::javascript);
  EXPECT_THAT(refused.error().what(), StartsWith("TypeError"));
}

// ---- what was drawn ----------------------------------------------------------------------------

struct Source {
  const char* code;
  Draw Draws::* drawn;
};

TEST(Draws, EverySourceIsCounted) {  // D4
  const Draw Draws::* const all[] = {&Draws::clock, &Draws::entropy, &Draws::random};
  const Source sources[] = {
      {"Date.now()", &Draws::clock},
      {"new Date()", &Draws::clock},
      {"Date()", &Draws::clock},
      {"Reflect.construct(Date, [])", &Draws::clock},
      {"performance.now()", &Draws::clock},
      {"performance.timeOrigin", &Draws::clock},
      {"process.hrtime()", &Draws::clock},
      {"process.hrtime.bigint()", &Draws::clock},
      {"process.uptime()", &Draws::clock},
      {"console.time('t')", &Draws::clock},
      {"[3, 1, 2].map(Math.random)", &Draws::random},
      {"Math.random()", &Draws::random},
      {"crypto.randomUUID()", &Draws::entropy},
      {"crypto.getRandomValues(new Uint8Array(1000))", &Draws::entropy},
      {"process.getBuiltinModule('crypto').randomBytes(8)", &Draws::entropy},
      {"process.getBuiltinModule('fs').writeFileSync('/a', 'b')", &Draws::clock},
  };
  for (const Source& source : sources) {
    VM vm{Host().node_globals()};
    vm.eval("\n  " + std::string(source.code), {.file_name = "file:///app.js"});
    const Draws draws = vm.draws();
    for (const Draw Draws::* const one : all) {
      EXPECT_EQ((draws.*one).count > 0, one == source.drawn) << source.code << draws.describe();
    }
    EXPECT_THAT((draws.*source.drawn).first_place, StartsWith("file:///app.js:2:")) << source.code;
  }
}

TEST(Draws, WhatTheLibraryDoesIsNone) {
  VM vm{Host().node_globals().modules(node_modules()).process({.arguments = {"a", "b"}})};
  vm.eval(R"(
    process.argv; Buffer.from('a'); new URL('http://a'); crypto; structuredClone({});
    new AbortController(); new TextEncoder(); console.log('x'); navigator.userAgent;
    new Date(0).getHours(); new Date(2020, 1, 1); Date.UTC(2020); Date.parse('2020-01-01');
    setTimeout(() => {}, 5); setImmediate(() => {}); queueMicrotask(() => {});
    for (const name of ['fs', 'os', 'path', 'events', 'util', 'assert', 'stream', 'timers',
                        'perf_hooks', 'crypto', 'http', 'async_hooks', 'string_decoder'])
      process.getBuiltinModule(name);
  )");
  vm.run_until_idle();
  vm.files().write("/by-the-host", "x");
  vm.reseed();
  vm.collect_garbage();
  EXPECT_TRUE(vm.draws().none()) << vm.draws().describe();
  EXPECT_EQ(vm.draws().describe(), "");
}

TEST(Draws, TheFirstPlaceIsThatOfTheProgram) {
  auto tree = std::make_shared<Tree>(std::map<std::string, std::string>{
      {"/m/app.mjs", "import './id.mjs';\nexport const other = Math.random();\n"},
      {"/m/id.mjs",
       "const make = () =>\n  new Date();\nexport const id = make();\nexport const two = "
       "Date.now();\n"}});
  VM vm{Host().modules(tree)};
  vm.run(vm.import_main("app.mjs"));
  const Draws draws = vm.draws();
  EXPECT_EQ(draws.clock.count, 2u);
  EXPECT_THAT(draws.clock.first_place, StartsWith("file:///m/id.mjs:2:"));
  EXPECT_THAT(draws.random.first_place, StartsWith("file:///m/app.mjs:2:"));
  EXPECT_THAT(draws.describe(),
              testing::MatchesRegex("clock: 2 times, first at file:///m/id.mjs:2:[0-9]+; "
                                    "Math.random: once, at file:///m/app.mjs:2:[0-9]+"));
  EXPECT_EQ("Math.random: " + draws.random.describe(),
            draws.describe().substr(draws.describe().find("Math")));
  EXPECT_EQ(draws.entropy.describe(), "never");

  VM other;
  other.eval("eval('\\n\\nMath.random()')", {.file_name = "outer.js"});
  EXPECT_THAT(other.draws().random.first_place, StartsWith("outer.js:1:"));
  VM bare;
  bare.global().get("Math").get("random")();
  EXPECT_EQ(bare.draws().random.count, 1u);
  EXPECT_EQ(bare.draws().random.first_place, "") << "the host has called it";
}

TEST(Draws, TheyTravel) {
  VM vm;
  vm.eval("Math.random(); Math.random()", {.file_name = "a.js"});
  VM woken{Host{}, vm.snapshot()};
  EXPECT_EQ(woken.draws().random.count, 2u);
  EXPECT_THAT(woken.draws().random.first_place, StartsWith("a.js:1:"));
  draw(woken);
  EXPECT_EQ(woken.draws().random.count, 3u);
  EXPECT_EQ(vm.draws().random.count, 2u);
}

TEST(Draws, CanBeRefused) {
  VM vm;
  vm.eval("\nnew Date()", {.file_name = "a.js"});
  EXPECT_THAT(
      refusal_of([&] { StartImage::of(vm, {.refuse_draws = true}); }, Errc::invalid_argument),
      HasSubstr("clock: once, at a.js:2:"));
  EXPECT_EQ(StartImage::of(vm).draws().clock.count, 1u);
  VM other;
  other.eval("globalThis.now = () => Date.now()");
  EXPECT_TRUE(StartImage::of(other, {.refuse_draws = true}).draws().none());
}

// ---- what is refused ---------------------------------------------------------------------------

TEST(StartImage, AnEvaluationThatHasNotEndedIsRefused) {
  VM jobs;
  jobs.eval("Promise.resolve().then(() => 1)");
  EXPECT_THAT(refusal_of([&] { StartImage::of(jobs); }, Errc::busy), HasSubstr("run_until_idle"));
  VM waits;
  waits.eval("quiesce.call('charge', 1); quiesce.call('mail')");
  EXPECT_THAT(refusal_of([&] { StartImage::of(waits); }, Errc::busy),
              HasSubstr("charge (call 1) and 1 more"));
  VM* inside = nullptr;
  VM runs{Host().function("now", [&] { StartImage::of(*inside); })};
  inside = &runs;
  EXPECT_THROW(runs.eval("now()"), JSError);
  EXPECT_EQ(runs.eval("1 + 1").as<int>(), 2);
  VM gone;
  VM taken{std::move(gone)};
  EXPECT_EQ(code_of([&] { StartImage::of(gone); }), Errc::dead_vm);
}

TEST(StartImage, ASleeperIsNone) {
  const TemporaryFolder folder{"images"};
  VM vm;
  const Snapshot sleeper = vm.snapshot();
  EXPECT_THAT(refusal_of([&] { StartImage{sleeper}; }, Errc::snapshot),
              HasSubstr("no start image"));
  sleeper.save(folder / "a.qsnap");
  EXPECT_THAT(refusal_of([&] { StartImage::load(folder / "a.qsnap"); }, Errc::snapshot),
              HasSubstr("a.qsnap\": this is the snapshot of a VM that sleeps"));
  EXPECT_EQ(code_of([&] { StartImage::load(folder / "none.qimg"); }), Errc::io);
}

TEST(StartImage, ADamagedFileIsRefused) {
  const TemporaryFolder folder{"images"};
  const auto bytes = image_of("globalThis.x = 1").snapshot().to_bytes();
  const auto refused = [&](std::vector<std::byte> damaged) {
    std::ofstream(folder / "bad.qimg", std::ios::binary)
        .write(reinterpret_cast<const char*>(damaged.data()),
               static_cast<std::streamsize>(damaged.size()));
    return code_of([&] { StartImage::load(folder / "bad.qimg"); });
  };
  for (std::size_t at = 0; at < bytes.size(); at += bytes.size() / 40) {
    std::vector<std::byte> flipped = bytes;
    flipped[at] ^= std::byte{1};
    EXPECT_EQ(refused(flipped), Errc::snapshot) << at;
    EXPECT_EQ(refused({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at)}),
              Errc::snapshot)
        << at;
  }
}

// ---- images by name ----------------------------------------------------------------------------

TEST(StartImages, InMemory) {  // D4
  StartImages images;
  EXPECT_FALSE(images.find("shop"));
  images.add("shop", image_of("globalThis.x = 1"));
  images.add("any name / at all", image_of("globalThis.x = 2"));
  EXPECT_EQ(started<int>(images.find("shop").value(), "x"), 1);
  EXPECT_THAT(images.names(), ElementsAre("any name / at all", "shop"));
  images.add("shop", image_of("globalThis.x = 3"));
  EXPECT_EQ(started<int>(images.find("shop").value(), "x"), 3);
  EXPECT_TRUE(images.remove("shop"));
  EXPECT_FALSE(images.remove("shop"));
  EXPECT_FALSE(images.find("shop"));
}

TEST(StartImages, InAFolder) {  // D4
  const TemporaryFolder folder{"images"};
  image_of("globalThis.x = 1").save(folder / "one.qimg");
  std::ofstream(folder / "broken.qimg") << "no image";
  std::ofstream(folder / "other.txt") << "nor this";
  StartImages images{folder.path()};
  EXPECT_THAT(images.names(), ElementsAre("broken", "one"));
  EXPECT_EQ(started<int>(images.find("one").value(), "x"), 1);
  EXPECT_FALSE(images.find("two"));
  EXPECT_EQ(code_of([&] { images.find("broken"); }), Errc::snapshot);
  images.add("two", image_of("globalThis.x = 2"));
  EXPECT_EQ(started<int>(StartImage::load(folder / "two.qimg"), "x"), 2);
  fs::remove(folder / "one.qimg");
  EXPECT_EQ(started<int>(images.find("one").value(), "x"), 1) << "it was read once";
  EXPECT_TRUE(images.remove("two"));
  EXPECT_FALSE(fs::exists(folder / "two.qimg"));
  for (const std::string name : {"", ".", "..", ".hidden", "a/b", "../one", "/etc/x"}) {
    EXPECT_EQ(code_of([&] { images.find(name); }), Errc::invalid_argument) << name;
    EXPECT_EQ(code_of([&] { images.add(name, image_of("1")); }), Errc::invalid_argument) << name;
  }
  EXPECT_EQ(code_of([&] { images.find(std::string("a\0b", 3)); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([&] { StartImages{folder / "nowhere"}; }), Errc::io);
}

}  // namespace
}  // namespace quiesce
