#include "snapshot/image.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "base/sha256.hpp"
#include "quiesce/error.hpp"
#include "snapshot/samples.hpp"

namespace quiesce::snapshot {
namespace {

using Memory = std::vector<std::byte>;

Memory woken(const Pages& pages, const Memory& base, std::size_t bytes) {
  Memory memory = base;
  memory.resize(bytes);
  snapshot::apply(pages, memory);
  return memory;
}

TEST(Image, AnUntouchedMemoryHasNoPages) {
  const Pages pages = capture(samples::base(), samples::base(), samples::kDead);
  EXPECT_TRUE(pages.table.empty());
  EXPECT_TRUE(pages.contents.empty());
  EXPECT_EQ(woken(pages, samples::base(), samples::base().size()), samples::base());
}

TEST(Image, PagesBeyondTheBaseThatAreZeroAreLeftOut) {
  Memory memory = samples::base();
  memory.resize(memory.size() + 5 * kWasmPageBytes);
  EXPECT_TRUE(capture(memory, samples::base(), {}).table.empty());
}

TEST(Image, EachPageIsStoredInItsWay) {
  const Pages pages = capture(samples::memory(), samples::base(), samples::kDead);
  const std::vector<StoredPage> expected{{2, PageKind::data},  {5, PageKind::data},
                                         {6, PageKind::zero},  {30, PageKind::data},
                                         {40, PageKind::data}, {47, PageKind::data}};
  EXPECT_EQ(pages.table, expected);
  EXPECT_EQ(pages.contents.size(), 5 * kPageBytes);
}

TEST(Image, AppliedToAnotherMemoryEverythingLiveIsThere) {
  const Memory memory = samples::memory();
  const Memory again =
      woken(capture(memory, samples::base(), samples::kDead), samples::base(), memory.size());
  Memory expected = memory;
  std::memset(expected.data() + samples::kDead.low, 0, samples::kDead.high - samples::kDead.low);
  EXPECT_EQ(again, expected);
}

TEST(Image, EverySingleByteOfEveryPageCounts) {
  for (std::size_t at = 3 * kPageBytes; at < samples::base().size(); at += 997) {
    Memory memory = samples::base();
    memory[at] ^= std::byte{1};
    const Pages pages = capture(memory, samples::base(), samples::kDead);
    ASSERT_EQ(pages.table.size(), 1u) << at;
    EXPECT_EQ(pages.table[0].index, at / kPageBytes);
    ASSERT_EQ(woken(pages, samples::base(), memory.size()), memory) << at;
  }
  for (const std::size_t at : {std::size_t{0}, kPageBytes - 1, kPageBytes, 3 * kPageBytes - 1}) {
    Memory memory = samples::base();
    memory[at] = std::byte{1};
    EXPECT_EQ(capture(memory, samples::base(), {}).table.size(), 1u) << at;
  }
}

// Every way in which the borders of the dead range can lie within pages.
TEST(Image, DeadBytesCountAsZeroAndTheirNeighboursDoNot) {
  const Memory base(kWasmPageBytes);
  for (const std::uint32_t low : {0u, 1u, 4095u, 4096u, 4097u, 8192u, 10000u}) {
    for (const std::uint32_t high : {0u, 1u, 4096u, 8191u, 8192u, 8193u, 12288u, 16000u}) {
      Memory memory(kWasmPageBytes);
      std::memset(memory.data(), 0xEE, 5 * kPageBytes);
      const Memory again = woken(capture(memory, base, {low, high}), base, memory.size());
      for (std::size_t i = 0; i < memory.size(); ++i) {
        const bool dead = i >= low && i < high;
        ASSERT_EQ(again[i], dead ? std::byte{0} : memory[i]) << low << " " << high << " " << i;
      }
    }
  }
}

TEST(Image, WhatTheStackHeldDoesNotChangeASnapshot) {
  Memory memory = samples::memory();
  const Pages before = capture(memory, samples::base(), samples::kDead);
  std::memset(memory.data() + samples::kDead.low, 0x5A, samples::kDead.high - samples::kDead.low);
  const Pages after = capture(memory, samples::base(), samples::kDead);
  EXPECT_EQ(before.table, after.table);
  EXPECT_EQ(base::sha256(before.contents), base::sha256(after.contents));
}

TEST(Image, SizesThatNoMemoryHasAreRefused) {
  const Memory odd(kPageBytes + 1);
  EXPECT_THROW(capture(odd, samples::base(), {}), Error);
  EXPECT_THROW(capture(samples::base(), odd, {}), Error);
  EXPECT_THROW(digest_of_base(odd, {}), Error);
}

TEST(Image, PagesAreNotWrittenBeyondAMemory) {
  const Pages pages = capture(samples::memory(), samples::base(), samples::kDead);
  Memory small(47 * kPageBytes);
  EXPECT_THROW(snapshot::apply(pages, small), Error);
  EXPECT_EQ(small, Memory(47 * kPageBytes)) << "nothing was written at all";
}

TEST(Image, TheDigestOfABaseImageCoversItsLiveBytesAndItsSize) {
  const base::Digest digest = digest_of_base(samples::base(), samples::kDead);
  EXPECT_EQ(digest, digest_of_base(samples::make_base(), samples::kDead));
  for (const std::size_t at : {0u, 63u, 3 * 4096u - 128u, 3 * 4096u, 20 * 4096u, 31 * 4096u}) {
    Memory other = samples::base();
    other[at] ^= std::byte{0x80};
    EXPECT_NE(digest_of_base(other, samples::kDead), digest) << at;
  }
  Memory stack_used = samples::base();
  stack_used[64] = stack_used[samples::kDead.high - 1] = std::byte{1};
  EXPECT_EQ(digest_of_base(stack_used, samples::kDead), digest);
  Memory longer = samples::base();
  longer.resize(longer.size() + kWasmPageBytes);
  EXPECT_NE(digest_of_base(longer, samples::kDead), digest);
  Memory moved = samples::base();  // the same contents one page later
  std::memmove(moved.data() + 5 * kPageBytes, moved.data() + 4 * kPageBytes, 17 * kPageBytes);
  std::memset(moved.data() + 4 * kPageBytes, 0, kPageBytes);
  EXPECT_NE(digest_of_base(moved, samples::kDead), digest);
}

}  // namespace
}  // namespace quiesce::snapshot
