// An engine that this process can run: its native code, what answers its imports, where its exports
// are, and the base image that its VMs begin as.
//
//   const EngineProgram& engine = *EngineProgram::built_in();
//   Instance guest(engine, imports, memory_bytes_max);
//
// One is linked in; others are libraries (engine_library.hpp). An engine of another build is met by
// name: what it exports under another signature than guest/abi.def has, or does not export, is not
// there, and every other function works. Immutable but for the base image, which is made when it is
// first asked for; thread safe. Whoever runs code of an engine, or looks at its base image, holds
// on to it: a library goes away with the last who does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "guest/memory_image.hpp"
#include "guest/sandbox.hpp"
#include "guest/wasm2c_abi.h"

namespace quiesce::guest {

/// The rows of guest/abi.def, in their order.
enum class Export : std::uint32_t {
#define QUIESCE_EXPORT(result, name, ...) name,
#define QUIESCE_IMPORT(...)
#include "guest/abi.def"
#undef QUIESCE_EXPORT
#undef QUIESCE_IMPORT
  count
};

/// The linear memory just after initialisation, before user code: made once per engine, never
/// changed.
struct BaseImage {
  const MemoryImage& memory;  // for copy-on-write views
  const std::byte* bytes;     // a read-only view of it
  std::uint64_t size;
  std::uint32_t stack_low;  // the guest stack is [stack_low, stack_pointer): dead when nothing runs
  std::uint32_t stack_pointer;
  std::uint32_t shared;  // address of q_shared
};

class EngineProgram {
 public:
  /// The one that the build linked in; never destroyed.
  static const std::shared_ptr<const EngineProgram>& built_in();

  /// `library` keeps the module where it is; `file` says where that came from. Throws Errc::engine
  /// when it imports what nobody here answers, or lacks what no VM can live without.
  EngineProgram(const qw_engine& engine, const qw_module& module,
                std::shared_ptr<const void> library = nullptr, std::filesystem::path file = {});
  EngineProgram(const EngineProgram&) = delete;
  EngineProgram& operator=(const EngineProgram&) = delete;

  std::string_view sha256() const noexcept { return engine_.sha256; }
  const qw_engine& about() const noexcept { return engine_; }
  const std::filesystem::path& file() const noexcept { return file_; }  // empty: linked in
  const qw_module& module() const noexcept { return module_; }
  /// One handler per import, in the module's order. Their `host` is an Imports.
  const ImportHandler* imports() const noexcept { return imports_.data(); }
  /// Null: this engine has no such export.
  qw_entry entry(Export row) const noexcept { return entries_[static_cast<std::size_t>(row)]; }

  /// Thread safe; throws Trap or std::bad_alloc if it cannot be made.
  const BaseImage& base_image() const;

 private:
  struct Base {
    std::unique_ptr<const MemoryImage> memory;
    BaseImage image;
  };

  std::shared_ptr<const void> library_;  // first, so that it goes last
  const qw_engine& engine_;
  const qw_module& module_;
  std::filesystem::path file_;
  std::vector<ImportHandler> imports_;
  std::array<qw_entry, static_cast<std::size_t>(Export::count)> entries_{};
  mutable std::once_flag base_made_;
  mutable std::optional<const Base> base_;
};

/// Of the engine that is linked in.
const BaseImage& base_image();
std::string_view engine_sha256() noexcept;

/// What answers this import of a module; nullptr if it is one of "quiesce" that is not in the
/// table, or has another signature. Everything of WASI that is not supported is refused.
ImportHandler find_import(const qw_import& import);

/// The function that a module exports under this name; null: none.
const qw_export* find_export(const qw_module& module, std::string_view name) noexcept;

}  // namespace quiesce::guest
