// Introspection: what an object is, whatever it says.
#include <iostream>
#include <quiesce/quiesce.hpp>

namespace look = quiesce::introspect;

int main() {
  quiesce::VM vm;
  const quiesce::Value liar = vm.eval(R"(
      var asked = 0;
      const target = {get secret() { asked++; return "?"; }, plain: 1, [Symbol("s")]: 2};
      new Proxy(target, {get() { asked++; return "a lie"; }, ownKeys() { asked++; return []; }}))");

  std::cout << *look::class_name(liar) << "\n";
  const quiesce::Value target = look::proxy(liar)->target;
  const auto keys = look::own_keys(target);
  for (const quiesce::Value& key : *keys) {
    const auto property = look::own_property(target, key);
    std::cout << key.inspect() << ": "
              << (property->is_accessor ? "an accessor" : property->value.inspect()) << "\n";
  }

  const quiesce::Value map = vm.eval(R"(
      const m = new Map([["a", 1], ["b", 2]]);
      m.entries = m[Symbol.iterator] = () => { asked++; };
      Object.defineProperty(m, Symbol.toStringTag, {get() { asked++; return "Set"; }});
      m)");
  const auto entries = look::map_entries(map);
  for (const auto& [key, value] : *entries)
    std::cout << key.to_string() << " is " << value.to_string() << "\n";

  const auto function = look::function(vm.eval("async function* pages() {} pages"));
  std::cout << function->name << ": " << (function->is_async ? "async " : "")
            << (function->is_generator ? "generator" : "function") << "\n";

  // A number for each object, which it keeps while it sleeps.
  vm.global().set("kept", map);
  quiesce::VM awake{quiesce::Host(), vm.snapshot()};
  std::cout << std::boolalpha << (look::identity(awake.eval("kept")) == look::identity(map))
            << "\n";

  std::cout << "asked " << vm.eval("asked").to_string() << " times\n";
}
