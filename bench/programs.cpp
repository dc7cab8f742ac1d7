#include "programs.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace bench {

std::string program(const std::string& name) {
  const std::string path = std::string(QUIESCE_BENCH_PROGRAMS) + "/" + name;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string heap_program(double megabytes) {
  std::string source = program("heap.js");
  const std::string written = "94000";  // about 24 MB
  const auto count = static_cast<long>(std::lround(megabytes * 94'000 / 24));
  return source.replace(source.find(written), written.size(), std::to_string(count));
}

void expect(bool holds, const char* text) {
  if (!holds) throw std::logic_error(std::string("wrong result: ") + text);
}

double us_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double median(std::vector<double> numbers) {
  expect(!numbers.empty(), "a median of nothing");
  std::sort(numbers.begin(), numbers.end());
  const std::size_t middle = numbers.size() / 2;
  return numbers.size() % 2 != 0 ? numbers[middle] : (numbers[middle - 1] + numbers[middle]) / 2;
}

// ---- the README's program -----------------------------------------------------------------------

namespace {

quiesce::Host order_host() {
  quiesce::Host host;
  host.function("greet", [](const std::string& who) { return "hello " + who; })
      .function("charge",
                [](quiesce::Call& call, double cents) { return call.vm().defer("charge", cents); });
  return host;
}

}  // namespace

WaitingOrder::WaitingOrder() : host(order_host()) {
  const quiesce::Value order = vm.eval(program("order.js"));
  expect(!vm.run(order), "the order waits");
  vm.keep("order", order);
  call_id = vm.pending_calls().at(0).id;
}

void WaitingOrder::finish(quiesce::VM& awake) const {
  awake.deferred(call_id).value().resolve("ch_42");
  expect(awake.run(*awake.kept("order"))->as<std::string>() == "hello ch_42", "order.js");
}

// ---- a program of many steps --------------------------------------------------------------------

quiesce::Host Stepper::make_host() {
  quiesce::Host host;
  host.function("charge", [this](quiesce::Call& call, double step) {
    quiesce::Deferred made = call.vm().defer("charge", step);
    last_id_ = made.id();
    return made;
  });
  return host;
}

Stepper::Stepper(double heap_megabytes)
    : host_{make_host()}, vm_{host_, {.memory_bytes_max = 1u << 30}} {
  if (heap_megabytes > 0) vm_.eval(heap_program(heap_megabytes));
  vm_.eval(program("steps.js"));
  vm_.run_until_idle();
  call_id_ = last_id_;
  expect(call_id_ != 0 && steps_of(vm_) == 0, "steps.js waits");
}

void Stepper::step() {
  step(vm_, call_id_);
  call_id_ = last_id_;
}

void Stepper::step(quiesce::VM& vm, std::uint64_t call_id) {
  vm.deferred(call_id).value().resolve("ch_42");
  vm.run_until_idle();
}

double Stepper::steps_of(quiesce::VM& vm) { return vm.global().get("steps").as<double>(); }

}  // namespace bench
