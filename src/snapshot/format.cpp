#include "snapshot/format.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include "base/bytes.hpp"
#include "base/utf.hpp"
#include "quiesce/error.hpp"

namespace quiesce::snapshot {
namespace {

// As PNG's: the first byte shows when the eighth bit is cut off or the file is recoded as text,
// CR LF and LF when line ends are converted, 0x1A ends a listing on systems that know it.
constexpr unsigned char kMagic[8] = {0x89, 'Q', 'S', 'N', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t kVersionEnd = sizeof(kMagic) + sizeof(std::uint32_t);

// On heaps, higher levels save a few hundredths of the size at many times the cost, and the search
// of levels 5 to 12 may differ between processors of different vector units.
constexpr int kCompressionLevel = 1;

constexpr std::uint32_t kZeroPageFlag = std::uint32_t{1} << 31;

using base::ByteReader;
using base::ByteWriter;
using Bytes = std::span<const std::byte>;

// ---- the header ---------------------------------------------------------------------------------

struct Header {
  std::uint32_t page_count, zero_page_count, stack_bytes_max;
  std::uint64_t memory_bytes, memory_bytes_max, time_max_ns, fuel_max;
  std::uint64_t payload_bytes, compressed_bytes;
  base::Digest engine, base_digest;
};

/// What the table and the contents of so many pages take. No overflow: both counts have 32 bits.
std::uint64_t payload_bytes_for(std::uint32_t page_count, std::uint32_t zero_page_count) noexcept {
  return std::uint64_t{page_count} * sizeof(std::uint32_t) +
         std::uint64_t{page_count - zero_page_count} * kPageBytes;
}

Header header_of(const Facts& facts, const Pages& pages) {
  const auto zero_page_count = std::ranges::count(pages.table, PageKind::zero, &StoredPage::kind);
  Header header{};
  header.page_count = static_cast<std::uint32_t>(pages.table.size());
  header.zero_page_count = static_cast<std::uint32_t>(zero_page_count);
  header.stack_bytes_max = facts.limits.stack_bytes_max;
  header.memory_bytes = facts.memory_bytes;
  header.memory_bytes_max = facts.limits.memory_bytes_max;
  header.time_max_ns = static_cast<std::uint64_t>(facts.limits.time_max.count());
  header.fuel_max = facts.limits.fuel_max;
  header.payload_bytes = payload_bytes_for(header.page_count, header.zero_page_count);
  header.engine = facts.engine;
  header.base_digest = facts.base_digest;
  return header;
}

void put_magic_and_version(ByteWriter& out) {
  out.put_bytes(std::as_bytes(std::span(kMagic)));
  out.put<std::uint32_t>(kFormatVersion);
}

void put_header(ByteWriter& out, const Header& header) {
  out.put(header.page_count);
  out.put(header.zero_page_count);
  out.put(header.stack_bytes_max);
  out.put(header.memory_bytes);
  out.put(header.memory_bytes_max);
  out.put(header.time_max_ns);
  out.put(header.fuel_max);
  out.put(header.payload_bytes);
  out.put(header.compressed_bytes);
  out.put_bytes(header.engine);
  out.put_bytes(header.base_digest);
}

base::Digest take_digest(ByteReader& in) {
  base::Digest digest;
  std::ranges::copy(in.take_bytes(digest.size()), digest.begin());
  return digest;
}

/// `after_version`: the bytes that follow the version, as many as a header has.
Header take_header(Bytes after_version) {
  ByteReader in(after_version);
  Header header{};
  header.page_count = in.take<std::uint32_t>();
  header.zero_page_count = in.take<std::uint32_t>();
  header.stack_bytes_max = in.take<std::uint32_t>();
  header.memory_bytes = in.take<std::uint64_t>();
  header.memory_bytes_max = in.take<std::uint64_t>();
  header.time_max_ns = in.take<std::uint64_t>();
  header.fuel_max = in.take<std::uint64_t>();
  header.payload_bytes = in.take<std::uint64_t>();
  header.compressed_bytes = in.take<std::uint64_t>();
  header.engine = take_digest(in);
  header.base_digest = take_digest(in);
  return header;
}

// ---- the payload --------------------------------------------------------------------------------

/// page ^= ancestor. Its own inverse; leaves little but zeros where only a few words have changed.
void xor_page(std::byte* page, Bytes ancestor) noexcept {
  for (std::size_t i = 0; i < kPageBytes; i += sizeof(std::uint64_t)) {
    std::uint64_t left, right;
    std::memcpy(&left, page + i, sizeof(left));
    std::memcpy(&right, ancestor.data() + i, sizeof(right));
    left ^= right;
    std::memcpy(page + i, &left, sizeof(left));
  }
}

struct Payload {
  base::Buffer storage;
  Bytes bytes;
};

/// Table of pages, then the contents of the data pages, each XORed with its ancestor.
Payload make_payload(const Pages& pages, Bytes base) {
  const std::size_t table_bytes = pages.table.size() * sizeof(std::uint32_t);
  const std::size_t payload_bytes = table_bytes + pages.contents.size();
  Payload payload{base::make_buffer(payload_bytes), {}};
  payload.bytes = {payload.storage.get(), payload_bytes};
  std::byte* entry = payload.storage.get();
  std::byte* contents = entry + table_bytes;
  Bytes left = pages.contents;
  for (const StoredPage& page : pages.table) {
    const bool is_zero_page = page.kind == PageKind::zero;
    base::store_little_endian<std::uint32_t>(
        std::span<std::byte, sizeof(std::uint32_t)>(entry, sizeof(std::uint32_t)),
        page.index | (is_zero_page ? kZeroPageFlag : 0));
    entry += sizeof(std::uint32_t);
    if (is_zero_page) continue;
    std::memcpy(contents, left.data(), kPageBytes);
    if (is_of_base(page.index, base)) xor_page(contents, ancestor_of(base, page.index));
    contents += kPageBytes;
    left = left.subspan(kPageBytes);
  }
  return payload;
}

std::size_t require_zstd(std::size_t result) {
  if (ZSTD_isError(result) != 0) {
    throw Error(Errc::resources,
                std::string("cannot compress a snapshot: ") + ZSTD_getErrorName(result));
  }
  return result;
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
  Payload compressed{base::make_buffer(room), {}};
  compressed.bytes = {compressed.storage.get(),
                      require_zstd(ZSTD_compress2(context.get(), compressed.storage.get(), room,
                                                  payload.data(), payload.size()))};
  return compressed;
}

// ---- refusing -----------------------------------------------------------------------------------

class Refusal {
 public:
  explicit Refusal(const std::string& name) : begin_("cannot load " + name + ": ") {}
  [[noreturn]] void because(const std::string& reason) const {
    throw Error(Errc::snapshot, begin_ + reason);
  }
  /// For what no writer makes, though the digest fits: somebody made it on purpose.
  void require(bool holds, const std::string& otherwise) const {
    if (!holds) because("it contradicts itself and was not written by Quiesce: " + otherwise);
  }
  [[noreturn]] void for_want_of_memory(std::uint64_t bytes) const {
    throw Error(Errc::resources, begin_ + "there is no memory for the " + std::to_string(bytes) +
                                     " bytes that it holds");
  }

 private:
  std::string begin_;
};

bool looks_like_text(Bytes file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()),
                              std::min<std::size_t>(file.size(), 512));
  const auto bad = base::invalid_utf8_at(text);
  if (bad && (file.size() <= 512 || *bad + 3 < text.size()))
    return false;  // more than a cut at 512
  return std::ranges::none_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 &&
            std::string_view("\t\n\v\f\r\x1b").find(c) == std::string_view::npos) ||
           c == 0x7f;
  });
}

