#include "base/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "quiesce/error.hpp"
#include "temporary_folder.hpp"
#include "with_limit.hpp"

namespace quiesce::base {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string io_error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::io);
    return error.what();
  }
  return "no error";
}

class File : public testing::Test {
 protected:
  ~File() override {
    std::error_code ignored;
    fs::permissions(folder_, fs::perms::owner_all, ignored);
  }

  void put(const fs::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
  }

  std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  const TemporaryFolder temporary_{"file"};
  const fs::path folder_ = temporary_.path();
};

// Errors that root does not meet are met as somebody else, in a child process; the child's exit
// status is the verdict.
bool holds_without_privileges(const std::function<bool()>& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    bool held = false;
    try {
      held = f();
    } catch (...) {
    }
    ::_exit(held ? 0 : 1);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(File, ReadsWhatIsThere) {
  for (const std::size_t size : {0u, 1u, 4095u, 4096u, 3000000u}) {
    const std::string text(size, 'x');
    put(folder_ / "a", text);
    EXPECT_EQ(text_of(read_file(folder_ / "a")), text);
    EXPECT_EQ(text_of(read_file(folder_ / "a", size)), text);
  }
  EXPECT_GT(read_file("/proc/self/maps").size(), 0u) << "a file whose size is said to be 0";
}

TEST_F(File, ReadsPipesToTheirEnd) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string text(3000000, 'p');
  std::thread writer([&] { put(pipe, text); });
  EXPECT_EQ(text_of(read_file(pipe)), text);
  writer.join();
}

TEST_F(File, ReadErrorsNameTheFileAndTheReason) {
  const std::string missing = (folder_ / "missing").string();
  EXPECT_EQ(io_error_of([&] { read_file(missing); }),
            "cannot read \"" + missing + "\": No such file or directory");
  EXPECT_EQ(io_error_of([&] { read_file(folder_); }),
            "cannot read \"" + folder_.string() + "\": Is a directory");
  EXPECT_EQ(io_error_of([&] { read_file(""); }), "cannot read \"\": No such file or directory");
  put(folder_ / "large", "12345");
  EXPECT_EQ(io_error_of([&] { read_file(folder_ / "large", 4); }),
            "cannot read \"" + (folder_ / "large").string() +
                "\": it is larger than the 4 bytes allowed");
  EXPECT_NE(
      io_error_of([&] { read_file("/dev/zero", 5000000); }).find("larger than the 5000000 bytes"),
      std::string::npos);
}

TEST_F(File, UnreadableFilesAreNamed) {
  put(folder_ / "secret", "x");
  fs::permissions(folder_, static_cast<fs::perms>(0755));
  fs::permissions(folder_ / "secret", fs::perms::none);
  const std::string expected =
      "cannot read \"" + (folder_ / "secret").string() + "\": Permission denied";
  EXPECT_TRUE(holds_without_privileges(
      [&] { return io_error_of([&] { read_file(folder_ / "secret"); }) == expected; }));
}

TEST_F(File, NamesAreQuotedSoThatTheyCannotForgeOutput) {
  EXPECT_EQ(quoted("plain caf\xc3\xa9.js"), "\"plain caf\xc3\xa9.js\"");
  EXPECT_EQ(quoted("a\"b\\c\nd\x1b[31m\x7f"), "\"a\\\"b\\\\c\\x0ad\\x1b[31m\\x7f\"");
}

TEST_F(File, WritesNewFilesAndReplacesOldOnes) {
  const fs::path file = folder_ / "a";
  write_file_atomically(file, bytes_of("one"));
  EXPECT_EQ(text_of(read_file(file)), "one");
  write_file_atomically(file, bytes_of(""));
  EXPECT_EQ(text_of(read_file(file)), "");
  const std::string large(5000000, 'L');
  write_file_atomically(file, bytes_of(large));
  EXPECT_EQ(text_of(read_file(file)), large);
  EXPECT_EQ(files_in(folder_), 1u);
}

