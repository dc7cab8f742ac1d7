// The outside world of a program on the command line: its clock, entropy, time zone and console.
//
//   World world(options.world);
//   VM vm{world.host(), limits};
//   world.wait_until(*vm.next_deadline());
//
// The Hosts that it makes refer to it: a World outlives its VMs. Use from one thread.
#pragma once

#include <optional>

#include "cli/options.hpp"
#include "quiesce/host.hpp"

namespace quiesce::cli {

class World {
 public:
  explicit World(const WorldOptions& options);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// console.log, info and debug go to standard output, warn and error to standard error.
  Host host();
  Time now() const;
  /// Sleeps. A clock that was given on the command line does not pass: it is set to `deadline`.
  void wait_until(Time deadline);

 private:
  std::optional<Time> standing_;  // nothing: the clock of the system
  Entropy entropy_;               // empty: that of the system
  Timezone timezone_;
};

}  // namespace quiesce::cli
