// What the tests of this folder share: how a call went wrong.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce {

/// The code of what `f` throws; nullopt: nothing.
template <class F>
std::optional<Errc> code_of(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

/// The text of what `f` throws, which must have this code.
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

/// What a script throws, as text.
inline std::string thrown_text(VM& vm, const std::string& script) {
  try {
    vm.eval(script);
  } catch (const JSError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

inline std::vector<std::byte> bytes_of(std::initializer_list<int> numbers) {
  std::vector<std::byte> bytes;
  for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

}  // namespace quiesce
