#include "quiesce/error.hpp"

#include <utility>

#include "vm/machine.hpp"
#include "vm/thrown.hpp"

namespace quiesce {

namespace {

std::string text_of(const JSError::Detail& detail) {
  if (!detail.is_error) return "Uncaught " + detail.message;
  if (detail.name.empty()) return detail.message;
  return detail.message.empty() ? detail.name : detail.name + ": " + detail.message;
}

}  // namespace

// The two limits that JavaScript may catch are known by the errors that the engine makes for them.
std::optional<Limit> limit_of(const JSError::Detail& detail) {
  if (detail.name == "InternalError" && detail.message == "out of memory") return Limit::memory;
  if (detail.name == "RangeError" && detail.message == "Maximum call stack size exceeded")
    return Limit::stack;
  return std::nullopt;
}

namespace {

std::shared_ptr<const JSError::Detail> detail_of(const Value& value) {
  if (const detail::Handle* handle = detail::ValueAccess::handle(value))
    return handle->machine->describe(value);
  auto primitive = std::make_shared<JSError::Detail>();
  primitive->value = value;
  primitive->message = value.inspect();
  return primitive;
}

}  // namespace

JSError::JSError(const Value& value) : JSError(detail_of(value)) {}

JSError::JSError(std::shared_ptr<const Detail> detail)
    : Error(Errc::javascript, text_of(*detail), limit_of(*detail), detail->report),
      detail_(std::move(detail)) {}

const std::string& JSError::name() const noexcept { return detail_->name; }
const std::string& JSError::message() const noexcept { return detail_->message; }
const std::string& JSError::stack() const noexcept { return detail_->stack; }
const Value& JSError::value() const noexcept { return detail_->value; }
std::exception_ptr JSError::nested() const noexcept { return detail_->nested; }

}  // namespace quiesce
