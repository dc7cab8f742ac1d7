// D12, C4: several engines in one process, each with VMs and snapshots of its own.
#include "quiesce/engines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "older_engine.hpp"
#include "temporary_folder.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The other engine says this where the built-in one says "Maximum call stack size exceeded": a text
// of its data, and so of its base image (cmake/EngineLibrary.cmake).
constexpr const char* kOlderText = "Older engine: too many calls now";
constexpr const char* kDeep =
    "(() => { try { (function f() { f() })() } catch (e) "
    "{ return e.message } })()";

std::string text_of_deep_calls(VM& vm) { return vm.eval(kDeep).as<std::string>(); }

TEST(Engines, KnowTheBuiltInOne) {
  Engines engines;
  const std::vector<EngineInfo> list = engines.list();
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].sha256, engine());
  EXPECT_EQ(list[0].quickjs_version, quickjs_version());
  EXPECT_GT(list[0].wasm_bytes, 1u << 20);
  EXPECT_GT(list[0].interface_version, 0u);
  EXPECT_TRUE(list[0].file.empty());
  EXPECT_EQ(list[0].file_bytes, 0u);
  EXPECT_EQ(list[0].problem, "");
  EXPECT_EQ(engines.find(engine())->sha256(), engine());
  EXPECT_FALSE(engines.find(std::string(64, '0')));
  EXPECT_EQ(VM().engine().sha256(), Engine::built_in().sha256());
}

TEST(Engines, AreFoundInFoldersByTheirName) {
  const std::string sha256 = load_older_engine().sha256();
  Engines engines;
  engines.add_folder("/nowhere/at/all");
  EXPECT_FALSE(engines.find(sha256));
  engines.add_folder(kOlderEngines);
  EXPECT_EQ(engines.folders(), (std::vector<fs::path>{"/nowhere/at/all", kOlderEngines}));
  const std::vector<EngineInfo> list = engines.list();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1].sha256, sha256);
  EXPECT_EQ(list[1].file, older_engine());
  EXPECT_EQ(list[1].file_bytes, fs::file_size(older_engine()));
  EXPECT_EQ(engines.find(sha256)->info().file, older_engine());
  EXPECT_EQ(engines.list().size(), 2u);  // loaded now, and still one
  // What is no hash is no path either.
  for (const char* const name : {"", "../../etc/passwd", "x", "ABCDEF"})
    EXPECT_FALSE(engines.find(name)) << name;
}

TEST(Engines, FilesThatCannotBeUsedAreListedWithTheReason) {
  const TemporaryFolder folder{"engines"};
  const std::string sha256(64, 'b');
  std::ofstream(folder / Engines::file_name(sha256)) << "no library";
  std::ofstream(folder / "something-else.so") << "no engine";
  Engines engines;
  engines.add_folder(folder.path());
  const std::vector<EngineInfo> list = engines.list();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[1].sha256, sha256);
  EXPECT_THAT(list[1].problem, HasSubstr("cannot be used as an engine"));
  EXPECT_THAT(refusal_of([&] { engines.find(sha256); }, Errc::engine),
              HasSubstr("it is no library"));
  EXPECT_THAT(refusal_of([&] { engines.add_file(folder / "something-else.so"); }, Errc::engine),
              HasSubstr("cannot be used"));
  EXPECT_EQ(code_of([&] { engines.add_file(folder / "absent.so"); }), Errc::io);
}

TEST(Engines, AVmRunsInTheEngineThatItIsGiven) {
  const Engine engine = load_older_engine();
  VM vm(engine, Host().function("twice", [](int n) { return 2 * n; }),
        {.memory_bytes_max = 32u << 20});
  EXPECT_EQ(vm.engine().sha256(), engine.sha256());
  EXPECT_EQ(vm.eval("twice(21)").as<int>(), 42);
  EXPECT_EQ(text_of_deep_calls(vm), kOlderText);
  EXPECT_EQ(vm.limits().memory_bytes_max, 32u << 20);
  VM own;
  EXPECT_EQ(text_of_deep_calls(own), "Maximum call stack size exceeded");
}

