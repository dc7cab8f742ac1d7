// What stands between the header of a file and the digest at its end: the table of pages and their
// contents, compressed. docs/snapshot-format.md tells it byte by byte.
//
// Thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/buffer.hpp"
#include "snapshot/image.hpp"
#include "snapshot/layers.hpp"
#include "snapshot/refusal.hpp"

namespace quiesce::snapshot {

struct Payload {
  base::Buffer storage;
  std::span<const std::byte> bytes;
  std::uint32_t page_count = 0, zero_page_count = 0;
};

/// What the table and the contents of so many pages take. No overflow: both counts have 32 bits.
std::uint64_t payload_bytes_for(std::uint32_t page_count, std::uint32_t zero_page_count) noexcept;

/// Table of pages, then the contents of those that are not zero, each XORed with what it was.
Payload make_payload(std::span<const PageVersions> changes);

/// One zstd frame. Throws Errc::resources and std::bad_alloc.
Payload compress(std::span<const std::byte> payload);

/// What a header says of the payload; checked against each other before.
struct PayloadFacts {
  std::uint64_t payload_bytes, memory_bytes;
  std::uint32_t page_count, zero_page_count;
};

/// Undoes compress and make_payload: the pages as they are now, those of `before` being what they
/// were. A page that need not be there, or not in this form, is refused.
Pages take_pages(std::span<const std::byte> compressed, const PayloadFacts& facts,
                 const PageReader& before, const Refusal& refusal);

}  // namespace quiesce::snapshot
