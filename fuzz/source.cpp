// Source text, as script, as async script and as module: it runs or it is refused, within the
// limits, and the VM still works.
#include <string_view>

#include "fuzz/session.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quiesce;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const auto type = static_cast<SourceType>(size % 3);
  VM vm{Host(), fuzz::small_limits()};
  (void)attempt([&] {
    vm.eval(source, {.type = type});
    vm.run_until_idle();
  });
  fuzz::require_usable(vm);
  return 0;
}
