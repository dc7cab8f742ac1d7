#include "vm/callbacks.hpp"

#include <cstddef>

#include "vm/machine.hpp"

namespace quiesce::detail {

using guest::Instance;
using guest::u64;

std::pair<Value, u64> Callbacks::add(std::string name, std::uint32_t arity, HostFunction f) {
  return machine_.enter([&](Instance& guest) {
    Machine::Staging staging(machine_);
    const auto text = staging.text(std::string_view(name));
    Value function =
        machine_.result(guest.callback(text.address, text.count, text.encoding, arity));
    const auto id = machine_.shared<u64>(offsetof(q_shared, callback));
    const bool is_new =
        entries_
            .try_emplace(id, std::make_shared<const Entry>(Entry{std::move(name), std::move(f)}))
            .second;
    if (!is_new) throw guest::Trap(guest::TrapKind::bad_answer);  // a counter was turned back
    return std::pair(std::move(function), id);
  });
}

void Callbacks::remove(u64 id) noexcept {
  const auto gone = entries_.extract(id);  // what the callable owns is destroyed at the end
}

void Callbacks::clear() noexcept { const auto gone = std::exchange(entries_, {}); }

Value Callbacks::call(Call& call) {
  const auto found = entries_.find(machine_.shared<u64>(offsetof(q_shared, callback)));
  if (found == entries_.end()) {
    throw Error(Errc::missing_function,
                "this callback was unregistered, or belongs to a VM that fell asleep since");
  }
  // Held: it may unregister itself.
  const std::shared_ptr<const Entry> entry = found->second;
  call.name_ = entry->name;
  return entry->function(call);
}

}  // namespace quiesce::detail

namespace quiesce {

Callback VM::add_callback(std::string name, std::uint32_t arity, HostFunction f) {
  auto [function, id] = machine_->callbacks().add(std::move(name), arity, std::move(f));
  return Callback(machine_->weak_from_this(), id, std::move(function));
}

Callback& Callback::operator=(Callback&& other) noexcept {
  std::swap(machine_, other.machine_);
  std::swap(id_, other.id_);
  std::swap(function_, other.function_);
  other.unregister();
  return *this;
}

void Callback::unregister() noexcept {
  const std::shared_ptr<detail::Machine> machine = machine_.lock();
  machine_.reset();
  function_ = Value();
  if (machine) machine->callbacks().remove(id_);
}

Value Callback::release() noexcept {
  machine_.reset();
  return std::exchange(function_, Value());
}

}  // namespace quiesce
