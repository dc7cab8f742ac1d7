// D2: snapshots with all of their memory, through the C interface.
#include <gtest/gtest.h>

#include <string>

#include "c/c_testing.hpp"

namespace {

using C = CTest;

TEST_F(C, SnapshotsAsAWhole) {
  eval("globalThis.x = 'here'");
  quiesce_snapshot* small = nullptr;
  OK(quiesce_vm_snapshot(vm(), &small));
  quiesce_snapshot* whole = nullptr;
  OK(quiesce_snapshot_whole(small, &whole));
  quiesce_buffer* bytes = nullptr;
  OK(quiesce_snapshot_to_bytes(small, &bytes));
  const std::size_t small_bytes = taken(bytes).size();
  OK(quiesce_snapshot_to_bytes(whole, &bytes));
  const std::string content = taken(bytes);
  EXPECT_GT(content.size(), 2 * small_bytes);
  quiesce_snapshot* again = nullptr;
  OK(quiesce_snapshot_from_bytes(content.data(), content.size(), QUIESCE_UNLIMITED, &again));
  quiesce_buffer* digest = nullptr;
  quiesce_buffer* expected = nullptr;
  OK(quiesce_snapshot_content_digest(again, &digest));
  OK(quiesce_snapshot_content_digest(small, &expected));
  EXPECT_EQ(taken(digest), taken(expected));
  for (quiesce_snapshot* snapshot : {small, whole, again}) OK(quiesce_snapshot_free(snapshot));
  EXPECT_EQ(quiesce_snapshot_whole(small, &whole), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_snapshot_whole(nullptr, nullptr), QUIESCE_INVALID_ARGUMENT);
}

}  // namespace
