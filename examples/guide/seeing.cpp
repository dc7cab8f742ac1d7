// Seeing: why a VM waits, what fills it, and what has changed since an earlier snapshot.
#include <algorithm>
#include <iostream>
#include <quiesce/quiesce.hpp>

namespace {

void show(const quiesce::VM& vm) {
  for (const quiesce::Wait& wait : vm.waits().list) {
    std::cout << (wait.what == quiesce::Wait::For::call ? "a call" : "something else") << "\n";
    for (const quiesce::AsyncStack& stack : wait.stacks) {
      for (const quiesce::AsyncFrame& frame : stack.frames)
        std::cout << "  " << describe(frame) << "\n";
      const bool kept = stack.end == quiesce::AsyncStack::End::kept;
      std::cout << "  " << (kept ? "kept as " + stack.root : "nobody awaits that") << "\n";
    }
  }
}

}  // namespace

int main() {
  quiesce::VM vm;
  const quiesce::Value order = vm.eval(R"(
    class Order { constructor(id) { this.id = id } }
    const orders = Array.from({length: 1000}, (_, i) => new Order(i));

    async function charge(order) {
      return await quiesce.call("charge", order.id);
    }
    async function checkout() {
      await Promise.all(orders.slice(0, 2).map(charge));
    }
    checkout())",
                                       {.file_name = "shop.js"});
  vm.run(order);
  vm.keep("checkout", order);
  const quiesce::Snapshot asleep = vm.snapshot();

  // Of a sleeper, too: nothing of it runs, and nothing of its host is needed.
  const quiesce::VM sleeper{quiesce::Host(), asleep, quiesce::RestoreOptions::for_looking()};
  show(sleeper);

  const quiesce::Census census = sleeper.census();
  const auto orders = std::ranges::find(census.rows, "Order", &quiesce::Census::Row::name);
  std::cout << orders->count << " orders\n";
  std::cout << (census.unknown_bytes * 20 < census.used_bytes ? "nearly all is known\n" : "?\n");

  // What one step changes.
  vm.deferred(vm.pending_calls().at(0).id)->resolve(true);
  vm.run(order);
  const quiesce::Snapshot later = vm.snapshot();
  const auto pages = later.changes_since(asleep);
  std::cout << (pages.size() < 40 ? "a few pages have changed\n" : "much has changed\n");

  // For people: `quiesce inspect --html page.html order.qsnap`, `quiesce diff a.qsnap b.qsnap`.
  later.save("order.qsnap");
  const auto header = quiesce::Snapshot::header("order.qsnap");
  std::cout << std::boolalpha << (header.engine == quiesce::engine()) << "\n";
}
