// One running copy of a module made by wasm2c: linear memory, globals, table, and the way in and
// out. Knows nothing of which module it is; guest/instance.hpp gives it the engine.
//
//   Sandbox box(engine_module, handlers, &imports, memory...);
//   std::uint64_t slots[] = {1, 2};
//   box.enter(entry_of_add, slots);       // slots[0] is the result
//
// An entry runs the guest on a native stack of its own. When the guest calls an import, its handler
// runs on the host's stack, inside `enter`, and may enter again. When the guest traps, `enter`
// throws Trap, from then on always. No frame of C++ is ever jumped over: handlers may throw, and
// what they throw becomes Trap{host_failure} with the original nested. Use from one thread at a
// time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <vector>

#include "guest/linear_memory.hpp"
#include "guest/memory_image.hpp"
#include "guest/native_stack.hpp"
#include "guest/thread_clock.hpp"
#include "guest/trap.hpp"
#include "guest/wasm2c_abi.h"

namespace quiesce::guest {

class Sandbox;

/// Parameters and result in slots, as the import's type says. `host` is the owner's.
using ImportHandler = void (*)(Sandbox& sandbox, void* host, std::uint64_t* slots);

class Sandbox {
 public:
  /// The memory as a copy-on-write view of an image.
  Sandbox(const qw_module& module, const ImportHandler* handlers, void* host,
          const MemoryImage& image, std::uint64_t memory_bytes_max);
  /// The memory as the module describes it.
  Sandbox(const qw_module& module, const ImportHandler* handlers, void* host,
          std::uint64_t memory_bytes_max);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  LinearMemory& memory() noexcept { return memory_; }
  const LinearMemory& memory() const noexcept { return memory_; }

  /// Throws Trap, also for what happened in an earlier entry; std::bad_alloc if there is no stack.
  void enter(qw_entry entry, std::uint64_t* slots);

  std::uint32_t depth() const noexcept { return depth_; }
  TrapKind trapped() const noexcept { return trapped_; }
  void poison(TrapKind why) noexcept;
  std::uint32_t stack_pointer() const noexcept;

  /// Adds functions to the table that the guest calls through, and gives the index of the first.
  /// Each must have been made by wasm2c-adapt. Throws std::bad_alloc.
  std::uint32_t grow_table(std::span<const qw_slot> slots);

  void set_hard_deadline(ThreadClock::time_point deadline);
  void clear_hard_deadline() noexcept;

 private:
  struct Entry;

  void set_up();
  qw_context& context() const noexcept;
  void answer(Entry& entry);
  void grow(std::uint64_t* slots) noexcept;
  std::exception_ptr call_import(std::uint64_t index, std::uint64_t* slots) noexcept;

  const qw_module& module_;
  const ImportHandler* handlers_;
  void* host_;
  LinearMemory memory_;
  std::vector<qw_slot> own_table_;  // empty: the table is the module's
  Entry* innermost_ = nullptr;
  std::uint32_t depth_ = 0;
  TrapKind trapped_ = TrapKind::none;
  bool fast_segment_base_ = false;
  std::atomic<std::int64_t> deadline_ns_{0};
};

}  // namespace quiesce::guest
