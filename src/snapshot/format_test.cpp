#include "snapshot/format.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zstd.h>

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>

#include "base/bytes.hpp"
#include "base/file.hpp"
#include "quiesce/error.hpp"
#include "snapshot/forging.hpp"
#include "snapshot/samples.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define QUIESCE_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define QUIESCE_TEST_SANITIZED
#endif
#endif

namespace quiesce::snapshot {
namespace {

using Bytes = std::vector<std::byte>;

// Offsets that docs/snapshot-format.md promises, written out here once more on purpose.
constexpr std::size_t kVersionAt = 8, kPageCountAt = 12, kZeroPageCountAt = 16, kStackAt = 20,
                      kMemoryAt = 24, kMemoryMaxAt = 32, kTimeAt = 40, kFuelAt = 48,
                      kPayloadBytesAt = 56, kCompressedBytesAt = 64, kEngineAt = 72, kBaseAt = 104,
                      kPayloadAt = 136;

const Bytes& sample_file() {
  static const Bytes file = encode(samples::image(), samples::base());
  return file;
}

Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// What decode says; empty if it accepts. Every refusal must be Errc::snapshot and one sentence.
std::string refusal_of(std::span<const std::byte> file, const DecodeOptions& options = {},
                       const Identity& identity = samples::identity()) {
  try {
    decode(file, identity, options);
    return "";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(error.code(), Errc::snapshot) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_EQ(text.rfind("cannot load ", 0), 0u) << text;
    return text;
  }
}

void expect_same(const Image& a, const Image& b) {
  EXPECT_EQ(a.engine, b.engine);
  EXPECT_EQ(a.base_digest, b.base_digest);
  EXPECT_EQ(a.memory_bytes, b.memory_bytes);
  EXPECT_EQ(a.limits.memory_bytes_max, b.limits.memory_bytes_max);
  EXPECT_EQ(a.limits.stack_bytes_max, b.limits.stack_bytes_max);
  EXPECT_EQ(a.limits.time_max, b.limits.time_max);
  EXPECT_EQ(a.limits.fuel_max, b.limits.fuel_max);
  EXPECT_EQ(a.pages.table, b.pages.table);
  EXPECT_TRUE(std::ranges::equal(a.pages.contents, b.pages.contents));
}

// ---- what is right ------------------------------------------------------------------------------

TEST(Format, RoundTrip) {
  expect_same(decode(sample_file(), samples::identity()), samples::image());
}

TEST(Format, EncodingAgainGivesTheSameBytes) {
  const Image image = decode(sample_file(), samples::identity());
  EXPECT_EQ(encode(image, samples::base()), sample_file());
  EXPECT_EQ(encode(samples::image(), samples::base()), sample_file());
}

TEST(Format, AVmThatEqualsTheBaseImageIsSmall) {
  const Identity who = samples::identity();
  const Image image{
      who.engine, who.base_digest, who.base.size(), {}, capture(who.base, who.base, who.dead)};
  const Bytes file = encode(image, who.base);
  EXPECT_LE(file.size(), kHeaderBytes + kDigestBytes + 16);
  expect_same(decode(file, who), image);
}

TEST(Format, ExtremeLimitsTravel) {
  for (const std::uint32_t stack : {kStackBytesMin, kStackBytesMax}) {
    Image image = samples::image();
    image.limits = {0, stack, std::chrono::nanoseconds::max(), Limits::kUnlimited};
    expect_same(decode(encode(image, samples::base()), samples::identity()), image);
    image.limits = {Limits::kUnlimited, stack, std::chrono::nanoseconds(0), 0};
    expect_same(decode(encode(image, samples::base()), samples::identity()), image);
  }
}

TEST(Format, LimitsThatCouldNotBeReadAgainAreNotWritten) {
  const auto encode_with = [](const Limits& limits) {
    Image image = samples::image();
    image.limits = limits;
    encode(image, samples::base());
  };
  EXPECT_THROW(encode_with({.stack_bytes_max = kStackBytesMin - 1}), Error);
  EXPECT_THROW(encode_with({.stack_bytes_max = kStackBytesMax + 1}), Error);
  EXPECT_THROW(encode_with({.time_max = std::chrono::nanoseconds(-1)}), Error);
}

TEST(Format, ABaseImageHelpsToMakeItSmall) {
  // A change of eight bytes in a page of noise must not cost the page.
  EXPECT_LT(sample_file().size(), 400u);
}

TEST(Format, FilesOfVersionOneStayReadable) {
  const Bytes golden = base::read_file(QUIESCE_TEST_ROOT "/src/snapshot/testdata/format-1.qsnap");
  expect_same(decode(golden, samples::identity()), samples::image());
  EXPECT_EQ(base::to_hex(content_digest(decode(golden, samples::identity()), samples::base())),
            "ed4004c1f29c66cfdda1f9e6d9e93fb1545da290eadd5502538a0ebd345a9ed8");
}

TEST(Format, TheContentDigestTellsStatesApartAndNotCompressors) {
  const base::Digest digest = content_digest(samples::image(), samples::base());
  const Image decoded = decode(sample_file(), samples::identity());
  EXPECT_EQ(content_digest(decoded, samples::base()), digest);

  // The same payload at another compression level.
  const std::span compressed = std::span(sample_file())
                                   .subspan(kPayloadAt)
                                   .first(sample_file().size() - kPayloadAt - kDigestBytes);
  Bytes payload(ZSTD_getFrameContentSize(compressed.data(), compressed.size()));
  ZSTD_decompress(payload.data(), payload.size(), compressed.data(), compressed.size());
  Bytes other(ZSTD_compressBound(payload.size()));
  other.resize(ZSTD_compress(other.data(), other.size(), payload.data(), payload.size(), 19));
  Bytes file(sample_file().begin(), sample_file().begin() + kPayloadAt);
  file = with_field<std::uint64_t>(file, kCompressedBytesAt, other.size());
  file.insert(file.end(), other.begin(), other.end());
  file.resize(file.size() + kDigestBytes);
  file = with_digest(file);
  ASSERT_NE(file, sample_file());
  EXPECT_EQ(content_digest(decode(file, samples::identity()), samples::base()), digest);

  Image changed = samples::image();
  changed.limits.fuel_max -= 1;
  EXPECT_NE(content_digest(changed, samples::base()), digest);
  std::vector<std::byte> memory = samples::memory();
  memory[47 * kPageBytes] = std::byte{1};
  changed = samples::image();
  changed.pages = capture(memory, samples::base(), samples::kDead);
  EXPECT_NE(content_digest(changed, samples::base()), digest);
}

// ---- damage -------------------------------------------------------------------------------------

TEST(FormatDamage, EveryFlippedBitIsRefused) {
  Bytes file = sample_file();
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1 << bit % 8);
    file[bit / 8] ^= mask;
    ASSERT_NE(refusal_of(file), "") << "bit " << bit;
    file[bit / 8] ^= mask;
  }
  EXPECT_EQ(refusal_of(file), "");
}

