// Seals: snapshots that are signed or encrypted with your keys, and what one has to be to be
// loaded.
//
//   const SealKey signing = SealKey::load("mine.key");  // of `quiesce key new --ed25519 mine.key`
//   const SealKey secret = SealKey::generate(KeyKind::aes_256_gcm);
//   vm.snapshot().save("a.qsnap", {.sign_with = signing, .encrypt_with = secret});
//   auto again = Snapshot::load("a.qsnap", {.trust = {.keys = {signing.public_key(), secret}}});
//
// Whoever gives keys gets what they are for: with a key that checks signatures, a snapshot that is
// not signed is refused, and with one that decrypts, one that is not encrypted. A seal names its
// keys by their ids, so that keys can be replaced one after another: load with the old and the new.
//
// Copies of a SealKey share its secret, which is overwritten in memory when the last of them goes;
// no error and no log has it. Immutable, hence safe for many threads. Sizes are in bytes. A
// snapshot that does not hold what is asked of it is a TrustError; keys that make no sense are
// Errc::invalid_argument. What a seal promises, and what not: docs/security.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quiesce/error.hpp"

namespace quiesce {

namespace detail {
struct KeyParts;
}  // namespace detail

/// What a key is for.
enum class KeyKind : std::uint8_t {
  hmac_sha256,      // signs and checks: whoever can check can also sign
  ed25519_private,  // signs and checks
  ed25519_public,   // checks only
  aes_256_gcm,      // encrypts and decrypts
};

/// A key and its id: 1 to 64 printable characters of ASCII without blanks. The id is no secret.
class SealKey {
 public:
  /// A secret of 32 to 1024 bytes that nobody can guess.
  static SealKey hmac_sha256(std::string id, std::span<const std::byte> secret);
  /// The seed of 32 bytes that RFC 8032 calls the private key.
  static SealKey ed25519_private(std::string id, std::span<const std::byte> seed);
  /// The point of 32 bytes that RFC 8032 calls the public key.
  static SealKey ed25519_public(std::string id, std::span<const std::byte> point);
  /// A secret of 32 bytes that nobody can guess: no password.
  static SealKey aes_256_gcm(std::string id, std::span<const std::byte> secret);
  /// A new key of that kind; without an id, one of 16 digits by chance. A public key is made of a
  /// private one, so it is Errc::invalid_argument here.
  static SealKey generate(KeyKind kind, std::string id = {});

  /// One line, as `to_text` gives it, with or without a line end.
  static SealKey from_text(std::string_view text);
  /// "quiesce-key-1 KIND ID HEX": with the secret.
  std::string to_text() const;
  /// A file with that line. Throws Errc::io when it cannot be read.
  static SealKey load(const std::filesystem::path& file);
  /// Writes such a file; only its owner may read it, unless the key is public. Throws Errc::io when
  /// there is a file already: a key that was overwritten is lost.
  void save(const std::filesystem::path& file) const;

  /// What it is for.
  KeyKind kind() const noexcept;
  /// What seals call it.
  const std::string& id() const noexcept;
  /// The half that checks what this one signs, under the same id. Of ed25519_private and
  /// ed25519_public; for others Errc::invalid_argument, since they have no public half.
  SealKey public_key() const;
  /// Whether it can be Seal::sign_with.
  bool can_sign() const noexcept;
  /// Whether it can check a signature.
  bool can_verify() const noexcept;
  /// Whether it can be Seal::encrypt_with, and decrypt.
  bool can_encrypt() const noexcept { return kind() == KeyKind::aes_256_gcm; }

  /// The same kind, id and secret. Takes equally long for all secrets of one length.
  friend bool operator==(const SealKey& a, const SealKey& b) noexcept;

 private:
  friend struct detail::KeyParts;
  explicit SealKey(std::shared_ptr<const detail::KeyParts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const detail::KeyParts> parts_;
};

/// What Snapshot::save and Snapshot::to_bytes do to a file form besides writing it. With neither
/// key it is written as it is. With both it is encrypted first, and then signed.
struct Seal {
  /// Whoever has the key that fits can tell that this one's owner wrote it.
  std::optional<SealKey> sign_with = std::nullopt;
  /// Only who has the same key can read it, or change it unnoticed.
  std::optional<SealKey> encrypt_with = std::nullopt;
};

/// Whether a snapshot must have that part of a seal.
enum class Demand : std::uint8_t {
  if_keys_are_given,  // it must if there is a key for it among Trust::keys
  always,             // it must, and so a key for it must be there
  never,              // it need not. A signature of a known key is checked all the same
};

/// What a snapshot has to be to be loaded. Each ancestor that is found in a folder has to be that,
/// too; those that LoadOptions::find_ancestor gives were loaded by you.
struct Trust {
  /// Those that may have been used, in any order. Two of one id and purpose that differ are
  /// Errc::invalid_argument.
  std::vector<SealKey> keys = {};
  /// Must it be signed?
  Demand signature = Demand::if_keys_are_given;
  /// Must it be encrypted? That alone shows as well that a holder of the key wrote it.
  Demand encryption = Demand::if_keys_are_given;
};

/// What the outside of a sealed file says. Nobody has checked it.
struct SealInfo {
  /// Without one, it is not signed.
  std::optional<KeyKind> signed_with = std::nullopt;  // hmac_sha256 or ed25519_public
  /// Of the key that signed.
  std::string signing_key_id = {};
  /// Whether only holders of a key can read it.
  bool is_encrypted = false;
  /// Of the key that decrypts.
  std::string encryption_key_id = {};
};

/// The seal of a file, given its first 256 bytes or more; nothing if it has none, or one that is
/// damaged beyond reading.
std::optional<SealInfo> seal_of(std::span<const std::byte> file);

/// A snapshot that was not loaded, because it is not what Trust asks for.
class TrustError : public Error {
 public:
  /// Why.
  enum class Reason {
    not_signed,     // and a signature is demanded
    not_encrypted,  // and encryption is demanded
    unknown_key,    // sealed with a key that is not among those given; `key_id` names it
    wrong_key,      // encrypted with another key of that id
    forged,         // changed since it was sealed, or signed with another key of that id
  };
  /// The library's to make.
  TrustError(Reason reason, const std::string& text, std::string key_id = {})
      : Error(Errc::untrusted, text), reason_(reason), key_id_(std::move(key_id)) {}

  /// Why.
  Reason reason() const noexcept { return reason_; }
  /// The id of the key that the file names; empty when it names none.
  const std::string& key_id() const noexcept { return key_id_; }

 private:
  Reason reason_;
  std::string key_id_;
};

}  // namespace quiesce
