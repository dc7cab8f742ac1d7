// Testing: time, chance and the outside world belong to the test.
#include <chrono>
#include <iostream>
#include <quiesce/quiesce.hpp>

using namespace std::chrono_literals;

const char* const kReminder = R"(
  (async () => {
    const code = Math.floor(Math.random() * 1000);
    await new Promise(resolve => setTimeout(resolve, 30 * 24 * 3600 * 1000));
    const answer = await quiesce.call('mail', code);
    return `${new Date().toISOString()} ${code} ${answer}`;
  })()
)";

std::string run_once() {
  quiesce::Time now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  quiesce::Host host;
  host.clock([&] { return now; }).entropy(quiesce::seeded_entropy(42));
  quiesce::VM vm{host};
  quiesce::Value reminder = vm.eval(kReminder);

  std::optional<quiesce::Value> result;
  while (!(result = vm.run(reminder))) {
    if (auto deadline = vm.next_deadline()) {
      now = *deadline;  // thirty days pass
    } else {
      for (const auto& call : vm.pending_calls())
        vm.deferred(call.id)->resolve("sent" + call.arguments_json);
    }
  }
  return result->as<std::string>();
}

int main() {
  const std::string first = run_once();
  const std::string second = run_once();
  std::cout << std::boolalpha << (first == second) << "\n";
  std::cout << first.substr(0, 24) << (first.ends_with("]") ? " sent" : " lost") << "\n";
}
