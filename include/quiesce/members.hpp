// Your own types across the wall, from a list of what they consist of.
//
//   struct Point { double x, y; };
//   template <>
//   struct quiesce::Convert<Point> : quiesce::Members<Point> {
//     static constexpr const char* kName = "a point";
//     static constexpr auto kMembers = std::tuple(Member("x", &Point::x), Member("y", &Point::y));
//   };
//
//   enum class Color { red, green };
//   template <>
//   struct quiesce::Convert<Color> : quiesce::Enumerators<Color> {
//     static constexpr const char* kName = "a color";
//     static constexpr auto kEnumerators =
//         std::array{std::pair("red", Color::red), std::pair("green", Color::green)};
//   };
//
// A Point is then {x, y} in JavaScript wherever a value may stand: as an argument, a result, an
// element of a vector. It comes from a plain object with these properties of its own; more do not
// matter, and only std::optional members may be absent. A Color is one of the strings.
//
// What they cannot say is said by a Convert of your own with `to` and `from`; see convert.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "quiesce/containers.hpp"
#include "quiesce/convert.hpp"

namespace quiesce {

/// A data member and the name of the property it becomes.
template <class T, class M>
struct Member {
  /// `name` is a literal.
  constexpr Member(const char* property, M T::* pointer) : name(property), member(pointer) {}
  /// The property in JavaScript.
  const char* name;
  /// The member in C++.
  M T::* member;
};

/// Base of a Convert with `kName` and `kMembers`. T is default constructible.
template <class T>
struct Members {
  /// A plain object with all the properties that are not optional.
  static bool matches(const Value& value) {
    if (!detail::is_plain_object(value)) return false;
    std::vector<std::string> own;
    for (const Value& key : value.keys(Keys::strings)) own.push_back(key.as<std::string>());
    return std::apply([&](const auto&... members) { return (is_there(own, members) && ...); },
                      Convert<T>::kMembers);
  }
  /// A new object.
  static Value to(VM& vm, const T& from) {
    const Value object = detail::object_to(vm);
    const auto write = [&]<class M>(const Member<T, M>& member) {
      detail::define_entry(vm, object, member.name, Convert<M>::to(vm, from.*member.member));
    };
    std::apply([&](const auto&... members) { (write(members), ...); }, Convert<T>::kMembers);
    return object;
  }
  /// nullopt: not such an object.
  static std::optional<T> from(const Value& value) {
    Conversion conversion;
    return Convert<T>::from(value, conversion);
  }
  /// The same as a part of a larger value.
  static std::optional<T> from(const Value& value, Conversion& conversion) {
    if (!detail::is_plain_object(value)) {
      conversion.expect(detail::expected<T>());
      return std::nullopt;
    }
    T result{};
    const auto read = [&]<class M>(const Member<T, M>& member) {
      std::optional<M> part = conversion.read_part<M>(
          value.get(member.name), [&] { return detail::property_name(member.name); });
      if (!part) return false;
      result.*member.member = std::move(*part);
      return true;
    };
    const bool all = std::apply([&](const auto&... members) { return (read(members) && ...); },
                                Convert<T>::kMembers);
    if (!all) return std::nullopt;
    return result;
  }

 private:
  template <class M>
  static bool is_there(const std::vector<std::string>& own, const Member<T, M>& member) {
    if constexpr (requires(M part) { part.has_value(); }) {
      return true;
    } else {
      return std::ranges::find(own, member.name) != own.end();
    }
  }
};

/// Base of a Convert with `kName` and `kEnumerators`: an enumeration as one of some strings.
template <class T>
struct Enumerators {
  /// The string; Errc::invalid_argument for a value that is in no list.
  static Value to(VM& vm, T from) {
    for (const auto& [name, enumerator] : Convert<T>::kEnumerators) {
      if (enumerator == from) return detail::string_to(vm, std::string_view(name));
    }
    throw Error(Errc::invalid_argument,
                std::string("this value of ") + Convert<T>::kName + " has no name");
  }
  /// nullopt: none of the strings.
  static std::optional<T> from(const Value& value) {
    const std::optional<std::string> text = detail::utf8_from(value);
    if (!text) return std::nullopt;
    for (const auto& [name, enumerator] : Convert<T>::kEnumerators) {
      if (*text == name) return enumerator;
    }
    return std::nullopt;
  }
};

}  // namespace quiesce
