// Which pages of a private mapping differ from what was mapped, or may: those the process has a
// copy of, because it wrote to them. And, where the kernel can tell, which it has written since
// somebody last looked.
//
//   if (auto written = written_pages(memory.base(), memory.size())) look_at(*written);
//   else look_at_everything();
//
//   if (watch_writes(memory.base(), memory.size())) {
//     // Looked at: they count as written no more.
//     forget_writes(memory.base(), *written);
//     ... = written_pages(memory.base(), memory.size(), Since::forgotten);
//   }
//
// The kernel knows: Linux since 6.7 lists them (PAGEMAP_SCAN) and protects what is to be forgotten
// until the next write (userfaultfd, asynchronous), older ones tell it page by page
// (/proc/self/pagemap), and where /proc is missing nobody does. The child of a fork may be told of
// more pages than were written, never of fewer. Thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace quiesce::guest {

/// Pages of 4096 bytes, counted from the beginning of the memory.
struct PageRange {
  std::uint32_t first, count;
  friend bool operator==(const PageRange&, const PageRange&) = default;
};

enum class Since : std::uint8_t {
  mapped,
  forgotten,  // or mapped, where nothing was forgotten
};

/// Ascending, no two of them touch. Every page that was written is in it; others may be. Nothing:
/// the system does not say. Throws std::bad_alloc.
std::optional<std::vector<PageRange>> written_pages(const std::byte* begin, std::uint64_t size,
                                                    Since since = Since::mapped);

/// From now on writes there can be forgotten; until then every page counts as written. Each first
/// write to a page that was forgotten costs a fault. False: this kernel cannot, or does not let us.
bool watch_writes(std::byte* begin, std::uint64_t size) noexcept;

/// Those pages count as not written until they are written again. Without effect where writes are
/// not watched.
void forget_writes(std::byte* begin, std::span<const PageRange> ranges) noexcept;

/// What a kernel can be asked. `nothing` is for a system without /proc.
enum class AskFor : std::uint8_t { list, each, nothing };
/// For tests: the process behaves as if its kernel could do no more than that. Not thread safe.
void ask_kernel_for(AskFor most) noexcept;

}  // namespace quiesce::guest
