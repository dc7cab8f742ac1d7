#include "quiesce/introspect.hpp"

#include "vm/machine.hpp"

namespace quiesce::introspect {

namespace {

using detail::Machine;
using detail::ValueAccess;
using guest::Instance;
using guest::u32;
using guest::wire;

std::optional<Value> look(const Value& value, q_look what) {
  if (!value.is_object() && !value.is_symbol()) return std::nullopt;
  Machine& machine = *ValueAccess::handle(value)->machine;
  return machine.enter([&](Instance& guest) -> std::optional<Value> {
    const wire answer = guest.look(machine.to_wire(value), what);
    if (Machine::is_absent(answer)) return std::nullopt;
    return machine.result(answer);
  });
}

/// The elements of an array that the guest layer made: its own properties, so nothing runs.
std::vector<Value> list_of(const Value& array) {
  const std::uint64_t count = array.length();
  std::vector<Value> list;
  for (std::uint64_t i = 0; i < count; ++i) list.push_back(array.get(i));
  return list;
}

std::optional<std::vector<Value>> look_at_list(const Value& value, q_look what) {
  const std::optional<Value> array = look(value, what);
  if (!array) return std::nullopt;
  Machine& machine = *ValueAccess::handle(value)->machine;
  return machine.enter([&](Instance&) { return list_of(*array); });
}

std::optional<Entries> look_at_entries(const Value& value, q_look what) {
  const std::optional<std::vector<Value>> list = look_at_list(value, what);
  if (!list) return std::nullopt;
  Entries entries;
  for (std::size_t i = 0; i + 1 < list->size(); i += 2)
    entries.emplace_back((*list)[i], (*list)[i + 1]);
  return entries;
}

}  // namespace

std::optional<Proxy> proxy(const Value& value) {
  std::optional<Value> target = look(value, Q_LOOK_PROXY_TARGET);
  if (!target) return std::nullopt;
  return Proxy{*std::move(target), look(value, Q_LOOK_PROXY_HANDLER).value_or(Value(nullptr))};
}

std::optional<Entries> map_entries(const Value& map) {
  return look_at_entries(map, Q_LOOK_MAP_ENTRIES);
}

std::optional<std::vector<Value>> set_values(const Value& set) {
  return look_at_list(set, Q_LOOK_SET_VALUES);
}

std::optional<Entries> weak_map_entries(const Value& weak_map) {
  return look_at_entries(weak_map, Q_LOOK_WEAK_MAP_ENTRIES);
}

std::optional<std::vector<Value>> weak_set_values(const Value& weak_set) {
  return look_at_list(weak_set, Q_LOOK_WEAK_SET_VALUES);
}

std::optional<Value> weak_ref_target(const Value& weak_ref) {
  return look(weak_ref, Q_LOOK_WEAK_TARGET);
}

std::optional<double> date_ms(const Value& date) {
  const std::optional<Value> ms = look(date, Q_LOOK_DATE);
  if (!ms) return std::nullopt;
  return ms->try_as<double>();
}

std::optional<RegExp> regexp(const Value& regexp) {
  const std::optional<Value> source = look(regexp, Q_LOOK_REGEXP_SOURCE);
  if (!source) return std::nullopt;
  return RegExp{source->as<std::string>(),
                look(regexp, Q_LOOK_REGEXP_FLAGS).value().as<std::string>()};
}

std::optional<Buffer> buffer(const Value& buffer) {
  const auto parts = look_at_list(buffer, Q_LOOK_BUFFER);
  if (!parts || parts->size() != 4) return std::nullopt;
  return Buffer{(*parts)[0].as<std::size_t>(), (*parts)[1].as<std::optional<std::size_t>>(),
                (*parts)[2].as<bool>(), (*parts)[3].as<bool>()};
}

std::optional<View> view(const Value& view) {
  const auto parts = look_at_list(view, Q_LOOK_VIEW);
  if (!parts || parts->size() != 5) return std::nullopt;
  return View{view.object_class(),           (*parts)[0],
              (*parts)[1].as<std::size_t>(), (*parts)[2].as<std::size_t>(),
              (*parts)[3].as<bool>(),        (*parts)[4].as<bool>()};
}

std::optional<std::string> class_name(const Value& object) {
  const std::optional<Value> name = look(object, Q_LOOK_CLASS_NAME);
  if (!name) return std::nullopt;
  return name->try_as<std::string>();
}

std::optional<Function> function(const Value& function) {
  const auto parts = look_at_list(function, Q_LOOK_FUNCTION);
  if (!parts || parts->size() != 4) return std::nullopt;
  const auto kind = (*parts)[1].as<u32>();
  return Function{(*parts)[0].as<std::string>(), (kind & Q_FUNCTION_ASYNC) != 0,
                  (kind & Q_FUNCTION_GENERATOR) != 0, (*parts)[3].as<bool>(),
                  (*parts)[2].as<bool>()};
}

std::optional<Value> bound_target(const Value& function) {
  return look(function, Q_LOOK_BOUND_TARGET);
}

std::optional<std::vector<Value>> own_keys(const Value& object) {
  return look_at_list(object, Q_LOOK_OWN_KEYS);
}

std::optional<Descriptor> own_property(const Value& object, const Key& key) {
  if (!object.is_object()) return std::nullopt;
  Machine& machine = *ValueAccess::handle(object)->machine;
  return machine.enter([&](Instance& guest) -> std::optional<Descriptor> {
    const Value* value = ValueAccess::value(key);
    const std::string_view* name = ValueAccess::name(key);
    const Value key_value = value != nullptr  ? *value
                            : name != nullptr ? machine.make_string(*name)
                                              : Value(ValueAccess::number(key));
    const wire answer = guest.own_property(machine.to_wire(object), machine.to_wire(key_value));
    if (Machine::is_absent(answer)) return std::nullopt;
    const std::vector<Value> parts = list_of(machine.result(answer));
    if (parts.size() != 4) return std::nullopt;
    const auto flags = parts[0].as<u32>();
    return Descriptor{{.writable = (flags & Q_DEFINE_WRITABLE) != 0,
                       .enumerable = (flags & Q_DEFINE_ENUMERABLE) != 0,
                       .configurable = (flags & Q_DEFINE_CONFIGURABLE) != 0},
                      (flags & Q_DEFINE_HAS_GETTER) != 0,
                      parts[1],
                      parts[2],
                      parts[3]};
  });
}

std::optional<Value> prototype(const Value& object) { return look(object, Q_LOOK_PROTOTYPE); }

std::optional<std::uint64_t> identity(const Value& value) {
  const std::optional<Value> number = look(value, Q_LOOK_IDENTITY);
  if (!number) return std::nullopt;
  return number->as<std::uint64_t>();
}

std::optional<Value> boxed_primitive(const Value& object) { return look(object, Q_LOOK_BOXED); }

std::optional<Promise> promise(const Value& promise) {
  if (!promise.is_promise()) return std::nullopt;
  return Promise{promise.promise_state(), promise.promise_result()};
}

}  // namespace quiesce::introspect
