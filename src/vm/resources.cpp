// Limits, fuel, memory, entropy: what a VM may use and what it has used.
#include <cstddef>

#include "vm/machine.hpp"

namespace quiesce {

using guest::Instance;
using guest::u32;
using guest::u64;

namespace detail {

void Machine::reseed() {
  u64 seed = 0;
  random(std::as_writable_bytes(std::span(&seed, 1)));
  enter([&](Instance& guest) { guest.reseed(seed); });
}

}  // namespace detail

const Limits& VM::limits() const noexcept { return machine_->limits(); }
void VM::set_limits(const Limits& limits) { machine_->set_limits(limits); }
void VM::set_stop_token(std::stop_token token) { machine_->set_stop_token(std::move(token)); }
void VM::reseed() { machine_->reseed(); }
Time VM::now() const { return machine_->now(); }

std::uint64_t VM::fuel_left() const {
  return machine_->enter([](Instance& guest) { return guest.fuel(); });
}

std::uint64_t VM::fuel_used() const {
  return machine_->enter([](Instance& guest) { return guest.fuel_used(); });
}

MemoryUsage VM::memory_usage() const {
  return machine_->enter([&](Instance& guest) {
    guest.memory_usage();
    const auto figure = [&](std::size_t offset) { return machine_->shared<u64>(offset); };
    return MemoryUsage{.linear_bytes = guest.memory().size(),
                       .used_bytes = figure(offsetof(q_shared, usage.used_bytes)),
                       .allocations = figure(offsetof(q_shared, usage.used_count)),
                       .objects = figure(offsetof(q_shared, usage.objects)),
                       .strings = figure(offsetof(q_shared, usage.strings)),
                       .atoms = figure(offsetof(q_shared, usage.atoms)),
                       .handles = figure(offsetof(q_shared, usage.handles)),
                       .object_bytes = figure(offsetof(q_shared, usage.object_bytes)),
                       .properties = figure(offsetof(q_shared, usage.properties)),
                       .property_bytes = figure(offsetof(q_shared, usage.property_bytes)),
                       .shapes = figure(offsetof(q_shared, usage.shapes)),
                       .shape_bytes = figure(offsetof(q_shared, usage.shape_bytes)),
                       .string_bytes = figure(offsetof(q_shared, usage.string_bytes)),
                       .atom_bytes = figure(offsetof(q_shared, usage.atom_bytes)),
                       .functions = figure(offsetof(q_shared, usage.functions)),
                       .function_bytes = figure(offsetof(q_shared, usage.function_bytes)),
                       .bytecode_bytes = figure(offsetof(q_shared, usage.bytecode_bytes)),
                       .line_table_bytes = figure(offsetof(q_shared, usage.line_bytes)),
                       .native_functions = figure(offsetof(q_shared, usage.native_functions)),
                       .arrays = figure(offsetof(q_shared, usage.arrays)),
                       .fast_arrays = figure(offsetof(q_shared, usage.fast_arrays)),
                       .fast_array_elements = figure(offsetof(q_shared, usage.fast_elements)),
                       .buffers = figure(offsetof(q_shared, usage.buffers)),
                       .buffer_bytes = figure(offsetof(q_shared, usage.buffer_bytes))};
  });
}

void VM::collect_garbage() {
  machine_->enter([](Instance& guest) { guest.collect(); });
}

std::optional<std::uint64_t> VM::gc_threshold() const {
  const u32 bytes = machine_->enter([](Instance& guest) { return guest.gc_threshold(); });
  if (bytes == ~u32{0}) return std::nullopt;
  return bytes;
}

void VM::set_gc_threshold(std::optional<std::uint64_t> bytes) {
  const u64 wanted = bytes.value_or(~u32{0});
  if (bytes && wanted >= ~u32{0}) {
    throw Error(Errc::invalid_argument, "a threshold of " + std::to_string(wanted) +
                                            " bytes is beyond what a VM can allocate; "
                                            "std::nullopt turns collection off");
  }
  machine_->enter([&](Instance& guest) { guest.set_gc_threshold(static_cast<u32>(wanted)); });
}

}  // namespace quiesce
