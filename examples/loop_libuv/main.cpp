// A JavaScript program on a libuv loop: its timers are the loop's, and what it asks of the outside
// is answered by another thread.
#include <quiesce/loop/libuv.hpp>
#include <quiesce/quiesce.hpp>

#include <chrono>
#include <iostream>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr const char* kProgram = R"(
  const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
  let ticks = 0;
  const clock = setInterval(() => {
    console.log(`tick ${++ticks}`);
    if (ticks === 3) clearInterval(clock);
  }, 20);

  (async () => {
    console.log('begins');
    const squares = await Promise.all([3, 4].map((number) => square(number)));
    console.log(`squares: ${squares}`);
    await sleep(60);
    console.log('ends');
  })()
)";

}  // namespace

int main() {
  // Work that would block the loop is done on a thread of its own.
  std::vector<std::jthread> workers;
  std::optional<quiesce::Runner> runner;

  quiesce::Host host;
  host.log([](quiesce::LogLevel, std::string_view text) { std::cout << text << std::endl; })
      .function("square", [&](quiesce::Call& call, double number) {
        const quiesce::Deferred answer = call.vm().defer("square", number);
        workers.emplace_back([post = runner->poster(), id = answer.id(), number] {
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
          post([=](quiesce::VM& vm) { vm.deferred(id)->resolve(number * number); });
        });
        return answer;
      });
  quiesce::VM vm{host};

  uv_loop_t* const uv = uv_default_loop();
  int status = 0;
  {
    quiesce::loop::Libuv loop(uv);
    runner.emplace(loop, vm);
    const quiesce::Value done = vm.eval(kProgram);
    uv_run(uv, UV_RUN_DEFAULT);  // until no timer and no call is left
    status = done.promise_state() == quiesce::PromiseState::fulfilled ? 0 : 1;
    runner.reset();
  }
  uv_run(uv, UV_RUN_DEFAULT);  // closes what libuv still has open
  return status != 0 || uv_loop_close(uv) != 0 ? 1 : 0;
}
