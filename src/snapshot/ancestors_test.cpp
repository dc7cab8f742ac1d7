#include "snapshot/ancestors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>

#include "base/bytes.hpp"
#include "base/file.hpp"
#include "refusals.hpp"
#include "snapshot/identity.hpp"
#include "temporary_folder.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

/// Of this process's engine, with a text behind its base image.
Snapshot sample(std::string_view text) {
  const snapshot::Identity& who = snapshot::process_identity();
  std::vector<std::byte> memory(who.base.begin(), who.base.end());
  memory.resize(memory.size() + snapshot::kWasmPageBytes);
  std::memcpy(memory.data() + who.base.size(), text.data(), text.size());
  return Snapshot::from_bytes(snapshot::take(memory, {})->file());
}

class AncestorsOnDisk : public testing::Test {
 protected:
  std::string refusal_of(const std::function<void()>& f, Errc code = Errc::snapshot) {
    return quiesce::refusal_of(f, code);
  }

  const TemporaryFolder temporary_{"ancestors"};
  const fs::path folder_ = temporary_.path();
  Snapshot a_ = sample("a"), b_ = sample("b").relative_to(a_), c_ = sample("c").relative_to(b_);
};

TEST_F(AncestorsOnDisk, AreFoundInTheSameFolder) {
  a_.save(folder_ / "first.qsnap");
  b_.save(folder_ / "second.qsnap");
  c_.save(folder_ / "third.qsnap");
  const Snapshot again = Snapshot::load(folder_ / "third.qsnap");
  EXPECT_EQ(again.ancestors(), (std::vector{b_.digest(), a_.digest()}));
  EXPECT_EQ(again.content_digest(), sample("c").content_digest());
  EXPECT_EQ(again.digest(), c_.digest());
  EXPECT_EQ(again.standing_alone().digest(), sample("c").digest());
}

TEST_F(AncestorsOnDisk, AreFoundWhateverElseIsThere) {
  a_.save(folder_ / "\xff %\n.qsnap");
  std::ofstream(folder_ / "a.qsnap") << std::string(a_.stored_bytes(), 'x');  // of the same size
  fs::create_directory(folder_ / "b.qsnap");
  fs::create_symlink("c.qsnap", folder_ / "c.qsnap");
  ASSERT_EQ(::mkfifo((folder_ / "d.qsnap").c_str(), 0600), 0);
  b_.save(folder_ / "delta");
  EXPECT_EQ(Snapshot::load(folder_ / "delta").content_digest(), sample("b").content_digest());
}

TEST_F(AncestorsOnDisk, AreFoundInAnotherFolder) {
  fs::create_directory(folder_ / "old");
  a_.save(folder_ / "old" / "a.qsnap");
  b_.save(folder_ / "b.qsnap");
  EXPECT_EQ(refusal_of([&] { Snapshot::load(folder_ / "b.qsnap"); }),
            "cannot load " + base::quoted(folder_ / "b.qsnap") +
                ": it holds only what has changed since the snapshot with SHA-256 " + a_.digest() +
                " (" + std::to_string(a_.stored_bytes()) + " bytes), and no *.qsnap or *.qimg in " +
                base::quoted(folder_) + " is that one: put it there, or say in which folder it is");
  const Snapshot again = Snapshot::load(folder_ / "b.qsnap", {.ancestors_folder = folder_ / "old"});
  EXPECT_EQ(again.content_digest(), sample("b").content_digest());
  EXPECT_NE(
      refusal_of(
          [&] { Snapshot::load(folder_ / "b.qsnap", {.ancestors_folder = folder_ / "none"}); },
          Errc::io)
          .find("cannot look for snapshots in"),
      std::string::npos);
}

TEST_F(AncestorsOnDisk, AnAncestorsAncestorThatIsMissingIsNamedToo) {
  b_.save(folder_ / "b.qsnap");
  c_.save(folder_ / "c.qsnap");
  const std::string text = refusal_of([&] { Snapshot::load(folder_ / "c.qsnap"); });
  EXPECT_EQ(text.rfind("cannot load " + base::quoted(folder_ / "b.qsnap"), 0), 0u) << text;
  EXPECT_NE(text.find(a_.digest()), std::string::npos) << text;
}

TEST_F(AncestorsOnDisk, AnAncestorThatWasReplacedIsNotTakenForIt) {
  a_.save(folder_ / "a.qsnap");
  b_.save(folder_ / "b.qsnap");
  sample("x").save(folder_ / "a.qsnap");
  EXPECT_NE(refusal_of([&] { Snapshot::load(folder_ / "b.qsnap"); }).find(a_.digest()),
            std::string::npos);
}

