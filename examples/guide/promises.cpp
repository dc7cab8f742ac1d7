// Promises: made by either side, settled by either side, seen by both.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::Host host;
  host.on_rejection([](quiesce::VM&, const quiesce::Rejection& rejection) {
    const bool late = rejection.kind == quiesce::Rejection::Kind::handled;
    std::cout << (late ? "handled after all: " : "nobody handles: ") << rejection.reason.to_string()
              << "\n";
  });
  quiesce::VM vm{host};

  // A promise of the host's, awaited by JavaScript, and one of JavaScript's, watched by the host.
  const quiesce::Deferred door = vm.new_promise();
  vm.global().set("door", door.promise());
  const quiesce::Value greeting = vm.eval("(async () => 'hello, ' + await door)()");
  vm.on_settled(greeting, [](const quiesce::Settlement& settlement) {
    std::cout << "settled: " << settlement.get().to_string() << "\n";
  });

  std::cout << "settled by now: " << std::boolalpha << vm.run(greeting).has_value() << "\n";
  door.resolve("visitor");
  std::cout << "its value: " << vm.run(greeting)->to_string() << "\n";
  vm.run_until_idle();

  // A rejection arrives as an exception where somebody waits for it...
  try {
    vm.run(vm.eval("Promise.reject(new RangeError('too far'))"));
  } catch (const quiesce::JSError& error) {
    std::cout << error.what() << "\n";
  }
  // ... and is reported where nobody does.
  vm.eval("globalThis.lost = Promise.reject(new Error('unheard'))");
  vm.run_until_idle();
  vm.eval("lost.catch(() => {})");
  vm.run_until_idle();
}
