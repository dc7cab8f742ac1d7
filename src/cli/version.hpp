// Which Quiesce this is.
#pragma once

#include <string>

namespace quiesce::cli {

/// Version, engine, QuickJS and wall, one per line, as `quiesce --version` prints them.
std::string version_text();

}  // namespace quiesce::cli
