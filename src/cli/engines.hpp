// Which engines the command line knows: the built-in one, and the libraries in the folders of
// --engines, of the environment variable QUIESCE_ENGINES, and beside the program itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "quiesce/engines.hpp"

namespace quiesce::cli {

/// In the order in which they are looked into. Not all of them need exist.
std::vector<std::filesystem::path> engine_folders(const Options& options);
void add_folders(Engines& engines, const Options& options);

/// What `inspect` prints of a snapshot whose engine cannot be had. Nothing: it can, or the file is
/// no snapshot, which whoever loads it is told.
std::optional<std::string> header_alone(const Options& options);

}  // namespace quiesce::cli
