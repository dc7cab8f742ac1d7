// The other engine that the build makes for tests (cmake/EngineLibrary.cmake), as a library.
//
//   VM vm(load_older_engine());
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "quiesce/engines.hpp"
#include "test_build.h"

namespace quiesce {

inline const std::filesystem::path kOlderEngines = QUIESCE_TEST_OLDER_ENGINES;

/// The only engine in one of the build's folders.
inline std::filesystem::path engine_in(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".so") return entry.path();
  throw std::logic_error("the build made no engine in " + folder.string());
}
inline std::filesystem::path older_engine() { return engine_in(kOlderEngines); }
inline Engine load_older_engine() { return Engine::load(older_engine()); }

}  // namespace quiesce
