#include "memory.hpp"

#include <stdlib.h>
#include <string.h>

#include "clean_blocks.hpp"
#include "machine.hpp"

namespace {

constexpr size_t kReserveBytes = 64u << 10;
constexpr size_t kSlackBytes = 256u << 10;  // above the limit, for error objects only
constexpr size_t kCompilerSlackBytes = 1u << 20;
constexpr size_t kBlockOverheadBytes = 8;  // of the C library
constexpr size_t kCollectRoomBytes = 64u << 10;

// Errors must be made: the one that says so, and the one that ends an interrupted program.
bool is_generous() {
  return machine.rt && (qi_may_exceed_limit(machine.rt) || machine.shared.stop != Q_STOP_NONE);
}

void note_refusal(size_t more, size_t less) {
  machine.shared.refused.memory_wanted = machine.memory.used + more - less;
  machine.shared.refused.memory_limit = machine.memory.limit;
}

bool admitted(size_t more, size_t less) {
  const auto& memory = machine.memory;
  if (memory.limit == 0) return true;
  const u64 wanted = memory.used + more - less;
  if (wanted <= memory.limit) return true;
  if (wanted <= memory.limit + kSlackBytes && is_generous()) return true;
  note_refusal(more, less);
  // What is left to do after the last token takes less than what the compiler has by then.
  return wanted <= 2 * memory.limit + kCompilerSlackBytes && qi_lend();
}

// The nearer the limit, the sooner the next collection: cycles of garbage must not be what exhausts
// the memory. Half of what is left each time, so that a full heap is not collected for ever.
void collect_before_limit() {
  const auto& memory = machine.memory;
  if (memory.limit == 0 || !machine.rt) return;
  const u64 room = memory.limit > memory.used ? (memory.limit - memory.used) / 2 : 0;
  const u64 threshold =
      qi_malloc_size(machine.rt) + (room > kCollectRoomBytes ? room : kCollectRoomBytes);
  if (threshold < JS_GetGCThreshold(machine.rt)) JS_SetGCThreshold(machine.rt, (size_t)threshold);
}

size_t block_bytes(const void* block) { return block ? room_of(block) + kBlockOverheadBytes : 0; }

template <class Allocate>
void* take(size_t bytes, void* old, Allocate allocate) {
  const size_t old_bytes = block_bytes(old);
  void* block = nullptr;
  if (admitted(bytes, old_bytes)) {
    block = allocate();
    if (!block && is_generous() && machine.memory.reserve) {
      free(machine.memory.reserve);
      machine.memory.reserve = nullptr;
      block = allocate();
    }
  }
  if (!block) {
    note_refusal(bytes, old_bytes);
    qi_note_shortage();
    return nullptr;
  }
  machine.memory.used += block_bytes(block);
  machine.memory.used -= old_bytes;
  collect_before_limit();
  return block;
}

// The runtime, before which there is nothing, is within a page, too: every job writes to it.
void* take_runtime(size_t size) {
  void* const block = aligned_alloc(QI_PAGE_BYTES / 4, size);
  return block ? memset(block, 0, size) : nullptr;
}

void* take_zeroed(void*, size_t count, size_t size) {
  if (!machine.rt) return take(count * size, nullptr, [=] { return take_runtime(count * size); });
  if (qi_allocation_fails(machine.rt)) return nullptr;
  return take(count * size, nullptr, [=] { return calloc(count, size); });
}

void* take_new(void*, size_t size) {
  return take(size, nullptr,
              [=] { return qi_is_page(size) ? aligned_alloc(QI_PAGE_BYTES, size) : malloc(size); });
}

void give_back(void*, void* block) {
  machine.memory.used -= block_bytes(block);
  free_clean(block);
}

void* resize(void*, void* block, size_t size) {
  if (machine.rt && qi_allocation_fails(machine.rt)) return nullptr;
  return take(size, block, [=] { return resize_clean(block, size); });
}

}  // namespace

const JSMallocFunctions kGuestAllocator = {take_zeroed, take_new, give_back, resize, room_of};

void qi_note_shortage() {
  machine.memory.is_short = true;
  if (machine.rt) JS_SetGCThreshold(machine.rt, 0);  // the next new object collects
}

void recover_memory() {
  auto& memory = machine.memory;
  if (memory.is_short) {
    memory.is_short = false;
    JS_RunGC(machine.rt);
    // As QuickJS sets it after a collection of its own.
    const size_t size = qi_malloc_size(machine.rt);
    JS_SetGCThreshold(machine.rt, size + size / 2);
  }
  if (!memory.reserve) memory.reserve = malloc(kReserveBytes);
}
