// How a call went wrong.
//
//   EXPECT_EQ(code_of([&] { Snapshot::load(file); }), Errc::snapshot);
//   EXPECT_EQ(refusal_of([&] { Snapshot::load(file); }, Errc::snapshot), "cannot load ...");
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "quiesce/error.hpp"

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
std::string refusal_of(F&& f, Errc code) {
  try {
    f();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

}  // namespace quiesce
