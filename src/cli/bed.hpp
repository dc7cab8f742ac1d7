// Where a program goes to sleep: --suspend-to, --relative-to, --whole and --key.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/options.hpp"
#include "quiesce/snapshot.hpp"

namespace quiesce::cli {

class Bed {
 public:
  /// Stored as VM::snapshot has it, or whole.
  Bed(std::filesystem::path file, SnapshotForm form, Seal seal)
      : file_(std::move(file)), form_(form), seal_(std::move(seal)) {}
  /// Stored as what has changed since `earlier`.
  Bed(std::filesystem::path file, Snapshot earlier, Seal seal)
      : Bed(std::move(file), SnapshotForm::delta, std::move(seal)) {
    earlier_ = std::move(earlier);
  }

  /// Throws Errc::io if the file cannot be written.
  void save(const Snapshot& snapshot) const;

 private:
  std::filesystem::path file_;
  SnapshotForm form_;
  std::optional<Snapshot> earlier_;
  Seal seal_;
};

/// For the start image that is made: --output. Refuses as bed_for does.
Bed bed_for_image(const Options& options);

/// Nothing: the program is not to sleep. `woken`: the snapshot that is resumed, or the image.
/// Refuses, before anything runs, a place where no snapshot could be written, one where it would
/// replace something that is no snapshot, such as the program itself, and one whose snapshot it
/// would need.
std::optional<Bed> bed_for(const Options& options, const Snapshot* woken = nullptr);

}  // namespace quiesce::cli
