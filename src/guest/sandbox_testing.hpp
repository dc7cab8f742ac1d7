// For tests: a sandbox with the module of sandbox_test.wat, whose functions are called by name.
#pragma once

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "guest/engine_program.hpp"
#include "guest/imports.hpp"
#include "guest/sandbox.hpp"
#include "guest/slot.hpp"

extern "C" const qw_module quiesce_probe_module;

namespace quiesce::guest::testing {

/// The world of a test: what `tell` and `call` do, and what was written.
class World : public Imports {
 public:
  std::function<void(std::uint32_t)> on_tell = [](std::uint32_t) {};
  std::function<std::uint64_t(std::uint32_t, std::uint64_t, double)> on_call;
  std::string written;

  std::uint64_t host_call(std::uint32_t, std::uint64_t, std::uint32_t, std::uint32_t) override {
    return 0;
  }
  void host_log(std::uint32_t, std::uint32_t, std::uint32_t) override {}
  std::uint32_t host_interrupt() override { return 0; }
  std::int32_t host_timezone_offset(double) override { return 0; }
  void host_settled(std::uint64_t, std::uint32_t, std::uint64_t) override {}
  std::uint64_t clock_ns() override { return 0; }
  void random(std::span<std::byte>) override {}
  void write(bool to_stderr, std::span<const std::byte> text) override {
    written += to_stderr ? "err:" : "out:";
    written.append(reinterpret_cast<const char*>(text.data()), text.size());
  }
};

inline const ImportHandler* probe_imports() {
  static const std::vector<ImportHandler> handlers = [] {
    std::vector<ImportHandler> found;
    for (std::uint32_t i = 0; i < quiesce_probe_module.import_count; ++i) {
      const qw_import& import = quiesce_probe_module.imports[i];
      const std::string_view name = import.name;
      if (name == "tell") {
        found.push_back([](Sandbox&, void* host, std::uint64_t* slots) {
          static_cast<World*>(static_cast<Imports*>(host))
              ->on_tell(from_slot<std::uint32_t>(slots[0]));
        });
      } else if (name == "call") {
        found.push_back([](Sandbox&, void* host, std::uint64_t* slots) {
          slots[0] = static_cast<World*>(static_cast<Imports*>(host))
                         ->on_call(from_slot<std::uint32_t>(slots[0]), slots[1],
                                   from_slot<double>(slots[2]));
        });
      } else {
        found.push_back(find_import(import));
      }
    }
    return found;
  }();
  return handlers.data();
}

/// A guest and its world. Not movable: the guest knows where its world is.
struct Probe {
  static constexpr std::uint64_t kMemoryMax = 8 * LinearMemory::kWasmPageBytes;

  explicit Probe(std::uint64_t memory_bytes_max = kMemoryMax)
      : sandbox(quiesce_probe_module, probe_imports(), static_cast<Imports*>(&world),
                memory_bytes_max) {}

  template <class Result = void, class... Parameters>
  Result call(std::string_view name, Parameters... parameters) {
    std::uint64_t slots[QW_SLOTS_MAX] = {to_slot(parameters)...};
    sandbox.enter(entry(name), slots);
    if constexpr (!std::is_void_v<Result>) return from_slot<Result>(slots[0]);
  }
  /// How the call traps; `none` if it does not.
  template <class... Parameters>
  TrapKind trap_of(std::string_view name, Parameters... parameters) {
    try {
      call(name, parameters...);
      return TrapKind::none;
    } catch (const Trap& trap) {
      return trap.kind();
    }
  }

  static qw_entry entry(std::string_view name) {
    for (std::uint32_t i = 0; i < quiesce_probe_module.export_count; ++i) {
      if (quiesce_probe_module.exports[i].name == name)
        return quiesce_probe_module.exports[i].entry;
    }
    throw std::logic_error("no such export: " + std::string(name));
  }

  World world;
  Sandbox sandbox;
};

}  // namespace quiesce::guest::testing
