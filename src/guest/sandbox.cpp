#include "guest/sandbox.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <system_error>

#include "guest/segment_base.hpp"
#include "guest/signals.hpp"
#include "quiesce/error.hpp"

namespace quiesce::guest {
namespace {

// With the checked wall every function compares its frame with this much above the low end: room
// for the C library's functions, for the switch of stacks, and for a signal's frame.
constexpr std::size_t kStackReserveBytes = 128u << 10;

// An entry inside an import needs at least this much of the stack below the suspended guest.
constexpr std::ptrdiff_t kStackBytesMin = 64 << 10;

TrapKind kind_of(std::uint64_t trap) noexcept {
  switch (trap) {
    case QW_TRAP_OUT_OF_BOUNDS: return TrapKind::out_of_bounds;
    case QW_TRAP_INTEGER_OVERFLOW: return TrapKind::integer_overflow;
    case QW_TRAP_DIVIDE_BY_ZERO: return TrapKind::divide_by_zero;
    case QW_TRAP_INVALID_CONVERSION: return TrapKind::invalid_conversion;
    case QW_TRAP_INDIRECT_CALL: return TrapKind::indirect_call;
    case QW_TRAP_STACK_EXHAUSTED: return TrapKind::stack_exhausted;
    default: return TrapKind::unreachable;
  }
}

[[noreturn]] void throw_trap(TrapKind kind, const std::exception_ptr& cause) {
  if (!cause) throw Trap(kind);
  try {
    std::rethrow_exception(cause);
  } catch (...) {
    std::throw_with_nested(Trap(kind));
  }
}

void arm_deadline_timer() {
  if (set_deadline_timer()) return;
  throw Error(Errc::resources, "the system refused the timer of a time limit: " +
                                   std::generic_category().message(errno));
}

}  // namespace

// On the host's stack, for as long as the entry lasts. Whatever ends the entry, this undoes it.
struct Sandbox::Entry : WatchedEntry {
  explicit Entry(Sandbox& owner)
      : WatchedEntry{}, sandbox(owner), outer_of_sandbox(owner.innermost_) {
    if (outer_of_sandbox) {
      // The suspended guest below us in the calls is above us on the stack.
      low = outer_of_sandbox->low;
      high = unused_below(*outer_of_sandbox);
      if (high - low < kStackBytesMin) {
        owner.poison(TrapKind::stack_exhausted);
        throw Trap(TrapKind::stack_exhausted);
      }
    } else {
      lease.emplace();
      low = lease->low();
      high = lease->high();
    }
    leave = &quiesce_leave_guest;
    memory = &owner.memory_;
    stack_low = low;
    deadline_ns = &owner.deadline_ns_;
    qw_context& context = owner.context();
    if (owner.module_.stack_pointer != QW_NO_GLOBAL)
      stack_pointer = context.globals[owner.module_.stack_pointer];
    context.activation = this;
    context.stack_limit = reinterpret_cast<std::uintptr_t>(low) + kStackReserveBytes;
    owner.innermost_ = this;
    ++owner.depth_;
    watch(*this);
  }
  ~Entry() {
    unwatch(*this);
    qw_context& context = sandbox.context();
    if (sandbox.module_.stack_pointer != QW_NO_GLOBAL)
      context.globals[sandbox.module_.stack_pointer] = stack_pointer;
    context.activation = outer_of_sandbox;
    --sandbox.depth_;
    sandbox.innermost_ = outer_of_sandbox;
    if (timed) set_deadline_timer();
    if (lease && sandbox.trapped_ == TrapKind::stack_exhausted) lease->give_back_depth();
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  Sandbox& sandbox;
  Entry* outer_of_sandbox;
  std::optional<StackLease> lease;  // the outermost entry of a sandbox has one, the others share it
  std::byte* low = nullptr;
  std::byte* high = nullptr;
  std::uint64_t stack_pointer = 0;
  bool timed = false;
};

Sandbox::Sandbox(const qw_module& module, const ImportHandler* handlers, void* host,
                 const MemoryImage& image, std::uint64_t memory_bytes_max)
    : module_(module), handlers_(handlers), host_(host), memory_(image, memory_bytes_max) {
  set_up();
}

Sandbox::Sandbox(const qw_module& module, const ImportHandler* handlers, void* host,
                 std::uint64_t memory_bytes_max)
    : module_(module),
      handlers_(handlers),
      host_(host),
      memory_(module.memory_pages * LinearMemory::kWasmPageBytes, memory_bytes_max) {
  for (std::uint32_t i = 0; i < module.segment_count; ++i) {
    const qw_segment& segment = module.segments[i];
    std::memcpy(memory_.bytes(segment.address, segment.bytes).data(), segment.data, segment.bytes);
  }
  set_up();
}

Sandbox::~Sandbox() = default;

void Sandbox::set_up() {
  static_assert(sizeof(qw_context) <= LinearMemory::kHeaderBytes);
  install_signal_handlers();
  fast_segment_base_ = can_write_segment_base();
  qw_context& context = this->context();
  context = {};  // it may have been that of another
  context.self = &context;
  context.memory_bytes = memory_.size();
  context.table = module_.table;
  context.table_size = module_.table_size;
  std::copy_n(module_.globals, module_.global_count, context.globals);
}

qw_context& Sandbox::context() const noexcept {
  return *reinterpret_cast<qw_context*>(memory_.base() - sizeof(qw_context));
}

std::uint32_t Sandbox::stack_pointer() const noexcept {
  return static_cast<std::uint32_t>(context().globals[module_.stack_pointer]);
}

std::uint32_t Sandbox::grow_table(std::span<const qw_slot> slots) {
  const std::uint64_t size = context().table_size;
  if (slots.size() > module_.table_size_max - size) throw std::bad_alloc();
  // Until now the table may have been the module's, which all of its sandboxes share.
  if (own_table_.empty()) own_table_.assign(module_.table, module_.table + size);
  own_table_.insert(own_table_.end(), slots.begin(), slots.end());
  context().table = own_table_.data();
  context().table_size = own_table_.size();
  return static_cast<std::uint32_t>(size);
}

void Sandbox::poison(TrapKind why) noexcept {
  if (trapped_ == TrapKind::none) trapped_ = why;
}

void Sandbox::enter(qw_entry entry, std::uint64_t* slots) {
  if (trapped_ != TrapKind::none) throw Trap(trapped_);
  prepare_thread_for_guest();
  context().memory_bytes = memory_.size();
  Entry activation(*this);
  if (deadline_ns_.load(std::memory_order_relaxed) != 0 && !activation.outer_of_sandbox) {
    activation.timed = true;
    arm_deadline_timer();
  }
  {
    const GuestRegisters registers(memory_.base(), fast_segment_base_);
    begin_guest(activation, activation.low, activation.high, entry, &context(), slots);
  }
  while (activation.event != QW_EVENT_DONE) {
    answer(activation);
    const GuestRegisters registers(memory_.base(), fast_segment_base_);
    resume_guest(activation);
  }
}

// The guest left because it wants something, or because it is lost.
void Sandbox::answer(Entry& entry) {
  const std::uint64_t event = entry.event;
  std::exception_ptr escaped;
  if (event >= QW_EVENT_IMPORT) {
    escaped = call_import(event - QW_EVENT_IMPORT, entry.slots);
    if (escaped) poison(TrapKind::host_failure);
  } else if (event == QW_EVENT_GROW) {
    grow(entry.slots);
  } else {
    poison(event == QW_EVENT_STOPPED ? TrapKind::overtime : kind_of(event - QW_EVENT_TRAP));
  }
  if (trapped_ != TrapKind::none) throw_trap(trapped_, escaped);
  context().memory_bytes = memory_.size();
}

std::exception_ptr Sandbox::call_import(std::uint64_t index, std::uint64_t* slots) noexcept {
  try {
    handlers_[index](*this, host_, slots);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

void Sandbox::grow(std::uint64_t* slots) noexcept {
  constexpr std::uint64_t kRefused = 0xffffffff;
  const std::uint64_t before = memory_.size() / LinearMemory::kWasmPageBytes;
  const std::uint64_t after = before + (slots[0] & 0xffffffff);
  const bool grown =
      after <= module_.memory_pages_max && memory_.grow_to(after * LinearMemory::kWasmPageBytes);
  slots[0] = grown ? before : kRefused;
}

void Sandbox::set_hard_deadline(ThreadClock::time_point deadline) {
  const auto ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(deadline.time_since_epoch()).count();
  deadline_ns_.store(std::max<std::int64_t>(ns, 1), std::memory_order_relaxed);
  if (!innermost_) return;
  Entry* outermost = innermost_;
  while (outermost->outer_of_sandbox) outermost = outermost->outer_of_sandbox;
  outermost->timed = true;
  arm_deadline_timer();
}

void Sandbox::clear_hard_deadline() noexcept {
  deadline_ns_.store(0, std::memory_order_relaxed);
  if (!innermost_) return;
  set_deadline_timer();
  for (Entry* entry = innermost_; entry; entry = entry->outer_of_sandbox) entry->stop = 0;
}

}  // namespace quiesce::guest
