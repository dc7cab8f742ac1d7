// Errors: what is thrown on one side, and what arrives on the other.
#include <iostream>
#include <quiesce/quiesce.hpp>
#include <stdexcept>

int main() {
  quiesce::Host host;
  host.function("open",
                [](const std::string&) { throw quiesce::Error(quiesce::Errc::io, "no such file"); })
      .function("connect", [] { throw std::runtime_error("password of 10.0.0.7 refused"); })
      .function("at",
                [](quiesce::Call& call, int index) {
                  quiesce::VM& vm = call.vm();
                  throw quiesce::JSError(vm.error(
                      "RangeError", "index " + std::to_string(index),
                      {.cause = vm.string("an empty list"), .properties = {{"index", index}}}));
                })
      .function("through", [](const quiesce::Value& f) { return f(); })
      .log([](quiesce::LogLevel, std::string_view text) { std::cout << "log: " << text << "\n"; });
  quiesce::VM vm{host};

  // From C++ to JavaScript.
  vm.eval("const show = f => { try { f() } catch (e) { console.log(String(e)) } }");
  vm.eval("show(() => open('x'))");
  vm.eval("show(() => connect())");
  std::cout << vm.eval("try { at(3) } catch (e) { [e instanceof RangeError, e.cause, e.index] }")
                   .inspect()
            << "\n";

  // From JavaScript to C++.
  try {
    vm.eval("null.x");
  } catch (const quiesce::JSError& error) {
    std::cout << error.name() << " | " << error.message() << "\n";
  }

  // Through C++ and back, it is the same object.
  std::cout
      << std::boolalpha
      << vm.eval(
               "const mine = new TypeError('mine'); "
               "try { through(() => through(() => { throw mine })) } catch (e) { e === mine }")
             .as<bool>()
      << "\n";

  // What a host function threw, and nobody caught, is found inside.
  try {
    vm.eval("connect()");
  } catch (const quiesce::JSError& error) {
    try {
      std::rethrow_exception(error.nested());
    } catch (const std::runtime_error& original) {
      std::cout << error.message() << " | " << original.what() << "\n";
    }
  }

  // Without exceptions.
  if (auto result = quiesce::attempt([&] { return vm.eval("1 +"); }); !result)
    std::cout << result.error().what() << "\n";
}