TEST(FormatDamage, EveryTruncationIsRefusedAsSuch) {
  for (std::size_t size = 1; size < sample_file().size(); ++size) {
    const std::string said = refusal_of(std::span(sample_file()).first(size));
    ASSERT_NE(said.find("it is cut off: " + std::to_string(size) + " bytes are there of "),
              std::string::npos)
        << said;
  }
  EXPECT_EQ(refusal_of(std::span(sample_file()).first(5)),
            "cannot load the snapshot: it is cut off: 5 bytes are there of at least 168; take a "
            "whole copy");
  EXPECT_EQ(refusal_of(std::span(sample_file()).first(200)),
            "cannot load the snapshot: it is cut off: 200 bytes are there of " +
                std::to_string(sample_file().size()) + "; take a whole copy");
}

TEST(FormatDamage, BytesAfterTheEndAreRefused) {
  for (const std::size_t more : {1u, 32u, 5000u}) {
    Bytes file = sample_file();
    file.resize(file.size() + more, std::byte{'x'});
    EXPECT_EQ(refusal_of(file),
              "cannot load the snapshot: it has " + std::to_string(more) +
                  " bytes too many at its end; take a copy with nothing appended");
    EXPECT_NE(refusal_of(with_digest(file)), "");
  }
}

TEST(FormatDamage, OtherFilesEachGetTheirSentence) {
  EXPECT_EQ(refusal_of({}), "cannot load the snapshot: it is empty");
  const std::string text = "cannot load the snapshot: it is a text file, not a snapshot";
  EXPECT_EQ(refusal_of(bytes_of("console.log('hello')\n")), text);
  EXPECT_EQ(refusal_of(bytes_of("x")), text);
  EXPECT_EQ(refusal_of(bytes_of(std::string(511, 'a') + "\xe2\x82\xac and so on")), text)
      << "cut at 512";
  const std::string other =
      "cannot load the snapshot: it is not a snapshot; those begin with the bytes 89 51 53 4e";
  EXPECT_EQ(refusal_of(bytes_of(std::string_view("\x7f"
                                                 "ELF\x02\x01\x01\0\0",
                                                 9))),
            other);
  EXPECT_EQ(refusal_of(bytes_of("\x89PNG\r\n\x1a\n")), other);
  EXPECT_EQ(refusal_of(bytes_of(std::string("caf\xe9"))), other);
  EXPECT_EQ(refusal_of(Bytes(1000)), other);
  EXPECT_EQ(refusal_of(bytes_of("x"), {.name = "\"a.qsnap\""}),
            "cannot load \"a.qsnap\": it is a text file, not a snapshot");
}

