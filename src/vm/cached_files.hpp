// What a tree that never changes has answered, kept for whoever asks again: of a mount by digest
// nothing is recorded in a VM, so each look at a file asks the host.
//
// Thread safe if the tree is. What it throws is not kept.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/file_system.hpp"

namespace quiesce::detail {

class CachedFiles final : public FileSystem {
 public:
  /// Of all that is kept; when more would be, it begins anew.
  static constexpr std::size_t kBytesMax = 32u << 20;
  /// A larger file is asked for each time.
  static constexpr std::size_t kFileBytesMax = 1u << 20;

  explicit CachedFiles(std::shared_ptr<FileSystem> files) : files_(std::move(files)) {}

  std::optional<FileStatus> status(std::string_view path) override;
  std::optional<std::string> read(std::string_view path) override;
  std::optional<std::vector<std::string>> list(std::string_view path) override;
  std::optional<std::string> read_link(std::string_view path) override;

 private:
  template <class T>
  using Known = std::map<std::string, std::optional<T>, std::less<>>;

  template <class T, class Ask>
  std::optional<T> answer(Known<T>& known, std::string_view path, Ask ask);
  void make_room(std::size_t bytes);

  const std::shared_ptr<FileSystem> files_;
  std::mutex mutex_;  // not held while the tree is asked
  std::size_t bytes_ = 0;
  Known<FileStatus> statuses_;
  Known<std::string> contents_, targets_;
};

}  // namespace quiesce::detail
