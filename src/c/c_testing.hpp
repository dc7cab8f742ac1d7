// What tests of the C interface share: a host with a clock that stands, one VM, values that are
// freed at the end.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "quiesce.h"

#define OK(call) ASSERT_EQ(call, QUIESCE_OK) << quiesce_last_error_text(nullptr)

inline std::string taken(quiesce_buffer* buffer) {
  size_t length = 0;
  const char* data = quiesce_buffer_data(buffer, &length);
  std::string text = data == nullptr ? "(no buffer)" : std::string(data, length);
  EXPECT_EQ(quiesce_buffer_free(buffer), QUIESCE_OK);
  return text;
}

class CTest : public testing::Test {
 protected:
  void SetUp() override {
    OK(quiesce_host_new(&host_));
    OK(quiesce_host_fixed_clock(host_, 1'767'225'600'000'000'000));
    OK(quiesce_host_seeded_entropy(host_, 1));
  }
  void TearDown() override {
    for (quiesce_value* value : values_) EXPECT_EQ(quiesce_value_free(value), QUIESCE_OK);
    EXPECT_EQ(quiesce_vm_free(vm_), QUIESCE_OK);
    EXPECT_EQ(quiesce_host_free(host_), QUIESCE_OK);
  }

  quiesce_vm* vm() {
    if (vm_ == nullptr) {
      EXPECT_EQ(quiesce_vm_new(host_, nullptr, &vm_), QUIESCE_OK);
    }
    return vm_;
  }
  quiesce_value* kept(quiesce_value* value) {
    values_.push_back(value);
    return value;
  }
  quiesce_value* eval(const char* code) {
    quiesce_value* value = nullptr;
    EXPECT_EQ(quiesce_vm_eval(vm(), code, QUIESCE_NTS, nullptr, &value), QUIESCE_OK)
        << quiesce_last_error_text(nullptr);
    return kept(value);
  }
  std::string printed(const quiesce_value* value) {
    quiesce_buffer* text = nullptr;
    EXPECT_EQ(quiesce_value_inspect(value, &text), QUIESCE_OK);
    return taken(text);
  }
  /// The VM asleep, asleep again after a global was set, and the second as a delta of the first.
  struct Snapshots {
    quiesce_snapshot *first = nullptr, *second = nullptr, *delta = nullptr;
  };
  Snapshots two_snapshots() {
    Snapshots made;
    EXPECT_EQ(quiesce_vm_snapshot(vm(), &made.first), QUIESCE_OK);
    eval("globalThis.x = 2");
    EXPECT_EQ(quiesce_vm_snapshot(vm(), &made.second), QUIESCE_OK);
    EXPECT_EQ(quiesce_snapshot_relative_to(made.second, made.first, &made.delta), QUIESCE_OK);
    return made;
  }
  std::string evaluated(const char* code) { return printed(eval(code)); }

  quiesce_host* host_ = nullptr;
  quiesce_vm* vm_ = nullptr;
  std::vector<quiesce_value*> values_;
};
