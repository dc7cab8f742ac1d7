#include "guest/signals.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <new>
#include <system_error>

#include "guest/native_stack.hpp"
#include "guest/thread_clock.hpp"
#include "quiesce/error.hpp"
#include "quiesce_wall.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace quiesce::guest {
namespace {

constexpr std::size_t kSignalStackBytes = 64u << 10;
// After the deadline the timer goes on, in case the signal came at a moment when nothing could be
// done.
constexpr std::int64_t kReminderNs = 5'000'000;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// Handlers read it: it must not need a call to find, hence the model.
__attribute__((tls_model("initial-exec"))) constinit thread_local WatchedEntry* t_innermost =
    nullptr;

// ---- faults -------------------------------------------------------------------------------------

#if QUIESCE_WALL_GUARD

struct sigaction g_previous_segv;
struct sigaction g_previous_bus;

void pass_on(int signal, siginfo_t* info, void* context) {
  const struct sigaction& previous = signal == SIGSEGV ? g_previous_segv : g_previous_bus;
  if ((previous.sa_flags & SA_SIGINFO) != 0) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
  } else if (previous.sa_handler == SIG_DFL || info->si_code > 0) {
    // A fault cannot be ignored. The instruction runs again and ends the process as if we had not
    // been here; a signal that somebody sent is sent again, and arrives when this handler has
    // returned.
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    sigaction(signal, &standard, nullptr);
    if (info->si_code <= 0) raise(signal);
  }
}

bool below_stack(const WatchedEntry& entry, const siginfo_t& info, const ucontext_t& context) {
  const auto* const address = static_cast<const std::byte*>(info.si_addr);
  if (address >= entry.stack_low - StackLease::kGuardBytes && address < entry.stack_low)
    return true;
  // Another signal found no room for its frame: then the kernel names no address.
  constexpr std::size_t kFrameBytes = 32u << 10;
  const auto* const sp = reinterpret_cast<const std::byte*>(context.uc_mcontext.gregs[REG_RSP]);
  return info.si_code == SI_KERNEL && sp >= entry.stack_low - StackLease::kGuardBytes &&
         sp < entry.stack_low + kFrameBytes;
}

void on_fault(int signal, siginfo_t* info, void* context) {
  WatchedEntry* const entry = t_innermost;
  if (entry && entry->running && info->si_code > 0) {
    if (below_stack(*entry, *info, *static_cast<ucontext_t*>(context))) {
      return divert(*entry, std::uint64_t{QW_EVENT_TRAP} + QW_TRAP_STACK_EXHAUSTED, context);
    }
    if (entry->memory->reserved(info->si_addr)) {
      return divert(*entry, std::uint64_t{QW_EVENT_TRAP} + QW_TRAP_OUT_OF_BOUNDS, context);
    }
  }
  pass_on(signal, info, context);
}

void install_fault_handler() {
  struct sigaction action{};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGSEGV, &action, &g_previous_segv) != 0 ||
      sigaction(SIGBUS, &action, &g_previous_bus) != 0) {
    throw std::system_error(errno, std::generic_category(), "sigaction");
  }
}

#else

void install_fault_handler() {}  // the checked wall has no faults

#endif

// ---- the deadline -------------------------------------------------------------------------------

int g_deadline_signal = 0;
char g_timer_mark;  // its address says that a signal is ours

std::int64_t now_ns() noexcept { return ThreadClock::now().time_since_epoch().count(); }

bool is_late(const WatchedEntry& entry, std::int64_t now) noexcept {
  const std::int64_t deadline = entry.deadline_ns->load(std::memory_order_relaxed);
  return deadline != 0 && now >= deadline;
}

void on_deadline(int, siginfo_t* info, void* context) {
  if (info->si_code != SI_TIMER || info->si_value.sival_ptr != &g_timer_mark || !t_innermost)
    return;
  const int saved_errno = errno;
  const std::int64_t now = now_ns();
  for (WatchedEntry* entry = t_innermost; entry; entry = entry->outer) {
    if (is_late(*entry, now)) entry->stop = 1;
  }
  errno = saved_errno;
  if (t_innermost->stop && t_innermost->running) divert(*t_innermost, QW_EVENT_STOPPED, context);
}

