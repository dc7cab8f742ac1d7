#include "guest/linear_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "guest/wasm2c_abi.h"

namespace quiesce::guest {
namespace {

constexpr std::uint64_t kAddressSpaceBytes = 1ull << 32;
constexpr std::uint64_t kReservedBytes =
    LinearMemory::kHeaderBytes + kAddressSpaceBytes + QW_GUARD_BYTES;

std::uint64_t whole_pages(std::uint64_t bytes) {
  return (bytes + LinearMemory::kWasmPageBytes - 1) / LinearMemory::kWasmPageBytes *
         LinearMemory::kWasmPageBytes;
}

// Nothing in it can be touched, but for the header.
std::byte* reserve() {
  void* const low =
      mmap(nullptr, kReservedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (low == MAP_FAILED) throw std::bad_alloc();
  if (mprotect(low, LinearMemory::kHeaderBytes, PROT_READ | PROT_WRITE) != 0) {
    munmap(low, kReservedBytes);
    throw std::bad_alloc();
  }
  return static_cast<std::byte*>(low) + LinearMemory::kHeaderBytes;
}

}  // namespace

LinearMemory::LinearMemory(const MemoryImage& image, std::uint64_t bytes_max)
    : base_(reserve()), bytes_max_(std::min(bytes_max, kAddressSpaceBytes)) {
  if (!map(image)) {
    release();
    throw std::bad_alloc();
  }
  size_ = image.size();
}

LinearMemory::LinearMemory(std::uint64_t initial_bytes, std::uint64_t bytes_max)
    : base_(reserve()), bytes_max_(std::min(bytes_max, kAddressSpaceBytes)) {
  if (!grow_to(whole_pages(initial_bytes))) {
    release();
    throw std::bad_alloc();
  }
}

LinearMemory::~LinearMemory() { release(); }

bool LinearMemory::map(const MemoryImage& image) noexcept {
  // What lies beyond the end of a file cannot be touched: images are whole pages.
  if (image.size() % kWasmPageBytes != 0 || image.size() > kAddressSpaceBytes) return false;
  constexpr int kProtection = PROT_READ | PROT_WRITE;
  constexpr int kHow = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  if (mmap(base_, image.size(), kProtection, kHow, image.file(), 0) == MAP_FAILED) return false;
  for (const MemoryImage::Range& gap : image.gaps()) {
    if (mmap(base_ + gap.offset, gap.size, kProtection, kHow | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
      return false;
  }
  return true;
}

void LinearMemory::release() noexcept { munmap(base_ - kHeaderBytes, kReservedBytes); }

bool LinearMemory::grow_to(std::uint64_t new_size) noexcept {
  if (new_size == size_) return true;
  if (new_size < size_ || new_size > bytes_max_ || new_size % kWasmPageBytes != 0) return false;
  if (mprotect(base_ + size_, new_size - size_, PROT_READ | PROT_WRITE) != 0) return false;
  size_ = new_size;
  return true;
}

bool LinearMemory::reserved(const void* address) const noexcept {
  const auto* const byte = static_cast<const std::byte*>(address);
  return byte >= base_ && byte < base_ + kAddressSpaceBytes + QW_GUARD_BYTES;
}

}  // namespace quiesce::guest
