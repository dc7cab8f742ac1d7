#include "snapshot/seal.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/sha256.hpp"
#include "base/system.hpp"
#include "quiesce/error.hpp"
#include "snapshot/key.hpp"
#include "snapshot/refusal.hpp"
#include "snapshot/wholeness.hpp"

namespace quiesce::snapshot {
namespace {

using Bytes = std::span<const std::byte>;
using detail::KeyParts;

// ---- the header ---------------------------------------------------------------------------------

enum class Signing : std::uint8_t { none = 0, hmac_sha256 = 1, ed25519 = 2 };
enum class Encryption : std::uint8_t { none = 0, aes_256_gcm = 1 };

constexpr std::size_t kContentBytesAt = 16;
constexpr std::size_t kKeyCheckBytes = 32;
// What was made for a seal is of no use anywhere else, whatever else the same keys are used for.
constexpr std::string_view kSignatureContext = "Quiesce seal 1: signature";
constexpr std::string_view kEncryptionContext = "Quiesce seal 1: AES-256-GCM";

struct Header {
  Signing signing = Signing::none;
  Encryption encryption = Encryption::none;
  std::uint64_t content_bytes = 0;
  std::array<std::byte, kSealSaltBytes> salt{};
  std::array<std::byte, kKeyCheckBytes> key_check{};
  std::string signing_key, encryption_key;

