// What objects are made of, seen without running guest code: no getter, no proxy trap, no method.
//
//   if (auto proxy = quiesce::introspect::proxy(value)) value = proxy->target;
//   for (const auto& [key, mapped] : quiesce::introspect::map_entries(value).value()) use(key);
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

/// Both are null when the proxy is revoked.
struct Proxy {
  Value target, handler;
};
std::optional<Proxy> proxy(const Value& value);

using Entries = std::vector<std::pair<Value, Value>>;
std::optional<Entries> map_entries(const Value& map);
std::optional<std::vector<Value>> set_values(const Value& set);

/// What is alive now; while these Values are, it stays alive.
std::optional<Entries> weak_map_entries(const Value& weak_map);
std::optional<std::vector<Value>> weak_set_values(const Value& weak_set);
/// Undefined when the target is gone.
std::optional<Value> weak_ref_target(const Value& weak_ref);

/// Milliseconds since 1970-01-01T00:00:00Z; NaN for an invalid date.
std::optional<double> date_ms(const Value& date);

/// `flags` in alphabetical order.
struct RegExp {
  std::string source, flags;
};
std::optional<RegExp> regexp(const Value& regexp);

/// Of an ArrayBuffer or SharedArrayBuffer.
struct Buffer {
  std::size_t bytes;
  std::optional<std::size_t> bytes_max;  // nullopt: it cannot be resized
  bool is_detached;
  bool is_shared;
};
std::optional<Buffer> buffer(const Value& buffer);

/// Of a typed array or DataView. Offset and elements are 0 when it is out of bounds.
struct View {
  Class type;
  Value buffer;
  std::size_t offset;     // bytes
  std::size_t elements;   // bytes of a DataView
  bool tracks;            // its length follows that of the buffer
  bool is_out_of_bounds;  // the buffer is detached or has become too short
};
std::optional<View> view(const Value& view);

/// "Object", "Map", "Proxy", "Generator"...: what the engine made, whatever the guest says it is.
std::optional<std::string> class_name(const Value& object);

/// The name as it stands in its own property, if that is data, or in the source. Of a proxy only
/// that it can be called.
struct Function {
  std::string name;
  bool is_async, is_generator, is_class;
  bool is_native;  // built in or of the host
};
std::optional<Function> function(const Value& function);
/// What `bind` was called on.
std::optional<Value> bound_target(const Value& function);

/// Own keys in the order of ECMA-262, symbols last; nullopt for a proxy, which would have to be
/// asked.
std::optional<std::vector<Value>> own_keys(const Value& object);

/// An own property: either a value, or a getter and setter, of which one may be undefined.
struct Descriptor {
  Property flags;
  bool is_accessor;
  Value value, getter, setter;
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

struct Promise {
  PromiseState state;
  Value result;  // undefined while it is pending
};
std::optional<Promise> promise(const Value& promise);

}  // namespace quiesce::introspect
