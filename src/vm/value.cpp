#include "quiesce/value.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "vm/machine.hpp"

namespace quiesce {

namespace {

using detail::Machine;
using detail::ValueAccess;
using guest::Instance;
using guest::u32;
using guest::wire;

const char* name_of(Type type) {
  switch (type) {
    case Type::undefined: return "undefined";
    case Type::null: return "null";
    case Type::boolean: return "a boolean";
    case Type::number: return "a number";
    case Type::string: return "a string";
    case Type::symbol: return "a symbol";
    case Type::bigint: return "a bigint";
    case Type::object: return "an object";
    case Type::function: return "a function";
  }
  return "a value";
}

// The Machine that a value lives in, for what only values with a handle can do.
Machine& machine_of(const Value& value, const char* wanted) {
  if (detail::Handle* handle = ValueAccess::handle(value)) return *handle->machine;
  throw Error(Errc::type_mismatch, std::string(name_of(value.type())) + " is not " + wanted);
}

Machine& object_machine(const Value& value) {
  if (!value.is_object() && !value.is_string()) {
    throw Error(Errc::type_mismatch,
                std::string(name_of(value.type())) + " has no properties to reach from here");
  }
  return machine_of(value, "an object");
}

bool is_array_index(double number) {
  return number >= 0 && number < 4294967295.0 &&
         number == static_cast<double>(static_cast<u32>(number));
}

// Symbols and strings as they are; a name or a number beyond the array indices becomes a string.
Value key_value(Machine& machine, const Key& key) {
  if (const Value* value = ValueAccess::value(key)) return *value;
  if (const std::string_view* name = ValueAccess::name(key)) return machine.make_string(*name);
  return Value(ValueAccess::number(key));
}

u32 keys_flags(Keys which) {
  switch (which) {
    case Keys::enumerable_strings: return Q_KEYS_STRINGS | Q_KEYS_ENUMERABLE_ONLY;
    case Keys::strings: return Q_KEYS_STRINGS;
    case Keys::symbols: return Q_KEYS_SYMBOLS;
    case Keys::all: break;
  }
  return Q_KEYS_STRINGS | Q_KEYS_SYMBOLS;
}

}  // namespace

// ---- counting -----------------------------------------------------------------------------------

void Value::share() const noexcept { ++data_.handle->references; }

void Value::let_go() const noexcept {
  if (--data_.handle->references == 0) data_.handle->machine->release(data_.handle);
}

// ---- what it is ---------------------------------------------------------------------------------

VM& Value::vm() const { return machine_of(*this, "a value that belongs to a VM").facade(); }

void Value::throw_type_mismatch() const {
  throw Error(Errc::type_mismatch,
              std::string("the value is ") + name_of(kind_) +
                  ", which is not of the C++ type asked for or does not fit it");
}

Class Value::object_class() const {
  if (!is_object()) return Class::none;
  Machine& machine = machine_of(*this, "an object");
  const u32 code =
      machine.enter([&](Instance& guest) { return guest.class_of(machine.to_wire(*this)); });
  return code <= static_cast<u32>(Class::float64_array) ? static_cast<Class>(code) : Class::object;
}

bool Value::strictly_equals(const Value& other) const {
  const detail::Handle* mine = ValueAccess::handle(*this);
  const detail::Handle* theirs = ValueAccess::handle(other);
  if (mine == nullptr && theirs == nullptr) {
    if (kind_ != other.kind_) return false;
    if (kind_ == Type::number) return data_.number == other.data_.number;
    return kind_ != Type::boolean || data_.boolean == other.data_.boolean;
  }
  Machine& machine = *(mine != nullptr ? mine : theirs)->machine;
  return machine.enter([&](Instance& guest) {
    return guest.strict_equal(machine.to_wire(*this), machine.to_wire(other)) != 0;
  });
}

// ---- conversions of JavaScript ------------------------------------------------------------------

std::string Value::to_string() const {
  switch (kind_) {
    case Type::undefined: return "undefined";
    case Type::null: return "null";
    case Type::boolean: return data_.boolean ? "true" : "false";
    case Type::number: return detail::number_text(data_.number);
    default: break;
  }
  Machine& machine = machine_of(*this, "a value");
  return machine.enter([&](Instance& guest) {
    return machine.utf8(machine.result(guest.to_string(machine.to_wire(*this))));
  });
}

double Value::to_number() const {
  switch (kind_) {
    case Type::undefined: return std::numeric_limits<double>::quiet_NaN();
    case Type::null: return 0;
    case Type::boolean: return data_.boolean ? 1 : 0;
    case Type::number: return data_.number;
    default: break;
  }
  Machine& machine = machine_of(*this, "a value");
  return machine.enter([&](Instance& guest) {
    return ValueAccess::number(machine.result(guest.to_number(machine.to_wire(*this))));
  });
}

std::optional<std::string> Value::to_json(std::uint32_t indent) const {
  switch (kind_) {
    case Type::undefined: return std::nullopt;
    case Type::null:
    case Type::boolean: return to_string();
    case Type::number: return std::isfinite(data_.number) ? to_string() : "null";
    default: break;
  }
  Machine& machine = machine_of(*this, "a value");
  return machine.enter([&](Instance& guest) -> std::optional<std::string> {
    const Value json = machine.result(guest.json_stringify(machine.to_wire(*this), indent));
    if (!json.is_string()) return std::nullopt;
    return machine.utf8(json);
  });
}

std::string Value::inspect() const {
  if (ValueAccess::handle(*this) == nullptr) {
    return kind_ == Type::number && data_.number == 0 && std::signbit(data_.number) ? "-0"
                                                                                    : to_string();
  }
  Machine& machine = machine_of(*this, "a value");
  return machine.enter([&](Instance& guest) {
    return machine.utf8(machine.result(guest.inspect(machine.to_wire(*this), 0)));
  });
}

// ---- properties ---------------------------------------------------------------------------------

Value Value::get(const Key& key) const {
  Machine& machine = object_machine(*this);
  return machine.enter([&](Instance& guest) {
    const wire object = machine.to_wire(*this);
    if (const std::string_view* name = ValueAccess::name(key)) {
      Machine::Staging staging(machine);
      const auto text = staging.text(*name);
      return machine.result(guest.get_named(object, text.address, text.count, text.encoding));
    }
    if (ValueAccess::value(key) == nullptr && is_array_index(ValueAccess::number(key))) {
      return machine.result(guest.get_index(object, static_cast<u32>(ValueAccess::number(key))));
    }
    const Value name = key_value(machine, key);
    return machine.result(guest.get(object, machine.to_wire(name)));
  });
}

void Value::set(const Key& key, const Value& value) const {
  Machine& machine = object_machine(*this);
  machine.enter([&](Instance& guest) {
    const wire object = machine.to_wire(*this);
    const wire content = machine.to_wire(value);
    if (const std::string_view* name = ValueAccess::name(key)) {
      Machine::Staging staging(machine);
      const auto text = staging.text(*name);
      machine.check(guest.set_named(object, text.address, text.count, text.encoding, content));
    } else if (ValueAccess::value(key) == nullptr && is_array_index(ValueAccess::number(key))) {
      machine.check(guest.set_index(object, static_cast<u32>(ValueAccess::number(key)), content));
    } else {
      const Value name_value = key_value(machine, key);
      machine.check(guest.set(object, machine.to_wire(name_value), content));
    }
  });
}

namespace {

u32 define_flags(Property property) {
  u32 flags = 0;
  if (property.configurable) flags |= Q_DEFINE_CONFIGURABLE;
  if (property.writable) flags |= Q_DEFINE_WRITABLE;
  if (property.enumerable) flags |= Q_DEFINE_ENUMERABLE;
  return flags;
}

void define_property(const Value& object, const Key& key, const Value& value, const Value& getter,
                     const Value& setter, u32 flags) {
  Machine& machine = object_machine(object);
  machine.enter([&](Instance& guest) {
    const Value name = key_value(machine, key);
    machine.check(guest.define(machine.to_wire(object), machine.to_wire(name),
                               machine.to_wire(value), machine.to_wire(getter),
                               machine.to_wire(setter), flags));
  });
}

}  // namespace

void Value::define(const Key& key, const Value& value, Property property) const {
  define_property(*this, key, value, Value(), Value(), define_flags(property) | Q_DEFINE_HAS_VALUE);
}

void Value::define_accessor(const Key& key, const Value& getter, const Value& setter,
                            Property property) const {
  if (property.writable) {
    throw Error(Errc::invalid_argument,
                "an accessor property is never writable: its setter decides");
  }
  for (const Value* accessor : {&getter, &setter}) {
    if (accessor->is_function() || accessor->is_undefined()) continue;
    throw Error(Errc::type_mismatch, std::string(name_of(accessor->type())) +
                                         " is neither a getter or setter nor undefined");
  }
  define_property(*this, key, Value(), getter, setter,
                  define_flags(property) | Q_DEFINE_HAS_GETTER | Q_DEFINE_HAS_SETTER);
}

bool Value::has(const Key& key) const {
  Machine& machine = object_machine(*this);
  return machine.enter([&](Instance& guest) {
    const Value name = key_value(machine, key);
    return ValueAccess::boolean(
        machine.result(guest.has(machine.to_wire(*this), machine.to_wire(name))));
  });
}

bool Value::has_own(const Key& key) const {
  Machine& machine = object_machine(*this);
  return machine.enter([&](Instance& guest) {
    const Value name = key_value(machine, key);
    return ValueAccess::boolean(
        machine.result(guest.has_own(machine.to_wire(*this), machine.to_wire(name))));
  });
}

bool Value::remove(const Key& key) const {
  Machine& machine = object_machine(*this);
  return machine.enter([&](Instance& guest) {
    const Value name = key_value(machine, key);
    return ValueAccess::boolean(
        machine.result(guest.remove(machine.to_wire(*this), machine.to_wire(name))));
  });
}

std::vector<Value> Value::keys(Keys which) const {
  Machine& machine = object_machine(*this);
  return machine.enter([&](Instance& guest) {
    const Value list = machine.result(guest.keys(machine.to_wire(*this), keys_flags(which)));
    const auto count = static_cast<u32>(list.length());
    std::vector<Value> keys;
    while (keys.size() < count) machine.append_elements(list, count, keys);
    return keys;
  });
}

std::uint64_t Value::length() const {
  if (is_string()) return machine_of(*this, "a string").string_length(*this);
  if (!is_array())
    throw Error(Errc::type_mismatch,
                std::string(name_of(kind_)) + " is neither a string nor an array");
  return get("length").as<std::uint64_t>();
}

// ---- calls --------------------------------------------------------------------------------------

Value Value::call(const Value& self, std::span<const Value> args) const {
  if (!is_function())
    throw Error(Errc::type_mismatch, std::string(name_of(kind_)) + " is not a function");
  Machine& machine = machine_of(*this, "a function");
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 wires = staging.wires(args);
    return machine.result(guest.call(machine.to_wire(*this), machine.to_wire(self),
                                     static_cast<u32>(args.size()), wires));
  });
}

