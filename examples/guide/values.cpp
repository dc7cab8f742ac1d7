// Values: from C++ to JavaScript and back.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::VM vm;
  quiesce::Value point = vm.eval("({x: 3, y: [4, 5]})");

  std::cout << point["x"].as<int>() << "\n";
  point.set("z", 6);
  for (double y : point["y"].as<std::vector<double>>()) std::cout << y << "\n";
  std::cout << point.inspect() << "\n";

  // What does not fit is refused, never cut.
  std::cout << std::boolalpha << vm.eval("2.5").try_as<int>().has_value() << "\n";
}
