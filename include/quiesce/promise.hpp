// How promises tell C++ that they have settled: by a callback, or in a coroutine.
//
//   vm.on_settled(order, [](const quiesce::Settlement& settlement) {
//     if (settlement.state == quiesce::Settlement::State::fulfilled) use(settlement.value);
//   });
//   quiesce::Value receipt = co_await vm.settled(order);    // throws JSError when it is rejected
//
// Callbacks come from `VM::run`, `run_until_idle` and `run_one_job`, on the thread that calls them,
// with no JavaScript on the stack: they may enter the VM, settle promises, take a snapshot, or
// destroy the VM. What a callback throws leaves the function that ran it; the callback is done with
// then, and everything else waits for the next run. To watch a promise is to handle its rejection.
//
// What waits belongs to this VM and not to its snapshots: a restored VM has no callbacks, and one
// that was meant for its ancestor never comes to it. When the VM goes, whoever still waits is told
// so (State::lost), from its destructor.
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>

#include "quiesce/value.hpp"

namespace quiesce {

/// How a promise ended, or that it never will.
struct Settlement {
  /// The ends there are.
  enum class State : std::uint8_t {
    fulfilled,
    rejected,
    lost,  ///< the VM is gone
  };

  /// Which of them it was.
  State state = State::lost;
  Value value;                         ///< the value or the reason; undefined when lost
  std::exception_ptr error = nullptr;  ///< JSError of the reason, or Error with Errc::dead_vm

  /// The value; throws `error` if there is one.
  const Value& get() const {
    if (error) std::rethrow_exception(error);
    return value;
  }
};

/// What is called once, when a promise has settled or its VM is gone.
using SettledCallback = std::function<void(const Settlement&)>;

/// A promise that was rejected while nobody listened; see `Host::on_rejection`.
struct Rejection {
  /// What there is to say of it.
  enum class Kind : std::uint8_t {
    unhandled,
    handled,  ///< somebody listens now to what was reported as unhandled before
  };

  /// The promise that was rejected.
  Value promise;
  /// What it was rejected with.
  Value reason;
  /// Nobody listens, or somebody does by now.
  Kind kind = Kind::unhandled;
};

/// Is told of rejections that nobody handles.
using OnRejection = std::function<void(VM&, const Rejection&)>;

/// What `co_await vm.settled(promise)` waits with, in coroutines of any type. If the coroutine is
/// destroyed while it waits, nothing happens when the promise settles.
class SettledAwaiter {
 public:
  /// Nothing is watched yet.
  explicit SettledAwaiter(Value promise);
  SettledAwaiter(const SettledAwaiter&) = delete;
  SettledAwaiter& operator=(const SettledAwaiter&) = delete;
  ~SettledAwaiter();

  /// Whether the promise has settled already. Throws Errc::type_mismatch when it is no promise, and
  /// Errc::dead_vm.
  bool await_ready();
  /// Watches the promise.
  void await_suspend(std::coroutine_handle<> waiting);
  /// The value. Throws JSError when the promise was rejected, Errc::dead_vm when its VM is gone.
  Value await_resume() const;

 private:
  struct Slot;
  Value promise_;
  std::shared_ptr<Slot> slot_;
};

}  // namespace quiesce
