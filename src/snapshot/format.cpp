#include "snapshot/format.hpp"

#include <zstd.h>

#include <algorithm>
#include <limits>
#include <new>
#include <optional>

#include "base/bytes.hpp"
#include "quiesce/error.hpp"
#include "snapshot/payload.hpp"
#include "snapshot/refusal.hpp"
#include "snapshot/wholeness.hpp"

namespace quiesce::snapshot {
namespace {

using base::ByteReader;
using base::ByteWriter;
using Bytes = std::span<const std::byte>;

// ---- the header ---------------------------------------------------------------------------------

struct Header {
  std::uint32_t page_count, zero_page_count, stack_bytes_max;
  std::uint64_t memory_bytes, memory_bytes_max, time_max_ns, fuel_max;
  std::uint64_t payload_bytes, compressed_bytes;
  base::Digest engine, base_digest;
  std::optional<AncestorName> ancestor;  // since version 2
};

std::uint32_t version_of(const Header& header) noexcept { return header.ancestor ? 2 : 1; }

SnapshotForm form_of(const Header& header) noexcept {
  if (!header.ancestor) return SnapshotForm::base;
  return *header.ancestor == kNothing ? SnapshotForm::whole : SnapshotForm::delta;
}

std::size_t header_bytes_of(std::uint32_t version) noexcept {
  return version == 1 ? kHeaderBytes : kDeltaHeaderBytes;
}

Header header_of(const Facts& facts, const Payload& payload) {
  Header header{};
  header.page_count = payload.page_count;
  header.zero_page_count = payload.zero_page_count;
  header.stack_bytes_max = facts.limits.stack_bytes_max;
  header.memory_bytes = facts.memory_bytes;
  header.memory_bytes_max = facts.limits.memory_bytes_max;
  header.time_max_ns = static_cast<std::uint64_t>(facts.limits.time_max.count());
  header.fuel_max = facts.limits.fuel_max;
  header.payload_bytes = payload.bytes.size();
  header.engine = facts.engine;
  header.base_digest = facts.base_digest;
  return header;
}

void put_header(ByteWriter& out, const Header& header) {
  out.put_bytes(std::as_bytes(std::span(kSnapshotMagic)));
  out.put(version_of(header));
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
  if (!header.ancestor) return;
  out.put(header.ancestor->file_bytes);
  out.put_bytes(header.ancestor->digest);
}

base::Digest take_digest(ByteReader& in) {
  base::Digest digest;
  std::ranges::copy(in.take_bytes(digest.size()), digest.begin());
  return digest;
}

/// `bytes`: as many as a header of that version has.
Header take_header(Bytes bytes, std::uint32_t version) {
  ByteReader in(bytes.subspan(kVersionEnd));
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
  if (version > 1) {
    const auto file_bytes = in.take<std::uint64_t>();
    header.ancestor = {file_bytes, take_digest(in)};
  }
  return header;
}

// ---- refusing -----------------------------------------------------------------------------------

/// Magic, version, length and digest: from here on, the numbers are at least those of the writer.
Header check_wholeness(Bytes file, const Refusal& refusal) {
  check_magic(file, refusal);
  if (file.size() < kVersionEnd) refuse_cut_off(file, kHeaderBytes + kDigestBytes, refusal);
  const std::uint32_t version = check_version(file, kFormatVersion, refusal);
  const std::size_t rest = header_bytes_of(version) + kDigestBytes;
  if (file.size() < rest) refuse_cut_off(file, kHeaderBytes + kDigestBytes, refusal);
  const Header header = take_header(file.first(header_bytes_of(version)), version);
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - rest;
  check_length(file, std::min(header.compressed_bytes, most) + rest, refusal);
  check_digest(file, refusal);
  return header;
}

// ---- checking what a whole file says ------------------------------------------------------------

void check_identity(const Header& header, const Identity& identity, const DecodeOptions& options,
                    const Refusal& refusal) {
  if (header.engine != identity.engine) {
    refusal.because("it belongs to engine " + base::to_hex(header.engine) +
                    " and this program has engine " + base::to_hex(identity.engine) + "; " +
                    options.about_engines);
  }
  if (header.base_digest != identity.base_digest) {
    refusal.because("it builds on base image " + base::to_hex(header.base_digest) +
                    " and this program has " + base::to_hex(identity.base_digest) +
                    ", though the engine is the same; wake it with the build that wrote it");
  }
}

/// `base_bytes`: of the base image; 0 if that is not known.
void check_numbers(const Header& header, std::uint64_t base_bytes, std::uint64_t memory_bytes_max,
                   const Refusal& refusal) {
  const auto text = [](std::uint64_t number) { return std::to_string(number); };
  refusal.require(
      header.memory_bytes % kWasmPageBytes == 0 && header.memory_bytes <= kMemoryBytesMax,
      "no linear memory has " + text(header.memory_bytes) + " bytes");
  refusal.require(header.memory_bytes >= base_bytes, "its memory of " + text(header.memory_bytes) +
                                                         " bytes is smaller than the base image");
  if (header.memory_bytes > memory_bytes_max) {
    refusal.because("awake it needs " + text(header.memory_bytes) +
                    " bytes of memory, more than the " + text(memory_bytes_max) + " allowed here");
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
  if (form_of(header) == SnapshotForm::delta) {
    const auto& [file_bytes, digest] = *header.ancestor;
    refusal.require(file_bytes != kNothing.file_bytes && digest != kNothing.digest,
                    "it is relative to a snapshot of " + text(file_bytes) + " bytes with SHA-256 " +
                        base::to_hex(digest) + ", and there can be none");
  }
  refusal.require(form_of(header) != SnapshotForm::whole || header.zero_page_count == 0,
                  "it stores zero pages, though it is relative to nothing");
  // A block of a frame takes 4 bytes at least and gives ZSTD_BLOCKSIZE_MAX at most.
  refusal.require(header.payload_bytes / ZSTD_BLOCKSIZE_MAX <= header.compressed_bytes / 4,
                  text(header.compressed_bytes) + " compressed bytes cannot hold " +
                      text(header.payload_bytes));
}

Facts facts_of(const Header& header) {
  Facts facts{header.engine, header.base_digest, header.memory_bytes, {}};
  facts.limits.memory_bytes_max = header.memory_bytes_max;
  facts.limits.stack_bytes_max = header.stack_bytes_max;
  facts.limits.time_max = std::chrono::nanoseconds(static_cast<std::int64_t>(header.time_max_ns));
  facts.limits.fuel_max = header.fuel_max;
  return facts;
}

Ancestor ancestor_for(const Header& header, const Identity& identity, const DecodeOptions& options,
                      const Refusal& refusal) {
  if (form_of(header) != SnapshotForm::delta) return {{}, identity.base.size()};
  if (!options.find_ancestor) {
    refusal.because("it holds only what has changed since the snapshot with SHA-256 " +
                    base::to_hex(header.ancestor->digest) + ", which is needed with it");
  }
  Ancestor ancestor = options.find_ancestor(*header.ancestor);
  refusal.require(header.memory_bytes >= ancestor.memory_bytes,
                  "its memory of " + std::to_string(header.memory_bytes) +
                      " bytes is smaller than that of the snapshot it is relative to");
  return ancestor;
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

std::vector<std::byte> encode(const Facts& facts, std::span<const PageVersions> changes,
                              const AncestorName* ancestor) {
  require_storable(facts.limits);
  const Payload payload = make_payload(changes);
  const Payload compressed = compress(payload.bytes);
  Header header = header_of(facts, payload);
  header.compressed_bytes = compressed.bytes.size();
  if (ancestor) header.ancestor = *ancestor;
  ByteWriter out;
  out.reserve(header_bytes_of(version_of(header)) + compressed.bytes.size() + kDigestBytes);
  put_header(out, header);
  out.put_bytes(compressed.bytes);
  out.put_bytes(base::sha256(out.bytes()));
  return out.take();
}

Image decode(Bytes file, const Identity& identity, const DecodeOptions& options) {
  const Refusal refusal(options.name);
  const Header header = check_wholeness(file, refusal);
  check_identity(header, identity, options, refusal);
  check_numbers(header, identity.base.size(), options.memory_bytes_max, refusal);

  const Ancestor ancestor = ancestor_for(header, identity, options, refusal);
  const Bytes compressed =
      file.subspan(header_bytes_of(version_of(header)), header.compressed_bytes);
  Image image{facts_of(header), {}};
  const bool is_whole = form_of(header) == SnapshotForm::whole;
  image.pages = take_pages(
      compressed,
      {header.payload_bytes, header.memory_bytes, header.page_count, header.zero_page_count},
      is_whole ? PageReader({}, {}) : PageReader(ancestor.layers, identity.base), refusal);
  if (!is_whole) return image;
  try {
    image.pages = since_base(image.pages, identity);
  } catch (const std::bad_alloc&) {
    refusal.for_want_of_memory(header.payload_bytes);
  }
  return image;
}

SnapshotForm form_of(Bytes file) {
  ByteReader in(file.subspan(kSnapshotMagic.size()));
  const auto version = in.take<std::uint32_t>();
  return form_of(take_header(file.first(header_bytes_of(version)), version));
}

std::optional<base::Digest> stated_engine(Bytes file) {
  constexpr std::size_t kEngineAt = 72;
  if (file.size() < kHeaderBytes || !begins_with(file, kSnapshotMagic)) return std::nullopt;
  ByteReader in(file.subspan(kEngineAt));
  return take_digest(in);
}

Stated read_header(Bytes file, const std::string& name) {
  const Refusal refusal(name);
  const Header header = check_wholeness(file, refusal);
  check_numbers(header, 0, kMemoryBytesMax, refusal);
  const SnapshotForm form = form_of(header);
  return {facts_of(header), form,
          form == SnapshotForm::delta ? header.ancestor : std::optional<AncestorName>()};
}

base::Digest content_digest(const Facts& facts, std::span<const PageVersions> changes_since_base) {
  const Payload payload = make_payload(changes_since_base);
  ByteWriter out;
  put_header(out, header_of(facts, payload));  // the compressed bytes are 0
  base::Sha256 hash;
  hash.update(out.bytes());
  hash.update(payload.bytes);
  return hash.finish();
}

std::vector<std::byte> encode(const Image& image, Bytes base) {
  return encode(image, changes_since_base(image.pages, base));
}

base::Digest content_digest(const Image& image, Bytes base) {
  return content_digest(image, changes_since_base(image.pages, base));
}

}  // namespace quiesce::snapshot
