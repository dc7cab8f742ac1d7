#include "guest/written_pages.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <span>
#include <utility>

#include "guest/process_file.hpp"

namespace quiesce::guest {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

// ---- the kernel's interface ---------------------------------------------------------------------

// Of linux/fs.h and linux/userfaultfd.h since 6.7; the headers that we are compiled with may be
// older.
struct ScannedRegion {
  std::uint64_t start, end, categories;
};
struct ScanRequest {
  std::uint64_t size, flags, start, end, walk_end, regions, region_count, page_count_max;
  std::uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
constexpr unsigned long kScan = _IOWR('f', 16, ScanRequest);
constexpr std::uint64_t kScanProtects = 1u << 0, kScanOnlyWatched = 1u << 1;
constexpr std::uint64_t kIsWritten = 1u << 1, kIsFile = 1u << 2, kIsPresent = 1u << 3,
                        kIsSwapped = 1u << 4;

struct FaultApi {
  std::uint64_t version, features, ioctls;
};
struct FaultRange {
  std::uint64_t start, size, mode, ioctls;
};
constexpr unsigned long kFaultApi = _IOWR(0xaa, 0x3f, FaultApi);
constexpr unsigned long kFaultRegister = _IOWR(0xaa, 0x00, FaultRange);
constexpr std::uint64_t kFaultVersion = 0xaa, kFaultWriteProtected = 1u << 1;
// The kernel lifts the protection itself, and nobody needs to wait for events.
constexpr std::uint64_t kFaultAsynchronous = 1u << 15;
constexpr int kFaultOfUserOnly = 1;  // what those may ask for who are not root

constinit ProcessFile g_pagemap, g_faults;
constinit AskFor g_most = AskFor::list;

int open_pagemap() { return open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC); }

int open_faults() {
  const int file = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | kFaultOfUserOnly));
  FaultApi api{kFaultVersion, kFaultAsynchronous, 0};
  if (file < 0 || ioctl(file, kFaultApi, &api) == 0) return file;
  close(file);
  return -1;
}

/// Whether the descriptor was closed by others, and perhaps opened by them.
bool is_other_file(int error) noexcept { return error == ENOTTY || error == EBADF; }

// An older kernel answers as any other file would.
constinit std::atomic<bool> g_cannot_scan{false};

int scan(ScanRequest& request) noexcept {
  if (g_cannot_scan.load(std::memory_order_relaxed)) return -1;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const int pagemap = g_pagemap.get(open_pagemap);
    if (pagemap < 0) return -1;
    int count;
    do {
      count = ioctl(pagemap, kScan, &request);
    } while (count < 0 && errno == EINTR);
    if (count >= 0 || !is_other_file(errno)) return count;
    g_pagemap.forget(pagemap);
    if (attempt == 0) continue;
    close(pagemap);  // opened just now: it is what it should be
    g_cannot_scan = true;
  }
  return -1;
}

// ---- the pages ----------------------------------------------------------------------------------

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

std::optional<std::vector<PageRange>> list(ScanRequest request) {
  std::array<ScannedRegion, 128> regions;
  const std::uint64_t begin = request.start, end = request.end;
  request.regions = reinterpret_cast<std::uintptr_t>(regions.data());
  request.region_count = regions.size();
  Ranges found;
  while (request.start < end) {
    const int count = scan(request);
    if (count < 0 || request.walk_end <= request.start) return std::nullopt;
    for (const ScannedRegion& region : std::span(regions).first(static_cast<std::size_t>(count))) {
      found.add((region.start - begin) / kPageBytes, (region.end - region.start) / kPageBytes);
    }
    request.start = request.walk_end;
  }
  return found.take();
}

ScanRequest request_for(std::uint64_t begin, std::uint64_t end) noexcept {
  ScanRequest request{};
  request.size = sizeof(request);
  request.start = begin;
  request.end = end;
  return request;
}

