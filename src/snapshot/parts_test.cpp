#include "snapshot/parts.hpp"

#include <gtest/gtest.h>

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
  std::vector<std::byte> memory = samples::base();
  memory.resize(parts.image().memory_bytes);
  snapshot::apply(parts.image().pages, memory);
  return memory;
}

TEST(Parts, ASnapshotOfAWokenVmIsTheSameSnapshot) {
  const auto first = sample();
  const auto second = take(woken(*first), first->image().limits, samples::identity());
  EXPECT_EQ(second->file(), first->file());
  EXPECT_EQ(second->file_digest(), first->file_digest());
  EXPECT_EQ(second->content_digest(), first->content_digest());

  const auto loaded = parts_from(first->file(), samples::identity(), "it", kMemoryBytesMax);
  const auto third = take(woken(*loaded), loaded->image().limits, samples::identity());
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
