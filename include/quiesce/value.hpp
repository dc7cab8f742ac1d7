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

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "quiesce/error.hpp"

namespace quiesce {

class Conversion;
class VM;
class Value;

namespace detail {
class Machine;
struct Handle;
struct ValueAccess;
[[noreturn]] void throw_not_exact(const std::string& number);
/// A number of C++ as one of JavaScript. Integers beyond 2^53 are refused.
template <class N>
double exact_number(N number) {
  if constexpr (std::is_integral_v<N> && sizeof(N) > 4) {
    constexpr N kExactMax = N{1} << 53;
    bool exact = number <= kExactMax;
    if constexpr (std::is_signed_v<N>) exact = exact && number >= -kExactMax;
    if (!exact) throw_not_exact(std::to_string(number));
  }
  return static_cast<double>(number);
}
/// A number of JavaScript as an integer of C++, if it is one and fits.
template <class T>
std::optional<T> exact_integer(double number) {
  if (number != std::trunc(number)) return std::nullopt;
  // Both ends as doubles: the upper one is exclusive, since max() itself may not be a double.
  constexpr double kLow = static_cast<double>(std::numeric_limits<T>::min());
  const double high = std::ldexp(1.0, std::numeric_limits<T>::digits);
  if (!(number >= kLow && number < high)) return std::nullopt;
  return static_cast<T>(number);
}
std::optional<double> number_from(const Value& value) noexcept;
std::optional<bool> boolean_from(const Value& value) noexcept;
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

/// The state of a promise (ECMA-262 27.2.6).
enum class PromiseState : std::uint8_t { pending, fulfilled, rejected };

/// An integer of any size, as decimal digits with an optional minus sign.
struct BigInt {
  /// Decimal, with an optional minus sign: "-18446744073709551616".
  std::string digits;
  friend bool operator==(const BigInt&, const BigInt&) = default;
};

/// What to do with text that UTF-8 cannot have: malformed bytes, a lone surrogate.
enum class Utf8 : std::uint8_t {
  strict,  // Errc::encoding
  replace  // U+FFFD
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
  /// A property name in UTF-8.
  Key(const char* name) : name_(name) {}
  /// A property name in UTF-8.
  Key(std::string_view name) : name_(name) {}
  /// A property name in UTF-8.
  Key(const std::string& name) : name_(name) {}
  /// An index.
  template <class I, std::enable_if_t<std::is_integral_v<I> && !std::is_same_v<I, bool>, int> = 0>
  Key(I index) : number_(static_cast<double>(index)), kind_(Kind::index) {}
  /// A symbol or a string of the VM.
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
  /// Whether an assignment may change the value.
  bool writable = false;
  /// Whether `for in` and `Object.keys` show it.
  bool enumerable = false;
  /// Whether it may be deleted or redefined.
  bool configurable = false;
};

/// Which keys `Value::keys` lists.
enum class Keys : std::uint8_t { enumerable_strings, strings, symbols, all };

/// A counted reference to a JavaScript value, or a primitive by value. Cheap to copy.
class Value {
 public:
  /// undefined.
  Value() noexcept : kind_(Type::undefined) {}
  /// null.
  Value(std::nullptr_t) noexcept : kind_(Type::null) {}
  /// A boolean.
  template <class B, std::enable_if_t<std::is_same_v<B, bool>, int> = 0>
  Value(B boolean) noexcept : kind_(Type::boolean) {
    data_.boolean = boolean;
  }
  /// A number: any floating-point type, and integers of at most 32 bits, which are exact.
  template <class N, std::enable_if_t<(std::is_integral_v<N> && sizeof(N) <= 4 &&
                                       !std::is_same_v<N, bool>) ||
                                          std::is_floating_point_v<N>,
                                      int> = 0>
  Value(N number) noexcept : kind_(Type::number) {
    data_.number = static_cast<double>(number);
  }

  /// Another reference to the same JavaScript value.
  Value(const Value& other) noexcept : data_(other.data_), kind_(other.kind_) {
    if (is_counted()) share();
  }
  /// Takes the reference; `other` becomes undefined.
  Value(Value&& other) noexcept
      : data_(other.data_), kind_(std::exchange(other.kind_, Type::undefined)) {}
  /// Refers to the same JavaScript value as `other` from now on.
  Value& operator=(const Value& other) noexcept { return *this = Value(other); }
  /// Exchanges the two references.
  Value& operator=(Value&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(kind_, other.kind_);
    return *this;
  }
  ~Value() {
    if (is_counted()) let_go();
  }

