// What a quiesce::Engine holds: an engine, and what snapshots call it by.
//
//   VMs and snapshots hold on to the parts of their engine, and so to its code and base image.
//
// Immutable; thread safe.
#pragma once

#include <memory>
#include <mutex>

#include "base/sha256.hpp"
#include "guest/engine_program.hpp"
#include "snapshot/identity.hpp"

namespace quiesce::detail {

struct EngineParts : std::enable_shared_from_this<EngineParts> {
 public:
  /// Throws Errc::engine for an engine that does not know its SHA-256.
  explicit EngineParts(std::shared_ptr<const guest::EngineProgram> program);

  /// Of the engine that is linked in; never destroyed.
  static const std::shared_ptr<const EngineParts>& built_in();

  const guest::EngineProgram& program() const noexcept { return *program_; }
  const base::Digest& digest() const noexcept { return digest_; }
  /// Throws Errc::resources or Errc::poisoned if the base image cannot be made.
  const guest::BaseImage& base_image() const;
  /// With the digest of the base image, made once; holds on to this.
  snapshot::Identity identity() const;

 private:
  std::shared_ptr<const guest::EngineProgram> program_;
  base::Digest digest_;
  mutable std::once_flag base_digest_made_;
  mutable base::Digest base_digest_{};
};

}  // namespace quiesce::detail
