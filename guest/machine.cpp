// Life of a VM: initialise, start, wake; limits, fuel and memory.
#include "machine.hpp"

#include <sys/time.h>

#include "builtins.hpp"
#include "clean_blocks.hpp"
#include "console.hpp"
#include "handles.hpp"
#include "held.hpp"
#include "memory.hpp"

// What every job writes is at its beginning, and in one page with QuickJS's own variables, of which
// the first begins a page: it costs each of many VMs one page.
Machine machine;
decltype(qi_also_soiled) qi_also_soiled;

extern "C" char __stack_high;  // the linker's: where the guest stack begins, downwards

namespace {

constexpr u64 kUnlimitedFuel = UINT64_MAX;
constexpr u32 kInitialStackBytes = 512u << 10;

bool stop(u32 why) {
  machine.shared.stop = why;
  return true;
}

// Takes what was used from the fuel. False: it did not suffice.
bool pay(u64 steps) {
  auto& fuel = machine.fuel;
  const bool suffices = steps <= fuel.left;
  fuel.used += suffices ? steps : fuel.left;
  if (fuel.left == kUnlimitedFuel) return true;
  if (!suffices) {
    fuel.left = 0;
    return false;
  }
  fuel.left -= steps;
  return true;
}

// QuickJS calls this when its step counter has run down, and from time to time in a regular
// expression, which has a counter of its own. True ends the running program.
bool interrupted() {
  JSContext* ctx = machine.ctx;
  if (machine.shared.stop != Q_STOP_NONE) return true;  // still unwinding: not one more step
  const i32 counter = qi_interrupt_counter(ctx);
  u64 steps = (u64)machine.fuel.granted;
  // The counter ran down exactly if QuickJS has just set it anew: a grant is always less than that.
  if (counter != qi_interrupt_interval()) {
    steps = (u64)(machine.fuel.granted - counter) + (u64)qi_interrupt_interval();
  }
  if (!pay(steps)) return stop(Q_STOP_FUEL);
  if (host_interrupt()) return stop(Q_STOP_HOST);
  return false;
}

int on_interrupt(JSRuntime*, void*) {
  const bool ends = interrupted();
  grant_steps();
  return ends;
}

bool make_realm() {
  machine.rt = JS_NewRuntime2(&kGuestAllocator, nullptr);
  if (!machine.rt) return false;
  qi_set_stack_top(machine.rt, reinterpret_cast<uintptr_t>(&__stack_high));
  JS_SetMaxStackSize(machine.rt, kInitialStackBytes);
  machine.ctx = JS_NewContext(machine.rt);
  if (!machine.ctx || JS_AddIntrinsicDOMException(machine.ctx) || !qi_harden(machine.ctx) ||
      !qi_add_performance(machine.ctx))
    return false;
  JS_SetInterruptHandler(machine.rt, on_interrupt, nullptr);
  prepare_draws();
  watch_rejections();
  return true;
}

JSAtom private_key(const char* name) {
  JSValue key = JS_NewPrivateSymbol(machine.ctx, name);
  if (JS_IsException(key)) return JS_ATOM_NULL;
  const JSAtom atom = JS_ValueToAtom(machine.ctx, key);
  JS_FreeValue(machine.ctx, key);
  return atom;
}

bool prepare_keys() {
  machine.origin_key = private_key("origin");
  machine.reported_key = private_key("reported");
  machine.told_key = private_key("told");
  machine.node_error_key = private_key("node error");
  machine.code_key = JS_NewAtom(machine.ctx, "code");
  return machine.node_error_key != JS_ATOM_NULL && machine.code_key != JS_ATOM_NULL &&
         machine.origin_key != JS_ATOM_NULL && machine.reported_key != JS_ATOM_NULL &&
         machine.told_key != JS_ATOM_NULL;
}

// Steps of the present grant that were made already.
u64 unpaid_steps() { return (u64)(machine.fuel.granted - qi_interrupt_counter(machine.ctx)); }

}  // namespace

void grant_steps() {
  auto& fuel = machine.fuel;
  i32 grant = qi_interrupt_interval() - 1;
  if (machine.shared.stop != Q_STOP_NONE) {
    grant = 1;
  } else if (fuel.left < (u64)grant) {
    grant = (i32)fuel.left + 1;  // the step after the last paid one is refused
  }
  fuel.granted = grant;
  qi_set_interrupt_counter(machine.ctx, grant);
}

void drain_releases() {
  auto& shared = machine.shared;
  const u32 count = shared.release_count < Q_RELEASE_MAX ? shared.release_count : Q_RELEASE_MAX;
  // Freeing runs no guest code, so nobody writes the list meanwhile.
  for (u32 i = 0; i < count; ++i) handle_free(shared.release[i]);
  shared.release_count = 0;
}

void enter() {
  if (machine.shared.release_count != 0) drain_releases();
  if (machine.memory.is_short || !machine.memory.reserve) recover_memory();
}

