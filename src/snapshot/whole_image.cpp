#include "snapshot/whole_image.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <utility>

namespace quiesce::snapshot {
namespace {

constexpr std::uint64_t kShareOfDescriptors = 8;

std::atomic<std::uint64_t> g_image_count = 0;

class Place {
 public:
  Place() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = 0;
    if (g_image_count.fetch_add(1) < limit.rlim_cur / kShareOfDescriptors) return;
    --g_image_count;
    throw std::bad_alloc();
  }
  ~Place() { --g_image_count; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
};

struct CountedImage {
  CountedImage(std::uint64_t size, std::span<const guest::MemoryImage::Piece> pieces)
      : image("quiesce-snapshot", size, pieces) {}

  Place place;
  guest::MemoryImage image;
};

/// Pages of the base image that are there in every memory which does not store them.
void add_base_pages(std::uint32_t begin, std::uint32_t end, const Identity& identity,
                    std::vector<guest::MemoryImage::Piece>& pieces) {
  const auto page_count = static_cast<std::uint32_t>(identity.base.size() / kPageBytes);
  for (std::uint32_t index = begin; index < std::min(end, page_count); ++index) {
    const auto page = ancestor_of(identity.base, index);
    if (!is_dead(index, identity.dead) && !is_zero(page))
      pieces.push_back({std::uint64_t{index} * kPageBytes, page});
  }
}

std::vector<guest::MemoryImage::Piece> pieces_of(const Pages& pages, const Identity& identity) {
  std::vector<guest::MemoryImage::Piece> pieces;
  std::span<const std::byte> contents = pages.contents;
  std::uint32_t next = 0;
  for (const StoredPage& page : pages.table) {
    add_base_pages(next, page.index, identity, pieces);
    next = page.index + 1;
    if (page.kind == PageKind::zero) continue;
    pieces.push_back({std::uint64_t{page.index} * kPageBytes, contents.first(kPageBytes)});
    contents = contents.subspan(kPageBytes);
  }
  add_base_pages(next, ~std::uint32_t{0}, identity, pieces);
  return pieces;
}

}  // namespace

std::shared_ptr<const WholeImage> try_whole_image(const Pages& pages, const Identity& identity) {
  try {
    const auto pieces = pieces_of(pages, identity);
    if (pieces.empty()) return nullptr;
    const std::uint64_t end = pieces.back().offset + kPageBytes;
    const std::uint64_t size = (end + kWasmPageBytes - 1) / kWasmPageBytes * kWasmPageBytes;
    const auto made = std::make_shared<const CountedImage>(size, pieces);
    return std::make_shared<const WholeImage>(WholeImage{{made, &made->image}, pages.table});
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace quiesce::snapshot
