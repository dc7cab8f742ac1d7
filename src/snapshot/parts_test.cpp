#include "snapshot/parts.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "quiesce/error.hpp"
#include "snapshot/format.hpp"
#include "snapshot/samples.hpp"

namespace quiesce::snapshot {
namespace {

std::shared_ptr<const detail::SnapshotParts> sample() {
  return take(samples::memory(), samples::limits(), samples::identity());
}

std::vector<std::byte> woken(const detail::SnapshotParts& parts) {
  const Layers layers = parts.layers();
  std::vector<std::byte> memory = samples::base();
  if (layers.image) memory.assign(layers.image->bytes().begin(), layers.image->bytes().end());
  memory.resize(parts.facts().memory_bytes);
  if (layers.pages) snapshot::apply(*layers.pages, memory);
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
  const std::size_t page_count = parts->layers().pages->table.size();
  ASSERT_EQ(page_count, 6u);
  for (std::size_t copied = 2 * page_count; copied <= kPagesCopiedMax; copied += page_count) {
    ASSERT_FALSE(parts->layers().image);
  }
  const std::vector<std::byte> copied = woken(*sample());
  const auto image = parts->layers().image;
  ASSERT_TRUE(image);
  EXPECT_EQ(parts->layers().image, image) << "there is one for all";
  EXPECT_FALSE(parts->layers().pages) << "nothing is held twice";
  EXPECT_EQ(woken(*parts), copied);
}

TEST(Parts, ManyPagesAreMappedAtOnce) {
  std::vector<std::byte> memory = samples::base();
  memory.resize(memory.size() + (kPagesCopiedMax + 1) * kPageBytes, std::byte{7});
  memory.resize((memory.size() + kWasmPageBytes - 1) / kWasmPageBytes * kWasmPageBytes);
  const auto parts = take(memory, samples::limits(), samples::identity());
  EXPECT_TRUE(parts->layers().image);
  EXPECT_EQ(woken(*parts), memory);
}

TEST(Parts, TheFileFormIsTheSameBeforeAndAfterwards) {
  const auto first = sample(), second = sample(), third = sample();
  const auto file = first->file();
  const auto content_digest = second->content_digest();
  while (!third->layers().image) {
  }
  EXPECT_EQ(third->file(), file);
  EXPECT_EQ(third->content_digest(), content_digest);
  EXPECT_EQ(take(woken(*third), samples::limits(), samples::identity())->file(), file);
}

TEST(Parts, ThreadsThatWakeTogetherShareOneImage) {
  for (int round = 0; round < 20; ++round) {
    const auto parts = sample();
    std::vector<std::shared_ptr<const guest::MemoryImage>> seen(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        while (!(seen[i] = parts->layers().image)) {
        }
        EXPECT_FALSE(i % 2 == 0 && parts->file().empty());
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::ranges::count(seen, seen[0]), 4);
  }
}

TEST(Parts, WithoutDescriptorsPagesAreCopiedForEver) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const auto parts = sample();
  const std::vector<std::byte> expected = woken(*parts);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(parts->layers().image);
  EXPECT_EQ(woken(*parts), expected);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(parts->layers().image) << "as soon as there are some again";
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
