// Which C++ types `Data::as` and `Data::try_as` give. Included by data.hpp.
//
//   std::vector<double> cents = order["cents"].as<std::vector<double>>();
//   std::optional<std::string> note = order["note"].as<std::optional<std::string>>();
//
// All of them are exact: what does not fit is nullopt here, and Errc::type_mismatch from `as`.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "quiesce/data.hpp"

namespace quiesce {

namespace detail {

template <>
struct DataAs<Data> {
  static std::optional<Data> from(const Data& data) { return data; }
};
template <>
struct DataAs<bool> {
  static std::optional<bool> from(const Data& data) {
    return data.visit([](const auto& value) -> std::optional<bool> {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, bool>) return value;
      return std::nullopt;
    });
  }
};
template <>
struct DataAs<double> {
  static std::optional<double> from(const Data& data) {
    return data.visit([](const auto& value) -> std::optional<double> {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>) return value;
      return std::nullopt;
    });
  }
};
template <>
struct DataAs<float> {
  static std::optional<float> from(const Data& data) {
    const std::optional<double> number = DataAs<double>::from(data);
    if (!number) return std::nullopt;
    return static_cast<float>(*number);
  }
};
template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
struct DataAs<T> {
  static std::optional<T> from(const Data& data) {
    const std::optional<double> number = DataAs<double>::from(data);
    if (!number) return std::nullopt;
    return exact_integer<T>(*number);
  }
};
template <>
struct DataAs<std::string> {
  static std::optional<std::string> from(const Data& data) {
    if (!data.is_string()) return std::nullopt;
    return std::string(data.text());
  }
};
template <>
struct DataAs<std::u16string> {
  static std::optional<std::u16string> from(const Data& data) { return data_utf16(data); }
};
template <>
struct DataAs<BigInt> {
  static std::optional<BigInt> from(const Data& data) { return data_bigint(data); }
};
template <>
struct DataAs<std::vector<std::byte>> {
  static std::optional<std::vector<std::byte>> from(const Data& data) {
    switch (data.kind()) {
      case Data::Kind::array_buffer:
      case Data::Kind::typed_array:
      case Data::Kind::data_view: break;
      default: return std::nullopt;
    }
    const std::span<std::byte> bytes = data.bytes();
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }
};
template <class T>
struct DataAs<std::optional<T>> {
  static std::optional<std::optional<T>> from(const Data& data) {
    if (data.is_undefined() || data.is_null()) return std::optional<T>();
    std::optional<T> inner = DataAs<T>::from(data);
    if (!inner) return std::nullopt;
    return inner;
  }
};
template <class T>
struct DataAs<std::vector<T>> {
  static std::optional<std::vector<T>> from(const Data& data) {
    if (!data.is_array() && !data.is(Data::Kind::set)) return std::nullopt;
    const auto elements = data.elements();
    if (elements.size() != data.size()) return std::nullopt;  // more holes than elements
    std::vector<T> converted;
    converted.reserve(elements.size());
    for (const Data& element : elements) {
      std::optional<T> one = DataAs<T>::from(element);
      if (!one) return std::nullopt;
      converted.push_back(std::move(*one));
    }
    return converted;
  }
};
template <class T>
struct DataAs<std::map<std::string, T>> {
  static std::optional<std::map<std::string, T>> from(const Data& data) {
    if (!data.is_object()) return std::nullopt;
    std::map<std::string, T> converted;
    for (const auto& [name, value] : data.entries()) {
      std::optional<T> one = DataAs<T>::from(value);
      if (!one) return std::nullopt;
      converted.insert_or_assign(name, std::move(*one));
    }
    return converted;
  }
};

}  // namespace detail

}  // namespace quiesce
