#include "guest/warm_slots.hpp"

#include <algorithm>

#include "guest/reservation.hpp"

namespace quiesce::guest {
namespace {

constinit std::atomic<std::uint32_t> g_slot_count{0};

}  // namespace

void WarmSlots::drain() noexcept {
  while (std::byte* const base = take()) Reservation::give_back(base);
}

std::byte* WarmSlots::take() noexcept {
  for (auto& slot : slots_) {
    if (slot.load(std::memory_order_relaxed) == nullptr) continue;
    if (std::byte* const base = slot.exchange(nullptr, std::memory_order_acquire)) {
      g_slot_count.fetch_sub(1, std::memory_order_relaxed);
      return base;
    }
  }
  return nullptr;
}

bool WarmSlots::has_room() const noexcept {
  if (g_slot_count.load(std::memory_order_relaxed) >= kAllSlotsMax) return false;
  return std::ranges::any_of(slots_, [](const std::atomic<std::byte*>& slot) {
    return slot.load(std::memory_order_relaxed) == nullptr;
  });
}

bool WarmSlots::keep(std::byte* base) noexcept {
  if (g_slot_count.fetch_add(1, std::memory_order_relaxed) < kAllSlotsMax) {
    for (auto& slot : slots_) {
      std::byte* empty = nullptr;
      if (slot.load(std::memory_order_relaxed) == nullptr &&
          slot.compare_exchange_strong(empty, base, std::memory_order_release)) {
        return true;
      }
    }
  }
  g_slot_count.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace quiesce::guest
