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
#include <tuple>
#include <type_traits>
#include <utility>

#include "quiesce/host.hpp"

namespace quiesce {

namespace detail {
const Value& no_value();  // what stands for an argument that was not given
}

/// One call of a host function: which VM, `this`, the arguments. It lives as long as the call.
class Call {
 public:
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// The VM that calls. It may be entered again from here: eval, call, defer.
  VM& vm() const noexcept { return vm_; }
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

  /// The argument as a T; otherwise a TypeError in JavaScript that names the function, the position
  /// and the type.
  template <class T>
  T argument_as(std::uint32_t index) const {
    if (std::optional<T> converted = Convert<T>::from(argument(index)))
      return std::move(*converted);
    throw_argument_mismatch(index, Convert<T>::kName);
  }

 private:
  friend class detail::Machine;
  Call(VM& vm, std::string_view name, Value self, std::span<const Value> arguments)
      : vm_(vm), name_(name), self_(std::move(self)), arguments_(arguments) {}
  [[noreturn]] void throw_argument_mismatch(std::uint32_t index, const char* expected) const;

  VM& vm_;
  std::string_view name_;
  Value self_;
  std::span<const Value> arguments_;
};

namespace detail {

/// The parameter types of a callable, taken from its signature.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class... Args>
struct Signature<R (*)(Args...)> {
  using Arguments = std::tuple<Args...>;
};
template <class R, class... Args>
struct Signature<R(Args...)> {
  using Arguments = std::tuple<Args...>;
};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...)> {
  using Arguments = std::tuple<Args...>;
};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) const> {
  using Arguments = std::tuple<Args...>;
};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) noexcept> {
  using Arguments = std::tuple<Args...>;
};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) const noexcept> {
  using Arguments = std::tuple<Args...>;
};

template <class Tuple>
inline constexpr bool kTakesCall = false;
template <class... Rest>
inline constexpr bool kTakesCall<std::tuple<Call&, Rest...>> = true;

template <class R>
Value to_value(VM& vm, R&& result);  // defined in vm.hpp

template <class Arguments, class F, std::size_t... I>
Value invoke_host_function(F& f, Call& call, std::index_sequence<I...>) {
  constexpr std::size_t kFirst = kTakesCall<Arguments> ? 1 : 0;
  auto run = [&]() -> decltype(auto) {
    if constexpr (kFirst == 1) {
      return f(call,
               call.argument_as<std::decay_t<std::tuple_element_t<I + kFirst, Arguments>>>(I)...);
    } else {
      return f(call.argument_as<std::decay_t<std::tuple_element_t<I, Arguments>>>(I)...);
    }
  };
  if constexpr (std::is_void_v<decltype(run())>) {
    run();
    return Value();
  } else {
    return to_value(call.vm(), run());
  }
}

}  // namespace detail

template <class F>
Host& Host::function(std::string name, F f) {
  using Arguments = typename detail::Signature<std::decay_t<F>>::Arguments;
  constexpr std::size_t kArity =
      std::tuple_size_v<Arguments> - (detail::kTakesCall<Arguments> ? 1 : 0);
  return function(std::move(name), static_cast<std::uint32_t>(kArity),
                  HostFunction([f = std::move(f)](Call& call) mutable {
                    return detail::invoke_host_function<Arguments>(
                        f, call, std::make_index_sequence<kArity>());
                  }));
}

}  // namespace quiesce