TEST(FormatDamage, TransfersInTextModeAreTold) {
  const auto replaced = [](std::string_view from, std::string_view to) {
    std::string text(reinterpret_cast<const char*>(sample_file().data()), sample_file().size());
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
    return bytes_of(text);
  };
  const std::string said =
      "cannot load the snapshot: its first bytes are damaged, as a transfer in text mode does it; "
      "copy it again as binary";
  EXPECT_EQ(refusal_of(replaced("\r\n", "\n")), said);
  EXPECT_EQ(refusal_of(replaced("\n", "\r\n")), said);
  EXPECT_EQ(refusal_of(replaced("\r", "")), said);
  EXPECT_EQ(refusal_of(replaced("\x89", "\xef\xbf\xbd")), said) << "read as UTF-8";
  EXPECT_EQ(refusal_of(replaced("\x89", "\xc2\x89")), said) << "Latin-1 to UTF-8";
  EXPECT_EQ(refusal_of(replaced("\x89", "\x09")), said) << "seven bits";
}

TEST(FormatDamage, OtherVersionsAreTold) {
  const Bytes newer = with_field<std::uint32_t>(sample_file(), kVersionAt, 3);
  EXPECT_EQ(refusal_of(with_digest(newer)),
            "cannot load the snapshot: it says that its format has version 3, and this build reads "
            "versions up to 2: use a newer Quiesce");
  EXPECT_EQ(refusal_of(newer),
            "cannot load the snapshot: it says that its format has version 3, and its SHA-256 does "
            "not fit: it is damaged, or newer than this build");
  EXPECT_NE(
      refusal_of(with_digest(with_field<std::uint32_t>(sample_file(), kVersionAt, UINT32_MAX)))
          .find("newer Quiesce"),
      std::string::npos);
  EXPECT_NE(refusal_of(with_digest(with_field<std::uint32_t>(sample_file(), kVersionAt, 0)))
                .find("never was"),
            std::string::npos);
}

TEST(FormatDamage, AnotherEngineIsTold) {
  Identity other = samples::identity();
  other.engine[0] ^= std::byte{1};
  const std::string said = refusal_of(sample_file(), {}, other);
  EXPECT_NE(said.find(base::to_hex(samples::identity().engine)), std::string::npos) << said;
  EXPECT_NE(said.find(base::to_hex(other.engine)), std::string::npos) << said;
  EXPECT_NE(said.find("wake it with"), std::string::npos) << said;

  other = samples::identity();
  other.base_digest[31] ^= std::byte{1};
  EXPECT_NE(refusal_of(sample_file(), {}, other).find("base image"), std::string::npos);
  for (const std::size_t at : {kEngineAt, kEngineAt + 31}) {
    Bytes file = sample_file();
    file[at] ^= std::byte{1};
    EXPECT_NE(refusal_of(with_digest(file)).find("belongs to engine"), std::string::npos);
  }
  for (const std::size_t at : {kBaseAt, kBaseAt + 31}) {
    Bytes file = sample_file();
    file[at] ^= std::byte{1};
    EXPECT_NE(refusal_of(with_digest(file)).find("base image"), std::string::npos);
  }
}

