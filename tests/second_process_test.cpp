// A VM with files and modules that falls asleep in one process and is woken in another, which has
// other files. (On the command line: tests/cli/wake.md.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <unistd.h>
#include <quiesce/quiesce.hpp>

#include "second_process.hpp"
#include "temporary_folder.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kSnapshotVariable = "QUIESCE_TEST_SLEEPER";

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

// An app that is recorded in the VM, and a node_modules that is only named there.
Host host_of(const fs::path& folder, const char* release) {
  Host host;
  host.files(Mounts()
                 .mount("/app", folder_files(folder / "app"))
                 .mount("/node_modules", folder_files(folder / release),
                        {.by_digest = true, .name = release}))
      .modules(node_modules());
  return host;
}

// The first process.
void fall_asleep(const fs::path& folder, const fs::path& snapshot) {
  VM vm{host_of(folder, "release-1")};
  vm.keep("main", vm.run(vm.import_main("/app/main.mjs")).value());
  vm.files().write("/note", "written before");
  vm.snapshot().save(snapshot);
}

class SecondProcess : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* snapshot = std::getenv(kSnapshotVariable)) {
      fall_asleep(fs::path(snapshot).parent_path(), snapshot);
      std::_Exit(HasFailure() ? 1 : 0);
    }
    temporary_.emplace("second-process");
    folder_ = temporary_->path();
    write(folder_ / "app/main.mjs",
          "import {name} from 'pkg';\n"
          "export const first = name;\n"
          "export const again = (what) => import(what);\n");
    write(folder_ / "release-1/pkg/index.js", "exports.name = 'release 1';\n");
    write(folder_ / "release-1/late/index.js", "exports.name = 'late of release 1';\n");
    write(folder_ / "release-2/pkg/index.js", "exports.name = 'release 2';\n");
    // This very case, which goes no further than the lines above.
    ASSERT_EQ(testing_processes::run_this_case_with(kSnapshotVariable, snapshot()), 0);
  }

  fs::path snapshot() const { return folder_ / "sleeper.qsnap"; }
  static std::string import(VM& vm, const char* specifier) {
    const Value again = vm.kept("main")->get("again");
    return vm.run(again(vm.string(specifier))).value()["name"].as<std::string>();
  }

  std::optional<TemporaryFolder> temporary_;  // the first process has none
  fs::path folder_;
};

TEST_F(SecondProcess, AMountByDigestIsFoundElsewhere) {  // D5
  fs::rename(folder_ / "release-1", folder_ / "moved");
  fs::remove_all(folder_ / "app");
  fs::create_directory(folder_ / "app");
  VM vm{host_of(folder_, "moved"), Snapshot::load(snapshot())};
  EXPECT_EQ((*vm.kept("main"))["first"].as<std::string>(), "release 1");
  EXPECT_EQ(vm.files().read("/note"), "written before");
  EXPECT_EQ(import(vm, "pkg"), "release 1");
  EXPECT_EQ(import(vm, "late"), "late of release 1");  // which only this process reads
  EXPECT_THROW(import(vm, "./never.mjs"), JSError);
  ASSERT_EQ(vm.mounts().size(), 2u);
  EXPECT_TRUE(vm.mounts()[0].is_here && vm.mounts()[1].is_here);
}

TEST_F(SecondProcess, AnotherTreeIsRefusedByName) {  // D5
  const auto woken = [&](const Host& host) {
    return attempt([&] { VM(host, Snapshot::load(snapshot())); });
  };
  const std::string digest = tree_digest(*folder_files(folder_ / "release-1"));
  const auto other = woken(host_of(folder_, "release-2"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), Errc::missing_resource);
  EXPECT_THAT(other.error().what(), HasSubstr("'/node_modules' (release-1, digest " + digest + ")" +
                                              " where this host has " +
                                              tree_digest(*folder_files(folder_ / "release-2"))));
  const auto none = woken(Host());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().what(), HasSubstr("'/node_modules' (release-1, digest " + digest + ")"));
}

TEST_F(SecondProcess, WithoutItsMountTheVmGoesOn) {  // D5
  Host host;
  host.modules(node_modules());
  VM vm{host, Snapshot::load(snapshot()), {.allow_missing_mounts = true}};
  EXPECT_EQ((*vm.kept("main"))["first"].as<std::string>(), "release 1");
  EXPECT_EQ(vm.files().read("/note"), "written before");
  EXPECT_EQ(vm.files().read("/app/main.mjs").value().substr(0, 6), "import");
  EXPECT_FALSE(vm.mounts()[0].is_here);
  EXPECT_FALSE(vm.mounts()[1].is_here);
  EXPECT_THROW(import(vm, "late"), Error);
  EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
}

}  // namespace
}  // namespace quiesce
