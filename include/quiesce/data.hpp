// JavaScript data in C++: a whole graph of values, taken out of a VM or put into one at once.
//
//   quiesce::Data order = vm.eval("({id: 7, items: [{cents: 499}], made: new Date(0)})")
//                             .as<quiesce::Data>();
//   order["items"][0].set("cents", 450);
//   order.set("tags", quiesce::Data::set({"new", "paid"}));
//   vm.global().set("order", order);
//
// A Data is a handle, as a variable in JavaScript is: copies refer to the same object, and objects
// may refer to each other in circles. All objects that were ever joined are freed together, when
// the last handle to one of them goes; `clone` makes a copy of what is reachable and nothing more.
// A Data belongs to no VM and may outlive all of them.
//
// Not everything has a data form: promises that are pending on the way in, functions (undefined, or
// refused), WeakMaps, generators and the like are Errc::not_cloneable, and the text has the path:
// "$.order.items[3]". Kept of an object are its own enumerable properties with string keys, as
// structuredClone and JSON.stringify do; of an array its elements, holes and such properties too;
// of dates, expressions, maps, sets and buffers nothing but what they are.
//
// Wrong kind: Errc::type_mismatch. Text is UTF-8, where a lone surrogate has its three-byte form
// (WTF-8); other text is Errc::encoding. Thread safety is that of a standard container, for all
// handles to one graph together: reading from several threads is fine, writing needs a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "quiesce/convert.hpp"
#include "quiesce/host.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

class Data;

namespace detail {

struct DataGraph;
struct DataNode;
struct DataAccess;

/// Bytes that several slots share: a string as WTF-8, or the words of a bigint.
struct DataBlob;

/// What a variable, an element or a property holds: a primitive, or a reference into the graph.
class DataSlot {
 public:
  enum class Type : std::uint8_t {
    undefined,
    null,
    boolean,
    number,
    string,
    bigint,
    symbol,
    object,
    hole,      // an element that an array does not have
    accessor,  // a property that was not read
  };

  DataSlot() noexcept = default;
  explicit DataSlot(Type type) noexcept : type_(type) {}
  explicit DataSlot(bool boolean) noexcept : type_(Type::boolean) { content_.boolean = boolean; }
  explicit DataSlot(double number) noexcept : type_(Type::number) { content_.number = number; }
  explicit DataSlot(DataNode* node) noexcept : type_(Type::object) { content_.node = node; }
  /// Takes over a reference.
  DataSlot(Type type, DataBlob* blob) noexcept : type_(type) { content_.blob = blob; }
  /// An accessor: 1 has a getter, 2 a setter.
  static DataSlot accessor(int parts) noexcept {
    DataSlot slot(Type::accessor);
    slot.content_.number = parts;
    return slot;
  }
  DataSlot(const DataSlot& other) noexcept : content_(other.content_), type_(other.type_) {
    if (is_counted()) count_up();
  }
  DataSlot(DataSlot&& other) noexcept
      : content_(other.content_), type_(std::exchange(other.type_, Type::undefined)) {}
  DataSlot& operator=(DataSlot other) noexcept {
    std::swap(content_, other.content_);
    std::swap(type_, other.type_);
    return *this;
  }
  ~DataSlot() {
    if (is_counted()) count_down();
  }

  Type type() const noexcept { return type_; }
  bool boolean() const noexcept { return content_.boolean; }
  double number() const noexcept { return content_.number; }
  DataNode* node() const noexcept { return content_.node; }
  DataBlob* blob() const noexcept { return content_.blob; }

 private:
  bool is_counted() const noexcept {
    return type_ == Type::string || type_ == Type::bigint || type_ == Type::symbol;
  }
  void count_up() const noexcept;
  void count_down() const noexcept;

