// Sandboxing: a program that means no good.
#include <chrono>
#include <iostream>
#include <map>
#include <quiesce/quiesce.hpp>

int main() {
  using namespace std::chrono_literals;
  std::map<std::string, std::string> documents = {{"public/tea", "green"}, {"secret/key", "1234"}};

  // The whole world of the program. What is given is checked as if a stranger had written it.
  quiesce::Host host;
  host.function("read",
                [&](const std::string& name) {
                  if (!name.starts_with("public/") || name.find("..") != std::string::npos)
                    throw quiesce::Error(quiesce::Errc::invalid_argument, "not for you: " + name);
                  return documents.at(name);
                })
      .clock(quiesce::fixed_clock(quiesce::Time(0s)))  // a clock that measures nothing
      .log([](quiesce::LogLevel, std::string_view text) { std::cout << "log: " << text << "\n"; });
  quiesce::VM vm{host,
                 {.memory_bytes_max = 4u << 20, .stack_bytes_max = 128u << 10, .time_max = 100ms}};

  const char* attempts[] = {
      "read('public/tea')",
      "read('secret/key')",
      "read('public/coffee')",                           // std::map throws out_of_range
      "typeof require + typeof process + typeof fetch",  // not there
      "for (;;) try { for (;;); } catch {}",             // time cannot be caught
      "{ const hoard = []; for (;;) hoard.push('x'.repeat(1e5) + hoard.length); }",
      "(function f() { f(); })()",
      "JSON.parse('['.repeat(1e5))",
      "Object.prototype.read = 'mine'; Array.prototype.map = null; 'spoiled'",
      "Date.now()",
  };
  for (const char* attempt : attempts) {
    const auto result = quiesce::attempt([&] { return vm.eval(attempt).inspect(); });
    std::cout << (result ? *result : result.error().what()) << "\n";
  }
}
