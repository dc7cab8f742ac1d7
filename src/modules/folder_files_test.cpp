#include "modules/folder_files.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <thread>

#include "quiesce/quiesce.hpp"
#include "temporary_folder.hpp"
#include "vm/testing.hpp"

namespace quiesce::modules {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::UnorderedElementsAre;
using Kind = FileStatus::Kind;

void put(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

/// A folder with a tree, and beside it what must not be seen.
class FolderFiles : public testing::TestWithParam<FolderWalk> {
 protected:
  void SetUp() override {
    put(top_ / "secret", "secret");
    put(root() / "a/f", "content");
    put(root() / "a/b/g", std::string(100'000, 'g'));
    put(root() / "empty", "");
    try {
      files_ = open_folder(root(), GetParam());
    } catch (const Error&) {
    }
    if (GetParam() == FolderWalk::by_kernel && (!files_ || !works()))
      GTEST_SKIP() << "this kernel has no openat2";
  }

  fs::path root() const { return top_ / "root"; }
  bool works() const {
    try {
      return files_->status("/a").has_value();
    } catch (const Error&) {
      return false;
    }
  }

  const TemporaryFolder temporary_{"folder"};
  const fs::path top_ = temporary_.path();
  std::shared_ptr<FileSystem> files_;
};

INSTANTIATE_TEST_SUITE_P(Both, FolderFiles,
                         testing::Values(FolderWalk::by_kernel, FolderWalk::by_name));

TEST_P(FolderFiles, IsTheFolder) {
  EXPECT_EQ(files_->status("/")->kind, Kind::directory);
  EXPECT_EQ(files_->status("/a")->kind, Kind::directory);
  EXPECT_EQ(files_->status("/a/f")->kind, Kind::file);
  EXPECT_EQ(files_->status("/a/f")->bytes, 7u);
  EXPECT_EQ(files_->read("/a/f"), "content");
  EXPECT_EQ(files_->read("/a/b/g"), std::string(100'000, 'g'));
  EXPECT_EQ(files_->read("/empty"), "");
  EXPECT_THAT(*files_->list("/"), UnorderedElementsAre("a", "empty"));
  EXPECT_THAT(*files_->list("/a"), UnorderedElementsAre("b", "f"));
  const auto age = std::chrono::system_clock::now() - files_->status("/a/f")->modified;
  EXPECT_LT(age, std::chrono::minutes(10));
  EXPECT_GT(age, -std::chrono::minutes(10));
  put(root() / "a/late", "late");
  EXPECT_EQ(files_->read("/a/late"), "late");
}

TEST_P(FolderFiles, WhatIsNotThere) {
  for (const std::string& path : std::vector<std::string>{
           "/no", "/a/no", "/a/f/x", "/no/x", "/A", "/a/F", "/a/%66", "/" + std::string(255, 'n'),
           "/" + std::string(256, 'n'), std::string("/a\0f", 4)}) {
    EXPECT_EQ(files_->status(path), std::nullopt) << path;
    EXPECT_EQ(files_->read(path), std::nullopt) << path;
    EXPECT_EQ(files_->list(path), std::nullopt) << path;
    EXPECT_EQ(files_->read_link(path), std::nullopt) << path;
  }
  EXPECT_EQ(files_->read("/a"), std::nullopt);
  EXPECT_EQ(files_->list("/a/f"), std::nullopt);
  EXPECT_EQ(files_->read_link("/a/f"), std::nullopt);
}

TEST_P(FolderFiles, NoPathLeadsOut) {
  for (const std::string& path : std::vector<std::string>{
           "/..", "/../secret", "/a/../../secret", "..", "../secret", "secret", "", "//etc/passwd",
           (top_ / "secret").string(), "/a/..", "/./a", "/a/", "/%2e%2e/secret", "/..\\secret"}) {
    EXPECT_EQ(files_->status(path), std::nullopt) << path;
    EXPECT_EQ(files_->read(path), std::nullopt) << path;
    EXPECT_EQ(files_->list(path), std::nullopt) << path;
  }
}

TEST_P(FolderFiles, NoLinkIsFollowed) {
  fs::create_symlink("../secret", root() / "up");
  fs::create_symlink(top_, root() / "abs");
  fs::create_symlink("a", root() / "in");
  fs::create_symlink("/proc/self/root", root() / "magic");
  for (const char* link : {"/up", "/abs", "/in", "/magic"}) {
    EXPECT_EQ(files_->status(link)->kind, Kind::symbolic_link) << link;
    EXPECT_EQ(files_->read(link), std::nullopt) << link;
    EXPECT_EQ(files_->list(link), std::nullopt) << link;
  }
  EXPECT_EQ(files_->read_link("/up"), "../secret");
  EXPECT_EQ(files_->read_link("/abs"), top_.string());
  for (const char* path : {"/abs/secret", "/in/f", "/magic/etc/passwd", "/abs/root/a/f"}) {
    EXPECT_EQ(files_->status(path), std::nullopt) << path;
    EXPECT_EQ(files_->read(path), std::nullopt) << path;
  }
}

// A VM resolves links itself: those of a folder cannot name anything of the host.
TEST_P(FolderFiles, AVmFollowsLinksInItsOwnTree) {
  fs::create_symlink("../../secret", root() / "a/up");
  fs::create_symlink("/secret", root() / "abs");
  fs::create_symlink("a/b", root() / "in");
  fs::create_symlink("loop2", root() / "loop1");
  fs::create_symlink("loop1", root() / "loop2");
  Host host;
  host.files(Mounts().mount("/m", files_));
  VM vm{host};
  EXPECT_EQ(vm.files().read("/m/in/g")->size(), 100'000u);
  EXPECT_EQ(vm.files().real_path("/m/in/g"), "/m/a/b/g");
  EXPECT_EQ(vm.files().read("/m/a/up"), std::nullopt);
  EXPECT_EQ(vm.files().read("/m/abs"), std::nullopt);
  EXPECT_EQ(vm.files().read("/m/loop1"), std::nullopt);
  EXPECT_EQ(vm.files().read("/m/../../../secret"), std::nullopt);
  EXPECT_EQ(vm.files().read("/m/../m/a/f"), "content");
  vm.files().write("/secret", "of the VM");
  EXPECT_EQ(vm.files().read("/m/abs"), "of the VM");
  EXPECT_EQ(vm.files().read("/m/a/up"), "of the VM");
}

TEST_P(FolderFiles, NamesOfAnyBytes) {
  const std::string odd = "x\xff\n \"'%?#\\\x01";
  put(root() / odd / odd, "odd");
  EXPECT_EQ(files_->read("/" + odd + "/" + odd), "odd");
  EXPECT_THAT(*files_->list("/" + odd), ElementsAre(odd));
}

TEST_P(FolderFiles, PipesDevicesAndSocketsDoNotExist) {
  ASSERT_EQ(::mkfifo((root() / "pipe").c_str(), 0600), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (root() / "socket").c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  for (const char* path : {"/pipe", "/socket"}) {
    EXPECT_EQ(files_->status(path), std::nullopt) << path;
    EXPECT_EQ(files_->read(path), std::nullopt) << path;  // and nothing waits
    EXPECT_EQ(files_->list(path), std::nullopt) << path;
  }
  EXPECT_THAT(*files_->list("/"), UnorderedElementsAre("a", "empty"));
  ::close(socket);
  const auto devices = open_folder("/dev", GetParam());
  EXPECT_EQ(devices->status("/null"), std::nullopt);
  EXPECT_EQ(devices->read("/zero"), std::nullopt);
}

TEST_P(FolderFiles, WhatTheSystemRefusesIsAnError) {
  put(root() / "locked", "x");
  fs::permissions(root() / "locked", fs::perms::none);
  // Nothing is refused to root: this thread looks at files as somebody else meanwhile.
  constexpr uid_t kNobody = 65534;
  if (::geteuid() == 0) ::setfsuid(kNobody);
  try {
    (void)files_->read("/locked");
    ADD_FAILURE() << "it was read";
  } catch (const FileError& error) {
    EXPECT_EQ(error.reason(), "EACCES");
    EXPECT_EQ(error.path(), "/locked");
  }
  if (::geteuid() == 0) ::setfsuid(0);
}

TEST_P(FolderFiles, TheFolderMayBeMoved) {
  fs::rename(root(), top_ / "moved");
  EXPECT_EQ(files_->read("/a/f"), "content");
  fs::create_directory(root());
  EXPECT_EQ(files_->read("/a/f"), "content");
  fs::rename(top_ / "moved", root() / "back");
}

TEST_P(FolderFiles, AFileThatGrowsWhileItIsRead) {
  put(root() / "grows", "1");
  std::ofstream(root() / "grows", std::ios::app) << std::string(200'000, '2');
  EXPECT_EQ(files_->read("/grows")->size(), 200'001u);
}

// A directory is swapped for a link to the outside and back, as fast as it goes, while its file is
// read: now and then it is not there, but it is never the file outside.
TEST_P(FolderFiles, LinksThatAppearMeanwhileLeadNowhere) {
  put(top_ / "outside/f", "secret");
  fs::create_symlink(top_ / "outside", root() / "link");
  std::atomic<bool> ends = false;
  std::thread swapper([&] {
    while (!ends) {
      ::renameat2(AT_FDCWD, (root() / "a").c_str(), AT_FDCWD, (root() / "link").c_str(),
                  RENAME_EXCHANGE);
    }
  });
  int found = 0, absent = 0, others = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
  while (std::chrono::steady_clock::now() < end) {
    const auto content = files_->read("/a/f");
    const auto names = files_->list("/a");
    if (!content) {
      ++absent;
    } else if (*content == "content") {
      ++found;
    } else {
      ++others;
    }
    if (names && std::ranges::find(*names, "b") == names->end()) ++others;
  }
  ends = true;
  swapper.join();
  EXPECT_EQ(others, 0);
  EXPECT_GT(found + absent, 100);
}

TEST(FolderFilesOpen, AFolderThatIsNone) {
  EXPECT_EQ(code_of([] { folder_files("/no/such/folder"); }), Errc::io);
  EXPECT_EQ(code_of([] { folder_files("/etc/passwd"); }), Errc::io);
  EXPECT_EQ(code_of([] { folder_files(""); }), Errc::io);
  EXPECT_NE(folder_files("/"), nullptr);
}

}  // namespace
}  // namespace quiesce::modules
