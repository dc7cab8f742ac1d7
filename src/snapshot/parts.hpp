// What a quiesce::Snapshot holds: the pages, as VMs need them that wake from it, and the file form
// once somebody has asked for it.
//
//   auto parts = snapshot::take(memory, limits);          // of a VM at rest
//   const snapshot::Layers layers = parts->layers();      // what another begins with
//   auto delta = snapshot::relative_to(parts, earlier);   // the same, in another file form
//   auto all = snapshot::whole(parts);                    // and in the third
//
// Immutable from outside; the file form is made at most once, by whichever thread comes first. So
// is the image that VMs are views of, and then it holds the pages alone.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "snapshot/format.hpp"
#include "snapshot/layers.hpp"

namespace quiesce::snapshot {

/// What is known of a memory that is to be captured.
struct Past {
  Layers before;  // what it was some time ago
  /// It has not written to other pages than these since. Nothing: it may have written to any.
  std::optional<std::vector<guest::PageRange>> written;
};

/// When the pages written into VMs that wake from one snapshot come to as many as it has, and to
/// more than this, it gets an image of its own. Making one costs about as much as writing all of
/// its pages once, and a descriptor: not worth it for a small snapshot that wakes a few times, and
/// for a large one at the first.
inline constexpr std::size_t kPagesCopiedMin = 256;

/// A file form that needs more files than these to be read is written anew, relative to the first
/// of them. Loading takes as long as all of them together.
inline constexpr std::size_t kAncestorsMax = 32;

}  // namespace quiesce::snapshot

namespace quiesce::detail {

struct SnapshotParts;

/// Whose file form is needed to read another's.
struct Lineage {
  std::vector<base::Digest> ancestors;        // of their files, the nearest first
  std::shared_ptr<const SnapshotParts> root;  // the last of them; null: there are none
};

struct SnapshotParts {
 public:
  /// `form`: base or whole; its file form is made when somebody asks for it.
  SnapshotParts(const snapshot::Facts& facts, snapshot::Layers layers,
                const snapshot::Identity& identity, SnapshotForm form = SnapshotForm::base);
  /// With a file form that there is already.
  SnapshotParts(const snapshot::Facts& facts, snapshot::Layers layers,
                const snapshot::Identity& identity, std::vector<std::byte> file, Lineage lineage);

  const snapshot::Facts& facts() const noexcept { return facts_; }
  SnapshotForm form() const noexcept { return form_; }
  const Lineage& lineage() const noexcept { return lineage_; }
  const snapshot::Identity& identity() const noexcept { return identity_; }
  /// For one VM that wakes now. Throws std::bad_alloc.
  snapshot::Layers layers() const;
  /// As they are now, for who only looks.
  snapshot::Layers current_layers() const;

  const std::vector<std::byte>& file() const;
  const base::Digest& file_digest() const;
  const base::Digest& content_digest() const;

 private:
  std::vector<snapshot::PageVersions> changes_since_base(const snapshot::Layers& layers) const;

  snapshot::Facts facts_;
  SnapshotForm form_;
  Lineage lineage_;
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

/// The pages of a memory that are no longer as they were. Throws std::bad_alloc.
Pages changes_of(std::span<const std::byte> memory, const Identity& identity, const Past& past);

/// Of a memory of so many bytes of this process's engine, with no guest code on its stack, that is
/// as `before` but for `changes`. Throws Errc::invalid_argument for limits that no VM may have, and
/// std::bad_alloc.
std::shared_ptr<const detail::SnapshotParts> take(std::uint64_t memory_bytes, const Limits& limits,
                                                  const Identity& identity, Layers before,
                                                  Pages changes);

/// Both in one.
std::shared_ptr<const detail::SnapshotParts> take(std::span<const std::byte> memory,
                                                  const Limits& limits,
                                                  const Identity& identity = process_identity(),
                                                  const Past& past = {});

using FindParts =
    std::function<std::shared_ptr<const detail::SnapshotParts>(const AncestorName& wanted)>;

/// The parts that a file says, with checks as decode has them. `find` is asked for the ancestor of
/// a file that has one, and throws if it knows none. `about_engines`: see DecodeOptions.
std::shared_ptr<const detail::SnapshotParts> parts_from(std::vector<std::byte> file,
                                                        const Identity& identity, std::string name,
                                                        std::uint64_t memory_bytes_max,
                                                        const FindParts& find = nullptr,
                                                        std::string about_engines = {});

/// The same VM, in a file form that says what has changed since `earlier`.
std::shared_ptr<const detail::SnapshotParts> relative_to(
    const std::shared_ptr<const detail::SnapshotParts>& later,
    const std::shared_ptr<const detail::SnapshotParts>& earlier);

/// The same VM, in a file form that holds all of its memory.
std::shared_ptr<const detail::SnapshotParts> whole(
    const std::shared_ptr<const detail::SnapshotParts>& parts);

/// The same VM, in a file form that needs no other, but the base image.
std::shared_ptr<const detail::SnapshotParts> standing_alone(
    const std::shared_ptr<const detail::SnapshotParts>& parts);

}  // namespace quiesce::snapshot
