// Files that a VM may see: in memory, in a folder of the host, in an archive, several as one, or
// your own.
//
//   auto app = quiesce::memory_files({{"/main.mjs", "import './lib/a.mjs'"}, {"/lib/a.mjs", ""}});
//   auto packages = quiesce::folder_files("/srv/app/node_modules");
//   host.files(quiesce::Mounts().mount("/app", app).mount("/app/node_modules", packages));
//
// A FileSystem answers for one tree; where it stands among a VM's files is the mount's business
// (files.hpp). Paths are absolute in that tree, "/" is its root, and already clean: no empty, "."
// or ".." segments, no slash at the end, no NUL; any other bytes are possible. They never pass
// through a symbolic link: links are followed by whoever asks, link by link, so that none leads out
// of the tree. One FileSystem may serve many VMs, on as many threads if its members may; those made
// here may.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quiesce/error.hpp"

namespace quiesce {

/// A file operation that was refused: in JavaScript an error with `code` and `path`, as Node has
/// them. A FileSystem may throw it too, say as EACCES.
class FileError : public Error {
 public:
  /// `reason` as POSIX names it ("ENOENT"); the text is "ENOENT: no such file or directory, read
  /// '/x'" with the reason's meaning and `operation`.
  FileError(const std::string& reason, std::string_view operation, const std::string& path);

  /// As POSIX names it: ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY, EROFS, EXDEV, EINVAL, ELOOP,
  /// ENAMETOOLONG, EBUSY, EPERM, ENOMEM (of the VM), EIO (seen once, and its mount is gone).
  const std::string& reason() const noexcept { return reason_; }
  /// What was to be done: "read".
  const std::string& operation() const noexcept { return operation_; }
  /// The path that was asked for. What a FileSystem throws about a path in its tree reaches the
  /// user of a VM with the path that the VM has for it.
  const std::string& path() const noexcept { return path_; }

 private:
  std::string reason_, operation_, path_;
};

/// What is at a path.
struct FileStatus {
  /// The three kinds that a VM knows; devices, sockets and the like do not exist for it.
  enum class Kind : std::uint8_t { file, directory, symbolic_link };
  /// Which.
  Kind kind = Kind::file;
  /// Of a file: its size.
  std::uint64_t bytes = 0;
  /// When it was last changed.
  std::chrono::sys_time<std::chrono::nanoseconds> modified{};
};

/// A tree of files that can be read. What a member throws goes the way of a host function's
/// exceptions (host.hpp); absence is no error.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// What is at `path`, of a link the link itself; nothing: it is not there.
  virtual std::optional<FileStatus> status(std::string_view path) = 0;
  /// The content of a file; nothing: there is none.
  virtual std::optional<std::string> read(std::string_view path) = 0;
  /// Names in a directory, in any order; nothing: there is none.
  virtual std::optional<std::vector<std::string>> list(std::string_view path) = 0;
  /// Where a symbolic link points, as it is written; nothing: there is none.
  virtual std::optional<std::string> read_link(std::string_view path) = 0;
};

/// Files as a program sees them that looks from outside: links are followed, mounts are one tree.
/// What a resolver asks (resolver.hpp). Paths are absolute; they may have "." and "..".
class FileReader {
 public:
  virtual ~FileReader() = default;

  /// What is at `path`, links followed: file or directory. Nothing: it is not there, or a link
  /// leads nowhere or in a circle.
  virtual std::optional<FileStatus> status(std::string_view path) = 0;
  /// The content of a file; nothing: there is none.
  virtual std::optional<std::string> read(std::string_view path) = 0;
  /// The one clean path without links of what is at `path`; nothing: as above.
  virtual std::optional<std::string> real_path(std::string_view path) = 0;
};

// ---- what there is ------------------------------------------------------------------------------

/// Files in memory: path and content. The directories above them are there too; a path that ends in
/// a slash is an empty directory. `links` are symbolic ones, path and target. Throws
/// Errc::invalid_argument for paths that are not clean or contradict each other.
std::shared_ptr<FileSystem> memory_files(std::map<std::string, std::string> files,
                                         std::map<std::string, std::string> links = {});

/// A folder of the host as it is now and later, to be read only. No path and no link leads out of
/// it, also while somebody changes it; what is neither file, folder nor link does not exist. Throws
/// Errc::io when `folder` is none. What the system refuses to read is a FileError, EACCES or EIO.
std::shared_ptr<FileSystem> folder_files(const std::filesystem::path& folder);

/// Several trees as one: of what two have at one path, that of the former is seen; directories are
/// merged.
std::shared_ptr<FileSystem> overlay_files(std::vector<std::shared_ptr<FileSystem>> from_upper);

/// How much an archive may unpack to.
struct ArchiveOptions {
  /// Content and names, in bytes.
  std::uint64_t bytes_max = std::uint64_t{256} << 20;
  /// Files, directories and links.
  std::uint64_t entries_max = 1'000'000;
  /// Of each path in it so many leading segments are left out: 1 for a package of npm, whose files
  /// are all in "package/".
  std::uint32_t strip = 0;
};

/// What is in an archive: tar (also compressed with gzip, bzip2, xz, zstd, lz4) or zip. It is
/// unpacked into memory at once. Throws Errc::io when the file cannot be read, and Errc::archive
/// when it is no such archive, damaged, encrypted, larger than the options allow, or has an entry
/// whose path leads out of it ("..", absolute), occurs twice or lies below a file.
std::shared_ptr<FileSystem> archive_files(const std::filesystem::path& file,
                                          const ArchiveOptions& options = {});
/// The same of an archive in memory.
std::shared_ptr<FileSystem> archive_files(std::span<const std::byte> bytes,
                                          const ArchiveOptions& options = {});

/// SHA-256 of all paths, kinds, contents and targets of links in a tree, hexadecimal; not of times.
/// Equal trees have equal ones, whatever they are stored in. Throws Errc::io when something in it
/// goes away meanwhile.
std::string tree_digest(FileSystem& files);

}  // namespace quiesce
