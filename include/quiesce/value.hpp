// A JavaScript value, held from C++.
//
// Undefined, null, booleans and numbers live in the Value itself; strings, symbols, bigints and
// objects are counted references into the VM. Copies refer to the same JavaScript value.
//
//   quiesce::Value point = vm.eval("({x: 3, y: [4, 5]})");
//   double x = point["x"].as<double>();
//   point.set("z", 6);
//   std::vector<double> y = point["y"].as<std::vector<double>>();
//
// A Value may outlive its VM; using it then throws Error{Errc::dead_vm}, and using it with another
// VM throws Errc::foreign_value. Neither ever touches memory that is gone.
// Not thread safe: Values belong to the thread that currently uses their VM.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "quiesce/error.hpp"

namespace quiesce {

class VM;
class Value;

namespace detail {
class Machine;
struct Handle;
struct ValueAccess;
}  // namespace detail

/// ECMA-262 language types, with functions told apart from other objects as `typeof` does.
enum class Type : std::uint8_t {
  undefined,
  null,
  boolean,
  number,
  string,
  symbol,
  bigint,
  object,
  function
};

/// What kind of object; `none` for a value that is no object.
enum class Class : std::uint8_t {
  none,
  object,
  array,
  function,
  error,
  promise,
  date,
  regexp,
  map,
  set,
  proxy,
  array_buffer,
  shared_array_buffer,
  data_view,
  uint8_clamped_array,
  int8_array,
  uint8_array,
  int16_array,
  uint16_array,
  int32_array,
  uint32_array,
  bigint64_array,
  biguint64_array,
  float16_array,
  float32_array,
  float64_array,
};

enum class PromiseState : std::uint8_t { pending, fulfilled, rejected };

/// An integer of any size, as decimal digits with an optional minus sign.
struct BigInt {
  std::string digits;
  friend bool operator==(const BigInt&, const BigInt&) = default;
};

/// How values cross: specialise it for your own types. See convert.hpp for those that are built in.
///   static Value to(VM& vm, const T& from);
///   static std::optional<T> from(const Value& value);   // nullopt: not a T; runs no guest code
template <class T, class = void>
struct Convert;

/// A property key: a string (UTF-8), an array index, or a symbol or string that is a Value.
/// A parameter type only: it refers to what it was made from.
class Key {
 public:
  Key(const char* name) : name_(name) {}
  Key(std::string_view name) : name_(name) {}
  Key(const std::string& name) : name_(name) {}
  template <class I, std::enable_if_t<std::is_integral_v<I> && !std::is_same_v<I, bool>, int> = 0>
  Key(I index) : number_(static_cast<double>(index)), kind_(Kind::index) {}
  Key(const Value& value) : value_(&value), kind_(Kind::value) {}

 private:
  friend struct detail::ValueAccess;
  enum class Kind : std::uint8_t { name, index, value };
  std::string_view name_;
  double number_ = 0;
  const Value* value_ = nullptr;
  Kind kind_ = Kind::name;
};

/// What `Value::define` may say of a property, as in a property descriptor (ECMA-262 6.2.6).
struct Property {
  bool writable = false;
  bool enumerable = false;
  bool configurable = false;
};

/// Which keys `Value::keys` lists.
enum class Keys : std::uint8_t { enumerable_strings, strings, symbols, all };

class Value {
 public:
  Value() noexcept : kind_(Type::undefined) {}
  Value(std::nullptr_t) noexcept : kind_(Type::null) {}
  template <class B, std::enable_if_t<std::is_same_v<B, bool>, int> = 0>
  Value(B boolean) noexcept : kind_(Type::boolean) {
    data_.boolean = boolean;
  }
  template <class N, std::enable_if_t<(std::is_integral_v<N> && sizeof(N) <= 4 &&
                                       !std::is_same_v<N, bool>) ||
                                          std::is_floating_point_v<N>,
                                      int> = 0>
  Value(N number) noexcept : kind_(Type::number) {
    data_.number = static_cast<double>(number);
  }

  Value(const Value& other) noexcept;
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other) noexcept;
  Value& operator=(Value&& other) noexcept;
  ~Value();

