#include "snapshot/parts.hpp"

#include <utility>

#include "snapshot/format.hpp"
#include "snapshot/whole_image.hpp"

namespace quiesce {

namespace detail {

SnapshotParts::SnapshotParts(snapshot::Image image, const snapshot::Identity& identity)
    : facts_(image),
      identity_(identity),
      pages_(std::make_shared<const snapshot::Pages>(std::move(image.pages))) {}

SnapshotParts::SnapshotParts(snapshot::Image image, const snapshot::Identity& identity,
                             std::vector<std::byte> file)
    : SnapshotParts(std::move(image), identity) {
  std::call_once(file_made_, [&] { file_ = std::move(file); });
}

snapshot::Layers SnapshotParts::layers() const {
  const std::lock_guard lock(mutex_);
  if (whole_) return {whole_, nullptr};
  pages_copied_ += pages_->table.size();
  if (pages_copied_ <= snapshot::kPagesCopiedMax) return {nullptr, pages_};
  auto table = pages_->table;
  whole_ = snapshot::try_whole_image(*pages_, identity_);
  if (!whole_) return {nullptr, pages_};
  table_ = std::move(table);
  pages_.reset();
  return {whole_, nullptr};
}

std::shared_ptr<const snapshot::Pages> SnapshotParts::pages() const {
  const std::lock_guard lock(mutex_);
  if (pages_) return pages_;
  return std::make_shared<const snapshot::Pages>(snapshot::pages_of(*whole_, table_));
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

std::shared_ptr<const detail::SnapshotParts> take(std::span<const std::byte> memory,
                                                  const Limits& limits, const Identity& identity) {
  require_storable(limits);
  return std::make_shared<const detail::SnapshotParts>(
      Image{identity.engine, identity.base_digest, memory.size(), limits,
            capture(memory, identity.base, identity.dead)},
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
