// Snapshots: a VM falls asleep in the middle of an await and wakes elsewhere.
#include <iostream>
#include <quiesce/quiesce.hpp>

quiesce::Host shop() {
  quiesce::Host host;
  host.function("greet", [](const std::string& who) { return "hello " + who; })
      .function("charge", [](quiesce::Call& call, double cents) {
        return call.vm().defer("charge", cents);  // a promise that only the outside settles
      });
  return host;
}

void fall_asleep() {
  quiesce::VM vm{shop()};
  quiesce::Value order = vm.eval(R"((async () => {
    const receipt = await charge(499);
    return greet(receipt);
  })())");
  if (!vm.run(order)) std::cout << "idle: the order waits for the outside\n";
  vm.keep("order", order);  // to be found again by this name
  vm.snapshot().save("order.qsnap");
}

int main() {
  fall_asleep();  // that VM is gone; from here on it could be another process, next week
  const quiesce::Snapshot asleep = quiesce::Snapshot::load("order.qsnap");

  quiesce::VM vm{shop(), asleep};
  for (const quiesce::PendingCall& call : vm.pending_calls()) {
    std::cout << call.id << " " << call.name << call.arguments_json << "\n";
    vm.deferred(call.id)->resolve("ch_42");
  }
  std::cout << vm.run(*vm.kept("order"))->as<std::string>() << "\n";

  // The snapshot is a value: it is what it was, and wakes as often as you like.
  quiesce::VM other{shop(), asleep};
  other.deferred(1)->reject(other.error("Error", "card expired"));
  try {
    other.run(*other.kept("order"));
  } catch (const quiesce::JSError& error) {
    std::cout << error.what() << "\n";
  }

  // A host that lacks what the program needs is told so at once, with every name.
  try {
    quiesce::VM{quiesce::Host(), asleep};
  } catch (const quiesce::Error& error) {
    std::cout << error.what() << "\n";
  }
  quiesce::VM partly{quiesce::Host(), asleep, {.allow_missing_functions = true}};
  std::cout << partly.pending_calls().size() << " call is pending\n";
  try {
    partly.eval("greet('you')");
  } catch (const quiesce::JSError& error) {
    std::cout << error.what() << "\n";
  }
}
