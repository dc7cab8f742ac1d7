// What a program is told of itself by node:process, and how it ends.
//
//   host.process({.arguments = {"quiesce", "/app/main.mjs", "--fast"},
//                 .environment = {{"NODE_ENV", "production"}},
//                 .folder = "/app"})
//       .node_globals();
//   quiesce::VM vm{host};
//   try {
//     vm.eval("process.exit(3)");
//   } catch (const quiesce::ExitError& end) {
//     return end.status();                    // 3
//   }
//
// It is a part of the VM from the start on: a snapshot has it, and a restored VM keeps what the
// first host said, not what the host that wakes it says; a VM that begins from a start image is
// told anew (start_image.hpp). Without Host::process there are no arguments beyond a name, an empty
// environment and the folder "/". Texts are UTF-8.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/error.hpp"

namespace quiesce {

/// The process that a program believes to be.
struct Process {
  /// process.argv: the program that runs it, the file that is run, and what follows.
  std::vector<std::string> arguments = {};
  /// process.env. A copy: what the program changes there stays in the VM.
  std::map<std::string, std::string> environment = {};
  /// process.cwd(), absolute, in the VM's files.
  std::string folder = "/";
  /// process.execPath.
  std::string executable = "/usr/local/bin/quiesce";
};

/// The two streams of process.stdout and process.stderr.
enum class OutputStream : std::uint8_t { out, error };

/// Takes what a program writes to process.stdout and process.stderr, exactly.
using Output = std::function<void(OutputStream, std::string_view)>;

/// The program called process.exit, or ended itself in another way: what was running is gone, as
/// after a limit. The VM is usable.
class ExitError : public Error {
 public:
  /// With the status that it asked for.
  explicit ExitError(int status)
      : Error(Errc::exited, "the program ended with status " + std::to_string(status)),
        status_(status) {}

  /// The status that it asked for; any 32-bit number.
  int status() const noexcept { return status_; }

 private:
  int status_;
};

}  // namespace quiesce