TEST(Engines, ASnapshotFindsItsOwn) {
  Host host;
  VM vm(load_older_engine(), host);
  vm.eval("globalThis.answer = quiesce.call('ask', 1); globalThis.made = [1, 2, 3]");
  const Snapshot asleep = vm.snapshot();
  const std::string sha256 = vm.engine().sha256();
  EXPECT_EQ(asleep.engine(), sha256);
  const std::vector<std::byte> bytes = asleep.to_bytes();

  // C4: without the engine it is refused, and both are named.
  const std::string alone = refusal_of([&] { Snapshot::from_bytes(bytes); }, Errc::snapshot);
  EXPECT_THAT(alone, HasSubstr("belongs to engine " + sha256));
  EXPECT_THAT(alone, HasSubstr("has engine " + std::string(engine())));
  EXPECT_THAT(alone, HasSubstr(Engines::file_name(sha256)));
  const TemporaryFolder empty{"engines"};
  Engines nothing;
  nothing.add_folder(empty.path());
  const std::string searched =
      refusal_of([&] { Snapshot::from_bytes(bytes, {.engines = &nothing}); }, Errc::snapshot);
  EXPECT_THAT(searched, HasSubstr("put " + Engines::file_name(sha256) + " into \"" +
                                  empty.path().string() + "\""));

  Engines engines;
  engines.add_folder(kOlderEngines);
  VM again{host, Snapshot::from_bytes(bytes, {.engines = &engines})};
  EXPECT_EQ(again.engine().sha256(), sha256);
  EXPECT_EQ(again.eval("made.length").as<int>(), 3);
  EXPECT_EQ(text_of_deep_calls(again), kOlderText);
  again.deferred(1)->resolve(5);
  EXPECT_EQ(again.run(again.eval("answer"))->as<int>(), 5);
  // It falls asleep in its own engine again, in the same bytes as there.
  VM untouched{host, Snapshot::from_bytes(bytes, {.engines = &engines})};
  EXPECT_EQ(untouched.snapshot().to_bytes(), bytes);
  EXPECT_EQ(again.fork().engine().sha256(), sha256);
}

TEST(Engines, DeltasAreOfOneEngine) {
  Host host;
  VM vm(load_older_engine(), host);
  const TemporaryFolder folder{"engines"};
  const Snapshot first = vm.snapshot();
  first.save(folder / "1.qsnap");
  vm.eval("globalThis.x = 'of the older'");
  vm.snapshot().relative_to(first).save(folder / "2.qsnap");
  Engines engines;
  engines.add_folder(kOlderEngines);
  const Snapshot second = Snapshot::load(folder / "2.qsnap", {.engines = &engines});
  EXPECT_EQ(second.ancestors().size(), 1u);
  VM again{host, second};
  EXPECT_EQ(again.eval("x").as<std::string>(), "of the older");
  EXPECT_EQ(again.snapshot().relative_to(second).ancestors().size(), 2u);

  // Memories of two engines have nothing in common.
  VM own{host};
  EXPECT_TRUE(own.snapshot().relative_to(first).ancestors().empty());
  EXPECT_TRUE(first.relative_to(own.snapshot()).ancestors().empty());
}

TEST(Engines, AHeaderIsReadWithoutItsEngine) {
  VM vm(load_older_engine(), Host(), {.fuel_max = 12345});
  const TemporaryFolder folder{"engines"};
  const Snapshot asleep = vm.snapshot();
  asleep.save(folder / "s.qsnap");
  const SnapshotHeader header = Snapshot::header(folder / "s.qsnap");
  EXPECT_EQ(header.engine, vm.engine().sha256());
  EXPECT_EQ(header.digest, asleep.digest());
  EXPECT_EQ(header.ancestor, "");
  EXPECT_EQ(header.memory_bytes, asleep.memory_bytes());
  EXPECT_EQ(header.stored_bytes, asleep.stored_bytes());
  EXPECT_EQ(header.limits.fuel_max, asleep.limits().fuel_max);
  asleep.relative_to(asleep).save(folder / "d.qsnap");
  EXPECT_EQ(Snapshot::header(folder / "d.qsnap").ancestor, asleep.digest());
  fs::resize_file(folder / "s.qsnap", 200);
  EXPECT_THAT(refusal_of([&] { Snapshot::header(folder / "s.qsnap"); }, Errc::snapshot),
              HasSubstr("cut off"));
}

