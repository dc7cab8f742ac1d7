// What a quiesce::Snapshot holds: the image, and its file form once somebody has asked for it.
//
//   auto parts = snapshot::take(memory, limits);             // of a VM at rest
//   snapshot::apply(parts->image().pages, memory_of_another);  // which equals the base image
//
// Immutable from outside; the file form is made at most once, by whichever thread comes first.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"

namespace quiesce::detail {

struct SnapshotParts {
 public:
  SnapshotParts(snapshot::Image image, const snapshot::Identity& identity);
  /// With the bytes that it was decoded from: they stay its file form.
  SnapshotParts(snapshot::Image image, const snapshot::Identity& identity,
                std::vector<std::byte> file);

  const snapshot::Image& image() const noexcept { return image_; }

  const std::vector<std::byte>& file() const;
  const base::Digest& file_digest() const;
  const base::Digest& content_digest() const;

 private:
  snapshot::Image image_;
  std::span<const std::byte> base_;
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
