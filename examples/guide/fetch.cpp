// fetch: a program asks for URLs that the host allows, and the host carries that out.
#include <iostream>
#include <quiesce/quiesce.hpp>

/// What a real program would do with libcurl or its own client.
quiesce::FetchResponse download(const quiesce::FetchRequest& request) {
  std::cout << request.method << " " << request.url << "\n";
  return {.headers = {{"content-type", "application/json"}}, .body = R"({"EUR": 1, "USD": 1.1})"};
}

int main() {
  quiesce::Host host;
  host.fetch(quiesce::FetchRules().allow("https://rates.example/v1/"), download);
  quiesce::VM vm{host};
  const auto rate = vm.eval(R"(
    fetch('https://rates.example/v1/latest').then((r) => r.json()).then((all) => all.USD)
  )");
  std::cout << vm.run(rate)->as<double>() << "\n";

  // What is not allowed is not asked for.
  const auto refused = vm.eval(R"(
    fetch('http://169.254.169.254/secrets').catch((error) => error.cause.message)
  )");
  std::cout << vm.run(refused)->as<std::string>() << "\n";

  // Without a function, a request is a pending call: the VM sleeps until somebody has the answer.
  quiesce::Host waiting;
  waiting.fetch(quiesce::FetchRules().allow("https://*.example"));
  quiesce::VM asking{waiting};
  asking.keep("answer", asking.eval(R"(
    fetch('https://slow.example/report', {method: 'POST', body: 'year=2026'}).then((r) => r.text())
  )"));
  asking.run_until_idle();
  quiesce::VM again{waiting, asking.snapshot()};
  for (const quiesce::PendingCall& call : again.pending_calls()) {
    std::cout << call.name << call.arguments_json << "\n";
    again.deferred(call.id)->resolve(again.parse_json(R"({"status": 200, "body": "all is well"})"));
  }
  std::cout << again.run(*again.kept("answer"))->as<std::string>() << "\n";
}
