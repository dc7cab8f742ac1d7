// TypeScript: types are erased where they stand, and errors point into what was written.
#include <iostream>
#include <map>
#include <quiesce/quiesce.hpp>

const std::map<std::string, std::string> kFiles = {
    {"file:///price.ts", R"(interface Item {
  readonly cents: number;
}
export function price(items: readonly Item[]): number {
  if (items.length === 0) throw new RangeError('nothing to pay' as string);
  return items.reduce((sum: number, item) => sum + item.cents, 0);
}
)"},
    {"file:///color.ts", "export enum Color { red, green }\n"}};

int main() {
  quiesce::Host host;
  host.modules(
      [](quiesce::VM&, const quiesce::ModuleRequest& request) {
        return std::optional("file:///" + request.specifier.substr(2));
      },
      [](quiesce::VM&, const quiesce::ModuleKey& key) {
        std::string text = kFiles.at(key.name);
        if (key.name.ends_with(".ts")) text = quiesce::strip_types(text, key.name);
        return std::optional(quiesce::ModuleSource{text});
      });
  quiesce::VM vm{host};
  const auto import = [&](const std::string& specifier) {
    return vm.run(vm.eval("import('" + specifier + "')")).value();
  };

  const quiesce::Value price = import("./price.ts")["price"];
  std::cout << price(vm.parse_json(R"([{"cents": 199}, {"cents": 300}])")).to_string() << "\n";

  try {
    price(vm.array());
  } catch (const quiesce::JSError& error) {
    std::cout << error.what() << "\n" << error.stack();
  }

  try {
    import("./color.ts");
  } catch (const quiesce::JSError& error) {
    std::cout << error.value()["code"].as<std::string>() << "\n"
              << error.what() << "\n"
              << error.stack();
  }
}
