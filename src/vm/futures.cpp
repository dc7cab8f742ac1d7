#include "vm/futures.hpp"

#include <algorithm>
#include <utility>

#include "vm/machine.hpp"

namespace quiesce::detail {

using std::chrono::steady_clock;

void Futures::add(std::uint64_t call, std::string function, std::unique_ptr<PendingFuture> future) {
  rows_.push_back({call, std::move(function), std::move(future)});
}

bool Futures::settle_ready() {
  // Settling runs guest code (a getter called `then`), which may add rows: they are taken out
  // first.
  std::vector<Row> ready;
  for (Row& row : rows_) {
    if (row.future->is_ready()) ready.push_back(std::move(row));
  }
  std::erase_if(rows_, [](const Row& row) { return row.future == nullptr; });
  for (std::size_t i = 0; i < ready.size(); ++i) {
    try {
      settle(std::move(ready[i]));
    } catch (...) {
      // The VM ran into a limit: the others are still to be settled.
      for (++i; i < ready.size(); ++i) rows_.push_back(std::move(ready[i]));
      throw;
    }
  }
  return !ready.empty();
}

void Futures::settle(Row row) {
  const std::optional<Deferred> call = machine_.facade().deferred(row.call);
  if (!call) return;  // somebody else settled it
  Value reason;
  try {
    const Value value = row.future->take(machine_.facade());
    // Its conversion may have run guest code, and that may have settled it.
    if (machine_.facade().deferred(row.call)) call->resolve(value);
    return;
  } catch (const guest::Trap&) {
    throw;
  } catch (...) {
    reason = machine_.thrown_value(row.function);
  }
  if (machine_.facade().deferred(row.call)) call->reject(reason);
}

bool Futures::wait_until(steady_clock::time_point deadline) {
  using namespace std::chrono_literals;
  // The standard library cannot wait for the first of several: for one alone it can, several are
  // asked at intervals that grow from 50 us to 5 ms.
  for (auto pause = std::chrono::nanoseconds(50us); !rows_.empty();
       pause = std::min<std::chrono::nanoseconds>(pause * 2, 5ms)) {
    if (std::ranges::any_of(rows_, [](const Row& row) { return row.future->is_ready(); }))
      return true;
    const auto now = steady_clock::now();
    if (now >= deadline) return false;
    const bool is_alone = rows_.size() == 1 && deadline == steady_clock::time_point::max();
    auto until = deadline;
    if (is_alone) {
      until = now + 24h;
    } else if (rows_.size() > 1 && deadline - now > pause) {
      until = now + pause;
    }
    rows_.front().future->wait_until(until);
  }
  return false;
}

void Futures::clear() noexcept { const auto gone = std::exchange(rows_, {}); }

Value begin_future(Call& call, const std::function<std::unique_ptr<PendingFuture>()>& start) {
  Machine& machine = ValueAccess::machine(call.vm());
  const std::string name(call.name());
  const auto begin = [&] {
    try {
      return call.vm().defer_values(name, call.arguments());
    } catch (const JSError&) {
      return call.vm().defer_values(name, {});  // arguments without a JSON form are left out
    }
  };
  const Deferred row = begin();
  Value promise = row.promise();
  try {
    machine.futures().add(row.id(), name, start());
  } catch (const guest::Trap&) {
    throw;
  } catch (...) {
    row.reject(machine.thrown_value(name));
  }
  return promise;
}

}  // namespace quiesce::detail

namespace quiesce {

bool VM::wait_for_outside(std::chrono::steady_clock::time_point deadline) {
  machine_->check_alive();
  return machine_->futures().wait_until(deadline);
}

}  // namespace quiesce
