// Machines: life, code, calls to the outside, roots, limits.
#include <chrono>

#include "c/host.hpp"
#include "c/parts.hpp"

using namespace quiesce;

namespace {

// A machine that is complete before its handle is known to anybody else.
template <class Make>
void hand_out_vm(quiesce_vm** out, const quiesce_host* host, Make&& make) {
  auto object = std::make_shared<c::VmObject>();
  const Host inner = c::host_for(host, object);
  // Host functions may be called before the handle is out, so the number comes first.
  object->number = c::Handles::all().add(c::Kind::vm, object);
  try {
    make(*object, inner);
  } catch (...) {
    c::Handles::all().remove(c::Kind::vm, object->number);
    throw;
  }
  *out = c::handle_of<quiesce_vm>(object->number);
}

Deferred deferred_of(VM& vm, std::uint64_t id) {
  if (std::optional<Deferred> deferred = vm.deferred(id)) return *std::move(deferred);
  throw Error(Errc::unknown_call,
              "pending call " + std::to_string(id) + " is unknown or settled already");
}

void settle(const Deferred& deferred, const Value& value, quiesce_settle how) {
  switch (how) {
    case QUIESCE_RESOLVE: return deferred.resolve(value);
    case QUIESCE_REJECT: return deferred.reject(value);
  }
  throw Error(Errc::invalid_argument, "a call is settled with QUIESCE_RESOLVE or QUIESCE_REJECT");
}

}  // namespace

extern "C" {

// ---- options ------------------------------------------------------------------------------------

void quiesce_limits_init(quiesce_limits* limits) {
  if (limits != nullptr) *limits = c::c_limits(Limits());
}

void quiesce_eval_options_init(quiesce_eval_options* options) {
  if (options != nullptr) *options = {sizeof(*options), nullptr, 0, QUIESCE_SCRIPT, 0, 0};
}

void quiesce_restore_options_init(quiesce_restore_options* options) {
  if (options != nullptr) *options = {sizeof(*options), nullptr, 0, 0};
}

// ---- life and code ------------------------------------------------------------------------------

quiesce_status quiesce_vm_new(const quiesce_host* host, const quiesce_limits* limits,
                              quiesce_vm** vm) {
  return c::guarded([&](c::Entry&) {
    c::result(vm, "vm") = nullptr;
    const Limits inner =
        c::limits_of(c::read_struct(limits, c::c_limits(Limits()), "quiesce_limits"));
    hand_out_vm(vm, host, [&](c::VmObject& object, const Host& outside) {
      object.vm.emplace(outside, inner);
    });
  });
}

quiesce_status quiesce_vm_new_in(const quiesce_host* host, const quiesce_engines* engines,
                                 const char* sha256, size_t sha256_length,
                                 const quiesce_limits* limits, quiesce_vm** vm) {
  return c::guarded([&](c::Entry&) {
    c::result(vm, "vm") = nullptr;
    const auto known = c::need<c::EnginesObject>(engines, "the engines");
    const std::string_view name = c::text_of(sha256, sha256_length, "sha256");
    const std::optional<Engine> engine = known->engines.find(name);
    if (!engine)
      throw Error(Errc::engine,
                  "no engine of this hash is known: add its library, or the folder that has it");
    const Limits inner =
        c::limits_of(c::read_struct(limits, c::c_limits(Limits()), "quiesce_limits"));
    hand_out_vm(vm, host, [&](c::VmObject& object, const Host& outside) {
      object.vm.emplace(*engine, outside, inner);
    });
  });
}

quiesce_status quiesce_vm_engine(quiesce_vm* vm, quiesce_buffer** text) {
  return c::guarded([&](c::Entry& entry) {
    c::result(text, "the buffer") = nullptr;
    c::hand_out_buffer(text, entry.vm(vm).engine().sha256());
  });
}

quiesce_status quiesce_vm_restore(const quiesce_host* host, const quiesce_snapshot* snapshot,
                                  const quiesce_restore_options* options, quiesce_vm** vm) {
  return c::guarded([&](c::Entry&) {
    c::result(vm, "vm") = nullptr;
    const auto asleep = c::need<c::SnapshotObject>(snapshot, "the snapshot");
    quiesce_restore_options given;
    quiesce_restore_options_init(&given);
    given = c::read_struct(options, given, "quiesce_restore_options");
    RestoreOptions inner;
    inner.allow_missing_functions = given.allow_missing_functions != 0;
    inner.reseed = given.reseed != 0;
    if (given.limits != nullptr) {
      inner.limits =
          c::limits_of(c::read_struct(given.limits, c::c_limits(Limits()), "quiesce_limits"));
    }
    hand_out_vm(vm, host, [&](c::VmObject& object, const Host& outside) {
      object.vm.emplace(outside, asleep->snapshot, inner);
    });
  });
}

quiesce_status quiesce_vm_free(quiesce_vm* vm) {
  return c::guarded([&](c::Entry&) {
    if (vm == nullptr) return;
    const auto object = c::need<c::VmObject>(vm, "the VM");
    if (object->entries > 0)
      throw Error(Errc::busy, "a VM is not freed from inside one of its host functions");
    c::Handles::all().remove(c::Kind::vm, object->number);
    object->thrown.reset();
    object->rejected.clear();
    object->vm.reset();
  });
}

quiesce_status quiesce_vm_eval(quiesce_vm* vm, const char* source, size_t length,
                               const quiesce_eval_options* options, quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    if (result != nullptr) *result = nullptr;
    const EvalOptions inner = c::eval_options(options);
    VM& machine = entry.vm(vm);
    entry.hand_out_if_wanted(result, machine.eval(c::text_of(source, length, "source"), inner));
  });
}

