// Running: jobs, timers, promises that are watched, stopping.
#include <limits>

#include "c/parts.hpp"

using namespace quiesce;

namespace {

quiesce_run_end run_end_of(RunEnd end) {
  switch (end) {
    case RunEnd::settled: return QUIESCE_RUN_SETTLED;
    case RunEnd::idle: return QUIESCE_RUN_IDLE;
    case RunEnd::fuel_slice: return QUIESCE_RUN_FUEL_SLICE;
    case RunEnd::vm_ended: return QUIESCE_RUN_VM_ENDED;
  }
  return QUIESCE_RUN_IDLE;
}

quiesce_settlement settlement_of(Settlement::State state) {
  switch (state) {
    case Settlement::State::fulfilled: return QUIESCE_SETTLED_FULFILLED;
    case Settlement::State::rejected: return QUIESCE_SETTLED_REJECTED;
    case Settlement::State::lost: break;
  }
  return QUIESCE_SETTLED_LOST;
}

// One call of a callback, with a handle that lives as long.
void tell(quiesce_settled settled, const c::User& user, const std::shared_ptr<c::VmObject>& vm,
          const Settlement& settlement) {
  const quiesce_settlement how = settlement_of(settlement.state);
  if (how == QUIESCE_SETTLED_LOST || !vm) return settled(user.pointer(), how, nullptr);
  const std::uint64_t number = c::Handles::all().add(
      c::Kind::value, std::make_shared<c::ValueObject>(c::ValueObject{vm, settlement.value}));
  settled(user.pointer(), how, c::handle_of<quiesce_value>(number));
  c::Handles::all().remove(c::Kind::value, number);
}

}  // namespace

extern "C" {

// ---- jobs ---------------------------------------------------------------------------------------

quiesce_status quiesce_vm_run(quiesce_vm* vm, const quiesce_value* promise,
                              quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    if (result != nullptr) *result = nullptr;
    VM& machine = entry.vm(vm);
    std::optional<Value> value = machine.run(entry.value(promise, "promise"));
    if (value) entry.hand_out_if_wanted(result, *std::move(value));
  });
}

quiesce_status quiesce_vm_run_until_idle(quiesce_vm* vm) {
  return c::guarded([&](c::Entry& entry) { entry.vm(vm).run_until_idle(); });
}

quiesce_status quiesce_vm_run_one_job(quiesce_vm* vm, int* ran) {
  return c::guarded([&](c::Entry& entry) {
    c::result(ran, "ran") = 0;
    *ran = entry.vm(vm).run_one_job() ? 1 : 0;
  });
}

quiesce_status quiesce_vm_run_one_timer(quiesce_vm* vm, int* ran) {
  return c::guarded([&](c::Entry& entry) {
    c::result(ran, "ran") = 0;
    *ran = entry.vm(vm).run_one_timer() ? 1 : 0;
  });
}

quiesce_status quiesce_vm_next_deadline(quiesce_vm* vm, int64_t* time_ns) {
  return c::guarded([&](c::Entry& entry) {
    c::result(time_ns, "time_ns") = 0;
    const std::optional<Time> deadline = entry.vm(vm).next_deadline();
    *time_ns =
        deadline ? deadline->time_since_epoch().count() : std::numeric_limits<std::int64_t>::max();
  });
}

quiesce_status quiesce_vm_take_rejection(quiesce_vm* vm, quiesce_value** promise,
                                         quiesce_value** reason) {
  return c::guarded([&](c::Entry& entry) {
    c::result(promise, "promise") = nullptr;
    c::result(reason, "reason") = nullptr;
    VM& machine = entry.vm(vm);
    std::deque<Rejection>& rejected = entry.vm_object()->rejected;
    if (rejected.empty()) {
      for (Rejection& rejection : machine.take_unhandled_rejections())
        rejected.push_back(std::move(rejection));
    }
    if (rejected.empty()) return;
    entry.hand_out(promise, rejected.front().promise);
    entry.hand_out(reason, rejected.front().reason);
    rejected.pop_front();
  });
}

quiesce_status quiesce_vm_run_slice(quiesce_vm* vm, const quiesce_value* promise,
                                    uint64_t fuel_slice, quiesce_run_end* end,
                                    quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    if (end != nullptr) *end = QUIESCE_RUN_IDLE;
    if (result != nullptr) *result = nullptr;
    VM& machine = entry.vm(vm);
    const RunOptions options{.fuel_slice = fuel_slice};
    const RunResult run = promise == nullptr
                              ? machine.run_until_idle(options)
                              : machine.run(entry.value(promise, "promise"), options);
    if (end != nullptr) *end = run_end_of(run.end);
    if (run.end == RunEnd::settled) entry.hand_out_if_wanted(result, run.value);
  });
}

quiesce_status quiesce_vm_on_settled(quiesce_vm* vm, const quiesce_value* promise,
                                     quiesce_settled settled, void* user, quiesce_destroy destroy) {
  c::User owned(user, destroy);
  return c::guarded([&](c::Entry& entry) {
    VM& machine = entry.vm(vm);
    if (settled == nullptr) c::throw_null("the function");
    machine.on_settled(
        entry.value(promise, "promise"),
        [settled, weak = std::weak_ptr(entry.vm_object()),
         shared = std::make_shared<const c::User>(std::move(owned))](const Settlement& settlement) {
          tell(settled, *shared, weak.lock(), settlement);
        });
  });
}

// ---- stopping -----------------------------------------------------------------------------------

quiesce_status quiesce_stop_new(quiesce_stop** stop) {
  return c::guarded([&](c::Entry&) {
    c::result(stop, "stop") = nullptr;
    c::hand_out(stop, std::make_shared<c::StopObject>());
  });
}

quiesce_status quiesce_stop_request(quiesce_stop* stop) {
  return c::guarded(
      [&](c::Entry&) { c::need<c::StopObject>(stop, "the stop")->source.request_stop(); });
}

quiesce_status quiesce_stop_free(quiesce_stop* stop) {
  return c::free_handle<c::StopObject>(stop, "the stop");
}

quiesce_status quiesce_vm_set_stop(quiesce_vm* vm, const quiesce_stop* stop) {
  return c::guarded([&](c::Entry& entry) {
    VM& machine = entry.vm(vm);
    machine.set_stop_token(stop == nullptr
                               ? std::stop_token()
                               : c::need<c::StopObject>(stop, "the stop")->source.get_token());
  });
}

}  // extern "C"