/// "QSN" at the place where it belongs, give or take what recoding the first byte adds.
bool looks_like_damaged_magic(Bytes file) {
  for (std::size_t at = 0; at <= 3 && at + 3 <= file.size(); ++at) {
    if (std::memcmp(file.data() + at, kMagic + 1, 3) == 0) return true;
  }
  return false;
}

void check_magic(Bytes file, const Refusal& refusal) {
  if (file.empty()) refusal.because("it is empty");
  const std::size_t common = std::min(file.size(), sizeof(kMagic));
  if (std::memcmp(file.data(), kMagic, common) == 0) return;
  if (looks_like_damaged_magic(file)) {
    refusal.because(
        "its first bytes are damaged, as a transfer in text mode does it; copy it again as binary");
  }
  if (looks_like_text(file)) refusal.because("it is a text file, not a snapshot");
  refusal.because("it is not a snapshot; those begin with the bytes 89 51 53 4e");
}

[[noreturn]] void refuse_cut_off(Bytes file, std::uint64_t expected, const Refusal& refusal) {
  refusal.because("it is cut off: " + std::to_string(file.size()) + " bytes are there of " +
                  (expected == 0 ? "at least " + std::to_string(kHeaderBytes + kDigestBytes)
                                 : std::to_string(expected)) +
                  "; take a whole copy");
}

