#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/crypto.hpp"
#include "base/sha256.hpp"
#include "base/system.hpp"
#include "quiesce/trust.hpp"
#include "refusals.hpp"
#include "temporary_folder.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

constexpr KeyKind kSecretKinds[] = {KeyKind::hmac_sha256, KeyKind::ed25519_private,
                                    KeyKind::aes_256_gcm};

std::string text_error_of(const std::string& text) {
  return refusal_of([&] { SealKey::from_text(text); }, Errc::invalid_argument);
}

TEST(SealKey, AsTextItIsTheSame) {
  for (const KeyKind kind : kSecretKinds) {
    const SealKey key = SealKey::generate(kind, "mine");
    EXPECT_EQ(key.kind(), kind);
    EXPECT_EQ(SealKey::from_text(key.to_text()), key);
    EXPECT_EQ(SealKey::from_text("  " + key.to_text() + "\r\n"), key);
    EXPECT_NE(SealKey::generate(kind, "mine"), key) << "each is another";
  }
  const SealKey half = SealKey::generate(KeyKind::ed25519_private).public_key();
  EXPECT_EQ(SealKey::from_text(half.to_text()), half);
  EXPECT_EQ(half.public_key(), half);
  EXPECT_EQ(half.id().size(), 16u);
  EXPECT_EQ(SealKey::from_text("quiesce-key-1 ed25519-private k "
                               "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                .public_key()
                .to_text(),
            "quiesce-key-1 ed25519-public k "
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
      << "the first of RFC 8032";
}

TEST(SealKey, KnowsWhatItIsFor) {
  const SealKey hmac = SealKey::generate(KeyKind::hmac_sha256);
  const SealKey signer = SealKey::generate(KeyKind::ed25519_private);
  const SealKey aes = SealKey::generate(KeyKind::aes_256_gcm);
  EXPECT_TRUE(hmac.can_sign() && hmac.can_verify() && !hmac.can_encrypt());
  EXPECT_TRUE(signer.can_sign() && signer.can_verify() && !signer.can_encrypt());
  EXPECT_TRUE(!signer.public_key().can_sign() && signer.public_key().can_verify());
  EXPECT_TRUE(!aes.can_sign() && !aes.can_verify() && aes.can_encrypt());
}

TEST(SealKey, WhatIsNoneIsRefused) {
  const std::string hex(64, 'a');
  EXPECT_NE(text_error_of("").find("this is not a key"), std::string::npos);
  EXPECT_NE(text_error_of("quiesce-key-2 hmac-sha256 k " + hex).find("not a key"),
            std::string::npos);
  EXPECT_NE(text_error_of("quiesce-key-1 hmac-sha256 " + hex).find("four words"),
            std::string::npos);
  EXPECT_NE(text_error_of("quiesce-key-1 rsa k " + hex).find("the second word"), std::string::npos);
  for (const std::string& bad :
       {hex + "a", "0x" + hex, hex.substr(1) + "g", std::string("\xff\xff")})
    EXPECT_NE(text_error_of("quiesce-key-1 aes-256-gcm k " + bad).find("fourth word"),
              std::string::npos);
  EXPECT_NE(text_error_of("quiesce-key-1 aes-256-gcm k " + hex + "aa").find("got 33"),
            std::string::npos);
  EXPECT_NE(text_error_of("quiesce-key-1 hmac-sha256 k " + hex.substr(2)).find("got 31"),
            std::string::npos);
  EXPECT_NE(text_error_of("quiesce-key-1 hmac-sha256 k " + std::string(2 * 1025, 'a'))
                .find("fourth word"),
            std::string::npos);
  EXPECT_NE(text_error_of("quiesce-key-1 aes-256-gcm " + std::string(65, 'k') + " " + hex)
                .find("the id of a key"),
            std::string::npos);
  for (const char* id : {"", "a b", "caf\xc3\xa9", "\x1b[31m"}) {
    EXPECT_EQ(refusal_of([&] { SealKey::aes_256_gcm(id, std::vector<std::byte>(32)); },
                         Errc::invalid_argument),
              "the id of a key is 1 to 64 printable ASCII characters without blanks");
  }
  EXPECT_NE(refusal_of([] { SealKey::generate(KeyKind::ed25519_public); }, Errc::invalid_argument)
                .find("half of a private one"),
            std::string::npos);
  EXPECT_NE(refusal_of([] { SealKey::generate(KeyKind::aes_256_gcm, "k").public_key(); },
                       Errc::invalid_argument)
                .find("\"k\" has no public half"),
            std::string::npos);
}

TEST(SealKey, NoErrorShowsASecret) {
  const std::string secret(64, 'b');
  for (const std::string& text : std::vector<std::string>{
           "quiesce-key-1 aes-256-gcm k " + secret + "bb", "quiesce-key-1 x k " + secret,
           "quiesce-key-1 aes-256-gcm " + secret + " b", "key " + secret,
           "quiesce-key-1 aes-256-gcm k k " + secret, secret}) {
    EXPECT_EQ(text_error_of(text).find("bbbb"), std::string::npos) << text;
  }
}

class KeyFile : public testing::Test {
 protected:
  const TemporaryFolder temporary_{"key"};
  const fs::path folder_ = temporary_.path();
};

TEST_F(KeyFile, IsTheOwnersAlone) {
  const mode_t before = ::umask(0);
  for (const KeyKind kind : kSecretKinds) {
    const fs::path file = folder_ / std::to_string(static_cast<int>(kind));
    const SealKey key = SealKey::generate(kind);
    key.save(file);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(SealKey::load(file), key);
  }
  ::umask(before);
}

TEST_F(KeyFile, IsNeverOverwritten) {
  const SealKey first = SealKey::generate(KeyKind::aes_256_gcm);
  first.save(folder_ / "k");
  EXPECT_NE(
      refusal_of([&] { SealKey::generate(KeyKind::aes_256_gcm).save(folder_ / "k"); }, Errc::io)
          .find("File exists"),
      std::string::npos);
  EXPECT_EQ(SealKey::load(folder_ / "k"), first);
  fs::create_symlink("nowhere", folder_ / "link");
  EXPECT_THROW(first.save(folder_ / "link"), Error);
  EXPECT_FALSE(fs::exists(folder_ / "nowhere"));
}

TEST_F(KeyFile, WhatIsNoneIsNamed) {
  std::ofstream(folder_ / "k") << "hello\n";
  EXPECT_EQ(refusal_of([&] { SealKey::load(folder_ / "k"); }, Errc::invalid_argument),
            "cannot use \"" + (folder_ / "k").string() +
                "\": this is not a key: one begins with the word quiesce-key-1");
  EXPECT_NE(refusal_of([&] { SealKey::load(folder_ / "no"); }, Errc::io).find("No such file"),
            std::string::npos);
  EXPECT_NE(refusal_of([&] { SealKey::load("/dev/zero"); }, Errc::io).find("larger than"),
            std::string::npos);
}

// ---- what is left of it in memory -----------------------------------------------------------

/// How often the bytes occur in what this process may read and write. `mask` is XORed over them, so
/// that the question is not its own answer.
std::size_t occurrences(std::span<const std::byte> masked, std::byte mask) {
  std::size_t found = 0;
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  std::ifstream maps("/proc/self/maps");
  std::vector<std::byte> piece;
  for (std::string line; std::getline(maps, line);) {
    if (line.find(" rw-p ") == std::string::npos) continue;
    const std::uint64_t low = std::stoull(line, nullptr, 16);
    const std::uint64_t high = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
    if (high - low > (64u << 20)) continue;
    piece.resize(static_cast<std::size_t>(high - low));
    if (::pread(memory, piece.data(), piece.size(), static_cast<off_t>(low)) < 0) continue;
    for (std::byte& byte : piece) byte ^= mask;
    for (auto at = piece.begin();; ++found, ++at) {
      at = std::search(at, piece.end(), masked.begin(), masked.end());
      if (at == piece.end()) break;
    }
  }
  ::close(memory);
  return found;
}

// With a mask of 0, the search would find what it searches for; with this one it must find the key
// itself while it lives, and nothing once it is gone.
TEST(SealKey, ItsSecretIsOverwrittenWhenItGoes) {
  constexpr std::byte kMask{0x5c};
  for (const KeyKind kind : kSecretKinds) {
    std::vector<std::byte> masked(32);
    base::system_entropy(masked);
    {
      std::vector<std::byte> secret = masked;
      for (std::byte& byte : secret) byte ^= kMask;
      auto key = kind == KeyKind::hmac_sha256       ? SealKey::hmac_sha256("k", secret)
                 : kind == KeyKind::ed25519_private ? SealKey::ed25519_private("k", secret)
                                                    : SealKey::aes_256_gcm("k", secret);
      base::wipe(secret);
      const SealKey copy = key;
      EXPECT_GE(occurrences(masked, kMask), 1u) << "it is looked for in the wrong way";
    }
    EXPECT_EQ(occurrences(masked, kMask), 0u) << static_cast<int>(kind);
  }
}

}  // namespace
}  // namespace quiesce
