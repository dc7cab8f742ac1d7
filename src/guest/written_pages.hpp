// Which pages of a private mapping differ from what was mapped, or may: those the process has a
// copy of, because it wrote to them.
//
//   if (auto written = written_pages(memory.base(), memory.size())) look_at(*written);
//   else look_at_everything();
//
// The kernel knows: Linux since 6.7 lists them (PAGEMAP_SCAN), older ones tell it page by page
// (/proc/self/pagemap), and where /proc is missing nobody does. Thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace quiesce::guest {

/// Pages of 4096 bytes, counted from the beginning of the memory.
struct PageRange {
  std::uint32_t first, count;
  friend bool operator==(const PageRange&, const PageRange&) = default;
};

/// Ways to ask; tests try each.
enum class AskFor : std::uint8_t { any, list, each };

/// Ascending, no two of them touch. Every page that was written is in it; others may be. Nothing:
/// the system does not say. Throws std::bad_alloc.
std::optional<std::vector<PageRange>> written_pages(const std::byte* begin, std::uint64_t size,
                                                    AskFor way = AskFor::any);

}  // namespace quiesce::guest
