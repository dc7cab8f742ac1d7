// A limit of the process that is tighter for a while.
//
//   const WithLimit none(RLIMIT_NOFILE, 0);   // no descriptor can be had, to the end of the block
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace quiesce {

class WithLimit {
 public:
  WithLimit(__rlimit_resource what, rlim_t soft) : what_(what) {
    EXPECT_EQ(getrlimit(what, &before_), 0);
    const rlimit tight{soft, before_.rlim_max};
    EXPECT_EQ(setrlimit(what, &tight), 0);
  }
  ~WithLimit() { setrlimit(what_, &before_); }
  WithLimit(const WithLimit&) = delete;
  WithLimit& operator=(const WithLimit&) = delete;

 private:
  const __rlimit_resource what_;
  rlimit before_{};
};

}  // namespace quiesce
