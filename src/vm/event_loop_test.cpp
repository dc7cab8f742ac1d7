// A11: a VM on real event loops, with real timers and threads. Each test runs on every adapter
// whose loop is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "quiesce/quiesce.hpp"
#ifdef QUIESCE_TEST_LIBUV
#include "quiesce/loop/libuv.hpp"
#endif
#ifdef QUIESCE_TEST_ASIO
#include "quiesce/loop/asio.hpp"
#endif

namespace quiesce {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

#ifdef QUIESCE_TEST_LIBUV
class UvLoop {
 public:
  UvLoop() {
    uv_loop_init(&uv_);
    adapter_.emplace(&uv_);
  }
  ~UvLoop() {
    adapter_.reset();
    uv_run(&uv_, UV_RUN_DEFAULT);
    EXPECT_EQ(uv_loop_close(&uv_), 0) << "a handle was left open";
  }
  EventLoop& loop() { return *adapter_; }
  void run() { uv_run(&uv_, UV_RUN_DEFAULT); }

 private:
  uv_loop_t uv_;
  std::optional<loop::Libuv> adapter_;
};
#endif

#ifdef QUIESCE_TEST_ASIO
class AsioLoop {
 public:
  EventLoop& loop() { return adapter_; }
  void run() {
    context_.restart();
    context_.run();
  }

 private:
  asio::io_context context_;
  loop::Asio adapter_{context_};
};
/// The same with four threads in the context.
class AsioThreads {
 public:
  EventLoop& loop() { return adapter_; }
  void run() {
    context_.restart();
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([this] { context_.run(); });
  }

 private:
  asio::io_context context_;
  loop::Asio adapter_{context_};
};
#endif

/// No loop at all, so that the list below is never empty: what is posted runs until there is no
/// more, then time passes.
class HandLoop : public EventLoop {
 public:
  EventLoop& loop() { return *this; }

  void post(Work work) override {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  TimerId call_at(TimePoint time, Work work) override {
    timers_.emplace(++last_, std::pair{time, std::move(work)});
    return last_;
  }
  void cancel(TimerId timer) noexcept override { timers_.erase(timer); }
  void hold() override { ++holds_; }
  void release() noexcept override { --holds_; }

  void run() {
    for (;;) {
      if (const auto work = next()) {
        work();
      } else if (const auto due = earliest(); due != timers_.end()) {
        std::this_thread::sleep_until(std::min(due->second.first, SteadyClock::now() + 1ms));
        if (due->second.first > SteadyClock::now()) continue;
        const Work fired = std::move(due->second.second);
        timers_.erase(due);
        fired();
      } else if (holds_ > 0) {
        std::this_thread::sleep_for(1ms);
      } else {
        return;
      }
    }
  }

 private:
  using Timers = std::map<TimerId, std::pair<TimePoint, Work>>;
  Work next() {
    const std::lock_guard lock(mutex_);
    if (work_.empty()) return nullptr;
    Work work = std::move(work_.front());
    work_.pop_front();
    return work;
  }
  Timers::iterator earliest() {
    return std::ranges::min_element(timers_, {},
                                    [](const auto& timer) { return timer.second.first; });
  }

  std::mutex mutex_;
  std::deque<Work> work_;
  Timers timers_;
  TimerId last_ = 0;
  int holds_ = 0;
};

template <class Loop>
class OnALoop : public testing::Test {
 protected:
  OnALoop() {
    host_.log([this](LogLevel, std::string_view text) { log_ += std::string(text) + "\n"; });
  }
  void run() {
    const auto begin = SteadyClock::now();
    world_.run();
    took_ = SteadyClock::now() - begin;
  }

