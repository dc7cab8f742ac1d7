// Runs a bundle of bundle.mjs in Quiesce: `quiesce-octane BUNDLE.js`. Results are lines of JSON.
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

#include "quiesce/quiesce.hpp"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: quiesce-octane BUNDLE.js\n", stderr);
    return 2;
  }
  std::ifstream file(arguments[1], std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "quiesce-octane: cannot read %s\n", arguments[1]);
    return 2;
  }
  const std::string source{std::istreambuf_iterator<char>(file), {}};

  quiesce::Host host;
  host.function("print", [](const std::string& line) {
    std::puts(line.c_str());
    std::fflush(stdout);
  });
  try {
    quiesce::VM vm{host};
    vm.eval(source, {.file_name = "octane.js"});
    const auto start = std::chrono::steady_clock::now();
    vm.eval("run_octane()");
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
    std::printf("{\"octane\":\"wall\",\"wall_ms\":%.3f}\n", wall.count());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quiesce-octane: %s\n", error.what());
    return 1;
  }
  return 0;
}
