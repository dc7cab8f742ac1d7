#include <gtest/gtest.h>

#include <string>

#include "c/c_testing.hpp"
#include "quiesce/trust.hpp"

namespace quiesce {
namespace {

using CSeal = CTest;

TEST_F(CSeal, SnapshotsAreSealedAndOpened) {  // D8
  const std::string signer = SealKey::generate(KeyKind::ed25519_private, "signer").to_text();
  const std::string secret = SealKey::generate(KeyKind::aes_256_gcm, "secret").to_text();
  const std::string other = SealKey::generate(KeyKind::hmac_sha256, "other").to_text();
  const char* const both[] = {secret.c_str(), signer.c_str()};
  const char* const one[] = {signer.c_str()};
  const char* const wrong[] = {other.c_str()};

  const auto [first, second, delta] = two_snapshots();

  quiesce_buffer* bytes = nullptr;
  OK(quiesce_snapshot_seal(first, both, 2, &bytes));
  const std::string whole = taken(bytes);
  quiesce_snapshot* again = nullptr;
  OK(quiesce_snapshot_from_sealed(whole.data(), whole.size(), QUIESCE_UNLIMITED, both, 2, nullptr,
                                  &again));
  OK(quiesce_snapshot_seal(delta, both, 2, &bytes));
  const std::string changes = taken(bytes);
  quiesce_snapshot* later = nullptr;
  OK(quiesce_snapshot_from_sealed(changes.data(), changes.size(), QUIESCE_UNLIMITED, both, 2, again,
                                  &later));
  quiesce_buffer* expected = nullptr;
  quiesce_buffer* digest = nullptr;
  OK(quiesce_snapshot_content_digest(second, &expected));
  OK(quiesce_snapshot_content_digest(later, &digest));
  EXPECT_EQ(taken(digest), taken(expected));

  quiesce_snapshot* none = nullptr;
  const auto open_with = [&](const std::string& what, const char* const* keys, size_t count) {
    return quiesce_snapshot_from_sealed(what.data(), what.size(), QUIESCE_UNLIMITED, keys, count,
                                        nullptr, &none);
  };
  EXPECT_EQ(open_with(whole, one, 1), QUIESCE_UNTRUSTED);
  EXPECT_EQ(
      std::string(quiesce_last_error_text(nullptr)),
      "cannot load the snapshot: it is encrypted (AES-256-GCM) with the key \"secret\", which "
      "is not among those that were given");
  EXPECT_EQ(std::string(quiesce_status_name(QUIESCE_UNTRUSTED)), "untrusted");
  EXPECT_EQ(open_with(whole, wrong, 1), QUIESCE_UNTRUSTED);
  OK(quiesce_snapshot_to_bytes(first, &bytes));
  EXPECT_EQ(open_with(taken(bytes), one, 1), QUIESCE_UNTRUSTED) << "its seal was taken off";
  EXPECT_EQ(quiesce_snapshot_from_bytes(whole.data(), whole.size(), QUIESCE_UNLIMITED, &none),
            QUIESCE_UNTRUSTED);
  EXPECT_EQ(none, nullptr);
  for (quiesce_snapshot* snapshot : {first, second, delta, again, later})
    OK(quiesce_snapshot_free(snapshot));
}

TEST_F(CSeal, WhatMakesNoSenseIsRefused) {
  quiesce_snapshot* snapshot = nullptr;
  OK(quiesce_vm_snapshot(vm(), &snapshot));
  const SealKey signer = SealKey::generate(KeyKind::ed25519_private);
  const std::string half = signer.public_key().to_text();
  const char* const only_checks[] = {half.c_str()};
  const char* const no_key[] = {"a word"};
  const char* const null[] = {nullptr};
  quiesce_buffer* bytes = nullptr;
  EXPECT_EQ(quiesce_snapshot_seal(snapshot, only_checks, 1, &bytes), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_snapshot_seal(snapshot, no_key, 1, &bytes), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_snapshot_seal(snapshot, null, 1, &bytes), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_snapshot_seal(snapshot, nullptr, 1, &bytes), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_snapshot_seal(snapshot, nullptr, 0, &bytes), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(bytes, nullptr);
  OK(quiesce_snapshot_free(snapshot));
}

}  // namespace
}  // namespace quiesce
