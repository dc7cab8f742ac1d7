// The rows of Data, of what VM makes besides, and of introspection: see misuse_operations.hpp.
#include <limits>
#include <utility>

#include "vm/misuse_operations.hpp"

namespace quiesce::misuse {

namespace {

using W = World&;
using V = const Value&;
using Pairs = std::vector<std::pair<Value, Value>>;

Value part(W w, const char* name) { return w.collections.get(name); }

std::vector<std::byte> bytes(std::size_t count) { return std::vector<std::byte>(count); }

std::vector<Operation> graphs() {
  return {
      {"as<Data>", [](W w) { (void)w.array.as<Data>(); }},
      {"as<Data> of a graph", [](W w) { check(w.vm.value(w.tree).as<Data>() == w.tree, "equal"); }},
      {"as<Data> of a getter",
       [](W w) {
         check(w.object.as<Data>()["b"].kind() == Data::Kind::accessor, "a getter was run");
       }},
      {"dump, running getters",
       [](W w) {
         check(dump(w.object, {.accessors = Accessors::run})["b"].is_array(), "no getter was run");
       }},
      {"dump, running proxies",
       [](W w) {
         check(dump(w.proxy, {.proxies = Proxies::run})["a"].is_array(), "no trap was run");
       }},
      {"dump, running both",
       [](W w) {
         const Value both = w.vm.eval(
             "({get x() { return new Proxy([1, {}], {}) }, s: 'x'.repeat(99) + 'y'.repeat(999)})");
         (void)dump(both, {.accessors = Accessors::run, .proxies = Proxies::run});
       }},
      {"dump of a promise", [](W w) { (void)dump(w.settled); }},
      {"dump of a string", [](W w) { (void)dump(w.wide_text); }},
      {"dump of a bigint", [](W w) { (void)dump(w.bigint); }},
      {"dump of an error", [](W w) { (void)dump(w.error); }},
      {"dump of bytes", [](W w) { (void)dump(w.buffer); }},
      {"value of Data", [](W w) { w.vm.value(w.tree); }},
      {"value of a bigint as Data", [](W w) { w.vm.value(Data(BigInt{"12345678901234567890"})); }},
      {"value of a string as Data", [](W w) { w.vm.value(Data("text")); }},
      {"set Data", [](W w) { w.object.set("tree", w.tree); }},
  };
}

std::vector<Operation> what_vm_makes() {
  return {
      {"date", [](W w) { w.vm.date(1e12); }},
      {"date of a Time", [](W w) { w.vm.date(Time(std::chrono::seconds(1))); }},
      {"regexp", [](W w) { w.vm.regexp("(a|b)+\\d{2,}", "gi"); }},
      {"map", [](W w) { w.vm.map(); }},
      {"map of entries",
       [](W w) { w.vm.map(Pairs{{w.text, w.object}, {w.object, w.array}, {1, 2}}); }},
      {"set of nothing", [](W w) { w.vm.set(); }},
      {"set of values", [](W w) { w.vm.set(w.arguments); }},
      {"data_view", [](W w) { w.vm.data_view(w.array_buffer, 4, 8); }},
      {"typed_array over a buffer",
       [](W w) { w.vm.typed_array(Class::uint32_array, w.array_buffer, 4, 3); }},
      {"resizable_array_buffer", [](W w) { w.vm.resizable_array_buffer(bytes(100), 1000); }},
  };
}

std::vector<Operation> introspection() {
  namespace look = introspect;
  return {
      {"proxy", [](W w) { check(introspect::proxy(w.proxy).has_value(), "a proxy"); }},
      {"map_entries",
       [](W w) { check(introspect::map_entries(part(w, "map"))->size() == 2, "entries"); }},
      {"set_values",
       [](W w) { check(introspect::set_values(part(w, "set"))->size() == 2, "values"); }},
      {"weak_map_entries",
       [](W w) { check(introspect::weak_map_entries(part(w, "weak_map"))->size() == 1, "one"); }},
      {"weak_set_values",
       [](W w) { check(introspect::weak_set_values(part(w, "weak_set"))->size() == 1, "one"); }},
      {"weak_ref_target",
       [](W w) { check(introspect::weak_ref_target(part(w, "weak_ref"))->is_object(), "alive"); }},
      {"date_ms", [](W w) { check(introspect::date_ms(part(w, "date")) == 5.0, "5 ms"); }},
      {"regexp of", [](W w) { check(introspect::regexp(part(w, "regexp"))->flags == "gi", "gi"); }},
      {"buffer", [](W w) { check(introspect::buffer(w.array_buffer)->bytes == 16, "16"); }},
      {"view", [](W w) { check(introspect::view(part(w, "view"))->offset == 2, "offset"); }},
      {"view, typed", [](W w) { check(introspect::view(w.buffer)->elements == 4, "elements"); }},
      {"class_name", [](W w) { check(introspect::class_name(w.boxed) == "String", "String"); }},
      {"function of", [](W w) { check(introspect::function(w.function)->name == "f", "name"); }},
      {"function of a class",
       [](W w) { check(introspect::function(w.constructor)->is_class, "a class"); }},
      {"bound_target",
       [](W w) { check(introspect::bound_target(part(w, "bound")).has_value(), "target"); }},
      {"own_keys", [](W w) { check(introspect::own_keys(w.object)->size() == 4, "keys"); }},
      {"own_property",
       [](W w) { check(introspect::own_property(w.object, "b")->is_accessor, "a getter"); }},
      {"own_property of an index",
       [](W w) { check(introspect::own_property(w.array, 1).has_value(), "an element"); }},
      {"own_property of a symbol",
       [](W w) { check(!introspect::own_property(w.object, w.symbol), "none"); }},
      {"prototype", [](W w) { check(introspect::prototype(w.array)->is_array(), "an array"); }},
      {"identity",
       [](W w) { check(look::identity(w.array) == look::identity(w.array), "one number"); }},
      {"boxed_primitive",
       [](W w) { check(introspect::boxed_primitive(w.boxed)->is_string(), "a string"); }},
      {"promise",
       [](W w) {
         check(introspect::promise(w.settled)->state == PromiseState::fulfilled, "fulfilled");
       }},
  };
}

}  // namespace

std::vector<Operation> data_operations() {
  std::vector<Operation> all = graphs();
  for (auto more : {what_vm_makes(), introspection()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<Taker> data_takers() {
  return {
      {"map key", [](W w, V v) { w.vm.map(Pairs{{v, 1}}); }},
      {"map value", [](W w, V v) { w.vm.map(Pairs{{1, v}}); }},
      {"set of", [](W w, V v) { w.vm.set(std::span(&v, 1)); }},
      {"data_view of", [](W w, V v) { w.vm.data_view(v, 0, 0); }},
      {"typed_array over", [](W w, V v) { w.vm.typed_array(Class::int8_array, v, 0, 0); }},
      {"own_property key", [](W w, V v) { introspect::own_property(w.object, v); }},
  };
}

std::vector<Mistake> data_mistakes() {
  constexpr Errc kType = Errc::type_mismatch, kArgument = Errc::invalid_argument;
  constexpr Errc kPath = Errc::not_cloneable;
  return {
      {"Data of an instance", [](W w) { (void)w.instance.as<Data>(); }, kPath},
      {"Data with an instance", [](W w) { (void)w.vm.array(std::vector{w.instance}).as<Data>(); },
       kPath},
      {"Data with an instance, running all",
       [](W w) {
         (void)dump(w.vm.array(std::vector{w.instance}),
                    {.accessors = Accessors::run, .proxies = Proxies::run});
       },
       kPath},
      {"Data of a local symbol", [](W w) { (void)w.symbol.as<Data>(); }, kPath},
      {"Data of a WeakMap", [](W w) { (void)w.collections.get("weak_map").as<Data>(); }, kPath},
      {"Data of a function", [](W w) { (void)dump(w.function, {.functions = Functions::refused}); },
       kPath},
      {"Data that is too large", [](W w) { (void)dump(w.vm.value(w.tree), {.bytes_max = 10}); },
       Errc::limit},
      {"Data of a getter that throws",
       [](W w) { (void)dump(w.vm.eval("({get x() { throw 1 }})"), {.accessors = Accessors::run}); },
       Errc::javascript},
      {"value of Data with an accessor", [](W w) { w.vm.value(w.object.as<Data>()); }, kPath},
      {"value of Data with a bad expression", [](W w) { w.vm.value(Data::regexp("(")); },
       Errc::javascript},
      {"regexp, syntax", [](W w) { w.vm.regexp("("); }, Errc::javascript},
      {"regexp, flags", [](W w) { w.vm.regexp("a", "zz"); }, Errc::javascript},
      {"regexp, not UTF-8", [](W w) { w.vm.regexp("\xff"); }, Errc::encoding},
      {"data_view of an object", [](W w) { w.vm.data_view(w.object, 0, 0); }, Errc::javascript},
      {"data_view beyond the end", [](W w) { w.vm.data_view(w.array_buffer, 8, 9); },
       Errc::javascript},
      {"typed_array over an object",
       [](W w) { w.vm.typed_array(Class::int8_array, w.object, 0, 0); }, Errc::javascript},
      {"typed_array beyond the end",
       [](W w) { w.vm.typed_array(Class::int32_array, w.array_buffer, 4, 4); }, Errc::javascript},
      {"typed_array, unaligned",
       [](W w) { w.vm.typed_array(Class::int32_array, w.array_buffer, 1, 1); }, Errc::javascript},
      {"typed_array of maps, over a buffer",
       [](W w) { w.vm.typed_array(Class::map, w.array_buffer, 0, 0); }, kArgument},
      {"resizable_array_buffer, too small", [](W w) { w.vm.resizable_array_buffer(bytes(9), 8); },
       kArgument},
      {"resizable_array_buffer, beyond 32 bits",
       [](W w) { w.vm.resizable_array_buffer({}, std::numeric_limits<std::size_t>::max()); },
       Errc::limit},
      {"own_property, not UTF-8", [](W w) { introspect::own_property(w.object, "\xff"); },
       Errc::encoding},
      {"as<int> of Data", [](W w) { (void)w.tree["list"].as<int>(); }, kType},
  };
}

}  // namespace quiesce::misuse
