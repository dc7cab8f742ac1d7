// What it costs to sleep after each step of a program.
#pragma once

#include <functional>

#include "programs.hpp"

namespace bench {

/// Medians over the steps.
struct StepCosts {
  double capture_us;    // VM::snapshot; the VM may run on
  double encode_us;     // from there to the bytes to store, relative to the snapshot before
  double stored_bytes;  // so many
};

/// `step` is in no figure. At the end the last snapshot is made from bytes alone, by way of all
/// those that it is relative to, and `check` is given the VM that wakes from it.
StepCosts step_costs(const quiesce::Host& host, quiesce::VM& vm, const Effort& effort,
                     const std::function<void()>& step,
                     const std::function<void(quiesce::VM&)>& check);

/// The same of a Stepper, which is where it should be afterwards, and goes on when it has woken.
StepCosts step_costs(Stepper& stepper, const Effort& effort);

}  // namespace bench
