// Time zones by name, for `--timezone`.
#pragma once

#include <string>

#include "quiesce/host.hpp"

namespace quiesce::cli {

/// UTC, an offset such as +02:00, a name of the IANA data base such as Europe/Berlin, or `local`
/// for the zone of this machine. Throws UsageError when there is none of that name.
Timezone make_timezone(const std::string& name);

}  // namespace quiesce::cli
