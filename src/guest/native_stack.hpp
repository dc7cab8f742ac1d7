// Native stacks for guest code, of known size, with pages below that fault.
//
//   StackLease stack;              // from this thread's pool
//   run_on(stack.low(), stack.high());
//
// A lease stays on the thread that made it.
#pragma once

#include <cstddef>

namespace quiesce::guest {

class StackLease {
 public:
  /// 2 MiB of guest stack, the most that a limit allows, can need 20 MiB here: recursion of
  /// JSON.stringify or of proxies uses few bytes there and full frames here. Untouched pages cost
  /// nothing.
  static constexpr std::size_t kStackBytes = 64u << 20;
  /// Larger than any frame, so that no function can step over it. The build checks the frames.
  static constexpr std::size_t kGuardBytes = 1u << 20;

  /// Throws Errc::resources.
  StackLease();
  ~StackLease();
  StackLease(const StackLease&) = delete;
  StackLease& operator=(const StackLease&) = delete;

  /// Gives memory back to the system that only a deep recursion needed. Nothing may run on the
  /// stack.
  void give_back_depth() noexcept;

  std::byte* low() const noexcept { return low_; }
  std::byte* high() const noexcept { return low_ + kStackBytes; }

 private:
  std::byte* low_;
};

}  // namespace quiesce::guest
