#include "guest/engine_program.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "guest/imports.hpp"
#include "guest/instance.hpp"
#include "guest/slot.hpp"
#include "guest/wasi.hpp"

extern "C" const qw_module quiesce_engine_module;
extern "C" const char quiesce_engine_sha256[];

namespace quiesce::guest {
namespace {

template <class T>
constexpr char kLetter = std::is_void_v<T>                                            ? 'v'
                         : std::is_same_v<T, double>                                  ? 'd'
                         : sizeof(std::conditional_t<std::is_void_v<T>, int, T>) == 8 ? 'l'
                                                                                      : 'i';

template <class Member>
struct Host;

template <class Result, class... Parameters>
struct Host<Result (Imports::*)(Parameters...)> {
  static std::string type() {
    std::string text;
    (text.push_back(kLetter<Parameters>), ...);
    return text + '>' + kLetter<Result>;
  }
  template <Result (Imports::*member)(Parameters...)>
  static void call(Sandbox&, void* host, std::uint64_t* slots) {
    call_with<member>(host, slots, std::index_sequence_for<Parameters...>());
  }

 private:
  template <Result (Imports::*member)(Parameters...), std::size_t... i>
  static void call_with(void* host, [[maybe_unused]] std::uint64_t* slots,
                        std::index_sequence<i...>) {
    Imports& imports = *static_cast<Imports*>(host);
    if constexpr (std::is_void_v<Result>) {
      (imports.*member)(from_slot<Parameters>(slots[i])...);
    } else {
      slots[0] = to_slot((imports.*member)(from_slot<Parameters>(slots[i])...));
    }
  }
};

}  // namespace

std::string_view engine_sha256() noexcept { return quiesce_engine_sha256; }

const qw_module& engine_module() noexcept { return quiesce_engine_module; }

ImportHandler find_import(const qw_import& import) {
  const std::string_view module = import.module, name = import.name, type = import.type;
  if (module == "quiesce") {
#define QUIESCE_EXPORT(...)
#define QUIESCE_IMPORT(result, function, ...)                                    \
  if (name == #function && type == Host<decltype(&Imports::function)>::type()) { \
    return &Host<decltype(&Imports::function)>::call<&Imports::function>;        \
  }
#include "guest/abi.def"
#undef QUIESCE_EXPORT
#undef QUIESCE_IMPORT
    return nullptr;
  }
  if (module == "wasi_snapshot_preview1") return find_wasi(name, type);
  return nullptr;
}

const ImportHandler* engine_imports() {
  static const std::vector<ImportHandler> handlers = [] {
    std::vector<ImportHandler> found;
    for (std::uint32_t i = 0; i < engine_module().import_count; ++i) {
      const qw_import& import = engine_module().imports[i];
      found.push_back(find_import(import));
      if (!found.back())
        throw std::logic_error(std::string("the engine imports an unknown ") + import.name);
    }
    return found;
  }();
  return handlers.data();
}

}  // namespace quiesce::guest
