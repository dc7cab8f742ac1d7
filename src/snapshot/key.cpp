#include "snapshot/key.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/system.hpp"

namespace quiesce {
namespace {

using Bytes = std::span<const std::byte>;
using detail::KeyParts;

constexpr std::size_t kHmacBytesMin = 32, kHmacBytesMax = 1024;
constexpr std::size_t kKeyFileBytesMax = 4096;
constexpr std::string_view kFirstWord = "quiesce-key-1";
constexpr std::array<std::pair<std::string_view, KeyKind>, 4> kNames = {{
    {"hmac-sha256", KeyKind::hmac_sha256},
    {"ed25519-private", KeyKind::ed25519_private},
    {"ed25519-public", KeyKind::ed25519_public},
    {"aes-256-gcm", KeyKind::aes_256_gcm},
}};

[[noreturn]] void refuse(const std::string& why) { throw Error(Errc::invalid_argument, why); }

std::shared_ptr<KeyParts> parts_of(KeyKind kind, std::string id) {
  if (!snapshot::is_key_id(id))
    refuse("the id of a key is 1 to 64 printable ASCII characters without blanks");
  return std::make_shared<KeyParts>(KeyParts{kind, std::move(id), {}, {}});
}

void require_bytes(Bytes bytes, std::size_t count, const char* what) {
  if (bytes.size() != count) {
    refuse(std::string(what) + " has " + std::to_string(count) + " bytes, and got " +
           std::to_string(bytes.size()));
  }
}

/// The words of a line; no text with a secret is copied.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<base::Secret> from_hex(std::string_view text) {
  if (text.size() % 2 != 0 || text.size() / 2 > kHmacBytesMax) return std::nullopt;
  base::Secret bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.bytes().size(); ++i) {
    const int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.writable()[i] = static_cast<std::byte>(high << 4 | low);
  }
  return bytes;
}

SealKey key_of(KeyKind kind, std::string id, Bytes bytes) {
  switch (kind) {
    case KeyKind::hmac_sha256: return SealKey::hmac_sha256(std::move(id), bytes);
    case KeyKind::ed25519_private: return SealKey::ed25519_private(std::move(id), bytes);
    case KeyKind::ed25519_public: return SealKey::ed25519_public(std::move(id), bytes);
    case KeyKind::aes_256_gcm: return SealKey::aes_256_gcm(std::move(id), bytes);
  }
  refuse("there is no such kind of key");
}

Bytes material_of(const KeyParts& parts) noexcept {
  return parts.kind == KeyKind::ed25519_public ? Bytes(parts.point) : parts.secret.bytes();
}

}  // namespace

SealKey SealKey::hmac_sha256(std::string id, Bytes secret) {
  if (secret.size() < kHmacBytesMin || secret.size() > kHmacBytesMax) {
    refuse("the secret of an HMAC key has 32 to 1024 bytes, and got " +
           std::to_string(secret.size()));
  }
  const auto parts = parts_of(KeyKind::hmac_sha256, std::move(id));
  parts->secret = base::Secret(secret);
  return SealKey(parts);
}

SealKey SealKey::ed25519_private(std::string id, Bytes seed) {
  require_bytes(seed, base::kEd25519KeyBytes, "the seed of an Ed25519 key");
  const auto parts = parts_of(KeyKind::ed25519_private, std::move(id));
  parts->secret = base::Secret(seed);
  parts->point = base::ed25519_public_key(seed.first<base::kEd25519KeyBytes>());
  return SealKey(parts);
}

SealKey SealKey::ed25519_public(std::string id, Bytes point) {
  require_bytes(point, base::kEd25519KeyBytes, "the public half of an Ed25519 key");
  const auto parts = parts_of(KeyKind::ed25519_public, std::move(id));
  std::ranges::copy(point, parts->point.begin());
  return SealKey(parts);
}

SealKey SealKey::aes_256_gcm(std::string id, Bytes secret) {
  require_bytes(secret, base::kAesKeyBytes, "the secret of an AES-256 key");
  const auto parts = parts_of(KeyKind::aes_256_gcm, std::move(id));
  parts->secret = base::Secret(secret);
  return SealKey(parts);
}

