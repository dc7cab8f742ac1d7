// Containers that cross the wall, besides the single values of convert.hpp:
//
//   std::optional<T>                             undefined and null are nullopt; nullopt is
//   undefined std::vector<T>                               an array; of numbers also the typed
//   array of that type std::array<T, N>, std::pair, std::tuple      an array of exactly that length
//   std::map, std::unordered_map of std::string  a plain object: its own enumerable string keys
//   std::variant<Ts...>                          the first alternative whose kind fits, in order
//   std::monostate, std::nullptr_t               undefined, null
//   std::chrono::duration                        a number of milliseconds, as JavaScript counts
//   time
//
// A variant looks at the kind of a value only (a number that fits, an array, an array of that
// length, an object with those properties), which runs no guest code; it does not try one
// alternative after another on the elements of an array. Everything else is as convert.hpp says.
#pragma once

#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "quiesce/conversion.hpp"
#include "quiesce/convert.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

namespace detail {
// In src/vm/convert.cpp.
bool is_plain_object(const Value& value);
std::optional<std::vector<std::byte>> bytes_of(const Value& value, Class type);
/// Some elements of an array from `first` on, of `count` in all: as many as cross at once. Getters
/// run.
std::vector<Value> elements_of(const Value& array, std::uint32_t first, std::uint32_t count);
Value array_to(VM& vm, std::span<const Value> elements);
Value object_to(VM& vm);
void define_entry(VM& vm, const Value& object, std::string_view key, const Value& value);
std::string element_name(std::uint64_t index);
std::string property_name(const std::string& key);
[[noreturn]] void throw_not_exact(const std::string& number);

/// The class of the typed array whose elements are T; `none` if there is none.
template <class T>
inline constexpr Class kTypedArrayOf = [] {
  if constexpr (std::is_same_v<T, float>) return Class::float32_array;
  if constexpr (std::is_same_v<T, double>) return Class::float64_array;
  if constexpr (std::is_same_v<T, std::int8_t>) return Class::int8_array;
  if constexpr (std::is_same_v<T, std::uint8_t>) return Class::uint8_array;
  if constexpr (std::is_same_v<T, std::int16_t>) return Class::int16_array;
  if constexpr (std::is_same_v<T, std::uint16_t>) return Class::uint16_array;
  if constexpr (std::is_same_v<T, std::int32_t>) return Class::int32_array;
  if constexpr (std::is_same_v<T, std::uint32_t>) return Class::uint32_array;
  if constexpr (std::is_same_v<T, std::int64_t>) return Class::bigint64_array;
  if constexpr (std::is_same_v<T, std::uint64_t>) return Class::biguint64_array;
  return Class::none;
}();

/// Whether `value` is of the kind of T, without running guest code.
template <class T>
bool matches(const Value& value) {
  if constexpr (HasMatches<T>) {
    return Convert<T>::matches(value);
  } else if constexpr (ConvertsInDepth<T>) {
    Conversion conversion;
    return Convert<T>::from(value, conversion).has_value();
  } else {
    return Convert<T>::from(value).has_value();
  }
}

template <class Map>
struct ConvertMap {
  using T = typename Map::mapped_type;
  static constexpr const char* kName = "a plain object";
  static bool matches(const Value& value) { return is_plain_object(value); }
  static Value to(VM& vm, const Map& from) {
    const Value object = object_to(vm);
    for (const auto& [key, value] : from) define_entry(vm, object, key, Convert<T>::to(vm, value));
    return object;
  }
  static std::optional<Map> from(const Value& value) {
    Conversion conversion;
    return from(value, conversion);
  }
  static std::optional<Map> from(const Value& value, Conversion& conversion) {
    if (!is_plain_object(value)) {
      conversion.expect(kName);
      return std::nullopt;
    }
    Map map;
    for (const Value& key_value : value.keys()) {
      std::string key = *Convert<std::string>::from(key_value);
      conversion.charge(key.size());
      std::optional<T> element =
          conversion.read_part<T>(value.get(key_value), [&] { return property_name(key); });
      if (!element) return std::nullopt;
      map.insert_or_assign(std::move(key), std::move(*element));
    }
    return map;
  }
};

// std::array, std::pair and std::tuple.
template <class Tuple>
struct ConvertTuple {
  static constexpr std::size_t kSize = std::tuple_size_v<Tuple>;
  static std::string name() { return "an array of " + std::to_string(kSize) + " elements"; }
  static bool matches(const Value& value) { return value.is_array() && value.length() == kSize; }
  static Value to(VM& vm, const Tuple& from) {
    return std::apply(
        [&](const auto&... parts) {
          const std::array<Value, kSize> elements{
              Convert<std::decay_t<decltype(parts)>>::to(vm, parts)...};
          return array_to(vm, elements);
        },
        from);
  }
  static std::optional<Tuple> from(const Value& value) {
    Conversion conversion;
    return from(value, conversion);
  }
  static std::optional<Tuple> from(const Value& value, Conversion& conversion) {
    if (!matches(value)) {
      conversion.expect(name());
      return std::nullopt;
    }
    return read(value, conversion, std::make_index_sequence<kSize>());
  }

