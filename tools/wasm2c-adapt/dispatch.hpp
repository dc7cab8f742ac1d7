// The loop of an interpreter, as wasm2c writes it, has one switch with hundreds of cases at its
// head, and every operation jumps back to it. Processors predict indirect jumps by where they are:
// with a jump of its own at the end of each operation, the prediction knows which operation came
// before.
//
// Where the operations are found through a table of labels, as in C with computed jumps, that table
// has become one of numbers in memory, and the switch is over these. Both steps are made one: the
// byte that is the operation is an index into a table of ours.
#pragma once

#include <string>

#include "constants.hpp"

namespace adapt {

/// Makes the largest switch of a rewritten body a jump through a table of labels, and copies the
/// head of its loop with that jump to wherever the loop is continued. A body without such a loop is
/// returned as it is.
std::string thread_dispatch(const std::string& body, const Constants& constants);

}  // namespace adapt
