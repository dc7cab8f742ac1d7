#include "snapshot/seal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "quiesce/error.hpp"
#include "snapshot/format.hpp"
#include "snapshot/samples.hpp"

namespace quiesce::snapshot {
namespace {

using Bytes = std::vector<std::byte>;
using Reason = TrustError::Reason;

// Offsets that docs/snapshot-format.md promises, written out here once more on purpose.
constexpr std::size_t kSigningAt = 12, kEncryptionAt = 13, kContentBytesAt = 16, kSaltAt = 24,
                      kKeyCheckAt = 56, kIdsAt = 88;

const std::string kTestdata = QUIESCE_TEST_ROOT "/src/snapshot/testdata/";

Bytes counted(std::size_t count, unsigned first) {
  Bytes bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(first + i);
  return bytes;
}

const SealKey& hmac() {
  static const SealKey key = SealKey::hmac_sha256("hmac-1", counted(32, 1));
  return key;
}
const SealKey& ed25519() {
  static const SealKey key = SealKey::ed25519_private("signer-1", counted(32, 40));
  return key;
}
const SealKey& aes() {
  static const SealKey key = SealKey::aes_256_gcm("secret-1", counted(32, 80));
  return key;
}

const Bytes& content() {
  static const Bytes file = encode(samples::image(), samples::base());
  return file;
}

Bytes sealed_with(const Seal& how, const Bytes& what = content()) {
  const Bytes salt = counted(kSealSaltBytes, 200);
  return seal(what, how, std::span(salt).first<kSealSaltBytes>());
}

struct Way {
  const char* name;
  Seal how;
  Trust trust;
};

/// Each way to seal, with the least that opens it.
std::vector<Way> ways() {
  return {{"hmac", {.sign_with = hmac()}, {.keys = {hmac()}}},
          {"ed25519", {.sign_with = ed25519()}, {.keys = {ed25519().public_key()}}},
          {"aes", {.encrypt_with = aes()}, {.keys = {aes()}}},
          {"hmac-aes", {.sign_with = hmac(), .encrypt_with = aes()}, {.keys = {aes(), hmac()}}},
          {"ed25519-aes",
           {.sign_with = ed25519(), .encrypt_with = aes()},
           {.keys = {ed25519(), aes()}}}};
}

struct Refused {
  Errc code{};
  std::optional<Reason> reason;
  std::string text, key_id;
};

/// Nothing: it was opened.
std::optional<Refused> refusal_of(const Bytes& file, const Trust& trust) {
  try {
    open(file, trust, "it");
    return std::nullopt;
  } catch (const TrustError& error) {
    EXPECT_EQ(std::string(error.what()).rfind("cannot load it: ", 0), 0u) << error.what();
    return Refused{error.code(), error.reason(), error.what(), error.key_id()};
  } catch (const Error& error) {
    return Refused{error.code(), std::nullopt, error.what(), {}};
  }
}

void expect_refused(const Bytes& file, const Trust& trust, Reason reason, const char* key_id,
                    const char* what) {
  const auto refused = refusal_of(file, trust);
  ASSERT_TRUE(refused) << what;
  EXPECT_EQ(refused->code, Errc::untrusted) << what << ": " << refused->text;
  EXPECT_EQ(refused->reason, reason) << what << ": " << refused->text;
  EXPECT_EQ(refused->key_id, key_id) << what;
}

/// As whoever forges one would: the digest at the end is right again.
Bytes with_digest(Bytes file) {
  const base::Digest digest = base::sha256(std::span(file).first(file.size() - kDigestBytes));
  std::ranges::copy(digest, file.end() - kDigestBytes);
  return file;
}

TEST(Seal, WhatIsSealedIsOpened) {  // D8
  for (const Way& way : ways()) {
    const Bytes file = sealed_with(way.how);
    EXPECT_EQ(open(file, way.trust, "it"), content()) << way.name;
    EXPECT_EQ(sealed_with(way.how), file) << way.name << ": with one salt, the same";
    EXPECT_GE(file.size(), content().size() + kSealBytesMin);
    EXPECT_LE(file.size(), content().size() + kSealBytesMax);
    EXPECT_EQ(sealed_bytes(file), content().size());
    EXPECT_EQ(open(sealed_with(way.how, {}), way.trust, "it"), Bytes()) << "also nothing at all";
  }
  const SealKey longest = SealKey::ed25519_private(std::string(64, 'k'), counted(32, 1));
  const SealKey also = SealKey::aes_256_gcm(std::string(64, 'a'), counted(32, 2));
  EXPECT_EQ(sealed_with({.sign_with = longest, .encrypt_with = also}).size(),
            content().size() + kSealBytesMax);
  EXPECT_EQ(sealed_with({.sign_with = SealKey::hmac_sha256("k", counted(32, 1))}).size(),
            content().size() + kSealBytesMin + 16);
}

TEST(Seal, EncryptedTwiceItDiffersEverywhere) {
  const Bytes a = seal(content(), {.encrypt_with = aes()});
  const Bytes b = seal(content(), {.encrypt_with = aes()});
  std::size_t equal = 0;
  for (std::size_t at = kIdsAt + 8; at < a.size(); ++at) equal += a[at] == b[at] ? 1 : 0;
  EXPECT_LT(equal, a.size() / 10) << "the salt is another, so the key and the nonce are, too";
  EXPECT_EQ(std::ranges::search(a, std::span(content()).first(16)).begin(), a.end());
}

// The golden files: whatever is changed later, these are opened for ever.
TEST(Seal, FilesOfVersionOneStayReadable) {
  for (const Way& way : ways()) {
    const std::string name = kTestdata + "seal-1-" + way.name + ".qsnap";
    const Bytes golden = base::read_file(name);
    EXPECT_EQ(open(golden, way.trust, name), base::read_file(kTestdata + "format-1.qsnap"));
    EXPECT_EQ(sealed_with(way.how, base::read_file(kTestdata + "format-1.qsnap")), golden)
        << "and would be written again: everything about a seal but its salt is determined";
  }
}

TEST(Seal, TheHeaderIsAsTheDocumentSays) {
  const Bytes file = sealed_with({.sign_with = ed25519(), .encrypt_with = aes()});
  const std::span bytes(file);
  EXPECT_EQ(base::to_hex(bytes.first(12)), "895153530d0a1a0a01000000");
  EXPECT_EQ(file[kSigningAt], std::byte{2});
  EXPECT_EQ(file[kEncryptionAt], std::byte{1});
  EXPECT_EQ(file[14], std::byte{8});
  EXPECT_EQ(file[15], std::byte{8});
  EXPECT_EQ(base::load_little_endian<std::uint64_t>(bytes.subspan(kContentBytesAt).first<8>()),
            content().size());
  EXPECT_TRUE(std::ranges::equal(bytes.subspan(kSaltAt, 32), counted(32, 200)));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(file.data()) + kIdsAt, 16),
            "signer-1secret-1");
  EXPECT_EQ(file.size(), kIdsAt + 16 + content().size() + 16 + 64 + 32);
  const Bytes plain = sealed_with({.sign_with = hmac()});
  EXPECT_TRUE(std::ranges::equal(std::span(plain).subspan(kIdsAt + 6, content().size()), content()))
      << "what is only signed can be read";
  EXPECT_TRUE(std::ranges::all_of(std::span(plain).subspan(kSaltAt, 64),
                                  [](std::byte byte) { return byte == std::byte{0}; }));
}

