// The public API in any order, while the guest's memory is being damaged: what a guest that was
// taken over could do to its host.
#include "fuzz/session.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quiesce::fuzz;
  Session(Guest::hostile).run(Reader(data, size));
  return 0;
}
