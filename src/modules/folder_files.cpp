#include "modules/folder_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "vm/file_path.hpp"

namespace quiesce {

namespace modules {

namespace {

using Kind = FileStatus::Kind;

class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

struct DirectoryCloser {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

// What means that nothing is there for a VM: absence, links on the way, names that this system
// cannot have.
bool is_absence(int error) {
  return error == ENOENT || error == ENOTDIR || error == ELOOP || error == EXDEV ||
         error == ENAMETOOLONG;
}

// Refused by the system, and not for the guest to be told more about than the reason.
[[noreturn]] void throw_refused(const char* operation, std::string_view path, int error) {
  const char* const reason = error == EACCES ? "EACCES" : error == EPERM ? "EPERM" : "EIO";
  throw FileError(reason, operation, std::string(path));
}

int open_again_if_interrupted(int folder, const char* name, int flags) {
  for (;;) {
    const int number = ::openat(folder, name, flags | O_CLOEXEC);
    if (number >= 0 || errno != EINTR) return number;
  }
}

int open_by_kernel(int folder, const char* path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint32_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: something was renamed meanwhile, and the kernel cannot be sure. Not for ever.
  for (int attempt = 0;; ++attempt) {
    const long number = ::syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (number >= 0) return static_cast<int>(number);
    if (errno != EINTR && (errno != EAGAIN || attempt >= 100)) return -1;
  }
}

std::optional<FileStatus> status_of(const struct stat& found) {
  FileStatus status;
  if (S_ISREG(found.st_mode)) {
    status.bytes = static_cast<std::uint64_t>(found.st_size);
  } else if (S_ISDIR(found.st_mode)) {
    status.kind = Kind::directory;
  } else if (S_ISLNK(found.st_mode)) {
    status.kind = Kind::symbolic_link;
  } else {
    return std::nullopt;
  }
  status.modified = std::chrono::sys_time<std::chrono::nanoseconds>(
      std::chrono::seconds(found.st_mtim.tv_sec) + std::chrono::nanoseconds(found.st_mtim.tv_nsec));
  return status;
}

class FolderFiles final : public FileSystem {
 public:
  FolderFiles(Descriptor root, bool is_walked_by_name)
      : root_(std::move(root)), is_walked_by_name_(is_walked_by_name) {}

  std::optional<FileStatus> status(std::string_view path) override {
    const Descriptor found = look(path, "stat");
    return found ? status_of(stat_of(found, path)) : std::nullopt;
  }

  std::optional<std::string> read(std::string_view path) override {
    const Descriptor found = look(path, "read");
    if (!found) return std::nullopt;
    const struct stat seen = stat_of(found, path);
    if (!S_ISREG(seen.st_mode)) return std::nullopt;
    const Descriptor file = open_file(found, seen, path);
    if (!file) return std::nullopt;
    return content_of(file, static_cast<std::size_t>(seen.st_size), path);
  }

  std::optional<std::vector<std::string>> list(std::string_view path) override {
    Descriptor folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK, "scandir");
    if (!folder) return std::nullopt;
    const std::unique_ptr<DIR, DirectoryCloser> directory(::fdopendir(folder.get()));
    if (!directory) throw_refused("scandir", path, errno);
    folder.release();
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* const entry = ::readdir(directory.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != ".." && is_known(::dirfd(directory.get()), *entry))
        names.emplace_back(name);
    }
    if (errno != 0) throw_refused("scandir", path, errno);
    return names;
  }

  std::optional<std::string> read_link(std::string_view path) override {
    const Descriptor found = look(path, "readlink");
    if (!found) return std::nullopt;
    std::array<char, Q_FILE_PATH_MAX + 1> target{};
    const ssize_t count = ::readlinkat(found.get(), "", target.data(), target.size());
    if (count < 0) return std::nullopt;  // no link
    return std::string(target.data(), static_cast<std::size_t>(count));
  }

 private:
  // Nothing: it is not there.
  Descriptor open(std::string_view path, int flags, const char* operation) const {
    if (!detail::is_clean_path(path)) return Descriptor();
    const std::string below = path == "/" ? "." : std::string(path.substr(1));
    Descriptor found(is_walked_by_name_ ? open_by_name(below, flags)
                                        : open_by_kernel(root_.get(), below.c_str(), flags));
    if (!found && !is_absence(errno)) throw_refused(operation, path, errno);
    return found;
  }

