// The public API in any order, with an honest guest.
#include "fuzz/session.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quiesce::fuzz;
  Session(Guest::honest).run(Reader(data, size));
  return 0;
}
