// How wide the elements of typed arrays are.
#pragma once

#include <cstddef>

#include "quiesce/value.hpp"

namespace quiesce::detail {

/// 1 for a DataView, 0 for what is no view.
std::size_t element_bytes(Class type);

/// Throws Errc::invalid_argument when it is no typed array.
std::size_t typed_array_element_bytes(Class type);

}  // namespace quiesce::detail