 private:
  template <std::size_t... I>
  static std::optional<Tuple> read(const Value& value, Conversion& conversion,
                                   std::index_sequence<I...>) {
    std::tuple<std::optional<std::tuple_element_t<I, Tuple>>...> parts;
    const bool all = (read_one(value, conversion, I, std::get<I>(parts)) && ...);
    if (!all) return std::nullopt;
    return Tuple{std::move(*std::get<I>(parts))...};
  }
  template <class T>
  static bool read_one(const Value& value, Conversion& conversion, std::size_t index,
                       std::optional<T>& part) {
    part = conversion.read_part<T>(value.get(index), [&] { return element_name(index); });
    return part.has_value();
  }
};

}  // namespace detail

/// nullopt is undefined; undefined and null are nullopt.
template <class T>
struct Convert<std::optional<T>> {
  static std::string name() { return detail::expected<T>(); }
  static bool matches(const Value& value) {
    return value.is_undefined() || value.is_null() || detail::matches<T>(value);
  }
  static Value to(VM& vm, const std::optional<T>& from) {
    return from ? Convert<T>::to(vm, *from) : Value();
  }
  static std::optional<std::optional<T>> from(const Value& value) {
    Conversion conversion;
    return from(value, conversion);
  }
  static std::optional<std::optional<T>> from(const Value& value, Conversion& conversion) {
    if (value.is_undefined() || value.is_null()) return std::optional<T>();
    std::optional<T> inner = conversion.read<T>(value);
    if (!inner) return std::nullopt;
    return inner;
  }
};

/// An array; for numbers also the typed array with elements of exactly that type.
template <class T>
struct Convert<std::vector<T>> {
  static constexpr const char* kName = "an array";
  static bool matches(const Value& value) { return value.is_array() || is_typed_array(value); }
  static Value to(VM& vm, const std::vector<T>& from) {
    std::vector<Value> elements;
    elements.reserve(from.size());
    for (const T& element : from) elements.push_back(Convert<T>::to(vm, element));
    return detail::array_to(vm, elements);
  }
  static std::optional<std::vector<T>> from(const Value& value) {
    Conversion conversion;
    return from(value, conversion);
  }
  static std::optional<std::vector<T>> from(const Value& value, Conversion& conversion) {
    if constexpr (detail::kTypedArrayOf<T> != Class::none) {
      if (is_typed_array(value)) return from_typed_array(value, conversion);
    }
    if (!value.is_array()) {
      conversion.expect(kName);
      return std::nullopt;
    }
    const std::uint64_t length = value.length();
    conversion.require(length * sizeof(T));  // the length is the guest's claim
    std::vector<T> elements;
    while (elements.size() < length) {
      const auto first = static_cast<std::uint32_t>(elements.size());
      for (const Value& value_here :
           detail::elements_of(value, first, static_cast<std::uint32_t>(length))) {
        std::optional<T> element = conversion.read_part<T>(
            value_here, [&] { return detail::element_name(elements.size()); });
        if (!element) return std::nullopt;
        elements.push_back(std::move(*element));
      }
    }
    return elements;
  }

 private:
  static bool is_typed_array(const Value& value) {
    constexpr Class kClass = detail::kTypedArrayOf<T>;
    return kClass != Class::none && value.object_class() == kClass;
  }
  static std::optional<std::vector<T>> from_typed_array(const Value& value,
                                                        Conversion& conversion) {
    const auto bytes = detail::bytes_of(value, detail::kTypedArrayOf<T>);
    if (!bytes) {
      conversion.expect("a typed array whose buffer is not detached");
      return std::nullopt;
    }
    conversion.charge(bytes->size());
    std::vector<T> elements(bytes->size() / sizeof(T));
    if (!elements.empty()) std::memcpy(elements.data(), bytes->data(), bytes->size());
    return elements;
  }
};

