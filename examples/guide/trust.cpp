// Trust: snapshots that are signed and encrypted, and what is refused.
#include <filesystem>
#include <iostream>
#include <quiesce/quiesce.hpp>

namespace {

using quiesce::KeyKind;
using quiesce::SealKey;
using quiesce::Snapshot;

void try_to_load(const char* what, const std::filesystem::path& file,
                 const quiesce::LoadOptions& options) {
  try {
    const Snapshot snapshot = Snapshot::load(file, options);
    std::cout << what << ": loaded\n";
  } catch (const quiesce::TrustError& error) {
    std::cout << what << ": " << error.what() << "\n";
  }
}

}  // namespace

int main() {
  quiesce::VM vm;
  vm.eval("globalThis.balance = 499");
  const Snapshot sleep = vm.snapshot();

  // Made once, and kept where secrets are kept: generate(...).save("signing.key"), load it here.
  const SealKey signing = SealKey::generate(KeyKind::ed25519_private, "till-7");
  const SealKey secret = SealKey::generate(KeyKind::aes_256_gcm, "vault-2026");

  sleep.save("signed.qsnap", {.sign_with = signing});
  sleep.save("both.qsnap", {.sign_with = signing, .encrypt_with = secret});
  sleep.save("plain.qsnap");

  // Who only checks needs the public half, which is no secret.
  const quiesce::LoadOptions checking{.trust = {.keys = {signing.public_key()}}};
  try_to_load("signed", "signed.qsnap", checking);
  try_to_load("without a seal", "plain.qsnap", checking);
  try_to_load("encrypted, too", "both.qsnap", checking);
  const quiesce::LoadOptions reading{.trust = {.keys = {signing.public_key(), secret}}};
  try_to_load("the same, with both keys", "both.qsnap", reading);

  // Somebody else signs what they have changed, by the name of a key that is trusted.
  quiesce::VM forged{{}, sleep};
  forged.eval("balance = 1e9");
  forged.snapshot().save("forged.qsnap",
                         {.sign_with = SealKey::generate(KeyKind::ed25519_private, "till-7")});
  try_to_load("forged", "forged.qsnap", checking);

  // The next key: write with it, read with both until nothing of the old one is left.
  const SealKey next = SealKey::generate(KeyKind::ed25519_private, "till-8");
  sleep.save("next.qsnap", {.sign_with = next});
  const quiesce::LoadOptions rotating{.trust = {.keys = {next.public_key(), signing.public_key()}}};
  try_to_load("of the old key", "signed.qsnap", rotating);
  try_to_load("of the new key", "next.qsnap", rotating);
  try_to_load("of the new key, elsewhere", "next.qsnap", checking);

  // A chain of deltas is sealed file by file; ancestors are found and opened by the same keys.
  vm.eval("balance -= 99");
  vm.snapshot().relative_to(sleep).save("delta.qsnap",
                                        {.sign_with = signing, .encrypt_with = secret});
  quiesce::VM woken{{}, Snapshot::load("delta.qsnap", reading)};
  std::cout << woken.eval("balance").as<int>() << "\n";
}
