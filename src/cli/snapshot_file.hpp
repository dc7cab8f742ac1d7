// Snapshots that the command line is given, read as --ancestors, --engines and --key say.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/options.hpp"
#include "quiesce/snapshot.hpp"

namespace quiesce::cli {

/// With those that it is relative to, which lie beside it or in --ancestors. Each has to be sealed
/// with what --key names.
Snapshot load_snapshot(const std::filesystem::path& file, const Options& options);

/// What one says of itself that was not loaded, perhaps for want of its engine. Nothing: another
/// thing is wrong with it, which the error of load_snapshot tells; or it came through a pipe, and
/// is gone.
std::optional<SnapshotHeader> header_of(const std::filesystem::path& file);

/// What the outside of one says, once it was loaded with keys that fit.
std::optional<SealInfo> seal_of_file(const std::filesystem::path& file);

}  // namespace quiesce::cli
