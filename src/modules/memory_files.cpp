#include "modules/memory_files.hpp"

#include <algorithm>
#include <utility>

#include "vm/file_path.hpp"

namespace quiesce {

namespace modules {

namespace {

// The names of a clean path, one by one.
class Names {
 public:
  explicit Names(std::string_view path) : rest_(path.substr(1)) {}
  bool empty() const noexcept { return rest_.empty(); }
  std::string_view next() {
    const std::string_view name = rest_.substr(0, rest_.find('/'));
    rest_.remove_prefix(std::min(rest_.size(), name.size() + 1));
    return name;
  }

 private:
  std::string_view rest_;
};

}  // namespace

MemoryFiles::Added MemoryFiles::add(std::string_view path, FileStatus::Kind kind,
                                    std::string content, Modified modified) {
  Node* node = &root_;
  bool is_new = false;
  for (Names names(path); !names.empty();) {
    if (node->kind != FileStatus::Kind::directory) return Added::is_below_file;
    const std::string_view name = names.next();
    auto found = node->below.find(name);
    is_new = found == node->below.end();
    if (is_new) {
      found = node->below.emplace(std::string(name), std::make_unique<Node>()).first;
      ++count_;
    }
    node = found->second.get();
  }
  const bool is_again_directory =
      kind == FileStatus::Kind::directory && node->kind == FileStatus::Kind::directory;
  if (!is_new && !is_again_directory) return Added::is_taken;
  node->kind = kind;
  node->content = std::move(content);
  node->modified = modified;
  return Added::yes;
}

const MemoryFiles::Node* MemoryFiles::find(std::string_view path) const {
  if (!detail::is_clean_path(path)) return nullptr;
  const Node* node = &root_;
  for (Names names(path); !names.empty();) {
    const auto found = node->below.find(names.next());
    if (found == node->below.end()) return nullptr;
    node = found->second.get();
  }
  return node;
}

const MemoryFiles::Node* MemoryFiles::find(std::string_view path, FileStatus::Kind kind) const {
  const Node* const node = find(path);
  return node != nullptr && node->kind == kind ? node : nullptr;
}

const std::string* MemoryFiles::find_file(std::string_view path) const {
  const Node* const node = find(path, FileStatus::Kind::file);
  return node != nullptr ? &node->content : nullptr;
}

std::optional<FileStatus> MemoryFiles::status(std::string_view path) {
  const Node* const node = find(path);
  if (node == nullptr) return std::nullopt;
  return FileStatus{node->kind, node->kind == FileStatus::Kind::file ? node->content.size() : 0,
                    node->modified};
}

std::optional<std::string> MemoryFiles::read(std::string_view path) {
  const std::string* const content = find_file(path);
  return content != nullptr ? std::optional(*content) : std::nullopt;
}

std::optional<std::vector<std::string>> MemoryFiles::list(std::string_view path) {
  const Node* const node = find(path, FileStatus::Kind::directory);
  if (node == nullptr) return std::nullopt;
  std::vector<std::string> names;
  names.reserve(node->below.size());
  for (const auto& [name, below] : node->below) names.push_back(name);
  return names;
}

std::optional<std::string> MemoryFiles::read_link(std::string_view path) {
  const Node* const node = find(path, FileStatus::Kind::symbolic_link);
  return node != nullptr ? std::optional(node->content) : std::nullopt;
}

}  // namespace modules

std::shared_ptr<FileSystem> memory_files(std::map<std::string, std::string> files,
                                         std::map<std::string, std::string> links) {
  auto made = std::make_shared<modules::MemoryFiles>();
  const auto add = [&](std::string path, FileStatus::Kind kind, std::string content) {
    using Added = modules::MemoryFiles::Added;
    const bool is_clean = detail::is_clean_path(path) && path != "/";
    const Added added = is_clean ? made->add(path, kind, std::move(content)) : Added::yes;
    if (is_clean && added == Added::yes) return;
    throw Error(Errc::invalid_argument,
                "memory_files: '" + path +
                    (!is_clean ? "' is no path: it begins with a slash and has no empty, '.' or "
                                 "'..' segments"
                     : added == Added::is_taken ? "' is there twice"
                                                : "' lies below a file"));
  };
  for (auto& [path, content] : files) {
    if (!path.ends_with('/')) {
      add(path, FileStatus::Kind::file, std::move(content));
    } else if (!content.empty()) {
      throw Error(Errc::invalid_argument, "memory_files: '" + path +
                                              "' ends in a slash, so it is a directory and cannot "
                                              "have content");
    } else if (path != "/") {
      add(path.substr(0, path.size() - 1), FileStatus::Kind::directory, {});
    }
  }
  for (auto& [path, target] : links) add(path, FileStatus::Kind::symbolic_link, std::move(target));
  return made;
}

}  // namespace quiesce
