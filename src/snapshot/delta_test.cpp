#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/bytes.hpp"
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
constexpr std::size_t kMemoryAt = 24, kAncestorBytesAt = 136, kAncestorDigestAt = 144;

const std::string kTestdata = QUIESCE_TEST_ROOT "/src/snapshot/testdata/";

Parts parts_of(const Bytes& memory) { return take(memory, samples::limits(), samples::identity()); }

const Parts& first() {
  static const Parts parts = parts_of(samples::memory());
  return parts;
}

const Bytes& delta_file() {
  static const Bytes file = relative_to(parts_of(samples::later_memory()), first())->file();
  return file;
}

Parts load(Bytes file, const FindParts& find = [](const AncestorName&) { return first(); }) {
  return parts_from(std::move(file), samples::identity(), "it", kMemoryBytesMax, find);
}

std::string refusal_of(
    const Bytes& file, const FindParts& find = [](const AncestorName&) { return first(); }) {
  try {
    load(file, find);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::snapshot) << error.what();
    EXPECT_EQ(std::string(error.what()).rfind("cannot load it: ", 0), 0u) << error.what();
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Delta, SaysWhatHasChangedAndIsTheSameVm) {
  const Parts later = parts_of(samples::later_memory());
  const Parts again = load(delta_file());
  EXPECT_EQ(again->content_digest(), later->content_digest());
  EXPECT_EQ(again->facts().memory_bytes, later->facts().memory_bytes);
  EXPECT_EQ(again->file(), delta_file()) << "loaded, it keeps its bytes";
  EXPECT_EQ(standing_alone(again)->file(), later->file()) << "by itself, as if it had always been";
  EXPECT_EQ(again->lineage().ancestors, std::vector{first()->file_digest()});
  EXPECT_TRUE(later->lineage().ancestors.empty());
}

TEST(Delta, IsSmallerThanTheWhole) {
  Bytes memory = samples::memory();
  for (std::size_t i = 50 * kPageBytes; i < memory.size(); ++i) memory[i] = std::byte(i * i >> 7);
  const Parts before = parts_of(memory);
  samples::put(memory, 20 * kPageBytes, "a word");
  const Parts delta = relative_to(parts_of(memory), before);
  EXPECT_LT(delta->file().size(), kDeltaHeaderBytes + kDigestBytes + 60);
}

TEST(Delta, OfNothingIsNothing) {
  const Parts same = relative_to(parts_of(samples::memory()), first());
  EXPECT_LE(same->file().size(), kDeltaHeaderBytes + kDigestBytes + 16);
  EXPECT_EQ(load(same->file())->content_digest(), first()->content_digest());
}

TEST(Delta, TravelsThereAndBack) {
  const Parts later = load(delta_file());
  Bytes small = samples::later_memory();
  std::ranges::copy(samples::memory(), small.begin());
  std::fill(small.begin() + static_cast<std::ptrdiff_t>(samples::memory().size()), small.end(),
            std::byte{0});
  const Parts back = relative_to(parts_of(small), later);
  const Parts again = load(back->file(), [&](const AncestorName&) { return later; });
  EXPECT_EQ(again->lineage().ancestors,
            (std::vector{later->file_digest(), first()->file_digest()}));
  EXPECT_EQ(again->lineage().root, first());
  EXPECT_EQ(again->content_digest(), parts_of(small)->content_digest());
}

TEST(Delta, AncestorsThatAreMappedGiveTheSame) {
  const Parts mapped = parts_of(samples::memory());
  while (!mapped->layers().whole) {
  }
  EXPECT_EQ(relative_to(parts_of(samples::later_memory()), mapped)->file(), delta_file());
  const Parts again = load(delta_file(), [&](const AncestorName&) { return mapped; });
  EXPECT_EQ(again->content_digest(), parts_of(samples::later_memory())->content_digest());
}

TEST(Delta, OfASmallerMemoryStandsAlone) {
  const Parts later = parts_of(samples::later_memory());
  const Parts alone = relative_to(first(), later);
  EXPECT_TRUE(alone->lineage().ancestors.empty());
  EXPECT_EQ(alone->file(), first()->file());
}

TEST(Delta, ChainsAreFolded) {
  Bytes memory = samples::memory();
  Parts newest = first();
  std::size_t longest = 0;
  for (int i = 0; i < 3 * static_cast<int>(kAncestorsMax); ++i) {
    samples::put(memory, 31 * kPageBytes + static_cast<std::size_t>(i), "step");
    newest = relative_to(parts_of(memory), newest);
    longest = std::max(longest, newest->lineage().ancestors.size());
    EXPECT_EQ(newest->lineage().root, first());
  }
  EXPECT_EQ(longest, kAncestorsMax);
  EXPECT_EQ(standing_alone(newest)->file(), parts_of(memory)->file());
}

