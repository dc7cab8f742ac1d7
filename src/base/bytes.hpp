// Little-endian numbers in byte strings, with bounds checks.
//
//   base::ByteWriter out;
//   out.put<std::uint32_t>(7);
//   base::ByteReader in(out.bytes());
//   auto seven = in.take<std::uint32_t>();     // std::out_of_range if fewer than four bytes are
//   left
//
// A reader keeps a view: the bytes must live as long as it does.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace quiesce::base {

template <std::unsigned_integral T>
T load_little_endian(std::span<const std::byte, sizeof(T)> bytes) noexcept {
  T value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&value, bytes.data(), sizeof(T));
  } else {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(value | static_cast<T>(static_cast<T>(bytes[i]) << (8 * i)));
    }
  }
  return value;
}

template <std::unsigned_integral T>
void store_little_endian(std::span<std::byte, sizeof(T)> bytes, T value) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(bytes.data(), &value, sizeof(T));
  } else {
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
  }
}

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) noexcept : left_(bytes) {}

  std::size_t left() const noexcept { return left_.size(); }

  /// The next `count` bytes. Throws std::out_of_range, and takes nothing, if there are fewer.
  std::span<const std::byte> take_bytes(std::size_t count) {
    if (count > left_.size()) throw std::out_of_range("read beyond the end of the bytes");
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }

  template <std::unsigned_integral T>
  T take() {
    return load_little_endian<T>(take_bytes(sizeof(T)).template first<sizeof(T)>());
  }

 private:
  std::span<const std::byte> left_;
};

class ByteWriter {
 public:
  void reserve(std::size_t count) { bytes_.reserve(count); }

  void put_bytes(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

  template <std::unsigned_integral T>
  void put(T value) {
    std::byte bytes[sizeof(T)];
    store_little_endian<T>(bytes, value);
    put_bytes(bytes);
  }

  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  std::vector<std::byte> take() noexcept { return std::exchange(bytes_, {}); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace quiesce::base
