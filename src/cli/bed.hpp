// Where a program goes to sleep: --suspend-to, --relative-to, --ancestors and --key.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/options.hpp"
#include "quiesce/snapshot.hpp"

namespace quiesce::cli {

class Bed {
 public:
  Bed(std::filesystem::path file, std::optional<Snapshot> earlier, Seal seal = {})
      : file_(std::move(file)), earlier_(std::move(earlier)), seal_(std::move(seal)) {}

  /// Throws Errc::io if the file cannot be written.
  void save(const Snapshot& snapshot) const;

 private:
  std::filesystem::path file_;
  std::optional<Snapshot> earlier_;
  Seal seal_;
};

/// What is written with --key: signed with the first key that signs, encrypted with the first that
/// encrypts. Refuses keys that would write what they could not read.
Seal seal_of_keys(const Options& options);

/// With those that it is relative to, which lie beside it or in --ancestors. Each has to be sealed
/// with what --key names.
Snapshot load_snapshot(const std::filesystem::path& file, const Options& options);

/// For the start image that is made: --output. Refuses as bed_for does.
Bed bed_for_image(const Options& options);

/// Nothing: the program is not to sleep. `woken`: the snapshot that is resumed, or the image.
/// Refuses, before anything runs, a place where no snapshot could be written, one where it would
/// replace something that is no snapshot, such as the program itself, and one whose snapshot it
/// would need.
std::optional<Bed> bed_for(const Options& options, const Snapshot* woken = nullptr);

}  // namespace quiesce::cli
