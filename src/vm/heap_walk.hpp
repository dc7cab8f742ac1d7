// One walk of the guest through its own heap, for the census and the like: the guest leaves rows in
// the mailbox, and they are taken from there. A sleeper sleeps on, and nothing of it changes.
//
//   HeapWalk walk(machine, sizeof(q_wait_row), [&](const std::byte* row) { ...; return true; });
//   const bool whole = walk.run(guest, [](Instance& in, u64 steps) { return in.waits(steps); });
//   std::string name = walk.text(guest, row.function, 256);
//
// Nothing that comes out is believed: a heap may have been made up. What a walk may cost follows
// from the size of the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>

#include "vm/machine.hpp"

namespace quiesce::detail {

class HeapWalk {
 public:
  /// `take` is given one row after the other, and answers whether it wants more.
  using Take = std::function<bool(const std::byte* row)>;
  HeapWalk(Machine& machine, std::size_t row_bytes, Take take);
  ~HeapWalk();
  HeapWalk(const HeapWalk&) = delete;
  HeapWalk& operator=(const HeapWalk&) = delete;

  /// Within an entry into the VM. `walk(guest, steps)` is one of the exports for this. False: it
  /// did not come to its end.
  template <class F>
  bool run(guest::Instance& guest, F&& walk) {
    const bool whole = walk(guest, steps()) != 0;
    if (failure_) std::rethrow_exception(failure_);
    return whole;
  }

  /// The string at this address, of at most so many units; empty: there is none.
  std::string text(guest::Instance& guest, std::uint32_t address, std::uint32_t units_max);

  /// For host_seen.
  bool rows_came(std::uint32_t count) noexcept;

 private:
  std::uint64_t steps() const;

  Machine& machine_;
  HeapWalk* outer_;
  std::size_t row_bytes_;
  Take take_;
  std::exception_ptr failure_;
};

}  // namespace quiesce::detail
