#include "guest/linear_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace quiesce::guest {
namespace {

constexpr std::size_t kPageBytes = 4096;
// Comparing so few pages costs less than the faults that would tell which of them need it.
constexpr std::size_t kUnwatchedPagesMax = 256;
// What has changed once changes again: so many pages stay writable and are compared, not watched.
constexpr std::size_t kHotPagesMax = 256;

std::uint64_t whole_pages(std::uint64_t bytes) {
  return (bytes + LinearMemory::kWasmPageBytes - 1) / LinearMemory::kWasmPageBytes *
         LinearMemory::kWasmPageBytes;
}

std::size_t count_of(std::span<const PageRange> ranges) noexcept {
  std::size_t count = 0;
  for (const PageRange& range : ranges) count += range.count;
  return count;
}

/// The pages of `ranges` that are not among `pages`; both ascend.
std::vector<PageRange> without(std::span<const PageRange> ranges,
                               std::span<const std::uint32_t> pages) {
  std::vector<PageRange> rest;
  auto next = pages.begin();
  for (const PageRange& range : ranges) {
    std::uint32_t first = range.first;
    const std::uint32_t end = range.first + range.count;
    next = std::lower_bound(next, pages.end(), first);
    for (; next != pages.end() && *next < end; ++next) {
      if (*next > first) rest.push_back({first, *next - first});
      first = *next + 1;
    }
    if (end > first) rest.push_back({first, end - first});
  }
  return rest;
}

/// Whether a page is in a gap of the image, or behind its end.
bool is_zero_in(const MemoryImage& image, std::uint64_t offset) noexcept {
  return offset >= image.size() ||
         std::ranges::any_of(image.gaps(), [&](const MemoryImage::Range& gap) {
           return offset - gap.offset < gap.size;
         });
}

}  // namespace

LinearMemory::LinearMemory(const MemoryImage& image, std::uint64_t bytes_max)
    : image_(&image),
      base_(image.warm_slots().take()),
      size_(image.size()),
      bytes_max_(std::min(bytes_max, Reservation::kAddressSpaceBytes)) {
  if (base_) return;
  base_ = Reservation::make();
  if (map()) return;
  Reservation::give_back(base_);
  throw std::bad_alloc();
}

LinearMemory::LinearMemory(std::uint64_t initial_bytes, std::uint64_t bytes_max)
    : base_(Reservation::make()), bytes_max_(std::min(bytes_max, Reservation::kAddressSpaceBytes)) {
  constexpr int kProtection = PROT_READ | PROT_WRITE;
  if (mprotect(base_ - kHeaderBytes, kHeaderBytes, kProtection) == 0 &&
      grow_to(whole_pages(initial_bytes)))
    return;
  Reservation::give_back(base_);
  throw std::bad_alloc();
}

LinearMemory::~LinearMemory() {
  const bool is_wanted = image_ && image_->warm_slots().has_room();
  if (is_wanted && put_back() && image_->warm_slots().keep(base_)) return;
  Reservation::give_back(base_);
}

bool LinearMemory::map() noexcept {
  // What lies beyond the end of a file cannot be touched: images are whole pages.
  if (size_ % kWasmPageBytes != 0 || size_ > Reservation::kAddressSpaceBytes) return false;
  constexpr int kProtection = PROT_READ | PROT_WRITE;
  constexpr int kHow = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  std::byte* const low = base_ - kHeaderBytes;
  if (mmap(low, kHeaderBytes + size_, kProtection, kHow, image_->file(), 0) == MAP_FAILED)
    return false;
  for (const MemoryImage::Range& gap : image_->gaps()) {
    if (mmap(base_ + gap.offset, gap.size, kProtection, kHow | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
      return false;
  }
  return true;
}

// Every page that differs from the image is among those that the system says were written, since
// of no other does this process have a copy of its own. Nothing of this VM may reach the next one:
// where the system does not say, or refuses, there is no next one.
bool LinearMemory::put_back() noexcept {
  if (watched_bytes_ != 0) return false;  // its pages would fault once more
  try {
    const auto ranges = written_pages(base_, size_);
    if (!ranges || count_of(*ranges) > kSlotPagesMax) return false;
    for (const PageRange& range : *ranges) {
      for (std::uint32_t page = range.first; page < range.first + range.count; ++page) {
        const std::uint64_t offset = page * std::uint64_t{kPageBytes};
        if (is_zero_in(*image_, offset)) {
          std::memset(base_ + offset, 0, kPageBytes);
        } else {
          std::memcpy(base_ + offset, image_->bytes().data() + offset, kPageBytes);
        }
      }
    }
  } catch (const std::bad_alloc&) {
    return false;
  }
  const std::uint64_t grown = size_ - image_->size();
  return grown == 0 || mprotect(base_ + image_->size(), grown, PROT_NONE) == 0;
}

bool LinearMemory::grow_to(std::uint64_t new_size) noexcept {
  if (new_size == size_) return true;
  if (new_size < size_ || new_size > bytes_max_ || new_size % kWasmPageBytes != 0) return false;
  if (mprotect(base_ + size_, new_size - size_, PROT_READ | PROT_WRITE) != 0) return false;
  size_ = new_size;
  return true;
}

bool LinearMemory::reserved(const void* address) const noexcept {
  const auto* const byte = static_cast<const std::byte*>(address);
  return byte >= base_ && byte < base_ + Reservation::kAddressSpaceBytes + QW_GUARD_BYTES;
}

bool LinearMemory::watch() noexcept {
  if (watched_bytes_ == size_) return true;
  may_watch_ = may_watch_ && watch_writes(base_ + watched_bytes_, size_ - watched_bytes_);
  if (!may_watch_) return false;
  const auto first = static_cast<std::uint32_t>(watched_bytes_ / kPageBytes);
  const PageRange added[] = {{first, static_cast<std::uint32_t>(size_ / kPageBytes) - first}};
  forget_writes(base_, added);
  watched_bytes_ = size_;
  return true;
}

void LinearMemory::checkpoint(std::span<const PageRange> written,
                              std::span<const std::uint32_t> changed) {
  if (watched_bytes_ == 0 && count_of(written) <= kUnwatchedPagesMax) return;
  if (!watch()) return;
  if (changed.size() <= kHotPagesMax) {
    forget_writes(base_, without(written, changed));
  } else {
    forget_writes(base_, written);
  }
}

}  // namespace quiesce::guest