/// Every version ends in the digest of all that stands before it.
bool is_whole(Bytes file) {
  if (file.size() < kVersionEnd + kDigestBytes) return false;
  const base::Digest digest = base::sha256(file.first(file.size() - kDigestBytes));
  return std::ranges::equal(digest, file.last(kDigestBytes));
}

void check_version(Bytes file, const Refusal& refusal) {
  if (file.size() < kVersionEnd) refuse_cut_off(file, 0, refusal);
  ByteReader in(file.subspan(sizeof(kMagic)));
  const auto version = in.take<std::uint32_t>();
  if (version == kFormatVersion) return;
  const std::string says = "it says that its format has version " + std::to_string(version);
  if (!is_whole(file)) {
    refusal.because(says +
                    ", and its SHA-256 does not fit: it is damaged, or newer than this build");
  }
  if (version < kFormatVersion) refusal.because(says + ", which there never was");
  refusal.because(says + ", and this build reads version " + std::to_string(kFormatVersion) +
                  ": use a newer Quiesce");
}

/// Magic, version, length and digest: from here on, the numbers are at least those of the writer.
Header check_wholeness(Bytes file, const Refusal& refusal) {
  check_magic(file, refusal);
  check_version(file, refusal);
  if (file.size() < kHeaderBytes + kDigestBytes) refuse_cut_off(file, 0, refusal);
  const Header header = take_header(file.subspan(kVersionEnd, kHeaderBytes - kVersionEnd));
  const std::uint64_t compressed_bytes = file.size() - kHeaderBytes - kDigestBytes;
  if (header.compressed_bytes > compressed_bytes) {
    const std::uint64_t rest = kHeaderBytes + kDigestBytes;
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - rest;
    refuse_cut_off(file, std::min(header.compressed_bytes, most) + rest, refusal);
  }
  if (header.compressed_bytes < compressed_bytes) {
    refusal.because("it has " + std::to_string(compressed_bytes - header.compressed_bytes) +
                    " bytes too many at its end; take a copy with nothing appended");
  }
  if (!is_whole(file)) {
    refusal.because("it is damaged: its SHA-256 does not fit its bytes; take another copy");
  }
  return header;
}

// ---- checking what a whole file says ------------------------------------------------------------

void check_identity(const Header& header, const Identity& identity, const Refusal& refusal) {
  if (header.engine != identity.engine) {
    refusal.because("it belongs to engine " + base::to_hex(header.engine) +
                    " and this program has engine " + base::to_hex(identity.engine) +
                    "; wake it with a program that was built with the former");
  }
  if (header.base_digest != identity.base_digest) {
    refusal.because("it builds on base image " + base::to_hex(header.base_digest) +
                    " and this program has " + base::to_hex(identity.base_digest) +
                    ", though the engine is the same; wake it with the build that wrote it");
  }
}

void check_numbers(const Header& header, const Identity& identity, const DecodeOptions& options,
                   const Refusal& refusal) {
  const auto text = [](std::uint64_t number) { return std::to_string(number); };
  refusal.require(
      header.memory_bytes % kWasmPageBytes == 0 && header.memory_bytes <= kMemoryBytesMax,
      "no linear memory has " + text(header.memory_bytes) + " bytes");
  refusal.require(
      header.memory_bytes >= identity.base.size(),
      "its memory of " + text(header.memory_bytes) + " bytes is smaller than the base image");
  if (header.memory_bytes > options.memory_bytes_max) {
    refusal.because("awake it needs " + text(header.memory_bytes) +
                    " bytes of memory, more than the " + text(options.memory_bytes_max) +
                    " allowed here");
  }
  refusal.require(
      header.stack_bytes_max >= kStackBytesMin && header.stack_bytes_max <= kStackBytesMax,
      "no stack has a limit of " + text(header.stack_bytes_max) + " bytes");
  refusal.require(
      header.time_max_ns <= static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count()),
      "its time limit of " + text(header.time_max_ns) + " ns is out of range");
  refusal.require(header.page_count <= header.memory_bytes / kPageBytes,
                  "it stores " + text(header.page_count) + " pages, more than its memory has");
  refusal.require(
      header.zero_page_count <= header.page_count,
      "of " + text(header.page_count) + " pages, " + text(header.zero_page_count) + " are zero");
  refusal.require(
      header.payload_bytes == payload_bytes_for(header.page_count, header.zero_page_count),
      text(header.payload_bytes) + " bytes of payload do not fit its count of pages");
  // A block of a frame takes 4 bytes at least and gives ZSTD_BLOCKSIZE_MAX at most.
  refusal.require(header.payload_bytes / ZSTD_BLOCKSIZE_MAX <= header.compressed_bytes / 4,
                  text(header.compressed_bytes) + " compressed bytes cannot hold " +
                      text(header.payload_bytes));
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

