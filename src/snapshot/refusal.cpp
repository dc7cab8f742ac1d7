#include "snapshot/refusal.hpp"

#include "quiesce/error.hpp"

namespace quiesce::snapshot {

void Refusal::because(const std::string& reason) const {
  throw Error(Errc::snapshot, begin_ + reason);
}

void Refusal::require(bool holds, const std::string& otherwise) const {
  if (!holds) because("it contradicts itself and was not written by Quiesce: " + otherwise);
}

void Refusal::for_want_of_memory(std::uint64_t bytes) const {
  throw Error(Errc::resources, begin_ + "there is no memory for the " + std::to_string(bytes) +
                                   " bytes that it holds");
}

}  // namespace quiesce::snapshot
