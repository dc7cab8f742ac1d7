// The job loop: jobs, then what they mean for the host, then timers.
#include <chrono>

#include "vm/machine.hpp"

namespace quiesce {

namespace {

using detail::Machine;
using guest::Instance;
using guest::u64;
using guest::wire;

/// One call of `run` or `run_until_idle`. JavaScript runs in entries; the callbacks of the host run
/// between them, where the VM is at rest.
class JobLoop {
 public:
  JobLoop(Machine& machine, const Value* promise, const RunOptions& options)
      : machine_(machine),
        keep_alive_(machine.weak_from_this().lock()),
        promise_(promise),
        options_(options) {}

  RunResult run() {
    fuel_before_ = machine_.enter([](Instance& guest) { return guest.fuel_used(); });
    if (promise_ != nullptr) machine_.to_wire(*promise_);  // refuses that of another VM
    for (;;) {
      while (machine_.has_news()) {
        machine_.call_back();
        if (machine_.dead()) return {RunEnd::vm_ended, Value(), fuel_used_};
      }
      const auto begin = std::chrono::steady_clock::now();
      const Pause pause = machine_.enter([&](Instance& guest) {
        const Pause why = run_jobs(guest);
        fuel_used_ = fuel_used(guest);
        return why;
      });
      switch (pause) {
        case Pause::settled: return {RunEnd::settled, promise_->promise_result(), fuel_used_};
        case Pause::idle: return {RunEnd::idle, Value(), fuel_used_};
        case Pause::fuel_slice: return {RunEnd::fuel_slice, Value(), fuel_used_};
        case Pause::news: break;
      }
      time_used_ += std::chrono::steady_clock::now() - begin;
      machine_.check_time(time_used_);
    }
  }

 private:
  enum class Pause : std::uint8_t { settled, idle, fuel_slice, news };

  Pause run_jobs(Instance& guest) {
    const bool is_sliced = options_.fuel_slice != Limits::kUnlimited;
    for (;;) {
      if (promise_ != nullptr && is_settled()) return Pause::settled;
      if (machine_.has_news()) return Pause::news;
      machine_.check_deadline();
      if (is_sliced && fuel_used(guest) >= options_.fuel_slice) return Pause::fuel_slice;
      if (ran(guest.run_job())) continue;
      // The microtask queue has drained: now is the time to speak of rejections.
      if (machine_.collect_rejections()) return Pause::news;
      if (!ran(guest.run_timer()) && !machine_.futures().settle_ready()) return Pause::idle;
    }
  }

  bool is_settled() {
    switch (promise_->promise_state()) {
      case PromiseState::fulfilled: return true;
      case PromiseState::rejected:
        promise_->mark_handled();
        machine_.throw_reason(promise_->promise_result());
      case PromiseState::pending: break;
    }
    return false;
  }

  u64 fuel_used(Instance& guest) const { return guest.fuel_used() - fuel_before_; }

  bool ran(wire outcome) {
    if (Machine::is_absent(outcome)) return false;
    machine_.check(outcome);
    return true;
  }

  Machine& machine_;
  std::shared_ptr<Machine> keep_alive_;  // a callback may end the VM
  const Value* promise_;
  const RunOptions& options_;
  u64 fuel_before_ = 0, fuel_used_ = 0;
  std::chrono::nanoseconds time_used_{0};
};

}  // namespace

RunResult VM::run(const Value& promise, const RunOptions& options) {
  return JobLoop(*machine_, &promise, options).run();
}

RunResult VM::run_until_idle(const RunOptions& options) {
  return JobLoop(*machine_, nullptr, options).run();
}

std::optional<Value> VM::run(const Value& promise) {
  RunResult result = run(promise, RunOptions{});
  if (result.end == RunEnd::vm_ended) {
    throw Error(Errc::dead_vm, "a callback ended the VM before the promise settled");
  }
  if (!result) return std::nullopt;
  return std::move(result.value);
}

void VM::run_until_idle() { run_until_idle(RunOptions{}); }

bool VM::run_one_job() {
  const auto machine = machine_->weak_from_this().lock();
  const bool ran = machine->enter([&](Instance& guest) {
    const wire outcome = guest.run_job();
    if (Machine::is_absent(outcome)) return false;
    machine->check(outcome);
    return true;
  });
  while (machine->has_news() && !machine->dead()) machine->call_back();
  return ran;
}

bool VM::run_one_timer() {
  return machine_->enter([&](Instance& guest) {
    const wire ran = guest.run_timer();
    if (Machine::is_absent(ran)) return false;
    machine_->check(ran);
    return true;
  });
}

}  // namespace quiesce
