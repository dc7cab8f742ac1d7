// Intrinsics: a VM that is made without some of JavaScript.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::Host host;
  host.without({quiesce::Intrinsic::eval, quiesce::Intrinsic::Date, quiesce::Intrinsic::RegExp});
  quiesce::VM vm{host};

  std::cout << vm.eval("typeof Date").as<std::string>() << "\n";
  for (const char* code : {"eval('1 + 1')", "(() => {}).constructor('return 1')", "/a+/"}) {
    try {
      vm.eval(code);
    } catch (const quiesce::JSError& error) {
      std::cout << error.what() << "\n";
    }
  }

  // The host is not bound by it, and a VM that wakes is as it fell asleep.
  quiesce::VM again{quiesce::Host(), vm.snapshot()};
  std::cout << again.eval("[typeof Date, 6 * 7].join()").as<std::string>() << "\n";
}
