// Which engine this process runs, and the base image that its snapshots differ from.
//
// A parameter wherever snapshots are encoded or decoded, so that tests can be another engine.
#pragma once

#include <cstddef>
#include <span>

#include "base/sha256.hpp"
#include "snapshot/image.hpp"

namespace quiesce::snapshot {

struct Identity {
  base::Digest engine;
  base::Digest base_digest;         // digest_of_base(base, dead)
  std::span<const std::byte> base;  // not owned: must outlive what is made with it
  DeadRange dead;
};

/// This process's own: made once, with the base image if that was not made yet. Thread safe.
/// Throws Errc::resources or Errc::poisoned if the base image cannot be made.
const Identity& process_identity();

}  // namespace quiesce::snapshot
