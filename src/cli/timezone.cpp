#include "cli/timezone.hpp"

#include <cctz/time_zone.h>

#include "cli/failure.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

Timezone from_zone(const cctz::time_zone& zone) {
  return [zone](Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    const auto lookup = zone.lookup(cctz::time_point<cctz::seconds>(seconds));
    return std::chrono::floor<std::chrono::minutes>(std::chrono::seconds(lookup.offset));
  };
}

}  // namespace

Timezone make_timezone(const std::string& name) {
  if (name == "UTC") return [](Time) { return std::chrono::minutes(0); };
  if (const auto offset = parse_utc_offset(name)) return [offset](Time) { return *offset; };
  if (name == "local") return from_zone(cctz::local_time_zone());
  cctz::time_zone zone;
  if (!name.empty() && cctz::load_time_zone(name, &zone)) return from_zone(zone);
  throw UsageError("there is no time zone '" + name +
                   "'; write UTC, +02:00, local, or a name such as Europe/Berlin (the system's "
                   "package tzdata has them)");
}

}  // namespace quiesce::cli
