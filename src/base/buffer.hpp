// Room for many bytes that are about to be written, without zeroing them first.
//
//   base::Buffer room = base::make_buffer(24u << 20);
//   std::memcpy(room.get(), ...);
//
// Large ones lie in large pages where the system has some: of what it costs to fill new memory,
// most is what the system does for each page of it.
#pragma once

#include <cstddef>
#include <memory>

namespace quiesce::base {

struct FreeBuffer {
  std::size_t mapped = 0;  // 0: it is of operator new[]
  void operator()(std::byte* bytes) const noexcept;
};

using Buffer = std::unique_ptr<std::byte[], FreeBuffer>;

/// Throws std::bad_alloc.
Buffer make_buffer(std::size_t bytes);

}  // namespace quiesce::base