SealKey SealKey::generate(KeyKind kind, std::string id) {
  if (kind == KeyKind::ed25519_public)
    refuse("a public key is the half of a private one: make that, and take its public_key()");
  if (id.empty()) {
    std::array<std::byte, 8> random;
    base::system_entropy(random);
    id = base::to_hex(random);
  }
  base::Secret secret(32);
  base::system_entropy(secret.writable());
  return key_of(kind, std::move(id), secret.bytes());
}

SealKey SealKey::from_text(std::string_view text) {
  const auto words = words_of(text);
  if (words.empty() || words[0] != kFirstWord)
    refuse("this is not a key: one begins with the word quiesce-key-1");
  if (words.size() != 4) refuse("a key is four words: quiesce-key-1 KIND ID HEX");
  const auto name = std::ranges::find(kNames, words[1], &decltype(kNames)::value_type::first);
  if (name == kNames.end()) {
    refuse(
        "the second word of a key is hmac-sha256, ed25519-private, ed25519-public or "
        "aes-256-gcm");
  }
  const auto bytes = from_hex(words[3]);
  if (!bytes) refuse("the fourth word of a key is its bytes, two hexadecimal digits each");
  return key_of(name->second, std::string(words[2]), bytes->bytes());
}

std::string SealKey::to_text() const {
  const auto name = std::ranges::find(kNames, parts_->kind, &decltype(kNames)::value_type::second);
  const Bytes material = material_of(*parts_);
  std::string text;
  text.reserve(kFirstWord.size() + name->first.size() + parts_->id.size() + 2 * material.size() +
               3);  // all at once: nothing of a secret stays in a smaller piece of memory
  text.append(kFirstWord).append(" ").append(name->first).append(" ").append(parts_->id);
  text.append(" ");
  for (const std::byte byte : material) {
    for (const std::byte half : {byte >> 4, byte & std::byte{15}})
      text.push_back("0123456789abcdef"[std::to_integer<unsigned>(half)]);
  }
  return text;
}

SealKey SealKey::load(const std::filesystem::path& file) {
  std::vector<std::byte> bytes = base::read_file(file, kKeyFileBytesMax);
  try {
    SealKey key = from_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    base::wipe(bytes);
    return key;
  } catch (const Error& error) {
    base::wipe(bytes);
    throw Error(error.code(), "cannot use " + base::quoted(file) + ": " + error.what());
  }
}

void SealKey::save(const std::filesystem::path& file) const {
  std::string text = to_text();
  base::Secret line(text.size() + 1);
  std::ranges::copy(std::as_bytes(std::span(text)), line.writable().begin());
  line.writable().back() = std::byte{'\n'};
  base::wipe(std::as_writable_bytes(std::span(text)));
  base::write_new_file(file, line.bytes(), kind() == KeyKind::ed25519_public ? 0644 : 0600);
}

KeyKind SealKey::kind() const noexcept { return parts_->kind; }
const std::string& SealKey::id() const noexcept { return parts_->id; }

SealKey SealKey::public_key() const {
  if (kind() != KeyKind::ed25519_private && kind() != KeyKind::ed25519_public)
    refuse("the key \"" + id() + "\" has no public half: only those of Ed25519 have one");
  return ed25519_public(id(), parts_->point);
}

bool SealKey::can_sign() const noexcept {
  return kind() == KeyKind::hmac_sha256 || kind() == KeyKind::ed25519_private;
}

bool SealKey::can_verify() const noexcept { return kind() != KeyKind::aes_256_gcm; }

bool operator==(const SealKey& a, const SealKey& b) noexcept {
  return a.kind() == b.kind() && a.id() == b.id() &&
         base::equal_in_constant_time(material_of(*a.parts_), material_of(*b.parts_));
}

namespace snapshot {

bool is_key_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kKeyIdBytesMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

const char* algorithm_name(KeyKind kind) noexcept {
  switch (kind) {
    case KeyKind::hmac_sha256: return "HMAC-SHA-256";
    case KeyKind::ed25519_private:
    case KeyKind::ed25519_public: return "Ed25519";
    case KeyKind::aes_256_gcm: return "AES-256-GCM";
  }
  return "";
}

}  // namespace snapshot
}  // namespace quiesce
