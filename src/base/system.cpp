#include "base/system.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

#include "quiesce/error.hpp"

namespace quiesce::base {

std::chrono::sys_time<std::chrono::nanoseconds> system_clock_now() noexcept {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

void system_entropy(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::getrandom(bytes.data(), bytes.size(), 0);  // long requests may come back short
    if (count < 0) {
      if (errno == EINTR) continue;
      throw Error(Errc::resources,
                  "cannot get random bytes: " + std::generic_category().message(errno));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace quiesce::base