TEST(Engines, ALibraryStaysAsLongAsSomebodyNeedsIt) {
  std::optional<Snapshot> asleep;
  std::optional<Value> value;
  {
    std::optional<VM> vm;
    {
      Engines engines;
      vm.emplace(engines.add_file(older_engine()));
    }
    EXPECT_EQ(text_of_deep_calls(*vm), kOlderText);
    value = vm->eval("({x: 1})");
    asleep = vm->snapshot();
  }
  EXPECT_EQ(code_of([&] { value->get("x"); }), Errc::dead_vm);
  value.reset();
  EXPECT_GT(asleep->to_bytes().size(), 100u);
  VM again{Host(), *asleep};
  asleep.reset();
  EXPECT_EQ(text_of_deep_calls(again), kOlderText);
}

TEST(Engines, RunAtOnceOnManyThreads) {
  Engines engines;
  engines.add_folder(kOlderEngines);
  const std::string sha256 = load_older_engine().sha256();
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const Engine engine = i % 2 == 0 ? *engines.find(sha256) : Engine::built_in();
      const char* const text = i % 2 == 0 ? kOlderText : "Maximum call stack size exceeded";
      for (int round = 0; round < 20; ++round) {
        VM vm(engine, Host().function("id", [](int n) { return n; }));
        const int sum =
            vm.eval("let s = 0; for (let i = 0; i < 1000; ++i) s += id(i); s").as<int>();
        VM again{Host().function("id", [](int n) { return n; }), vm.snapshot()};
        if (sum == 499500 && text_of_deep_calls(again) == text &&
            again.engine().sha256() == engine.sha256()) {
          ++right;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 6 * 20);
}

// A VM of one engine that is entered while one of another runs: each finds its own way back.
TEST(Engines, MayBeNested) {
  VM outer;
  std::optional<VM> inner;
  Host host;
  host.function("inside", [&](int n) { return inner->eval(std::to_string(n) + " * 2").as<int>(); });
  inner.emplace(load_older_engine());
  VM vm(Engine::built_in(), host);
  EXPECT_EQ(vm.eval("inside(4) + inside(5)").as<int>(), 18);
  Host back;
  back.function("inside", [&](int n) { return vm.eval(std::to_string(n) + " + 1").as<int>(); });
  VM other(load_older_engine(), back);
  EXPECT_EQ(other.eval("inside(4) + inside(5)").as<int>(), 11);
  // Traps and errors too.
  EXPECT_THROW(other.eval("null.x"), JSError);
  EXPECT_EQ(other.eval("1 + 1").as<int>(), 2);
}

TEST(Engines, BytecodeIsOfOneEngine) {
  const Engine engine = load_older_engine();
  VM vm(engine), own;
  const Bytecode theirs = vm.compile("6 * 7"), ours = own.compile("6 * 7");
  EXPECT_EQ(vm.run_bytecode(theirs).as<int>(), 42);
  EXPECT_THAT(refusal_of([&] { own.run_bytecode(theirs); }, Errc::bytecode),
              HasSubstr(engine.sha256()));
  EXPECT_THAT(refusal_of([&] { vm.run_bytecode(ours); }, Errc::bytecode),
              HasSubstr("compile the source again"));
  EXPECT_EQ(code_of([&] { Bytecode::from_bytes(theirs.bytes()); }), Errc::bytecode);
  EXPECT_EQ(vm.run_bytecode(Bytecode::from_bytes(theirs.bytes(), engine)).as<int>(), 42);
}

}  // namespace
}  // namespace quiesce
