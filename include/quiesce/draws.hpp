// What a program has asked of clock and chance: answers that are different the next time.
//
//   quiesce::Draws draws = vm.draws();
//   if (!draws.none()) std::cerr << draws.describe() << '\n';
//   // clock: 2 times, first at file:///app/id.mjs:3:14; entropy: once, at file:///app/id.mjs:9:6
//
// Counted since the VM began, the life of the image or snapshot that it came from included. What
// the library itself asks when it makes a VM does not count, and neither does setting a timer: the
// program learns nothing from that. A value; use it from any thread.
#pragma once

#include <cstdint>
#include <string>

namespace quiesce {

/// How often a program drew from one source.
struct Draw {
  /// So many times.
  std::uint64_t count = 0;
  /// Where it did for the first time, as stacks have it: "file:///app/id.mjs:3:14". Empty if there
  /// was no code of the program on the stack that has a file.
  std::string first_place = {};

  /// For people: "never", "once, at file:///app/id.mjs:3:14", "2 times, first at ...".
  std::string describe() const;
};

/// How often a program drew from each source.
struct Draws {
  /// The time: Date, performance, process.hrtime, console.time, files that the program writes.
  Draw clock;
  /// The host's entropy: crypto.getRandomValues, randomUUID, randomBytes.
  Draw entropy;
  /// Math.random.
  Draw random;

  /// Whether there were none at all.
  bool none() const noexcept { return clock.count == 0 && entropy.count == 0 && random.count == 0; }
  /// One line for people, without those that there were none of. Empty: there were none.
  std::string describe() const;
};

}  // namespace quiesce