  union Content {
    bool boolean;
    double number;
    DataNode* node;
    DataBlob* blob;
  } content_{};
  Type type_ = Type::undefined;
};

template <class T>
struct DataAs;  // below

/// The typed array whose elements are of type T.
template <class T>
constexpr Class typed_array_class() {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>, "no typed array has these");
  if constexpr (std::is_floating_point_v<T>) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "no typed array has these");
    return sizeof(T) == 4 ? Class::float32_array : Class::float64_array;
  } else {
    constexpr Class kSigned[] = {Class::int8_array, Class::int16_array, Class::int32_array,
                                 Class::bigint64_array};
    constexpr Class kUnsigned[] = {Class::uint8_array, Class::uint16_array, Class::uint32_array,
                                   Class::biguint64_array};
    constexpr int kAt = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return std::is_signed_v<T> ? kSigned[kAt] : kUnsigned[kAt];
  }
}

}  // namespace detail

/// Items that are made one by one while one iterates: `for (const Data& item : data.elements())`.
template <class Item>
class DataRange {
 public:
  /// Makes the item with that index.
  using At = Item (*)(const Data& owner, std::size_t index);

  /// An input iterator.
  class Iterator {
   public:
    /// What `*` gives.
    using value_type = Item;
    /// As an iterator needs it.
    using difference_type = std::ptrdiff_t;
    /// At an index of a range, which must outlive it.
    Iterator(const DataRange* range, std::size_t index) : range_(range), index_(index) {}
    /// The item, made now.
    Item operator*() const { return range_->at_(*range_->owner_, index_); }
    /// To the next item.
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    /// To the next item.
    void operator++(int) { ++index_; }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const DataRange* range_;
    std::size_t index_;
  };

  /// The first `count` items of `owner`, which is kept alive.
  DataRange(const Data& owner, std::size_t count, At at);
  /// The first item.
  Iterator begin() const { return {this, 0}; }
  /// Behind the last item.
  Iterator end() const { return {this, count_}; }
  /// How many there were when the range was made.
  std::size_t size() const noexcept { return count_; }

 private:
  std::shared_ptr<const Data> owner_;
  std::size_t count_;
  At at_;
};

/// One value: a primitive, or a handle to an object in a graph of data.
class Data {
 public:
  /// What a Data is.
  enum class Kind : std::uint8_t {
    undefined,
    null,
    boolean,
    number,
    string,
    bigint,
    symbol,  // Symbol.for
    object,
    array,
    map,
    set,
    date,
    regexp,
    error,
    array_buffer,
    typed_array,
    data_view,
    boxed,  // new Number(1)
    promise,
    accessor,  // a getter or setter that was not called
    proxy,     // a proxy that was not looked through
  };

  /// `source` and `flags` of a regular expression.
  struct RegExp {
    std::string source;  ///< as its property `source`
    std::string flags;   ///< in alphabetical order
  };
  /// The texts of an error, where it has them.
  struct ErrorTexts {
    std::optional<std::string> name;     ///< "RangeError"
    std::optional<std::string> message;  ///< what it says
    std::optional<std::string> stack;    ///< lines "    at f (file.js:3:7)"
  };
  /// The bytes of an ArrayBuffer are `bytes()`.
  struct Buffer {
    std::optional<std::size_t> bytes_max;  ///< nullopt: it cannot be resized
    bool is_detached = false;              ///< its bytes were transferred elsewhere
  };
  struct View;     // below
  struct Promise;  // below
  /// Which of the two an accessor has.
  struct Accessor {
    bool has_getter;  ///< it can be read
    bool has_setter;  ///< it can be written
  };
  /// A property of `object`.
  using Entry = std::pair<std::string, Data>;
  /// An entry of a Map.
  using MapEntry = std::pair<Data, Data>;