// ---- sealed ones ------------------------------------------------------------------------------

class SealedAncestors : public AncestorsOnDisk {
 protected:
  SealKey signer_ = SealKey::generate(KeyKind::ed25519_private, "signer");
  SealKey secret_ = SealKey::generate(KeyKind::aes_256_gcm, "secret");
  Seal both_{.sign_with = signer_, .encrypt_with = secret_};
  LoadOptions trusting_{.trust = {.keys = {signer_.public_key(), secret_}}};

  void save_chain(const Seal& seal) {
    a_.save(folder_ / "a.qsnap", seal);
    b_.save(folder_ / "b.qsnap", seal);
    c_.save(folder_ / "c.qsnap", seal);
  }
  std::string refusal_of_c() {
    return refusal_of([&] { Snapshot::load(folder_ / "c.qsnap", trusting_); });
  }
  std::string refusal_of_c(TrustError::Reason reason) {
    try {
      Snapshot::load(folder_ / "c.qsnap", trusting_);
    } catch (const TrustError& error) {
      EXPECT_EQ(error.reason(), reason) << error.what();
      return error.what();
    }
    return "no TrustError";
  }
};

TEST_F(SealedAncestors, AChainOfSealedOnesIsLoaded) {  // D8
  save_chain(both_);
  const Snapshot again = Snapshot::load(folder_ / "c.qsnap", trusting_);
  EXPECT_EQ(again.content_digest(), sample("c").content_digest());
  EXPECT_EQ(again.ancestors(), (std::vector{b_.digest(), a_.digest()}))
      << "digests are those of what is in the envelopes";
  save_chain(both_);
  EXPECT_EQ(Snapshot::load(folder_ / "c.qsnap", trusting_).digest(), c_.digest())
      << "encrypted again, the files differ; what they hold does not";
  const std::vector<std::byte> bytes = c_.to_bytes(both_);
  LoadOptions elsewhere = trusting_;
  elsewhere.ancestors_folder = folder_;
  EXPECT_EQ(Snapshot::from_bytes(bytes, elsewhere).digest(), c_.digest());
}

TEST_F(SealedAncestors, AreFoundBesideOthers) {
  save_chain(both_);
  sample("x").save(folder_ / "1.qsnap", both_);
  a_.save(folder_ / "2.qsnap", {.sign_with = SealKey::generate(KeyKind::hmac_sha256, "other")});
  std::ofstream(folder_ / "3.qsnap") << std::string(a_.stored_bytes() + 200, 'x');
  EXPECT_EQ(Snapshot::load(folder_ / "c.qsnap", trusting_).digest(), c_.digest());
}

TEST_F(SealedAncestors, OneThatIsNotSealedIsNotTaken) {
  save_chain(both_);
  a_.save(folder_ / "a.qsnap");
  EXPECT_THAT(
      refusal_of_c(),
      AllOf(HasSubstr(a_.digest()),
            HasSubstr("(one could be it, but: cannot load " + base::quoted(folder_ / "a.qsnap") +
                      ": it has no seal, and only signed ones are trusted here)")));
  a_.save(folder_ / "a.qsnap", {.sign_with = signer_});
  EXPECT_THAT(refusal_of_c(), HasSubstr("it is not encrypted"));
}

TEST_F(SealedAncestors, OneOfAnotherKeyIsNamed) {
  save_chain(both_);
  a_.save(folder_ / "a.qsnap", {.sign_with = SealKey::generate(KeyKind::ed25519_private, "mallory"),
                                .encrypt_with = secret_});
  EXPECT_THAT(refusal_of_c(), HasSubstr("with the key \"mallory\""));
}

TEST_F(SealedAncestors, AnOlderOneIsNotTakenForIt) {
  save_chain(both_);
  std::filesystem::copy_file(folder_ / "b.qsnap", folder_ / "a.qsnap",
                             fs::copy_options::overwrite_existing);
  EXPECT_THAT(refusal_of_c(), HasSubstr(a_.digest()))
      << "replayed in the place of its own ancestor";
  save_chain(both_);
  sample("A").save(folder_ / "a.qsnap", both_);  // an earlier state, properly sealed
  EXPECT_THAT(refusal_of_c(), HasSubstr(a_.digest()));
}

