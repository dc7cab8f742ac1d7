// Which engine a snapshot belongs to, and the base image that it differs from.
//
// A parameter wherever snapshots are encoded or decoded, so that tests can be another engine.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/sha256.hpp"
#include "snapshot/image.hpp"

namespace quiesce::detail {
struct EngineParts;
}  // namespace quiesce::detail

namespace quiesce::snapshot {

struct Identity {
  base::Digest engine;
  base::Digest base_digest;  // digest_of_base(base, dead)
  std::span<const std::byte> base;
  DeadRange dead;
  std::shared_ptr<const detail::EngineParts> owner = nullptr;  // of the base; null: somebody else
};

/// Of the engine that is linked in: made once, with the base image if that was not made yet. Thread
/// safe. Throws Errc::resources or Errc::poisoned if the base image cannot be made.
const Identity& process_identity();

}  // namespace quiesce::snapshot
