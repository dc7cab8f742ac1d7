#include "vm/machine.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>

#include "snapshot/image.hpp"
#include "snapshot/parts.hpp"

namespace quiesce::detail {

namespace {

using guest::Instance;
using guest::Trap;
using guest::TrapKind;
using guest::u32;
using guest::u64;
using guest::wire;

constexpr std::uint32_t kStackBytesMin = 16u << 10;
constexpr std::uint32_t kStackBytesMax = 2u << 20;

void check_limits(const Limits& limits) {
  if (limits.stack_bytes_max < kStackBytesMin || limits.stack_bytes_max > kStackBytesMax) {
    throw Error(Errc::invalid_argument, "stack_bytes_max is " +
                                            std::to_string(limits.stack_bytes_max) +
                                            "; it must be from " + std::to_string(kStackBytesMin) +
                                            " to " + std::to_string(kStackBytesMax));
  }
  if (limits.time_max < std::chrono::nanoseconds::zero()) {
    throw Error(Errc::invalid_argument, "time_max is negative");
  }
}

// The linear memory holds the engine's own part, the stack and what JavaScript allocates.
std::uint64_t linear_bytes_max(const guest::BaseImage& base, const Limits& limits) {
  constexpr std::uint64_t kAddressable = (1ull << 32) - guest::LinearMemory::kWasmPageBytes;
  const std::uint64_t fixed = base.size;
  if (limits.memory_bytes_max > kAddressable - fixed) return kAddressable;
  const std::uint64_t page = guest::LinearMemory::kWasmPageBytes;
  return (fixed + limits.memory_bytes_max + page - 1) / page * page;
}

// As the guest counts it: 0 is no limit.
u32 memory_limit(const Limits& limits) {
  const bool bounded = limits.memory_bytes_max <= std::numeric_limits<u32>::max();
  return bounded ? static_cast<u32>(limits.memory_bytes_max) : 0;
}

template <class F>
auto with_resources(F&& f) {
  try {
    return f();
  } catch (const std::bad_alloc&) {
    throw Error(Errc::resources, "the system refused memory or address space for another VM");
  } catch (const Trap& trap) {
    throw Error(Errc::poisoned, std::string("the engine did not start: ") + trap.what());
  }
}

}  // namespace

// ---- life ---------------------------------------------------------------------------------------

Machine::Machine(const Host& host, const Limits& limits, std::shared_ptr<const EngineParts> engine)
    : host_(host.parts_), limits_(limits), engine_(std::move(engine)) {
  check_limits(limits);
  const guest::BaseImage& base = engine_->base_image();
  instance_ = with_resources([&] {
    return std::make_unique<Instance>(engine_->program(), *this, linear_bytes_max(base, limits));
  });
  shared_ = base.shared;
}

Machine::Machine(const Host& host, const Snapshot& snapshot, const RestoreOptions& options)
    : host_(host.parts_),
      limits_(options.limits.value_or(snapshot.limits())),
      engine_(snapshot.parts_->identity().owner),
      asleep_(true) {
  const snapshot::Facts& image = snapshot.parts_->facts();
  check_limits(limits_);
  const guest::BaseImage& base = engine_->base_image();
  const std::uint64_t bytes_max = linear_bytes_max(base, limits_);
  if (image.memory_bytes > bytes_max) {
    throw Error(Errc::limit,
                "this snapshot needs " + std::to_string(image.memory_bytes) +
                    " bytes of linear memory, and memory_bytes_max allows " +
                    std::to_string(bytes_max),
                LimitReport{Limit::memory, image.memory_bytes, bytes_max});
  }
  const snapshot::Layers layers = with_resources([&] { return snapshot.parts_->layers(); });
  whole_ = layers.whole;
  instance_ = with_resources([&] {
    return whole_ ? std::make_unique<Instance>(engine_->program(), *this, bytes_max, *whole_->image)
                  : std::make_unique<Instance>(engine_->program(), *this, bytes_max);
  });
  shared_ = base.shared;
  guest::LinearMemory& memory = instance_->memory();
  if (!memory.grow_to(image.memory_bytes)) {
    throw Error(Errc::resources, "the system refused the memory of this snapshot");
  }
  for (const auto& pages : layers.over) snapshot::apply(*pages, memory.bytes(0, memory.size()));
  last_snapshot_ = snapshot.parts_;
  last_layers_ = snapshot::WeakLayers(layers);
}

Machine::Machine() : host_(Host().parts_), dead_(true) {}

const std::shared_ptr<Machine>& Machine::nobody() noexcept {
  // Never destroyed: a static VM may be moved from later than anything of ours.
  static const auto* machine = new std::shared_ptr<Machine>(new Machine());
  return *machine;
}

void Machine::start() {
  nobody();  // made now, when there may still be an error
  // The facade owns nothing: an empty owner with our address (std::shared_ptr's aliasing form).
  facade_.emplace(VM(std::shared_ptr<Machine>(std::shared_ptr<void>(), this)));
  if (asleep_) return;

  u64 seed = 0;
  random(std::as_writable_bytes(std::span(&seed, 1)));
  enter([&](Instance& guest) {
    guest.start(seed);
    if (host_->without != 0) guest.without(host_->without);
    apply_limits();
    check_memory();
    files_.want_all();
    files_.mount_new();
    install_process(guest);
    if (host_->functions.empty() && host_->classes.empty()) return;
    const Value global = from_wire(guest.global());
    for (const auto& [name, function] : host_->functions) {
      if (!function.is_member) global.set(name, facade_->function(name));
    }
    for (const auto& [name, parts] : host_->classes) {
      global.define(facade_->string(name), host_objects_.host_class(parts),
                    {.writable = true, .enumerable = false, .configurable = true});
    }
  });
}

Machine::~Machine() = default;

void Machine::shut_down() noexcept {
  dead_ = true;
  self_ = shared_from_this();
  if (entries_ > 0) {
    // A host function ended its own VM: the guest code below it unwinds first (see leave).
    instance_->poison(TrapKind::exited);
    return;
  }
  end();
}

// Nothing of this VM is on the stack any more.
void Machine::end() noexcept {
  const std::shared_ptr<Machine> self = std::move(self_);
  instance_.reset();
  whole_.reset();
  abandon_watches();
  if (const auto hook = std::exchange(hook_, nullptr)) hook();
  parked_.clear();
  bound_.clear();
  // What the host's objects do when they go is theirs; the guest is gone before them.
  futures_.clear();
  callbacks_.clear();
  host_objects_.clear();
  if (live_handles_ > 0) self_ = self;
}

// ---- entries ------------------------------------------------------------------------------------

Machine::Entry::Entry(Machine& machine, Sleeper sleeper) : machine_(machine) {
  machine_.check_alive();
  machine_.claim_for_this_thread();
  if (machine_.entries_++ > 0) return;
  try {
    machine_.arm_time_limit();
    if (machine_.asleep_ && sleeper == Sleeper::wakes) {
      machine_.asleep_ = false;
      machine_.instance_->wake();
      machine_.apply_limits();
    }
    if (machine_.files_.has_new() && sleeper == Sleeper::wakes) machine_.files_.mount_new();
  } catch (const guest::Trap& trap) {
    machine_.leave();
    machine_.throw_trap(trap.kind());
  } catch (...) {
    machine_.leave();
    throw;
  }
}

Machine::Entry::~Entry() { machine_.leave(); }

void Machine::leave() noexcept {
  if (--entries_ > 0) return;
  give_up_thread();
  if (deadline_.time_since_epoch().count() != 0) {
    deadline_ = {};
    instance_->clear_hard_deadline();
  }
  if (dead_) {
    end();
    return;
  }
  if (!instance_->trapped() && shared<u32>(offsetof(q_shared, dead_resources)) != 0) [[unlikely]] {
    const std::shared_ptr<Machine> self = weak_from_this().lock();  // a destructor may end the VM
    host_objects_.release_dead();
    if (dead_) return;
    if (hook_) hook_();
  } else if (hook_) {
    hook_();
  }
}

#if QUIESCE_THREAD_CHECKS
void Machine::claim_for_this_thread() {
  std::thread::id inside;
  const std::thread::id mine = std::this_thread::get_id();
  if (user_.compare_exchange_strong(inside, mine) || inside == mine) return;
  throw Error(Errc::wrong_thread, "another thread is inside this VM: use it from one at a time");
}
#endif

void Machine::check_alive() {
  if (dead_) throw Error(Errc::dead_vm, "the VM of this value is gone");
  if (loans_ > 0) {
    throw Error(Errc::busy, "not while with_bytes or read_bytes shows bytes of this VM");
  }
  if (instance_->trapped()) throw_trap(trap_);
}

void Machine::arm_time_limit() {
  if (limits_.time_max == std::chrono::nanoseconds::zero()) return;
  const auto now = std::chrono::steady_clock::now();
  const auto longest =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::hours(24 * 365));
  const auto time = std::min(limits_.time_max, longest);
  deadline_ = now + time;
  instance_->set_hard_deadline(guest::ThreadClock::now() + 2 * time);
}