TEST(Seal, ItsOutsideCanBeReadWithoutKeys) {
  EXPECT_FALSE(seal_of(content()));
  EXPECT_FALSE(seal_of({}));
  Bytes file = sealed_with({.sign_with = hmac()});
  auto info = seal_of(file);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->signed_with, KeyKind::hmac_sha256);
  EXPECT_EQ(info->signing_key_id, "hmac-1");
  EXPECT_FALSE(info->is_encrypted);
  file = sealed_with({.sign_with = ed25519(), .encrypt_with = aes()});
  info = seal_of(std::span(file).first(256));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->signed_with, KeyKind::ed25519_public);
  EXPECT_TRUE(info->is_encrypted);
  EXPECT_EQ(info->encryption_key_id, "secret-1");
  for (std::size_t size = 0; size < kIdsAt + 16; ++size)
    EXPECT_FALSE(seal_of(std::span(file).first(size))) << size;
}

TEST(Seal, WhatIsDemandedFollowsFromTheKeysThatAreGiven) {
  expect_refused(content(), {.keys = {hmac()}}, Reason::not_signed, "", "stripped");
  expect_refused(content(), {.keys = {ed25519().public_key()}}, Reason::not_signed, "", "stripped");
  expect_refused(content(), {.keys = {aes()}}, Reason::not_encrypted, "", "stripped");
  const Bytes is_signed = sealed_with({.sign_with = hmac()});
  const Bytes is_encrypted = sealed_with({.encrypt_with = aes()});
  expect_refused(is_signed, {.keys = {hmac(), aes()}}, Reason::not_encrypted, "", "not both");
  expect_refused(is_encrypted, {.keys = {hmac(), aes()}}, Reason::not_signed, "", "not both");
  EXPECT_FALSE(refusal_of(content(), {}));
  expect_refused(content(), {.signature = Demand::always}, Reason::not_signed, "", "always");
  expect_refused(content(), {.encryption = Demand::always}, Reason::not_encrypted, "", "always");
}

