// Uses something of every part of the library, so that a missing piece shows when this is linked.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::Host host;
  host.function("shout", [](const std::string& text) { return text + "!"; });
  host.function("charge",
                [](quiesce::Call& call, double cents) { return call.vm().defer("charge", cents); });

  quiesce::VM vm{host};
  vm.keep("order", vm.eval("(async () => shout(await charge(499)))()"));
  vm.run_until_idle();

  // The image that erases types is a part of the library.
  if (quiesce::has_typescript() && quiesce::strip_types("let a: 1", "a.ts") != "let a   ") return 1;

  quiesce::VM again{host, vm.snapshot()};
  for (const quiesce::PendingCall& call : again.pending_calls()) {
    std::cout << call.name << call.arguments_json << '\n';
    again.deferred(call.id)->resolve("ch_42");
  }
  std::cout << again.run(*again.kept("order"))->as<std::string>() << '\n';
}