  // ---- what it is ----
  /// As `typeof` has it, but null is a type of its own.
  Type type() const noexcept { return kind_; }
  /// What kind of object. Looks at the object, not at its prototype, and runs no guest code.
  Class object_class() const;
  /// Whether it is undefined.
  bool is_undefined() const noexcept { return kind_ == Type::undefined; }
  /// Whether it is null.
  bool is_null() const noexcept { return kind_ == Type::null; }
  /// Whether it is a boolean.
  bool is_boolean() const noexcept { return kind_ == Type::boolean; }
  /// Whether it is a number.
  bool is_number() const noexcept { return kind_ == Type::number; }
  /// Whether it is a string.
  bool is_string() const noexcept { return kind_ == Type::string; }
  /// Whether it is a symbol.
  bool is_symbol() const noexcept { return kind_ == Type::symbol; }
  /// Whether it is a bigint.
  bool is_bigint() const noexcept { return kind_ == Type::bigint; }
  /// Whether it can be called.
  bool is_function() const noexcept { return kind_ == Type::function; }
  /// Whether it is an object; functions are.
  bool is_object() const noexcept { return kind_ == Type::object || kind_ == Type::function; }
  /// Whether it is an array; a proxy of one is not.
  bool is_array() const { return object_class() == Class::array; }
  /// Whether it was made by an Error constructor.
  bool is_error() const { return object_class() == Class::error; }
  /// Whether it is a promise, not only a thenable.
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
  /// As `as`, but nullopt instead of a throw when it is no T.
  template <class T>
  std::optional<T> try_as() const {
    return Convert<T>::from(*this);
  }

  /// Of a string (Errc::type_mismatch otherwise), as UTF-8 in Unicode's sense: with Utf8::replace
  /// what String.prototype.toWellFormed gives, with Utf8::strict Errc::encoding for a lone
  /// surrogate.
  std::string utf8(Utf8 how) const;

  // ---- bytes of an ArrayBuffer, typed array or DataView, where they are ----
  /// Calls `f(std::span<std::byte>)` with the bytes themselves, and returns what it returns.
  /// Meanwhile the VM cannot be entered (Errc::busy), for memory may move its contents; the span is
  /// of no use afterwards. Throws Errc::type_mismatch for what has no bytes: other values, a
  /// detached buffer, a view that is out of the bounds of a buffer that was made smaller; and for
  /// bytes that never change (an immutable ArrayBuffer).
  template <class F>
  decltype(auto) with_bytes(F&& f) const {
    const ByteLoan loan(*this, ByteLoan::For::writing);
    return std::forward<F>(f)(loan.bytes());
  }
  /// The same to read, `f(std::span<const std::byte>)`, of immutable buffers too.
  template <class F>
  decltype(auto) read_bytes(F&& f) const {
    const ByteLoan loan(*this, ByteLoan::For::reading);
    return std::forward<F>(f)(std::span<const std::byte>(loan.bytes()));
  }
  /// Copies `bytes` to `offset`. Throws Errc::invalid_argument, and writes nothing, if they do not
  /// fit.
  void write_bytes(std::uint64_t offset, std::span<const std::byte> bytes) const;

  // ---- conversions of JavaScript: may run guest code ----
  /// ECMA-262 7.1.17 ToString, as UTF-8. A symbol is a TypeError there and a JSError here.
  std::string to_string() const;
  /// ECMA-262 7.1.4 ToNumber.
  double to_number() const;
  /// JSON.stringify (ECMA-262 25.5.2) with `indent` blanks; nullopt: no JSON stands for it.
  std::optional<std::string> to_json(
      std::uint32_t indent = 0) const;  // JSON.stringify; nullopt: not representable
  /// As `console.log` of Node prints it; runs no guest code. A string at the top is quoted.
  std::string inspect() const;

