// What the tests of this folder share: how a call went wrong.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "quiesce/quiesce.hpp"
#include "refusals.hpp"

namespace quiesce {

/// The text of what `f` throws because a value cannot be cloned.
template <class F>
std::string refusal_of(F&& f) {
  return refusal_of(std::forward<F>(f), Errc::not_cloneable);
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