TEST_F(File, ARelativeNameIsWrittenInTheCurrentFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  write_file_atomically("here", bytes_of("x"));
  fs::current_path(before);
  EXPECT_EQ(text_of(read_file(folder_ / "here")), "x");
}

TEST_F(File, ANameOfFullLengthIsWritten) {
  const fs::path file = folder_ / std::string(255, 'n');
  write_file_atomically(file, bytes_of("x"));
  EXPECT_EQ(text_of(read_file(file)), "x");
}

TEST_F(File, PermissionsAreKept) {
  const fs::path file = folder_ / "a";
  for (const unsigned mode : {0600u, 0640u, 0666u, 0400u}) {
    put(file, "old");
    fs::permissions(file, static_cast<fs::perms>(mode));
    write_file_atomically(file, bytes_of("new"));
    EXPECT_EQ(fs::status(file).permissions(), static_cast<fs::perms>(mode));
    EXPECT_EQ(text_of(read_file(file)), "new");
    fs::remove(file);
  }
}

TEST_F(File, LinksStayAndTheirTargetsAreReplaced) {
  fs::create_directory(folder_ / "deep");
  put(folder_ / "deep" / "target", "old");
  fs::create_symlink("deep/target", folder_ / "link");
  fs::create_symlink("link", folder_ / "link-to-link");
  write_file_atomically(folder_ / "link-to-link", bytes_of("new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link-to-link"));
  EXPECT_EQ(text_of(read_file(folder_ / "deep" / "target")), "new");
  EXPECT_EQ(files_in(folder_ / "deep"), 1u);

  fs::create_symlink("deep/not-yet", folder_ / "dangling");
  write_file_atomically(folder_ / "dangling", bytes_of("made"));
  EXPECT_EQ(text_of(read_file(folder_ / "deep" / "not-yet")), "made");

  fs::create_symlink("circle", folder_ / "circle");
  EXPECT_NE(io_error_of([&] {
              write_file_atomically(folder_ / "circle", bytes_of("x"));
            }).find("symbolic links"),
            std::string::npos);
}