  // ---- properties: getters, setters and proxies run; what they throw arrives as JSError ----
  /// The property; undefined when there is none (ECMA-262 7.3.2). Strings have properties too.
  Value get(const Key& key) const;
  /// As get.
  Value operator[](const Key& key) const { return get(key); }
  /// Assigns as in strict mode: a JSError when the object refuses (ECMA-262 7.3.4).
  void set(const Key& key,
           const Value& value) const;  // as in strict mode: throws when it cannot be set
  /// Assigns anything that Convert knows.
  template <class T>
  void set(const Key& key, const T& value) const {
    set(key, make(value));
  }
  /// Defines a data property, past setters and prototypes (ECMA-262 7.3.8).
  void define(const Key& key, const Value& value, Property property) const;
  /// Defines an accessor property; undefined leaves getter or setter out.
  void define_accessor(const Key& key, const Value& getter, const Value& setter,
                       Property property) const;
  /// As the operator `in`: own or inherited (ECMA-262 7.3.11).
  bool has(const Key& key) const;
  /// The same, not looking at the prototypes.
  bool has_own(const Key& key) const;
  /// As `delete`; false: the property is not configurable.
  bool remove(const Key& key) const;
  /// Own keys in the order of the standard, as strings and symbols.
  std::vector<Value> keys(Keys which = Keys::enumerable_strings) const;
  /// Of an array, or a string in UTF-16 units; throws Errc::type_mismatch for anything else.
  std::uint64_t length() const;

  // ---- calls ----
  /// Calls the function with undefined as `this`: `f(1, "two")`.
  template <class... Args>
  Value operator()(const Args&... args) const {
    return call(Value(), {make(args)...});
  }
  /// Calls the function with a `this` of your choice.
  Value call(const Value& self, std::initializer_list<Value> args) const {
    return call(self, std::span(args.begin(), args.size()));
  }
  /// Calls the function with arguments that were counted at run time.
  Value call(const Value& self, std::span<const Value> args) const;
  /// Calls a method of this object: `list.invoke("push", 3)`.
  template <class... Args>
  Value invoke(const Key& method, const Args&... args) const {
    return get(method).call(*this, {make(args)...});
  }
  /// As `new` (ECMA-262 7.3.15).
  Value construct(std::span<const Value> args) const;
  /// As `new`: `date_class.construct(2026, 0, 1)`.
  template <class... Args>
  Value construct(const Args&... args) const {
    std::initializer_list<Value> list{make(args)...};
    return construct(std::span(list.begin(), list.size()));
  }

  /// `Reflect.construct(*this, args, new_target)`: `new.target` is another constructor, whose
  /// prototype the object gets.
  Value construct_as(const Value& new_target, std::span<const Value> args) const;

  // ---- promises ----
  /// Whether it is pending, fulfilled or rejected; Errc::type_mismatch when it is no promise.
  PromiseState promise_state() const;
  /// The value or the reason; undefined while pending.
  Value promise_result() const;
  /// A rejection of this promise will not be reported as unhandled.
  void mark_handled() const;
  /// Whether somebody listens to it, or `mark_handled` was called.
  bool is_handled() const;

 private:
  friend struct detail::ValueAccess;
  friend std::optional<double> detail::number_from(const Value& value) noexcept;
  friend std::optional<bool> detail::boolean_from(const Value& value) noexcept;
  template <class T>
  Value make(const T& value) const;  // defined in vm.hpp
  bool is_counted() const noexcept { return kind_ >= Type::string; }
  void share() const noexcept;
  void let_go() const noexcept;
  [[noreturn]] void throw_type_mismatch() const;
  VM& vm() const;  // the VM it lives in; throws when there is none

  // Keeps the VM from being entered while somebody looks at its bytes.
  class ByteLoan {
   public:
    enum class For : std::uint8_t { reading, writing };
    ByteLoan(const Value& buffer, For what);
    ~ByteLoan();
    ByteLoan(const ByteLoan&) = delete;
    ByteLoan& operator=(const ByteLoan&) = delete;
    std::span<std::byte> bytes() const noexcept { return bytes_; }

   private:
    std::shared_ptr<detail::Machine> machine_;
    detail::Handle* held_;  // counted
    std::span<std::byte> bytes_;
  };

  union Data {
    bool boolean;
    double number;
    detail::Handle* handle;
  } data_{};
  Type kind_;
};

namespace detail {
// Inline, for a host function with two numbers should cost what its crossing costs.
inline std::optional<double> number_from(const Value& value) noexcept {
  if (!value.is_number()) return std::nullopt;
  return value.data_.number;
}
inline std::optional<bool> boolean_from(const Value& value) noexcept {
  if (!value.is_boolean()) return std::nullopt;
  return value.data_.boolean;
}
}  // namespace detail

}  // namespace quiesce
