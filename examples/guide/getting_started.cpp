// The first program: a host function, a script, its result, and two things that go wrong.
#include <chrono>
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  // What JavaScript may reach: here, one function.
  quiesce::Host host;
  host.function("price", [](const std::string& item) { return item == "tea" ? 3.5 : 5.0; });

  // A machine of its own, that may take 8 MiB, and 100 ms for each call.
  using namespace std::chrono_literals;
  quiesce::VM vm{host, {.memory_bytes_max = 8u << 20, .time_max = 100ms}};

  quiesce::Value total =
      vm.eval("['tea', 'cake'].map(item => price(item)).reduce((a, b) => a + b)");
  std::cout << total.as<double>() << "\n";

  // A script that fails is an exception in C++ ...
  try {
    vm.eval("price(7)", {.file_name = "menu.js"});
  } catch (const quiesce::JSError& error) {
    std::cout << error.what() << "\n" << error.stack();
  }
  // ... and one that never ends is another. The machine goes on in both cases.
  try {
    vm.eval("for (;;);");
  } catch (const quiesce::Error& error) {
    std::cout << error.what() << "\n";
  }
  std::cout << vm.eval("6 * 7").as<int>() << "\n";
}