void Machine::throw_trap(TrapKind kind) {
  trap_ = kind;
  if (dead_) throw Error(Errc::dead_vm, "the VM was ended by a host function that it called");
  if (kind == TrapKind::overtime) {
    throw Error(
        Errc::poisoned,
        "the code stayed in one built-in beyond twice the time limit; this VM is lost, restore an "
        "older snapshot",
        time_report(time_used()));
  }
  throw Error(Errc::poisoned, std::string("the guest trapped (") + guest::describe(kind) +
                                  "); this VM is lost, restore an older snapshot");
}

void Machine::check_time(std::chrono::nanoseconds used) const {
  if (limits_.time_max == std::chrono::nanoseconds::zero() || used < limits_.time_max) return;
  throw_time_over(used);
}

void Machine::check_deadline() {
  if (host_interrupt() != 0) throw_stopped();
}

std::chrono::nanoseconds Machine::time_used() const {
  return std::chrono::steady_clock::now() - (deadline_ - limits_.time_max);
}

LimitReport Machine::time_report(std::chrono::nanoseconds used) const {
  const auto allowed = limits_.time_max;
  return {Limit::time, static_cast<u64>(std::max(used, allowed).count()),
          static_cast<u64>(allowed.count())};
}

void Machine::throw_time_over(std::chrono::nanoseconds used) const {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limits_.time_max).count();
  throw Error(Errc::limit, "the time limit of " + std::to_string(ms) + " ms is over",
              time_report(used));
}

