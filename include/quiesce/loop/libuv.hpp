// An EventLoop that is a libuv loop. Include it where libuv is at hand; the library itself does not
// need it.
//
//   quiesce::loop::Libuv loop(uv_default_loop());
//   quiesce::Runner runner(loop, vm);
//   uv_run(uv_default_loop(), UV_RUN_DEFAULT);
//
// Make and destroy it on the loop's thread, or while the loop does not run. Handles of libuv close
// in the loop: after its end, run the loop once more before uv_loop_close, which says UV_EBUSY
// otherwise. Throws std::system_error when libuv refuses something.
#pragma once

#include <uv.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "quiesce/event_loop.hpp"

namespace quiesce::loop {

/// A uv_loop_t as an EventLoop.
class Libuv final : public EventLoop {
 public:
  /// The loop is not owned.
  explicit Libuv(uv_loop_t* loop) : loop_(loop), inbox_(new Inbox) {
    if (const int status = uv_async_init(loop, &inbox_->wakeup, on_wakeup); status != 0) {
      delete inbox_;
      refuse(status, "uv_async_init");
    }
    inbox_->wakeup.data = inbox_;
    uv_unref(handle(&inbox_->wakeup));
  }
  Libuv(const Libuv&) = delete;
  Libuv& operator=(const Libuv&) = delete;
  ~Libuv() override {
    while (!timers_.empty()) cancel(timers_.begin()->first);
    {
      const std::lock_guard lock(inbox_->mutex);
      inbox_->is_closed = true;
      inbox_->work.clear();
    }
    uv_close(handle(&inbox_->wakeup),
             [](uv_handle_t* closed) { delete static_cast<Inbox*>(closed->data); });
  }

  void post(Work work) override {
    const std::lock_guard lock(inbox_->mutex);
    inbox_->work.push_back(std::move(work));
    uv_async_send(&inbox_->wakeup);
  }

  TimerId call_at(TimePoint time, Work work) override {
    const TimerId id = ++last_timer_;
    auto owned = std::make_unique<Timer>(Timer{{}, this, id, std::move(work)});
    timers_.emplace(id, owned.get());
    Timer* const timer = owned.release();
    uv_timer_init(loop_, &timer->handle);  // never fails
    timer->handle.data = timer;
    // libuv counts from when this turn of the loop began, in whole milliseconds.
    uv_update_time(loop_);
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(time - std::chrono::steady_clock::now(), TimePoint::duration::zero()));
    uv_timer_start(&timer->handle, on_timer, static_cast<std::uint64_t>(wait.count()), 0);
    return id;
  }

  void cancel(TimerId id) noexcept override {
    const auto found = timers_.find(id);
    if (found == timers_.end()) return;
    close(found->second);
    timers_.erase(found);
  }

  void hold() override {
    if (holds_++ == 0) uv_ref(handle(&inbox_->wakeup));
  }
  /// Takes one `hold` back.
  void release() noexcept override {
    if (--holds_ == 0) uv_unref(handle(&inbox_->wakeup));
  }

 private:
  // Freed by libuv's callback for a closed handle, some time after this object.
  struct Inbox {
    uv_async_t wakeup;
    std::mutex mutex;
    std::vector<Work> work;
    bool is_closed = false;
  };
  struct Timer {
    uv_timer_t handle;
    Libuv* owner;
    TimerId id;
    Work work;
  };

  template <class Handle>
  static uv_handle_t* handle(Handle* specific) {
    return reinterpret_cast<uv_handle_t*>(specific);  // as libuv's documentation has it
  }
  [[noreturn]] static void refuse(int status, const char* what) {
    throw std::system_error(-status, std::generic_category(), what);
  }
  static void close(Timer* timer) {
    uv_timer_stop(&timer->handle);
    uv_close(handle(&timer->handle),
             [](uv_handle_t* closed) { delete static_cast<Timer*>(closed->data); });
  }

  static void on_wakeup(uv_async_t* wakeup) noexcept {
    Inbox& inbox = *static_cast<Inbox*>(wakeup->data);
    std::vector<Work> work;
    {
      const std::lock_guard lock(inbox.mutex);
      work.swap(inbox.work);
    }
    for (const Work& each : work) {
      if (!inbox.is_closed) each();  // one of them may have ended this loop
    }
  }
  static void on_timer(uv_timer_t* fired) noexcept {
    Timer* const timer = static_cast<Timer*>(fired->data);
    const Work work = std::move(timer->work);
    timer->owner->cancel(timer->id);
    work();
  }

  uv_loop_t* loop_;
  Inbox* inbox_;
  std::unordered_map<TimerId, Timer*> timers_;
  TimerId last_timer_ = 0;
  std::uint32_t holds_ = 0;
};

}  // namespace quiesce::loop