std::vector<StoredPage> take_table(Bytes payload, const Header& header, const Refusal& refusal) {
  ByteReader in(payload);
  std::vector<StoredPage> table;
  table.reserve(header.page_count);
  const std::uint64_t memory_page_count = header.memory_bytes / kPageBytes;
  std::uint32_t zero_page_count = 0;
  for (std::uint32_t i = 0; i < header.page_count; ++i) {
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
  refusal.require(zero_page_count == header.zero_page_count, "it miscounts its zero pages");
  return table;
}

/// Undoes the XOR in place. A page that need not be there, or not in this form, is refused: one
/// state of a VM has one snapshot.
void restore_contents(const std::vector<StoredPage>& table, std::byte* contents, Bytes base,
                      const Refusal& refusal) {
  for (const StoredPage& page : table) {
    const auto ancestor = ancestor_of(base, page.index);
    bool needed = false;
    if (page.kind == PageKind::zero) {
      needed = !is_zero(ancestor);
    } else {
      const std::span<const std::byte, kPageBytes> bytes(contents, kPageBytes);
      needed = !is_zero(bytes);
      if (is_of_base(page.index, base)) {
        xor_page(contents, ancestor);
        needed = needed && !is_zero(bytes);
      }
      contents += kPageBytes;
    }
    refusal.require(needed,
                    "page " + std::to_string(page.index) + " should not be stored this way");
  }
}

}  // namespace

void require_storable(const Limits& limits) {
  if (limits.stack_bytes_max < kStackBytesMin || limits.stack_bytes_max > kStackBytesMax) {
    throw Error(Errc::invalid_argument, "stack_bytes_max is " +
                                            std::to_string(limits.stack_bytes_max) +
                                            "; it can be 16 KiB to 2 MiB");
  }
  if (limits.time_max.count() < 0) {
    throw Error(Errc::invalid_argument, "time_max is negative; zero means no limit");
  }
}

std::vector<std::byte> encode(const Facts& facts, const Pages& pages, Bytes base) {
  require_storable(facts.limits);
  const Payload compressed = compress(make_payload(pages, base).bytes);
  Header header = header_of(facts, pages);
  header.compressed_bytes = compressed.bytes.size();
  ByteWriter out;
  out.reserve(kHeaderBytes + compressed.bytes.size() + kDigestBytes);
  put_magic_and_version(out);
  put_header(out, header);
  out.put_bytes(compressed.bytes);
  out.put_bytes(base::sha256(out.bytes()));
  return out.take();
}

Image decode(Bytes file, const Identity& identity, const DecodeOptions& options) {
  const Refusal refusal(options.name);
  const Header header = check_wholeness(file, refusal);
  check_identity(header, identity, refusal);
  check_numbers(header, identity, options, refusal);

  const Bytes compressed = file.subspan(kHeaderBytes, header.compressed_bytes);
  Image image;
  image.pages.storage = decompress(compressed, header.payload_bytes, refusal);
  const Bytes payload(image.pages.storage.get(), header.payload_bytes);
  try {
    image.pages.table = take_table(payload, header, refusal);
  } catch (const std::bad_alloc&) {
    refusal.for_want_of_memory(header.payload_bytes);
  }
  const std::size_t table_bytes = header.page_count * sizeof(std::uint32_t);
  restore_contents(image.pages.table, image.pages.storage.get() + table_bytes, identity.base,
                   refusal);
  image.pages.contents = payload.subspan(table_bytes);
  image.engine = header.engine;
  image.base_digest = header.base_digest;
  image.memory_bytes = header.memory_bytes;
  image.limits.memory_bytes_max = header.memory_bytes_max;
  image.limits.stack_bytes_max = header.stack_bytes_max;
  image.limits.time_max = std::chrono::nanoseconds(static_cast<std::int64_t>(header.time_max_ns));
  image.limits.fuel_max = header.fuel_max;
  return image;
}

base::Digest content_digest(const Facts& facts, const Pages& pages, Bytes base) {
  Header header = header_of(facts, pages);
  header.compressed_bytes = 0;
  ByteWriter out;
  put_magic_and_version(out);
  put_header(out, header);
  base::Sha256 hash;
  hash.update(out.bytes());
  hash.update(make_payload(pages, base).bytes);
  return hash.finish();
}

}  // namespace quiesce::snapshot
