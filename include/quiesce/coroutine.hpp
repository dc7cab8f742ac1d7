// A coroutine that starts at once and keeps what it returns or throws.
//
//   quiesce::Task<std::string> pay(quiesce::VM& vm, quiesce::Value order) {
//     quiesce::Value receipt = co_await vm.settled(order.invoke("submit"));
//     co_return receipt["id"].as<std::string>();
//   }
//   auto task = pay(vm, order);      // runs to its first wait
//   vm.run_until_idle();             // goes on whenever what it waits for has settled
//   std::cout << task.result();
//
// `co_await vm.settled(promise)` works in coroutines of every type; Task is the one for programs
// that have none of their own. A host function may return a Task: JavaScript gets a promise, which
// is a pending call without a name while the Task is under way.
//
// A Task is a handle that can be copied. When the last one goes, the coroutine goes on by itself,
// and what it then throws is lost. One that waits for a promise of a VM that ends is woken with
// Errc::dead_vm, so that none is left over. Parameters must outlive it or be copies: not a `Call&`,
// but `call.vm()`. Use from the VM's thread. With gcc before 13, do not write options in braces
// within the expression of a co_await (its bug with temporaries there): make a Value first.
#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "quiesce/vm.hpp"

namespace quiesce {

/// See the definition below; `Task<>` returns nothing.
template <class T = void>
class Task;

namespace detail {

/// What a Task and its coroutine share, whatever the type of the result.
class TaskCore {
 public:
  bool done() const noexcept { return done_; }
  void fail(std::exception_ptr error) noexcept { error_ = std::move(error); }
  /// Calls `waiter` when it is done, or at once.
  void when_done(std::function<void()> waiter);
  void finish() noexcept;
  /// Throws what the coroutine threw; Errc::invalid_argument when it is still under way.
  void check() const;

 private:
  bool done_ = false;
  std::exception_ptr error_;
  std::vector<std::function<void()>> waiters_;
};

template <class T>
struct TaskState : TaskCore {
  using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  std::optional<Stored> value;
};

/// A coroutine that waits for a Task; forgotten if it is destroyed meanwhile.
struct TaskWaiter {
  explicit TaskWaiter(TaskCore& core) : core_(core) {}
  TaskWaiter(const TaskWaiter&) = delete;
  TaskWaiter& operator=(const TaskWaiter&) = delete;
  ~TaskWaiter() {
    if (waiting_) *waiting_ = nullptr;
  }

  bool await_ready() const noexcept { return core_.done(); }
  void await_suspend(std::coroutine_handle<> handle) {
    waiting_ = std::make_shared<std::coroutine_handle<>>(handle);
    core_.when_done([waiting = waiting_] {
      if (const auto resumed = std::exchange(*waiting, nullptr)) resumed.resume();
    });
  }

 private:
  TaskCore& core_;
  std::shared_ptr<std::coroutine_handle<>> waiting_;
};

template <class T>
struct TaskReturn {
  std::shared_ptr<TaskState<T>> state = std::make_shared<TaskState<T>>();
  template <class U>
  void return_value(U&& result) {
    state->value.emplace(std::forward<U>(result));
  }
};
template <>
struct TaskReturn<void> {
  std::shared_ptr<TaskState<void>> state = std::make_shared<TaskState<void>>();
  void return_void() { state->value.emplace(); }
};

template <class T>
struct TaskPromise : TaskReturn<T> {
  // The frame goes before anybody is told: what the coroutine held is gone by then.
  struct Finish {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<TaskPromise> handle) const noexcept {
      const auto state = std::move(handle.promise().state);
      handle.destroy();
      state->finish();
    }
    void await_resume() const noexcept {}
  };

  Task<T> get_return_object() { return Task<T>(this->state); }
  std::suspend_never initial_suspend() const noexcept { return {}; }
  Finish final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { this->state->fail(std::current_exception()); }
};

/// Calls `resolve`, which settles `deferred`; what it throws rejects it as if a host function had
/// thrown it. A promise that is settled or gone by then stays as it is.
void settle_by(const Deferred& deferred, const Value& promise,
               const std::function<void()>& resolve) noexcept;

}  // namespace detail

/// A handle to a coroutine of the program's own that returns a T.
template <class T>
class [[nodiscard]] Task {
 public:
  /// For the compiler.
  using promise_type = detail::TaskPromise<T>;

  /// Whether it has returned or thrown.
  bool done() const noexcept { return state_->done(); }

  /// What it returned. Throws what it threw, and Errc::invalid_argument while it is under way.
  std::add_lvalue_reference_t<const T> result() const& {
    state_->check();
    if constexpr (!std::is_void_v<T>) return *state_->value;
  }
  /// The same, moved out: for what cannot be copied, and once.
  T result() && {
    state_->check();
    if constexpr (!std::is_void_v<T>) return std::move(*state_->value);
  }

  /// Calls `f` when it is done, or at once. `f` must not throw.
  void when_done(std::function<void()> f) const { state_->when_done(std::move(f)); }

  /// In another coroutine: waits until it is done, then `result()`.
  auto operator co_await() const& {
    struct Awaiter : detail::TaskWaiter {
      explicit Awaiter(Task task) : TaskWaiter(*task.state_), task_(std::move(task)) {}
      std::add_lvalue_reference_t<const T> await_resume() const { return task_.result(); }
      Task task_;
    };
    return Awaiter(*this);
  }
  /// The same for a temporary Task: its result is moved.
  auto operator co_await() && {
    struct Awaiter : detail::TaskWaiter {
      explicit Awaiter(Task task) : TaskWaiter(*task.state_), task_(std::move(task)) {}
      T await_resume() { return std::move(task_).result(); }
      Task task_;
    };
    return Awaiter(std::move(*this));
  }

 private:
  friend promise_type;
  explicit Task(std::shared_ptr<detail::TaskState<T>> state) : state_(std::move(state)) {}

  std::shared_ptr<detail::TaskState<T>> state_;
};

/// To JavaScript: a promise, settled as the Task ends.
template <class T>
struct Convert<Task<T>> {
  static constexpr const char* kName = "a task";
  static Value to(VM& vm, const Task<T>& task) {
    const Deferred deferred = vm.new_promise();
    const Value promise = deferred.promise();
    task.when_done([deferred, promise, task] {
      detail::settle_by(deferred, promise, [&] {
        if constexpr (std::is_void_v<T>) {
          task.result();
          deferred.resolve();
        } else {
          deferred.resolve(task.result());
        }
      });
    });
    return promise;
  }
};

}  // namespace quiesce
