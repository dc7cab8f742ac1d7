// Which C++ types cross the wall, and how. Each specialisation of Convert has
//
//   static constexpr const char* kName;                  // for error texts: "a number"
//   static Value to(VM& vm, const T& from);              // C++ to JavaScript
//   static std::optional<T> from(const Value& value);    // JavaScript to C++; nullopt: not a T
//
// Both directions are exact: what does not fit is refused, never cut. `from` runs no guest code,
// except that reading the elements of an array or the properties of an object may run its getters.
//
// Here are the single values; containers.hpp has what contains others, members.hpp makes a Convert
// from a list of members, and bind.hpp passes C++ objects as instances of JavaScript classes. For a
// type of your own, write the three lines:
//
//   template <>
//   struct quiesce::Convert<Point> {
//     static constexpr const char* kName = "a point";
//     static Value to(VM& vm, const Point& from) {
//       Value point = vm.object();
//       point.set("x", from.x);
//       point.set("y", from.y);
//       return point;
//     }
//     static std::optional<Point> from(const Value& value) {
//       if (value.object_class() != Class::object) return std::nullopt;
//       const auto x = value["x"].try_as<double>(), y = value["y"].try_as<double>();
//       if (!x || !y) return std::nullopt;
//       return Point{*x, *y};
//     }
//   };
//
// A type that may contain others of its own kind takes a second parameter, `Conversion&`: it bounds
// how deep a value may be (conversion.hpp). `static bool matches(const Value&)`, if there is one,
// tells a std::variant whether the kind of a value fits, and runs no guest code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "quiesce/value.hpp"

namespace quiesce {

namespace detail {
// Not templates, so that their code exists once; in src/vm/convert.cpp.
std::optional<std::string> utf8_from(const Value& value);
std::optional<std::u16string> utf16_from(const Value& value);
std::optional<BigInt> bigint_from(const Value& value);
std::optional<std::vector<std::byte>> bytes_from(const Value& value);
Value string_to(VM& vm, std::string_view text);
Value string_to(VM& vm, std::u16string_view text);
Value bigint_to(VM& vm, const BigInt& from);
Value array_buffer_to(VM& vm, std::span<const std::byte> bytes);
Value array_to(VM& vm, std::span<const Value> elements);
}  // namespace detail

template <>
struct Convert<Value> {
  static constexpr const char* kName = "any value";
  static Value to(VM&, const Value& from) { return from; }
  static std::optional<Value> from(const Value& value) { return value; }
};

template <>
struct Convert<bool> {
  static constexpr const char* kName = "a boolean";
  static Value to(VM&, bool from) { return Value(from); }
  static std::optional<bool> from(const Value& value) { return detail::boolean_from(value); }
};

template <class T>
struct Convert<T, std::enable_if_t<std::is_floating_point_v<T>>> {
  static constexpr const char* kName = "a number";
  static Value to(VM&, T from) { return Value(static_cast<double>(from)); }
  static std::optional<T> from(const Value& value) {
    std::optional<double> number = detail::number_from(value);
    if (!number) return std::nullopt;
    return static_cast<T>(*number);
  }
};

/// Integers are numbers in JavaScript, and must be exact: beyond 2^53 use BigInt.
template <class T>
struct Convert<T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>> {
  static constexpr const char* kName = "an integer in range";

  static Value to(VM&, T from) { return Value(detail::exact_number(from)); }
  static std::optional<T> from(const Value& value) {
    const std::optional<double> number = detail::number_from(value);
    if (!number) return std::nullopt;
    return detail::exact_integer<T>(*number);
  }
};

template <>
struct Convert<std::string> {
  static constexpr const char* kName = "a string";
  static Value to(VM& vm, const std::string& from) {
    return detail::string_to(vm, std::string_view(from));
  }
  static std::optional<std::string> from(const Value& value) { return detail::utf8_from(value); }
};

template <>
struct Convert<std::string_view> {  // to JavaScript only: nothing would own the text the other way
  static Value to(VM& vm, std::string_view from) { return detail::string_to(vm, from); }
};

template <>
struct Convert<std::u16string> {
  static constexpr const char* kName = "a string";
  static Value to(VM& vm, const std::u16string& from) {
    return detail::string_to(vm, std::u16string_view(from));
  }
  static std::optional<std::u16string> from(const Value& value) {
    return detail::utf16_from(value);
  }
};

template <>
struct Convert<std::u16string_view> {  // to JavaScript only, as std::string_view
  static Value to(VM& vm, std::u16string_view from) { return detail::string_to(vm, from); }
};

template <>
struct Convert<BigInt> {
  static constexpr const char* kName = "a bigint";
  static Value to(VM& vm, const BigInt& from) { return detail::bigint_to(vm, from); }
  static std::optional<BigInt> from(const Value& value) { return detail::bigint_from(value); }
};

/// To JavaScript: an ArrayBuffer. From: ArrayBuffer, any typed array, DataView. Copies.
template <>
struct Convert<std::vector<std::byte>> {
  static constexpr const char* kName = "an ArrayBuffer or a view of one";
  static Value to(VM& vm, const std::vector<std::byte>& from) {
    return detail::array_buffer_to(vm, from);
  }
  static std::optional<std::vector<std::byte>> from(const Value& value) {
    return detail::bytes_from(value);
  }
};

}  // namespace quiesce

#include "quiesce/containers.hpp"
