// An EventLoop that is an asio::io_context (Asio without Boost). Include it where Asio is at hand;
// the library itself does not need it.
//
//   asio::io_context context;
//   quiesce::loop::Asio loop(context);
//   quiesce::Runner runner(loop, vm);
//   context.run();
//
// The VM is used on one strand, so that any number of threads may run the context: "the loop's
// thread" is whatever runs on `executor()`. Before `run` and after it, when no thread is in it, any
// thread will do. Work that waits when the context ends is dropped with it.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "quiesce/event_loop.hpp"

namespace quiesce::loop {

/// An asio::io_context as an EventLoop.
class Asio final : public EventLoop {
 public:
  /// One strand of the context.
  using Executor = asio::strand<asio::io_context::executor_type>;

  /// The context is not owned.
  explicit Asio(asio::io_context& context) : executor_(asio::make_strand(context)) {}
  Asio(const Asio&) = delete;
  Asio& operator=(const Asio&) = delete;

  /// Where the VM may be used: asio::post(loop.executor(), ...), or bind_executor.
  const Executor& executor() const noexcept { return executor_; }

  void post(Work work) override { asio::post(executor_, std::move(work)); }

  TimerId call_at(TimePoint time, Work work) override {
    const TimerId id = ++last_timer_;
    asio::steady_timer& timer = timers_->try_emplace(id, executor_, time).first->second;
    timer.async_wait([id, work = std::move(work), timers = std::weak_ptr(timers_)](auto error) {
      const auto alive = timers.lock();
      // One that had fired when it was cancelled comes here without an error.
      if (error || !alive || alive->erase(id) == 0) return;
      work();
    });
    return id;
  }

  void cancel(TimerId id) noexcept override { timers_->erase(id); }

  void hold() override {
    if (holds_++ == 0) guard_.emplace(executor_.get_inner_executor());
  }
  /// Takes one `hold` back.
  void release() noexcept override {
    if (--holds_ == 0) guard_.reset();
  }

 private:
  using Timers = std::unordered_map<TimerId, asio::steady_timer>;

  Executor executor_;
  std::shared_ptr<Timers> timers_ = std::make_shared<Timers>();
  TimerId last_timer_ = 0;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard_;
  std::uint32_t holds_ = 0;
};

}  // namespace quiesce::loop