TEST(Seal, DemandsCanBeDropped) {
  const Bytes is_signed = sealed_with({.sign_with = hmac()});
  const Trust lax{.keys = {hmac(), aes()}, .signature = Demand::never, .encryption = Demand::never};
  EXPECT_FALSE(refusal_of(content(), lax));
  EXPECT_FALSE(refusal_of(is_signed, lax));
  EXPECT_FALSE(refusal_of(is_signed, {.signature = Demand::never})) << "nobody asks who signed";
  Bytes forged = is_signed;
  forged[kIdsAt + 20] ^= std::byte{1};
  expect_refused(with_digest(forged), lax, Reason::forged, "hmac-1", "known keys are checked");
  expect_refused(sealed_with({.encrypt_with = aes()}), {.encryption = Demand::never},
                 Reason::unknown_key, "secret-1", "what cannot be read cannot be read");
}

TEST(Seal, UnknownKeysAreNamed) {
  for (const Way& way : ways()) {
    const auto refused = refusal_of(sealed_with(way.how), {});
    ASSERT_TRUE(refused) << way.name;
    EXPECT_EQ(refused->reason, Reason::unknown_key);
    EXPECT_EQ(refused->key_id, way.how.sign_with ? way.how.sign_with->id() : "secret-1");
    EXPECT_NE(refused->text.find("\"" + refused->key_id + "\""), std::string::npos);
  }
  const SealKey other = SealKey::hmac_sha256("hmac-2", counted(32, 1));
  expect_refused(sealed_with({.sign_with = hmac()}), {.keys = {other}}, Reason::unknown_key,
                 "hmac-1", "the same secret by another name");
}

TEST(Seal, KeysOfOneIdAreToldApart) {
  const SealKey other_hmac = SealKey::hmac_sha256("hmac-1", counted(32, 2));
  const SealKey other_signer = SealKey::ed25519_private("signer-1", counted(32, 2));
  const SealKey other_aes = SealKey::aes_256_gcm("secret-1", counted(32, 2));
  expect_refused(sealed_with({.sign_with = hmac()}), {.keys = {other_hmac}}, Reason::forged,
                 "hmac-1", "hmac");
  expect_refused(sealed_with({.sign_with = ed25519()}), {.keys = {other_signer}}, Reason::forged,
                 "signer-1", "ed25519");
  expect_refused(sealed_with({.encrypt_with = aes()}), {.keys = {other_aes}}, Reason::wrong_key,
                 "secret-1", "aes");
  const auto refused = refusal_of(content(), {.keys = {hmac(), other_hmac}});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::invalid_argument);
  EXPECT_EQ(refused->text, "two keys that differ are called \"hmac-1\"; give one another id");
  EXPECT_FALSE(refusal_of(sealed_with({.sign_with = ed25519()}),
                          {.keys = {ed25519(), ed25519().public_key(), ed25519()}}))
      << "both halves of one key, and the same one twice";
}

// Keys are replaced one after another: both are accepted, and the new one is used.
TEST(Seal, KeysRotate) {
  const SealKey newer = SealKey::hmac_sha256("hmac-2", counted(40, 9));
  const Trust both{.keys = {newer, hmac()}};
  EXPECT_FALSE(refusal_of(sealed_with({.sign_with = hmac()}), both));
  EXPECT_FALSE(refusal_of(sealed_with({.sign_with = newer}), both));
  expect_refused(sealed_with({.sign_with = hmac()}), {.keys = {newer}}, Reason::unknown_key,
                 "hmac-1", "the old one has gone");
}

