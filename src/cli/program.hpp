// One program in one VM, from its start or waking until it is done, falls asleep or fails.
//
//   Program program(VM(world.host(), limits), world, options, bed_for(options));
//   program.start({"order.js", text}, Reading::program);
//   return program.finish();
//
// What the program says goes to standard output; what is to be said about it, to standard error.
// Every member may throw Stopped, after the reason was printed, and Error{Errc::io} when the
// snapshot could not be written.
#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bed.hpp"
#include "cli/failure.hpp"
#include "cli/launch.hpp"
#include "cli/options.hpp"
#include "cli/source.hpp"
#include "cli/world.hpp"
#include "quiesce/start_image.hpp"
#include "quiesce/vm.hpp"

namespace quiesce::cli {

/// Named roots that the command line keeps in a snapshot for itself all begin with this.
inline constexpr std::string_view kOwnRoots = "quiesce.";
/// The name of the program, a string.
inline constexpr std::string_view kFileRoot = "quiesce.file";
/// The text of one that is no file, to show where errors lie.
inline constexpr std::string_view kSourceRoot = "quiesce.source";
/// The promise of the whole program.
inline constexpr std::string_view kMainRoot = "quiesce.main";

class Program {
 public:
  Program(VM vm, World& world, const Options& options, std::optional<Bed> bed);

  VM& vm() { return vm_; }
  /// Evaluates the program, which is new in this VM.
  Started start(Source source, Reading reading);
  /// Imports the program's main module. `name` is what messages call it.
  void start_module(std::string name, const std::string& url);
  /// Finds out which program it is that was woken in this VM.
  void recall();
  /// Lets go of the application that the image of this VM was made of: another program begins.
  void begin_beside_application();
  /// Or calls its default export, with these texts. `image` is what messages call the image.
  void call_application(const std::string& image, const std::vector<std::string>& arguments);
  /// Runs until the program has been evaluated: its promise has settled, and no job is ready.
  void settle();
  /// What it is then, written to `bed`.
  StartImage make_image(const Bed& bed, const ImageOptions& options);
  /// Runs until `promise` settles. Its value; nothing when the program sleeps before, or can never
  /// come to it.
  std::optional<Value> await(const Value& promise);
  /// Runs until nothing is left to do.
  Exit finish();

 private:
  template <class F>
  auto enter(F&& f);
  void set_time(std::chrono::nanoseconds time);
  void recall_source();
  bool run_ready(const Value* until);
  void report_rejections();
  std::string text_of(const std::string& file);
  [[noreturn]] void stop(const Error& error);
  Exit tell_failure();
  [[noreturn]] void stop_uncaught(const JSError& error, std::string_view how);
  void complain_of_limit(Limit limit);
  void suspend(const std::vector<PendingCall>& calls);
  Exit end_waiting(const std::vector<PendingCall>& calls);

  VM vm_;
  World& world_;
  const Options& options_;
  const std::optional<Bed> bed_;
  const Limits limits_;                 // as the program began here
  std::chrono::nanoseconds time_left_;  // of limits_.time_max
  Source source_;
  std::optional<Time> woken_;  // timers that were due by then fire before it may sleep again
  bool asleep_ = false;
};

/// One line of JSON, without its line end: {"id":"1","name":"charge","args":[499]}
std::string pending_call_json(const PendingCall& call);

}  // namespace quiesce::cli
