#include "vm/heap_walk.hpp"

#include <algorithm>
#include <utility>

namespace quiesce::detail {

HeapWalk::HeapWalk(Machine& machine, std::size_t row_bytes, Take take)
    : machine_(machine),
      outer_(std::exchange(machine.walk_, this)),
      row_bytes_(row_bytes),
      take_(std::move(take)) {}

HeapWalk::~HeapWalk() { machine_.walk_ = outer_; }

// In a heap of the engine's own making a step stands for at least 8 bytes.
std::uint64_t HeapWalk::steps() const {
  constexpr std::uint64_t kStepsMin = 1u << 20;
  return machine_.instance().memory().size() / 4 + kStepsMin;
}

std::string HeapWalk::text(guest::Instance& guest, std::uint32_t address, std::uint32_t units_max) {
  if (address == 0 || guest.census_text(address) == 0) return {};
  auto view = machine_.shared<q_view>(offsetof(q_shared, view));
  view.count = std::min(view.count, units_max);
  return machine_.text_of(view);
}

bool HeapWalk::rows_came(std::uint32_t count) noexcept {
  try {
    const auto rows = machine_.instance().memory().bytes(
        machine_.shared_at(offsetof(q_shared, mailbox)), Q_MAILBOX_BYTES);
    const std::size_t room = rows.size() / row_bytes_;
    for (std::size_t i = 0; i < std::min<std::size_t>(count, room); ++i) {
      if (!take_(rows.data() + i * row_bytes_)) return false;
    }
    return true;
  } catch (...) {
    failure_ = std::current_exception();
    return false;
  }
}

std::uint32_t Machine::host_seen(std::uint32_t rows) {
  return walk_ != nullptr && walk_->rows_came(rows) ? 0 : 1;
}

}  // namespace quiesce::detail
