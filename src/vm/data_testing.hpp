// What the tests of Data share.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce {
template <class F>
std::string refusal_of(F&& f, Errc code = Errc::not_cloneable) {
  try {
    f();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

template <class F>
Errc code_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Errc::io;
}

inline std::vector<std::byte> bytes_of(std::initializer_list<int> numbers) {
  std::vector<std::byte> bytes;
  for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

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
