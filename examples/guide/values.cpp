// Values: from JavaScript to C++ and back.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::VM vm;
  std::cout << std::boolalpha;

  // To C++. What does not fit is refused, never cut.
  quiesce::Value order = vm.eval("({id: 17, items: ['tea', 'cake'], note: null, total: 8.5})");
  std::cout << order["id"].as<int>() << " " << order["total"].as<double>() << "\n";
  for (const auto& item : order["items"].as<std::vector<std::string>>()) std::cout << item << "\n";
  std::cout << order["note"].as<std::optional<std::string>>().has_value() << "\n";
  std::cout << order["total"].try_as<int>().has_value() << "\n";
  try {
    order["id"].as<std::string>();
  } catch (const quiesce::Error& error) {
    std::cout << error.what() << "\n";
  }

  // To JavaScript: anything that has a Convert, through set, calls, or vm.value.
  order.set("paid", true);
  order["items"].invoke("push", "scone");
  order.define("key", vm.value(42), {.enumerable = false});
  std::cout << order.inspect() << "\n";

  // Functions are values. Copies of a Value refer to one JavaScript value.
  quiesce::Value longest = vm.eval("(...words) => words.sort((a, b) => b.length - a.length)[0]");
  std::cout << longest("a", "abc", "ab").as<std::string>() << "\n";
  quiesce::Value same = order;
  same.set("id", 18);
  std::cout << order["id"].as<int>() << " " << same.strictly_equals(order) << "\n";

  // Numbers have 53 bits, bigints as many as they like.
  std::cout << vm.eval("2n ** 100n").as<quiesce::BigInt>().digits << "\n";
  std::cout << *vm.value(std::vector<int>{1, 2, 3}).to_json() << "\n";
}
