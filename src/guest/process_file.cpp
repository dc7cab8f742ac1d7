#include "guest/process_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace quiesce::guest {

// In a page of its own that is all zero in a child. Never given back: what lives as long as the
// process has nobody to do it.
ProcessFile::Cell* ProcessFile::cell() noexcept {
  constexpr std::size_t kPage = 4096;
  if (Cell* const known = cell_.load(std::memory_order_acquire)) return known;
  void* const page =
      mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return nullptr;
  Cell *mine = static_cast<Cell*>(page), *theirs = nullptr;
  if (madvise(page, kPage, MADV_WIPEONFORK) == 0 && cell_.compare_exchange_strong(theirs, mine))
    return mine;
  munmap(page, kPage);
  return theirs;
}

int ProcessFile::get(int (*open)()) noexcept {
  Cell* const cell = this->cell();
  if (!cell) return -1;
  int known = cell->load(std::memory_order_acquire);
  if (known != 0) return known - 1;
  const int file = open();
  if (file < 0 || cell->compare_exchange_strong(known, file + 1)) return file;
  close(file);  // another thread was faster
  return known - 1;
}

void ProcessFile::forget(int file) noexcept {
  int known = file + 1;
  if (Cell* const cell = this->cell()) cell->compare_exchange_strong(known, 0);
}

}  // namespace quiesce::guest
