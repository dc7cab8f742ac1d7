// What of this process is in memory.
#pragma once

namespace bench {

/// Each page counted once, however many VMs show it, and the page tables: what Linux calls Pss and
/// VmPTE. (Its Rss counts a page again for each VM that shows it.)
double resident_bytes();

}  // namespace bench
