#include "base/file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/sha256.hpp"
#include "base/system.hpp"
#include "quiesce/error.hpp"

namespace quiesce::base {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 1u << 20;

/// Says `cannot <verb> "<file>": <reason>`.
class Failure {
 public:
  Failure(const char* verb, const fs::path& file) : verb_(verb), file_(file) {}
  [[noreturn]] void because(const std::string& reason) const {
    throw Error(Errc::io, std::string("cannot ") + verb_ + " " + quoted(file_) + ": " + reason);
  }
  [[noreturn]] void because(int error) const { because(std::generic_category().message(error)); }

 private:
  const char* verb_;
  const fs::path& file_;
};

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_;
};

int open_again_if_interrupted(int folder, const char* name, int flags, mode_t mode = 0) {
  for (;;) {
    const int number = ::openat(folder, name, flags | O_CLOEXEC, mode);
    if (number >= 0 || errno != EINTR) return number;
  }
}

void write_all(int file, std::span<const std::byte> bytes, const WriteCalls& calls,
               const Failure& failure) {
  while (!bytes.empty()) {
    const ssize_t count = calls.write(file, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      failure.because(errno);
    }
    if (count == 0) failure.because(EIO);  // no progress and no reason: never turn in a circle
    bytes = bytes.subspan(std::min(static_cast<std::size_t>(count), bytes.size()));
  }
}

/// A file that removes itself unless it was renamed.
class TemporaryFile {
 public:
  TemporaryFile(int folder, mode_t mode, const Failure& failure) : folder_(folder) {
    for (int tries_left = 16;; --tries_left) {
      std::byte random[8];
      system_entropy(random);
      name_ = ".quiesce-" + to_hex(random) +
              ".tmp";  // not made from the target's name: that may be of full length
      number_ = open_again_if_interrupted(folder, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL, mode);
      if (number_ >= 0) return;
      if (errno != EEXIST || tries_left == 0) failure.because(errno);
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (number_ >= 0) ::close(number_);
    if (!name_.empty()) ::unlinkat(folder_, name_.c_str(), 0);
  }

  int get() const noexcept { return number_; }
  void close(const WriteCalls& calls, const Failure& failure) {
    // After EINTR, Linux has closed it all the same.
    if (calls.close(std::exchange(number_, -1)) != 0 && errno != EINTR) failure.because(errno);
  }
  void rename_to(const char* name, const WriteCalls& calls, const Failure& failure) {
    if (calls.rename(folder_, name_.c_str(), folder_, name) != 0) failure.because(errno);
    name_.clear();
  }

 private:
  int folder_;
  int number_ = -1;
  std::string name_;
};

void write_directly(const fs::path& file, std::span<const std::byte> bytes, const WriteCalls& calls,
                    const Failure& failure) {
  Descriptor target(open_again_if_interrupted(AT_FDCWD, file.c_str(), O_WRONLY | O_NOCTTY));
  if (target.get() < 0) failure.because(errno);
  write_all(target.get(), bytes, calls, failure);
  if (calls.close(target.release()) != 0 && errno != EINTR) failure.because(errno);
}

/// Where a file is that may not exist yet, with symbolic links followed also when the last one
/// dangles.
fs::path follow_links(fs::path file, const Failure& failure) {
  for (int links_left = 40;; --links_left) {
    std::error_code error;
    const fs::path target = fs::read_symlink(file, error);
    if (error) return file;  // not a link, or not there; opening will tell
    if (links_left == 0) failure.because(ELOOP);
    file = target.is_absolute() ? target : file.parent_path() / target;
  }
}

void sync_folder(int folder, const WriteCalls& calls, const Failure& failure) {
  // Some file systems cannot sync a folder and say EINVAL; there a name is as safe as it gets.
  if (calls.sync(folder) != 0 && errno != EINVAL) {
    failure.because(std::generic_category().message(errno) +
                    " (while syncing its folder; the file itself is whole)");
  }
}

Descriptor open_folder_of(const fs::path& file, const Failure& failure) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const int number = open_again_if_interrupted(AT_FDCWD, folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (number < 0) failure.because(errno);
  return Descriptor(number);
}

void replace(const fs::path& file, const struct stat* old, std::span<const std::byte> bytes,
             const WriteCalls& calls, const Failure& failure) {
  const fs::path target = follow_links(file, failure);
  if (!target.has_filename()) failure.because(EISDIR);
  const Descriptor folder = open_folder_of(target, failure);

  const mode_t mode = old != nullptr ? old->st_mode & 0777 : 0666;
  TemporaryFile temporary(folder.get(), mode, failure);
  // Exactly the old permissions, whatever the umask: what was private stays so.
  if (old != nullptr && ::fchmod(temporary.get(), mode) != 0) failure.because(errno);
  write_all(temporary.get(), bytes, calls, failure);
  if (calls.sync(temporary.get()) != 0) failure.because(errno);
  temporary.close(calls, failure);
  temporary.rename_to(target.filename().c_str(), calls, failure);
  sync_folder(folder.get(), calls, failure);
}

}  // namespace

