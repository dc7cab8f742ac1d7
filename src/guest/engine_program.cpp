#include "guest/engine_program.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "guest/imports.hpp"
#include "guest/slot.hpp"
#include "guest/wasi.hpp"
#include "quiesce/error.hpp"

extern "C" const qw_module quiesce_engine_module;
extern "C" const qw_engine quiesce_engine_about;

namespace quiesce::guest {
namespace {

template <class T>
constexpr char kLetter = std::is_void_v<T>                                            ? 'v'
                         : std::is_same_v<T, double>                                  ? 'd'
                         : sizeof(std::conditional_t<std::is_void_v<T>, int, T>) == 8 ? 'l'
                                                                                      : 'i';

template <class Result, class... Parameters>
std::string type_text() {
  std::string text;
  (text.push_back(kLetter<Parameters>), ...);
  return text + '>' + kLetter<Result>;
}

template <class Member>
struct Host;

template <class Result, class... Parameters>
struct Host<Result (Imports::*)(Parameters...)> {
  static std::string type() { return type_text<Result, Parameters...>(); }
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

using wire = std::uint64_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using f64 = double;

struct Row {
  std::string_view name;
  std::string type;
};

// In the order of Export.
std::vector<Row> rows() {
  return {
#define QUIESCE_EXPORT(result, name, ...) \
  {"q_" #name, type_text<result __VA_OPT__(, ) __VA_ARGS__>()},
#define QUIESCE_IMPORT(...)
#include "guest/abi.def"
#undef QUIESCE_EXPORT
#undef QUIESCE_IMPORT
  };
}

std::string_view name_of(const qw_export* item) noexcept { return item->name; }

// Those of guest/abi.def, sorted: a third of all, and looked at when every process begins.
std::vector<const qw_export*> ours_by_name(const qw_module& module) {
  std::vector<const qw_export*> ours;
  for (std::uint32_t i = 0; i < module.export_count; ++i)
    if (name_of(&module.exports[i]).starts_with("q_")) ours.push_back(&module.exports[i]);
  std::ranges::sort(ours, {}, name_of);
  return ours;
}

[[noreturn]] void refuse(const qw_engine& engine, const std::string& why) {
  throw Error(Errc::engine, std::string("engine ") + engine.sha256 + " cannot be used: " + why);
}

}  // namespace

const qw_export* find_export(const qw_module& module, std::string_view name) noexcept {
  const qw_export* const end = module.exports + module.export_count;
  const qw_export* const found =
      std::find_if(module.exports, end, [&](const qw_export& item) { return item.name == name; });
  return found == end ? nullptr : found;
}

EngineProgram::EngineProgram(const qw_engine& engine, const qw_module& module,
                             std::shared_ptr<const void> library, std::filesystem::path file)
    : library_(std::move(library)), engine_(engine), module_(module), file_(std::move(file)) {
  for (u32 i = 0; i < module.import_count; ++i) {
    imports_.push_back(find_import(module.imports[i]));
    if (imports_.back() == nullptr) {
      refuse(engine, std::string("it asks its host for ") + module.imports[i].name + " (" +
                         module.imports[i].type + "), which this Quiesce does not have: it is " +
                         "newer; use the Quiesce that it came with, or a later one");
    }
  }
  const std::vector<Row> table = rows();
  const std::vector<const qw_export*> exports = ours_by_name(module);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto found = std::ranges::lower_bound(exports, table[i].name, {}, name_of);
    if (found != exports.end() && name_of(*found) == table[i].name &&
        (*found)->type == table[i].type) {
      entries_[i] = (*found)->entry;
    }
  }
  for (const Export needed : {Export::initialize, Export::shared, Export::start, Export::wake,
                              Export::rest, Export::set_limits, Export::fuel}) {
    if (entry(needed) == nullptr) {
      refuse(engine, "it has no " + std::string(table[static_cast<std::size_t>(needed)].name) +
                         " (" + table[static_cast<std::size_t>(needed)].type +
                         "), without which no VM lives");
    }
  }
}

const std::shared_ptr<const EngineProgram>& EngineProgram::built_in() {
  // Never destroyed: VMs that are static may be entered later than anything of ours.
  static const auto* const program = new std::shared_ptr<const EngineProgram>(
      std::make_shared<EngineProgram>(quiesce_engine_about, quiesce_engine_module));
  return *program;
}

std::string_view engine_sha256() noexcept { return quiesce_engine_about.sha256; }

const BaseImage& base_image() { return EngineProgram::built_in()->base_image(); }

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

}  // namespace quiesce::guest
