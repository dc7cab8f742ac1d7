// Signatures, encryption and what they need, by OpenSSL's libcrypto.
//
//   base::Secret key = base::hkdf_sha256(master.bytes(), salt, info, 32);
//   base::aes_256_gcm_encrypt({key_bytes, nonce}, header, plain, room, tag);
//   if (!base::aes_256_gcm_decrypt({key_bytes, nonce}, header, room, plain, tag)) ...
//
// Comparisons take equally long whatever differs. Thread safe. Throws Errc::resources if libcrypto
// refuses, as one does that was built without an algorithm, and std::bad_alloc.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "base/sha256.hpp"

namespace quiesce::base {

/// Overwrites them, also where the compiler knows that nobody reads them again.
void wipe(std::span<std::byte> bytes) noexcept;

/// Bytes that are overwritten before their memory is given back.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);  // zeros
  explicit Secret(std::span<const std::byte> bytes);
  ~Secret() { wipe(writable()); }
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;

  std::span<const std::byte> bytes() const noexcept { return {bytes_.get(), size_}; }
  std::span<std::byte> writable() noexcept { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_ = 0;
};

bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept;

/// RFC 2104 with SHA-256.
Digest hmac_sha256(std::span<const std::byte> key, std::span<const std::byte> message);

/// RFC 5869 with SHA-256: `size` bytes that only who knows the key can tell from chance.
Secret hkdf_sha256(std::span<const std::byte> key, std::span<const std::byte> salt,
                   std::span<const std::byte> info, std::size_t size);

// RFC 8032.
inline constexpr std::size_t kEd25519KeyBytes = 32;
inline constexpr std::size_t kEd25519SignatureBytes = 64;
using Ed25519Key = std::span<const std::byte, kEd25519KeyBytes>;

std::array<std::byte, kEd25519KeyBytes> ed25519_public_key(Ed25519Key seed);
std::array<std::byte, kEd25519SignatureBytes> ed25519_sign(Ed25519Key seed,
                                                           std::span<const std::byte> message);
/// False also for a key that is none.
bool ed25519_verify(Ed25519Key point, std::span<const std::byte> message,
                    std::span<const std::byte, kEd25519SignatureBytes> signature);

// NIST SP 800-38D. A nonce is used once with each key.
inline constexpr std::size_t kAesKeyBytes = 32;
inline constexpr std::size_t kGcmNonceBytes = 12;
inline constexpr std::size_t kGcmTagBytes = 16;

struct GcmKey {
  std::span<const std::byte, kAesKeyBytes> key;
  std::span<const std::byte, kGcmNonceBytes> nonce;
};

/// `out` has the length of `plain`.
void aes_256_gcm_encrypt(const GcmKey& key, std::span<const std::byte> associated,
                         std::span<const std::byte> plain, std::span<std::byte> out,
                         std::span<std::byte, kGcmTagBytes> tag);
/// False: they were not encrypted like this. Then `out`, which has the length of `cipher`, is
/// wiped.
bool aes_256_gcm_decrypt(const GcmKey& key, std::span<const std::byte> associated,
                         std::span<const std::byte> cipher, std::span<std::byte> out,
                         std::span<const std::byte, kGcmTagBytes> tag);

}  // namespace quiesce::base