quiesce_status quiesce_vm_compile(quiesce_vm* vm, const char* source, size_t length,
                                  const quiesce_eval_options* options, quiesce_strip strip,
                                  quiesce_buffer** bytecode) {
  return c::guarded([&](c::Entry& entry) {
    c::result(bytecode, "bytecode") = nullptr;
    const EvalOptions given = c::eval_options(options);
    if (strip < QUIESCE_STRIP_NOTHING || strip > QUIESCE_STRIP_SOURCE_AND_DEBUG)
      throw Error(Errc::invalid_argument, "there is no quiesce_strip " + std::to_string(strip));
    const Bytecode compiled = entry.vm(vm).compile(c::text_of(source, length, "source"),
                                                   {.file_name = given.file_name,
                                                    .type = given.type,
                                                    .strict = given.strict,
                                                    .backtrace_barrier = given.backtrace_barrier,
                                                    .strip = static_cast<Strip>(strip)});
    const std::span<const std::byte> bytes = compiled.bytes();
    c::hand_out_buffer(bytecode,
                       std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  });
}

quiesce_status quiesce_vm_run_bytecode(quiesce_vm* vm, const void* bytes, size_t count,
                                       quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    if (result != nullptr) *result = nullptr;
    VM& machine = entry.vm(vm);
    const Bytecode bytecode = Bytecode::from_bytes(c::bytes_of(bytes, count, "bytes"));
    entry.hand_out_if_wanted(result, machine.run_bytecode(bytecode));
  });
}

quiesce_status quiesce_vm_is_module(quiesce_vm* vm, const char* source, size_t length,
                                    int* is_module) {
  return c::guarded([&](c::Entry& entry) {
    c::result(is_module, "is_module") = 0;
    *is_module = entry.vm(vm).is_module(c::text_of(source, length, "source")) ? 1 : 0;
  });
}

quiesce_status quiesce_vm_global(quiesce_vm* vm, quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    entry.hand_out(value, entry.vm(vm).global());
  });
}

quiesce_status quiesce_vm_take_thrown(quiesce_vm* vm, quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    entry.vm(vm);
    std::optional<Value>& thrown = entry.vm_object()->thrown;
    if (!thrown) return;
    entry.hand_out(value, *thrown);
    thrown.reset();
  });
}

// ---- calls to the outside -----------------------------------------------------------------------

quiesce_status quiesce_vm_defer(quiesce_vm* vm, const char* name, size_t name_length,
                                const quiesce_value* const* arguments, size_t count,
                                quiesce_deferred** deferred) {
  return c::guarded([&](c::Entry& entry) {
    c::result(deferred, "deferred") = nullptr;
    VM& machine = entry.vm(vm);
    entry.hand_out(deferred, machine.defer_values(c::text_of(name, name_length, "name"),
                                                  entry.values(arguments, count)));
  });
}

