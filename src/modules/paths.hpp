// Absolute POSIX paths as texts, and what a FileReader says about them. Thread safe as far as the
// FileReader is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quiesce/file_system.hpp"

namespace quiesce::modules {

/// As Node's path.resolve(folder, path): absolute and clean, "." and ".." taken as texts.
std::string resolve_path(std::string_view folder, std::string_view path);
/// What stands before the last slash; "/" for what is in the root.
std::string folder_of(std::string_view path);
/// What stands behind the last slash.
std::string_view name_of(std::string_view path);
/// ".js" of "/a/b.c.js"; empty for "/a/b", "/a/.b" and "/a.b/c". As Node's path.extname.
std::string_view extension_of(std::string_view path);

/// A FileReader that is asked only for what can be a path: others are simply not there.
class Tree {
 public:
  explicit Tree(FileReader& files) : files_(files) {}

  /// File or directory, links followed; nothing: it is not there.
  std::optional<FileStatus::Kind> kind(std::string_view path) const;
  bool is_file(std::string_view path) const;
  bool is_directory(std::string_view path) const;
  std::optional<std::string> read(std::string_view path) const;
  /// The path itself if it is not there.
  std::string real_path(std::string_view path) const;

 private:
  FileReader& files_;
};

}  // namespace quiesce::modules