TEST(Seal, KeysAreForWhatTheyAreFor) {
  const auto error_of = [](const Seal& how) -> std::string {
    try {
      sealed_with(how);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_argument);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(error_of({.sign_with = ed25519().public_key()}),
            "the key \"signer-1\" cannot sign: it is the public half");
  EXPECT_EQ(error_of({.sign_with = aes()}), "the key \"secret-1\" cannot sign: it encrypts");
  EXPECT_EQ(error_of({.encrypt_with = hmac()}), "the key \"hmac-1\" cannot encrypt: it signs");
}

// ---- malice ------------------------------------------------------------------------------------

TEST(SealMalice, EveryFlippedBitIsRefused) {
  for (const Way& way : ways()) {
    const Bytes file = sealed_with(way.how);
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
      Bytes changed = file;
      changed[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      EXPECT_TRUE(refusal_of(changed, way.trust)) << way.name << " bit " << bit;
    }
  }
}

TEST(SealMalice, EveryFlippedBitUnderARightDigestIsRefused) {
  for (const Way& way : ways()) {
    const Bytes file = sealed_with(way.how);
    for (std::size_t bit = 0; bit < (file.size() - kDigestBytes) * 8; ++bit) {
      Bytes changed = file;
      changed[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      const auto refused = refusal_of(with_digest(changed), way.trust);
      ASSERT_TRUE(refused) << way.name << " bit " << bit;
      EXPECT_TRUE(refused->code == Errc::untrusted || refused->code == Errc::snapshot);
      if (bit / 8 < kIdsAt + 16)
        continue;  // the header: keys of another name, sizes that do not fit
      EXPECT_EQ(refused->reason, Reason::forged) << way.name << " bit " << bit;
    }
  }
}

TEST(SealMalice, EveryTruncationAndAppendixIsRefused) {
  for (const Way& way : ways()) {
    const Bytes file = sealed_with(way.how);
    for (std::size_t size = 0; size < file.size(); ++size) {
      Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_TRUE(refusal_of(cut, way.trust)) << way.name << " " << size;
      if (size < kDigestBytes) continue;
      EXPECT_TRUE(refusal_of(with_digest(cut), way.trust)) << way.name << " " << size;
    }
    Bytes longer = file;
    longer.insert(longer.end() - kDigestBytes, std::byte{0});
    EXPECT_TRUE(refusal_of(with_digest(longer), way.trust));
  }
}

TEST(SealMalice, SizesThatOverflowAreRefusedBeforeAnythingIsAllocated) {
  for (const std::uint64_t size : {UINT64_MAX, UINT64_MAX - 200, std::uint64_t{1} << 63,
                                   std::uint64_t{1} << 40, std::uint64_t{content().size() + 1},
                                   std::uint64_t{content().size() - 1}, std::uint64_t{0}}) {
    Bytes file = sealed_with({.encrypt_with = aes()});
    base::store_little_endian<std::uint64_t>(std::span(file).subspan(kContentBytesAt).first<8>(),
                                             size);
    const auto refused = refusal_of(with_digest(file), {.keys = {aes()}});
    ASSERT_TRUE(refused) << size;
    EXPECT_EQ(refused->code, Errc::snapshot) << size;
  }
}

// The classic one: who has the public half signs with it as if it were a shared secret.
TEST(SealMalice, ALabelOfAnotherAlgorithmIsRefused) {
  const Bytes seed = counted(32, 40);
  const auto point = base::ed25519_public_key(std::span(seed).first<32>());
  const SealKey confused = SealKey::hmac_sha256("signer-1", point);
  const auto refused =
      refusal_of(sealed_with({.sign_with = confused}), {.keys = {ed25519().public_key()}});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->reason, Reason::unknown_key);
  EXPECT_EQ(refused->text,
            "cannot load it: it is signed (HMAC-SHA-256) with the key \"signer-1\", and the key of "
            "that id that was given is of another kind");
  Bytes relabelled = sealed_with({.sign_with = ed25519()});
  relabelled[kSigningAt] = std::byte{1};
  EXPECT_TRUE(refusal_of(with_digest(relabelled), {.keys = {hmac(), ed25519()}}));
}

TEST(SealMalice, TheSignatureOfWhatIsEncryptedCannotBeTakenOff) {
  const Bytes file = sealed_with({.sign_with = ed25519(), .encrypt_with = aes()});
  Bytes stripped(file.begin(), file.begin() + kIdsAt);
  stripped[kSigningAt] = std::byte{0};
  stripped[14] = std::byte{0};
  stripped.insert(stripped.end(), file.begin() + kIdsAt + 8, file.end() - 32 - 64);
  stripped.resize(stripped.size() + kDigestBytes);
  expect_refused(with_digest(stripped), {.keys = {aes()}}, Reason::forged, "secret-1",
                 "what stands in the header is encrypted's companion");
}

TEST(SealMalice, SignedAgainBySomebodyElseItIsTheirs) {
  const SealKey mallory = SealKey::ed25519_private("mallory", counted(32, 7));
  const Bytes theirs = sealed_with({.sign_with = mallory});
  expect_refused(theirs, {.keys = {ed25519().public_key()}}, Reason::unknown_key, "mallory",
                 "an unknown signer");
  Bytes renamed = sealed_with({.sign_with = SealKey::ed25519_private("signer-1", counted(32, 7))});
  expect_refused(renamed, {.keys = {ed25519().public_key()}}, Reason::forged, "signer-1",
                 "by the name of a known one");
}

TEST(SealMalice, PiecesOfTwoFilesDoNotFitTogether) {
  Bytes other_content = content();
  other_content[200] ^= std::byte{1};
  for (const Way& way : ways()) {
    const Bytes a = seal(content(), way.how), b = seal(other_content, way.how);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t cut = 12; cut < a.size() - kDigestBytes; ++cut) {
      Bytes mixed(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(cut));
      mixed.insert(mixed.end(), b.begin() + static_cast<std::ptrdiff_t>(cut), b.end());
      mixed = with_digest(mixed);
      if (mixed == a || mixed == b) continue;
      EXPECT_TRUE(refusal_of(mixed, way.trust)) << way.name << " at " << cut;
    }
  }
}

