// Texts by the digest of what they were made from, the oldest of which make room for new ones.
// Thread safe.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/sha256.hpp"

namespace quiesce::modules {

class StripCache {
 public:
  explicit StripCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Null: unknown, or forgotten.
  std::shared_ptr<const std::string> find(const base::Digest& digest) const {
    const std::lock_guard lock(mutex_);
    const auto found = texts_.find(digest);
    return found == texts_.end() ? nullptr : found->second;
  }

  /// A text that alone is larger than the cache is not taken.
  void add(const base::Digest& digest, std::string text) {
    const std::size_t bytes = text.size();
    if (bytes > bytes_max_) return;
    auto shared = std::make_shared<const std::string>(std::move(text));
    const std::lock_guard lock(mutex_);
    if (!texts_.emplace(digest, std::move(shared)).second) return;
    order_.push_back(digest);
    bytes_ += bytes;
    while (bytes_ > bytes_max_) {
      const auto oldest = texts_.find(order_.front());
      bytes_ -= oldest->second->size();
      texts_.erase(oldest);
      order_.pop_front();
    }
  }

 private:
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::map<base::Digest, std::shared_ptr<const std::string>> texts_;
  std::deque<base::Digest> order_;
  std::size_t bytes_ = 0;
};

}  // namespace quiesce::modules
