// A small engine that does not exist, with a base image, and a VM of it that has run: what the
// tests and the fuzz targets of this folder work on. The files in testdata/ were made from it, so
// that it must not change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"

namespace quiesce::snapshot::samples {

/// Pages 0, 1 and most of 2 are the dead stack, 4 to 20 hold data, the others are zero.
inline std::vector<std::byte> make_base() {
  std::vector<std::byte> base(2 * kWasmPageBytes);
  std::uint32_t state = 1;
  for (std::size_t i = 4 * kPageBytes; i < 21 * kPageBytes; ++i) {
    state = state * 1664525u + 1013904223u;
    base[i] = static_cast<std::byte>(state >> 24);
  }
  return base;
}

inline const std::vector<std::byte>& base() {
  static const std::vector<std::byte> bytes = make_base();
  return bytes;
}

inline constexpr DeadRange kDead{64, 3 * kPageBytes - 128};

inline Identity identity() {
  base::Digest engine{};
  for (std::size_t i = 0; i < engine.size(); ++i) engine[i] = static_cast<std::byte>(i * 7);
  return {engine, digest_of_base(base(), kDead), base(), kDead};
}

inline void put(std::vector<std::byte>& memory, std::size_t at, std::string_view text) {
  std::memcpy(memory.data() + at, text.data(), text.size());
}

/// Three wasm pages: the base image and one more, changed in every way that a page can be.
inline std::vector<std::byte> memory() {
  std::vector<std::byte> memory = base();
  memory.resize(3 * kWasmPageBytes);
  put(memory, 1 * kPageBytes + 100, "left on the stack");  // dead: does not count
  put(memory, 2 * kPageBytes + 100, "also left there");    // dead, in a page that is not wholly so
  put(memory, 3 * kPageBytes - 100, "beyond the dead stack");  // the live part of that page
  put(memory, 5 * kPageBytes + 200, "a change");
  std::memset(memory.data() + 6 * kPageBytes, 0, kPageBytes);  // freed and zeroed
  put(memory, 30 * kPageBytes, "new data where the base image is zero");
  put(memory, 40 * kPageBytes, "new data beyond the base image");
  put(memory, 48 * kPageBytes - 9, "the end.");
  return memory;
}

/// The same VM later: one more page of memory, and again changed in every way.
inline std::vector<std::byte> later_memory() {
  std::vector<std::byte> later = memory();
  later.resize(4 * kWasmPageBytes);
  put(later, 1 * kPageBytes + 200, "left there later");  // dead
  put(later, 5 * kPageBytes + 200, "A");                 // one byte of what was changed
  std::memcpy(later.data() + 6 * kPageBytes, base().data() + 6 * kPageBytes, 100);
  std::memcpy(later.data() + 30 * kPageBytes, base().data() + 30 * kPageBytes, kPageBytes);
  std::memset(later.data() + 40 * kPageBytes, 0, kPageBytes);
  put(later, 7 * kPageBytes, "a page that was as in the base image");
  put(later, 63 * kPageBytes, "beyond the end of what was");
  return later;
}

/// The same VM with nearly all of it cleared, also where the base image has something.
inline std::vector<std::byte> sparse_memory() {
  std::vector<std::byte> sparse = memory();
  for (std::size_t page = 4; page < 21; ++page) {
    if (page != 5) std::memset(sparse.data() + page * kPageBytes, 0, kPageBytes);
  }
  return sparse;
}

inline Limits limits() {
  Limits limits;
  limits.memory_bytes_max = 8u << 20;
  limits.stack_bytes_max = 256u << 10;
  limits.time_max = std::chrono::milliseconds(1500);
  limits.fuel_max = 123456789;
  return limits;
}

inline Image image() {
  const Identity who = identity();
  const std::vector<std::byte> bytes = memory();
  return {who.engine, who.base_digest, bytes.size(), limits(), capture(bytes, who.base, who.dead)};
}

}  // namespace quiesce::snapshot::samples