f64 now_ms() {
  timeval now;
  gettimeofday(&now, nullptr);
  return (f64)now.tv_sec * 1000 + (f64)(now.tv_usec / 1000);
}

u32 q_initialize() {
  if (!blocks_are_as_known() || !qi_pages_are_as_known()) return 0;
  machine.fuel.left = kUnlimitedFuel;
  recover_memory();
  if (!make_realm() || !prepare_keys() || !handle_reserve()) return 0;
  if (!install_timers(machine.ctx) || !install_pending_calls(machine.ctx) ||
      !install_resources(machine.ctx) || !install_files() || !install_console(machine.ctx) ||
      !install_builtins(machine.ctx)) {
    return 0;
  }
  grant_steps();
  JS_RunGC(machine.rt);
  qi_clean_small_blocks();
  return 1;
}

u32 q_shared() { return reinterpret_cast<u32>(&machine.shared); }

void q_reseed(u64 seed) {
  // One round of splitmix64: neighbouring seeds must not give neighbouring sequences.
  u64 z = seed + 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  qi_set_random_state(machine.ctx, z ^ (z >> 31));
}

void q_start(u64 seed) {
  q_reseed(seed);
  qi_set_time_origin(machine.ctx);
  if (!machine.is_image) return;
  machine.is_image = false;
  shift_timers(now_ms());
}

// What q_start decides anew is not in an image: equal programs give equal images.
void q_make_image() {
  machine.is_image = true;
  shift_timers(-now_ms());
  qi_set_random_state(machine.ctx, 0);
  qi_clear_time_origin(machine.ctx);
  grant_steps();
  machine.fuel.used = 0;
}

u32 q_is_image() { return machine.is_image; }

void q_wake() {
  machine.shared.release_count = 0;
  machine.shared.stop = Q_STOP_NONE;
  handles_clear();
  recover_memory();
}

void q_drain() { enter(); }

void q_rest() {
  enter();
  qi_clean_small_blocks();
}

u64 q_set_limits(u32 memory_bytes, u32 stack_bytes, u64 fuel) {
  machine.memory.limit = memory_bytes;
  JS_SetMaxStackSize(machine.rt, stack_bytes);
  machine.fuel.used += unpaid_steps();
  machine.fuel.left = fuel;
  grant_steps();
  return machine.memory.used;
}

u64 q_memory_used() { return machine.memory.used; }

u64 q_fuel() {
  const auto& fuel = machine.fuel;
  if (fuel.left == kUnlimitedFuel) return fuel.left;
  const u64 used = unpaid_steps();
  return used < fuel.left ? fuel.left - used : 0;
}

u64 q_fuel_used() {
  const auto& fuel = machine.fuel;
  const u64 steps = unpaid_steps();
  return fuel.used + (steps < fuel.left ? steps : fuel.left);
}

void q_collect() {
  enter();
  JS_RunGC(machine.rt);
}

void q_memory_usage() {
  JSMemoryUsage engine;
  JS_ComputeMemoryUsage(machine.rt, &engine);
  auto& usage = machine.shared.usage;
  usage.used_bytes = machine.memory.used;
  usage.used_count = (u64)engine.malloc_count;
  usage.objects = (u64)engine.obj_count;
  usage.object_bytes = (u64)engine.obj_size;
  usage.properties = (u64)engine.prop_count;
  usage.property_bytes = (u64)engine.prop_size;
  usage.shapes = (u64)engine.shape_count;
  usage.shape_bytes = (u64)engine.shape_size;
  usage.strings = (u64)engine.str_count;
  usage.string_bytes = (u64)engine.str_size;
  usage.atoms = (u64)engine.atom_count;
  usage.atom_bytes = (u64)engine.atom_size;
  usage.functions = (u64)engine.js_func_count;
  usage.function_bytes = (u64)engine.js_func_size;
  usage.bytecode_bytes = (u64)engine.js_func_code_size;
  usage.line_bytes = (u64)engine.js_func_pc2line_size;
  usage.native_functions = (u64)engine.c_func_count;
  usage.arrays = (u64)engine.array_count;
  usage.fast_arrays = (u64)engine.fast_array_count;
  usage.fast_elements = (u64)engine.fast_array_elements;
  qi_count_buffers(machine.rt, &usage.buffers, &usage.buffer_bytes);
  usage.handles = machine.handles.live;
}

u32 q_gc_threshold() { return (u32)JS_GetGCThreshold(machine.rt); }

void q_set_gc_threshold(u32 bytes) { JS_SetGCThreshold(machine.rt, bytes); }

void qi_stack_refused(size_t used, size_t limit) {
  machine.shared.refused.stack_used = used;
  machine.shared.refused.stack_limit = limit;
}

u32 q_allocate(u32 bytes) {
  enter();
  return reinterpret_cast<u32>(js_malloc_rt(machine.rt, bytes ? bytes : 1));
}

void q_deallocate(u32 address) { js_free_rt(machine.rt, reinterpret_cast<void*>(address)); }

u32 q_fail_allocations(u32 after, u32 times) { return qi_fail_allocations(after, times); }