TEST_F(SealedAncestors, TheFirstFileIsHeldToTheSame) {
  save_chain({});
  EXPECT_THAT(refusal_of_c(TrustError::Reason::not_signed), HasSubstr("it has no seal"));
  save_chain({.encrypt_with = secret_});
  EXPECT_THAT(refusal_of_c(TrustError::Reason::not_signed), HasSubstr("it is not signed"));
  save_chain(both_);
  trusting_.trust.keys = {signer_};
  EXPECT_THAT(refusal_of_c(TrustError::Reason::unknown_key), HasSubstr("\"secret\""));
}

TEST_F(SealedAncestors, WhatIsGivenByTheCallerIsTrusted) {
  LoadOptions options = trusting_;
  options.find_ancestor = [&](const std::string&) { return std::optional(a_); };
  EXPECT_EQ(Snapshot::from_bytes(b_.to_bytes(both_), options).digest(), b_.digest());
}

TEST_F(SealedAncestors, TheMemoryThatTheyNeedIsBounded) {
  save_chain(both_);
  trusting_.memory_bytes_max = a_.memory_bytes() - 1;
  EXPECT_NE(
      refusal_of([&] { Snapshot::load(folder_ / "a.qsnap", trusting_); }).find("allowed here"),
      std::string::npos);
}

// ---- asked for --------------------------------------------------------------------------------

