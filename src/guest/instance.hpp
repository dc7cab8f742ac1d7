// One running guest: a linear memory, a function table, globals, and the way in and out.
//
//   Instance guest(engine, imports, memory_bytes_max);  // starts as the base image, copy on write
//   q_wire sum = guest.eval(source, bytes, name, name_bytes, 0);
//
// The members named like the table's exports (guest/abi.def) enter the guest: they run it on a
// native stack of its own, and throw Trap on the host's stack if it traps, from then on always.
// One that this engine does not have throws Errc::engine, and changes nothing.
// Imports run on the host's stack and may enter again. Nothing here knows JavaScript. Use from one
// thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "guest/abi.h"
#include "guest/engine_program.hpp"
#include "guest/imports.hpp"
#include "guest/linear_memory.hpp"
#include "guest/memory_image.hpp"
#include "guest/thread_clock.hpp"
#include "guest/trap.hpp"

namespace quiesce::guest {

using wire = std::uint64_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i32 = std::int32_t;
using f64 = double;

class Instance {
 public:
  /// Begins as the base image of its engine, which must outlive it.
  Instance(const EngineProgram& engine, Imports& imports, std::uint64_t memory_bytes_max);
  /// Begins as another image of that engine's.
  Instance(const EngineProgram& engine, Imports& imports, std::uint64_t memory_bytes_max,
           const MemoryImage& image);
  /// Of the engine that is linked in.
  Instance(Imports& imports, std::uint64_t memory_bytes_max);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const EngineProgram& engine() const noexcept;
  LinearMemory& memory() noexcept;
  const LinearMemory& memory() const noexcept;

  /// How many entries are on the stack: 0 when no guest code is running.
  std::uint32_t depth() const noexcept;
  bool trapped() const noexcept;
  /// Marks the instance as lost, as a trap does: entries already on the stack unwind when the guest
  /// resumes.
  void poison(TrapKind why) noexcept;

  /// From now on until cleared: guest code that is still running at `deadline` traps (overtime).
  /// A backstop for built-ins that never poll for interrupts; costs a system call, so it is armed
  /// by the outermost entry only when there is a time limit.
  void set_hard_deadline(ThreadClock::time_point deadline);
  void clear_hard_deadline() noexcept;

#define QUIESCE_EXPORT(result, name, ...) result name(__VA_ARGS__);
#define QUIESCE_IMPORT(...)
#include "guest/abi.def"
#undef QUIESCE_EXPORT
#undef QUIESCE_IMPORT

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace quiesce::guest
