#include "snapshot/engine_parts.hpp"

#include <new>
#include <string>
#include <utility>

#include "quiesce/error.hpp"
#include "snapshot/image.hpp"

namespace quiesce::detail {

namespace {

base::Digest digest_of(const guest::EngineProgram& program) {
  const auto digest = base::digest_from_hex(program.sha256());
  if (!digest) throw Error(Errc::engine, "an engine does not say its own SHA-256");
  return *digest;
}

}  // namespace

EngineParts::EngineParts(std::shared_ptr<const guest::EngineProgram> program)
    : program_(std::move(program)), digest_(digest_of(*program_)) {}

const std::shared_ptr<const EngineParts>& EngineParts::built_in() {
  static const auto* const parts = new std::shared_ptr<const EngineParts>(
      std::make_shared<const EngineParts>(guest::EngineProgram::built_in()));
  return *parts;
}

const guest::BaseImage& EngineParts::base_image() const {
  try {
    return program_->base_image();
  } catch (const std::bad_alloc&) {
    throw Error(Errc::resources, "the system refused the memory of the base image");
  } catch (const guest::Trap& trap) {
    throw Error(Errc::poisoned, std::string("the engine did not start: ") + trap.what());
  }
}

snapshot::Identity EngineParts::identity() const {
  const guest::BaseImage& image = base_image();
  const snapshot::DeadRange dead{image.stack_low, image.stack_pointer};
  const std::span base(image.bytes, static_cast<std::size_t>(image.size));
  std::call_once(base_digest_made_, [&] { base_digest_ = snapshot::digest_of_base(base, dead); });
  return {digest_, base_digest_, base, dead, shared_from_this()};
}

}  // namespace quiesce::detail
