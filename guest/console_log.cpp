// The one place where the console leaves the guest.
#include "console.hpp"
#include "exports.hpp"

namespace quiesce::guest {

void write_log(uint32_t level, const char* utf8, size_t bytes) {
  host_log(level, reinterpret_cast<u32>(utf8), static_cast<u32>(bytes));
}

}  // namespace quiesce::guest
