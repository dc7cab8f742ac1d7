// How a command ends when it does not end well.
#pragma once

#include <stdexcept>
#include <string>

namespace quiesce::cli {

/// The exit statuses of `quiesce`; docs/command-line.md explains them to users. A program may end
/// with any other: process.exit.
enum class Exit : int { done = 0, uncaught = 1, usage = 2, asleep = 3, limit = 4 };

/// Something outside of JavaScript is wrong: an argument, a file. The text is one sentence for the
/// user; the exit status is Exit::usage.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// JavaScript ended by itself, or with an error that has been printed already.
struct Stopped {
  Exit status;
};

}  // namespace quiesce::cli
