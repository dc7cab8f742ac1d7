// The programs of bench/programs/ in VMs, and how times are taken.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace bench {

using Clock = std::chrono::steady_clock;

/// The text of a file in bench/programs/.
std::string program(const std::string& name);
/// heap.js with as many objects as take about so many megabytes.
std::string heap_program(double megabytes);

/// Figures of wrong results are worth nothing, so each operation checks its own.
void expect(bool holds, const char* text);

double us_since(Clock::time_point start);
double median(std::vector<double> numbers);

/// How often something is measured.
struct Effort {
  std::size_t turns_min;
  std::size_t turns_max;
  double seconds;  // and as long as this lasts, between the two
};

/// Microseconds of each call of `turn`.
template <class Turn>
std::vector<double> times_us(const Effort& effort, Turn turn) {
  std::vector<double> times;
  const Clock::time_point begin = Clock::now();
  while (times.size() < effort.turns_min ||
         (times.size() < effort.turns_max && us_since(begin) < effort.seconds * 1e6)) {
    const Clock::time_point start = Clock::now();
    turn();
    times.push_back(us_since(start));
  }
  return times;
}

/// The README's program, while it waits for `charge`.
struct WaitingOrder {
  quiesce::Host host;
  quiesce::VM vm{host};
  std::uint64_t call_id = 0;

  WaitingOrder();

  /// Settles the call in a VM woken from this one and runs the job that waits for it.
  void finish(quiesce::VM& awake) const;
};

/// A VM that sleeps at every await (programs/steps.js), with objects of so many megabytes.
class Stepper {
 public:
  explicit Stepper(double heap_megabytes);
  Stepper(const Stepper&) = delete;  // its host's function refers to it
  Stepper& operator=(const Stepper&) = delete;

  /// Answers the call it waits for and runs the job; then it waits for the next one.
  void step();
  /// The same in a VM that was woken or forked from this one when it waited for that call.
  static void step(quiesce::VM& vm, std::uint64_t call_id);
  static double steps_of(quiesce::VM& vm);

  quiesce::Host& host() { return host_; }
  quiesce::VM& vm() { return vm_; }
  /// Of the call that it waits for.
  std::uint64_t call_id() const { return call_id_; }

 private:
  quiesce::Host make_host();

  std::uint64_t last_id_ = 0;  // of the call made last, by whatever VM of this host
  std::uint64_t call_id_ = 0;
  quiesce::Host host_;
  quiesce::VM vm_;
};

}  // namespace bench