Value Value::construct(std::span<const Value> args) const {
  if (!is_function())
    throw Error(Errc::type_mismatch, std::string(name_of(kind_)) + " is not a constructor");
  Machine& machine = machine_of(*this, "a constructor");
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 wires = staging.wires(args);
    return machine.result(
        guest.construct(machine.to_wire(*this), static_cast<u32>(args.size()), wires));
  });
}

Value Value::construct_as(const Value& new_target, std::span<const Value> args) const {
  if (!is_function() || !new_target.is_function()) {
    throw Error(
        Errc::type_mismatch,
        std::string(name_of(is_function() ? new_target.type() : kind_)) + " is not a constructor");
  }
  Machine& machine = machine_of(*this, "a constructor");
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 wires = staging.wires(args);
    return machine.result(guest.construct_as(machine.to_wire(*this), machine.to_wire(new_target),
                                             static_cast<u32>(args.size()), wires));
  });
}

// ---- promises -----------------------------------------------------------------------------------

PromiseState Value::promise_state() const {
  Machine& machine = machine_of(*this, "a promise");
  const u32 state =
      machine.enter([&](Instance& guest) { return guest.promise_state(machine.to_wire(*this)); });
  switch (state) {
    case Q_PENDING: return PromiseState::pending;
    case Q_FULFILLED: return PromiseState::fulfilled;
    case Q_REJECTED: return PromiseState::rejected;
    default: throw Error(Errc::type_mismatch, std::string(name_of(kind_)) + " is not a promise");
  }
}

Value Value::promise_result() const {
  if (promise_state() == PromiseState::pending) return Value();
  Machine& machine = machine_of(*this, "a promise");
  return machine.enter([&](Instance& guest) {
    return machine.from_wire(guest.promise_result(machine.to_wire(*this)));
  });
}

void Value::mark_handled() const {
  promise_state();  // refuses what is no promise
  Machine& machine = machine_of(*this, "a promise");
  machine.enter([&](Instance& guest) { guest.promise_handled(machine.to_wire(*this)); });
}

}  // namespace quiesce
