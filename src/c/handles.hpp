// The handles of the C interface: numbers that are looked up, so that a wrong one is an error and
// never an access to memory that is gone.
//
//   Handles& handles = Handles::all();
//   quiesce_value* handle = handles.add<quiesce_value>(object);
//   std::shared_ptr<ValueObject> object = handles.find<ValueObject>(handle);   // null: no such
//   handles.remove(handle);
//
// A number is 24 bits of place and 40 bits that count how often the place was used. A place whose
// count is used up is given up, so no number comes twice in the life of the process. This is the
// one table of the library that the whole process shares: C has no other way to tell a handle that
// was freed from one that was not (docs/decisions/005-c-handles.md).
//
// Thread safe: adding and removing take a mutex, finding locks the one place it looks at.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "quiesce.h"

namespace quiesce::c {

/// What a handle stands for.
enum class Kind : std::uint8_t {
  none,
  host,
  vm,
  value,
  call,
  deferred,
  snapshot,
  buffer,
  list,
  stop,
  engines
};

class Handles {
 public:
  Handles() = default;
  ~Handles();
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  /// The one of the process, which is never destroyed.
  static Handles& all();

  /// The number of a new handle to `object`. Throws std::bad_alloc when 2^24 are in use.
  std::uint64_t add(Kind kind, std::shared_ptr<void> object);
  /// Null: not a live handle of this kind.
  std::shared_ptr<void> find(Kind kind, std::uint64_t number) const;
  /// What `find` would have given; the number is dead from now on.
  std::shared_ptr<void> remove(Kind kind, std::uint64_t number);

 private:
  static constexpr std::uint32_t kPlaceBits = 24;
  static constexpr std::uint32_t kChunkBits = 12;
  static constexpr std::uint32_t kChunkPlaces = 1u << kChunkBits;
  static constexpr std::uint32_t kChunks = 1u << (kPlaceBits - kChunkBits);
  static constexpr std::uint64_t kUsesMax = (std::uint64_t{1} << (64 - kPlaceBits)) - 1;

  struct Place {
    std::atomic_flag locked = ATOMIC_FLAG_INIT;
    std::uint64_t uses = 0;  // as in the number of the handle that is here, or was last
    Kind kind = Kind::none;
    std::shared_ptr<void> object;
  };
  using Chunk = std::array<Place, kChunkPlaces>;
  class Lock;

  Place* place_of(std::uint64_t number) const;

  std::mutex mutex_;                                   // of the members below
  std::array<std::atomic<Chunk*>, kChunks> chunks_{};  // of stable addresses
  std::uint32_t places_ = 0;
  std::vector<std::uint32_t> free_;
};

}  // namespace quiesce::c