  // A name for what is there, which opens nothing.
  Descriptor look(std::string_view path, const char* operation) const {
    return open(path, O_PATH | O_NOFOLLOW, operation);
  }

  // Each directory from the one above it. What was moved away meanwhile is still the one that was
  // found, and there is no ".." to climb by.
  int open_by_name(const std::string& below, int flags) const {
    Descriptor folder;
    std::size_t at = 0;
    for (;;) {
      const std::size_t slash = below.find('/', at);
      const std::string name = below.substr(at, slash == std::string::npos ? slash : slash - at);
      const int above = folder ? folder.get() : root_.get();
      if (slash == std::string::npos)
        return open_again_if_interrupted(above, name.c_str(), flags | O_NOFOLLOW);
      folder = Descriptor(
          open_again_if_interrupted(above, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW));
      if (!folder) return -1;
      at = slash + 1;
    }
  }

  static struct stat stat_of(const Descriptor& found, std::string_view path) {
    struct stat seen{};
    if (::fstat(found.get(), &seen) != 0) throw_refused("stat", path, errno);
    return seen;
  }

  // The very file that was looked at; where /proc is not there, by its path again, and then it must
  // be the same.
  Descriptor open_file(const Descriptor& found, const struct stat& seen,
                       std::string_view path) const {
    constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
    const std::string name = "/proc/self/fd/" + std::to_string(found.get());
    Descriptor file(open_again_if_interrupted(AT_FDCWD, name.c_str(), kFlags));
    if (file) return file;
    if (errno != ENOENT && errno != ENOTDIR) throw_refused("read", path, errno);
    file = open(path, kFlags | O_NOFOLLOW, "read");
    if (!file) return file;
    const struct stat opened = stat_of(file, path);
    const bool is_same = opened.st_dev == seen.st_dev && opened.st_ino == seen.st_ino;
    return is_same ? std::move(file) : Descriptor();
  }

  static std::string content_of(const Descriptor& file, std::size_t expected,
                                std::string_view path) {
    constexpr std::size_t kBytesMax = 0xFFFF0000u;  // more does not fit into any VM
    constexpr std::size_t kPieceBytes = 1u << 16;
    if (expected > kBytesMax) throw FileError("EFBIG", "read", std::string(path));
    // With one byte more the end is found by the first read that is short.
    std::string content(expected + 1, '\0');
    std::size_t count = 0;
    for (;;) {
      if (count == content.size()) content.resize(count + kPieceBytes);
      if (count > kBytesMax) throw FileError("EFBIG", "read", std::string(path));
      const ssize_t got = ::read(file.get(), content.data() + count, content.size() - count);
      if (got < 0 && errno != EINTR) throw_refused("read", path, errno);
      if (got == 0) break;
      if (got > 0) count += static_cast<std::size_t>(got);
    }
    content.resize(count);
    return content;
  }

  static bool is_known(int folder, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN)
      return entry.d_type == DT_REG || entry.d_type == DT_DIR || entry.d_type == DT_LNK;
    struct stat seen{};
    return ::fstatat(folder, entry.d_name, &seen, AT_SYMLINK_NOFOLLOW) == 0 &&
           status_of(seen).has_value();
  }

  Descriptor root_;
  bool is_walked_by_name_;
};

}  // namespace

std::shared_ptr<FileSystem> open_folder(const std::filesystem::path& folder, FolderWalk walk) {
  Descriptor root(open_again_if_interrupted(AT_FDCWD, folder.c_str(), O_PATH | O_DIRECTORY));
  if (!root) {
    throw Error(Errc::io, "cannot open the folder " + base::quoted(folder) + ": " +
                              std::generic_category().message(errno));
  }
  if (walk == FolderWalk::best) {
    // Refused: an older kernel, or a filter of system calls that does not know it.
    const Descriptor tried(open_by_kernel(root.get(), ".", O_PATH));
    walk = tried ? FolderWalk::by_kernel : FolderWalk::by_name;
  }
  return std::make_shared<FolderFiles>(std::move(root), walk == FolderWalk::by_name);
}

}  // namespace modules

std::shared_ptr<FileSystem> folder_files(const std::filesystem::path& folder) {
  return modules::open_folder(folder, modules::FolderWalk::best);
}

}  // namespace quiesce
