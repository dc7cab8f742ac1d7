#include "snapshot/identity.hpp"

#include "snapshot/engine_parts.hpp"

namespace quiesce::snapshot {

const Identity& process_identity() {
  // Never destroyed, as the engine that it holds.
  static const auto* const identity = new Identity(detail::EngineParts::built_in()->identity());
  return *identity;
}

}  // namespace quiesce::snapshot
