// A process that wakes a VM from a file, and one that writes such a file.
//
//   quiesce-wake store FILE MEGABYTES    steps.js with objects of so much, asleep at its first
//   await quiesce-wake wake FILE               wakes it, settles the call, runs its job, checks the
//   result
//
// bench/peers/quickjs_wasi_sleep.mjs does the same; the time of the whole process is measured from
// outside.
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "programs.hpp"

namespace {

void store(const char* file, double megabytes) {
  bench::Stepper stepper(megabytes);
  stepper.vm().snapshot().save(file);
}

void wake(const char* file) {
  quiesce::Host host;
  host.function("charge",
                [](quiesce::Call& call, double step) { return call.vm().defer("charge", step); });
  quiesce::VM awake{host, quiesce::Snapshot::load(file)};
  bench::Stepper::step(awake, awake.pending_calls().at(0).id);
  bench::expect(bench::Stepper::steps_of(awake) == 1, "steps.js");
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  try {
    if (what == "store" && count == 4) {
      store(arguments[2], std::stod(arguments[3]));
    } else if (what == "wake" && count == 3) {
      wake(arguments[2]);
    } else {
      std::fputs("usage: quiesce-wake store FILE MEGABYTES | wake FILE\n", stderr);
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quiesce-wake: %s\n", error.what());
    return 1;
  }
  return 0;
}
