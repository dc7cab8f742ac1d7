// The file form of a snapshot. docs/snapshot-format.md tells it byte by byte.
//
//   std::vector<std::byte> file = encode(image, identity.base);
//   Image again = decode(file, identity);
//
// encode is a function of the image alone: with one version of libzstd, equal images give equal
// bytes. decode believes nothing: every byte is covered by a digest, and every number is checked
// before memory is allocated by it. What it accepts has exactly one table of pages, so that
// encoding it again says the same. Thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"

namespace quiesce::snapshot {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kHeaderBytes = 136;
inline constexpr std::size_t kDigestBytes = 32;
inline constexpr std::uint32_t kStackBytesMin = 16u << 10;  // what Limits::stack_bytes_max may be
inline constexpr std::uint32_t kStackBytesMax = 2u << 20;

/// Throws Errc::invalid_argument for limits that decode would refuse: better when a VM falls asleep
/// than when somebody wants to wake it.
void require_storable(const Limits& limits);

std::vector<std::byte> encode(const Facts& facts, const Pages& pages,
                              std::span<const std::byte> base);
inline std::vector<std::byte> encode(const Image& image, std::span<const std::byte> base) {
  return encode(image, image.pages, base);
}

struct DecodeOptions {
  std::string name = "the snapshot";  // how errors call it: "cannot load <name>: ..."
  std::uint64_t memory_bytes_max = kMemoryBytesMax;  // a snapshot that would need more is refused
};

/// Throws Errc::snapshot with one sentence that says what is wrong, or Errc::resources if there is
/// not the memory for what it holds.
Image decode(std::span<const std::byte> file, const Identity& identity,
             const DecodeOptions& options = {});

/// SHA-256 over what the file says rather than over its bytes: the header without the compressed
/// size, then the payload before compression. The same on every host, whatever its libzstd.
base::Digest content_digest(const Facts& facts, const Pages& pages,
                            std::span<const std::byte> base);
inline base::Digest content_digest(const Image& image, std::span<const std::byte> base) {
  return content_digest(image, image.pages, base);
}

}  // namespace quiesce::snapshot
