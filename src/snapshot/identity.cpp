#include "snapshot/identity.hpp"

#include <new>
#include <string>

#include "guest/instance.hpp"
#include "quiesce/error.hpp"

namespace quiesce::snapshot {

namespace {

const guest::BaseImage& base_image() {
  try {
    return guest::base_image();
  } catch (const std::bad_alloc&) {
    throw Error(Errc::resources, "the system refused the memory of the base image");
  } catch (const guest::Trap& trap) {
    throw Error(Errc::poisoned, std::string("the engine did not start: ") + trap.what());
  }
}

}  // namespace

const Identity& process_identity() {
  static const Identity identity = [] {
    const guest::BaseImage& image = base_image();
    const auto engine = base::digest_from_hex(guest::engine_sha256());
    if (!engine) throw Error(Errc::snapshot, "this build does not know the SHA-256 of its engine");
    const DeadRange dead{image.stack_low, image.stack_pointer};
    const std::span base(image.bytes, static_cast<std::size_t>(image.size));
    return Identity{*engine, digest_of_base(base, dead), base, dead};
  }();
  return identity;
}

}  // namespace quiesce::snapshot
