#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::Host host;
  host.function("greet", [](const std::string& who) { return "hello " + who; })
      .function("charge",
                [](quiesce::Call& call, double cents) { return call.vm().defer("charge", cents); });
  {
    quiesce::VM vm{host, {.memory_bytes_max = 32u << 20}};
    quiesce::Value order = vm.eval("(async () => greet(await charge(499)))()");
    if (vm.run(order)) return 1;  // nullopt: idle, waiting for the outside
    vm.keep("order", order);      // a named root, found again after a restore
    vm.snapshot().save("order-17.qsnap");
  }  // the VM is gone; next week, another process, perhaps another machine:
  quiesce::VM again{host, quiesce::Snapshot::load("order-17.qsnap")};
  for (const auto& call : again.pending_calls()) again.deferred(call.id)->resolve("ch_42");
  std::cout << again.run(*again.kept("order"))->as<std::string>() << '\n';  // hello ch_42
}
