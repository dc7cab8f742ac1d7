#include "snapshot/parts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "quiesce/error.hpp"
#include "snapshot/format.hpp"
#include "snapshot/samples.hpp"
#include "with_limit.hpp"

namespace quiesce::snapshot {
namespace {

std::shared_ptr<const detail::SnapshotParts> sample() {
  return take(samples::memory(), samples::limits(), samples::identity());
}

std::vector<std::byte> woken(const detail::SnapshotParts& parts) {
  const Layers layers = parts.layers();
  std::vector<std::byte> memory = samples::base();
  if (layers.whole) {
    const auto bytes = layers.whole->image->bytes();
    memory.assign(bytes.begin(), bytes.end());
  }
  memory.resize(parts.facts().memory_bytes);
  for (const auto& pages : layers.over) snapshot::apply(*pages, memory);
  return memory;
}

TEST(Parts, ASnapshotOfAWokenVmIsTheSameSnapshot) {
  const auto first = sample();
  const auto second = take(woken(*first), first->facts().limits, samples::identity());
  EXPECT_EQ(second->file(), first->file());
  EXPECT_EQ(second->file_digest(), first->file_digest());
  EXPECT_EQ(second->content_digest(), first->content_digest());

  const auto loaded = parts_from(first->file(), samples::identity(), "it", kMemoryBytesMax);
  const auto third = take(woken(*loaded), loaded->facts().limits, samples::identity());
  EXPECT_EQ(third->file(), first->file());
}

TEST(Parts, TheFileFormOfLoadedPartsIsWhatWasLoaded) {
  const auto file = encode(samples::image(), samples::base());
  const auto parts = parts_from(file, samples::identity(), "it", kMemoryBytesMax);
  EXPECT_EQ(parts->file(), file);
  EXPECT_EQ(parts->file_digest(), base::sha256(file));
}

TEST(Parts, ThreadsThatComeTogetherGetTheSameFileForm) {
  for (int round = 0; round < 20; ++round) {
    const auto parts = sample();
    std::vector<const std::byte*> seen(4);
    std::vector<base::Digest> digests(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        digests[i] = i % 2 == 0 ? parts->file_digest() : base::sha256(parts->file());
        seen[i] = parts->file().data();
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::ranges::count(seen, seen[0]), 4);
    EXPECT_EQ(std::ranges::count(digests, digests[0]), 4);
  }
}

TEST(Parts, PagesAreCopiedAtFirstAndMappedThen) {
  const auto parts = sample();
  const std::size_t page_count = parts->layers().page_count();
  ASSERT_EQ(page_count, 6u);
  for (std::size_t copied = 2 * page_count; copied <= kPagesCopiedMin; copied += page_count) {
    ASSERT_FALSE(parts->layers().whole);
  }
  const std::vector<std::byte> copied = woken(*sample());
  const auto image = parts->layers().whole;
  ASSERT_TRUE(image);
  EXPECT_EQ(parts->layers().whole, image) << "there is one for all";
  EXPECT_TRUE(parts->layers().over.empty()) << "nothing is held twice";
  EXPECT_EQ(woken(*parts), copied);
}

TEST(Parts, ManyPagesAreMappedAtOnce) {
  std::vector<std::byte> memory = samples::base();
  memory.resize(memory.size() + (kPagesCopiedMin + 1) * kPageBytes, std::byte{7});
  memory.resize((memory.size() + kWasmPageBytes - 1) / kWasmPageBytes * kWasmPageBytes);
  const auto parts = take(memory, samples::limits(), samples::identity());
  EXPECT_TRUE(parts->layers().whole);
  EXPECT_EQ(woken(*parts), memory);
}

TEST(Parts, TheFileFormIsTheSameBeforeAndAfterwards) {
  const auto first = sample(), second = sample(), third = sample();
  const auto file = first->file();
  const auto content_digest = second->content_digest();
  while (!third->layers().whole) {
  }
  EXPECT_EQ(third->file(), file);
  EXPECT_EQ(third->content_digest(), content_digest);
  EXPECT_EQ(take(woken(*third), samples::limits(), samples::identity())->file(), file);
}

TEST(Parts, ThreadsThatWakeTogetherShareOneImage) {
  for (int round = 0; round < 20; ++round) {
    const auto parts = sample();
    std::vector<std::shared_ptr<const WholeImage>> seen(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        while (!(seen[i] = parts->layers().whole)) {
        }
        EXPECT_FALSE(i % 2 == 0 && parts->file().empty());
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::ranges::count(seen, seen[0]), 4);
  }
}

TEST(Parts, WhereNoImageFitsPagesAreCopiedForEver) {
  const auto parts = sample();
  const std::vector<std::byte> expected = woken(*parts);
  {
    const WithLimit no_room(RLIMIT_FSIZE, 0);
    for (int i = 0; i < 100; ++i) ASSERT_FALSE(parts->layers().whole);
    EXPECT_EQ(woken(*parts), expected);
  }
  EXPECT_TRUE(parts->layers().whole) << "as soon as there is room again";
}

/// What a VM did that was woken from `parts`; `written` is told about each page.
std::vector<std::byte> changed(const detail::SnapshotParts& parts,
                               std::vector<guest::PageRange>& written) {
  std::vector<std::byte> memory = woken(parts);
  memory.resize(memory.size() + kWasmPageBytes);
  const auto touch = [&](std::uint32_t index) {
    if (written.empty() || written.back().first + written.back().count != index)
      written.push_back({index, 0});
    ++written.back().count;
    return memory.begin() + index * kPageBytes;
  };
  const std::vector<std::byte>& base = samples::base();
  *touch(1) = std::byte{1};                                          // dead
  *touch(4) = std::byte{99};                                         // of the base image
  std::fill_n(touch(5), kPageBytes, std::byte{0});                   // was stored
  std::copy_n(base.begin() + 6 * kPageBytes, kPageBytes, touch(6));  // as in the base image again
  std::fill_n(touch(7), kPageBytes, std::byte{0});                   // was of the base image
  touch(8);                                                          // written, but not changed
  *touch(31) = std::byte{3};                                         // was zero
  std::fill_n(touch(40), kPageBytes, std::byte{0});                  // beyond the base image
  *touch(60) = std::byte{4};                                         // beyond the image
  return memory;
}

TEST(Parts, WhatHasChangedSinceAnImageIsAllThatIsKept) {
  const auto first = sample();
  while (!first->layers().whole) {
  }
  std::vector<guest::PageRange> written;
  const std::vector<std::byte> memory = changed(*first, written);
  const auto whole = take(memory, samples::limits(), samples::identity());
  for (const bool knows : {true, false}) {
    Past past{{first->layers().whole, {}}, std::nullopt};
    if (knows) past.written = written;
    const auto second = take(memory, samples::limits(), samples::identity(), past);
    const Layers layers = second->layers();
    EXPECT_EQ(layers.whole, past.before.whole);
    EXPECT_EQ(layers.page_count(), 7u) << "not 1, which is dead, and not 8";
    EXPECT_EQ(second->content_digest(), whole->content_digest());
    EXPECT_EQ(second->file(), whole->file());
    EXPECT_EQ(woken(*second), woken(*whole));
    while (second->layers().whole == past.before.whole) {
    }
    EXPECT_EQ(woken(*second), woken(*whole)) << "with an image of its own";
    EXPECT_EQ(second->file(), whole->file());
  }
}

TEST(Parts, AFewChangesOfALargeImageAreWrittenAgainAndAgain) {
  std::vector<std::byte> memory = samples::base();
  memory.resize(100 * kWasmPageBytes, std::byte{7});
  const auto first = take(memory, samples::limits(), samples::identity());
  const Past past{{first->layers().whole, {}}, std::nullopt};
  ASSERT_TRUE(past.before.whole);
  std::fill_n(memory.begin() + 50 * kWasmPageBytes, 300 * kPageBytes, std::byte{8});
  const auto second = take(memory, samples::limits(), samples::identity(), past);
  // 1568 pages in all: the sixth time would have been one too many.
  for (int i = 0; i < 5; ++i) EXPECT_EQ(second->layers().whole, past.before.whole) << i;
  EXPECT_NE(second->layers().whole, past.before.whole);
  EXPECT_EQ(woken(*second), memory);
}

TEST(Parts, OfAnImageThatIsMostlyChangedNothingIsKept) {
  const auto first = sample();
  while (!first->layers().whole) {
  }
  std::vector<std::byte> memory = woken(*first);
  std::fill(memory.begin() + 10 * kPageBytes, memory.end(), std::byte{5});
  const auto second = take(memory, samples::limits(), samples::identity(),
                           Past{{first->layers().whole, {}}, std::nullopt});
  EXPECT_FALSE(second->layers().whole);
  EXPECT_EQ(second->file(), take(memory, samples::limits(), samples::identity())->file());
}

TEST(Parts, LimitsThatNoVmMayHaveAreRefusedBeforeItSleeps) {
  Limits limits;
  limits.stack_bytes_max = 0;
  EXPECT_THROW(take(samples::memory(), limits, samples::identity()), Error);
}

TEST(Parts, RefusalsNameWhatWasLoaded) {
  try {
    parts_from({}, samples::identity(), "\"x.qsnap\"", kMemoryBytesMax);
    FAIL() << "an empty file was accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "cannot load \"x.qsnap\": it is empty");
  }
}

}  // namespace
}  // namespace quiesce::snapshot