std::string quoted(const fs::path& file) {
  std::string text = "\"";
  for (const char c : file.native()) {
    if (c == '"' || c == '\\') {
      text += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      const std::byte byte{static_cast<unsigned char>(c)};
      text += "\\x" + to_hex({&byte, 1});
    } else {
      text += c;
    }
  }
  return text += '"';
}

std::vector<std::byte> read_file(const fs::path& file, std::uint64_t bytes_max) {
  const Failure failure("read", file);
  const Descriptor source(open_again_if_interrupted(AT_FDCWD, file.c_str(), O_RDONLY | O_NOCTTY));
  if (source.get() < 0) failure.because(errno);
  struct stat status{};
  if (::fstat(source.get(), &status) != 0) failure.because(errno);
  if (S_ISDIR(status.st_mode)) failure.because(EISDIR);

  const std::string too_large =
      "it is larger than the " + std::to_string(bytes_max) + " bytes allowed";
  const auto expected = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
  if (expected > bytes_max) failure.because(too_large);
  // The size is only a hint: pipes and /proc have none, and a file may change while it is read.
  std::vector<std::byte> bytes;
  try {
    bytes.resize(static_cast<std::size_t>(expected) + 1);
    std::size_t count = 0;
    for (;;) {
      if (count == bytes.size())
        bytes.resize(bytes.size() + std::max(bytes.size() / 2, kPieceBytes));
      const ssize_t got = ::read(source.get(), bytes.data() + count, bytes.size() - count);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) failure.because(errno);
      if (got == 0) break;
      count += static_cast<std::size_t>(got);
      if (count > bytes_max) failure.because(too_large);
    }
    bytes.resize(count);
  } catch (const std::bad_alloc&) {
    failure.because(ENOMEM);
  } catch (const std::length_error&) {
    failure.because(ENOMEM);
  }
  return bytes;
}

const WriteCalls& system_write_calls() noexcept {
  static const WriteCalls calls{::write, ::fsync, ::close, ::renameat};
  return calls;
}

void write_file_atomically(const fs::path& file, std::span<const std::byte> bytes,
                           const WriteCalls& calls) {
  const Failure failure("write", file);
  if (file.empty()) failure.because(ENOENT);
  struct stat old{};
  const bool exists = ::stat(file.c_str(), &old) == 0;
  if (!exists && errno != ENOENT) failure.because(errno);
  if (exists && S_ISDIR(old.st_mode)) failure.because(EISDIR);
  if (exists && !S_ISREG(old.st_mode)) {
    write_directly(file, bytes, calls, failure);
  } else {
    replace(file, exists ? &old : nullptr, bytes, calls, failure);
  }
}

void write_new_file(const fs::path& file, std::span<const std::byte> bytes, mode_t permissions,
                    const WriteCalls& calls) {
  const Failure failure("write", file);
  if (!file.has_filename()) failure.because(file.empty() ? ENOENT : EISDIR);
  const Descriptor folder = open_folder_of(file, failure);
  const std::string name = file.filename();
  Descriptor target(open_again_if_interrupted(folder.get(), name.c_str(),
                                              O_WRONLY | O_CREAT | O_EXCL, permissions));
  if (target.get() < 0) failure.because(errno);
  try {
    if (::fchmod(target.get(), permissions) != 0) failure.because(errno);
    write_all(target.get(), bytes, calls, failure);
    if (calls.sync(target.get()) != 0) failure.because(errno);
    if (calls.close(target.release()) != 0 && errno != EINTR) failure.because(errno);
  } catch (...) {
    ::unlinkat(folder.get(), name.c_str(), 0);
    throw;
  }
  sync_folder(folder.get(), calls, failure);
}

}  // namespace quiesce::base