  std::string log_;
  Host host_;
  SteadyClock::duration took_{};
  Loop world_;
};

using Loops = testing::Types<
#ifdef QUIESCE_TEST_LIBUV
    UvLoop,
#endif
#ifdef QUIESCE_TEST_ASIO
    AsioLoop, AsioThreads,
#endif
    HandLoop>;
TYPED_TEST_SUITE(OnALoop, Loops);

TYPED_TEST(OnALoop, JobsAndTimersRunByThemselves) {  // A11, D6
  VM vm{this->host_};
  Runner runner(this->world_.loop(), vm);
  vm.eval(R"(
    setTimeout(() => console.log('250 ms'), 250);
    setTimeout(() => console.log('10 ms'), 10);
    const beat = setInterval(() => {
      console.log('beat');
      if (++beats === 2) clearInterval(beat);
    }, 20);
    var beats = 0;
    Promise.resolve().then(() => console.log('job'));
    console.log('script');
  )");
  this->run();
  EXPECT_EQ(this->log_, "script\njob\n10 ms\nbeat\nbeat\n250 ms\n");
  EXPECT_GE(this->took_, 249ms);
  EXPECT_LT(this->took_, 5s);
  EXPECT_TRUE(runner.is_running());
  // And again: the loop had ended because nothing was left, not because the Runner had.
  vm.eval("setTimeout(() => console.log('second run'), 5)");
  this->run();
  EXPECT_TRUE(this->log_.ends_with("second run\n"));
}

TYPED_TEST(OnALoop, AnotherThreadAnswersACall) {  // D1
  VM vm{this->host_};
  Runner runner(this->world_.loop(), vm);
  vm.eval("quiesce.call('slow', 20).then(answer => console.log('answer', answer))");
  const std::uint64_t id = vm.pending_calls().at(0).id;
  std::jthread outside([post = runner.poster(), id] {
    std::this_thread::sleep_for(30ms);
    EXPECT_TRUE(post([id](VM& its) { its.deferred(id)->resolve(42); }));
  });
  this->run();
  EXPECT_EQ(this->log_, "answer 42\n") << "the pending call held the loop";
  EXPECT_GE(this->took_, 29ms);
}

TYPED_TEST(OnALoop, FuturesOfHostFunctionsAreAsked) {  // A9
  this->host_.function("slowly", [](int x) {
    return std::async(std::launch::async, [x] {
      std::this_thread::sleep_for(20ms);
      return x + 1;
    });
  });
  VM vm{this->host_};
  Runner runner(this->world_.loop(), vm);
  vm.eval("slowly(1).then(slowly).then(x => console.log('got', x))");
  this->run();
  EXPECT_EQ(this->log_, "got 3\n");
}

TYPED_TEST(OnALoop, ManyThreadsPostAtOnce) {
  VM vm{this->host_};
  Runner runner(this->world_.loop(), vm);
  constexpr int kThreads = 4, kPosts = 500;
  vm.eval("globalThis.sum = 0; globalThis.end = quiesce.call('end')");
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&done, post = runner.poster()] {
      for (int n = 0; n < kPosts; ++n) {
        post([](VM& its) { its.eval("Promise.resolve().then(() => ++sum)"); });
      }
      if (++done == kThreads) post([](VM& its) { its.deferred(1)->resolve(); });
    });
  }
  this->run();
  EXPECT_EQ(vm.eval("sum").template as<int>(), kThreads * kPosts);
}

TYPED_TEST(OnALoop, CoroutinesGoOnWithTheLoop) {
  VM vm{this->host_};
  Runner runner(this->world_.loop(), vm);
  const auto work = [](VM& its) -> Task<std::string> {
    std::string text;
    for (int i = 0; i < 3; ++i) {
      const Value tick =
          co_await its.settled(its.eval("new Promise(f => setTimeout(f, 5, 'tick '))"));
      text += tick.to_string();
    }
    co_return text;
  };
  const auto task = work(vm);
  this->run();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.result(), "tick tick tick ");
  EXPECT_GE(this->took_, 14ms);
}

