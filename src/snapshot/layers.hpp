// What the memory of a VM is made of that wakes from a snapshot, and what such memories have to do
// with each other.
//
//   std::vector<PageVersions> changes = changes_between(earlier, later, identity);  // to be stored
//   Layers again = with_pages(earlier, stored, identity);                         // is `later`
//
// Nothing here copies what it can point to. Thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"
#include "snapshot/whole_image.hpp"

namespace quiesce::snapshot {

/// By default the base image alone. Later snapshots of one VM share what they have in common.
struct Layers {
  /// It begins as a view of this; null: of the base image.
  std::shared_ptr<const WholeImage> whole;
  /// And these are written over it, one after the other: few, and each much smaller than the one
  /// before.
  std::vector<std::shared_ptr<const Pages>> over;

  std::size_t page_count() const noexcept;      // of those that are written over it
  std::size_t contents_bytes() const noexcept;  // what they take
};

/// Remembers layers. It holds on to the image, of which others can be views too then, but not to
/// pages that nobody else needs any more.
class WeakLayers {
 public:
  WeakLayers() = default;
  explicit WeakLayers(const Layers& layers);

  /// Nothing: some of it is gone, or there never was any.
  std::optional<Layers> lock() const;

 private:
  bool is_set_ = false;
  std::shared_ptr<const WholeImage> whole_;
  std::vector<std::weak_ptr<const Pages>> over_;
};

/// A page somewhere in memory. Null: it is all zero.
struct PageRef {
  std::uint32_t index;
  const std::byte* contents;
};

/// What one page was, and what it is.
struct PageVersions {
  std::uint32_t index;
  std::span<const std::byte, kPageBytes> before, after;
};

/// Reads single pages of the memory that layers make. Points into them.
class PageReader {
 public:
  PageReader(const Layers& layers, std::span<const std::byte> base);

  std::span<const std::byte, kPageBytes> at(std::uint32_t index) const noexcept;

 private:
  const WholeImage* whole_;
  std::span<const std::byte> base_;
  std::vector<std::vector<PageRef>> over_;  // the last one written first
};

/// The pages in which a memory of these layers differs from the base image.
std::shared_ptr<const Pages> all_pages(const Layers& layers, const Identity& identity);

/// The pages of `pages`, which are relative to the base image, that differ from it.
std::vector<PageVersions> changes_since_base(const Pages& pages, std::span<const std::byte> base);

/// The pages in which one memory differs from another, in ascending order. What both have in common
/// is not looked at.
std::vector<PageVersions> changes_between(const Layers& from, const Layers& to,
                                          const Identity& identity);

/// Every page of a memory that is not zero, as a change of a memory that is zero everywhere.
std::vector<PageVersions> changes_since_nothing(const Layers& layers, const Identity& identity);

/// The pages in which a memory differs from the base image that is zero but for `pages`.
Pages since_base(const Pages& pages, const Identity& identity);

/// Layers whose memory is that of `layers` with `pages` written over it.
Layers with_pages(Layers layers, Pages pages, const Identity& identity);

}  // namespace quiesce::snapshot
