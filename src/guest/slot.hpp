// Numbers as they cross the wall: 32-bit integers without sign extension, doubles as their bits.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace quiesce::guest {

template <class T>
std::uint64_t to_slot(T value) noexcept {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(value);
  } else {
    return static_cast<std::make_unsigned_t<T>>(value);
  }
}

template <class T>
T from_slot(std::uint64_t slot) noexcept {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<double>(slot);
  } else {
    return static_cast<T>(slot);
  }
}

}  // namespace quiesce::guest