quiesce_status quiesce_vm_new_promise(quiesce_vm* vm, quiesce_deferred** deferred) {
  return c::guarded([&](c::Entry& entry) {
    c::result(deferred, "deferred") = nullptr;
    entry.hand_out(deferred, entry.vm(vm).new_promise());
  });
}

quiesce_status quiesce_vm_deferred(quiesce_vm* vm, uint64_t id, quiesce_deferred** deferred) {
  return c::guarded([&](c::Entry& entry) {
    c::result(deferred, "deferred") = nullptr;
    entry.hand_out(deferred, deferred_of(entry.vm(vm), id));
  });
}

quiesce_status quiesce_vm_pending_calls(quiesce_vm* vm, quiesce_list** calls) {
  return c::guarded([&](c::Entry& entry) {
    c::result(calls, "calls") = nullptr;
    c::hand_out(calls,
                std::make_shared<c::ListObject>(c::ListObject{{}, entry.vm(vm).pending_calls()}));
  });
}

quiesce_status quiesce_vm_settle_json(quiesce_vm* vm, uint64_t id, const char* json, size_t length,
                                      quiesce_settle how) {
  return c::guarded([&](c::Entry& entry) {
    VM& machine = entry.vm(vm);
    const Deferred deferred = deferred_of(machine, id);
    settle(deferred, machine.parse_json(c::text_of(json, length, "json")), how);
  });
}

quiesce_status quiesce_deferred_id(const quiesce_deferred* deferred, uint64_t* id) {
  return c::guarded([&](c::Entry& entry) {
    c::result(id, "id") = 0;
    *id = entry.deferred(deferred).id();
  });
}

quiesce_status quiesce_deferred_promise(const quiesce_deferred* deferred, quiesce_value** promise) {
  return c::guarded([&](c::Entry& entry) {
    c::result(promise, "promise") = nullptr;
    entry.hand_out(promise, entry.deferred(deferred).promise());
  });
}

quiesce_status quiesce_deferred_settle(const quiesce_deferred* deferred, const quiesce_value* value,
                                       quiesce_settle how) {
  return c::guarded([&](c::Entry& entry) {
    const Deferred& inner = entry.deferred(deferred);
    settle(inner, entry.value(value, "value"), how);
  });
}

quiesce_status quiesce_deferred_free(quiesce_deferred* deferred) {
  return c::free_handle<c::DeferredObject>(deferred, "the pending call");
}

// ---- roots --------------------------------------------------------------------------------------

quiesce_status quiesce_vm_keep(quiesce_vm* vm, const char* name, size_t name_length,
                               const quiesce_value* value) {
  return c::guarded([&](c::Entry& entry) {
    VM& machine = entry.vm(vm);
    machine.keep(c::text_of(name, name_length, "name"), entry.value(value, "value"));
  });
}

quiesce_status quiesce_vm_kept(quiesce_vm* vm, const char* name, size_t name_length,
                               quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    std::optional<Value> kept = entry.vm(vm).kept(c::text_of(name, name_length, "name"));
    if (kept) entry.hand_out(value, *std::move(kept));
  });
}

quiesce_status quiesce_vm_forget(quiesce_vm* vm, const char* name, size_t name_length, int* found) {
  return c::guarded([&](c::Entry& entry) {
    if (found != nullptr) *found = 0;
    const bool forgotten = entry.vm(vm).forget(c::text_of(name, name_length, "name"));
    if (found != nullptr) *found = forgotten ? 1 : 0;
  });
}

quiesce_status quiesce_vm_kept_names(quiesce_vm* vm, quiesce_list** names) {
  return c::guarded([&](c::Entry& entry) {
    c::result(names, "names") = nullptr;
    c::hand_out_texts(names, entry.vm(vm).kept_names());
  });
}

quiesce_status quiesce_vm_function_names(quiesce_vm* vm, quiesce_list** names) {
  return c::guarded([&](c::Entry& entry) {
    c::result(names, "names") = nullptr;
    c::hand_out_texts(names, entry.vm(vm).function_names());
  });
}

