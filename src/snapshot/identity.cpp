#include "snapshot/identity.hpp"

#include "guest/instance.hpp"
#include "quiesce/error.hpp"

namespace quiesce::snapshot {

const Identity& process_identity() {
  static const Identity identity = [] {
    const guest::BaseImage& image = guest::base_image();
    const auto engine = base::digest_from_hex(guest::engine_sha256());
    if (!engine) throw Error(Errc::snapshot, "this build does not know the SHA-256 of its engine");
    const DeadRange dead{image.stack_low, image.stack_pointer};
    const std::span base(image.bytes, static_cast<std::size_t>(image.size));
    return Identity{*engine, digest_of_base(base, dead), base, dead};
  }();
  return identity;
}

}  // namespace quiesce::snapshot