TEST(SealMalice, HeadersThatNobodyWritesAreRefused) {
  const auto refusal_with = [](std::size_t at, unsigned value, const Seal& how) {
    Bytes file = sealed_with(how);
    file[at] = static_cast<std::byte>(value);
    const auto refused = refusal_of(with_digest(file), {.keys = {hmac(), aes()}});
    return refused ? refused->text : "";
  };
  const Seal is_signed{.sign_with = hmac()};
  const auto contradicts = [](const std::string& text, const char* how) {
    return text.find("contradicts itself") != std::string::npos &&
           text.find(how) != std::string::npos;
  };
  EXPECT_TRUE(contradicts(refusal_with(kSigningAt, 3, is_signed), "no such way to sign"));
  EXPECT_TRUE(contradicts(refusal_with(kIdsAt, ' ', is_signed), "no signing key has such an id"));
  EXPECT_TRUE(contradicts(refusal_with(kIdsAt, 0x9b, is_signed), "no signing key has such an id"));
  EXPECT_TRUE(contradicts(refusal_with(kSaltAt, 1, is_signed), "has what belongs to that"));
  EXPECT_TRUE(contradicts(refusal_with(kKeyCheckAt, 1, is_signed), "has what belongs to that"));
  EXPECT_NE(refusal_with(8, 2, is_signed).find("this build reads versions up to 1"),
            std::string::npos);
  EXPECT_NE(refusal_with(8, 0, is_signed).find("which there never was"), std::string::npos);
}

TEST(SealMalice, AnEnvelopeInAnEnvelopeIsNoSnapshot) {
  const Bytes twice = sealed_with({.sign_with = hmac()}, sealed_with({.sign_with = hmac()}));
  const Bytes once = open(twice, {.keys = {hmac()}}, "it");
  EXPECT_THROW(decode(once, samples::identity()), Error);
}

TEST(SealMalice, WhatIsNoSnapshotIsCalledByWhatItIs) {
  const std::string_view text = "let a = 1;\n";
  const auto refused =
      refusal_of({std::as_bytes(std::span(text)).begin(), std::as_bytes(std::span(text)).end()},
                 {.keys = {hmac()}});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->text, "cannot load it: it is a text file, not a snapshot");
}

}  // namespace
}  // namespace quiesce::snapshot
