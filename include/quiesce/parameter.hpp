// How an argument of a JavaScript call becomes a parameter of a C++ function. Besides the types
// that Convert knows, by value, `const T&` or `T&&`, a parameter may be
//
//   std::string_view, std::u16string_view      a string
//   std::span<const T>                         for T = std::byte an ArrayBuffer or a view of one,
//   for
//                                              numbers an array or the typed array of that type
//   quiesce::Rest<T>                           all remaining arguments; the last parameter only
//   std::span<const Value>                     the same, unconverted
//   T&, const T&, std::shared_ptr<T>           an instance of a class that was bound (bind.hpp)
//
// Views stay valid until the function returns: the call owns what they look at.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "quiesce/conversion.hpp"
#include "quiesce/convert.hpp"

namespace quiesce {

/// The remaining arguments of a call, each of them a T.
template <class T>
class Rest : public std::vector<T> {
 public:
  using std::vector<T>::vector;
};

/// A type that only a parameter may have: specialise it with the type that owns what it refers to.
///   using Storage = ...;                                   // a type that Convert knows
///   static T get(Storage& storage);
template <class T>
struct Parameter;

template <>
struct Parameter<std::string_view> {
  using Storage = std::string;
  static std::string_view get(Storage& storage) { return storage; }
};
template <>
struct Parameter<std::u16string_view> {
  using Storage = std::u16string;
  static std::u16string_view get(Storage& storage) { return storage; }
};
template <class T>
struct Parameter<std::span<const T>> {
  static_assert(!std::is_same_v<T, bool>, "a std::vector<bool> has no span: take the vector");
  using Storage = std::vector<T>;
  static std::span<const T> get(Storage& storage) { return storage; }
};
template <class T>
struct Parameter<std::optional<std::span<const T>>> {
  using Storage = std::optional<std::vector<T>>;
  static std::optional<std::span<const T>> get(Storage& storage) {
    return storage ? std::optional<std::span<const T>>(*storage) : std::nullopt;
  }
};
template <>
struct Parameter<std::optional<std::string_view>> {
  using Storage = std::optional<std::string>;
  static std::optional<std::string_view> get(Storage& storage) {
    return storage ? std::optional<std::string_view>(*storage) : std::nullopt;
  }
};

namespace detail {

template <class T>
concept HasParameter = requires { sizeof(Parameter<T>); };

template <class T>
inline constexpr bool kIsRest = std::is_same_v<T, std::span<const Value>>;
template <class T>
inline constexpr bool kIsRest<Rest<T>> = true;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool kIsSharedObject = false;
template <class T>
inline constexpr bool kIsSharedObject<std::shared_ptr<T>> = true;

/// A reference to an object of a bound class.
template <class P>
inline constexpr bool kIsObject =
    std::is_lvalue_reference_v<P> && std::is_class_v<std::remove_cvref_t<P>> &&
    !HasConvert<std::remove_cvref_t<P>> && !HasParameter<std::remove_cvref_t<P>> &&
    !kIsRest<std::remove_cvref_t<P>>;

}  // namespace detail

}  // namespace quiesce