TEST(Format, TheHeaderCanBeReadWithoutTheEngine) {  // D12
  const Stated stated = read_header(sample_file(), "it");
  EXPECT_EQ(stated.facts.engine, samples::identity().engine);
  EXPECT_EQ(stated.facts.memory_bytes, samples::memory().size());
  EXPECT_EQ(stated.facts.limits.fuel_max, samples::limits().fuel_max);
  EXPECT_FALSE(stated.ancestor);
  EXPECT_EQ(stated_engine(sample_file()), samples::identity().engine);
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{12}, kHeaderBytes - 1})
    EXPECT_FALSE(stated_engine(std::span(sample_file()).first(bytes)));
  Bytes damaged = sample_file();
  damaged[kEngineAt] ^= std::byte{1};
  EXPECT_THROW(read_header(damaged, "it"), Error);
  EXPECT_THROW(read_header(with_digest(with_field<std::uint64_t>(sample_file(), 24, 1)), "it"),
               Error);
}

// ---- malice: the digest fits, the numbers do not ------------------------------------------------

template <class T>
std::string refusal_with(std::size_t at, T value) {
  return refusal_of(with_digest(with_field<T>(sample_file(), at, value)));
}

void expect_refused(const std::string& said, std::string_view why) {
  EXPECT_NE(said.find(why), std::string::npos)
      << (said.empty() ? "accepted" : said) << "\n  expected: " << why;
}

TEST(FormatMalice, TheSizeOfTheMemory) {
  for (const std::uint64_t bytes :
       {std::uint64_t{1}, 3 * kWasmPageBytes + 1, 3 * kWasmPageBytes + 4096,
        kMemoryBytesMax + kWasmPageBytes, UINT64_MAX, UINT64_MAX - 65535}) {
    expect_refused(refusal_with(kMemoryAt, bytes),
                   "no linear memory has " + std::to_string(bytes) + " bytes");
  }
  expect_refused(refusal_with<std::uint64_t>(kMemoryAt, 0), "smaller than the base image");
  expect_refused(refusal_with<std::uint64_t>(kMemoryAt, kWasmPageBytes),
                 "smaller than the base image");
  expect_refused(refusal_with<std::uint64_t>(kMemoryAt, 2 * kWasmPageBytes),
                 "page 40 lies outside its memory");
  EXPECT_EQ(refusal_with<std::uint64_t>(kMemoryAt, kMemoryBytesMax), "") << "4 GiB are right";
}

TEST(FormatMalice, TheReaderCanBoundTheMemory) {
  EXPECT_EQ(refusal_of(sample_file(), {.memory_bytes_max = 3 * kWasmPageBytes}), "");
  EXPECT_EQ(refusal_of(sample_file(), {.memory_bytes_max = 3 * kWasmPageBytes - 1}),
            "cannot load the snapshot: awake it needs 196608 bytes of memory, more than the 196607 "
            "allowed here");
}

TEST(FormatMalice, TheCountsOfPages) {
  for (const std::uint32_t count : {49u, 1u << 20, (1u << 20) + 1, UINT32_MAX}) {
    expect_refused(refusal_with(kPageCountAt, count), "more than its memory has");
  }
  for (const std::uint32_t count : {1u, 5u, 7u, 48u}) {
    expect_refused(refusal_with(kPageCountAt, count), "do not fit its count of pages");
  }
  expect_refused(refusal_with(kPageCountAt, 0u), "of 0 pages, 1 are zero");
  for (const std::uint32_t count : {0u, 2u, 6u}) {
    expect_refused(refusal_with(kZeroPageCountAt, count), "do not fit its count of pages");
  }
  for (const std::uint32_t count : {7u, UINT32_MAX}) {
    expect_refused(refusal_with(kZeroPageCountAt, count),
                   "of 6 pages, " + std::to_string(count) + " are zero");
  }
}

TEST(FormatMalice, TheSizesOfThePayload) {
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{20503},
                                    std::uint64_t{1} << 32, UINT64_MAX}) {
    expect_refused(refusal_with(kPayloadBytesAt, bytes), "do not fit its count of pages");
  }
  const std::uint64_t right = sample_file().size() - kHeaderBytes - kDigestBytes;
  for (const std::uint64_t bytes :
       {right + 1, std::uint64_t{1} << 40, UINT64_MAX - 168, UINT64_MAX - 167, UINT64_MAX}) {
    expect_refused(refusal_with(kCompressedBytesAt, bytes), "it is cut off");
  }
  for (const std::uint64_t bytes : {right - 1, std::uint64_t{1}, std::uint64_t{0}}) {
    expect_refused(refusal_with(kCompressedBytesAt, bytes), "too many at its end");
  }
}