// A real-time signal that nobody has a use for.
void install_deadline_handler() {
  for (int signal = SIGRTMAX - 1; signal > SIGRTMIN; --signal) {
    struct sigaction present{};
    if (sigaction(signal, nullptr, &present) != 0 || (present.sa_flags & SA_SIGINFO) != 0 ||
        present.sa_handler != SIG_DFL) {
      continue;
    }
    struct sigaction action{};
    action.sa_sigaction = on_deadline;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigfillset(&action.sa_mask);
    // A fault in the handler must still reach whoever handles faults.
    sigdelset(&action.sa_mask, SIGSEGV);
    sigdelset(&action.sa_mask, SIGBUS);
    if (sigaction(signal, &action, nullptr) == 0) {
      g_deadline_signal = signal;
      return;
    }
  }
  throw std::system_error(EBUSY, std::generic_category(), "no real-time signal is free");
}

// ---- threads ------------------------------------------------------------------------------------

// Plain data, so that it is usable while other objects of the thread are destroyed.
struct ThreadState {
  bool prepared;
  bool has_timer;
  timer_t timer;
  void* signal_stack;  // nullptr: the thread had one
};
constinit thread_local ThreadState t_state{};

struct ThreadCleaner {
  bool armed = false;
  ~ThreadCleaner() {
    if (t_state.has_timer) timer_delete(t_state.timer);
    if (t_state.signal_stack) {
      stack_t present{};
      if (sigaltstack(nullptr, &present) == 0 && present.ss_sp == t_state.signal_stack) {
        stack_t none{};
        none.ss_flags = SS_DISABLE;
        sigaltstack(&none, nullptr);
      }
      munmap(t_state.signal_stack, kSignalStackBytes);
    }
    t_state = {};
  }
};
thread_local ThreadCleaner t_cleaner;

#if QUIESCE_WALL_GUARD
void give_signal_stack() {
  stack_t present{};
  if (sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  void* const memory = mmap(nullptr, kSignalStackBytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw Error(Errc::resources, "the system refused the memory of a stack for signals");
  stack_t ours{};
  ours.ss_sp = memory;
  ours.ss_size = kSignalStackBytes;
  if (sigaltstack(&ours, nullptr) != 0) {
    const int error = errno;
    munmap(memory, kSignalStackBytes);
    throw Error(Errc::resources, "the system refused a stack for signals: " +
                                     std::generic_category().message(error));
  }
  t_state.signal_stack = memory;
}
#endif

void unblock(std::initializer_list<int> signals) noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool make_timer() noexcept {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = g_deadline_signal;
  event.sigev_value.sival_ptr = &g_timer_mark;
  event.sigev_notify_thread_id = static_cast<pid_t>(syscall(SYS_gettid));
  t_state.has_timer = timer_create(ThreadClock::kId, &event, &t_state.timer) == 0;
  return t_state.has_timer;
}

// A child of fork() has no timers, and the id of ours may come to mean one of its own.
void forget_timers_in_children() {
  if (pthread_atfork(nullptr, nullptr, [] { t_state.has_timer = false; }) != 0)
    throw std::bad_alloc();
}

}  // namespace

void install_signal_handlers() {
  static std::once_flag once;
  std::call_once(once, [] {
    install_deadline_handler();
    install_fault_handler();
    forget_timers_in_children();
  });
}

void prepare_thread_for_guest() {
  if (t_state.prepared) return;
#if QUIESCE_WALL_GUARD
  give_signal_stack();
  // A fault that is blocked ends the process.
  unblock({SIGSEGV, SIGBUS});
#endif
  t_cleaner.armed = true;  // constructs it, so that it is destroyed
  t_state.prepared = true;
}

void watch(WatchedEntry& entry) noexcept {
  entry.outer = t_innermost;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  t_innermost = &entry;
}

void unwatch(WatchedEntry& entry) noexcept {
  t_innermost = entry.outer;
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

bool set_deadline_timer() noexcept {
  std::int64_t earliest = 0;
  for (const WatchedEntry* entry = t_innermost; entry; entry = entry->outer) {
    const std::int64_t deadline = entry->deadline_ns->load(std::memory_order_relaxed);
    if (deadline != 0 && (earliest == 0 || deadline < earliest)) earliest = deadline;
  }
  if (earliest == 0 && !t_state.has_timer) return true;
  itimerspec setting{};
  if (earliest != 0) {
    unblock({g_deadline_signal});
    setting.it_value = {earliest / kNsPerSecond, earliest % kNsPerSecond};
    setting.it_interval = {0, kReminderNs};
  }
  if (t_state.has_timer && timer_settime(t_state.timer, TIMER_ABSTIME, &setting, nullptr) == 0)
    return true;
  // None yet, or somebody deleted it.
  return earliest == 0 ||
         (make_timer() && timer_settime(t_state.timer, TIMER_ABSTIME, &setting, nullptr) == 0);
}

}  // namespace quiesce::guest
