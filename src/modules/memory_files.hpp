// A tree of files in memory, built entry by entry and then only read: what memory_files and
// archive_files give.
//
// Thread safe once it is built.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "quiesce/file_system.hpp"

namespace quiesce::modules {

class MemoryFiles final : public FileSystem {
 public:
  using Modified = decltype(FileStatus::modified);

  /// What comes of adding an entry.
  enum class Added {
    yes,
    is_taken,       // something else is there; a directory twice is none
    is_below_file,  // what is above it is no directory
  };
  /// `path` is clean. `content` is that of a file, or the target of a link.
  Added add(std::string_view path, FileStatus::Kind kind, std::string content = {},
            Modified modified = {});
  /// The content of a file that was added; null: there is none.
  const std::string* find_file(std::string_view path) const;
  /// Entries, with directories that were added because something is in them.
  std::uint64_t count() const noexcept { return count_; }

  std::optional<FileStatus> status(std::string_view path) override;
  std::optional<std::string> read(std::string_view path) override;
  std::optional<std::vector<std::string>> list(std::string_view path) override;
  std::optional<std::string> read_link(std::string_view path) override;

 private:
  // Destroyed by recursion, as deep as a path has names: 2048 at most.
  struct Node {
    FileStatus::Kind kind = FileStatus::Kind::directory;
    std::string content;
    Modified modified{};
    std::map<std::string, std::unique_ptr<Node>, std::less<>> below;
  };
  const Node* find(std::string_view path) const;
  const Node* find(std::string_view path, FileStatus::Kind kind) const;

  Node root_;
  std::uint64_t count_ = 0;
};

}  // namespace quiesce::modules
