// Sealed files: the file form of a snapshot inside an envelope that is signed, encrypted, or both.
// docs/snapshot-format.md tells it byte by byte.
//
//   std::vector<std::byte> sealed = seal(parts->file(), {.sign_with = key});
//   std::vector<std::byte> file = open(sealed, {.keys = {key.public_key()}}, "\"a.qsnap\"");
//
// open believes nothing: lengths are compared before anything is allocated by them, the signature
// is checked before anything is decrypted, and nothing of what was encrypted is handed out unless
// all of it is authentic. Thread safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quiesce/trust.hpp"

namespace quiesce::snapshot {

inline constexpr std::uint32_t kSealVersion = 1;
inline constexpr std::size_t kSealHeaderBytes = 88;  // before the ids of the keys
inline constexpr std::size_t kSealSaltBytes = 32;
/// How much longer than its content a sealed file is: at least and at most.
inline constexpr std::size_t kSealBytesMin = kSealHeaderBytes + 1 + 16 + 32;
inline constexpr std::size_t kSealBytesMax = kSealHeaderBytes + 2 * 64 + 16 + 64 + 32;

/// Neither signs nor encrypts.
inline bool is_none(const Seal& how) noexcept { return !how.sign_with && !how.encrypt_with; }

/// Of what the file form is; `salt` is used once. Throws Errc::invalid_argument for keys that are
/// not for that.
std::vector<std::byte> seal(std::span<const std::byte> content, const Seal& how,
                            std::span<const std::byte, kSealSaltBytes> salt);
/// With a salt by chance.
std::vector<std::byte> seal(std::span<const std::byte> content, const Seal& how);

/// What is in the envelope, or the file itself if it has none. Throws TrustError when it is not
/// what `trust` demands, Errc::snapshot when it is damaged, and Errc::invalid_argument for keys
/// that contradict each other.
std::vector<std::byte> open(std::vector<std::byte> file, const Trust& trust,
                            const std::string& name);

/// Without an envelope: throws TrustError if `trust` demands one.
void require_no_seal_is_demanded(const Trust& trust, const std::string& name);

/// How long the file in it is, as the envelope says; nothing if there is none.
std::optional<std::uint64_t> sealed_bytes(std::span<const std::byte> file) noexcept;

}  // namespace quiesce::snapshot
