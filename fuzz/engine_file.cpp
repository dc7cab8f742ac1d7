// Whatever an engine's file says in its headers and its note: it is looked at, and refused with
// Errc::engine, without anything of it being run. (Its name is never that of an engine here.)
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "fuzz/session.hpp"
#include "guest/engine_library.hpp"
#include "quiesce/error.hpp"
#include "test_build.h"

namespace {

using namespace quiesce;

// The headers of a library that was built, and what follows them.
std::vector<std::byte> sample() {
  for (const auto& entry : std::filesystem::directory_iterator(QUIESCE_TEST_OLDER_ENGINES)) {
    if (entry.path().extension() != ".so") continue;
    std::vector<std::byte> bytes = base::read_file(entry.path());
    bytes.resize(16384);
    return bytes;
  }
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::byte> original = sample();
  fuzz::Reader input(data, size);
  std::vector<std::byte> bytes = original;
  // More than there is, so that segments may be there: a file has holes for free.
  const bool is_whole = input.choose(2) == 0;
  while (!input.empty()) {
    const std::size_t at = input.take<std::uint16_t>() % 1024;
    bytes[at] = static_cast<std::byte>(input.take<std::uint8_t>());
  }
  const int file = ::memfd_create("engine", MFD_CLOEXEC);
  const bool written =
      file >= 0 &&
      ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      (!is_whole || ::ftruncate(file, 8 << 20) == 0);
  if (written) {
    try {
      guest::look_at_engine("/proc/self/fd/" + std::to_string(file));
      std::abort();
    } catch (const Error& error) {
      if (error.code() != Errc::engine) std::abort();
    }
  }
  if (file >= 0) ::close(file);
  return 0;
}
