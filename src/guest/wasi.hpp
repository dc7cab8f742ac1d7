// WASI (preview 1), as little of it as a guest needs that has no files: time, randomness, output.
// What is not supported is refused with an error number, so that the guest's C library reports it.
#pragma once

#include <string_view>

#include "guest/sandbox.hpp"

namespace quiesce::guest {

/// Never nullptr for a function that returns an error number. The `host` of its handlers is an
/// Imports.
ImportHandler find_wasi(std::string_view name, std::string_view type);

}  // namespace quiesce::guest
