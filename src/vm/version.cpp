#include "quiesce/version.hpp"

#include "guest/instance.hpp"

namespace quiesce {

std::string_view version() noexcept { return QUIESCE_VERSION; }
std::string_view quickjs_version() noexcept { return QUIESCE_QUICKJS_VERSION; }
std::string_view engine() noexcept { return guest::engine_sha256(); }
std::string_view wall() noexcept { return QUIESCE_WALL; }

}  // namespace quiesce
