// D4: start images through the C interface.
#include <gtest/gtest.h>

#include "c/c_testing.hpp"

namespace {

using C = CTest;

TEST_F(C, StartImages) {
  eval("globalThis.first = Math.random(); quiesce.call('ask')");
  quiesce_snapshot* image = nullptr;
  EXPECT_EQ(quiesce_vm_start_image(vm(), &image), QUIESCE_BUSY);
  OK(quiesce_vm_settle_json(vm(), 1, "7", 1, QUIESCE_RESOLVE));
  OK(quiesce_vm_run_until_idle(vm()));
  OK(quiesce_vm_start_image(vm(), &image));
  int is_image = 0;
  OK(quiesce_snapshot_is_image(image, &is_image));
  EXPECT_EQ(is_image, 1);
  quiesce_snapshot* sleeper = nullptr;
  OK(quiesce_vm_snapshot(vm(), &sleeper));
  OK(quiesce_snapshot_is_image(sleeper, &is_image));
  EXPECT_EQ(is_image, 0);
  quiesce_vm* started = nullptr;
  OK(quiesce_vm_restore(host_, image, nullptr, &started));
  quiesce_buffer* text = nullptr;
  OK(quiesce_vm_draws(started, &text));
  EXPECT_EQ(taken(text).substr(0, 17), "Math.random: once");
  OK(quiesce_vm_free(started));
  for (quiesce_snapshot* snapshot : {image, sleeper}) OK(quiesce_snapshot_free(snapshot));
}

}  // namespace
