#include "snapshot/wholeness.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/sha256.hpp"
#include "base/utf.hpp"

namespace quiesce::snapshot {
namespace {

using Bytes = std::span<const std::byte>;

bool looks_like_text(Bytes file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()),
                              std::min<std::size_t>(file.size(), 512));
  const auto bad = base::invalid_utf8_at(text);
  if (bad && (file.size() <= 512 || *bad + 3 < text.size()))
    return false;  // more than a cut at 512
  return std::ranges::none_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 &&
            std::string_view("\t\n\v\f\r\x1b").find(c) == std::string_view::npos) ||
           c == 0x7f;
  });
}

/// "QSN" or "QSS" at the place where it belongs, give or take what recoding the first byte adds.
bool looks_like_damaged_magic(Bytes file) {
  for (std::size_t at = 0; at <= 3 && at + 3 <= file.size(); ++at) {
    for (const Magic& magic : {kSnapshotMagic, kSealedMagic}) {
      if (std::memcmp(file.data() + at, magic.data() + 1, 3) == 0) return true;
    }
  }
  return false;
}

/// Every version ends in the digest of all that stands before it.
bool is_whole(Bytes file) {
  if (file.size() < kVersionEnd + kDigestBytes) return false;
  const base::Digest digest = base::sha256(file.first(file.size() - kDigestBytes));
  return std::ranges::equal(digest, file.last(kDigestBytes));
}

}  // namespace

bool begins_with(Bytes file, const Magic& magic) noexcept {
  return file.size() >= 4 &&
         std::memcmp(file.data(), magic.data(), std::min(file.size(), magic.size())) == 0;
}

void check_magic(Bytes file, const Refusal& refusal) {
  if (file.empty()) refusal.because("it is empty");
  const std::size_t common = std::min(file.size(), kSnapshotMagic.size());
  if (std::memcmp(file.data(), kSnapshotMagic.data(), common) == 0) return;
  if (begins_with(file, kSealedMagic)) refusal.because("it is sealed, and was not opened");
  if (looks_like_damaged_magic(file)) {
    refusal.because(
        "its first bytes are damaged, as a transfer in text mode does it; copy it again as binary");
  }
  if (looks_like_text(file)) refusal.because("it is a text file, not a snapshot");
  refusal.because("it is not a snapshot; those begin with the bytes 89 51 53 4e");
}

std::uint32_t check_version(Bytes file, std::uint32_t newest, const Refusal& refusal) {
  base::ByteReader in(file.subspan(sizeof(Magic)));
  const auto version = in.take<std::uint32_t>();
  if (version >= 1 && version <= newest) return version;
  const std::string says = "it says that its format has version " + std::to_string(version);
  if (!is_whole(file)) {
    refusal.because(says +
                    ", and its SHA-256 does not fit: it is damaged, or newer than this build");
  }
  if (version < newest) refusal.because(says + ", which there never was");
  refusal.because(says + ", and this build reads versions up to " + std::to_string(newest) +
                  ": use a newer Quiesce");
}

void refuse_cut_off(Bytes file, std::size_t least, const Refusal& refusal) {
  refusal.because("it is cut off: " + std::to_string(file.size()) +
                  " bytes are there of at least " + std::to_string(least) + "; take a whole copy");
}

void check_length(Bytes file, std::uint64_t expected, const Refusal& refusal) {
  if (file.size() < expected) {
    refusal.because("it is cut off: " + std::to_string(file.size()) + " bytes are there of " +
                    std::to_string(expected) + "; take a whole copy");
  }
  if (file.size() > expected) {
    refusal.because("it has " + std::to_string(file.size() - expected) +
                    " bytes too many at its end; take a copy with nothing appended");
  }
}

void check_digest(Bytes file, const Refusal& refusal) {
  check_digest(file, base::sha256(file.first(file.size() - kDigestBytes)), refusal);
}

void check_digest(Bytes file, const base::Digest& of_all_before, const Refusal& refusal) {
  if (!std::ranges::equal(of_all_before, file.last(kDigestBytes)))
    refusal.because("it is damaged: its SHA-256 does not fit its bytes; take another copy");
}

}  // namespace quiesce::snapshot