std::optional<std::vector<PageRange>> list(std::uint64_t begin, std::uint64_t end, Since since) {
  if (since == Since::forgotten) {
    // In just this form the kernel need not look at the pages themselves, which is most of the
    // work. It is of no use where not all is watched: there every page counts as written.
    ScanRequest request = request_for(begin, end);
    request.flags = kScanOnlyWatched;
    request.category_mask = request.return_mask = kIsWritten;
    if (auto found = list(request)) return found;
  }
  // Present or swapped, not a page of the mapped file, and not protected from writing.
  ScanRequest request = request_for(begin, end);
  request.category_inverted = kIsFile;
  request.category_mask = kIsFile | (since == Since::forgotten ? kIsWritten : 0);
  request.category_anyof_mask = kIsPresent | kIsSwapped;
  request.return_mask = kIsPresent;
  return list(request);
}

// One number for each page: bit 63 present, 62 swapped, 61 of a file (or shared), 57 protected. A
// descriptor that was kept could be anything by now, and anything can be read: this one is new.
std::optional<std::vector<PageRange>> each(std::uint64_t begin, std::uint64_t end, Since since) {
  struct Pagemap {
    int file = open_pagemap();
    ~Pagemap() {
      if (file >= 0) close(file);
    }
  };
  const Pagemap pagemap;
  std::array<std::uint64_t, 512> entries;
  Ranges found;
  for (std::uint64_t at = begin; at < end;) {
    const std::uint64_t wanted = std::min<std::uint64_t>((end - at) / kPageBytes, entries.size());
    const ssize_t got = pread(pagemap.file, entries.data(), wanted * sizeof(std::uint64_t),
                              static_cast<off_t>(at / kPageBytes * sizeof(std::uint64_t)));
    if (got < 0 && errno == EINTR) continue;
    if (got < static_cast<ssize_t>(sizeof(std::uint64_t))) return std::nullopt;
    const std::size_t count = static_cast<std::size_t>(got) / sizeof(std::uint64_t);
    for (const std::uint64_t entry : std::span(entries).first(count)) {
      const bool is_own = (entry >> 62) != 0 && (entry >> 61 & 1) == 0;
      const bool is_forgotten = since == Since::forgotten && (entry >> 57 & 1) != 0;
      if (is_own && !is_forgotten) found.add((at - begin) / kPageBytes, 1);
      at += kPageBytes;
    }
  }
  return found.take();
}

std::uint64_t address_of(const std::byte* byte) noexcept {
  return reinterpret_cast<std::uintptr_t>(byte);
}

}  // namespace

std::optional<std::vector<PageRange>> written_pages(const std::byte* begin, std::uint64_t size,
                                                    Since since) {
  if (sysconf(_SC_PAGESIZE) != static_cast<long>(kPageBytes)) return std::nullopt;
  if (g_most == AskFor::nothing) return std::nullopt;
  const std::uint64_t from = address_of(begin), to = from + size;
  if (g_most == AskFor::list) {
    if (auto found = list(from, to, since)) return found;
  }
  return each(from, to, since);
}

void ask_kernel_for(AskFor most) noexcept { g_most = most; }

bool watch_writes(std::byte* begin, std::uint64_t size) noexcept {
  if (sysconf(_SC_PAGESIZE) != static_cast<long>(kPageBytes) || g_most != AskFor::list)
    return false;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const int faults = g_faults.get(open_faults);
    if (faults < 0) return false;
    FaultRange range{address_of(begin), size, kFaultWriteProtected, 0};
    if (ioctl(faults, kFaultRegister, &range) == 0) return true;
    if (!is_other_file(errno)) return false;
    g_faults.forget(faults);
  }
  return false;
}

void forget_writes(std::byte* begin, std::span<const PageRange> ranges) noexcept {
  for (const PageRange& range : ranges) {
    const std::uint64_t from = address_of(begin) + range.first * kPageBytes;
    ScanRequest request = request_for(from, from + range.count * kPageBytes);
    request.flags = kScanProtects;
    request.category_mask = kIsWritten;
    // What the kernel refuses goes on counting as written, which costs time and nothing else.
    while (request.start < request.end && scan(request) >= 0 && request.walk_end > request.start) {
      request.start = request.walk_end;
    }
  }
}

}  // namespace quiesce::guest