TEST_F(File, DevicesAndPipesAreWrittenToAndNotReplaced) {
  write_file_atomically("/dev/null", bytes_of("x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_EQ(io_error_of([] { write_file_atomically("/dev/full", bytes_of("x")); }),
            "cannot write \"/dev/full\": No space left on device");
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string seen;
  std::thread reader([&] { seen = text_of(read_file(pipe)); });
  write_file_atomically(pipe, bytes_of("through"));
  reader.join();
  EXPECT_EQ(seen, "through");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(File, WriteErrorsNameTheFileAndTheReason) {
  const auto write = [](const fs::path& file) {
    return io_error_of([&] { write_file_atomically(file, bytes_of("x")); });
  };
  EXPECT_EQ(write(folder_), "cannot write \"" + folder_.string() + "\": Is a directory");
  EXPECT_EQ(write(folder_ / ""),
            "cannot write \"" + (folder_ / "").string() + "\": Is a directory");
  EXPECT_EQ(write(""), "cannot write \"\": No such file or directory");
  const std::string inside_nothing = (folder_ / "no" / "a").string();
  EXPECT_EQ(write(inside_nothing),
            "cannot write \"" + inside_nothing + "\": No such file or directory");
  put(folder_ / "file", "x");
  const std::string inside_file = (folder_ / "file" / "a").string();
  EXPECT_EQ(write(inside_file), "cannot write \"" + inside_file + "\": Not a directory");
  EXPECT_NE(write(folder_ / std::string(256, 'n')).find("File name too long"), std::string::npos);
  EXPECT_EQ(files_in(folder_), 1u);
}

TEST_F(File, AFolderThatMayNotBeWrittenIsNamed) {
  put(folder_ / "a", "old");
  fs::permissions(folder_, static_cast<fs::perms>(0555));
  EXPECT_TRUE(holds_without_privileges([&] {
    return io_error_of([&] {
             write_file_atomically(folder_ / "a", bytes_of("new"));
           }).find("Permission denied") != std::string::npos;
  }));
  EXPECT_EQ(text_of(read_file(folder_ / "a")), "old");
}

// ---- each system call fails in its turn: the old file stays whole and nothing is left over
// --------

int fails_no_space() {
  errno = ENOSPC;
  return -1;
}
int g_calls_that_work;  // before the one that fails

struct FailureCase {
  const char* name;
  WriteCalls calls;
  int calls_that_work;
};

class FileFailure : public File, public testing::WithParamInterface<FailureCase> {};

TEST_P(FileFailure, LeavesTheOldFileWholeAndNothingElse) {
  const fs::path file = folder_ / "a";
  put(file, "old");
  g_calls_that_work = GetParam().calls_that_work;
  EXPECT_EQ(io_error_of(
                [&] { write_file_atomically(file, bytes_of("new and longer"), GetParam().calls); }),
            "cannot write \"" + file.string() + "\": No space left on device");
  EXPECT_EQ(text_of(read_file(file)), "old");
  EXPECT_EQ(files_in(folder_), 1u);

  g_calls_that_work = GetParam().calls_that_work;
  EXPECT_NE(
      io_error_of([&] { write_file_atomically(folder_ / "b", bytes_of("new"), GetParam().calls); }),
      "no error");
  EXPECT_EQ(files_in(folder_), 1u) << "a file that was not there must not appear";
}

ssize_t write_some_then_fail(int file, const void* bytes, std::size_t) {
  if (g_calls_that_work-- > 0) return ::write(file, bytes, 1);  // short writes on the way
  return fails_no_space();
}
int sync_fails(int) { return fails_no_space(); }
int close_fails(int file) {
  ::close(file);
  return fails_no_space();
}
int rename_fails(int, const char*, int, const char*) { return fails_no_space(); }

INSTANTIATE_TEST_SUITE_P(
    EachCall, FileFailure,
    testing::Values(FailureCase{"write", {write_some_then_fail, ::fsync, ::close, ::renameat}, 0},
                    FailureCase{
                        "later_write", {write_some_then_fail, ::fsync, ::close, ::renameat}, 2},
                    FailureCase{"sync", {::write, sync_fails, ::close, ::renameat}, 0},
                    FailureCase{"close", {::write, ::fsync, close_fails, ::renameat}, 0},
                    FailureCase{"rename", {::write, ::fsync, ::close, rename_fails}, 0}),
    [](const auto& test) { return std::string(test.param.name); });

ssize_t write_interrupted_and_short(int file, const void* bytes, std::size_t count) {
  static int calls = 0;
  if (++calls % 2 == 0) {
    errno = EINTR;
    return -1;
  }
  return ::write(file, bytes, std::min<std::size_t>(count, 3));
}

TEST_F(File, InterruptedAndShortWritesGoOn) {
  write_file_atomically(folder_ / "a", bytes_of("a text of some length"),
                        {write_interrupted_and_short, ::fsync, ::close, ::renameat});
  EXPECT_EQ(text_of(read_file(folder_ / "a")), "a text of some length");
}

ssize_t write_nothing(int, const void*, std::size_t) { return 0; }

TEST_F(File, AWriteWithoutProgressEndsInAnError) {
  EXPECT_NE(io_error_of([&] {
              write_file_atomically(folder_ / "a", bytes_of("x"),
                                    {write_nothing, ::fsync, ::close, ::renameat});
            }).find("Input/output error"),
            std::string::npos);
}

int g_syncs;
int sync_refused_for_folders(int file) {
  ++g_syncs;
  struct stat status{};
  if (::fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
    errno = EINVAL;
    return -1;
  }
  return ::fsync(file);
}

TEST_F(File, FileSystemsThatCannotSyncFoldersAreFine) {
  g_syncs = 0;
  write_file_atomically(folder_ / "a", bytes_of("x"),
                        {::write, sync_refused_for_folders, ::close, ::renameat});
  EXPECT_EQ(text_of(read_file(folder_ / "a")), "x");
  EXPECT_EQ(g_syncs, 2) << "the file, then the folder";
}

// ---- power that fails ---------------------------------------------------------------------------

/// What a disk is sure to have, and what it may have, when the power fails: contents after they
/// were synced, a new name after its folder was; before that, any part of them.
struct Disk {
  std::vector<std::string> steps;
  std::string written, synced;  // of the new file
  bool renamed = false, folder_synced = false;

  /// Every content that the target can have after a failure now; "" stands for a torn file.
  std::vector<std::string> possible(const std::string& old) const {
    const std::string found = synced == written ? written : "";
    if (!renamed) return {old};
    if (folder_synced) return {found};
    return {old, found};
  }
};
Disk g_disk;
int g_steps_left;  // before the process ends, as if by kill -9; negative: never

void step(const std::string& name) {
  if (g_steps_left-- == 0) ::_exit(0);
  g_disk.steps.push_back(name);
}

bool is_folder(int file) {
  struct stat status{};
  return ::fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

ssize_t write_noted(int file, const void* bytes, std::size_t count) {
  const std::size_t some = std::min<std::size_t>(count, 5);
  step("write");
  g_disk.written.append(static_cast<const char*>(bytes), some);
  return ::write(file, bytes, some);
}
int sync_noted(int file) {
  step(is_folder(file) ? "sync folder" : "sync file");
  if (is_folder(file)) {
    g_disk.folder_synced = true;
  } else {
    g_disk.synced = g_disk.written;
  }
  return ::fsync(file);
}
int close_noted(int file) {
  step("close");
  return ::close(file);
}
int rename_noted(int from_folder, const char* from, int to_folder, const char* to) {
  step("rename");
  g_disk.renamed = true;
  return ::renameat(from_folder, from, to_folder, to);
}
constexpr WriteCalls kNoted{write_noted, sync_noted, close_noted, rename_noted};

TEST_F(File, TheFileIsSyncedBeforeItsNameIsAndThatBeforeAnybodyIsTold) {
  g_disk = {};
  g_steps_left = -1;
  write_file_atomically(folder_ / "a", bytes_of("new content"), kNoted);
  EXPECT_EQ(g_disk.steps, (std::vector<std::string>{"write", "write", "write", "sync file", "close",
                                                    "rename", "sync folder"}));
  g_disk = {};
  write_new_file(folder_ / "b", bytes_of("new"), 0600, kNoted);
  EXPECT_EQ(g_disk.steps, (std::vector<std::string>{"write", "sync file", "close", "sync folder"}));
}

TEST_F(File, AfterAPowerFailureThereIsTheOldFileOrTheNewOne) {
  g_disk = {};
  g_steps_left = -1;
  put(folder_ / "a", "old");
  write_file_atomically(folder_ / "a", bytes_of("new content"), kNoted);
  const std::vector<std::string> steps = g_disk.steps;
  // The same once more, on a disk of which every step may have been the last.
  Disk disk;
  for (const std::string& each : steps) {
    for (const std::string& content : disk.possible("old"))
      EXPECT_TRUE(content == "old" || content == "new content") << "before " << each;
    if (each == "write") disk.written += "x";
    if (each == "sync file") disk.synced = disk.written = "new content";
    if (each == "rename") disk.renamed = true;
    if (each == "sync folder") disk.folder_synced = true;
  }
  EXPECT_EQ(disk.possible("old"), std::vector<std::string>{"new content"}) << "told, it is there";
}

TEST_F(File, AProcessThatEndsAtAnyStepLeavesTheOldFileOrTheNewOne) {
  int killed = 0;
  for (int steps = 0;; ++steps) {
    put(folder_ / "a", "old");
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      g_steps_left = steps;
      write_file_atomically(folder_ / "a", bytes_of("new content"), kNoted);
      ::_exit(1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    const std::string content = text_of(read_file(folder_ / "a"));
    if (WEXITSTATUS(status) == 1) {
      EXPECT_EQ(content, "new content");
      break;
    }
    EXPECT_EQ(content, steps <= 5 ? "old" : "new content") << "after " << steps << " steps";
    ++killed;
  }
  EXPECT_EQ(killed, 7);
  // What the dead have left is of no harm, and the next one writes as ever.
  EXPECT_GT(files_in(folder_), 1u);
  write_file_atomically(folder_ / "a", bytes_of("later"));
  EXPECT_EQ(text_of(read_file(folder_ / "a")), "later");
}

// ---- files that must not be there yet -----------------------------------------------------------

TEST_F(File, ANewFileReplacesNothing) {
  write_new_file(folder_ / "a", bytes_of("secret"), 0600);
  EXPECT_EQ(text_of(read_file(folder_ / "a")), "secret");
  EXPECT_EQ(fs::status(folder_ / "a").permissions(), static_cast<fs::perms>(0600));
  EXPECT_EQ(io_error_of([&] { write_new_file(folder_ / "a", bytes_of("x"), 0600); }),
            "cannot write \"" + (folder_ / "a").string() + "\": File exists");
  EXPECT_EQ(text_of(read_file(folder_ / "a")), "secret");
  EXPECT_NE(io_error_of([&] { write_new_file("", bytes_of("x"), 0600); }), "no error");
  EXPECT_NE(io_error_of([&] { write_new_file(folder_ / "", bytes_of("x"), 0600); }), "no error");
  EXPECT_NE(io_error_of([&] { write_new_file(folder_ / "no" / "a", bytes_of("x"), 0600); }),
            "no error");
}

TEST_P(FileFailure, LeavesNoNewFile) {
  const bool works = std::string_view(GetParam().name) == "rename";  // which is not called here
  g_calls_that_work = GetParam().calls_that_work;
  const std::string error =
      io_error_of([&] { write_new_file(folder_ / "a", bytes_of("new"), 0600, GetParam().calls); });
  EXPECT_EQ(error == "no error", works) << error;
  EXPECT_EQ(files_in(folder_), works ? 1u : 0u);
}

// ---- a disk that is really full -----------------------------------------------------------------

// As root: a file system of 64 KiB. Otherwise, and wherever mounting is not allowed: a limit on the
// size of files, which makes the kernel cut a write short and refuse the next one.
TEST_F(File, AFullDiskLeavesTheOldFileWhole) {
  const std::string large(1u << 20, 'L');
  if (::geteuid() == 0 && ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=64k") == 0) {
    const fs::path file = folder_ / "a";
    const std::string old(20000, 'o');
    put(file, old);
    EXPECT_EQ(io_error_of([&] { write_file_atomically(file, bytes_of(large)); }),
              "cannot write \"" + file.string() + "\": No space left on device");
    EXPECT_EQ(text_of(read_file(file)), old);
    EXPECT_EQ(files_in(folder_), 1u);
    write_file_atomically(file, bytes_of("there is room again"));
    EXPECT_EQ(text_of(read_file(file)), "there is room again");
    EXPECT_EQ(::umount(folder_.c_str()), 0);
  }
  const fs::path file = folder_ / "b";
  put(file, "old");
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const std::string message = io_error_of([&] {
    const WithLimit small_files(RLIMIT_FSIZE, 65536);
    write_file_atomically(file, bytes_of(large));
  });
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(message, "cannot write \"" + file.string() + "\": File too large");
  EXPECT_EQ(text_of(read_file(file)), "old");
  EXPECT_EQ(files_in(folder_), 1u);
}

}  // namespace
}  // namespace quiesce::base
