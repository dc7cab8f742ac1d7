// What sleep and waking are required to cost.
#pragma once

namespace bench {

enum class Care : unsigned char {
  full,
  quick
};  // quick: fewer turns and VMs, to see that it works

/// Prints {"name":…,"value":…,"unit":…} for each figure; docs/performance.md says what each holds.
/// Of fewer than 10,000 VMs or 1,000 forks, what so many would come to.
void print_required(Care care);

}  // namespace bench