  std::size_t bytes() const noexcept {
    return kSealHeaderBytes + signing_key.size() + encryption_key.size();
  }
  std::size_t tag_bytes() const noexcept {
    return encryption == Encryption::none ? 0 : base::kGcmTagBytes;
  }
  std::size_t signature_bytes() const noexcept {
    if (signing == Signing::none) return 0;
    return signing == Signing::ed25519 ? base::kEd25519SignatureBytes : sizeof(base::Digest);
  }
};

Bytes bytes_of(std::string_view text) noexcept { return std::as_bytes(std::span(text)); }

void put_header(base::ByteWriter& out, const Header& header) {
  out.put_bytes(std::as_bytes(std::span(kSealedMagic)));
  out.put(kSealVersion);
  out.put(static_cast<std::uint8_t>(header.signing));
  out.put(static_cast<std::uint8_t>(header.encryption));
  out.put(static_cast<std::uint8_t>(header.signing_key.size()));
  out.put(static_cast<std::uint8_t>(header.encryption_key.size()));
  out.put(header.content_bytes);
  out.put_bytes(header.salt);
  out.put_bytes(header.key_check);
  out.put_bytes(bytes_of(header.signing_key));
  out.put_bytes(bytes_of(header.encryption_key));
}

std::string take_text(base::ByteReader& in, std::size_t count) {
  const Bytes bytes = in.take_bytes(count);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// After the version. Throws std::out_of_range if there is less.
Header take_header(base::ByteReader& in) {
  Header header;
  header.signing = static_cast<Signing>(in.take<std::uint8_t>());
  header.encryption = static_cast<Encryption>(in.take<std::uint8_t>());
  const std::size_t signing_id_bytes = in.take<std::uint8_t>();
  const std::size_t encryption_id_bytes = in.take<std::uint8_t>();
  header.content_bytes = in.take<std::uint64_t>();
  std::ranges::copy(in.take_bytes(header.salt.size()), header.salt.begin());
  std::ranges::copy(in.take_bytes(header.key_check.size()), header.key_check.begin());
  header.signing_key = take_text(in, signing_id_bytes);
  header.encryption_key = take_text(in, encryption_id_bytes);
  return header;
}

bool is_zero(Bytes bytes) noexcept {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

/// Why no writer makes such a header; null: one may have.
const char* fault_of(const Header& header) noexcept {
  const bool is_signed = header.signing != Signing::none;
  const bool is_encrypted = header.encryption != Encryption::none;
  if (header.signing > Signing::ed25519) return "there is no such way to sign";
  if (header.encryption > Encryption::aes_256_gcm) return "there is no such way to encrypt";
  if (!is_signed && !is_encrypted) return "it is neither signed nor encrypted";
  if (is_signed ? !is_key_id(header.signing_key) : !header.signing_key.empty())
    return "no signing key has such an id";
  if (is_encrypted ? !is_key_id(header.encryption_key) : !header.encryption_key.empty())
    return "no encrypting key has such an id";
  if (!is_encrypted && !(is_zero(header.salt) && is_zero(header.key_check)))
    return "it is not encrypted, and has what belongs to that";
  return nullptr;
}

// ---- keys ---------------------------------------------------------------------------------------

Signing signing_of(KeyKind kind) noexcept {
  if (kind == KeyKind::aes_256_gcm) return Signing::none;
  return kind == KeyKind::hmac_sha256 ? Signing::hmac_sha256 : Signing::ed25519;
}

bool is_same_key(const SealKey& a, const SealKey& b) {
  if (a.kind() == b.kind()) return a == b;  // otherwise both of Ed25519
  return KeyParts::of(a).point == KeyParts::of(b).point;
}

void check_keys(const Trust& trust) {
  for (auto a = trust.keys.begin(); a != trust.keys.end(); ++a) {
    for (auto b = std::next(a); b != trust.keys.end(); ++b) {
      if (a->id() == b->id() && signing_of(a->kind()) == signing_of(b->kind()) &&
          !is_same_key(*a, *b)) {
        throw Error(Errc::invalid_argument,
                    "two keys that differ are called \"" + a->id() + "\"; give one another id");
      }
    }
  }
}

bool is_demanded(Demand demand, bool there_are_keys) noexcept {
  return demand == Demand::always || (demand == Demand::if_keys_are_given && there_are_keys);
}

bool signature_is_demanded(const Trust& trust) {
  return is_demanded(trust.signature, std::ranges::any_of(trust.keys, &SealKey::can_verify));
}

bool encryption_is_demanded(const Trust& trust) {
  return is_demanded(trust.encryption, std::ranges::any_of(trust.keys, &SealKey::can_encrypt));
}

/// Null: none of that id is for that.
const SealKey* find_key(const Trust& trust, Signing signing, const std::string& id) {
  const auto key = std::ranges::find_if(trust.keys, [&](const SealKey& each) {
    return each.id() == id && signing_of(each.kind()) == signing;
  });
  return key == trust.keys.end() ? nullptr : &*key;
}

/// What an encrypted file is encrypted with: a key of its own, so that no two have the same nonce
/// with the same key, and a check that shows whether the caller's key is the right one.
class FileKey {
 public:
  FileKey(const SealKey& key, Bytes salt)
      : derived_(base::hkdf_sha256(KeyParts::of(key).secret.bytes(), salt,
                                   bytes_of(kEncryptionContext),
                                   base::kAesKeyBytes + base::kGcmNonceBytes + kKeyCheckBytes)) {}

  base::GcmKey gcm() const noexcept {
    const Bytes all = derived_.bytes();
    return {all.first<base::kAesKeyBytes>(),
            all.subspan<base::kAesKeyBytes, base::kGcmNonceBytes>()};
  }
  Bytes check() const noexcept { return derived_.bytes().last(kKeyCheckBytes); }

 private:
  base::Secret derived_;
};

/// What is signed: the digest of all that stands before the signature, and what it is for.
std::vector<std::byte> message_for(const base::Digest& digest) {
  base::ByteWriter out;
  out.put_bytes(bytes_of(kSignatureContext));
  out.put_bytes(digest);
  return out.take();
}

void put_signature(base::ByteWriter& out, const SealKey& key, const base::Digest& digest) {
  const KeyParts& parts = KeyParts::of(key);
  const auto message = message_for(digest);
  if (parts.kind == KeyKind::hmac_sha256) {
    out.put_bytes(base::hmac_sha256(parts.secret.bytes(), message));
  } else {
    out.put_bytes(
        base::ed25519_sign(parts.secret.bytes().first<base::kEd25519KeyBytes>(), message));
  }
}

bool signature_fits(const SealKey& key, const base::Digest& digest, Bytes signature) {
  const KeyParts& parts = KeyParts::of(key);
  const auto message = message_for(digest);
  if (parts.kind == KeyKind::hmac_sha256) {
    return base::equal_in_constant_time(base::hmac_sha256(parts.secret.bytes(), message),
                                        signature);
  }
  return base::ed25519_verify(parts.point, message,
                              signature.first<base::kEd25519SignatureBytes>());
}

// ---- opening ------------------------------------------------------------------------------------

class Opening {
 public:
  Opening(Bytes file, const Trust& trust, const std::string& name)
      : file_(file), trust_(trust), name_(name), refusal_(name) {}

  std::vector<std::byte> content() {
    check_wholeness();
    check_demands();
    check_signature();
    return header_.encryption == Encryption::none
               ? std::vector<std::byte>(body().begin(), body().end())
               : decrypted();
  }

 private:
  using Reason = TrustError::Reason;

  [[noreturn]] void refuse(Reason reason, const std::string& why,
                           const std::string& key_id = {}) const {
    throw TrustError(reason, "cannot load " + name_ + ": " + why, key_id);
  }

  void check_wholeness() {
    if (file_.size() < kVersionEnd) refuse_cut_off(file_, kSealBytesMin, refusal_);
    check_version(file_, kSealVersion, refusal_);
    base::ByteReader in(file_.subspan(kVersionEnd));
    try {
      header_ = take_header(in);
    } catch (const std::out_of_range&) {
      refuse_cut_off(file_, kSealBytesMin, refusal_);
    }
    const std::uint64_t around =
        header_.bytes() + header_.tag_bytes() + header_.signature_bytes() + kDigestBytes;
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - around;
    check_length(file_, std::min(header_.content_bytes, most) + around, refusal_);
    base::Sha256 hash;
    hash.update(file_.first(signed_bytes()));
    signed_digest_ = hash.finish();
    hash.update(file_.subspan(signed_bytes(), header_.signature_bytes()));
    check_digest(file_, hash.finish(), refusal_);
    if (const char* const fault = fault_of(header_)) refusal_.require(false, fault);
  }

  void check_demands() const {
    if (header_.signing == Signing::none && signature_is_demanded(trust_))
      refuse(Reason::not_signed, "it is not signed, and only signed ones are trusted here");
    if (header_.encryption == Encryption::none && encryption_is_demanded(trust_))
      refuse(Reason::not_encrypted, "it is not encrypted, and only encrypted ones are taken here");
  }

  [[noreturn]] void refuse_key(const std::string& id, const std::string& use) const {
    const bool other =
        std::ranges::any_of(trust_.keys, [&](const SealKey& k) { return k.id() == id; });
    refuse(Reason::unknown_key,
           "it is " + use + " with the key \"" + id + "\", " +
               (other ? "and the key of that id that was given is of another kind"
                      : "which is not among those that were given"),
           id);
  }

  void check_signature() const {
    if (header_.signing == Signing::none) return;
    const bool is_hmac = header_.signing == Signing::hmac_sha256;
    const SealKey* const key = find_key(trust_, header_.signing, header_.signing_key);
    if (!key) {
      if (trust_.signature == Demand::never) return;
      refuse_key(header_.signing_key, is_hmac ? "signed (HMAC-SHA-256)" : "signed (Ed25519)");
    }
    if (!signature_fits(*key, signed_digest_,
                        file_.subspan(signed_bytes(), header_.signature_bytes()))) {
      refuse(Reason::forged,
             "its signature is not one of the key \"" + key->id() +
                 "\": somebody changed it, or signed it with another key of that id",
             key->id());
    }
  }

  std::vector<std::byte> decrypted() const {
    const SealKey* const key = find_key(trust_, Signing::none, header_.encryption_key);
    if (!key) refuse_key(header_.encryption_key, "encrypted (AES-256-GCM)");
    const FileKey file_key(*key, header_.salt);
    if (!base::equal_in_constant_time(file_key.check(), header_.key_check)) {
      refuse(Reason::wrong_key, "it was encrypted with another key of the id \"" + key->id() + "\"",
             key->id());
    }
    std::vector<std::byte> plain;
    try {
      plain.resize(static_cast<std::size_t>(header_.content_bytes));
    } catch (const std::bad_alloc&) {
      refusal_.for_want_of_memory(header_.content_bytes);
    }
    const Bytes tag = file_.subspan(header_.bytes() + body().size(), base::kGcmTagBytes);
    if (!base::aes_256_gcm_decrypt(file_key.gcm(), file_.first(header_.bytes()), body(), plain,
                                   tag.first<base::kGcmTagBytes>())) {
      refuse(Reason::forged,
             "somebody changed it after it was encrypted with the key \"" + key->id() + "\"",
             key->id());
    }
    return plain;
  }

  std::size_t signed_bytes() const noexcept {
    return file_.size() - kDigestBytes - header_.signature_bytes();
  }
  Bytes body() const noexcept {
    return file_.subspan(header_.bytes(), static_cast<std::size_t>(header_.content_bytes));
  }

  Bytes file_;
  const Trust& trust_;
  const std::string& name_;
  Refusal refusal_;
  Header header_;
  base::Digest signed_digest_{};  // of all that stands before the signature
};

}  // namespace

std::vector<std::byte> seal(Bytes content, const Seal& how,
                            std::span<const std::byte, kSealSaltBytes> salt) {
  if (how.sign_with && !how.sign_with->can_sign()) {
    throw Error(Errc::invalid_argument,
                "the key \"" + how.sign_with->id() + "\" cannot sign: " +
                    (how.sign_with->can_encrypt() ? "it encrypts" : "it is the public half"));
  }
  if (how.encrypt_with && !how.encrypt_with->can_encrypt()) {
    throw Error(Errc::invalid_argument,
                "the key \"" + how.encrypt_with->id() + "\" cannot encrypt: it signs");
  }
  Header header;
  header.content_bytes = content.size();
  std::optional<FileKey> file_key;
  if (how.sign_with) {
    header.signing = signing_of(how.sign_with->kind());
    header.signing_key = how.sign_with->id();
  }
  if (how.encrypt_with) {
    header.encryption = Encryption::aes_256_gcm;
    header.encryption_key = how.encrypt_with->id();
    std::ranges::copy(salt, header.salt.begin());
    file_key.emplace(*how.encrypt_with, salt);
    std::ranges::copy(file_key->check(), header.key_check.begin());
  }
  base::ByteWriter out;
  out.reserve(content.size() + kSealBytesMax);
  put_header(out, header);
  if (file_key) {
    std::vector<std::byte> cipher(content.size());
    std::array<std::byte, base::kGcmTagBytes> tag{};
    base::aes_256_gcm_encrypt(file_key->gcm(), out.bytes(), content, cipher, tag);
    out.put_bytes(cipher);
    out.put_bytes(tag);
  } else {
    out.put_bytes(content);
  }
  base::Sha256 hash;
  hash.update(out.bytes());
  const std::size_t signed_bytes = out.bytes().size();
  if (how.sign_with) {
    put_signature(out, *how.sign_with, hash.finish());
    hash.update(out.bytes().subspan(signed_bytes));
  }
  out.put_bytes(hash.finish());
  return out.take();
}

std::vector<std::byte> seal(Bytes content, const Seal& how) {
  std::array<std::byte, kSealSaltBytes> salt;
  base::system_entropy(salt);
  return seal(content, how, salt);
}

std::vector<std::byte> open(std::vector<std::byte> file, const Trust& trust,
                            const std::string& name) {
  check_keys(trust);
  if (begins_with(file, kSealedMagic)) return Opening(file, trust, name).content();
  if (signature_is_demanded(trust) || encryption_is_demanded(trust)) {
    check_magic(file, Refusal(name));  // what is no snapshot is called by what it is
    require_no_seal_is_demanded(trust, name);
  }
  return file;
}

void require_no_seal_is_demanded(const Trust& trust, const std::string& name) {
  if (signature_is_demanded(trust)) {
    throw TrustError(
        TrustError::Reason::not_signed,
        "cannot load " + name + ": it has no seal, and only signed ones are trusted here");
  }
  if (encryption_is_demanded(trust)) {
    throw TrustError(
        TrustError::Reason::not_encrypted,
        "cannot load " + name + ": it has no seal, and only encrypted ones are taken here");
  }
}

std::optional<std::uint64_t> sealed_bytes(Bytes file) noexcept {
  if (!begins_with(file, kSealedMagic) || file.size() < kSealHeaderBytes) return std::nullopt;
  return base::load_little_endian<std::uint64_t>(file.subspan(kContentBytesAt).first<8>());
}

}  // namespace quiesce::snapshot

namespace quiesce {

std::optional<SealInfo> seal_of(std::span<const std::byte> file) {
  using namespace snapshot;
  if (!begins_with(file, kSealedMagic) || file.size() < kSealHeaderBytes) return std::nullopt;
  base::ByteReader in(file.subspan(sizeof(Magic)));
  if (in.take<std::uint32_t>() != kSealVersion) return std::nullopt;
  Header header;
  try {
    header = take_header(in);
  } catch (const std::out_of_range&) {
    return std::nullopt;
  }
  if (fault_of(header) != nullptr) return std::nullopt;
  SealInfo info;
  if (header.signing != Signing::none) {
    info.signed_with =
        header.signing == Signing::hmac_sha256 ? KeyKind::hmac_sha256 : KeyKind::ed25519_public;
  }
  info.signing_key_id = header.signing_key;
  info.is_encrypted = header.encryption != Encryption::none;
  info.encryption_key_id = header.encryption_key;
  return info;
}

}  // namespace quiesce
