// Data and nlohmann::json. Optional: only programs that include this header need nlohmann-json.
//
//   nlohmann::json report = quiesce::to_json(value.as<quiesce::Data>());
//   vm.global().set("settings", nlohmann::json::parse(file));
//   host.function("store", [](const nlohmann::json& order) { ... });
//
// Both directions are exact, or refused with the path: Errc::not_cloneable. JSON has no undefined,
// bigint, Date, Map, Set, circle, NaN and no lone surrogate; JsonOptions can allow some of them. An
// object that is named twice is written twice. Neither direction recurses. Thread safety is that of
// Data.
#pragma once

#if !__has_include(<nlohmann/json.hpp>)
#error "quiesce/json.hpp needs nlohmann-json (on Debian: apt install nlohmann-json3-dev)"
#endif

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "quiesce/data.hpp"

namespace quiesce {

/// What to do with data that JSON cannot say.
enum class NotJson : std::uint8_t {
  refused,
  /// As JSON.stringify: undefined and symbols are left out of objects and null in arrays, numbers
  /// that are not finite are null, boxes are what is in them, and dates are their ISO form (of an
  /// invalid one null). The rest is refused all the same.
  as_stringify,
};

/// Bigints are digits in a string, or refused.
enum class JsonBigints : std::uint8_t { refused, digits };
/// A Map whose keys are strings becomes an object, a Set an array; or they are refused.
enum class JsonCollections : std::uint8_t { refused, plain };

/// How `to_json` writes data.
struct JsonOptions {
  NotJson others = NotJson::refused;                       ///< undefined, dates, NaN...
  JsonBigints bigints = JsonBigints::refused;              ///< bigints
  JsonCollections collections = JsonCollections::refused;  ///< Map and Set
  /// Values in all; more is Errc::limit. A graph in which much is shared can be small as Data and
  /// without end as JSON.
  std::uint64_t values_max = 50'000'000;
};

namespace detail {

class JsonWriter {
 public:
  explicit JsonWriter(const JsonOptions& options) : options_(options) {}

  nlohmann::json run(const Data& data) {
    nlohmann::json root;
    write(data, root, "");
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.next == frame.items.size()) {
        open_.erase(frame.object.address());
        frames_.pop_back();
        continue;
      }
      const auto& [name, value] = frame.items[frame.next++];
      const Data item = value;  // the frame may move
      const std::string key = name;
      nlohmann::json& target = *frame.target;
      if (target.is_array()) {
        write(item, target[frame.next - 1], "");
      } else if (!is_left_out(item)) {
        write(item, target[key], key);
      }
    }
    return root;
  }

 private:
  struct Frame {
    Data object;
    nlohmann::json* target;  // arrays have all their elements and objects are maps: nothing moves
    std::vector<Data::Entry> items;
    std::size_t next = 0;
  };

  bool is_lenient() const { return options_.others == NotJson::as_stringify; }
  bool is_left_out(const Data& data) const {
    return is_lenient() && (data.is_undefined() || data.is(Data::Kind::symbol));
  }

  [[noreturn]] void refuse(const char* why) const {
    std::string path = "$";
    constexpr std::size_t kStepsMax = 64;
    const std::size_t first = frames_.size() > kStepsMax ? frames_.size() - kStepsMax : 0;
    if (first > 0) path += "...";
    for (std::size_t i = first; i < frames_.size(); ++i) {
      const Frame& frame = frames_[i];
      if (frame.target->is_array()) {
        path += "[" + std::to_string(frame.next - 1) + "]";
      } else {
        path += "." + frame.items[frame.next - 1].first;
      }
    }
    throw Error(Errc::not_cloneable, path + why);
  }

  // UTF-8 that encodes a surrogate is not UTF-8.
  std::string text(std::string_view wtf8) const {
    for (std::size_t i = 0; i + 1 < wtf8.size(); ++i) {
      if (wtf8[i] == '\xED' && static_cast<unsigned char>(wtf8[i + 1]) >= 0xA0)
        refuse(" has a lone surrogate, which JSON in UTF-8 cannot say");
    }
    return std::string(wtf8);
  }

  void write(const Data& data, nlohmann::json& target, const std::string& name) {
    if (++values_ > options_.values_max) {
      throw Error(Errc::limit,
                  "this data is more than values_max = " + std::to_string(options_.values_max) +
                      " values as JSON (see JsonOptions)");
    }
    text(name);
    switch (data.kind()) {
      case Data::Kind::null: target = nullptr; return;
      case Data::Kind::boolean: target = data.as<bool>(); return;
      case Data::Kind::number: return write_number(data.as<double>(), target);
      case Data::Kind::string: target = text(data.text()); return;
      case Data::Kind::bigint:
        if (options_.bigints == JsonBigints::refused) refuse(" is a bigint");
        target = data.as<BigInt>().digits;
        return;
      case Data::Kind::undefined:
      case Data::Kind::symbol:
        if (!is_lenient()) refuse(data.is_undefined() ? " is undefined" : " is a symbol");
        target = nullptr;
        return;
      case Data::Kind::date:
        if (!is_lenient()) refuse(" is a Date");
        return write_date(data.date_ms(), target);
      case Data::Kind::boxed:
        if (!is_lenient()) refuse(" is a boxed primitive");
        return write(data.unboxed(), target, "");
      case Data::Kind::object:
      case Data::Kind::array:
      case Data::Kind::map:
      case Data::Kind::set: return open(data, target);
      case Data::Kind::accessor: refuse(" is an accessor that was not read");
      case Data::Kind::proxy: refuse(" is a proxy that was not looked through");
      default: refuse(" is of a kind that JSON does not have");
    }
  }

