// What the tests of Data share.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "vm/testing.hpp"

namespace quiesce {
class DataTest : public testing::Test {
 protected:
  Data dumped(std::string_view code) { return vm.eval(code).as<Data>(); }
  /// Puts it into the VM as `x` and evaluates.
  Value with(const Data& data, std::string_view code) {
    vm.global().set("x", data);
    return vm.eval(code);
  }
  bool holds(const Data& data, std::string_view code) { return with(data, code).as<bool>(); }
  /// Out, in, and out again.
  void expect_round_trip(std::string_view code) {
    const Data once = dumped(code);
    const Data twice = vm.value(once).as<Data>();
    EXPECT_EQ(once, twice) << code << "\n" << once.inspect() << "\n" << twice.inspect();
    EXPECT_EQ(once.clone(), twice) << code;
  }
  VM vm;
};

}  // namespace quiesce
