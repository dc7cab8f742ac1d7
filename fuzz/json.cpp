// JSON text: what is parsed is written, and what was written is parsed and written the same again.
#include <string_view>

#include "fuzz/session.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quiesce;
  VM vm{Host(), fuzz::small_limits()};
  const auto write = [&](std::string_view json) {
    return attempt([&] { return vm.parse_json(json).to_json(); });
  };
  const auto once = write({reinterpret_cast<const char*>(data), size});
  if (once) {
    const auto twice = write(once.value().value());
    // The second time may reach a limit that the first only just kept.
    if (twice) fuzz::require(twice.value() == once.value(), "JSON is written otherwise each time");
  }
  fuzz::require_usable(vm);
  return 0;
}
