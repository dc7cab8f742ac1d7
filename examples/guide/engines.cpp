// Engines: which of them a program knows, and waking what another version put to sleep.
#include <filesystem>
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  // Where your installation keeps them; here it is beside the program.
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  quiesce::Engines engines;
  engines.add_folder(program.parent_path().parent_path() / "lib/quiesce/engines");
  for (const quiesce::EngineInfo& info : engines.list()) {
    const bool own = info.sha256 == quiesce::engine();
    std::cout << (info.file.empty() ? "built in" : "a library") << (own ? ", this one" : "")
              << (info.problem.empty() ? "" : ", unusable: " + info.problem) << "\n";
  }

  // A snapshot says which engine it needs, and wakes in that, whichever is built in.
  quiesce::Host host;
  quiesce::VM vm{host};
  vm.eval("globalThis.order = {id: 17, paid: false}");
  vm.snapshot().save("order.qsnap");
  quiesce::VM woken{host, quiesce::Snapshot::load("order.qsnap", {.engines = &engines})};
  std::cout << "order " << woken.eval("order.id").as<int>() << " is awake\n";

  // Asked before there is an error: the header can be read without the engine.
  const auto tell = [&](const std::string& needed) {
    const bool here = engines.find(needed).has_value();
    std::cout << (here ? "can be woken here\n"
                       : "needs " + quiesce::Engines::file_name(needed) + "\n");
  };
  tell(quiesce::Snapshot::header("order.qsnap").engine);
  tell(std::string(64, '7'));

  // A new VM in an engine of your choice, from its library, as if the program were an older one.
  for (const quiesce::EngineInfo& info : engines.list()) {
    if (info.file.empty()) continue;
    quiesce::VM other(quiesce::Engine::load(info.file), host, {.memory_bytes_max = 32u << 20});
    std::cout << other.eval("'from a library: ' + 6 * 7").as<std::string>() << "\n";
  }
}
