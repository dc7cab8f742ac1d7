// What a quiesce::SealKey holds.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "quiesce/trust.hpp"

namespace quiesce::detail {

struct KeyParts {
  KeyKind kind;
  std::string id;
  base::Secret secret;                                    // of ed25519_public: nothing
  std::array<std::byte, base::kEd25519KeyBytes> point{};  // of ed25519_private and ed25519_public

  static const KeyParts& of(const SealKey& key) noexcept { return *key.parts_; }
};

}  // namespace quiesce::detail

namespace quiesce::snapshot {

inline constexpr std::size_t kKeyIdBytesMax = 64;

/// Whether a key may be called that. What is not so must not reach a message.
bool is_key_id(std::string_view text) noexcept;

/// "Ed25519", also for private keys.
const char* algorithm_name(KeyKind kind) noexcept;

}  // namespace quiesce::snapshot
