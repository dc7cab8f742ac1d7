#include "snapshot/image.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/bytes.hpp"
#include "quiesce/error.hpp"

namespace quiesce::snapshot {
namespace {

using Page = std::span<const std::byte, kPageBytes>;
using PageBuffer = std::byte[kPageBytes];

alignas(64) constexpr PageBuffer kZeroPage{};

void require_memory_size(std::size_t bytes, const char* what) {
  if (bytes % kPageBytes != 0 || bytes > kMemoryBytesMax) {
    throw Error(Errc::invalid_argument, std::string(what) + " of " + std::to_string(bytes) +
                                            " bytes is not a linear memory: whole pages of " +
                                            std::to_string(kPageBytes) + " bytes, 4 GiB at most");
  }
}

bool equal(Page a, Page b) noexcept { return std::memcmp(a.data(), b.data(), kPageBytes) == 0; }

Page page_at(std::span<const std::byte> memory, std::size_t index) noexcept {
  return memory.subspan(index * kPageBytes).first<kPageBytes>();
}

enum class Life { live, partly_dead, dead };

Life life_of(std::size_t index, DeadRange dead) noexcept {
  const std::uint64_t begin = index * kPageBytes;
  const std::uint64_t end = begin + kPageBytes;
  if (dead.low >= dead.high || end <= dead.low || begin >= dead.high) return Life::live;
  return begin >= dead.low && end <= dead.high ? Life::dead : Life::partly_dead;
}

/// The page with its dead bytes zeroed, in `buffer` if there are some.
Page without_dead_bytes(Page page, std::size_t index, DeadRange dead, PageBuffer& buffer) noexcept {
  if (life_of(index, dead) == Life::live) return page;
  const std::uint64_t begin = index * kPageBytes;
  const std::uint64_t from = std::max<std::uint64_t>(dead.low, begin) - begin;
  const std::uint64_t to = std::min<std::uint64_t>(dead.high, begin + kPageBytes) - begin;
  std::memcpy(buffer, page.data(), kPageBytes);
  std::memset(buffer + from, 0, to - from);
  return Page(buffer);
}

/// How a page must be stored; nothing if it is as it was.
std::optional<PageKind> kind_of(Page page, Page before) noexcept {
  if (equal(page, before)) return std::nullopt;
  return is_zero(page) ? PageKind::zero : PageKind::data;
}

}  // namespace

std::span<const std::byte, kPageBytes> ancestor_of(std::span<const std::byte> base,
                                                   std::uint32_t index) noexcept {
  return is_of_base(index, base) ? page_at(base, index) : Page(kZeroPage);
}

bool is_of_base(std::uint32_t index, std::span<const std::byte> base) noexcept {
  return index < base.size() / kPageBytes;
}

bool is_dead(std::uint32_t index, DeadRange dead) noexcept {
  return life_of(index, dead) == Life::dead;
}

Page zero_page() noexcept { return Page(kZeroPage); }

bool is_zero(Page page) noexcept { return equal(page, Page(kZeroPage)); }

Pages capture(std::span<const std::byte> memory, std::span<const std::byte> base, DeadRange dead) {
  const auto page_count = static_cast<std::uint32_t>(memory.size() / kPageBytes);
  const guest::PageRange all[] = {{0, page_count}};
  require_memory_size(base.size(), "a base image");
  return capture(
      memory, [base](std::uint32_t index) { return ancestor_of(base, index); }, dead, all);
}

Pages capture(std::span<const std::byte> memory, const PageAt& before, DeadRange dead,
              std::span<const guest::PageRange> among) {
  require_memory_size(memory.size(), "a memory");
  PageBuffer buffer;
  Pages pages;
  std::size_t data_count = 0;
  for (const guest::PageRange& range : among) {
    for (std::uint32_t index = range.first; index < range.first + range.count; ++index) {
      if (life_of(index, dead) == Life::dead) continue;
      const Page page = without_dead_bytes(page_at(memory, index), index, dead, buffer);
      if (const auto kind = kind_of(page, before(index))) {
        pages.table.push_back({index, *kind});
        if (*kind == PageKind::data) ++data_count;
      }
    }
  }

  const std::size_t contents_bytes = data_count * kPageBytes;
  pages.storage = base::make_buffer(contents_bytes);
  std::byte* end = pages.storage.get();
  for (const StoredPage& stored : pages.table) {
    if (stored.kind == PageKind::zero) continue;
    const Page page = without_dead_bytes(page_at(memory, stored.index), stored.index, dead, buffer);
    std::memcpy(end, page.data(), kPageBytes);
    end += kPageBytes;
  }
  pages.contents = {pages.storage.get(), contents_bytes};
  return pages;
}

void apply(const Pages& pages, std::span<std::byte> memory) {
  const std::size_t page_count = memory.size() / kPageBytes;
  if (!pages.table.empty() && pages.table.back().index >= page_count) {
    throw Error(Errc::invalid_argument, "a memory of " + std::to_string(memory.size()) +
                                            " bytes is too small for the pages of this snapshot");
  }
  std::span<const std::byte> contents = pages.contents;
  for (const StoredPage& stored : pages.table) {
    std::byte* target = memory.data() + stored.index * kPageBytes;
    if (stored.kind == PageKind::zero) {
      std::memset(target, 0, kPageBytes);
    } else {
      std::memcpy(target, contents.data(), kPageBytes);
      contents = contents.subspan(kPageBytes);
    }
  }
}

base::Digest digest_of_base(std::span<const std::byte> base, DeadRange dead) {
  require_memory_size(base.size(), "a base image");
  base::Sha256 hash;
  std::byte number[8];
  base::store_little_endian<std::uint64_t>(number, base.size());
  hash.update(number);
  PageBuffer buffer;
  for (std::uint32_t index = 0; index < base.size() / kPageBytes; ++index) {
    if (life_of(index, dead) == Life::dead) continue;
    const Page page = without_dead_bytes(page_at(base, index), index, dead, buffer);
    if (is_zero(page)) continue;
    base::store_little_endian<std::uint32_t>(std::span(number).first<4>(), index);
    hash.update(std::span(number).first<4>());
    hash.update(page);
  }
  return hash.finish();
}

}  // namespace quiesce::snapshot
