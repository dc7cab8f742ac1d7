#include "sleep/required.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "programs.hpp"
#include "sleep/resident.hpp"
#include "sleep/step_costs.hpp"

namespace bench {
namespace {

struct Plan {
  Effort small;
  Effort large;  // with a large heap
  Effort forks_effort;
  std::size_t cold_vms;  // alive at once
  std::size_t live_vms;
  std::size_t forks;
};
constexpr Plan kFull{
    .small = {.turns_min = 500, .turns_max = 20'000, .seconds = 0.7},
    .large = {.turns_min = 100, .turns_max = 1000, .seconds = 1.5},
    .forks_effort = {.turns_min = 5, .turns_max = 9, .seconds = 2},
    .cold_vms = 1500,
    .live_vms = 10'000,
    .forks = 1000,
};
constexpr Plan kQuick{
    .small = {.turns_min = 20, .turns_max = 20, .seconds = 0},
    .large = {.turns_min = 4, .turns_max = 4, .seconds = 0},
    .forks_effort = {.turns_min = 1, .turns_max = 1, .seconds = 0},
    .cold_vms = 60,
    .live_vms = 100,
    .forks = 10,
};
constexpr double kLargeHeapMegabytes = 24;

void print(const std::string& name, double value, const char* unit) {
  std::printf("{\"name\":\"%s\",\"value\":%.*f,\"unit\":\"%s\"}\n", name.c_str(),
              value < 1000 ? 2 : 0, value, unit);
  std::fflush(stdout);
}

/// Microseconds of `make`, whose VMs all stay alive, so that none finds the warm memory of one that
/// has ended. The first third is left out: VMs before it may have left some.
template <class Make>
double cold_us(std::size_t vms, Make make) {
  std::vector<quiesce::VM> alive;
  alive.reserve(vms);
  const Effort each{.turns_min = vms, .turns_max = vms, .seconds = 0};
  std::vector<double> times = times_us(each, [&] { make(alive); });
  times.erase(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(vms / 3));
  return median(std::move(times));
}

struct LifeUs {
  double life;  // from its beginning to the end of its work
  double end;
};

/// Medians of VMs that come one after the other, so that each finds the warm memory of the one
/// before it.
template <class Begin, class Work>
LifeUs warm_us(const Effort& effort, Begin begin, Work work) {
  std::vector<double> lives, ends;
  std::optional<quiesce::VM> vm;
  times_us(effort, [&] {
    const Clock::time_point start = Clock::now();
    begin(vm);
    work(*vm);
    lives.push_back(us_since(start));
    const Clock::time_point end = Clock::now();
    vm.reset();
    ends.push_back(us_since(end));
  });
  return {median(std::move(lives)), median(std::move(ends))};
}

void print_fresh(const Plan& plan) {
  const quiesce::Host host;
  const auto first_eval = [](quiesce::VM& vm) { expect(vm.eval("1+1").as<double>() == 2, "1+1"); };
  print("fresh_cold",
        cold_us(plan.cold_vms,
                [&](std::vector<quiesce::VM>& alive) { first_eval(alive.emplace_back(host)); }),
        "us");
  const LifeUs warm =
      warm_us(plan.small, [&](std::optional<quiesce::VM>& vm) { vm.emplace(host); }, first_eval);
  print("fresh_warm", warm.life, "us");
  print("end_warm", warm.end, "us");
}

void print_restore_small(const Plan& plan) {
  WaitingOrder order;
  const auto asleep = quiesce::Snapshot::from_bytes(order.vm.snapshot().to_bytes());
  print("restore_cold",
        cold_us(plan.cold_vms,
                [&](std::vector<quiesce::VM>& alive) {
                  order.finish(alive.emplace_back(order.host, asleep));
                }),
        "us");
  print("restore_small",
        warm_us(
            plan.small, [&](std::optional<quiesce::VM>& vm) { vm.emplace(order.host, asleep); },
            [&](quiesce::VM& awake) { order.finish(awake); })
            .life,
        "us");
}

void print_steps(const std::string& size, double heap_megabytes, const Effort& effort) {
  Stepper stepper(heap_megabytes);
  const StepCosts costs = step_costs(stepper, effort);
  print("capture_" + size, costs.capture_us, "us");
  print("encode_" + size, costs.encode_us, "us");
  print("stored_" + size, costs.stored_bytes, "bytes");
}

void print_restore_and_forks(const Plan& plan) {
  Stepper stepper(kLargeHeapMegabytes);
  const auto run_job = [call_id = stepper.call_id()](quiesce::VM& vm) {
    Stepper::step(vm, call_id);
    expect(Stepper::steps_of(vm) == 1, "steps.js");
  };
  {
    const auto asleep = quiesce::Snapshot::from_bytes(stepper.vm().snapshot().to_bytes());
    print("restore_24mb",
          warm_us(
              plan.large,
              [&](std::optional<quiesce::VM>& vm) { vm.emplace(stepper.host(), asleep); }, run_job)
              .life,
          "us");
  }
  std::vector<double> forks_us;
  times_us(plan.forks_effort, [&] {
    const Clock::time_point start = Clock::now();
    std::vector<quiesce::VM> children = stepper.vm().fork(plan.forks);
    for (quiesce::VM& child : children) run_job(child);
    forks_us.push_back(us_since(start));
  });
  const double per_fork = median(std::move(forks_us)) / static_cast<double>(plan.forks);
  print("forks_1000", per_fork, "ms");  // us * 1000 / 1000
}

/// Of the whole process, whatever has been in it before.
void print_resident(const Plan& plan) {
  const quiesce::Host host;
  quiesce::VM application{host};
  application.eval(program("service.js"));
  application.run_until_idle();
  const quiesce::Snapshot image = application.snapshot({.collect_garbage = true});
  const double before = resident_bytes();
  std::vector<quiesce::VM> vms = image.spawn(host, plan.live_vms);
  for (std::size_t i = 0; i < vms.size(); ++i) {
    const quiesce::Value promise = vms[i].global().get("handle")(static_cast<double>(i));
    expect(vms[i].run(promise)->as<std::string>().starts_with("item "), "service.js");
  }
  const double per_vm = (resident_bytes() - before) / static_cast<double>(vms.size());
  print("resident_10000", before + 10'000 * per_vm, "bytes");
}

}  // namespace

void print_required(Care care) {
  const Plan& plan = care == Care::quick ? kQuick : kFull;
  print_fresh(plan);
  print_restore_small(plan);
  print_resident(plan);
  print_steps("small", 0, plan.small);
  print_steps("24mb", kLargeHeapMegabytes, plan.large);
  print_restore_and_forks(plan);
}

}  // namespace bench
