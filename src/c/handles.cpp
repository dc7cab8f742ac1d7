#include "c/handles.hpp"

#include <new>
#include <utility>

namespace quiesce::c {

class Handles::Lock {
 public:
  explicit Lock(Place& place) : place_(place) {
    while (place_.locked.test_and_set(std::memory_order_acquire)) {
      // Held for a few instructions only.
    }
  }
  ~Lock() { place_.locked.clear(std::memory_order_release); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Place& place_;
};

Handles& Handles::all() {
  // Never destroyed: handles may be used while the process ends.
  static Handles& handles = *new Handles;
  return handles;
}

Handles::~Handles() {
  for (std::atomic<Chunk*>& chunk : chunks_) delete chunk.load(std::memory_order_relaxed);
}

Handles::Place* Handles::place_of(std::uint64_t number) const {
  const auto index = static_cast<std::uint32_t>(number & ((1u << kPlaceBits) - 1));
  Chunk* chunk = chunks_[index >> kChunkBits].load(std::memory_order_acquire);
  return chunk == nullptr ? nullptr : &(*chunk)[index & (kChunkPlaces - 1)];
}

std::uint64_t Handles::add(Kind kind, std::shared_ptr<void> object) {
  std::uint32_t index = 0;
  {
    const std::lock_guard guard(mutex_);
    if (free_.empty()) {
      if (places_ == kChunks * kChunkPlaces) throw std::bad_alloc();
      if (places_ % kChunkPlaces == 0)
        chunks_[places_ >> kChunkBits].store(new Chunk, std::memory_order_release);
      // So that `remove` never allocates.
      if (free_.capacity() <= places_) free_.reserve(2 * places_ + 64);
      index = places_++;
    } else {
      index = free_.back();
      free_.pop_back();
    }
  }
  Place& place = *place_of(index);
  const Lock lock(place);
  ++place.uses;
  place.kind = kind;
  place.object = std::move(object);
  return place.uses << kPlaceBits | index;
}

std::shared_ptr<void> Handles::find(Kind kind, std::uint64_t number) const {
  Place* place = place_of(number);
  if (place == nullptr) return nullptr;
  const Lock lock(*place);
  if (place->uses != number >> kPlaceBits || place->kind != kind) return nullptr;
  return place->object;
}

std::shared_ptr<void> Handles::remove(Kind kind, std::uint64_t number) {
  Place* place = place_of(number);
  if (place == nullptr) return nullptr;
  std::shared_ptr<void> object;
  {
    const Lock lock(*place);
    if (place->uses != number >> kPlaceBits || place->kind != kind) return nullptr;
    place->kind = Kind::none;
    object = std::move(place->object);
  }
  if (number >> kPlaceBits != kUsesMax) {
    const std::lock_guard guard(mutex_);
    free_.push_back(static_cast<std::uint32_t>(number & ((1u << kPlaceBits) - 1)));
  }
  return object;
}

}  // namespace quiesce::c
