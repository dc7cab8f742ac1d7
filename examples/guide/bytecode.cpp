// Bytecode: compile once, run in many VMs.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::VM compiler;
  const quiesce::Bytecode rules =
      compiler.compile("(order) => order.total > 100 ? 'by hand' : 'at once'",
                       {.file_name = "rules.js", .strip = quiesce::Strip::source});

  // As bytes it goes to a file, and comes back.
  const std::vector<std::byte> stored(rules.bytes().begin(), rules.bytes().end());
  const auto loaded = quiesce::Bytecode::from_bytes(stored);

  for (const int total : {20, 500}) {
    quiesce::VM vm;
    const quiesce::Value decide = vm.run_bytecode(loaded);
    quiesce::Value order = vm.object();
    order.set("total", total);
    std::cout << decide(order).as<std::string>() << "\n";
  }

  // One bit is enough to be refused.
  std::vector<std::byte> damaged = stored;
  damaged.back() ^= std::byte{1};
  const auto refused = quiesce::attempt([&] { return quiesce::Bytecode::from_bytes(damaged); });
  std::cout << refused.error().what() << "\n";
}
