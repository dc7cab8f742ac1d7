// Bytes where they are, and text to the last unit.
#include <iostream>
#include <quiesce/quiesce.hpp>

int main() {
  quiesce::VM vm;

  // No copy: the span is the buffer's memory, for as long as the callback runs.
  const quiesce::Value samples = vm.eval("globalThis.samples = new Uint8Array([1, 2, 3]); samples");
  const int sum = samples.with_bytes([](std::span<std::byte> bytes) {
    int all = 0;
    for (std::byte& byte : bytes) {
      all += static_cast<int>(byte);
      byte = std::byte{0};
    }
    return all;
  });
  std::cout << sum << " " << samples.inspect() << "\n";
  samples.write_bytes(1, std::vector{std::byte{7}, std::byte{8}});
  std::cout << samples.inspect() << "\n";

  // JavaScript's strings may hold half a character. As std::string it has a form of its own, so
  // that nothing is lost on the way there and back; as UTF-8 it is refused or replaced.
  const quiesce::Value half = vm.eval("'caf\\u00e9 \\uD83D'");
  std::cout << half.as<std::string>().size() << " bytes, " << half.length() << " units\n";
  std::cout << half.utf8(quiesce::Utf8::replace) << "\n";
  const auto strict = quiesce::attempt([&] { return half.utf8(quiesce::Utf8::strict); });
  std::cout << strict.error().what() << "\n";
  std::cout << vm.string("bad: \xff", quiesce::Utf8::replace).as<std::string>() << "\n";

  // Bigints are digits, however many.
  vm.global().set("n", quiesce::BigInt{"123456789012345678901234567890"});
  std::cout << vm.eval("n * n").as<quiesce::BigInt>().digits << "\n";
}
