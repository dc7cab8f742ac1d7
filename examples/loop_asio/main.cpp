// A JavaScript program on an asio::io_context: its timers are the context's, what it asks of the
// outside is answered by another thread, and a C++ coroutine waits for its end.
#include <quiesce/loop/asio.hpp>
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
    return squares[0] + squares[1];
  })()
)";

quiesce::Task<> report(quiesce::VM& vm, quiesce::Value program) {
  const quiesce::Value sum = co_await vm.settled(program);
  std::cout << "the program's answer: " << sum.as<int>() << std::endl;
}

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

  asio::io_context context;
  quiesce::loop::Asio loop(context);
  runner.emplace(loop, vm);
  const quiesce::Task<> done = report(vm, vm.eval(kProgram));
  context.run();  // until no timer and no call is left
  runner.reset();
  return done.done() ? 0 : 1;
}
