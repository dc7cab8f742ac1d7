// What is in a snapshot, read without running it: for `quiesce inspect` and `quiesce diff`.
//
//   const Contents contents = contents_of(file, load_snapshot(file, options), options);
//
// Every text is the guest's. The VM that is looked at is thrown away; nothing of the program runs
// in it, and what a damaged heap can do ends at a time limit. Throws Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/options.hpp"
#include "quiesce/vm.hpp"

namespace quiesce::cli {

/// A file or link that the snapshot knows of.
struct KnownFile {
  std::string path;
  std::string target;       // of a link
  std::uint64_t bytes = 0;  // of a file
  bool is_link = false;
  bool is_held = false;  // with its content: it can be read where nothing is mounted
  friend bool operator==(const KnownFile&, const KnownFile&) = default;
};

struct Contents {
  Contents(std::string name, Snapshot loaded, Time at)
      : file(std::move(name)), snapshot(std::move(loaded)), now(at) {}

  std::string file;
  Snapshot snapshot;
  Time now;
  std::optional<SealInfo> seal;
  std::string program;        // name of its file; empty: not started by this command line
  std::optional<Draws> drew;  // given: it is a start image, and no sleeper
  std::vector<PendingCall> calls;
  std::vector<Time> timers;
  std::vector<std::string> functions;
  std::vector<std::string> modules;
  std::vector<MountRecord> mounts;
  std::vector<KnownFile> files;
  std::vector<std::string> roots;    // without those of the command line
  std::vector<std::string> globals;  // without those that every VM has
  Waits waits;
  Census census;
};

/// Of a snapshot that was loaded from `file`.
Contents contents_of(const std::string& file, Snapshot snapshot, const Options& options);

/// The wait for this call; null: none.
const Wait* wait_of(const Waits& waits, std::uint64_t call);

}  // namespace quiesce::cli