template <class T>
struct Convert<std::map<std::string, T>> : detail::ConvertMap<std::map<std::string, T>> {};
template <class T>
struct Convert<std::unordered_map<std::string, T>>
    : detail::ConvertMap<std::unordered_map<std::string, T>> {};

template <class A, class B>
struct Convert<std::pair<A, B>> : detail::ConvertTuple<std::pair<A, B>> {};
template <class... Ts>
struct Convert<std::tuple<Ts...>> : detail::ConvertTuple<std::tuple<Ts...>> {};
template <class T, std::size_t N>
struct Convert<std::array<T, N>> : detail::ConvertTuple<std::array<T, N>> {};

/// The first alternative whose kind fits; see the head of this file.
template <class... Ts>
struct Convert<std::variant<Ts...>> {
  static std::string name() {
    std::string text;
    ((text += (text.empty() ? "" : " or ") + detail::expected<Ts>()), ...);
    return text;
  }
  static bool matches(const Value& value) { return (detail::matches<Ts>(value) || ...); }
  static Value to(VM& vm, const std::variant<Ts...>& from) {
    return std::visit(
        [&](const auto& held) { return Convert<std::decay_t<decltype(held)>>::to(vm, held); },
        from);
  }
  static std::optional<std::variant<Ts...>> from(const Value& value) {
    Conversion conversion;
    return from(value, conversion);
  }
  static std::optional<std::variant<Ts...>> from(const Value& value, Conversion& conversion) {
    std::optional<std::variant<Ts...>> result;
    bool chosen = false;
    choose(value, conversion, result, chosen, std::index_sequence_for<Ts...>());
    if (!chosen) conversion.expect(name());
    return result;
  }

 private:
  template <std::size_t... I>
  static void choose(const Value& value, Conversion& conversion,
                     std::optional<std::variant<Ts...>>& result, bool& chosen,
                     std::index_sequence<I...>) {
    const auto try_one = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
      using T = std::variant_alternative_t<Index, std::variant<Ts...>>;
      if (!detail::matches<T>(value)) return false;
      chosen = true;
      if (std::optional<T> held = conversion.read<T>(value))
        result.emplace(std::in_place_index<Index>, std::move(*held));
      return true;
    };
    (try_one(std::integral_constant<std::size_t, I>()) || ...);
  }
};

template <>
struct Convert<std::monostate> {
  static constexpr const char* kName = "undefined";
  static Value to(VM&, std::monostate) { return Value(); }
  static std::optional<std::monostate> from(const Value& value) {
    return value.is_undefined() ? std::optional(std::monostate()) : std::nullopt;
  }
};

template <>
struct Convert<std::nullptr_t> {
  static constexpr const char* kName = "null";
  static Value to(VM&, std::nullptr_t) { return Value(nullptr); }
  static std::optional<std::nullptr_t> from(const Value& value) {
    return value.is_null() ? std::optional(nullptr) : std::nullopt;
  }
};

/// Milliseconds, as setTimeout and Date count. What is no whole number of the duration's ticks is
/// refused, unless it counts in floating point.
template <class Rep, class Period>
struct Convert<std::chrono::duration<Rep, Period>> {
  using Duration = std::chrono::duration<Rep, Period>;
  static constexpr const char* kName = "a number of milliseconds";

  static Value to(VM&, Duration from) {
    const double ms = to_ms(from.count());
    if constexpr (std::is_integral_v<Rep>) {
      if (ticks(ms) != from.count()) detail::throw_not_exact(std::to_string(from.count()));
    }
    return Value(ms);
  }
  static std::optional<Duration> from(const Value& value) {
    const std::optional<double> ms = Convert<double>::from(value);
    if (!ms || !std::isfinite(*ms)) return std::nullopt;
    if constexpr (std::is_floating_point_v<Rep>) {
      return Duration(static_cast<Rep>(*ms * kTicksPerMs));
    } else {
      const std::optional<Rep> count = ticks(*ms);
      if (!count) return std::nullopt;
      return Duration(*count);
    }
  }

 private:
  static constexpr double kTicksPerMs =
      static_cast<double>(Period::den) / (1000.0 * static_cast<double>(Period::num));
  static double to_ms(Rep count) {
    return static_cast<double>(count) * (1000.0 * static_cast<double>(Period::num)) /
           static_cast<double>(Period::den);
  }
  // The count that `to_ms` turns into exactly this.
  static std::optional<Rep> ticks(double ms) {
    const std::optional<Rep> count = Convert<Rep>::from(Value(std::round(ms * kTicksPerMs)));
    return count && to_ms(*count) == ms ? count : std::nullopt;
  }
};

}  // namespace quiesce
