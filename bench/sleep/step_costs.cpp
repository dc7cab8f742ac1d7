#include "sleep/step_costs.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {
namespace {

/// The bytes of snapshots by their digests, as a database has them.
class Store {
 public:
  void put(const quiesce::Snapshot& snapshot, std::vector<std::byte> bytes) {
    rows_[snapshot.digest()] = std::move(bytes);
  }

  quiesce::Snapshot get(const std::string& digest) const {
    quiesce::LoadOptions options;
    options.find_ancestor = [&](const std::string& named) -> std::optional<quiesce::Snapshot> {
      if (!rows_.contains(named)) return std::nullopt;
      return quiesce::Snapshot::from_bytes(rows_.at(named), options);
    };
    return quiesce::Snapshot::from_bytes(rows_.at(digest), options);
  }

 private:
  std::map<std::string, std::vector<std::byte>> rows_;
};

}  // namespace

StepCosts step_costs(const quiesce::Host& host, quiesce::VM& vm, const Effort& effort,
                     const std::function<void()>& step,
                     const std::function<void(quiesce::VM&)>& check) {
  Store store;
  quiesce::Snapshot last = vm.snapshot();
  store.put(last, last.to_bytes());
  std::vector<double> capture_us;
  std::vector<double> encode_us;
  std::vector<double> stored;
  times_us(effort, [&] {
    step();
    const Clock::time_point begin = Clock::now();
    const quiesce::Snapshot captured = vm.snapshot();
    capture_us.push_back(us_since(begin));
    const Clock::time_point middle = Clock::now();
    last = captured.relative_to(last);
    std::vector<std::byte> bytes = last.to_bytes();
    encode_us.push_back(us_since(middle));
    stored.push_back(static_cast<double>(bytes.size()));
    store.put(last, std::move(bytes));
  });
  quiesce::VM awake{host, store.get(last.digest())};
  check(awake);
  return {.capture_us = median(std::move(capture_us)),
          .encode_us = median(std::move(encode_us)),
          .stored_bytes = median(std::move(stored))};
}

StepCosts step_costs(Stepper& stepper, const Effort& effort) {
  double steps = Stepper::steps_of(stepper.vm());
  const auto step = [&] {
    stepper.step();
    steps++;
  };
  const auto check = [&](quiesce::VM& awake) {
    expect(Stepper::steps_of(awake) == steps, "steps.js after the last delta");
    Stepper::step(awake, stepper.call_id());
    expect(Stepper::steps_of(awake) == steps + 1, "steps.js goes on");
  };
  return step_costs(stepper.host(), stepper.vm(), effort, step, check);
}

}  // namespace bench
