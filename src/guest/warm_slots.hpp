// Memories that were views of an image, were put back, and wait to be views of it again. Their
// pages and page tables are there already, which is most of what a new view costs.
//
//   std::byte* base = slots.take();          // null: none is there, make one
//   ...
//   if (!slots.keep(base)) Reservation::give_back(base);
//
// Whoever keeps one has put it back: it holds what the image holds, to the last byte. So few and so
// small that nobody needs to be asked: kSlotsMax for one image, kAllSlotsMax for the process, each
// of them with at most kSlotPagesMax pages of its own. Lock-free, also because the child of a fork
// would find a lock as another thread of its parent held it. Thread safe.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace quiesce::guest {

/// Beyond so many, a VM has done enough that new pages do not matter.
inline constexpr std::uint32_t kSlotPagesMax = 256;

class WarmSlots {
 public:
  static constexpr std::size_t kSlotsMax = 16;
  static constexpr std::uint32_t kAllSlotsMax = 64;

  WarmSlots() = default;
  ~WarmSlots() { drain(); }
  WarmSlots(const WarmSlots&) = delete;
  WarmSlots& operator=(const WarmSlots&) = delete;

  /// The base of a reservation, which the caller then owns. Null: there is none.
  std::byte* take() noexcept;
  /// Whether one more would be kept now: before somebody goes to the trouble of putting it back.
  bool has_room() const noexcept;
  /// False: there are enough, and the caller still owns it.
  bool keep(std::byte* base) noexcept;
  /// Gives all of them back.
  void drain() noexcept;

 private:
  std::array<std::atomic<std::byte*>, kSlotsMax> slots_{};
};

}  // namespace quiesce::guest
