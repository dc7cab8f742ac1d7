#include "vm/cached_files.hpp"

#include <type_traits>
#include <utility>

namespace quiesce::detail {

template <class T, class Ask>
std::optional<T> CachedFiles::answer(Known<T>& known, std::string_view path, Ask ask) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known.find(path); found != known.end()) return found->second;
  }
  std::optional<T> answer = ask();
  constexpr std::size_t kNodeBytes = 128;  // about what a map takes for an entry
  std::size_t bytes = kNodeBytes + path.size();
  if constexpr (std::is_same_v<T, std::string>) {
    if (answer && answer->size() > kFileBytesMax) return answer;
    if (answer) bytes += answer->size();
  }
  const std::lock_guard lock(mutex_);
  make_room(bytes);
  if (known.emplace(path, answer).second) bytes_ += bytes;
  return answer;
}

void CachedFiles::make_room(std::size_t bytes) {
  if (bytes_ + bytes <= kBytesMax) return;
  statuses_.clear();
  contents_.clear();
  targets_.clear();
  bytes_ = 0;
}

std::optional<FileStatus> CachedFiles::status(std::string_view path) {
  return answer(statuses_, path, [&] { return files_->status(path); });
}

std::optional<std::string> CachedFiles::read(std::string_view path) {
  return answer(contents_, path, [&] { return files_->read(path); });
}

std::optional<std::string> CachedFiles::read_link(std::string_view path) {
  return answer(targets_, path, [&] { return files_->read_link(path); });
}

// Nobody lists in a loop.
std::optional<std::vector<std::string>> CachedFiles::list(std::string_view path) {
  return files_->list(path);
}

}  // namespace quiesce::detail
