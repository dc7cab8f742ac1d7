#include "quiesce/event_loop.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "vm/machine.hpp"

namespace quiesce {

using detail::Machine;

namespace {

// A clock may be set while a timer of the loop runs, so none runs longer than this.
constexpr std::chrono::nanoseconds kWaitMax = std::chrono::minutes(1);
// A std::future tells nobody that it is ready.
constexpr std::chrono::nanoseconds kAskFutures = std::chrono::milliseconds(5);

}  // namespace

/// What other threads see of a Runner: a way to the loop that is shut when it stops.
struct Runner::Poster::Door {
  std::mutex mutex;
  EventLoop* loop;  // null: shut
  std::weak_ptr<Runner::State> state;
};

/// Everything that work on the loop refers to; lives as long as the last of it. Used on the loop's
/// thread.
struct Runner::State : std::enable_shared_from_this<State> {
  State(EventLoop& its_loop, std::weak_ptr<Machine> its_machine, RunnerOptions its_options)
      : loop(its_loop), machine(std::move(its_machine)), options(std::move(its_options)) {}

  /// While it lives, entries into the VM are our own and no news.
  struct Busy {
    explicit Busy(State& its_state) : state(its_state) { ++state.busy; }
    ~Busy() { --state.busy; }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    State& state;
  };

  // The VM was entered by somebody, or it has ended.
  void on_entered() noexcept {
    const auto driven = machine.lock();
    if (!driven || driven->dead()) return stop();
    if (busy > 0) return;
    try {
      schedule();
    } catch (const std::exception& error) {
      driven->log(LogLevel::error, std::string("the event loop refuses work: ") + error.what());
    }
  }

  void schedule() {
    if (stopped || scheduled) return;
    scheduled = true;
    set_hold(true);
    loop.post([self = shared_from_this()] { self->turn(); });
  }

  void execute(const Work& work) {
    const auto driven = machine.lock();
    if (stopped || !driven || driven->dead()) return;
    {
      const Busy now(*this);
      try {
        work(driven->facade());
      } catch (...) {
        report(*driven, std::current_exception());
      }
    }
    turn();
  }

  // Everything that is ready, up to the end of the slice; then the loop's timer for the rest.
  void turn() {
    scheduled = false;
    const auto driven = machine.lock();
    if (stopped) return;
    if (!driven || driven->dead()) return stop();
    const Busy now(*this);
    bool more = false;
    bool paused = false;
    try {
      const RunResult result = driven->facade().run_until_idle({.fuel_slice = options.fuel_slice});
      more = result.end == RunEnd::fuel_slice;
    } catch (const Error& error) {
      more = error.code() != Errc::stopped;  // what is left waits until somebody wakes us
      paused = !more;
      report(*driven, std::current_exception());
    } catch (...) {
      more = true;
      report(*driven, std::current_exception());
    }
    if (!stopped) settle_down(*driven, more, paused);
  }

  void settle_down(Machine& driven, bool more, bool paused) noexcept {
    if (driven.dead()) return stop();
    bool waits = false;
    try {
      const VM& vm = driven.facade();
      waits = driven.peek([](guest::Instance& guest) { return guest.pending_after(0) != 0; });
      set_timer(paused ? std::nullopt : vm.next_deadline(), driven,
                !paused && !driven.futures().is_empty());
      if (more && (driven.has_news() || vm.job_ready() || is_due(vm))) schedule();
      set_hold(scheduled || waits);
    } catch (...) {
      // A VM that cannot even be asked is lost.
      report(driven, std::current_exception());
      stop();
    }
  }

  static bool is_due(const VM& vm) {
    const auto deadline = vm.next_deadline();
    return deadline && *deadline <= vm.now();
  }

  void set_timer(std::optional<Time> deadline, Machine& driven, bool asks_futures) {
    if (timer) loop.cancel(*std::exchange(timer, std::nullopt));
    if (!deadline && !asks_futures) return;
    auto wait = asks_futures ? kAskFutures : kWaitMax;
    const auto now = driven.now();
    if (deadline && *deadline <= now) {
      wait = {};
    } else if (deadline && now >= *deadline - wait) {
      wait = *deadline - now;
    }
    timer = loop.call_at(std::chrono::steady_clock::now() + wait, [self = shared_from_this()] {
      self->timer.reset();
      self->turn();
    });
  }

  void set_hold(bool wanted) {
    if (wanted == holds) return;
    holds = wanted;
    if (wanted) {
      loop.hold();
    } else {
      loop.release();
    }
  }

  void report(Machine& driven, const std::exception_ptr& thrown) noexcept {
    try {
      if (options.on_error) return options.on_error(thrown);
      std::rethrow_exception(thrown);
    } catch (const JSError& error) {
      driven.log(LogLevel::error,
                 error.stack().empty() ? error.what() : error.what() + ("\n" + error.stack()));
    } catch (const std::exception& error) {
      driven.log(LogLevel::error, error.what());
    } catch (...) {
      driven.log(LogLevel::error, "something was thrown that is no std::exception");
    }
  }

  void stop() noexcept {
    if (std::exchange(stopped, true)) return;
    {
      const std::lock_guard lock(door->mutex);
      door->loop = nullptr;
    }
    if (timer) loop.cancel(*std::exchange(timer, std::nullopt));
    if (std::exchange(holds, false)) loop.release();
    if (const auto driven = machine.lock()) driven->set_hook(nullptr);
  }

  EventLoop& loop;
  std::weak_ptr<Machine> machine;
  RunnerOptions options;
  std::shared_ptr<Poster::Door> door;
  std::optional<EventLoop::TimerId> timer;
  int busy = 0;
  bool scheduled = false;  // a turn has been posted
  bool holds = false;
  bool stopped = false;
};

bool Runner::Poster::operator()(Work work) const {
  const std::lock_guard lock(door_->mutex);
  if (door_->loop == nullptr) return false;
  door_->loop->post([state = door_->state, work = std::move(work)] {
    if (const auto alive = state.lock()) alive->execute(work);
  });
  return true;
}

Runner::Runner(EventLoop& loop, VM& vm, RunnerOptions options) {
  Machine& machine = detail::ValueAccess::machine(vm);
  if (machine.has_hook()) {
    throw Error(Errc::invalid_argument, "another Runner drives this VM already");
  }
  state_ = std::make_shared<State>(loop, machine.weak_from_this(), std::move(options));
  state_->door = std::make_shared<Poster::Door>();
  state_->door->loop = &loop;
  state_->door->state = state_;
  machine.set_hook([state = std::weak_ptr(state_)] {
    if (const auto alive = state.lock()) alive->on_entered();
  });
  state_->schedule();
}

Runner::~Runner() { stop(); }

bool Runner::post(Work work) const { return poster()(std::move(work)); }
Runner::Poster Runner::poster() const { return Poster(state_->door); }
void Runner::wake() { state_->schedule(); }
void Runner::stop() noexcept { state_->stop(); }
bool Runner::is_running() const noexcept { return !state_->stopped; }

}  // namespace quiesce
