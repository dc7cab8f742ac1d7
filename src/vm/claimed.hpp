// Which parts of a memory somebody has said what they are, so that no byte is counted twice and all
// together never come to more than there is, whatever is said.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace quiesce::detail {

class Claimed {
 public:
  explicit Claimed(std::uint64_t memory_bytes)
      : bytes_(memory_bytes), words_((memory_bytes / kGranule + 63) / 64) {}

  /// The bytes from `address` on up to the first that is claimed, at most `count`: they are now.
  /// Work is in proportion to what comes of it.
  std::uint64_t claim(std::uint64_t address, std::uint64_t count) {
    const std::uint64_t begin = address / kGranule;
    const std::uint64_t end = std::min(address + count, bytes_) / kGranule;
    std::uint64_t at = begin;
    while (at < end) {
      if (at % 64 == 0 && end - at >= 64 && words_[at / 64] == 0) {
        words_[at / 64] = ~std::uint64_t{0};
        at += 64;
        continue;
      }
      std::uint64_t& word = words_[at / 64];
      const std::uint64_t bit = std::uint64_t{1} << at % 64;
      if ((word & bit) != 0) break;
      word |= bit;
      ++at;
    }
    return at > begin ? (at - begin) * kGranule : 0;
  }

 private:
  static constexpr std::uint64_t kGranule = 4;  // blocks of the C library end on such
  std::uint64_t bytes_;
  std::vector<std::uint64_t> words_;
};

}  // namespace quiesce::detail
