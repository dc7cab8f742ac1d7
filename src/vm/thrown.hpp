// What a JSError carries; its copies share one of these.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include "quiesce/error.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

struct JSError::Detail {
  std::string name, message, stack;
  Value value;
  std::exception_ptr nested;
  bool is_error = false;  // an Error object was thrown, not just any value
  std::optional<LimitReport> report;
};

/// The limit whose error this is, judged by its name and text; for memory and stack, which
/// JavaScript may catch.
std::optional<Limit> limit_of(const JSError::Detail& detail);

}  // namespace quiesce
