// One conversion from JavaScript to C++ on its way into depth: where it is, and how much it may
// take. Containers, and your own types that contain others, pass it on:
//
//   template <>
//   struct quiesce::Convert<Segment> {
//     static constexpr const char* kName = "a segment";
//     static Value to(VM& vm, const Segment& from);
//     static std::optional<Segment> from(const Value& value, Conversion& conversion) {
//       auto ends = conversion.read<std::vector<Point>>(value);
//       ...
//
// It is what makes an error say "argument 1, element 3, property 'x' must be a number", and what
// keeps hostile values small: an array may claim 2^32 elements that take no memory in the guest,
// and may contain itself. More than 256 MiB in C++ or 100 levels are Errc::limit.
//
// Lives on the stack for one conversion, on one thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "quiesce/value.hpp"

namespace quiesce {

namespace detail {

template <class T>
concept HasConvert = requires { sizeof(Convert<T>); };
template <class T>
concept ConvertsInDepth =
    requires(const Value& value, Conversion& conversion) { Convert<T>::from(value, conversion); };
template <class T>
concept HasMatches = requires(const Value& value) {
  { Convert<T>::matches(value) } -> std::same_as<bool>;
};

/// What an error text calls a T: "a number".
template <class T>
std::string expected() {
  if constexpr (requires { Convert<T>::name(); }) {
    return Convert<T>::name();
  } else {
    return Convert<T>::kName;
  }
}

}  // namespace detail

/// Where a conversion is, and what it has used; see the head of this file.
class Conversion {
 public:
  /// A conversion that begins.
  Conversion() = default;
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;

  /// Converts `value`, by whichever form of `Convert<T>::from` there is.
  template <class T>
  std::optional<T> read(const Value& value) {
    if constexpr (detail::ConvertsInDepth<T>) {
      const Level level(*this);
      return Convert<T>::from(value, *this);
    } else {
      std::optional<T> result = Convert<T>::from(value);
      if (!result) expect(detail::expected<T>());
      return result;
    }
  }
  /// The same for a part of a larger value; `where()` names the part ("element 3") if it fails.
  template <class T, class Where>
  std::optional<T> read_part(const Value& value, Where&& where) {
    charge(sizeof(T));
    std::optional<T> result = read<T>(value);
    if (!result) {
      within(where());
    } else if constexpr (requires { result->size() * sizeof(*result->data()); }) {
      if constexpr (!detail::ConvertsInDepth<T>) charge(result->size() * sizeof(*result->data()));
    }
    return result;
  }

  /// Counts what the result takes. Throws Errc::limit beyond 256 MiB in all.
  void charge(std::uint64_t bytes);
  /// Throws as `charge` would, but counts nothing yet.
  void require(std::uint64_t bytes) const;
  /// The value at hand is not what it should be ("a number"). Only the innermost is kept.
  void expect(std::string what);
  /// What failed lies in this part of the value at hand.
  void within(const std::string& part);
  /// After a failure: "element 3, property 'x' must be a number".
  std::string complaint(const std::string& subject) const;

 private:
  // One level deeper, as long as it lives.
  class Level {
   public:
    explicit Level(Conversion& conversion);
    ~Level() { --conversion_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Conversion& conversion_;
  };

  std::uint64_t bytes_ = 0;
  std::uint32_t depth_ = 0;
  std::string path_;  // ", element 3, property 'x'"
  std::string expected_;
};

}  // namespace quiesce
