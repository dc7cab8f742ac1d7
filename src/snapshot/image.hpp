// What a snapshot holds of a linear memory: the pages in which it differs from the base image.
//
//   Pages pages = capture(memory, base, {stack_low, stack_pointer});
//   ...
//   apply(pages, other_memory);       // which equalled the base image, zeros beyond its end
//
// Knows neither VM nor instance: spans of bytes only. Thread safe as far as its arguments are.
// Throws Errc::invalid_argument for sizes that no linear memory has, and std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/buffer.hpp"
#include "base/sha256.hpp"
#include "guest/written_pages.hpp"
#include "quiesce/limits.hpp"

namespace quiesce::snapshot {

inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::uint64_t kWasmPageBytes = 65536;
inline constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{1} << 32;

/// The part [low, high) of the guest's stack that nobody will read again: it counts as zero, so
/// that equal programs give equal snapshots and old secrets do not travel. The base image is zero
/// there; whole pages of it are not even looked at.
struct DeadRange {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};

enum class PageKind : std::uint8_t {
  zero,  // all zero, though the base image is not
  data,  // has contents
};

struct StoredPage {
  std::uint32_t index;
  PageKind kind;
  friend bool operator==(const StoredPage&, const StoredPage&) = default;
};

struct Pages {
  std::vector<StoredPage> table;        // indices strictly ascending
  std::span<const std::byte> contents;  // of the data pages, in the order of the table
  base::Buffer storage;                 // owns the contents, unless somebody else does
};

/// What is said of a VM at rest besides its memory.
struct Facts {
  base::Digest engine;
  base::Digest base_digest;
  std::uint64_t memory_bytes = 0;
  Limits limits;
};

/// A VM at rest: everything that the file form says.
struct Image : Facts {
  Pages pages;
};

/// The page of the base image that a page of a memory came from: zero beyond the image's end.
std::span<const std::byte, kPageBytes> ancestor_of(std::span<const std::byte> base,
                                                   std::uint32_t index) noexcept;
/// Whether the page is one of the base image's; otherwise its ancestor is zero.
bool is_of_base(std::uint32_t index, std::span<const std::byte> base) noexcept;
/// Whether all of the page is dead.
bool is_dead(std::uint32_t index, DeadRange dead) noexcept;
bool is_zero(std::span<const std::byte, kPageBytes> page) noexcept;
std::span<const std::byte, kPageBytes> zero_page() noexcept;

Pages capture(std::span<const std::byte> memory, std::span<const std::byte> base, DeadRange dead);

/// What each page of a memory was.
using PageAt = std::function<std::span<const std::byte, kPageBytes>(std::uint32_t index)>;
/// The pages that are no longer as they were. As if all but those in the ranges were.
Pages capture(std::span<const std::byte> memory, const PageAt& before, DeadRange dead,
              std::span<const guest::PageRange> among);

/// `memory` must be at least as long as the one that was captured.
void apply(const Pages& pages, std::span<std::byte> memory);

/// Names a base image: SHA-256 over its size and its pages that are not zero, each after its index.
/// The dead stack, most of an image, need not be read for that.
base::Digest digest_of_base(std::span<const std::byte> base, DeadRange dead);

}  // namespace quiesce::snapshot
