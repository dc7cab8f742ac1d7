#include "guest/reservation.hpp"

#include <sys/mman.h>

#include <new>

namespace quiesce::guest {

std::byte* Reservation::make() {
  void* const low =
      mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (low == MAP_FAILED) throw std::bad_alloc();
  return static_cast<std::byte*>(low) + kHeaderBytes;
}

void Reservation::give_back(std::byte* base) noexcept { munmap(base - kHeaderBytes, kBytes); }

}  // namespace quiesce::guest
