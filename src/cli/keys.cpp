// `quiesce key`: makes the files that --key names.
#include <filesystem>
#include <string>

#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "quiesce/trust.hpp"

namespace quiesce::cli {

namespace {

std::string what_it_does(const SealKey& key) {
  switch (key.kind()) {
    case KeyKind::hmac_sha256:
    case KeyKind::ed25519_private: return "signs, and checks what it signed";
    case KeyKind::ed25519_public: return "checks what its other half signed";
    case KeyKind::aes_256_gcm: return "encrypts and decrypts";
  }
  return {};
}

Exit make_key(const Options& options) {
  const std::filesystem::path file = options.input;
  SealKey key = [&] {
    try {
      return SealKey::generate(*options.key.kind, options.key.id);
    } catch (const Error& error) {
      if (error.code() != Errc::invalid_argument) throw;
      throw UsageError(std::string("--id: ") + error.what());
    }
  }();
  const std::filesystem::path half = file.string() + ".pub";
  const bool has_half = key.kind() == KeyKind::ed25519_private;
  if (std::error_code ignored; has_half && std::filesystem::exists(half, ignored)) {
    throw UsageError("cannot write " + base::quoted(half) +
                     ", the half that checks: File exists; choose another name");
  }
  key.save(file);
  print(printable(file.string()) + ": " + key.id() + ", " + what_it_does(key) +
        "; keep it secret\n");
  if (!has_half) return Exit::done;
  key.public_key().save(half);
  print(printable(half.string()) + ": " + key.id() + ", " + what_it_does(key.public_key()) + "\n");
  return Exit::done;
}

}  // namespace

Exit key(const Options& options) {
  if (!options.key.only_public) return make_key(options);
  const SealKey key = SealKey::load(options.input);
  if (key.can_encrypt() || key.kind() == KeyKind::hmac_sha256) {
    throw UsageError(base::quoted(options.input) +
                     " has no public half: only keys of --ed25519 have one");
  }
  print(key.public_key().to_text() + "\n");
  return Exit::done;
}

}  // namespace quiesce::cli
