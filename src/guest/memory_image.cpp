#include "guest/memory_image.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <new>

namespace quiesce::guest {
namespace {

// A gap that memories get by a mapping of their own must be worth that: one call for each memory,
// and two of the mappings of which a process may have some ten thousands.
constexpr std::uint64_t kGapBytesMin = 1u << 20;
constexpr std::size_t kGapsMax = 8;

// Beyond this limit the system would not just refuse: it would send SIGXFSZ.
bool is_file_size_allowed(std::uint64_t bytes) noexcept {
  rlimit limit{};
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 && bytes <= limit.rlim_cur;
}

void write_all(int file, std::span<const std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw std::bad_alloc();
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

}  // namespace

MemoryImage::MemoryImage(const char* name, std::uint64_t size, std::span<const Piece> pieces)
    : size_(size) {
  note_gaps(pieces);
  if (size > Reservation::kAddressSpaceBytes || !is_file_size_allowed(kHeaderBytes + size))
    throw std::bad_alloc();
  file_ = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file_ < 0) throw std::bad_alloc();
  try {
    fill(pieces);
  } catch (...) {
    close(file_);
    throw;
  }
}

MemoryImage::~MemoryImage() {
  munmap(const_cast<std::byte*>(view_), size_);
  close(file_);
}

void MemoryImage::fill(std::span<const Piece> pieces) {
  if (ftruncate(file_, static_cast<off_t>(kHeaderBytes + size_)) != 0) throw std::bad_alloc();
  for (std::size_t i = 0; i < pieces.size();) {
    // Neighbours in the file that are neighbours in memory are written in one go.
    const std::byte* const begin = pieces[i].bytes.data();
    const std::uint64_t offset = pieces[i].offset;
    std::size_t count = pieces[i].bytes.size();
    for (++i; i < pieces.size() && pieces[i].offset == offset + count &&
              pieces[i].bytes.data() == begin + count;
         ++i) {
      count += pieces[i].bytes.size();
    }
    write_all(file_, {begin, count}, kHeaderBytes + offset);
  }
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  if (fcntl(file_, F_ADD_SEALS, kSeals) != 0) throw std::bad_alloc();
  // Private, for Linux before 6.7 lets nobody share a file that is sealed.
  void* const view = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_, kHeaderBytes);
  if (view == MAP_FAILED) throw std::bad_alloc();
  view_ = static_cast<const std::byte*>(view);
}

// What lies below the first piece is the guest's stack, of which the upper end is always used.
void MemoryImage::note_gaps(std::span<const Piece> pieces) {
  for (std::size_t i = 1; i < pieces.size() && gaps_.size() < kGapsMax; ++i) {
    const std::uint64_t begin = pieces[i - 1].offset + pieces[i - 1].bytes.size();
    if (pieces[i].offset - begin >= kGapBytesMin)
      gaps_.push_back({begin, pieces[i].offset - begin});
  }
}

}  // namespace quiesce::guest
