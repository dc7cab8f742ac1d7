#include "guest/written_pages.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

namespace quiesce::guest {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

// Of linux/fs.h since 6.7; the headers that we are compiled with may be older.
struct ScannedRegion {
  std::uint64_t start, end, categories;
};
struct ScanRequest {
  std::uint64_t size, flags, start, end, walk_end, regions, region_count, page_count_max;
  std::uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
constexpr unsigned long kScan = _IOWR('f', 16, ScanRequest);
constexpr std::uint64_t kIsFile = 1u << 2, kIsPresent = 1u << 3, kIsSwapped = 1u << 4;

class Pagemap {
 public:
  Pagemap() : file_(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)) {}
  ~Pagemap() {
    if (file_ >= 0) close(file_);
  }
  Pagemap(const Pagemap&) = delete;
  Pagemap& operator=(const Pagemap&) = delete;

  int file() const noexcept { return file_; }

 private:
  int file_;
};

class Ranges {
 public:
  void add(std::uint64_t first, std::uint64_t count) {
    if (!ranges_.empty() && ranges_.back().first + ranges_.back().count == first) {
      ranges_.back().count += static_cast<std::uint32_t>(count);
    } else {
      ranges_.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(count)});
    }
  }
  std::vector<PageRange> take() { return std::move(ranges_); }

 private:
  std::vector<PageRange> ranges_;
};

// Present or swapped, and not a page of the mapped file.
std::optional<std::vector<PageRange>> list(int pagemap, std::uint64_t begin, std::uint64_t end) {
  std::array<ScannedRegion, 128> regions;
  ScanRequest request{};
  request.size = sizeof(request);
  request.start = begin;
  request.end = end;
  request.regions = reinterpret_cast<std::uintptr_t>(regions.data());
  request.region_count = regions.size();
  request.category_inverted = request.category_mask = kIsFile;
  request.category_anyof_mask = kIsPresent | kIsSwapped;
  request.return_mask = kIsPresent;
  Ranges found;
  while (request.start < end) {
    const int count = ioctl(pagemap, kScan, &request);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 || request.walk_end <= request.start) return std::nullopt;
    for (const ScannedRegion& region : std::span(regions).first(static_cast<std::size_t>(count))) {
      found.add((region.start - begin) / kPageBytes, (region.end - region.start) / kPageBytes);
    }
    request.start = request.walk_end;
  }
  return found.take();
}

// One number for each page: bit 63 present, 62 swapped, 61 of a file (or shared).
std::optional<std::vector<PageRange>> each(int pagemap, std::uint64_t begin, std::uint64_t end) {
  std::array<std::uint64_t, 512> entries;
  Ranges found;
  for (std::uint64_t at = begin; at < end;) {
    const std::uint64_t wanted = std::min<std::uint64_t>((end - at) / kPageBytes, entries.size());
    const ssize_t got = pread(pagemap, entries.data(), wanted * sizeof(std::uint64_t),
                              static_cast<off_t>(at / kPageBytes * sizeof(std::uint64_t)));
    if (got < 0 && errno == EINTR) continue;
    if (got < static_cast<ssize_t>(sizeof(std::uint64_t))) return std::nullopt;
    const std::size_t count = static_cast<std::size_t>(got) / sizeof(std::uint64_t);
    for (const std::uint64_t entry : std::span(entries).first(count)) {
      if ((entry >> 62) != 0 && (entry >> 61 & 1) == 0) found.add((at - begin) / kPageBytes, 1);
      at += kPageBytes;
    }
  }
  return found.take();
}

}  // namespace

std::optional<std::vector<PageRange>> written_pages(const std::byte* begin, std::uint64_t size,
                                                    AskFor way) {
  if (sysconf(_SC_PAGESIZE) != static_cast<long>(kPageBytes)) return std::nullopt;
  const Pagemap pagemap;
  if (pagemap.file() < 0) return std::nullopt;
  const std::uint64_t from = reinterpret_cast<std::uintptr_t>(begin), to = from + size;
  if (way != AskFor::each) {
    if (auto found = list(pagemap.file(), from, to); found || way == AskFor::list) return found;
  }
  return each(pagemap.file(), from, to);
}

}  // namespace quiesce::guest