// ---- resources ----------------------------------------------------------------------------------

quiesce_status quiesce_vm_limits(quiesce_vm* vm, quiesce_limits* limits) {
  return c::guarded([&](c::Entry& entry) {
    c::write_struct(limits, c::c_limits(entry.vm(vm).limits()), "quiesce_limits");
  });
}

quiesce_status quiesce_vm_set_limits(quiesce_vm* vm, const quiesce_limits* limits) {
  return c::guarded([&](c::Entry& entry) {
    if (limits == nullptr) c::throw_null("limits");
    entry.vm(vm).set_limits(c::limits_of(c::read_struct(limits, *limits, "quiesce_limits")));
  });
}

quiesce_status quiesce_vm_fuel_left(quiesce_vm* vm, uint64_t* fuel) {
  return c::guarded([&](c::Entry& entry) {
    c::result(fuel, "fuel") = 0;
    *fuel = entry.vm(vm).fuel_left();
  });
}

quiesce_status quiesce_vm_memory_usage(quiesce_vm* vm, quiesce_memory_usage* usage) {
  return c::guarded([&](c::Entry& entry) {
    const MemoryUsage figures = entry.vm(vm).memory_usage();
    c::write_struct(usage,
                    {.struct_size = sizeof(quiesce_memory_usage),
                     .linear_bytes = figures.linear_bytes,
                     .used_bytes = figures.used_bytes,
                     .allocations = figures.allocations,
                     .objects = figures.objects,
                     .strings = figures.strings,
                     .atoms = figures.atoms,
                     .handles = figures.handles,
                     .object_bytes = figures.object_bytes,
                     .properties = figures.properties,
                     .property_bytes = figures.property_bytes,
                     .shapes = figures.shapes,
                     .shape_bytes = figures.shape_bytes,
                     .string_bytes = figures.string_bytes,
                     .atom_bytes = figures.atom_bytes,
                     .functions = figures.functions,
                     .function_bytes = figures.function_bytes,
                     .bytecode_bytes = figures.bytecode_bytes,
                     .line_table_bytes = figures.line_table_bytes,
                     .native_functions = figures.native_functions,
                     .arrays = figures.arrays,
                     .fast_arrays = figures.fast_arrays,
                     .fast_array_elements = figures.fast_array_elements,
                     .buffers = figures.buffers,
                     .buffer_bytes = figures.buffer_bytes},
                    "quiesce_memory_usage");
  });
}

quiesce_status quiesce_vm_fuel_used(quiesce_vm* vm, uint64_t* fuel) {
  return c::guarded([&](c::Entry& entry) {
    c::result(fuel, "fuel") = 0;
    *fuel = entry.vm(vm).fuel_used();
  });
}

quiesce_status quiesce_vm_gc_threshold(quiesce_vm* vm, uint64_t* bytes) {
  return c::guarded([&](c::Entry& entry) {
    c::result(bytes, "bytes") = 0;
    *bytes = entry.vm(vm).gc_threshold().value_or(QUIESCE_UNLIMITED);
  });
}

quiesce_status quiesce_vm_set_gc_threshold(quiesce_vm* vm, uint64_t bytes) {
  return c::guarded([&](c::Entry& entry) {
    entry.vm(vm).set_gc_threshold(bytes == QUIESCE_UNLIMITED ? std::nullopt : std::optional(bytes));
  });
}

quiesce_status quiesce_vm_reseed(quiesce_vm* vm) {
  return c::guarded([&](c::Entry& entry) { entry.vm(vm).reseed(); });
}

quiesce_status quiesce_vm_now(quiesce_vm* vm, int64_t* time_ns) {
  return c::guarded([&](c::Entry& entry) {
    c::result(time_ns, "time_ns") = 0;
    *time_ns = entry.vm(vm).now().time_since_epoch().count();
  });
}

quiesce_status quiesce_vm_collect_garbage(quiesce_vm* vm) {
  return c::guarded([&](c::Entry& entry) { entry.vm(vm).collect_garbage(); });
}

}  // extern "C"
