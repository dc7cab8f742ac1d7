#include "snapshot/parts.hpp"

#include <algorithm>
#include <utility>

#include "snapshot/format.hpp"

namespace quiesce {

namespace detail {
namespace {

std::shared_ptr<const snapshot::Pages> no_pages() {
  static const auto none = std::make_shared<const snapshot::Pages>();
  return none;
}

/// Relative to the base image.
std::shared_ptr<const snapshot::Pages> all_pages(const snapshot::Layers& layers,
                                                 const snapshot::Identity& identity) {
  if (!layers.whole) return layers.pages;
  return std::make_shared<const snapshot::Pages>(
      with_changes(*layers.whole, *layers.pages, identity));
}

}  // namespace

SnapshotParts::SnapshotParts(const snapshot::Facts& facts, snapshot::Layers layers,
                             const snapshot::Identity& identity)
    : facts_(facts), identity_(identity), layers_(std::move(layers)) {}

SnapshotParts::SnapshotParts(snapshot::Image image, const snapshot::Identity& identity,
                             std::vector<std::byte> file)
    : SnapshotParts(image,
                    {nullptr, std::make_shared<const snapshot::Pages>(std::move(image.pages))},
                    identity) {
  std::call_once(file_made_, [&] { file_ = std::move(file); });
}

snapshot::Layers SnapshotParts::layers() const {
  const std::lock_guard lock(mutex_);
  const std::size_t page_count = layers_.pages->table.size();
  pages_copied_ += page_count;
  const std::size_t cost = layers_.whole ? layers_.whole->table.size() : page_count;
  if (pages_copied_ < std::max(snapshot::kPagesCopiedMin + 1, cost)) return layers_;
  const auto all = all_pages(layers_, identity_);
  if (auto whole = snapshot::try_whole_image(*all, identity_)) {
    layers_ = {std::move(whole), no_pages()};
    pages_copied_ = 0;
  }
  return layers_;
}

std::shared_ptr<const snapshot::Pages> SnapshotParts::pages() const {
  const std::lock_guard lock(mutex_);
  return all_pages(layers_, identity_);
}

const std::vector<std::byte>& SnapshotParts::file() const {
  std::call_once(file_made_,
                 [this] { file_ = snapshot::encode(facts_, *pages(), identity_.base); });
  return file_;
}

const base::Digest& SnapshotParts::file_digest() const {
  std::call_once(file_digest_made_, [this] { file_digest_ = base::sha256(file()); });
  return file_digest_;
}

const base::Digest& SnapshotParts::content_digest() const {
  std::call_once(content_digest_made_, [this] {
    content_digest_ = snapshot::content_digest(facts_, *pages(), identity_.base);
  });
  return content_digest_;
}

}  // namespace detail

namespace snapshot {

namespace {

Layers layers_of(std::span<const std::byte> memory, const Identity& identity, const Past& past) {
  const auto since = [&](std::span<const std::byte> image) {
    return past.written ? capture(memory, image, identity.dead, *past.written)
                        : capture(memory, image, identity.dead);
  };
  if (past.whole) {
    auto changes = std::make_shared<const Pages>(since(past.whole->image->bytes()));
    // Of an image that is mostly changed, more would be held than there is.
    if (changes->contents.size() <= past.whole->image->size() / 2) return {past.whole, changes};
    return {nullptr, std::make_shared<const Pages>(with_changes(*past.whole, *changes, identity))};
  }
  return {nullptr, std::make_shared<const Pages>(since(identity.base))};
}

}  // namespace

std::shared_ptr<const detail::SnapshotParts> take(std::span<const std::byte> memory,
                                                  const Limits& limits, const Identity& identity,
                                                  const Past& past) {
  require_storable(limits);
  const Facts facts{identity.engine, identity.base_digest, memory.size(), limits};
  return std::make_shared<const detail::SnapshotParts>(facts, layers_of(memory, identity, past),
                                                       identity);
}

std::shared_ptr<const detail::SnapshotParts> parts_from(std::vector<std::byte> file,
                                                        const Identity& identity, std::string name,
                                                        std::uint64_t memory_bytes_max) {
  Image image = decode(file, identity, {std::move(name), memory_bytes_max});
  return std::make_shared<const detail::SnapshotParts>(std::move(image), identity, std::move(file));
}

}  // namespace snapshot
}  // namespace quiesce
