#include "quiesce/coroutine.hpp"

#include "vm/machine.hpp"

namespace quiesce::detail {

void TaskCore::when_done(std::function<void()> waiter) {
  if (done_) {
    waiter();
  } else {
    waiters_.push_back(std::move(waiter));
  }
}

void TaskCore::finish() noexcept {
  done_ = true;
  for (const auto& waiter : std::exchange(waiters_, {})) waiter();
}

void TaskCore::check() const {
  if (!done_) {
    throw Error(Errc::invalid_argument, "this task is still under way; see Task::done");
  }
  if (error_) std::rethrow_exception(error_);
}

void settle_by(const Deferred& deferred, const Value& promise,
               const std::function<void()>& resolve) noexcept {
  Machine& machine = *ValueAccess::handle(promise)->machine;
  try {
    try {
      resolve();
    } catch (...) {
      if (machine.dead()) return;
      deferred.reject(machine.reason("a task"));
    }
  } catch (const Error&) {
    // Settled by somebody else, or the VM is lost: there is nothing left to be told.
  } catch (const std::exception& error) {
    machine.log(LogLevel::error,
                std::string("a task could not settle its promise: ") + error.what());
  }
}

}  // namespace quiesce::detail
