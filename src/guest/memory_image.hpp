// The contents of a linear memory in a file of its own that nobody can change any more. Any number
// of memories are copy-on-write views of it, and share what they do not write: making one costs the
// same however large the image is.
//
//   const MemoryImage::Piece pieces[] = {{0x10000, bytes}};     // the rest is zeros
//   const MemoryImage image("a name for /proc", 1u << 20, pieces);
//   LinearMemory memory(image, bytes_max);
//
// It must outlive its views, and keeps a few of them warm when they end. Immutable, hence thread
// safe.
// The file is a sealed memfd: no descriptor that a child inherits, no mapping and no mistake of
// ours can write to it or make it shorter under a view.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "guest/reservation.hpp"
#include "guest/warm_slots.hpp"

namespace quiesce::guest {

class MemoryImage {
 public:
  struct Piece {
    std::uint64_t offset;
    std::span<const std::byte> bytes;
  };
  struct Range {
    std::uint64_t offset, size;
  };

  /// `size` bytes, whole pages of the system's. Pieces are in order and do not overlap; what none
  /// covers is zero and costs nothing. Throws std::bad_alloc if the system refuses memory, a
  /// descriptor or a file of that size.
  MemoryImage(const char* name, std::uint64_t size, std::span<const Piece> pieces);
  ~MemoryImage();
  MemoryImage(const MemoryImage&) = delete;
  MemoryImage& operator=(const MemoryImage&) = delete;

  /// In front of the contents the file has kHeaderBytes of zeros, so that a memory is one mapping
  /// with the header below it.
  int file() const noexcept { return file_; }
  static constexpr std::uint64_t kHeaderBytes = Reservation::kHeaderBytes;
  std::uint64_t size() const noexcept { return size_; }
  std::span<const std::byte> bytes() const noexcept { return {view_, size_}; }

  /// Long stretches of zeros between the pieces, a few at most. A view had better have memory of
  /// its own there: each page that is touched in it would become one of this file too.
  std::span<const Range> gaps() const noexcept { return gaps_; }

  /// Memories that hold what this image holds. See LinearMemory.
  WarmSlots& warm_slots() const noexcept { return warm_slots_; }

 private:
  void fill(std::span<const Piece> pieces);
  void note_gaps(std::span<const Piece> pieces);

  int file_ = -1;
  std::uint64_t size_;
  const std::byte* view_ = nullptr;
  std::vector<Range> gaps_;
  mutable WarmSlots warm_slots_;
};

}  // namespace quiesce::guest