  // ---- primitives ----
  Data() noexcept = default;  // undefined
  /// null
  Data(std::nullptr_t) noexcept;
  /// true or false
  template <class B, std::enable_if_t<std::is_same_v<B, bool>, int> = 0>
  Data(B boolean) noexcept : slot_(static_cast<bool>(boolean)) {}
  /// Integers beyond 2^53 are refused with Errc::invalid_argument: they would lose digits.
  template <class N, std::enable_if_t<std::is_arithmetic_v<N> && !std::is_same_v<N, bool>, int> = 0>
  Data(N number) : slot_(detail::exact_number(number)) {}
  /// A string; Errc::encoding if the text is not UTF-8 (or WTF-8).
  Data(std::string_view utf8);
  /// A string.
  Data(const char* utf8) : Data(std::string_view(utf8)) {}
  /// A string.
  Data(const std::string& utf8) : Data(std::string_view(utf8)) {}
  /// A string of these units, whatever they are.
  Data(std::u16string_view utf16);
  /// A string of these units.
  Data(const std::u16string& utf16) : Data(std::u16string_view(utf16)) {}
  /// A bigint; Errc::invalid_argument if these are no digits.
  Data(const BigInt& number);
  /// Symbol.for(key)
  static Data symbol(std::string_view key);

  // ---- objects ----
  /// An object with these properties.
  static Data object(std::initializer_list<std::pair<std::string_view, Data>> properties = {});
  /// An array of these elements.
  static Data array(std::initializer_list<Data> elements = {});
  /// An array of these elements.
  static Data array(std::span<const Data> elements);
  /// A Map of these entries.
  static Data map(std::initializer_list<MapEntry> entries = {});
  /// A Map of these entries.
  static Data map(std::span<const MapEntry> entries);
  /// A Set of these values.
  static Data set(std::initializer_list<Data> values);
  /// A Set of these values.
  static Data set(std::span<const Data> values);
  /// Milliseconds since 1970-01-01T00:00:00Z; NaN is an invalid date.
  static Data date(double epoch_ms);
  /// In whole milliseconds.
  static Data date(Time time);
  /// Checked when it is put into a VM: a SyntaxError there.
  static Data regexp(std::string_view source, std::string_view flags = "");
  /// "TypeError", "RangeError"...; other names become an Error with that name.
  static Data error(std::string_view name, std::string_view message);
  /// A copy of the bytes; with `bytes_max` it can be resized up to that.
  static Data array_buffer(std::span<const std::byte> bytes,
                           std::optional<std::size_t> bytes_max = std::nullopt);
  /// A Uint8Array over a buffer of its own.
  static Data bytes(std::span<const std::byte> bytes);
  /// A typed array of the class that has such elements, over a buffer of its own.
  template <class T>
  static Data typed_array(std::span<const T> elements) {
    return typed_array(detail::typed_array_class<T>(), array_buffer(std::as_bytes(elements)));
  }
  /// A view of a buffer that other views may share, from `offset` (bytes) on; nullopt: up to its
  /// end, and following it if the buffer can be resized. Errc::invalid_argument: it does not fit.
  static Data typed_array(Class type, const Data& buffer, std::size_t offset = 0,
                          std::optional<std::size_t> elements = std::nullopt);
  /// A DataView; otherwise as typed_array.
  static Data data_view(const Data& buffer, std::size_t offset = 0,
                        std::optional<std::size_t> bytes = std::nullopt);
  /// The object around a primitive: `new String("x")`.
  static Data boxed(const Data& primitive);
  /// A promise that is settled.
  static Data resolved(const Data& value);
  /// Nobody is told that nobody listens to it.
  static Data rejected(const Data& reason);

  // ---- what it is ----
  /// What it is.
  Kind kind() const noexcept;
  /// Is it of this kind?
  bool is(Kind kind) const noexcept { return this->kind() == kind; }
  /// Is it undefined?
  bool is_undefined() const noexcept { return is(Kind::undefined); }
  /// Is it null?
  bool is_null() const noexcept { return is(Kind::null); }
  /// Is it a plain object?
  bool is_object() const noexcept { return is(Kind::object); }
  /// Is it an array?
  bool is_array() const noexcept { return is(Kind::array); }
  /// Is it a string?
  bool is_string() const noexcept { return is(Kind::string); }
  /// Is it a number?
  bool is_number() const noexcept { return is(Kind::number); }
  /// Whether both are the same object, or primitives that are equal.
  bool is_same(const Data& other) const noexcept;

