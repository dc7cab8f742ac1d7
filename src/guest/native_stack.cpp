#include "guest/native_stack.hpp"

#include <sys/mman.h>

#include "quiesce/error.hpp"

namespace quiesce::guest {
namespace {

constexpr std::size_t kPooledMax = 4;
// A deep recursion should not hold memory for ever: of a stack in the pool, what is beyond
// kKeptBytes goes back to the system. Looking costs a system call, hence only at every
// kUsesPerLook-th use.
constexpr std::size_t kKeptBytes = 256u << 10;
constexpr unsigned kUsesPerLook = 1024;

void unmap(std::byte* low) noexcept {
  munmap(low - StackLease::kGuardBytes, StackLease::kGuardBytes + StackLease::kStackBytes);
}

// Plain data, so that it is usable while other objects of the thread are destroyed; what empties it
// then is another object.
struct Pool {
  std::byte* free[kPooledMax];
  std::size_t count;
  unsigned uses;
};
constinit thread_local Pool t_pool{};

struct Emptier {
  bool armed = false;
  ~Emptier() {
    while (t_pool.count > 0) unmap(t_pool.free[--t_pool.count]);
  }
};
thread_local Emptier t_emptier;

[[noreturn]] void refuse() {
  throw Error(Errc::resources,
              "the system refused the memory of a stack for guests on this thread");
}

std::byte* map() {
  void* const guard = mmap(nullptr, StackLease::kGuardBytes + StackLease::kStackBytes, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (guard == MAP_FAILED) refuse();
  std::byte* const low = static_cast<std::byte*>(guard) + StackLease::kGuardBytes;
  if (mprotect(low, StackLease::kStackBytes, PROT_READ | PROT_WRITE) != 0) {
    unmap(low);
    refuse();
  }
  return low;
}

}  // namespace

StackLease::StackLease() : low_(t_pool.count > 0 ? t_pool.free[--t_pool.count] : map()) {}

StackLease::~StackLease() {
  if (t_pool.count == kPooledMax) {
    unmap(low_);
    return;
  }
  if (t_pool.uses++ % kUsesPerLook == 0) {
    t_emptier.armed = true;  // constructs it, so that it is destroyed
    give_back_depth();
  }
  t_pool.free[t_pool.count++] = low_;
}

void StackLease::give_back_depth() noexcept {
  unsigned char resident = 0;
  std::byte* const kept = high() - kKeptBytes;
  // The stack grew page by page: the first one beyond tells of the others.
  if (mincore(kept - 4096, 1, &resident) == 0 && (resident & 1) == 0) return;
  madvise(low_, kStackBytes - kKeptBytes, MADV_DONTNEED);
}

}  // namespace quiesce::guest