TEST(FormatMalice, TheLimits) {
  for (const std::uint32_t bytes : {0u, kStackBytesMin - 1, kStackBytesMax + 1, UINT32_MAX}) {
    expect_refused(refusal_with(kStackAt, bytes), "no stack has a limit of");
  }
  for (const std::uint64_t ns : {std::uint64_t{1} << 63, UINT64_MAX}) {
    expect_refused(refusal_with(kTimeAt, ns), "is out of range");
  }
  for (const std::uint64_t any : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX}) {
    EXPECT_EQ(refusal_with(kMemoryMaxAt, any), "");
    EXPECT_EQ(refusal_with(kFuelAt, any), "");
  }
}

// Files made from parts of our own.
struct Forged {
  std::vector<std::uint32_t> table{};
  std::size_t data_pages = 0;
  std::byte fill{0xAB};
  std::uint32_t zero_pages = 0;
  std::uint64_t memory_bytes = 3 * kWasmPageBytes;
};

Bytes frame_of(const Bytes& payload) {
  Bytes frame(ZSTD_compressBound(payload.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), payload.data(), payload.size(), 1));
  return frame;
}

Bytes payload_of(const Forged& forged) {
  base::ByteWriter out;
  for (const std::uint32_t entry : forged.table) out.put(entry);
  out.put_bytes(Bytes(forged.data_pages * kPageBytes, forged.fill));
  return out.take();
}

Bytes file_around(const Bytes& frame, const Forged& forged) {
  Bytes file(sample_file().begin(), sample_file().begin() + kPayloadAt);
  const std::uint64_t pages = forged.data_pages + forged.zero_pages;
  file = with_field(file, kPageCountAt, static_cast<std::uint32_t>(pages));
  file = with_field(file, kZeroPageCountAt, forged.zero_pages);
  file = with_field(file, kMemoryAt, forged.memory_bytes);
  file =
      with_field<std::uint64_t>(file, kPayloadBytesAt, pages * 4 + forged.data_pages * kPageBytes);
  file = with_field<std::uint64_t>(file, kCompressedBytesAt, frame.size());
  file.insert(file.end(), frame.begin(), frame.end());
  file.resize(file.size() + kDigestBytes);
  return with_digest(file);
}

std::string refusal_of(const Forged& forged) {
  return refusal_of(file_around(frame_of(payload_of(forged)), forged));
}

constexpr std::uint32_t kZero = 1u << 31;

TEST(FormatMalice, TheTableOfPages) {
  EXPECT_EQ(refusal_of(Forged{{5, 30, 47}, 3}), "") << "this is how it is right";
  EXPECT_EQ(refusal_of(Forged{{5, 6 | kZero}, 1, std::byte{1}, 1}), "") << "and this";
  expect_refused(refusal_of(Forged{{30, 5}, 2}), "page 5 is out of order");
  expect_refused(refusal_of(Forged{{30, 30}, 2}), "page 30 is out of order");
  expect_refused(refusal_of(Forged{{30, 30 | kZero}, 1, std::byte{1}, 1}),
                 "page 30 is out of order");
  expect_refused(refusal_of(Forged{{48}, 1}), "page 48 lies outside its memory");
  expect_refused(refusal_of(Forged{{kZero - 1}, 1}), "page 2147483647 lies outside its memory");
  expect_refused(refusal_of(Forged{{1 << 20}, 1, std::byte{1}, 0, kMemoryBytesMax}),
                 "page 1048576 lies outside");
  expect_refused(refusal_of(Forged{{1u << 30 | 5}, 1}), "lies outside its memory");
  expect_refused(refusal_of(Forged{{5, 6}, 1, std::byte{1}, 1}), "miscounts its zero pages");
  expect_refused(refusal_of(Forged{{5 | kZero, 6 | kZero}, 1, std::byte{1}, 1}),
                 "miscounts its zero pages");
}

TEST(FormatMalice, PagesThatNeedNotBeThere) {
  expect_refused(refusal_of(Forged{{5}, 1, std::byte{0}}), "page 5 should not be stored");
  expect_refused(refusal_of(Forged{{30 | kZero}, 0, std::byte{0}, 1}),
                 "page 30 should not be stored");
  expect_refused(refusal_of(Forged{{47 | kZero}, 0, std::byte{0}, 1}),
                 "page 47 should not be stored");
  // A data page whose contents come out as zero: those have a form of their own.
  base::ByteWriter out;
  out.put<std::uint32_t>(5);
  out.put_bytes(ancestor_of(samples::base(), 5));
  expect_refused(refusal_of(file_around(frame_of(out.take()), Forged{{5}, 1})),
                 "page 5 should not be stored");
}

