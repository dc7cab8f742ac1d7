#include "clean_blocks.hpp"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "exports.hpp"

namespace {

// What stands before the bytes of a block: the size of the neighbour below, if that is free, and
// the block's own, whose lowest bits say who is in use. That of the next one follows.
struct Chunk {
  u32 below;
  u32 head;

  u32 bytes() const { return head & ~7u; }
  bool is_used() const { return (head & 2u) != 0; }
  bool is_above_free() const { return (head & 1u) == 0; }
};

// A free chunk begins with up to so many bytes of sizes and links.
constexpr u32 kNoteBytes = 32;

u32 address_of(const void* block) { return reinterpret_cast<u32>(block); }
u32 chunk_of(const void* block) { return address_of(block) - (u32)sizeof(Chunk); }
Chunk chunk_at(u32 address) {
  Chunk chunk;
  memcpy(&chunk, reinterpret_cast<const void*>(address), sizeof(chunk));
  return chunk;
}

void clear(u32 address, u32 bytes) {
  char* start = reinterpret_cast<char*>(address);
  memset(start, 0, bytes);
  __asm__ volatile("" : : "r"(start) : "memory");  // or the compiler sees that nobody looks at it
}

// Notes of a free chunk that will stand in the middle of a larger one.
struct Seam {
  u32 address = 0;
  u32 bytes = 0;
};

Seam seam_above(u32 chunk) {
  const u32 next = chunk + chunk_at(chunk).bytes();
  const Chunk above = chunk_at(next);
  if (above.is_used()) return {};
  return {next, above.bytes() < kNoteBytes ? above.bytes() : kNoteBytes};
}

// In the free chunk at `start`, whose own notes are left alone: they are where it begins.
void clear_seam(Seam seam, u32 start) {
  const u32 first = start + kNoteBytes;
  const u32 end = start + chunk_at(start).bytes();
  u32 from = seam.address;
  u32 to = seam.address + seam.bytes;
  if (from < first) from = first;
  if (to > end) to = end;
  if (from < to) clear(from, to - from);
}

// Whether the C library would let the block grow where it is.
bool has_room_above(u32 chunk, size_t bytes) {
  const u32 here = chunk_at(chunk).bytes();
  const Chunk above = chunk_at(chunk + here);
  return !above.is_used() && (u64)here + above.bytes() > (u64)bytes + 2 * kNoteBytes;
}

}  // namespace

bool blocks_are_as_known() {
  constexpr size_t kBytes = 600;
  void* const one = malloc(kBytes);
  void* const two = malloc(kBytes);
  void* const last = malloc(kBytes);
  if (!one || !two || !last) return false;
  const u32 low = chunk_of(one);
  const u32 middle = chunk_of(two);
  const u32 high = chunk_of(last);
  const auto is_used = [](u32 address, u32 bytes) {
    const Chunk chunk = chunk_at(address);
    return chunk.is_used() && chunk.bytes() == bytes;
  };
  bool holds = is_used(low, middle - low) && is_used(middle, high - middle) &&
               !chunk_at(high).is_above_free() && room_of(one) == middle - low - 4;
  free_clean(one);
  holds = holds && !chunk_at(low).is_used() && chunk_at(middle).is_above_free() &&
          chunk_at(middle).below == middle - low;
  free_clean(two);
  holds = holds && chunk_at(low).bytes() == high - low && chunk_at(high).below == high - low &&
          chunk_at(middle).head == 0;
  free_clean(last);
  return holds && chunk_at(low).bytes() > high - low && chunk_at(high).head == 0;
}

size_t room_of(const void* block) { return malloc_usable_size(const_cast<void*>(block)); }

void free_clean(void* block) {
  if (!block) return;
  const u32 chunk = chunk_of(block);
  clear(address_of(block), room_of(block));
  const Chunk here = chunk_at(chunk);
  const u32 start = here.is_above_free() ? chunk - here.below : chunk;
  const Seam lower{chunk, start < chunk ? (u32)sizeof(Chunk) : 0};
  const Seam upper = seam_above(chunk);
  free(block);
  clear_seam(lower, start);
  clear_seam(upper, start);
}

void* resize_clean(void* block, size_t bytes) {
  if (!block) return malloc(bytes);
  const u32 chunk = chunk_of(block);
  const size_t room = room_of(block);
  if (bytes <= room) {
    clear(address_of(block) + bytes, room - bytes);
    const Seam upper = seam_above(chunk);
    void* const same = realloc(block, bytes);  // which cuts off the rest, where it stands
    if (upper.bytes != 0) clear_seam(upper, chunk + chunk_at(chunk).bytes());
    return same;
  }
  if (has_room_above(chunk, bytes)) return realloc(block, bytes);
  void* const moved = malloc(bytes);
  if (!moved) return nullptr;
  memcpy(moved, block, room);
  free_clean(block);
  return moved;
}