void Machine::throw_stopped() {
  const bool fuel = shared<u32>(offsetof(q_shared, stop)) == Q_STOP_FUEL;
  const bool exit = shared<u32>(offsetof(q_shared, stop)) == Q_STOP_EXIT;
  // While guest code is on the stack below, it is told to stop too.
  if (instance_->depth() == 0)
    instance_->memory().store<u32>(shared_ + offsetof(q_shared, stop), Q_STOP_NONE);
  if (exit) throw ExitError(shared<std::int32_t>(offsetof(q_shared, exit_status)));
  if (fuel) {
    throw Error(Errc::limit, "the fuel is used up: " + std::to_string(limits_.fuel_max) + " steps",
                LimitReport{Limit::fuel, limits_.fuel_max, limits_.fuel_max});
  }
  if (stopped_by_token_) throw Error(Errc::stopped, "the code was stopped from outside");
  throw_time_over(time_used());
}

// ---- limits -------------------------------------------------------------------------------------

u64 Machine::apply_limits() {
  return instance_->set_limits(memory_limit(limits_), limits_.stack_bytes_max, limits_.fuel_max);
}

void Machine::check_memory() {
  const u64 used = peek([](Instance& guest) { return guest.memory_used(); });
  if (used <= limits_.memory_bytes_max) return;
  throw Error(Errc::limit,
              "the VM uses " + std::to_string(used) +
                  " bytes already, more than memory_bytes_max = " +
                  std::to_string(limits_.memory_bytes_max),
              LimitReport{Limit::memory, used, limits_.memory_bytes_max});
}

