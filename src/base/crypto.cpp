#include "base/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <string>
#include <utility>

#include "quiesce/error.hpp"

namespace quiesce::base {
namespace {

using Bytes = std::span<const std::byte>;

const unsigned char* in(Bytes bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::span<std::byte> bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void require(bool worked, const char* what) {
  if (!worked) throw Error(Errc::resources, std::string("libcrypto refused ") + what);
}

template <auto free_it>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept {
    free_it(object);
  }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;

KeyHandle private_key(Ed25519Key seed) {
  KeyHandle key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, in(seed), seed.size()));
  require(key != nullptr, "Ed25519");
  return key;
}

// libcrypto counts in int.
template <class Update>
bool in_pieces(Bytes bytes, std::span<std::byte> room, Update update) {
  constexpr std::size_t kPieceBytes = std::size_t{1} << 30;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t count = std::min(kPieceBytes, bytes.size() - at);
    unsigned char* const to = room.empty() ? nullptr : out(room.subspan(at));
    int written = 0;
    if (update(to, &written, in(bytes.subspan(at)), static_cast<int>(count)) != 1) return false;
    at += count;
  }
  return true;
}

constexpr const char* kGcm = "AES-256-GCM";

}  // namespace

void wipe(std::span<std::byte> bytes) noexcept { OPENSSL_cleanse(bytes.data(), bytes.size()); }

Secret::Secret(std::size_t size) : bytes_(std::make_unique<std::byte[]>(size)), size_(size) {}

Secret::Secret(Bytes bytes) : Secret(bytes.size()) { std::ranges::copy(bytes, bytes_.get()); }

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  return *this;
}

bool equal_in_constant_time(Bytes a, Bytes b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Digest hmac_sha256(Bytes key, Bytes message) {
  Digest digest;
  unsigned written = 0;
  require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), in(message), message.size(),
               out(digest), &written) != nullptr &&
              written == digest.size(),
          "HMAC-SHA-256");
  return digest;
}

Secret hkdf_sha256(Bytes key, Bytes salt, Bytes info, std::size_t size) {
  const std::unique_ptr<EVP_KDF, Free<EVP_KDF_free>> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  require(kdf != nullptr, "HKDF");
  const std::unique_ptr<EVP_KDF_CTX, Free<EVP_KDF_CTX_free>> context(EVP_KDF_CTX_new(kdf.get()));
  require(context != nullptr, "HKDF");
  char hash[] = "SHA256";
  // It only reads what these point to.
  const auto octets = [](const char* name, Bytes bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::byte*>(bytes.data()),
                                             bytes.size());
  };
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
                                   octets(OSSL_KDF_PARAM_KEY, key),
                                   octets(OSSL_KDF_PARAM_SALT, salt),
                                   octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  Secret derived(size);
  require(EVP_KDF_derive(context.get(), out(derived.writable()), size, parameters) == 1, "HKDF");
  return derived;
}

std::array<std::byte, kEd25519KeyBytes> ed25519_public_key(Ed25519Key seed) {
  const KeyHandle key = private_key(seed);
  std::array<std::byte, kEd25519KeyBytes> point;
  std::size_t size = point.size();
  require(EVP_PKEY_get_raw_public_key(key.get(), out(point), &size) == 1 && size == point.size(),
          "Ed25519");
  return point;
}

std::array<std::byte, kEd25519SignatureBytes> ed25519_sign(Ed25519Key seed, Bytes message) {
  const KeyHandle key = private_key(seed);
  const DigestContext context(EVP_MD_CTX_new());
  std::array<std::byte, kEd25519SignatureBytes> signature;
  std::size_t size = signature.size();
  require(
      context != nullptr &&
          EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
          EVP_DigestSign(context.get(), out(signature), &size, in(message), message.size()) == 1 &&
          size == signature.size(),
      "Ed25519");
  return signature;
}

bool ed25519_verify(Ed25519Key point, Bytes message,
                    std::span<const std::byte, kEd25519SignatureBytes> signature) {
  const KeyHandle key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, in(point), point.size()));
  const DigestContext context(EVP_MD_CTX_new());
  require(key != nullptr && context != nullptr &&
              EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1,
          "Ed25519");
  return EVP_DigestVerify(context.get(), in(signature), signature.size(), in(message),
                          message.size()) == 1;
}

void aes_256_gcm_encrypt(const GcmKey& key, Bytes associated, Bytes plain,
                         std::span<std::byte> room, std::span<std::byte, kGcmTagBytes> tag) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  const auto update = [&](unsigned char* to, int* written, const unsigned char* from, int count) {
    return EVP_EncryptUpdate(context.get(), to, written, from, count);
  };
  int written = 0;
  unsigned char rest[kGcmTagBytes];
  require(context != nullptr &&
              EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(key.key),
                                 in(key.nonce)) == 1 &&
              in_pieces(associated, {}, update) && in_pieces(plain, room, update) &&
              EVP_EncryptFinal_ex(context.get(), rest, &written) == 1 && written == 0 &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG,
                                  static_cast<int>(tag.size()), tag.data()) == 1,
          kGcm);
}

bool aes_256_gcm_decrypt(const GcmKey& key, Bytes associated, Bytes cipher,
                         std::span<std::byte> room, std::span<const std::byte, kGcmTagBytes> tag) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  const auto update = [&](unsigned char* to, int* written, const unsigned char* from, int count) {
    return EVP_DecryptUpdate(context.get(), to, written, from, count);
  };
  std::array<std::byte, kGcmTagBytes> expected;
  std::ranges::copy(tag, expected.begin());  // the call wants to be able to write there
  require(context != nullptr &&
              EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, in(key.key),
                                 in(key.nonce)) == 1 &&
              in_pieces(associated, {}, update) && in_pieces(cipher, room, update) &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG,
                                  static_cast<int>(expected.size()), expected.data()) == 1,
          kGcm);
  int written = 0;
  unsigned char rest[kGcmTagBytes];
  if (EVP_DecryptFinal_ex(context.get(), rest, &written) == 1) return true;
  wipe(room);
  return false;
}

}  // namespace quiesce::base