TEST(FormatMalice, FramesThatAreNot) {
  const Forged forged{{5, 30}, 2};
  const Bytes payload = payload_of(forged);
  const Bytes frame = frame_of(payload);
  ASSERT_EQ(refusal_of(file_around(frame, forged)), "");
  const auto expect_bad = [&](const Bytes& bytes) {
    expect_refused(refusal_of(file_around(bytes, forged)), "not one zstd frame");
  };
  expect_bad(bytes_of("no frame at all"));
  expect_bad(payload);
  for (std::size_t size = 4; size < frame.size(); ++size)
    expect_bad(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)));
  Bytes appended = frame;
  appended.push_back(std::byte{0});
  expect_bad(appended);
  Bytes two = frame_of(Bytes(payload.begin(), payload.begin() + 100));
  const Bytes rest = frame_of(Bytes(payload.begin() + 100, payload.end()));
  two.insert(two.end(), rest.begin(), rest.end());
  expect_bad(two);
  Bytes with_empty_frame = frame;
  const Bytes empty_frame = frame_of({});
  with_empty_frame.insert(with_empty_frame.end(), empty_frame.begin(), empty_frame.end());
  expect_bad(with_empty_frame);
  Bytes nonsense = frame;  // behind a right header and a right block header
  std::fill(nonsense.begin() + 10, nonsense.end(), std::byte{0xFF});
  expect_bad(nonsense);
  Bytes longer = payload, shorter = payload;
  longer.push_back(std::byte{1});
  shorter.pop_back();
  expect_bad(frame_of(longer));
  expect_bad(frame_of(shorter));

  // A frame that does not say its size, and one that hides bytes where nothing should be.
  Bytes silent(1000 + payload.size());
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  silent.resize(
      ZSTD_compress2(context, silent.data(), silent.size(), payload.data(), payload.size()));
  ZSTD_freeCCtx(context);
  expect_bad(silent);
  base::ByteWriter skippable;
  skippable.put<std::uint32_t>(ZSTD_MAGIC_SKIPPABLE_START);
  skippable.put<std::uint32_t>(6);
  skippable.put_bytes(bytes_of("hidden"));
  expect_refused(refusal_of(file_around(skippable.take(), Forged{})), "not one zstd frame");
}

// 4 GiB claimed by a few bytes: refused before anything is allocated or decompressed.
TEST(FormatMalice, Bombs) {
  const Forged bomb{{}, 1u << 20, std::byte{1}, 0, kMemoryBytesMax};
  expect_refused(refusal_of(file_around(bytes_of("tiny"), bomb)),
                 "4 compressed bytes cannot hold 4299161600");
  expect_refused(refusal_of(file_around(Bytes(100000), bomb)),
                 "100000 compressed bytes cannot hold");
  expect_refused(refusal_of(file_around(Bytes(200000), bomb)), "not one zstd frame");
}

TEST(FormatMalice, WantOfMemoryIsAnErrorOfItsOwn) {
#ifdef QUIESCE_TEST_SANITIZED
  GTEST_SKIP() << "a sanitizer ends the process where operator new would throw";
#else
  const std::size_t pages = 32768;  // 128 MiB
  Forged large{{}, pages, std::byte{1}, 0, 4 * kPageBytes * pages};
  for (std::uint32_t i = 0; i < pages; ++i) large.table.push_back(i + 64);
  const Bytes file = file_around(frame_of(payload_of(large)), large);
  EXPECT_EQ(refusal_of(file), "");

  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
  const std::string pages_in_use = [] {
    const Bytes text = base::read_file("/proc/self/statm");
    return std::string(reinterpret_cast<const char*>(text.data()), text.size());
  }();
  const rlimit tight{std::stoull(pages_in_use) * kPageBytes + (64u << 20), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &tight), 0);
  std::string said = "accepted";
  Errc code{};
  try {
    decode(file, samples::identity());
  } catch (const Error& error) {
    said = error.what();
    code = error.code();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_EQ(code, Errc::resources);
  EXPECT_EQ(said,
            "cannot load the snapshot: there is no memory for the 134348800 bytes that it holds");
#endif
}

}  // namespace
}  // namespace quiesce::snapshot