  void write_number(double number, nlohmann::json& target) {
    constexpr double kExactMax = 9007199254740992.0;
    if (!std::isfinite(number)) {
      if (!is_lenient()) refuse(" is a number that is not finite");
      target = nullptr;
    } else if (number == std::trunc(number) && std::abs(number) <= kExactMax &&
               !(number == 0 && std::signbit(number))) {
      target = static_cast<std::int64_t>(number);
    } else {
      target = number;
    }
  }

  static void write_date(double ms, nlohmann::json& target) {
    if (std::isnan(ms)) {
      target = nullptr;
      return;
    }
    const auto whole = static_cast<std::int64_t>(ms);
    const std::int64_t day = (whole >= 0 ? whole : whole - 86'399'999) / 86'400'000;
    const std::int64_t rest = whole - day * 86'400'000;
    // Days to a date of the Gregorian calendar, in eras of 400 years that begin in March.
    const std::int64_t z = day + 719'468;
    const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
    const std::int64_t doe = z - era * 146'097;
    const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
    const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const std::int64_t shifted = (5 * doy + 2) / 153;
    const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    const std::int64_t year = yoe + era * 400 + (month <= 2 ? 1 : 0);
    const auto digits = [](std::int64_t number, std::size_t width) {
      std::string plain = std::to_string(number);
      return std::string(plain.size() < width ? width - plain.size() : 0, '0') + plain;
    };
    std::string iso = year < 0      ? "-" + digits(-year, 6)
                      : year > 9999 ? "+" + digits(year, 6)
                                    : digits(year, 4);
    iso += "-" + digits(month, 2) + "-" + digits(doy - (153 * shifted + 2) / 5 + 1, 2) + "T" +
           digits(rest / 3'600'000, 2) + ":" + digits(rest / 60'000 % 60, 2) + ":" +
           digits(rest / 1000 % 60, 2) + "." + digits(rest % 1000, 3) + "Z";
    target = std::move(iso);
  }

  void open(const Data& data, nlohmann::json& target) {
    const bool is_collection = data.is(Data::Kind::map) || data.is(Data::Kind::set);
    if (is_collection && options_.collections == JsonCollections::refused)
      refuse(data.is(Data::Kind::map) ? " is a Map" : " is a Set");
    if (!open_.insert(data.address()).second) refuse(" refers to an object that it is in");
    Frame frame{data, &target, {}};
    if (data.is(Data::Kind::map)) {
      target = nlohmann::json::object();
      for (const auto& [key, value] : data.map_entries()) {
        if (!key.is_string()) refuse(" is a Map with keys that are no strings");
        frame.items.emplace_back(key.text(), value);
      }
    } else if (data.is_object()) {
      target = nlohmann::json::object();
      for (const auto& [name, value] : data.entries()) frame.items.emplace_back(name, value);
    } else {
      for (const Data& element : data.elements()) frame.items.emplace_back("", element);
      const bool is_whole = frame.items.size() == data.size();
      if (!is_whole || (data.is_array() && data.entries().size() > 0))
        refuse(" is an array with other properties or many holes");
      target = nlohmann::json::array();
      target.get_ref<nlohmann::json::array_t&>().resize(frame.items.size());
    }
    frames_.push_back(std::move(frame));
  }

  const JsonOptions options_;
  std::uint64_t values_ = 0;
  std::vector<Frame> frames_;
  std::unordered_set<const void*> open_;  // the objects of the frames
};

}  // namespace detail

/// Data as JSON.
inline nlohmann::json to_json(const Data& data, const JsonOptions& options = {}) {
  return detail::JsonWriter(options).run(data);
}

/// JSON as Data. Integers beyond 2^53 are refused, with Errc::invalid_argument, for a number of
/// JavaScript would lose digits; a binary value becomes a Uint8Array.
inline Data from_json(const nlohmann::json& json) {
  std::vector<std::pair<const nlohmann::json*, Data>> pending;
  const auto convert = [&](const nlohmann::json& from) -> Data {
    switch (from.type()) {
      case nlohmann::json::value_t::null: return nullptr;
      case nlohmann::json::value_t::boolean: return from.get<bool>();
      case nlohmann::json::value_t::number_integer: return from.get<std::int64_t>();
      case nlohmann::json::value_t::number_unsigned: return from.get<std::uint64_t>();
      case nlohmann::json::value_t::number_float: return from.get<double>();
      case nlohmann::json::value_t::string: return from.get_ref<const std::string&>();
      case nlohmann::json::value_t::binary:
        return Data::bytes(std::as_bytes(std::span(from.get_binary())));
      case nlohmann::json::value_t::array: return pending.emplace_back(&from, Data::array()).second;
      case nlohmann::json::value_t::object:
        return pending.emplace_back(&from, Data::object()).second;
      case nlohmann::json::value_t::discarded: break;
    }
    throw Error(Errc::invalid_argument, "this JSON was discarded by its parser");
  };
  const Data root = convert(json);
  while (!pending.empty()) {
    const auto [from, to] = pending.back();
    pending.pop_back();
    if (from->is_array()) {
      for (const nlohmann::json& element : *from) to.push(convert(element));
    } else {
      for (const auto& [name, value] : from->items()) to.set(name, convert(value));
    }
  }
  return root;
}

template <>
struct Convert<nlohmann::json> {
  static constexpr const char* kName = "JSON";
  static Value to(VM& vm, const nlohmann::json& from) {
    return Convert<Data>::to(vm, from_json(from));
  }
  /// Throws Errc::not_cloneable with the path to what JSON cannot say.
  static std::optional<nlohmann::json> from(const Value& value) {
    return to_json(Convert<Data>::from(value).value());
  }
};

}  // namespace quiesce
