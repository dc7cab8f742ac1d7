// A target that is wrong, to show that the fuzzing itself works: the standalone runner must find
// the four bytes within seconds, and the test of it fails if it does not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (std::size_t i = 0; i + 4 <= size; ++i) {
    const std::uint8_t* four = data + i;
    if (four[0] == 0xff && four[1] == 0xff && four[2] == 0xff && four[3] == 0x7f) std::abort();
  }
  return 0;
}
