// Limits: how much a VM may use, and what happens then.
#include <iostream>
#include <quiesce/quiesce.hpp>
#include <stop_token>
#include <thread>

namespace {

void attempt(quiesce::VM& vm, const char* code) {
  const auto result = quiesce::attempt([&] { return vm.eval(code); });
  if (result) {
    std::cout << "value: " << result->to_string() << "\n";
    return;
  }
  const quiesce::Error& error = result.error();
  std::cout << error.what();
  if (const auto& report = error.limit_report()) std::cout << " (of " << report->allowed << ")";
  std::cout << "\n";
}

}  // namespace

int main() {
  using namespace std::chrono_literals;
  quiesce::Limits limits{.memory_bytes_max = 4u << 20, .time_max = 100ms};
  quiesce::VM vm{quiesce::Host{}, limits};

  // Memory and stack: errors that JavaScript may catch.
  attempt(vm, "new Uint8Array(100_000_000)");
  attempt(vm, "try { (function f() { f(); })(); } catch (error) { error.name }");
  // Time, fuel, and somebody who says stop: it may not catch those.
  attempt(vm, "try { for (;;); } catch { 'caught' }");

  limits.fuel_max = 10'000;
  vm.set_limits(limits);
  attempt(vm, "for (;;);");
  limits.fuel_max = quiesce::Limits::kUnlimited;
  vm.set_limits(limits);

  std::stop_source source;
  vm.set_stop_token(source.get_token());
  std::jthread other([&] { source.request_stop(); });
  attempt(vm, "for (;;);");
  vm.set_stop_token({});

  // Whatever it was, the VM goes on.
  attempt(vm, "'as good as before'");

  // In slices: a run that comes back between two jobs.
  vm.eval("(async () => { for (let i = 0; i < 1000; ++i) await i; })()");
  int slices = 1;
  while (vm.run_until_idle({.fuel_slice = 500}).end == quiesce::RunEnd::fuel_slice) ++slices;
  std::cout << (slices > 1 ? "several slices" : "one slice") << "\n";
}
