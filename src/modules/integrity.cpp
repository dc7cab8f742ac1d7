#include "modules/integrity.hpp"

#include <openssl/evp.h>

#include <array>
#include <string>

#include "quiesce/error.hpp"

namespace quiesce::modules {

namespace {

struct Kind {
  std::string_view prefix;
  const EVP_MD* (*digest)();
};
// The stronger, the later.
constexpr std::array kKinds = {Kind{"sha256-", EVP_sha256}, Kind{"sha384-", EVP_sha384},
                               Kind{"sha512-", EVP_sha512}};

std::string base64_digest(std::string_view bytes, const Kind& kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, kind.digest(), nullptr) != 1)
    throw Error(Errc::resources, "libcrypto cannot compute a digest");
  std::array<unsigned char, EVP_MAX_MD_SIZE * 4 / 3 + 5> text;
  const int count = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(length));
  return {text.begin(), text.begin() + count};
}

// The digest alone, in the alphabet of base64 (base64url is taken too).
std::string plain(std::string_view token) {
  std::string out(token.substr(0, token.find('?')));
  for (char& c : out) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  return out;
}

}  // namespace

bool has_integrity(std::string_view bytes, std::string_view metadata) {
  const Kind* strongest = nullptr;
  bool fits = false;
  constexpr std::string_view kBlanks = " \t\n\f\r";
  while (true) {
    const std::size_t start = metadata.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) return fits || !strongest;
    metadata.remove_prefix(start);
    const std::string_view token = metadata.substr(0, metadata.find_first_of(kBlanks));
    metadata.remove_prefix(token.size());
    for (const Kind& kind : kKinds) {
      if (!token.starts_with(kind.prefix) || (strongest && &kind < strongest)) continue;
      if (&kind != strongest) fits = false;
      strongest = &kind;
      fits = fits || plain(token.substr(kind.prefix.size())) == base64_digest(bytes, kind);
    }
  }
}

}  // namespace quiesce::modules
