// Modules: packages, TypeScript and JSON out of files that sleep with the VM.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  const auto app = quiesce::memory_files({
      {"/main.mjs",
       "import {total} from './cart.ts';\n"
       "import prices from './prices.json' with {type: 'json'};\n"
       "import {euros} from 'money/format';\n"
       "export const bill = euros(total(prices, ['tea', 'honey']));\n"
       "export const late = async () => (await import('./late.mjs')).default;\n"},
      {"/cart.ts",
       "type Prices = Record<string, number>;\n"
       "export const total = (prices: Prices, names: string[]): number =>\n"
       "  names.reduce((sum, name) => sum + prices[name], 0);\n"},
      {"/prices.json", R"({"tea": 450, "honey": 790})"},
      {"/late.mjs", "export default 'loaded ' + import.meta.filename;\n"},
      {"/node_modules/money/package.json",
       R"({"name": "money", "exports": {"./format": {"import": "./esm/format.js"}},
           "type": "module"})"},
      {"/node_modules/money/esm/format.js",
       "export const euros = (cents) => (cents / 100).toFixed(2) + ' EUR';\n"},
  });

  quiesce::Host host;
  host.files(quiesce::Mounts().mount("/app", app)).modules(quiesce::node_modules());

  quiesce::VM vm{host};
  const quiesce::Value main = vm.run(vm.import_main("/app/main.mjs")).value();
  std::cout << main["bill"].as<std::string>() << "\n";
  std::cout << vm.run(main["late"]()).value().as<std::string>() << "\n";

  // What a VM has found it finds again, on a machine that has none of the files.
  quiesce::Host elsewhere;
  elsewhere.modules(quiesce::node_modules());
  quiesce::VM again{elsewhere, vm.snapshot()};
  const auto import = [&](const std::string& specifier) {
    return again.run(again.eval("import('" + specifier + "')", {.file_name = "/app/main.mjs"}));
  };
  std::cout << (*import("money/format"))["euros"](5).as<std::string>() << "\n";
  try {
    import("left-pad");
  } catch (const quiesce::JSError& error) {
    std::cout << error.value()["code"].as<std::string>() << "\n";
  }
}