TYPED_TEST(OnALoop, ErrorsAreReportedAndTheRestGoesOn) {
  VM vm{this->host_};
  std::string errors;
  {
    Runner runner(this->world_.loop(), vm, {.on_error = [&](std::exception_ptr error) {
                    errors += attempt([&] { std::rethrow_exception(error); }).error().what();
                    errors += "; ";
                  }});
    vm.eval(R"(
      setTimeout(() => { throw new Error('in a timer'); }, 1);
      queueMicrotask(() => { throw new Error('in a job'); });
      queueMicrotask(() => console.log('next job'));
      setTimeout(() => console.log('next timer'), 5);
    )");
    runner.post([](VM& its) { its.eval("throw new Error('in posted work')"); });
    this->run();
  }
  EXPECT_EQ(this->log_, "next job\nnext timer\n");
  EXPECT_NE(errors.find("Error: in a job; "), errors.npos) << errors;
  EXPECT_NE(errors.find("Error: in a timer; "), errors.npos) << errors;
  EXPECT_NE(errors.find("Error: in posted work; "), errors.npos) << errors;
  // Without a callback they are in the log.
  this->log_.clear();
  Runner runner(this->world_.loop(), vm);
  vm.eval("queueMicrotask(() => { throw new Error('seen'); })");
  this->run();
  EXPECT_NE(this->log_.find("Error: seen"), std::string::npos) << this->log_;
}

TYPED_TEST(OnALoop, StopsCleanly) {
  VM vm{this->host_};
  auto runner = std::make_unique<Runner>(this->world_.loop(), vm);
  const Runner::Poster post = runner->poster();
  vm.eval("setInterval(() => console.log('never'), 100000); quiesce.call('never answered')");
  runner->post([&](VM&) { runner.reset(); });
  runner->post([&](VM& its) { its.eval("console.log('dropped')"); });
  this->run();
  EXPECT_EQ(this->log_, "");
  EXPECT_FALSE(post([](VM&) {}));
  Runner second(this->world_.loop(), vm);  // another may take over
  EXPECT_EQ(attempt([&] { Runner third(this->world_.loop(), vm); }).error().code(),
            Errc::invalid_argument);
  second.stop();
  second.stop();
  this->run();
  EXPECT_FALSE(second.is_running());
}

TYPED_TEST(OnALoop, TheVMMayMoveOrEndFirst) {
  auto vm = std::make_unique<VM>(this->host_);
  Runner runner(this->world_.loop(), *vm);
  auto moved = std::make_unique<VM>(std::move(*vm));
  vm.reset();
  moved->eval("setTimeout(() => console.log('moved'), 1)");
  this->run();
  EXPECT_EQ(this->log_, "moved\n");
  moved->eval("setTimeout(() => console.log('never'), 100000)");
  runner.post([&](VM&) { moved.reset(); });
  this->run();
  EXPECT_LT(this->took_, 5s);
  EXPECT_FALSE(runner.is_running());
  EXPECT_FALSE(runner.post([](VM&) {}));
}

TYPED_TEST(OnALoop, ABusyVMLetsOthersIn) {
  VM vm{this->host_};
  Runner runner(this->world_.loop(), vm, {.fuel_slice = 1000});
  vm.eval("globalThis.go = true; (async () => { while (go) await 0; console.log('stopped'); })()");
  std::jthread other([post = runner.poster()] {
    std::this_thread::sleep_for(20ms);
    post([](VM& its) { its.eval("go = false"); });
  });
  this->run();
  EXPECT_EQ(this->log_, "stopped\n");
}

TYPED_TEST(OnALoop, AStopTokenStopsIt) {  // A16
  VM vm{this->host_};
  std::stop_source source;
  vm.set_stop_token(source.get_token());
  std::optional<Errc> seen;
  int reports = 0;
  Runner runner(this->world_.loop(), vm, {.on_error = [&](std::exception_ptr error) {
                  seen = attempt([&] { std::rethrow_exception(error); }).error().code();
                  ++reports;
                }});
  vm.eval("setTimeout(() => { for (;;); }, 1); setInterval(() => {}, 1)");
  std::jthread other([&] {
    std::this_thread::sleep_for(20ms);
    source.request_stop();
  });
  this->run();
  EXPECT_EQ(seen, Errc::stopped);
  EXPECT_LE(reports, 2) << "it does not spin";
}

}  // namespace
}  // namespace quiesce
