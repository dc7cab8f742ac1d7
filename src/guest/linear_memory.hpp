// The linear memory of one guest: reserved once, so that its base never moves, and surrounded by
// pages that fault. The only place where guest addresses become pointers.
//
// Addresses that come from the guest are hostile: every access names its size, and what is not
// wholly inside throws Trap{bad_answer}. Pointers and spans must not be kept across an entry into
// the guest: the bytes behind them may change, though the base does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "guest/memory_image.hpp"
#include "guest/reservation.hpp"
#include "guest/trap.hpp"
#include "guest/written_pages.hpp"

namespace quiesce::guest {

class LinearMemory {
 public:
  static constexpr std::uint64_t kWasmPageBytes = 65536;
  /// Writable bytes below the base that the guest cannot reach: for the runtime.
  static constexpr std::uint64_t kHeaderBytes = Reservation::kHeaderBytes;

  /// A copy-on-write view of an image, which must outlive it; growable up to `bytes_max`. If the
  /// image has a warm slot it is that, and costs next to nothing. Throws std::bad_alloc if the
  /// image is no whole pages of WebAssembly's, or the address space is exhausted.
  LinearMemory(const MemoryImage& image, std::uint64_t bytes_max);
  /// Zeroed memory, for building the base image.
  LinearMemory(std::uint64_t initial_bytes, std::uint64_t bytes_max);
  /// A view is put back and kept warm, if it did not write much.
  ~LinearMemory();
  LinearMemory(const LinearMemory&) = delete;
  LinearMemory& operator=(const LinearMemory&) = delete;

  std::byte* base() const noexcept { return base_; }
  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t bytes_max() const noexcept { return bytes_max_; }
  void set_bytes_max(std::uint64_t bytes_max) noexcept { bytes_max_ = bytes_max; }

  /// memory.grow (in bytes here; a multiple of the page). False: beyond the maximum, or refused by
  /// the system.
  bool grow_to(std::uint64_t new_size) noexcept;

  /// Whether an access of the guest, inside or outside its memory, may have been meant for there.
  bool reserved(const void* address) const noexcept;

  /// Pages that may differ from what they were when the memory was made, or at its last
  /// checkpoint. Nothing: any may.
  std::optional<std::vector<PageRange>> written(Since since) const {
    return written_pages(base_, size_, since);
  }
  /// Somebody knows what every page holds now. Of the pages that count as written, these have
  /// `changed` since the last checkpoint; ascending.
  void checkpoint(std::span<const PageRange> written, std::span<const std::uint32_t> changed);

  std::span<std::byte> bytes(std::uint32_t address, std::uint64_t count) const {
    if (count > size_ || address > size_ - count) throw Trap(TrapKind::bad_answer);
    return {base_ + address, static_cast<std::size_t>(count)};
  }
  /// Any alignment.
  template <class T>
  T load(std::uint32_t address) const {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, bytes(address, sizeof(T)).data(), sizeof(T));
    return value;
  }
  template <class T>
  void store(std::uint32_t address, const T& value) const {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(bytes(address, sizeof(T)).data(), &value, sizeof(T));
  }

 private:
  bool map() noexcept;
  bool put_back() noexcept;
  bool watch() noexcept;

  const MemoryImage* image_ = nullptr;  // null: it began as zeros
  std::byte* base_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t bytes_max_ = 0;
  std::uint64_t watched_bytes_ = 0;  // from the base on
  bool may_watch_ = true;
};

}  // namespace quiesce::guest
