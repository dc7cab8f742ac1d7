// Edits of snapshot files whose digest fits: as somebody would make them who wants the checks
// behind it to be reached. For tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/sha256.hpp"
#include "snapshot/wholeness.hpp"

namespace quiesce::snapshot {

template <class T>
std::vector<std::byte> with_field(std::vector<std::byte> file, std::size_t at, T value) {
  base::store_little_endian<T>(std::span(file).subspan(at).template first<sizeof(T)>(), value);
  return file;
}

inline std::vector<std::byte> with_digest(std::vector<std::byte> file) {
  const base::Digest digest = base::sha256(std::span(file).first(file.size() - kDigestBytes));
  std::ranges::copy(digest, file.end() - kDigestBytes);
  return file;
}

}  // namespace quiesce::snapshot