  /// The same for all handles to one object, while it lives; null for a primitive.
  const void* address() const noexcept {
    return slot_.type() == detail::DataSlot::Type::object ? slot_.node() : nullptr;
  }

  /// bool, integers (exact), floating point, std::string, std::u16string, BigInt,
  /// std::vector<std::byte> (buffers and views), std::optional<T> (undefined and null are nullopt),
  /// std::vector<T> (arrays, sets), std::map<std::string, T> (objects). Throws Errc::type_mismatch.
  template <class T>
  T as() const {
    if (std::optional<T> converted = detail::DataAs<T>::from(*this)) return std::move(*converted);
    throw_mismatch("of the C++ type asked for, or does not fit it");
  }
  /// As `as`; nullopt when it is no T.
  template <class T>
  std::optional<T> try_as() const {
    return detail::DataAs<T>::from(*this);
  }
  /// The text of a string, the key of a symbol; valid as long as this Data.
  std::string_view text() const;

  /// Calls `f` with std::monostate (undefined), nullptr, bool, double, std::string_view (a string),
  /// BigInt, or for all else `const Data&`.
  template <class F>
  decltype(auto) visit(F&& f) const {
    switch (kind()) {
      case Kind::undefined: return f(std::monostate{});
      case Kind::null: return f(nullptr);
      case Kind::boolean: return f(slot_.boolean());
      case Kind::number: return f(slot_.number());
      case Kind::string: return f(text());
      case Kind::bigint: return f(as<BigInt>());
      default: return f(*this);
    }
  }

  // ---- properties of objects, arrays and errors; undefined: there is none ----
  /// The property of that name.
  Data get(std::string_view name) const;
  /// The element, or the property with the index as its name.
  Data get(std::size_t index) const;
  /// As get.
  Data operator[](std::string_view name) const { return get(name); }
  /// As get.
  template <class I, std::enable_if_t<std::is_integral_v<I> && !std::is_same_v<I, bool>, int> = 0>
  Data operator[](I index) const {
    return get(checked_index(index));
  }
  /// As get, but throws Errc::type_mismatch when there is no such property.
  Data at(std::string_view name) const;
  /// Is there such a property?
  bool has(std::string_view name) const;
  /// Is there such an element? A hole is none.
  bool has(std::size_t index) const;
  /// Changes or adds a property.
  void set(std::string_view name, const Data& value) const;
  /// Changes or adds an element.
  void set(std::size_t index, const Data& value) const;
  /// Takes a property away, or leaves a hole; false: there was none.
  bool remove(std::string_view name) const;
  /// Adds an element to an array.
  void push(const Data& value) const;
  /// Elements of an array (its length), properties of an object, entries of a map or set, units of
  /// a string, bytes of a buffer, elements of a view.
  std::size_t size() const;
  /// Is the size 0?
  bool empty() const { return size() == 0; }
  /// Elements of an array, holes as undefined, up to the last that is stored in a row (a few that
  /// lie far behind are `entries` of it); values of a set.
  DataRange<Data> elements() const;
  /// Properties in their order.
  DataRange<Entry> entries() const;
  /// Entries of a Map in their order.
  DataRange<MapEntry> map_entries() const;

  // ---- maps and sets: SameValueZero, in the time of a linear search ----
  /// The value at a key of a Map.
  std::optional<Data> find(const Data& key) const;
  /// Sets the value at a key of a Map.
  void put(const Data& key, const Data& value) const;
  /// Is it in this Set, or a key of this Map?
  bool contains(const Data& value) const;
  /// Adds a value to a Set, unless it is there.
  void add(const Data& value) const;

