// What the fuzz targets of snapshot files share: edits of files that keep them worth reading.
#pragma once

#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/sha256.hpp"
#include "snapshot/format.hpp"

namespace quiesce::snapshot::fuzz {

using Bytes = std::vector<std::byte>;

inline constexpr std::uint64_t kMemoryBytesHere = 4u << 20;  // keeps each run short

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "finding: %s\n", what);
  std::abort();
}

inline void fix_digest(Bytes& file) {
  if (file.size() < kDigestBytes) return;
  const base::Digest digest = base::sha256(std::span(file).first(file.size() - kDigestBytes));
  std::ranges::copy(digest, file.end() - kDigestBytes);
}

/// Three bytes each: where, and what shall stand there.
inline void edit(Bytes& bytes, std::span<const std::byte> edits) {
  for (; edits.size() >= 3; edits = edits.subspan(3)) {
    const auto at = base::load_little_endian<std::uint16_t>(edits.first<2>());
    if (!bytes.empty()) bytes[at % bytes.size()] = edits[2];
  }
}

/// The file edited where it is not compressed: header, table of pages, contents.
inline Bytes edited_before_compression(const Bytes& file, std::size_t header_bytes,
                                       std::span<const std::byte> edits) {
  constexpr std::size_t kCompressedBytesAt = 64;
  const auto frame = std::span(file).subspan(header_bytes);
  Bytes plain(header_bytes + ZSTD_getFrameContentSize(frame.data(), frame.size()));
  std::copy_n(file.begin(), header_bytes, plain.begin());
  ZSTD_decompress(plain.data() + header_bytes, plain.size() - header_bytes, frame.data(),
                  frame.size() - kDigestBytes);
  edit(plain, edits);
  const auto payload = std::span(plain).subspan(header_bytes);
  Bytes edited(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(header_bytes));
  edited.resize(header_bytes + ZSTD_compressBound(payload.size()));
  const std::size_t compressed =
      ZSTD_compress(edited.data() + header_bytes, edited.size() - header_bytes, payload.data(),
                    payload.size(), 1);
  base::store_little_endian<std::uint64_t>(std::span(edited).subspan(kCompressedBytesAt).first<8>(),
                                           compressed);
  edited.resize(header_bytes + compressed + kDigestBytes);
  return edited;
}

/// A file made of an input whose first byte chooses how: as it stands, or as edits of `sample`.
inline Bytes file_from(std::span<const std::byte> input, const Bytes& sample,
                       std::size_t header_bytes) {
  const auto rest = input.subspan(1);
  Bytes file;
  switch (std::to_integer<unsigned>(input[0]) % 3) {
    case 0: file.assign(rest.begin(), rest.end()); break;
    case 1:
      file = sample;
      edit(file, rest);
      break;
    default: file = edited_before_compression(sample, header_bytes, rest);
  }
  fix_digest(file);
  return file;
}

}  // namespace quiesce::snapshot::fuzz
