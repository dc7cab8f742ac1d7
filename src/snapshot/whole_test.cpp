// D2: files that hold a whole memory, and are read without a base image.
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "base/file.hpp"
#include "quiesce/error.hpp"
#include "snapshot/forging.hpp"
#include "snapshot/format.hpp"
#include "snapshot/parts.hpp"
#include "snapshot/samples.hpp"

namespace quiesce::snapshot {
namespace {

using Bytes = std::vector<std::byte>;
using Parts = std::shared_ptr<const detail::SnapshotParts>;

// Offsets that docs/snapshot-format.md promises, written out here once more on purpose.
constexpr std::size_t kVersionAt = 8, kPageCountAt = 12, kMemoryAt = 24, kPayloadBytesAt = 56,
                      kCompressedBytesAt = 64, kEngineAt = 72, kBaseAt = 104,
                      kAncestorBytesAt = 136, kAncestorDigestAt = 144, kPayloadAt = 176;

Parts parts_of(const Bytes& memory) { return take(memory, samples::limits(), samples::identity()); }

const Parts& sample() {
  static const Parts parts = parts_of(samples::memory());
  return parts;
}

const Bytes& whole_file() {
  static const Bytes file = whole(sample())->file();
  return file;
}

Parts never(const AncestorName&) {
  ADD_FAILURE() << "it was asked for an ancestor, and there is none";
  return sample();
}

Parts load(Bytes file, const FindParts& find = never, const Identity& who = samples::identity()) {
  return parts_from(std::move(file), who, "it", kMemoryBytesMax, find);
}

/// Empty: accepted.
std::string refusal_of(const Bytes& file, const Identity& who = samples::identity()) {
  try {
    load(file, never, who);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::snapshot) << error.what();
    return error.what();
  }
}

/// What a VM has that wakes from it.
Bytes memory_of(const Parts& parts) {
  const PageReader reader(parts->layers(), samples::base());
  Bytes memory(parts->facts().memory_bytes);
  for (std::uint32_t index = 0; index < memory.size() / kPageBytes; ++index)
    std::ranges::copy(reader.at(index), memory.begin() + index * kPageBytes);
  return memory;
}

Bytes without_dead_stack(Bytes memory) {
  std::fill(memory.begin() + samples::kDead.low, memory.begin() + samples::kDead.high,
            std::byte{0});
  return memory;
}

TEST(Whole, IsTheSameVm) {
  const Parts again = load(whole_file());
  EXPECT_EQ(again->form(), SnapshotForm::whole);
  EXPECT_TRUE(again->lineage().ancestors.empty());
  EXPECT_EQ(again->file(), whole_file()) << "loaded, it keeps its bytes";
  EXPECT_EQ(again->content_digest(), sample()->content_digest());
  EXPECT_EQ(memory_of(again), without_dead_stack(samples::memory()));
  EXPECT_EQ(again->facts().limits.fuel_max, samples::limits().fuel_max);
  EXPECT_EQ(whole(again), again);
  EXPECT_NE(whole_file(), sample()->file());
}

TEST(Whole, BecomesTheOtherFormsAgain) {
  const Parts again = load(whole_file());
  EXPECT_EQ(standing_alone(again)->file(), sample()->file());
  EXPECT_EQ(standing_alone(again)->form(), SnapshotForm::base);
  EXPECT_EQ(standing_alone(whole(sample()))->file(), sample()->file()) << "without a file form";
  const Parts later = whole(parts_of(samples::later_memory()));
  const Parts delta = relative_to(later, again);
  EXPECT_EQ(delta->form(), SnapshotForm::delta);
  EXPECT_EQ(delta->content_digest(), later->content_digest());
  EXPECT_EQ(whole(delta)->file(), later->file());
  EXPECT_TRUE(whole(delta)->lineage().ancestors.empty());
}

TEST(Whole, HowTheMemoryIsHeldMakesNoDifference) {
  const Parts mapped = parts_of(samples::memory());
  while (!mapped->layers().whole) {
  }
  EXPECT_EQ(whole(mapped)->file(), whole_file());
  const Parts empty = whole(parts_of(samples::base()));
  EXPECT_EQ(memory_of(load(empty->file())), samples::base()) << "nothing differs from the base";
}

TEST(Whole, IsReadWithoutTheBaseImage) {
  const std::span file(whole_file());
  const auto number = [&](std::size_t at) {
    return base::load_little_endian<std::uint64_t>(file.subspan(at).first<8>());
  };
  EXPECT_EQ(base::load_little_endian<std::uint32_t>(file.subspan(kVersionAt).first<4>()), 2u);
  EXPECT_EQ(number(kAncestorBytesAt), 0u);
  EXPECT_TRUE(std::ranges::all_of(file.subspan(kAncestorDigestAt, kDigestBytes),
                                  [](std::byte byte) { return byte == std::byte{0}; }));
  // As a tool in another language would, by the document alone.
  const auto page_count =
      base::load_little_endian<std::uint32_t>(file.subspan(kPageCountAt).first<4>());
  Bytes payload(number(kPayloadBytesAt));
  ASSERT_EQ(payload.size(), page_count * (4u + 4096));
  ASSERT_EQ(ZSTD_decompress(payload.data(), payload.size(), file.data() + kPayloadAt,
                            number(kCompressedBytesAt)),
            payload.size());
  Bytes memory(number(kMemoryAt));
  for (std::size_t i = 0; i < page_count; ++i) {
    std::uint32_t index = 0;
    std::memcpy(&index, payload.data() + 4 * i, 4);
    ASSERT_LT(index, memory.size() / 4096);
    std::memcpy(memory.data() + index * 4096, payload.data() + 4 * page_count + 4096 * i, 4096);
  }
  EXPECT_EQ(memory, without_dead_stack(samples::memory()));
}

TEST(Whole, PagesThatAreNotStoredAreZeroThoughTheBaseImageIsNot) {
  const std::vector<PageVersions> one = {{30, zero_page(), ancestor_of(samples::base(), 4)}};
  const Parts cleared = load(encode(sample()->facts(), one, &kNothing));
  Bytes expected(samples::memory().size());
  std::ranges::copy(ancestor_of(samples::base(), 4), expected.begin() + 30 * kPageBytes);
  EXPECT_EQ(memory_of(cleared), expected);
  EXPECT_EQ(memory_of(load(standing_alone(cleared)->file())), expected);
  EXPECT_EQ(memory_of(load(encode(sample()->facts(), {}, &kNothing))), Bytes(expected.size()));
}

TEST(Whole, DeltasAreMadeOfItAndFoundAgain) {
  const Parts first = load(whole_file());
  const Parts later = relative_to(parts_of(samples::later_memory()), first);
  const Parts again = load(later->file(), [&](const AncestorName& wanted) {
    EXPECT_EQ(wanted.digest, first->file_digest());
    EXPECT_EQ(wanted.file_bytes, whole_file().size());
    return first;
  });
  EXPECT_EQ(again->lineage().ancestors, std::vector{first->file_digest()});
  EXPECT_EQ(again->content_digest(), parts_of(samples::later_memory())->content_digest());
}

TEST(Whole, ChainsAreFoldedOverIt) {
  const Parts first = load(whole_file());
  Bytes memory = samples::memory();
  Parts newest = first;
  std::size_t longest = 0;
  for (int i = 0; i < 40; ++i) {
    samples::put(memory, 31 * kPageBytes + static_cast<std::size_t>(i), "step");
    newest = relative_to(parts_of(memory), newest);
    longest = std::max(longest, newest->lineage().ancestors.size());
    EXPECT_EQ(newest->lineage().root, first);
  }
  EXPECT_EQ(longest, kAncestorsMax);
  EXPECT_EQ(whole(newest)->file(), whole(parts_of(memory))->file());
}

TEST(Whole, TheHeaderSaysSo) {
  const Stated stated = read_header(whole_file(), "it");
  EXPECT_EQ(stated.form, SnapshotForm::whole);
  EXPECT_FALSE(stated.ancestor);
  EXPECT_EQ(read_header(sample()->file(), "it").form, SnapshotForm::base);
  const Parts delta = relative_to(sample(), sample());
  EXPECT_EQ(read_header(delta->file(), "it").form, SnapshotForm::delta);
}

TEST(Whole, FilesStayReadable) {
  const Bytes golden =
      base::read_file(QUIESCE_TEST_ROOT "/src/snapshot/testdata/format-2-whole.qsnap");
  const Parts again = load(golden);
  EXPECT_EQ(again->form(), SnapshotForm::whole);
  EXPECT_EQ(memory_of(again), without_dead_stack(samples::sparse_memory()));
  EXPECT_EQ(again->content_digest(), parts_of(samples::sparse_memory())->content_digest());
  EXPECT_EQ(base::to_hex(again->content_digest()),
            "44a9c08901ba939cff3522acf2abb7451f76929fe7bc2800e0f627d7b957bbae");
}

TEST(WholeMalice, EveryFlippedBitAndEveryTruncationIsRefused) {
  Bytes file = whole_file();
  for (std::size_t at = 0; at < file.size(); at += at < kPayloadAt ? 1 : 13) {
    const auto mask = std::byte(1u << (at % 8));
    file[at] ^= mask;
    EXPECT_NE(refusal_of(file), "") << "byte " << at;
    file[at] ^= mask;
    EXPECT_NE(refusal_of({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(at)}), "");
  }
  EXPECT_EQ(refusal_of(file), "");
}

std::string refusal_of(const std::vector<PageVersions>& changes) {
  return refusal_of(encode(sample()->facts(), changes, &kNothing));
}

TEST(WholeMalice, AMemoryHasOneTableOfPages) {
  const auto page = ancestor_of(samples::base(), 4), other = ancestor_of(samples::base(), 5);
  EXPECT_EQ(refusal_of({{5, zero_page(), page}, {6, zero_page(), other}}), "") << "this is right";
  EXPECT_EQ(refusal_of({{5, zero_page(), other}}), "") << "and this, though it is as in the base";
  EXPECT_EQ(refusal_of({{6, page, zero_page()}}),
            "cannot load it: it contradicts itself and was not written by Quiesce: it stores zero "
            "pages, though it is relative to "
            "nothing");
  EXPECT_EQ(refusal_of({{6, page, page}}),
            "cannot load it: it contradicts itself and was not written by Quiesce: page 6 should "
            "not be stored this way");
  EXPECT_EQ(refusal_of({{6, zero_page(), page}, {5, zero_page(), page}}),
            "cannot load it: it contradicts itself and was not written by Quiesce: page 5 is out "
            "of order");
  EXPECT_EQ(refusal_of({{48, zero_page(), page}}),
            "cannot load it: it contradicts itself and was not written by Quiesce: page 48 lies "
            "outside its memory");
}

TEST(WholeMalice, HalfANameOfAnAncestorIsNone) {
  const Bytes bytes = with_digest(with_field<std::uint64_t>(whole_file(), kAncestorBytesAt, 307));
  EXPECT_EQ(refusal_of(bytes),
            "cannot load it: it contradicts itself and was not written by Quiesce: it is relative "
            "to a snapshot of 307 bytes with SHA-256 " +
                std::string(64, '0') + ", and there can be none");
  const Bytes digest =
      with_digest(with_field<std::uint8_t>(whole_file(), kAncestorDigestAt + 31, 1));
  EXPECT_NE(refusal_of(digest).find("a snapshot of 0 bytes with SHA-256 0"), std::string::npos);
  EXPECT_THROW(read_header(bytes, "it"), Error);
}

TEST(WholeMalice, SizesAndIdentityAreCheckedAsElsewhere) {
  const auto forged = [](std::size_t at, std::uint64_t value) {
    return refusal_of(with_digest(with_field(whole_file(), at, value)));
  };
  EXPECT_NE(forged(kMemoryAt, kWasmPageBytes).find("smaller than the base image"),
            std::string::npos);
  EXPECT_NE(forged(kMemoryAt, 5).find("no linear memory has 5 bytes"), std::string::npos);
  EXPECT_NE(forged(kPayloadBytesAt, 4096).find("do not fit its count of pages"), std::string::npos);
  EXPECT_NE(refusal_of(with_digest(with_field<std::uint8_t>(whole_file(), kEngineAt, 9)))
                .find("it belongs to engine 09"),
            std::string::npos);
  EXPECT_NE(refusal_of(with_digest(with_field<std::uint8_t>(whole_file(), kBaseAt, 9)))
                .find("it builds on base image 09"),
            std::string::npos);
  EXPECT_THROW(
      parts_from(whole_file(), samples::identity(), "it", samples::memory().size() - 1, never),
      Error);
}

}  // namespace
}  // namespace quiesce::snapshot
