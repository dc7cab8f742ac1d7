// What objects are made of, seen without running guest code: no getter, no proxy trap, no method.
//
//   if (auto proxy = quiesce::introspect::proxy(value)) value = proxy->target;
//   if (auto entries = quiesce::introspect::map_entries(value)) use(*entries);
//
// A guest can make every property lie; these functions read the slots behind them. Each answers
// nullopt when the value is no such thing. Values that they return are handles like any others;
// lists are copies of how it was. Thread safety and errors are those of Value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "quiesce/value.hpp"

namespace quiesce::introspect {

/// What a proxy stands before; both are null when it is revoked.
struct Proxy {
  Value target;   ///< the object behind it
  Value handler;  ///< the object with its traps
};
/// Of a proxy.
std::optional<Proxy> proxy(const Value& value);

/// Keys with their values, in the order of their making.
using Entries = std::vector<std::pair<Value, Value>>;
/// Of a Map.
std::optional<Entries> map_entries(const Value& map);
/// Of a Set.
std::optional<std::vector<Value>> set_values(const Value& set);

/// What is alive now in a WeakMap; while these Values are, it stays alive.
std::optional<Entries> weak_map_entries(const Value& weak_map);
/// The same of a WeakSet.
std::optional<std::vector<Value>> weak_set_values(const Value& weak_set);
/// Undefined when the target is gone.
std::optional<Value> weak_ref_target(const Value& weak_ref);

/// Milliseconds since 1970-01-01T00:00:00Z; NaN for an invalid date.
std::optional<double> date_ms(const Value& date);

/// Of a regular expression.
struct RegExp {
  std::string source;  ///< between the slashes
  std::string flags;   ///< in alphabetical order
};
/// Of a RegExp.
std::optional<RegExp> regexp(const Value& regexp);

/// Of an ArrayBuffer or SharedArrayBuffer.
struct Buffer {
  std::size_t bytes;                     ///< its size now
  std::optional<std::size_t> bytes_max;  ///< nullopt: it cannot be resized
  bool is_detached;                      ///< its bytes were transferred elsewhere
  bool is_shared;                        ///< a SharedArrayBuffer
};
/// Of a buffer.
std::optional<Buffer> buffer(const Value& buffer);

/// Of a typed array or DataView. Offset and elements are 0 when it is out of bounds.
struct View {
  Class type;             ///< which of them
  Value buffer;           ///< the buffer behind it
  std::size_t offset;     ///< bytes
  std::size_t elements;   ///< bytes of a DataView
  bool tracks;            ///< its length follows that of the buffer
  bool is_out_of_bounds;  ///< the buffer is detached or has become too short
};
/// Of a view.
std::optional<View> view(const Value& view);

/// "Object", "Map", "Proxy", "Generator"...: what the engine made, whatever the guest says it is.
std::optional<std::string> class_name(const Value& object);

/// What a function is. Of a proxy only that it can be called.
struct Function {
  std::string name;   ///< its own property, if that is data, or as in the source
  bool is_async;      ///< `async function`
  bool is_generator;  ///< `function*`
  bool is_class;      ///< `class`
  bool is_native;     ///< built in or of the host
};
/// Of a function.
std::optional<Function> function(const Value& function);
/// What `bind` was called on.
std::optional<Value> bound_target(const Value& function);

/// Own keys in the order of ECMA-262, symbols last; nullopt for a proxy, which would have to be
/// asked.
std::optional<std::vector<Value>> own_keys(const Value& object);

/// An own property: either a value, or a getter and setter, of which one may be undefined.
struct Descriptor {
  Property flags;    ///< `writable` only of a value
  bool is_accessor;  ///< getter and setter count, not the value
  Value value;       ///< of a plain property
  Value getter;      ///< of an accessor
  Value setter;      ///< of an accessor
};
/// `key` is a name, an index or a symbol; nullopt: there is none, or the object is a proxy.
std::optional<Descriptor> own_property(const Value& object, const Key& key);

/// null: it has none; nullopt for a proxy.
std::optional<Value> prototype(const Value& object);

/// Equal for two Values if and only if they are the same object or symbol, as long as it is alive;
/// the same in a VM that is woken from a snapshot. Later another object may have the number.
std::optional<std::uint64_t> identity(const Value& value);

/// The primitive inside `new Number(1)`.
std::optional<Value> boxed_primitive(const Value& object);

/// How far a promise is.
struct Promise {
  PromiseState state;  ///< settled or not
  Value result;        ///< value or reason; undefined while it is pending
};
/// Of a promise.
std::optional<Promise> promise(const Value& promise);

}  // namespace quiesce::introspect
