// Determinism: the clock, chance and the time zone are parts of the Host.
#include <iostream>
#include <quiesce/quiesce.hpp>

namespace {

using namespace std::chrono_literals;

std::string digest_of_a_run(std::uint64_t seed) {
  constexpr quiesce::Time kStart = std::chrono::sys_days{std::chrono::January / 1 / 2026};
  quiesce::Host host;
  host.clock(quiesce::stepped_clock(kStart, 1ms))
      .entropy(quiesce::seeded_entropy(seed))
      .timezone(quiesce::fixed_timezone(2h));
  quiesce::VM vm{host};
  vm.eval(
      "globalThis.log = []; for (let i = 0; i < 10; ++i) log.push([new Date(), Math.random()])");
  std::cout << vm.eval("log[0][0].toString()").to_string() << "\n";
  return vm.snapshot().content_digest();
}

}  // namespace

int main() {
  std::cout << std::boolalpha;
  const std::string first = digest_of_a_run(1);
  const std::string again = digest_of_a_run(1);
  const std::string other = digest_of_a_run(2);
  std::cout << "equal bytes: " << (first == again) << "\n";
  std::cout << "with another seed: " << (first == other) << "\n";

  // Two VMs woken from one snapshot are one and the same, until they are given other seeds.
  quiesce::VM vm;
  const quiesce::Snapshot sleep = vm.snapshot();
  const auto draw = [](quiesce::VM& its) { return its.eval("Math.random()").as<double>(); };
  quiesce::VM a{quiesce::Host{}, sleep}, b{quiesce::Host{}, sleep};
  std::cout << "twins draw equal numbers: " << (draw(a) == draw(b)) << "\n";
  quiesce::VM c{quiesce::Host{}, sleep, {.reseed = true}};
  std::cout << "reseeded: " << (draw(a) == draw(c)) << "\n";
}
