// What sleep and waking cost against what there is: megabytes of heap, changed pages, live VMs.
#pragma once

#include "sleep/required.hpp"

namespace bench {

/// Prints {"curve":…,"x":…,"name":…,"value":…,"unit":…} for each point.
void print_curves(Care care);

}  // namespace bench
