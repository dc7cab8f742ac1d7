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
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce {

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

}  // namespace quiesce
