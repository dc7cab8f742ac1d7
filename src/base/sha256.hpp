// SHA-256 (FIPS 180-4), by OpenSSL's libcrypto.
//
//   base::Digest digest = base::sha256(bytes);
//   base::Sha256 hash;
//   hash.update(header);
//   hash.update(body);
//   base::Digest so_far = hash.finish();       // may go on: finish() does not end the hash
//   std::string text = base::to_hex(so_far);
//
// A Sha256 is used from one thread at a time. Throws Errc::resources if libcrypto refuses.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quiesce::base {

using Digest = std::array<std::byte, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  /// The digest of everything so far.
  Digest finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(std::span<const std::byte> bytes);

/// Two lower-case digits per byte.
std::string to_hex(std::span<const std::byte> bytes);
/// The digest that 64 hexadecimal digits of either case write; nothing for any other text.
std::optional<Digest> digest_from_hex(std::string_view text);

}  // namespace quiesce::base