TEST(Ancestors, AreAskedFor) {
  const Snapshot a = sample("a"), b = sample("b").relative_to(a);
  std::vector<std::string> asked;
  const auto answer = [&](std::optional<Snapshot> snapshot) {
    return LoadOptions{.find_ancestor = [&asked, snapshot](const std::string& digest) {
      asked.push_back(digest);
      return snapshot;
    }};
  };
  const auto refusal_with = [&](const LoadOptions& options) -> std::string {
    try {
      Snapshot::from_bytes(b.to_bytes(), options);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal_with(answer(a)), "");
  EXPECT_EQ(asked, std::vector{a.digest()});
  const std::string begin =
      "cannot load the snapshot: it holds only what has changed since the "
      "snapshot with SHA-256 " +
      a.digest() + " (" + std::to_string(a.stored_bytes()) + " bytes), ";
  EXPECT_EQ(refusal_with({}), begin + "which is needed with it");
  EXPECT_EQ(refusal_with(answer(std::nullopt)), begin + "which is needed with it");
  EXPECT_EQ(refusal_with(answer(sample("x"))),
            begin + "and was given the one with SHA-256 " + sample("x").digest());
  EXPECT_THROW(
      Snapshot::from_bytes(b.to_bytes(),
                           {.find_ancestor = [](const std::string&) -> std::optional<Snapshot> {
                             throw std::runtime_error("no network");
                           }}),
      std::runtime_error);
}

TEST(Ancestors, MayNotNeedMoreMemoryThanIsAllowed) {
  const Snapshot a = sample("a"), b = sample("b").relative_to(a);
  LoadOptions options{.memory_bytes_max = b.memory_bytes(),
                      .find_ancestor = [&](const std::string&) { return std::optional(a); }};
  EXPECT_EQ(Snapshot::from_bytes(b.to_bytes(), options).ancestors().size(), 1u);
  options.memory_bytes_max -= 1;
  EXPECT_THROW(Snapshot::from_bytes(b.to_bytes(), options), Error);
}

// ---- malice ------------------------------------------------------------------------------------

constexpr std::size_t kAncestorBytesAt = 136, kAncestorDigestAt = 144;

/// The delta, made to name another ancestor; its digest fits.
std::vector<std::byte> naming(std::vector<std::byte> delta, std::uint64_t file_bytes,
                              const base::Digest& digest) {
  const std::span bytes(delta);
  base::store_little_endian<std::uint64_t>(bytes.subspan(kAncestorBytesAt).first<8>(), file_bytes);
  std::ranges::copy(digest, bytes.subspan(kAncestorDigestAt).begin());
  std::ranges::copy(base::sha256(bytes.first(bytes.size() - 32)), bytes.last(32).begin());
  return delta;
}

using AncestorsMalice = AncestorsOnDisk;

TEST_F(AncestorsMalice, InTheWrongOrderTheyAreNotTaken) {
  a_.save(folder_ / "b.qsnap");  // each under another's name: names say nothing
  b_.save(folder_ / "c.qsnap");
  c_.save(folder_ / "a.qsnap");
  EXPECT_EQ(Snapshot::load(folder_ / "a.qsnap").digest(), c_.digest());
  // Each in another's place.
  for (const auto& [wanted, given] : {std::pair{&c_, &a_}, {&c_, &c_}, {&b_, &c_}, {&b_, &b_}}) {
    const LoadOptions options{
        .find_ancestor = [&](const std::string&) { return std::optional(*given); }};
    const std::string text = refusal_of([&] { Snapshot::from_bytes(wanted->to_bytes(), options); });
    EXPECT_NE(text.find("and was given the one with SHA-256 " + given->digest()), std::string::npos)
        << text;
  }
}

// By digests it cannot be: each covers the digest that it names. In a folder, nothing is read
// before it was hashed.
TEST_F(AncestorsMalice, ACycleInAFolderHasAnEnd) {
  const std::size_t size = b_.to_bytes().size();
  auto one = naming(b_.to_bytes(), size, base::Digest{});
  auto two = naming(b_.to_bytes(), size, base::sha256(one));
  one = naming(std::move(one), size, base::sha256(two));  // and is now another than `two` names
  base::write_file_atomically(folder_ / "one.qsnap", one);
  base::write_file_atomically(folder_ / "two.qsnap", two);
  EXPECT_NE(refusal_of([&] {
              Snapshot::load(folder_ / "one.qsnap");
            }).find("no *.qsnap or *.qimg in " + base::quoted(folder_) + " is that one"),
            std::string::npos);
}

// A store that believes its own keys: the row of a digest has a delta that names this very digest.
TEST_F(AncestorsMalice, ACycleInAStoreHasAnEnd) {
  const base::Digest of_itself{std::byte{7}};
  const auto row = naming(b_.to_bytes(), b_.stored_bytes(), of_itself);
  int asked = 0;
  LoadOptions options;
  options.find_ancestor = [&](const std::string& digest) -> std::optional<Snapshot> {
    ++asked;
    EXPECT_EQ(digest, base::to_hex(of_itself));
    return Snapshot::from_bytes(row, options);
  };
  EXPECT_NE(refusal_of([&] {
              Snapshot::from_bytes(row, options);
            }).find("and so on for more than 32 snapshots"),
            std::string::npos);
  EXPECT_EQ(asked, 32);
  options.find_ancestor = [&](const std::string&) { return std::optional(a_); };
  EXPECT_EQ(Snapshot::from_bytes(b_.to_bytes(), options).digest(), b_.digest()) << "and it is over";
}

TEST_F(AncestorsMalice, SizesThatOverflowAreOnlyNumbers) {
  a_.save(folder_ / "a.qsnap");
  for (const std::uint64_t size : {UINT64_MAX, UINT64_MAX - 400, std::uint64_t{1} << 63,
                                   std::uint64_t{1} << 32, std::uint64_t{0}}) {
    base::write_file_atomically(folder_ / "b.qsnap",
                                naming(b_.to_bytes(), size, base::sha256(a_.to_bytes())));
    EXPECT_NE(refusal_of([&] { Snapshot::load(folder_ / "b.qsnap"); }).find(a_.digest()),
              std::string::npos)
        << size;
  }
}

// Small files that stand for much memory: told by the header, before any of it is asked for.
TEST_F(AncestorsMalice, BombsAreRefusedByTheMemoryThatTheyNeed) {
  const snapshot::Identity& who = snapshot::process_identity();
  std::vector<std::byte> memory(who.base.begin(), who.base.end());
  memory.resize(memory.size() + (96u << 20), std::byte{0x55});
  const Snapshot bomb = Snapshot::from_bytes(snapshot::take(memory, {})->file());
  const Snapshot delta = bomb.relative_to(a_);
  EXPECT_LT(bomb.stored_bytes(), 100'000u);
  const SealKey key = SealKey::generate(KeyKind::hmac_sha256);
  a_.save(folder_ / "a.qsnap", {.sign_with = key});
  for (const Snapshot& each : {bomb, delta, delta.standing_alone()}) {
    each.save(folder_ / "it.qsnap", {.sign_with = key});
    const LoadOptions options{.memory_bytes_max = 64u << 20, .trust = {.keys = {key}}};
    EXPECT_NE(refusal_of([&] { Snapshot::load(folder_ / "it.qsnap", options); })
                  .find("awake it needs " + std::to_string(bomb.memory_bytes()) +
                        " bytes of memory, more than the 67108864 allowed here"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace quiesce
