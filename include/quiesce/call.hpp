// One call from JavaScript to a host function: `this`, the arguments, the VM.
//
//   host.function("sum", [](quiesce::Call& call) {
//     double sum = 0;
//     for (const quiesce::Value& number : call.arguments()) sum += number.as<double>();
//     return sum;
//   });
//
// A Call lives as long as the call; its Values may be kept longer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "quiesce/conversion.hpp"
#include "quiesce/convert.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

namespace detail {
class Callbacks;
const Value& no_value();  // what stands for an argument that was not given
}  // namespace detail

/// One call of a host function: which VM, `this`, the arguments. It lives as long as the call.
class Call {
 public:
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// The VM that calls. It may be entered again from here: eval, call, defer.
  VM& vm() const noexcept { return vm_; }
  /// The name that the host gave to the function.
  std::string_view name() const noexcept { return name_; }
  /// What `this` is in the call; undefined for a plain one.
  const Value& self() const noexcept { return self_; }  // `this`
  /// How many arguments JavaScript gave, whatever the function declared.
  std::uint32_t argument_count() const noexcept {
    return static_cast<std::uint32_t>(arguments_.size());
  }
  /// An argument; undefined beyond the last.
  const Value& argument(std::uint32_t index) const noexcept {
    return index < arguments_.size() ? arguments_[index] : detail::no_value();
  }
  /// All arguments, valid during the call.
  std::span<const Value> arguments() const noexcept { return arguments_; }

  /// The argument as a T; otherwise a TypeError in JavaScript that names the function, the
  /// position, the place in a nested value and the type.
  template <class T>
  T argument_as(std::uint32_t index) const {
    if constexpr (detail::ConvertsInDepth<T>) {
      Conversion conversion;
      if (std::optional<T> converted = conversion.read<T>(argument(index)))
        return std::move(*converted);
      throw_mismatch(index, conversion);
    } else {
      if (std::optional<T> converted = Convert<T>::from(argument(index)))
        return std::move(*converted);
      throw_argument_mismatch(index, detail::expected<T>());
    }
  }

 private:
  friend class detail::Machine;
  friend class detail::Callbacks;
  Call(VM& vm, std::string_view name, Value self, std::span<const Value> arguments)
      : vm_(vm), name_(name), self_(std::move(self)), arguments_(arguments) {}
  [[noreturn]] void throw_argument_mismatch(std::uint32_t index, const std::string& expected) const;
  [[noreturn]] void throw_mismatch(std::uint32_t index, const Conversion& conversion) const;

  VM& vm_;
  std::string_view name_;
  Value self_;
  std::span<const Value> arguments_;
};

}  // namespace quiesce