void Machine::set_limits(const Limits& limits) {
  check_limits(limits);
  enter([&](Instance& guest) {
    const Limits before = std::exchange(limits_, limits);
    const u64 fuel = guest.fuel();
    try {
      if (apply_limits() > limits_.memory_bytes_max) guest.collect();  // garbage is no reason
      check_memory();
    } catch (...) {
      limits_ = before;
      guest.set_limits(memory_limit(before), before.stack_bytes_max, fuel);
      throw;
    }
    guest.memory().set_bytes_max(linear_bytes_max(engine_->base_image(), limits));
  });
}

// ---- sleep --------------------------------------------------------------------------------------

Snapshot Machine::snapshot(const SnapshotOptions& options) {
  if (entries_ > 0) {
    throw Error(Errc::busy,
                "a snapshot is taken between calls into the VM, not from inside a host function");
  }
  check_alive();
  if (options.collect_garbage) {
    enter([](Instance& guest) { guest.collect(); });
    check_alive();  // objects of the host may have ended with it
  }
  if (!asleep_) host_objects_.record_keys();
  Limits limits = limits_;
  // A sleeper that was never entered is left as it is; its fuel is what the limits say.
  if (!asleep_) {
    enter([&](Instance& guest) {
      guest.rest();
      limits.fuel_max = guest.fuel();
    });
  }
  // Nothing in the shared block outlives a call: cleared, it leaves no trace of the last one.
  std::ranges::fill(instance_->memory().bytes(shared_, sizeof(q_shared)), std::byte{0});
  try {
    return Snapshot(capture(limits));
  } catch (const std::bad_alloc&) {
    throw Error(Errc::resources, "the system refused memory for a snapshot");
  }
}

// What has changed since the last time is looked for where the system says that something was
// written. When nobody holds the last one any more, since the beginning.
std::shared_ptr<const SnapshotParts> Machine::capture(const Limits& limits) {
  guest::LinearMemory& memory = instance_->memory();
  const snapshot::Identity& identity = engine_->identity();
  auto before = last_layers_.lock();
  // It may have got an image since, which is better to share than its pages.
  if (const auto last = last_snapshot_.lock()) before = last->current_layers();
  const auto since = before ? guest::Since::forgotten : guest::Since::mapped;
  const snapshot::Past past{before ? std::move(*before) : snapshot::Layers{whole_, {}},
                            memory.written(since)};
  snapshot::Pages changes = snapshot::changes_of(memory.bytes(0, memory.size()), identity, past);
  std::vector<u32> changed;
  for (const snapshot::StoredPage& page : changes.table) changed.push_back(page.index);
  auto parts = snapshot::take(memory.size(), limits, identity, past.before, std::move(changes));
  last_snapshot_ = parts;
  last_layers_ = snapshot::WeakLayers(parts->current_layers());
  if (past.written) memory.checkpoint(*past.written, changed);
  return parts;
}

void Machine::share_with(const Snapshot& snapshot) {
  last_layers_ = snapshot::WeakLayers(snapshot.parts_->current_layers());
}

const ClassParts* Machine::bound_class(std::string_view name) const {
  const auto found = host_->classes.find(name);
  return found == host_->classes.end() ? nullptr : &found->second;
}

const ClassParts* Machine::bound_class(std::type_index type) const {
  const auto found = host_->class_names.find(type);
  return found == host_->class_names.end() ? nullptr : bound_class(found->second);
}

std::optional<u32> Machine::arity(std::string_view function) const {
  const auto found = host_->functions.find(function);
  if (found == host_->functions.end()) return std::nullopt;
  return found->second.arity;
}

}  // namespace quiesce::detail
