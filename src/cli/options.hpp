// The command line, read into one struct.
//
//   const Options options = parse_arguments({"run", "--timeout", "5s", "order.js", "17"});
//
// Throws UsageError for what makes no sense and HelpRequest when help or the version is asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/failure.hpp"
#include "quiesce/host.hpp"
#include "quiesce/limits.hpp"
#include "quiesce/trust.hpp"

namespace quiesce::cli {

enum class Command : std::uint8_t {
  eval,
  run,
  resume,
  inspect,
  resolve,
  diff,
  engines,
  key,
  image
};

/// Limits that were given; the others keep the value of `Limits`, or of the snapshot.
struct LimitOptions {
  std::optional<std::uint64_t> memory_bytes;
  std::optional<std::uint32_t> stack_bytes;
  std::optional<std::chrono::nanoseconds> time;
  std::optional<std::uint64_t> fuel;

  bool any() const { return memory_bytes || stack_bytes || time || fuel; }
  Limits over(Limits limits) const;
};

/// What a program sees of the world besides its calls.
struct WorldOptions {
  std::optional<Time> clock;          // given: time stands still, and timers move it
  std::optional<std::uint64_t> seed;  // given: Math.random and the like follow from it
  std::string timezone = "UTC";
};

/// One --mount: the folder of this machine that a program sees at `path`.
struct MountOption {
  std::string path;
  std::filesystem::path folder;
};

/// What a program finds when it imports.
struct ModuleOptions {
  std::vector<MountOption> mounts;  // none: the current folder, or that of the program
  std::vector<std::filesystem::path> import_maps;  // merged, the first counts most
  std::vector<std::string> conditions;
  bool lenient = false;
  bool fs = false;               // node:fs can be imported
  std::vector<std::string> env;  // NAME=VALUE, for process.env
};

/// One --resolve or --reject. The JSON is read later, by the engine that has to agree with it.
struct Settlement {
  std::uint64_t id;
  std::string json;
  bool reject;
  std::string option() const { return reject ? "--reject" : "--resolve"; }
};

/// quiesce key ACTION FILE.
struct KeyOptions {
  bool only_public = false;     // the action `public`, otherwise `new`
  std::optional<KeyKind> kind;  // of a new one
  std::string id;               // of a new one; empty: by chance
};

struct Options {
  Command command{};
  std::string input;                   // the code, the file or the snapshot; "-" is standard input
  bool has_input = true;               // false: run --image without a FILE
  std::vector<std::string> arguments;  // of the program
  std::optional<std::filesystem::path> suspend_to;
  std::optional<std::filesystem::path> relative_to;  // the snapshot that the new one builds on
  bool whole = false;                                // the new one holds all of its memory
  std::optional<std::filesystem::path> ancestors;    // the folder of those that a snapshot needs
  std::vector<std::filesystem::path> engines;        // folders to look for engines in
  std::vector<SealKey> keys;  // --key: what snapshots are, and have to be, sealed with
  KeyOptions key;
  std::optional<std::filesystem::path> image;   // run: the start image that the VM is made from
  std::optional<std::filesystem::path> output;  // image build: where it is written
  bool strict = false;  // image build: nothing is drawn from clock or entropy
  std::vector<Settlement> settlements;
  bool json = false;
  std::optional<std::filesystem::path> html;  // inspect, diff: where the page is written
  std::string other;                          // diff: the later of the two
  std::string from;                           // resolve: the file that imports
  bool require = false;                       // resolve: as require() does
  ModuleOptions modules;
  LimitOptions limits;
  WorldOptions world;
};

/// --help or --version: `text` is for standard output, and the status is 0.
struct HelpRequest {
  std::string text;
};

/// `arguments` without the name of the program.
Options parse_arguments(std::vector<std::string> arguments);

}  // namespace quiesce::cli
