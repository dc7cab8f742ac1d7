// A VM on an event loop: its jobs and timers run by themselves, and other threads hand it work.
//
//   uv_loop_t* uv = uv_default_loop();
//   quiesce::loop::Libuv loop(uv);             // quiesce/loop/libuv.hpp; or loop/asio.hpp
//   quiesce::Runner runner(loop, vm);
//   vm.eval("setTimeout(() => console.log('later'), 100)");
//   std::thread other([post = runner.poster(), id] {
//     post([id](quiesce::VM& vm) { vm.deferred(id)->resolve("an answer"); });
//   });
//   uv_run(uv, UV_RUN_DEFAULT);                // until nothing is left to wait for
//
// The thread of the loop is the thread of the VM: everything else of Runner and VM is used there,
// and `post` alone from anywhere. Whatever enters the VM on that thread, from a host function, a
// callback of the loop or between two runs of the loop, makes the Runner look again: it runs the
// jobs that became ready, and sets one timer of the loop to the VM's next deadline.
//
// The loop is kept running while jobs are to be run, timers wait, or calls to the outside are
// pending. Futures of host functions are asked every 5 ms, since they tell nobody that they are
// ready: post a Deferred's answer where that is too late. `stop`, the end of the Runner and the end
// of the VM let go of it.
//
// Lifetimes: the EventLoop must outlive the Runner. The VM need not: moved, it is driven on; when
// it ends (on the loop's thread), the Runner stops. Work that was posted and not begun by then is
// dropped.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>

#include "quiesce/vm.hpp"

namespace quiesce {

/// What a Runner needs of a loop. Work does not throw.
class EventLoop {
 public:
  /// What the loop is to call.
  using Work = std::function<void()>;
  /// When, on a clock that nobody sets.
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Names a timer: never 0, never used twice by one loop.
  using TimerId = std::uint64_t;

  virtual ~EventLoop() = default;

  /// Calls `work` soon on the loop's thread, never from inside this function. From any thread.
  virtual void post(Work work) = 0;

  // ---- on the loop's thread only ----
  /// Calls `work` once, not before `time`.
  virtual TimerId call_at(TimePoint time, Work work) = 0;
  /// The timer's work will not be called any more. One that fired already is ignored.
  virtual void cancel(TimerId timer) noexcept = 0;
  /// Keeps the loop running although nothing is due on it, until as many calls of `release`.
  virtual void hold() = 0;
  /// Takes one `hold` back.
  virtual void release() noexcept = 0;
};

/// How a Runner drives its VM.
struct RunnerOptions {
  /// Told of what jobs, timers, callbacks and posted work throw. It must not throw itself. Without
  /// it, they go to the host's log as errors.
  std::function<void(std::exception_ptr)> on_error = {};
  /// Steps after which the loop gets a turn for others; see RunOptions.
  std::uint64_t fuel_slice = 1'000'000;
};

/// Drives one VM on one loop.
class Runner {
 public:
  /// What is handed over from other threads.
  using Work = std::function<void(VM&)>;

  /// Hands work over from any thread; may be copied and kept longer than the Runner.
  class Poster {
   public:
    /// Calls `work(vm)` soon on the loop's thread. False: the Runner has stopped, and nobody will.
    bool operator()(Work work) const;

   private:
    friend class Runner;
    struct Door;
    explicit Poster(std::shared_ptr<Door> door) : door_(std::move(door)) {}
    std::shared_ptr<Door> door_;
  };

  /// Throws Errc::invalid_argument when another Runner drives this VM.
  Runner(EventLoop& loop, VM& vm, RunnerOptions options = {});
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  ~Runner();  // stops

  /// As the Poster's.
  bool post(Work work) const;
  /// For threads that may outlive the Runner.
  Poster poster() const;

  /// Looks again what there is to do; of use after `VM::set_stop_token` or a clock that was moved.
  void wake();
  /// The VM is not driven any more, and the loop is let go. Idempotent.
  void stop() noexcept;
  /// False after `stop`, and when the VM is gone or lost.
  bool is_running() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace quiesce
