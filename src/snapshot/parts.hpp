// What a quiesce::Snapshot holds: the pages, as VMs need them that wake from it, and the file form
// once somebody has asked for it.
//
//   auto parts = snapshot::take(memory, limits);        // of a VM at rest
//   const snapshot::Layers layers = parts->layers();    // what another begins with
//
// Immutable from outside; the file form is made at most once, by whichever thread comes first. So
// is the image that VMs are views of, and then it holds the pages alone.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "guest/memory_image.hpp"
#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"

namespace quiesce::snapshot {

/// What a memory is made of that holds a snapshot.
struct Layers {
  std::shared_ptr<const guest::MemoryImage> image;  // it begins as a view of this; null: the base
  std::shared_ptr<const Pages> pages;               // and these are written over it; null: none
};

/// So many pages are copied into VMs that wake from one snapshot; then it gets an image of its own.
/// An image costs about as much as it costs to copy its pages once, and a descriptor: not worth it
/// for a small snapshot that wakes a few times, and for a large one at the first.
inline constexpr std::size_t kPagesCopiedMax = 256;

}  // namespace quiesce::snapshot

namespace quiesce::detail {

struct SnapshotParts {
 public:
  SnapshotParts(snapshot::Image image, const snapshot::Identity& identity);
  /// With the bytes that it was decoded from: they stay its file form.
  SnapshotParts(snapshot::Image image, const snapshot::Identity& identity,
                std::vector<std::byte> file);

  const snapshot::Facts& facts() const noexcept { return facts_; }
  /// For one VM that wakes now. Throws std::bad_alloc.
  snapshot::Layers layers() const;

  const std::vector<std::byte>& file() const;
  const base::Digest& file_digest() const;
  const base::Digest& content_digest() const;

 private:
  /// Wherever they are now.
  std::shared_ptr<const snapshot::Pages> pages() const;

  snapshot::Facts facts_;
  snapshot::Identity identity_;
  mutable std::mutex mutex_;  // of the four below
  mutable std::size_t pages_copied_ = 0;
  mutable std::shared_ptr<const snapshot::Pages> pages_;  // null: they are in `whole_`
  mutable std::shared_ptr<const guest::MemoryImage> whole_;
  mutable std::vector<snapshot::StoredPage> table_;  // of the pages that are there
  mutable std::once_flag file_made_, file_digest_made_, content_digest_made_;
  mutable std::vector<std::byte> file_;
  mutable base::Digest file_digest_{}, content_digest_{};
};

}  // namespace quiesce::detail

namespace quiesce::snapshot {

/// Of a memory of this process's engine, with no guest code on its stack. Throws
/// Errc::invalid_argument for limits that no VM may have, and std::bad_alloc.
std::shared_ptr<const detail::SnapshotParts> take(std::span<const std::byte> memory,
                                                  const Limits& limits,
                                                  const Identity& identity = process_identity());

/// The parts that a file says, with checks as decode has them.
std::shared_ptr<const detail::SnapshotParts> parts_from(std::vector<std::byte> file,
                                                        const Identity& identity, std::string name,
                                                        std::uint64_t memory_bytes_max);

}  // namespace quiesce::snapshot
