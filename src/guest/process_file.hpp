// A descriptor of a file that speaks of the process which opened it, as /proc/self/pagemap does.
//
//   constinit ProcessFile g_pagemap;
//   const int file = g_pagemap.get([] { return open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
//   });
//
// It stays open, for opening costs more than most questions. The child of a fork would ask about
// its parent with it: there the descriptor is forgotten, and another opened. Lock-free, so that a
// child of a process with threads cannot find it locked. Thread safe.
#pragma once

#include <atomic>

namespace quiesce::guest {

class ProcessFile {
 public:
  /// The descriptor; `open` makes it when there is none, and says -1 if it cannot. -1: no file.
  int get(int (*open)()) noexcept;
  /// It turned out that `file` is not what was opened: somebody closed it, and it may be anything
  /// now.
  void forget(int file) noexcept;

 private:
  using Cell = std::atomic<int>;  // descriptor + 1, as the system clears it for children

  Cell* cell() noexcept;

  std::atomic<Cell*> cell_{nullptr};
};

}  // namespace quiesce::guest
