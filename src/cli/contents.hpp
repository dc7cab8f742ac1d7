// What is in a snapshot, read without running it: for `quiesce inspect` and `quiesce diff`.
//
//   const Contents contents = read_contents(options.input, options);
//
// Every text is the guest's. The VM that is looked at is thrown away; nothing of the program runs
// in it, and what a damaged heap can do ends at a time limit. Throws as Snapshot::load does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "quiesce/start_image.hpp"
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
  Contents(std::string name, Snapshot loaded, Time at);

  std::string file;
  Snapshot snapshot;
  std::optional<SealInfo> seal;
  Time now;
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

Contents read_contents(const std::string& file, const Options& options);

}  // namespace quiesce::cli
