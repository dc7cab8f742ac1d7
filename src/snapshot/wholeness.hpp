// What both kinds of file have in common, a snapshot and a sealed one: a magic of 8 bytes, a
// version of 4, and as their last 32 bytes the SHA-256 of all before. From these a damaged file is
// told from a newer one, and from what is no file of ours.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/sha256.hpp"
#include "snapshot/refusal.hpp"

namespace quiesce::snapshot {

using Magic = std::array<unsigned char, 8>;

// As PNG's: the first byte shows when the eighth bit is cut off or the file is recoded as text,
// CR LF and LF when line ends are converted, 0x1A ends a listing on systems that know it.
inline constexpr Magic kSnapshotMagic = {0x89, 'Q', 'S', 'N', '\r', '\n', 0x1A, '\n'};
inline constexpr Magic kSealedMagic = {0x89, 'Q', 'S', 'S', '\r', '\n', 0x1A, '\n'};
inline constexpr std::size_t kVersionEnd = sizeof(Magic) + sizeof(std::uint32_t);
inline constexpr std::size_t kDigestBytes = 32;

/// Whether a file begins with the first four bytes of that, and goes on like it.
bool begins_with(std::span<const std::byte> file, const Magic& magic) noexcept;

/// Refuses what does not begin like a snapshot, as that which it seems to be.
void check_magic(std::span<const std::byte> file, const Refusal& refusal);

/// The version, which is 1 to `newest`.
std::uint32_t check_version(std::span<const std::byte> file, std::uint32_t newest,
                            const Refusal& refusal);

/// Refuses a file of another length. `least`: what every file has.
void check_length(std::span<const std::byte> file, std::uint64_t expected, const Refusal& refusal);
[[noreturn]] void refuse_cut_off(std::span<const std::byte> file, std::size_t least,
                                 const Refusal& refusal);

/// Refuses a file whose digest does not fit. `of_all_before`: what it has to be, if that is known.
void check_digest(std::span<const std::byte> file, const Refusal& refusal);
void check_digest(std::span<const std::byte> file, const base::Digest& of_all_before,
                  const Refusal& refusal);

}  // namespace quiesce::snapshot