  // ---- what it is ----
  Type type() const noexcept { return kind_; }
  Class object_class() const;  // runs no guest code
  bool is_undefined() const noexcept { return kind_ == Type::undefined; }
  bool is_null() const noexcept { return kind_ == Type::null; }
  bool is_boolean() const noexcept { return kind_ == Type::boolean; }
  bool is_number() const noexcept { return kind_ == Type::number; }
  bool is_string() const noexcept { return kind_ == Type::string; }
  bool is_symbol() const noexcept { return kind_ == Type::symbol; }
  bool is_bigint() const noexcept { return kind_ == Type::bigint; }
  bool is_function() const noexcept { return kind_ == Type::function; }
  bool is_object() const noexcept { return kind_ == Type::object || kind_ == Type::function; }
  bool is_array() const { return object_class() == Class::array; }
  bool is_error() const { return object_class() == Class::error; }
  bool is_promise() const { return object_class() == Class::promise; }
  /// `===` (ECMA-262 IsStrictlyEqual).
  bool strictly_equals(const Value& other) const;

  // ---- to C++: exact, runs no guest code ----
  /// Throws Errc::type_mismatch when the value is no T, or a number does not fit it exactly.
  /// bool, integers, float, double, std::string (UTF-8; a lone surrogate becomes its three-byte
  /// form), std::u16string, BigInt, std::vector<std::byte> (ArrayBuffer, typed array, DataView),
  /// std::optional<T> (undefined and null are nullopt), std::vector<T> (arrays), Value.
  template <class T>
  T as() const {
    if (std::optional<T> converted = Convert<T>::from(*this)) return std::move(*converted);
    throw_type_mismatch();
  }
  template <class T>
  std::optional<T> try_as() const {
    return Convert<T>::from(*this);
  }

  // ---- conversions of JavaScript: may run guest code ----
  std::string to_string() const;  // ECMA-262 ToString
  double to_number() const;       // ECMA-262 ToNumber
  std::optional<std::string> to_json(
      std::uint32_t indent = 0) const;  // JSON.stringify; nullopt: not representable
  /// As `console.log` of Node prints it; runs no guest code. A string at the top is quoted.
  std::string inspect() const;

  // ---- properties: getters, setters and proxies run; what they throw arrives as JSError ----
  Value get(const Key& key) const;
  Value operator[](const Key& key) const { return get(key); }
  void set(const Key& key,
           const Value& value) const;  // as in strict mode: throws when it cannot be set
  template <class T>
  void set(const Key& key, const T& value) const {
    set(key, make(value));
  }
  void define(const Key& key, const Value& value, Property property) const;
  void define_accessor(const Key& key, const Value& getter, const Value& setter,
                       Property property) const;
  bool has(const Key& key) const;
  bool remove(const Key& key) const;  // false: not configurable
  std::vector<Value> keys(Keys which = Keys::enumerable_strings) const;
  std::uint64_t length() const;  // of an array or string; throws Errc::type_mismatch otherwise

  // ---- calls ----
  template <class... Args>
  Value operator()(const Args&... args) const {
    return call(Value(), {make(args)...});
  }
  Value call(const Value& self, std::initializer_list<Value> args) const {
    return call(self, std::span(args.begin(), args.size()));
  }
  Value call(const Value& self, std::span<const Value> args) const;
  template <class... Args>
  Value invoke(const Key& method, const Args&... args) const {
    return get(method).call(*this, {make(args)...});
  }
  Value construct(std::span<const Value> args) const;
  template <class... Args>
  Value construct(const Args&... args) const {
    std::initializer_list<Value> list{make(args)...};
    return construct(std::span(list.begin(), list.size()));
  }

  // ---- promises ----
  PromiseState promise_state() const;  // throws Errc::type_mismatch when it is no promise
  Value promise_result() const;        // value or reason; undefined while pending
  void mark_handled() const;           // its rejection will not be reported

 private:
  friend struct detail::ValueAccess;
  template <class T>
  Value make(const T& value) const;  // defined in vm.hpp
  [[noreturn]] void throw_type_mismatch() const;
  VM& vm() const;  // the VM it lives in; throws when there is none

  union Data {
    bool boolean;
    double number;
    detail::Handle* handle;
  } data_{};
  Type kind_;
};

}  // namespace quiesce
