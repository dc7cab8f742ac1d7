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
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"
#include "snapshot/whole_image.hpp"

namespace quiesce::snapshot {

/// What a memory is made of that holds a snapshot.
struct Layers {
  std::shared_ptr<const WholeImage> whole;  // it begins as a view of this; null: of the base image
  std::shared_ptr<const Pages> pages;       // and these are written over it
};

/// What is known of a memory that is to be captured.
struct Past {
  std::shared_ptr<const WholeImage> whole;  // it began as a view of this; null: of the base image
  /// It has not written to other pages than these. Nothing: it may have written to any.
  std::optional<std::vector<guest::PageRange>> written;
};

/// When the pages written into VMs that wake from one snapshot come to as many as it has, and to
/// more than this, it gets an image of its own. Making one costs about as much as writing all of
/// its pages once, and a descriptor: not worth it for a small snapshot that wakes a few times, and
/// for a large one at the first.
inline constexpr std::size_t kPagesCopiedMin = 256;

}  // namespace quiesce::snapshot

namespace quiesce::detail {

struct SnapshotParts {
 public:
  SnapshotParts(const snapshot::Facts& facts, snapshot::Layers layers,
                const snapshot::Identity& identity);
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
  mutable std::mutex mutex_;  // of the two below
  mutable std::size_t pages_copied_ = 0;
  mutable snapshot::Layers layers_;
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
                                                  const Identity& identity = process_identity(),
                                                  const Past& past = {});

/// The parts that a file says, with checks as decode has them.
std::shared_ptr<const detail::SnapshotParts> parts_from(std::vector<std::byte> file,
                                                        const Identity& identity, std::string name,
                                                        std::uint64_t memory_bytes_max);

}  // namespace quiesce::snapshot
