// Which engines the command line knows: the built-in one, and the libraries in the folders of
// --engines, of the environment variable QUIESCE_ENGINES, and beside the program itself.
#pragma once

#include "cli/options.hpp"
#include "quiesce/engines.hpp"

namespace quiesce::cli {

/// Those folders, in the order in which they are looked into. Not all of them need exist.
void add_folders(Engines& engines, const Options& options);

}  // namespace quiesce::cli
