// The allocator below QuickJS: the C library's, with the memory limit.
//
// QuickJS asks for memory in slabs of 4 KiB and large blocks. When the limit strikes it makes an
// InternalError "out of memory"; for that moment a little more than the limit is granted, and when
// even the linear memory is full, a reserve is given up. So the program gets an error it can catch.
#pragma once

#include "quickjs.h"

extern const JSMallocFunctions kGuestAllocator;

/// After a shortage: collects the cycles that the failed program left, takes the reserve again.
void recover_memory();
