// The allocator below QuickJS: the C library's, with the memory limit.
//
// QuickJS asks for memory in slabs of 4 KiB and large blocks. When the limit strikes it makes an
// InternalError "out of memory"; for that moment a little more than the limit is granted, and when
// even the linear memory is full, a reserve is given up. So the program gets an error it can catch.
#pragma once

#include "machine.hpp"

extern const JSMallocFunctions kGuestAllocator;

/// After a shortage: collects the cycles that the failed program left, takes the reserve again.
void recover_memory();

/// Tells whether a request was refused while it lives: QuickJS overlooks some of them, or reports
/// something else than what happened.
class Shortage {
 public:
  Shortage() : before_(machine.memory.is_short) { machine.memory.is_short = false; }
  Shortage(const Shortage&) = delete;
  Shortage& operator=(const Shortage&) = delete;
  ~Shortage() { machine.memory.is_short |= before_; }
  bool happened() const { return machine.memory.is_short; }

 private:
  bool before_;
};
