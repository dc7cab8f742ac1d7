#include "snapshot/payload.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "base/bytes.hpp"
#include "quiesce/error.hpp"

namespace quiesce::snapshot {
namespace {

// On heaps, higher levels save a few hundredths of the size at many times the cost, and the search
// of levels 5 to 12 may differ between processors of different vector units.
constexpr int kCompressionLevel = 1;

constexpr std::uint32_t kZeroPageFlag = std::uint32_t{1} << 31;

using base::ByteReader;
using Bytes = std::span<const std::byte>;
using Page = std::span<const std::byte, kPageBytes>;

/// page ^= before. Its own inverse; leaves little but zeros where only a few words have changed.
void xor_page(std::byte* page, Page before) noexcept {
  for (std::size_t i = 0; i < kPageBytes; i += sizeof(std::uint64_t)) {
    std::uint64_t left, right;
    std::memcpy(&left, page + i, sizeof(left));
    std::memcpy(&right, before.data() + i, sizeof(right));
    left ^= right;
    std::memcpy(page + i, &left, sizeof(left));
  }
}

std::size_t require_zstd(std::size_t result) {
  if (ZSTD_isError(result) != 0) {
    throw Error(Errc::resources,
                std::string("cannot compress a snapshot: ") + ZSTD_getErrorName(result));
  }
  return result;
}

base::Buffer decompress(Bytes compressed, std::uint64_t payload_bytes, const Refusal& refusal) {
  const std::string not_a_frame = "its payload is not one zstd frame of the size it says";
  // Not a skippable frame, which libzstd would take for an empty one and which can hide anything.
  const auto first = compressed.first(std::min<std::size_t>(compressed.size(), 4));
  refusal.require(first.size() == 4 && ByteReader(first).take<std::uint32_t>() == ZSTD_MAGICNUMBER,
                  not_a_frame);
  refusal.require(
      ZSTD_findFrameCompressedSize(compressed.data(), compressed.size()) == compressed.size(),
      not_a_frame);
  refusal.require(ZSTD_getFrameContentSize(compressed.data(), compressed.size()) == payload_bytes,
                  not_a_frame);
  base::Buffer payload;
  try {
    payload = base::make_buffer(payload_bytes);
  } catch (const std::bad_alloc&) {
    refusal.for_want_of_memory(payload_bytes);
  }
  const std::size_t got =
      ZSTD_decompress(payload.get(), payload_bytes, compressed.data(), compressed.size());
  if (ZSTD_getErrorCode(got) == ZSTD_error_memory_allocation)
    refusal.for_want_of_memory(payload_bytes);
  refusal.require(got == payload_bytes, not_a_frame);
  return payload;
}

std::vector<StoredPage> take_table(Bytes payload, const PayloadFacts& facts,
                                   const Refusal& refusal) {
  ByteReader in(payload);
  std::vector<StoredPage> table;
  table.reserve(facts.page_count);
  const std::uint64_t memory_page_count = facts.memory_bytes / kPageBytes;
  std::uint32_t zero_page_count = 0;
  for (std::uint32_t i = 0; i < facts.page_count; ++i) {
    const auto entry = in.take<std::uint32_t>();
    const StoredPage page{entry & ~kZeroPageFlag,
                          (entry & kZeroPageFlag) != 0 ? PageKind::zero : PageKind::data};
    refusal.require(page.index < memory_page_count,
                    "page " + std::to_string(page.index) + " lies outside its memory");
    refusal.require(table.empty() || table.back().index < page.index,
                    "page " + std::to_string(page.index) + " is out of order");
    if (page.kind == PageKind::zero) ++zero_page_count;
    table.push_back(page);
  }
  refusal.require(zero_page_count == facts.zero_page_count, "it miscounts its zero pages");
  return table;
}

/// Undoes the XOR in place. One state of a VM has one snapshot: what need not be stored, or not in
/// this form, is no writer's.
void restore_contents(const std::vector<StoredPage>& table, std::byte* contents,
                      const PageReader& before, const Refusal& refusal) {
  for (const StoredPage& page : table) {
    const Page was = before.at(page.index);
    bool needed = false;
    if (page.kind == PageKind::zero) {
      needed = !is_zero(was);
    } else {
      const Page bytes(contents, kPageBytes);
      needed = !is_zero(bytes);
      xor_page(contents, was);
      needed = needed && !is_zero(bytes);
      contents += kPageBytes;
    }
    refusal.require(needed,
                    "page " + std::to_string(page.index) + " should not be stored this way");
  }
}

}  // namespace

std::uint64_t payload_bytes_for(std::uint32_t page_count, std::uint32_t zero_page_count) noexcept {
  return std::uint64_t{page_count} * sizeof(std::uint32_t) +
         std::uint64_t{page_count - zero_page_count} * kPageBytes;
}

Payload make_payload(std::span<const PageVersions> changes) {
  Payload payload;
  payload.page_count = static_cast<std::uint32_t>(changes.size());
  payload.zero_page_count = static_cast<std::uint32_t>(std::ranges::count_if(
      changes, [](const PageVersions& change) { return is_zero(change.after); }));
  const std::uint64_t bytes = payload_bytes_for(payload.page_count, payload.zero_page_count);
  payload.storage = base::make_buffer(bytes);
  payload.bytes = {payload.storage.get(), bytes};
  std::byte* entry = payload.storage.get();
  std::byte* contents = entry + changes.size() * sizeof(std::uint32_t);
  for (const PageVersions& change : changes) {
    const bool is_zero_page = is_zero(change.after);
    base::store_little_endian<std::uint32_t>(
        std::span<std::byte, sizeof(std::uint32_t)>(entry, sizeof(std::uint32_t)),
        change.index | (is_zero_page ? kZeroPageFlag : 0));
    entry += sizeof(std::uint32_t);
    if (is_zero_page) continue;
    std::memcpy(contents, change.after.data(), kPageBytes);
    xor_page(contents, change.before);
    contents += kPageBytes;
  }
  return payload;
}

Payload compress(Bytes payload) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  };
  const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  require_zstd(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kCompressionLevel));
  require_zstd(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 0));  // SHA-256 covers it
  const std::size_t room = ZSTD_compressBound(payload.size());
  Payload compressed;
  compressed.storage = base::make_buffer(room);
  compressed.bytes = {compressed.storage.get(),
                      require_zstd(ZSTD_compress2(context.get(), compressed.storage.get(), room,
                                                  payload.data(), payload.size()))};
  return compressed;
}

Pages take_pages(Bytes compressed, const PayloadFacts& facts, const PageReader& before,
                 const Refusal& refusal) {
  Pages pages;
  pages.storage = decompress(compressed, facts.payload_bytes, refusal);
  const Bytes payload(pages.storage.get(), facts.payload_bytes);
  try {
    pages.table = take_table(payload, facts, refusal);
  } catch (const std::bad_alloc&) {
    refusal.for_want_of_memory(facts.payload_bytes);
  }
  const std::size_t table_bytes = facts.page_count * sizeof(std::uint32_t);
  restore_contents(pages.table, pages.storage.get() + table_bytes, before, refusal);
  pages.contents = payload.subspan(table_bytes);
  return pages;
}

}  // namespace quiesce::snapshot
