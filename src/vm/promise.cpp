// Promises that tell the host when they settle, and rejections that nobody handles.
//
// The guest keeps a number, the Machine what the number means. Both are told apart on purpose: in a
// restored VM the numbers of the one that fell asleep mean nothing, and since they come from a
// counter in the heap they never begin to mean something else.
#include "quiesce/promise.hpp"

#include <cstddef>
#include <utility>

#include "vm/machine.hpp"

namespace quiesce {

using detail::Machine;
using guest::Instance;
using guest::u32;
using guest::u64;
using guest::wire;

namespace detail {

// ---- watched promises ---------------------------------------------------------------------------

void Machine::watch(const Value& promise, SettledCallback callback) {
  if (!callback) throw Error(Errc::invalid_argument, "the callback for a promise is empty");
  if (!promise.is_object()) throw Error(Errc::type_mismatch, "only a promise can settle");
  enter([&](Instance& guest) {
    const wire number = guest.watch(to_wire(promise));
    if (is_absent(number)) throw Error(Errc::type_mismatch, "this object is not a promise");
    // A guest that gives one number twice was tampered with: the latest meaning is the one.
    watches_.insert_or_assign(result(number).as<u64>(), std::move(callback));
  });
}

void Machine::host_settled(u64 watch, u32 rejected, u64 value) {
  const bool no_room = !q_wire_is_number(value) && q_wire_kind(value) == Q_EXCEPTION;
  const u32 thrown = no_room ? q_wire_payload(value) : 0;
  Value outcome;
  if (!no_room) {
    outcome = from_wire(value);
  } else if (thrown != 0) {
    outcome = from_wire(instance_->thrown(thrown));
  }
  auto watched = watches_.extract(watch);
  if (watched.empty()) return;  // meant for the process that fell asleep
  settled_.push_back({std::move(watched.mapped()), std::move(outcome), rejected != 0 || no_room,
                      no_room && thrown == 0});
}

void Machine::call_back() {
  if (settled_.empty()) {
    const Rejection report = std::move(reports_.front());
    reports_.pop_front();
    if (report.kind == Rejection::Kind::unhandled) {
      // First of all, so that it is done whatever the callback does. If that handles the promise,
      // there is nothing left to be told later.
      struct Remember {
        Machine& machine;
        const Rejection& report;
        ~Remember() { machine.remember(report.promise); }
      } const remember{*this, report};
      host_->on_rejection(*facade_, report);
      return;
    }
    host_->on_rejection(*facade_, report);
    return;
  }
  const Settled settled = std::move(settled_.front());
  settled_.pop_front();
  Settlement settlement{Settlement::State::fulfilled, settled.value, nullptr};
  if (settled.rejected) {
    settlement.state = Settlement::State::rejected;
    try {
      throw_thrown(settled.value, settled.out_of_memory);
    } catch (...) {
      settlement.error = std::current_exception();
    }
  }
  settled.callback(settlement);
}

void Machine::abandon_watches() noexcept {
  // Taken out first: a callback may destroy what holds the last Value, and so this Machine.
  auto watches = std::exchange(watches_, {});
  auto settled = std::exchange(settled_, {});
  reports_.clear();
  const Settlement lost{
      Settlement::State::lost, Value(),
      std::make_exception_ptr(Error(Errc::dead_vm, "the VM of this promise is gone"))};
  const auto tell = [&](const SettledCallback& callback) {
    try {
      callback(lost);
    } catch (const std::exception& error) {
      log(LogLevel::error, std::string("a callback for a lost promise threw: ") + error.what());
    } catch (...) {
      log(LogLevel::error, "a callback for a lost promise threw");
    }
  };
  for (const Settled& each : settled) tell(each.callback);
  for (const auto& [number, callback] : watches) tell(callback);
}

// ---- rejections ---------------------------------------------------------------------------------

std::optional<Rejection> Machine::take_rejection(Rejection::Kind kind) {
  return enter([&](Instance& guest) -> std::optional<Rejection> {
    const bool handled = kind == Rejection::Kind::handled;
    if ((handled ? guest.take_handled() : guest.take_rejection()) == 0) return std::nullopt;
    const auto reason = shared<wire>(offsetof(q_shared, rejection.reason));
    Value promise = result(shared<wire>(offsetof(q_shared, rejection.promise)));
    return Rejection{std::move(promise), from_wire(reason), kind};
  });
}

bool Machine::collect_rejections() {
  if (!host_->on_rejection) return false;
  for (const auto kind : {Rejection::Kind::unhandled, Rejection::Kind::handled}) {
    while (std::optional<Rejection> rejection = take_rejection(kind)) {
      reports_.push_back(std::move(*rejection));
    }
  }
  return !reports_.empty();
}

void Machine::remember(const Value& promise) noexcept {
  if (dead_ || instance_ == nullptr || instance_->trapped()) return;
  try {
    enter([&](Instance& guest) { guest.remember_rejection(to_wire(promise)); });
  } catch (const Error&) {
    // The VM was lost just now, and whoever uses it next is told.
  }
}

}  // namespace detail

// ---- what the VM shows --------------------------------------------------------------------------

std::vector<Rejection> VM::take_unhandled_rejections() {
  std::vector<Rejection> rejections;
  while (std::optional<Rejection> one = machine_->take_rejection(Rejection::Kind::unhandled)) {
    rejections.push_back(std::move(*one));
  }
  return rejections;
}

void VM::on_settled(const Value& promise, SettledCallback callback) {
  machine_->watch(promise, std::move(callback));
}

SettledAwaiter VM::settled(const Value& promise) {
  machine_->check_alive();
  machine_->to_wire(promise);  // refuses that of another VM
  return SettledAwaiter(promise);
}

bool Value::is_handled() const {
  promise_state();  // refuses what is no promise
  Machine& machine = *detail::ValueAccess::handle(*this)->machine;
  return machine.enter(
      [&](Instance& guest) { return guest.promise_is_handled(machine.to_wire(*this)) != 0; });
}

// ---- coroutines ---------------------------------------------------------------------------------

struct SettledAwaiter::Slot {
  std::coroutine_handle<> waiting;  // null: it is gone, or goes on already
  Settlement settlement;
};

SettledAwaiter::SettledAwaiter(Value promise)
    : promise_(std::move(promise)), slot_(std::make_shared<Slot>()) {}

SettledAwaiter::~SettledAwaiter() { slot_->waiting = nullptr; }

bool SettledAwaiter::await_ready() {
  const PromiseState state = promise_.promise_state();
  if (state == PromiseState::pending) return false;
  promise_.mark_handled();
  slot_->settlement = {Settlement::State::fulfilled, promise_.promise_result(), nullptr};
  if (state == PromiseState::rejected) {
    slot_->settlement.state = Settlement::State::rejected;
    try {
      detail::ValueAccess::handle(promise_)->machine->throw_reason(slot_->settlement.value);
    } catch (...) {
      slot_->settlement.error = std::current_exception();
    }
  }
  return true;
}

void SettledAwaiter::await_suspend(std::coroutine_handle<> waiting) {
  slot_->waiting = waiting;
  const auto wake = [slot = slot_](const Settlement& settlement) {
    slot->settlement = settlement;
    if (const auto handle = std::exchange(slot->waiting, nullptr)) handle.resume();
  };
  detail::ValueAccess::handle(promise_)->machine->watch(promise_, wake);
}

Value SettledAwaiter::await_resume() const { return slot_->settlement.get(); }

}  // namespace quiesce
