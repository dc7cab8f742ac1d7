// Whatever the bytes of a sealed file are: open gives exactly what was sealed, or refuses with
// TrustError or Errc::snapshot. And whatever bytes were sealed by who has the key: what is opened
// is checked as if it had never been sealed.
//
// The first byte chooses the way to seal and what is edited: the file, the file with its digest
// made right again, two files that are cut and joined, or what is inside.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "quiesce/error.hpp"
#include "snapshot/samples.hpp"
#include "snapshot/seal.hpp"
#include "snapshot_edits.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::snapshot;
using namespace quiesce::snapshot::fuzz;

constexpr std::size_t kWays = 5;

struct Way {
  Seal how;
  Trust trust;
  Bytes file, other;  // the sample's, and that of the same with one byte changed
};

const Bytes& content() {
  static const Bytes file = encode(samples::image(), samples::base());
  return file;
}

Bytes sealed(const Bytes& what, const Seal& how, std::byte salt) {
  std::array<std::byte, kSealSaltBytes> bytes;
  bytes.fill(salt);
  return seal(what, how, bytes);
}

const Way& way(std::size_t which) {
  static const std::array<Way, kWays> ways = [] {
    const Bytes secret(32, std::byte{42});
    const SealKey hmac = SealKey::hmac_sha256("hmac", secret);
    const SealKey signer = SealKey::ed25519_private("signer", secret);
    const SealKey aes = SealKey::aes_256_gcm("aes", secret);
    std::array<Way, kWays> all{
        Way{{.sign_with = hmac}, {.keys = {hmac}}, {}, {}},
        Way{{.sign_with = signer}, {.keys = {signer.public_key()}}, {}, {}},
        Way{{.encrypt_with = aes}, {.keys = {aes}}, {}, {}},
        Way{{.sign_with = hmac, .encrypt_with = aes}, {.keys = {hmac, aes}}, {}, {}},
        Way{{.sign_with = signer, .encrypt_with = aes}, {.keys = {signer, aes}}, {}, {}}};
    Bytes changed = content();
    changed[changed.size() / 2] ^= std::byte{1};
    for (Way& each : all) {
      each.file = sealed(content(), each.how, std::byte{1});
      each.other = sealed(changed, each.how, std::byte{2});
    }
    return all;
  }();
  return ways[which % kWays];
}

std::optional<Bytes> opened(const Bytes& file, const Trust& trust) {
  try {
    return open(file, trust, "it");
  } catch (const Error& error) {
    const bool is_trust = dynamic_cast<const TrustError*>(&error) != nullptr;
    require(is_trust == (error.code() == Errc::untrusted),
            "an error of another kind than its code");
    require(is_trust || error.code() == Errc::snapshot, "a refusal with another error");
    require(std::strchr(error.what(), '\n') == nullptr, "a refusal of more than one line");
    return std::nullopt;
  }
}

/// By somebody without the keys.
void check_forged(const Bytes& file, const Way& by) {
  const auto content_of = opened(file, by.trust);
  if (!content_of) return;
  const bool is_own = file == by.file || file == by.other;
  require(is_own, "a file that nobody sealed was opened");
  (void)seal_of(file);
}

/// By somebody with the keys.
void check_signed(const Bytes& inside, const Way& by) {
  const auto content_of = opened(sealed(inside, by.how, std::byte{3}), by.trust);
  require(content_of && *content_of == inside, "what was sealed is not what was opened");
  try {
    const Image image = decode(*content_of, samples::identity(),
                               {.name = "it", .memory_bytes_max = kMemoryBytesHere});
    require(image.memory_bytes <= kMemoryBytesHere, "more memory than allowed");
  } catch (const Error& error) {
    require(error.code() == Errc::snapshot, "a refusal that is not Errc::snapshot");
  }
}

Bytes joined(const Way& by, std::span<const std::byte> cuts) {
  Bytes file = by.file;
  bool from_other = false;
  std::size_t next = cuts.empty() ? file.size() : std::to_integer<std::size_t>(cuts[0]) * 2;
  for (std::size_t at = 0, cut = 0; at < file.size(); ++at) {
    if (at == next) {
      from_other = !from_other;
      ++cut;
      next = cut < cuts.size() ? at + 1 + std::to_integer<std::size_t>(cuts[cut]) : file.size();
    }
    if (from_other) file[at] = by.other[at];
  }
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span input = std::as_bytes(std::span(data, size));
  if (input.empty()) return 0;
  const auto choice = std::to_integer<unsigned>(input[0]);
  const Way& by = way(choice / 8);
  const auto rest = input.subspan(1);
  Bytes file = by.file;
  switch (choice % 8) {
    case 0: file.assign(rest.begin(), rest.end()); break;
    case 1: edit(file, rest); break;
    case 2: file = joined(by, rest); break;
    case 3:
      file = joined(by, rest);
      fix_digest(file);
      break;
    case 4:
      file.assign(rest.begin(), rest.end());
      fix_digest(file);
      break;
    case 5: check_signed({rest.begin(), rest.end()}, by); return 0;
    case 6:
      if (!rest.empty()) check_signed(file_from(rest, content(), kHeaderBytes), by);
      return 0;
    default: edit(file, rest); fix_digest(file);
  }
  check_forged(file, by);
  return 0;
}