TEST(Delta, ChainsThatNobodyWritesAreRefused) {
  const auto base = std::make_shared<detail::SnapshotParts>(
      first()->facts(), first()->current_layers(), samples::identity(), first()->file(),
      detail::Lineage{std::vector<base::Digest>(kAncestorsMax), first()});
  EXPECT_TRUE(contains(refusal_of(delta_file(), [&](const AncestorName&) { return base; }),
                       "it needs more than 32 other snapshots, which no Quiesce writes"));
}

TEST(Delta, WithoutItsAncestorItSaysWhichOneItNeeds) {
  EXPECT_EQ(refusal_of(delta_file(), nullptr),
            "cannot load it: it holds only what has changed since the snapshot with SHA-256 " +
                base::to_hex(first()->file_digest()) + ", which is needed with it");
}

TEST(Delta, NamesItsAncestorAsTheDocumentSays) {
  const std::span file(delta_file());
  EXPECT_EQ(base::load_little_endian<std::uint32_t>(file.subspan(8).first<4>()), 2u);
  EXPECT_EQ(base::load_little_endian<std::uint64_t>(file.subspan(kAncestorBytesAt).first<8>()),
            first()->file().size());
  EXPECT_TRUE(
      std::ranges::equal(file.subspan(kAncestorDigestAt, kDigestBytes), first()->file_digest()));
}

TEST(Delta, FilesOfVersionTwoStayReadable) {
  const Bytes golden = base::read_file(kTestdata + "format-2.qsnap");
  const Parts ancestor = load(base::read_file(kTestdata + "format-1.qsnap"), nullptr);
  const Parts again = load(golden, [&](const AncestorName& wanted) {
    EXPECT_EQ(wanted.digest, ancestor->file_digest());
    return ancestor;
  });
  EXPECT_EQ(again->content_digest(), parts_of(samples::later_memory())->content_digest());
  EXPECT_EQ(base::to_hex(again->content_digest()),
            "67841db27a4ea4927fe7e386107e72c6cbf97e0b1fa895f4e4d3479e2419d59b");
}

TEST(DeltaMalice, EveryFlippedBitAndEveryTruncationIsRefused) {
  for (std::size_t at = 0; at < delta_file().size(); ++at) {
    Bytes file = delta_file();
    file[at] ^= std::byte(1u << (at % 8));
    EXPECT_NE(refusal_of(file), "") << "byte " << at;
    EXPECT_NE(refusal_of({delta_file().begin(), delta_file().begin() + static_cast<long>(at)}), "");
  }
}

TEST(DeltaMalice, AnotherAncestorIsFoundOut) {
  // Whoever finds ancestors compares digests. Should one be wrong all the same, pages that did not
  // change, or that became zero where they were, give it away here; nothing does for the others.
  Bytes other = samples::memory();
  std::memset(other.data() + 40 * kPageBytes, 0, kPageBytes);
  const Parts wrong = parts_of(other);
  EXPECT_TRUE(contains(refusal_of(delta_file(), [&](const AncestorName&) { return wrong; }),
                       "page 40 should not be stored this way"));
}

TEST(DeltaMalice, AMemorySmallerThanItsAncestorsIsRefused) {
  Bytes file = delta_file();
  const Parts later = parts_of(samples::later_memory());
  base::store_little_endian<std::uint64_t>(std::span(file).subspan(kMemoryAt).first<8>(),
                                           3 * kWasmPageBytes);
  EXPECT_TRUE(contains(refusal_of(with_digest(file), [&](const AncestorName&) { return later; }),
                       "is smaller than that of the snapshot it is relative to"));
}

TEST(DeltaMalice, TheFinderIsNotAskedForFilesThatAreDamaged) {
  Bytes file = delta_file();
  file[kAncestorDigestAt] ^= std::byte{1};
  bool asked = false;
  refusal_of(file, [&](const AncestorName&) {
    asked = true;
    return first();
  });
  EXPECT_FALSE(asked);
}

TEST(Delta, OfAnAncestorOfAnotherEngineIsRefused) {  // C4
  Identity other = samples::identity();
  other.engine[0] ^= std::byte{1};
  const Parts foreign = take(samples::memory(), samples::limits(), other);
  const std::string said = refusal_of(delta_file(), [&](const AncestorName&) { return foreign; });
  EXPECT_TRUE(contains(said, "a snapshot of another engine, " + base::to_hex(other.engine)))
      << said;
  // And none is made.
  EXPECT_FALSE(relative_to(parts_of(samples::later_memory()), foreign)->lineage().root);
}

}  // namespace
}  // namespace quiesce::snapshot
