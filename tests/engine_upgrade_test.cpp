// D12: a VM falls asleep in a process whose engine is another, and is woken by this one, which has
// the older engine in a folder. C4: without that, an error names both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include <quiesce/quiesce.hpp>

#include "older_engine.hpp"
#include "second_process.hpp"
#include "temporary_folder.hpp"
#include "test_build.h"

namespace quiesce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kSnapshotVariable = "QUIESCE_TEST_UPGRADE";

// As the command line writes its programs, so that it can resume this one.
constexpr const char* kProgram = R"js((async () => {
  const first = await quiesce.call("first", 1);
  console.log("first:", first);
  const second = await quiesce.call("second", first);
  console.log("second:", second);
  return first + second;
})())js";

// The first process, before the upgrade.
void fall_asleep(const fs::path& snapshot) {
  VM vm(load_older_engine());
  vm.keep("main", vm.eval(kProgram));
  vm.snapshot().save(snapshot);
}

class EngineUpgrade : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* snapshot = std::getenv(kSnapshotVariable)) {
      fall_asleep(snapshot);
      std::_Exit(HasFailure() ? 1 : 0);
    }
    temporary_.emplace("upgrade");
    folder_ = temporary_->path();
    ASSERT_EQ(testing_processes::run_this_case_with(kSnapshotVariable, snapshot()), 0);
  }

  fs::path snapshot() const { return folder_ / "sleeper.qsnap"; }

  struct Outcome {
    std::string output;
    int status;
  };
  // The command line, with nothing of this process's environment in its way.
  Outcome run(const std::string& arguments) const {
    const std::string command = "cd '" + folder_.string() + "' && env -u QUIESCE_ENGINES " +
                                QUIESCE_TEST_CLI + " " + arguments + " 2>&1";
    FILE* const pipe = ::popen(command.c_str(), "r");
    Outcome outcome;
    std::array<char, 4096> piece;
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
      outcome.output.append(piece.data(), got);
    outcome.status = WEXITSTATUS(::pclose(pipe));
    return outcome;
  }

  std::optional<TemporaryFolder> temporary_;  // the first process has none
  fs::path folder_;
};

TEST_F(EngineUpgrade, AnOlderEngineKeepsItsSleepersWakeable) {
  Engines engines;
  engines.add_folder(kOlderEngines);
  const LoadOptions options{.engines = &engines};
  VM vm{Host(), Snapshot::load(snapshot(), options)};
  EXPECT_NE(vm.engine().sha256(), engine());
  ASSERT_EQ(vm.pending_calls().size(), 1u);
  vm.deferred(1)->resolve(20);
  EXPECT_FALSE(vm.run(*vm.kept("main")));
  EXPECT_EQ(vm.pending_calls().at(0).name, "second");
  // It sleeps again, in the older engine, and is woken once more.
  vm.snapshot().save(folder_ / "again.qsnap");
  VM again{Host(), Snapshot::load(folder_ / "again.qsnap", options)};
  EXPECT_EQ(again.engine().sha256(), vm.engine().sha256());
  again.deferred(2)->resolve(22);
  EXPECT_EQ(again.run(*again.kept("main"))->as<int>(), 42);
}

TEST_F(EngineUpgrade, WithoutItTheErrorSaysWhichIsMissingAndWhereItBelongs) {  // C4
  const std::string wanted = load_older_engine().sha256();
  Engines engines;
  engines.add_folder(folder_ / "empty");
  const auto failed = attempt([&] { Snapshot::load(snapshot(), {.engines = &engines}); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), Errc::snapshot);
  EXPECT_THAT(failed.error().what(), HasSubstr(wanted));
  EXPECT_THAT(failed.error().what(), HasSubstr(std::string(engine())));
  EXPECT_THAT(failed.error().what(), HasSubstr((folder_ / "empty").string()));

  const Outcome resumed = run("resume sleeper.qsnap --resolve 1=20");
  EXPECT_EQ(resumed.status, 2);
  EXPECT_THAT(resumed.output, HasSubstr(wanted));
  EXPECT_THAT(resumed.output, HasSubstr("lib/quiesce/engines"));

  const Outcome inspected = run("inspect sleeper.qsnap");
  EXPECT_EQ(inspected.status, 0);
  EXPECT_THAT(inspected.output, HasSubstr("engine      " + wanted));
  EXPECT_THAT(inspected.output, HasSubstr("its engine is not installed"));
  EXPECT_THAT(run("inspect --json sleeper.qsnap").output, HasSubstr("\"engine_problem\": \"its"));
}

// Sealed, so that what they are of is known only after they were loaded.
TEST_F(EngineUpgrade, SnapshotsOfTwoEnginesAreNotCompared) {
  const SealKey key = SealKey::generate(KeyKind::hmac_sha256);
  key.save(folder_ / "k.key");
  Engines engines;
  engines.add_folder(kOlderEngines);
  Snapshot::load(snapshot(), {.engines = &engines})
      .save(folder_ / "older.qsnap", {.sign_with = key});
  VM().snapshot().save(folder_ / "own.qsnap", {.sign_with = key});
  const Outcome compared =
      run("diff --key k.key --engines '" + kOlderEngines.string() + "' older.qsnap own.qsnap");
  EXPECT_EQ(compared.status, 2);
  EXPECT_THAT(compared.output, HasSubstr("the two are of different engines"));
}

TEST_F(EngineUpgrade, TheCommandLineFindsTheOlderEngine) {
  const std::string folder = "--engines '" + kOlderEngines.string() + "' ";
  const Outcome inspected = run("inspect " + folder + "sleeper.qsnap");
  EXPECT_EQ(inspected.status, 0);
  EXPECT_THAT(inspected.output, HasSubstr("first(1)"));
  const Outcome first =
      run("resume " + folder + "sleeper.qsnap --resolve 1=20 --suspend-to again.qsnap");
  EXPECT_EQ(first.status, 3) << first.output;
  EXPECT_THAT(first.output, HasSubstr("first: 20"));
  EXPECT_THAT(first.output, HasSubstr(R"({"id":"2","name":"second","args":[20]})"));
  // The environment names it too.
  const std::string command = "cd '" + folder_.string() +
                              "' && QUIESCE_ENGINES=/nowhere:" + kOlderEngines.string() + " " +
                              QUIESCE_TEST_CLI + " resume again.qsnap --resolve 2=22 > out";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 0);
  EXPECT_EQ(std::system(("grep -q 'second: 22' '" + (folder_ / "out").string() + "'").c_str()), 0);
  EXPECT_THAT(run("engines " + folder).output, HasSubstr(load_older_engine().sha256()));
}

}  // namespace
}  // namespace quiesce
