// Modules: the host says what a specifier means, and gives the source.
#include <iostream>
#include <map>
#include <quiesce/quiesce.hpp>

int main() {
  std::map<std::string, std::string> files = {
      {"app:/cart.js",
       "import {price} from './prices.js';\n"
       "import names from './names.json' with {type: 'json'};\n"
       "export const total = names.reduce((sum, name) => sum + price(name), 0);\n"
       "export const where = import.meta.url;"},
      {"app:/prices.js", "export const price = (name) => name.length * 100;"},
      {"app:/names.json", R"(["tea", "honey"])"},
  };

  quiesce::Host host;
  host.modules(
      [](quiesce::VM&, const quiesce::ModuleRequest& request) -> std::optional<std::string> {
        if (!request.specifier.starts_with("./")) return std::nullopt;
        return "app:/" + request.specifier.substr(2);
      },
      [&](quiesce::VM&, const quiesce::ModuleKey& key) -> std::optional<quiesce::ModuleSource> {
        std::cout << "loading " << key.name << "\n";
        const auto file = files.find(key.name);
        if (file == files.end()) return std::nullopt;
        const auto format = key.name.ends_with(".json") ? quiesce::ModuleSource::Format::json
                                                        : quiesce::ModuleSource::Format::javascript;
        return quiesce::ModuleSource{file->second, format};
      });

  quiesce::VM vm{host};
  const quiesce::Value main =
      vm.eval("export * from './cart.js'",
              {.file_name = "app:/main.js", .type = quiesce::SourceType::module});
  const quiesce::Value exports = vm.run(main).value();
  std::cout << exports["total"].as<int>() << " in " << exports["where"].as<std::string>() << "\n";

  // Loaded modules sleep with the VM: the one that wakes asks for none of them.
  quiesce::VM again{host, vm.snapshot()};
  const quiesce::Value cart = again.run(again.eval("import('./cart.js')")).value();
  std::cout << cart["total"].as<int>() << "\n";

  try {
    again.run(again.eval("import('left-pad')", {.file_name = "app:/more.js"}));
  } catch (const quiesce::JSError& error) {
    std::cout << error.what() << "\n";
  }
}