  // ---- of one kind each ----
  /// Milliseconds since 1970-01-01T00:00:00Z; NaN for an invalid date.
  double date_ms() const;
  /// Of a regular expression.
  RegExp regexp() const;
  /// Of an error.
  ErrorTexts error() const;
  /// `cause` of an error; undefined: it has none.
  Data cause() const;
  /// `errors` of an AggregateError; undefined: it has none.
  Data errors() const;
  /// Gives an error a cause.
  void set_cause(const Data& cause) const;
  /// Gives an AggregateError its errors, an array.
  void set_errors(const Data& errors) const;
  /// Of an ArrayBuffer.
  Buffer buffer() const;
  /// The bytes of a buffer or of what a view shows of it. They move when a buffer is assigned to.
  std::span<std::byte> bytes() const;
  /// Of a typed array or DataView.
  View view() const;
  /// The primitive in a box.
  Data unboxed() const;
  /// Of a promise.
  Promise promise() const;
  /// Of an accessor that was not called.
  Accessor accessor() const;

  // ---- whole graphs ----
  /// The same structure: numbers as SameValueZero compares them, properties in any order, entries
  /// of maps and sets in their order, and circles that look the same from inside are the same.
  friend bool operator==(const Data& left, const Data& right) { return equal(left, right); }
  /// An independent copy of all that can be reached from here; circles and sharing are kept.
  Data clone() const;
  /// For people to read, a few levels deep.
  std::string inspect() const;

 private:
  friend struct detail::DataAccess;
  Data(std::shared_ptr<detail::DataGraph> graph, detail::DataSlot slot) noexcept
      : graph_(std::move(graph)), slot_(std::move(slot)) {}
  static bool equal(const Data& left, const Data& right);
  [[noreturn]] void throw_mismatch(const char* wanted) const;
  template <class I>
  static std::size_t checked_index(I index) {
    if constexpr (std::is_signed_v<I>) {
      if (index < 0) throw Error(Errc::invalid_argument, "an index cannot be negative");
    }
    return static_cast<std::size_t>(index);
  }

  std::shared_ptr<detail::DataGraph> graph_;  // null: a primitive
  detail::DataSlot slot_;
};

/// What a typed array or DataView shows of its buffer.
struct Data::View {
  Class type;             ///< typed array or DataView
  Data buffer;            ///< the ArrayBuffer
  std::size_t offset;     ///< bytes
  std::size_t elements;   ///< bytes of a DataView
  bool tracks;            ///< its length follows that of the buffer
  bool is_out_of_bounds;  ///< the buffer is detached or has become too short
};

/// A promise and, once settled, its value or reason.
struct Data::Promise {
  PromiseState state;  ///< pending only in what was dumped
  Data result;         ///< value or reason
};

/// What to do with what is more than data.
enum class Accessors : std::uint8_t {
  report,  // a Data of kind accessor stands for it
  run,     // getters are called, as JSON.stringify does: guest code runs
};
/// The same for proxies.
enum class Proxies : std::uint8_t { report, run };
/// A function is no data.
enum class Functions : std::uint8_t { undefined, refused };

/// How `dump` reads a value.
struct DumpOptions {
  Accessors accessors = Accessors::report;     ///< getters
  Proxies proxies = Proxies::report;           ///< proxies
  Functions functions = Functions::undefined;  ///< functions
  /// What the Data may take in C++, about; more is Errc::limit. A guest can name one long text or
  /// one object very often at little cost, but each takes its place only once.
  std::uint64_t bytes_max = std::uint64_t{1} << 30;
};

/// The value as Data. Runs no guest code unless the options say so; without options it is
/// `value.as<Data>()`.
Data dump(const Value& value, const DumpOptions& options = {});

// ---- the rest is how this works ----

template <class Item>
DataRange<Item>::DataRange(const Data& owner, std::size_t count, At at)
    : owner_(std::make_shared<const Data>(owner)), count_(count), at_(at) {}

namespace detail {
Value data_to(VM& vm, const Data& from);
std::optional<BigInt> data_bigint(const Data& data);
std::optional<std::u16string> data_utf16(const Data& data);
}  // namespace detail

template <>
struct Convert<Data> {
  static constexpr const char* kName = "data";
  static Value to(VM& vm, const Data& from) { return detail::data_to(vm, from); }
  /// Throws Errc::not_cloneable with the path to what has no data form.
  static std::optional<Data> from(const Value& value) { return dump(value); }
};

}  // namespace quiesce

#include "quiesce/data_as.hpp"
