// The engines that a program knows. A snapshot belongs to one engine, and every Quiesce has one
// built in; others are libraries named by their hash, so that what fell asleep before an upgrade
// can be woken after it.
//
//   quiesce::Engines engines;                          // the built-in one
//   engines.add_folder("/usr/lib/quiesce/engines");    // and quiesce-engine-<SHA-256>.so in there
//   quiesce::VM vm{host, quiesce::Snapshot::load("order.qsnap", {.engines = &engines})};
//
// A VM runs in the engine of its snapshot and falls asleep in it again. Any number of engines may
// run at once, on any threads.
//
// Loading an engine runs its native code with all rights of this process: name only folders and
// files that nobody can write to whom you would not let change the program itself. A library is
// looked at before it is loaded (name, format, architecture, interface), but no hash can prove what
// native code does.
//
// Ownership: the registry is yours; there is none in the library. Engines are values that share
// what they name: code stays loaded as long as an Engine, a VM or a Snapshot needs it.
// Thread safety: Engine and Engines may be used by many threads. Errors: Errc::engine says what is
// wrong with a library and what to do, Errc::io that a file cannot be read. Sizes are in bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quiesce/error.hpp"

namespace quiesce {

namespace detail {
struct EngineParts;
class Ancestors;
}  // namespace detail

/// What is known of an engine without running it.
struct EngineInfo {
  /// SHA-256 of the engine, hexadecimal: what Snapshot::engine says. Of a file that is no engine,
  /// what its name says.
  std::string sha256;
  /// Of QuickJS-NG inside it: "0.17.0".
  std::string quickjs_version;
  /// What host and engine call each other by. Those of another version cannot be used.
  std::uint32_t interface_version = 0;
  /// Size of the WebAssembly that it was made of.
  std::uint64_t wasm_bytes = 0;
  /// Its library; empty: built in.
  std::filesystem::path file = {};
  /// Size of that; 0: built in.
  std::uint64_t file_bytes = 0;
  /// Why it cannot be used; empty: it can.
  std::string problem = {};
};

/// One engine that VMs can run in.
class Engine {
 public:
  /// The one that this program was built with.
  static Engine built_in();
  /// Loads a library, whose name must be Engines::file_name of what it is. Its code runs: see
  /// above. Throws Errc::engine or Errc::io.
  static Engine load(const std::filesystem::path& file);

  /// SHA-256, hexadecimal: its name.
  std::string sha256() const;
  /// All that there is to say of it.
  EngineInfo info() const;

 private:
  friend class Bytecode;
  friend class Engines;
  friend class VM;
  friend class detail::Ancestors;
  explicit Engine(std::shared_ptr<const detail::EngineParts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const detail::EngineParts> parts_;
};

/// A registry of engines: the built-in one, libraries, and folders in which to look for more.
class Engines {
 public:
  /// With the built-in engine.
  Engines();
  ~Engines();
  Engines(const Engines&) = delete;
  Engines& operator=(const Engines&) = delete;

  /// "quiesce-engine-<SHA-256>.so": what the library of an engine is called.
  static std::string file_name(std::string_view sha256);

  /// Loads this library now, and knows it from then on. Throws Errc::engine or Errc::io.
  Engine add_file(const std::filesystem::path& file);
  /// Looks there for engines that are needed; opens nothing now. The folder need not exist.
  void add_folder(std::filesystem::path folder);

  /// By Engine::sha256. What a folder has is loaded when it is first asked for. Nothing: it is
  /// neither built in nor added, and no folder has a file of its name. Throws Errc::engine or
  /// Errc::io if a folder has one that cannot be used.
  std::optional<Engine> find(std::string_view sha256) const;
  /// The built-in engine first, then the libraries that are loaded, then what else the folders
  /// have, by name; of libraries of one name the first. Loads nothing: files are only looked at.
  std::vector<EngineInfo> list() const;
  /// In the order in which they were added.
  std::vector<std::filesystem::path> folders() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace quiesce
