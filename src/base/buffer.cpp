#include "base/buffer.hpp"

#include <sys/mman.h>

#include <new>

namespace quiesce::base {
namespace {

constexpr std::size_t kMappedBytesMin = 4u << 20;

}  // namespace

void FreeBuffer::operator()(std::byte* bytes) const noexcept {
  if (mapped == 0) {
    delete[] bytes;
  } else {
    munmap(bytes, mapped);
  }
}

Buffer make_buffer(std::size_t bytes) {
  if (bytes < kMappedBytesMin) return Buffer(new std::byte[bytes], FreeBuffer{});
  void* const room =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) throw std::bad_alloc();
  madvise(room, bytes, MADV_HUGEPAGE);  // a system that has none may say so
  return Buffer(static_cast<std::byte*>(room), FreeBuffer{bytes});
}

}  // namespace quiesce::base
