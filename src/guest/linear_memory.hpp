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
#include <span>
#include <type_traits>

#include "guest/memory_image.hpp"
#include "guest/trap.hpp"

namespace quiesce::guest {

class LinearMemory {
 public:
  static constexpr std::uint64_t kWasmPageBytes = 65536;
  /// Writable bytes below the base that the guest cannot reach: for the runtime.
  static constexpr std::uint64_t kHeaderBytes = 65536;

  /// A copy-on-write view of an image, growable up to `bytes_max`. Throws std::bad_alloc if the
  /// image is no whole pages of WebAssembly's, or the address space is exhausted.
  LinearMemory(const MemoryImage& image, std::uint64_t bytes_max);
  /// Zeroed memory, for building the base image.
  LinearMemory(std::uint64_t initial_bytes, std::uint64_t bytes_max);
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
  bool map(const MemoryImage& image) noexcept;
  void release() noexcept;

  std::byte* base_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t bytes_max_ = 0;
};

}  // namespace quiesce::guest
