// Coroutines: C++ that awaits JavaScript, and JavaScript that awaits C++.
#include <iostream>
#include <quiesce/quiesce.hpp>

namespace {

quiesce::Task<std::string> order(quiesce::VM& vm, std::string item) {
  const quiesce::Value buy = vm.global()["buy"];
  try {
    const quiesce::Value receipt = co_await vm.settled(buy(item));
    co_return "bought " + item + " for " + receipt["price"].to_string();
  } catch (const quiesce::JSError& error) {
    co_return "no " + item + ": " + error.message();
  }
}

// What a host function returns may be a coroutine, too: JavaScript gets a promise.
quiesce::Task<double> price_of(quiesce::VM& vm, std::string item) {
  const quiesce::Deferred question = vm.defer("price", item);
  const quiesce::Value answer = co_await vm.settled(question.promise());
  co_return answer.as<double>() * 1.25;  // with tax
}

}  // namespace

int main() {
  quiesce::Host host;
  host.function("priceOf", [](quiesce::Call& call, const std::string& item) {
    return price_of(call.vm(), item);
  });
  quiesce::VM vm{host};
  vm.eval(R"(
    globalThis.buy = async (item) => {
      const price = await priceOf(item);
      if (price > 100) throw new Error(`${price} is too much`);
      return {item, price};
    };
  )");

  const quiesce::Task<std::string> book = order(vm, "book");
  const quiesce::Task<std::string> piano = order(vm, "piano");
  vm.run_until_idle();

  // Both wait for the outside by now.
  for (const quiesce::PendingCall& call : vm.pending_calls()) {
    if (call.name != "price") continue;
    std::cout << "asked for the price: " << call.arguments_json << "\n";
    vm.deferred(call.id)->resolve(call.arguments_json == R"(["book"])" ? 10 : 5000);
  }
  vm.run_until_idle();
  std::cout << book.result() << "\n" << piano.result() << "\n";
}
