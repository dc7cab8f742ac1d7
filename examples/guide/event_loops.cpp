// Event loops: jobs and timers run by themselves, and other threads may answer.
#include <chrono>
#include <iostream>
#include <quiesce/loop/asio.hpp>
#include <quiesce/quiesce.hpp>
#include <thread>

int main() {
  quiesce::Host host;
  host.log([](quiesce::LogLevel, std::string_view text) { std::cout << text << "\n"; });
  quiesce::VM vm{host};

  asio::io_context context;
  quiesce::loop::Asio loop(context);
  quiesce::Runner runner(loop, vm);

  vm.eval(R"(
    setTimeout(() => console.log('after 10 ms'), 10);
    (async () => {
      console.log('asks');
      console.log('the answer is', await quiesce.call('lookup', 'life'));
    })();
  )");

  // Somebody else looks it up, and hands the answer over to the thread of the loop.
  const quiesce::PendingCall call = vm.pending_calls().at(0);
  std::jthread worker([post = runner.poster(), id = call.id] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    post([id](quiesce::VM& its) { its.deferred(id)->resolve(42); });
  });

  context.run();  // until no timer and no call is left
  std::cout << "nothing left to do\n";
}
