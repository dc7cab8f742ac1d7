#include "sleep/curves.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "programs.hpp"
#include "sleep/resident.hpp"
#include "sleep/step_costs.hpp"

namespace bench {
namespace {

struct Plan {
  Effort effort;
  std::vector<int> heap_megabytes;
  std::vector<int> changed_pages;
  std::vector<std::size_t> live_vms;
};
const Plan kFull{.effort = {.turns_min = 9, .turns_max = 1000, .seconds = 0.3},
                 .heap_megabytes = {1, 2, 4, 8, 16, 32, 64, 128, 256},
                 .changed_pages = {1, 3, 10, 30, 100, 300, 1000, 3000, 10'000},
                 .live_vms = {1, 3, 10, 30, 100, 300, 1000, 3000, 10'000}};
const Plan kQuick{.effort = {.turns_min = 3, .turns_max = 3, .seconds = 0},
                  .heap_megabytes = {1, 8},
                  .changed_pages = {1, 100},
                  .live_vms = {1, 30}};

void print(const char* curve, std::size_t x, const char* name, double value, const char* unit) {
  std::printf("{\"curve\":\"%s\",\"x\":%zu,\"name\":\"%s\",\"value\":%.*f,\"unit\":\"%s\"}\n",
              curve, x, name, value < 1000 ? 2 : 0, value, unit);
  std::fflush(stdout);
}

void print_steps(const char* curve, std::size_t x, const StepCosts& costs) {
  print(curve, x, "capture", costs.capture_us, "us");
  print(curve, x, "encode", costs.encode_us, "us");
  print(curve, x, "stored", costs.stored_bytes, "bytes");
}

void print_heap(std::size_t megabytes, const Effort& effort) {
  Stepper stepper(static_cast<double>(megabytes));
  {
    const std::uint64_t call_id = stepper.call_id();
    const auto asleep = quiesce::Snapshot::from_bytes(stepper.vm().snapshot().to_bytes());
    print("heap", megabytes, "restore",
          median(times_us(effort,
                          [&] {
                            quiesce::VM awake{stepper.host(), asleep};
                            Stepper::step(awake, call_id);
                            expect(Stepper::steps_of(awake) == 1, "steps.js");
                          })),
          "us");
  }
  print_steps("heap", megabytes, step_costs(stepper, effort));
}

void print_changed_pages(std::size_t pages, const Effort& effort) {
  const quiesce::Host host;
  quiesce::VM vm{host, {.memory_bytes_max = 1u << 30}};
  vm.eval(program("pages.js"));
  const quiesce::Value write_pages = vm.global().get("write_pages");
  int turns = 0;
  const auto step = [&] {
    write_pages(static_cast<double>(pages));
    turns++;
  };
  const auto check = [&](quiesce::VM& awake) {
    const std::string last = "bytes[" + std::to_string(pages - 1) + " * 4096 + 17]";
    expect(awake.eval(last).as<double>() == turns % 256, "pages.js");
  };
  print_steps("pages", pages, step_costs(host, vm, effort, step, check));
}

/// One by one, as requests come; time is the mean since the point before.
void print_live(const std::vector<std::size_t>& counts) {
  const quiesce::Host host;
  quiesce::VM application{host};
  application.eval(program("service.js"));
  const quiesce::Snapshot image = application.snapshot();
  std::vector<quiesce::VM> vms;
  vms.reserve(counts.back());
  for (const std::size_t count : counts) {
    const std::size_t before = vms.size();
    const Clock::time_point start = Clock::now();
    while (vms.size() < count) {
      quiesce::VM& vm = vms.emplace_back(host, image);
      const quiesce::Value promise = vm.global().get("handle")(static_cast<double>(vms.size()));
      expect(vm.run(promise)->as<std::string>().starts_with("item "), "service.js");
    }
    const double spent_us = us_since(start);
    print("live", count, "create", spent_us / static_cast<double>(count - before), "us");
    print("live", count, "resident", resident_bytes(), "bytes");
  }
}

}  // namespace

void print_curves(Care care) {
  const Plan& plan = care == Care::quick ? kQuick : kFull;
  print_live(plan.live_vms);
  for (const int pages : plan.changed_pages) {
    print_changed_pages(static_cast<std::size_t>(pages), plan.effort);
  }
  for (const int megabytes : plan.heap_megabytes) {
    print_heap(static_cast<std::size_t>(megabytes), plan.effort);
  }
}

}  // namespace bench
