#include "guest/written_pages.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/linear_memory.hpp"
#include "with_limit.hpp"

namespace quiesce::guest {
namespace {

constexpr std::uint64_t kWasmPage = LinearMemory::kWasmPageBytes;
constexpr std::uint32_t kPage = 4096;

bool covers(const std::vector<PageRange>& ranges, std::uint32_t page) {
  for (const PageRange& range : ranges) {
    if (page >= range.first && page - range.first < range.count) return true;
  }
  return false;
}

std::uint32_t count_of(const std::vector<PageRange>& ranges) {
  std::uint32_t count = 0;
  for (const PageRange& range : ranges) count += range.count;
  return count;
}

void expect_in_order(const std::vector<PageRange>& ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_GT(ranges[i].count, 0u);
    if (i > 0) {
      EXPECT_GT(ranges[i].first, ranges[i - 1].first + ranges[i - 1].count);
    }
  }
}

class WrittenPages : public testing::TestWithParam<AskFor> {
 protected:
  WrittenPages() {
    const MemoryImage::Piece pieces[] = {{0, bytes_}, {60 * kWasmPage, bytes_}};
    image_.emplace("test", 61 * kWasmPage, pieces);
    memory_.emplace(*image_, 100 * kWasmPage);
    EXPECT_TRUE(memory_->grow_to(80 * kWasmPage));
    ask_kernel_for(GetParam());
  }
  ~WrittenPages() override { ask_kernel_for(AskFor::list); }

  std::vector<PageRange> written(Since since = Since::mapped) {
    auto ranges = written_pages(memory_->base(), memory_->size(), since);
    if (!ranges) throw std::runtime_error("this kernel does not know");
    expect_in_order(*ranges);
    return *ranges;
  }

  std::vector<std::byte> bytes_ = std::vector<std::byte>(kWasmPage, std::byte{'x'});
  std::optional<MemoryImage> image_;
  std::optional<LinearMemory> memory_;
};

TEST_P(WrittenPages, ReadingIsNotWriting) {
  EXPECT_EQ(count_of(written()), 0u);
  std::uint64_t sum = 0;
  for (std::uint32_t at = 0; at < 61 * kWasmPage; at += kPage) sum += memory_->load<char>(at);
  EXPECT_EQ(sum, 32u * 'x');
  // Zeros of its own that were read may be among them: the system gives a page for them.
  for (const PageRange& range : written()) EXPECT_GE(range.first, kWasmPage / kPage);
}

TEST_P(WrittenPages, EachThatWasWrittenIsThere) {
  const std::uint32_t pages[] = {0, 1, 5, 15, 16, 200, 959, 960, 975, 976, 1100, 1279};
  for (const std::uint32_t page : pages) memory_->store<char>(page * kPage + page % 64, 'y');
  const auto ranges = written();
  for (const std::uint32_t page : pages) EXPECT_TRUE(covers(ranges, page)) << page;
  EXPECT_EQ(count_of(ranges), std::size(pages));
}

TEST_P(WrittenPages, ManyRangesDoNotFitIntoOneAnswer) {
  for (std::uint32_t page = 0; page < 1280; page += 2) memory_->store<char>(page * kPage, 'y');
  EXPECT_EQ(written().size(), 640u);
  for (std::uint32_t page = 1; page < 1280; page += 2) memory_->store<char>(page * kPage, 'y');
  EXPECT_EQ(written(), (std::vector<PageRange>{{0, 1280}}));
}

TEST_P(WrittenPages, WhatAnotherViewWritesIsNotThere) {
  LinearMemory other(*image_, 100 * kWasmPage);
  other.store<char>(3 * kPage, 'y');
  EXPECT_EQ(count_of(written()), 0u);
}

TEST_P(WrittenPages, AChildKnowsItsOwn) {
  memory_->store<char>(3 * kPage, 'y');
  const pid_t child = fork();
  if (child == 0) {
    memory_->store<char>(7 * kPage, 'y');
    const auto ranges = written();
    _exit(covers(ranges, 3) && covers(ranges, 7) && count_of(ranges) == 2 ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(written(), (std::vector<PageRange>{{3, 1}}));
}

INSTANTIATE_TEST_SUITE_P(Ways, WrittenPages, testing::Values(AskFor::list, AskFor::each));

class WatchedWrites : public WrittenPages {
 protected:
  void SetUp() override {
    ask_kernel_for(AskFor::list);
    const bool watched = watch_writes(memory_->base(), memory_->size());
    ask_kernel_for(GetParam());
    if (!watched) GTEST_SKIP() << "this kernel watches no writes, or does not let us";
    forget_all();
  }
  void forget_all() {
    const PageRange all[] = {{0, static_cast<std::uint32_t>(memory_->size() / kPage)}};
    forget_writes(memory_->base(), all);
  }
};

TEST_P(WatchedWrites, OnlyWhatWasWrittenSinceIsThere) {
  memory_->store<char>(3 * kPage, 'y');
  memory_->store<char>(1000 * kPage, 'y');
  EXPECT_EQ(written(Since::forgotten), (std::vector<PageRange>{{3, 1}, {1000, 1}}));
  forget_all();
  EXPECT_TRUE(written(Since::forgotten).empty());
  memory_->store<char>(1000 * kPage, 'z');
  memory_->store<char>(1001 * kPage, 'z');
  EXPECT_EQ(written(Since::forgotten), (std::vector<PageRange>{{1000, 2}}));
  for (const std::uint32_t page : {3, 1000, 1001}) EXPECT_TRUE(covers(written(), page)) << page;
}

TEST_P(WatchedWrites, ReadingIsNotWriting) {
  std::uint64_t sum = 0;
  for (std::uint32_t at = 0; at < 61 * kWasmPage; at += kPage) sum += memory_->load<char>(at);
  EXPECT_EQ(sum, 32u * 'x');
  EXPECT_TRUE(written(Since::forgotten).empty());
  // And it is noticed when a page is written that was read before.
  memory_->store<char>(5 * kPage, 'y');
  memory_->store<char>(500 * kPage, 'y');
  EXPECT_EQ(written(Since::forgotten), (std::vector<PageRange>{{5, 1}, {500, 1}}));
}

TEST_P(WatchedWrites, SomeCanBeForgottenAndOthersNot) {
  for (std::uint32_t page = 0; page < 1280; ++page) memory_->store<char>(page * kPage, 'y');
  const PageRange some[] = {{0, 5}, {6, 1274}};
  forget_writes(memory_->base(), some);
  memory_->store<char>(700 * kPage, 'z');
  EXPECT_EQ(written(Since::forgotten), (std::vector<PageRange>{{5, 1}, {700, 1}}));
}

TEST_P(WatchedWrites, WhatIsNotWatchedCountsAsWritten) {
  EXPECT_TRUE(memory_->grow_to(90 * kWasmPage));
  memory_->store<char>(3 * kPage, 'y');
  memory_->store<char>(1300 * kPage, 'y');
  const auto ranges = written(Since::forgotten);
  EXPECT_TRUE(covers(ranges, 3));
  EXPECT_TRUE(covers(ranges, 1300));
  forget_all();
  EXPECT_TRUE(covers(written(Since::forgotten), 1300));
}

TEST_P(WatchedWrites, AChildIsToldOfNoLess) {
  memory_->store<char>(3 * kPage, 'y');
  forget_all();
  memory_->store<char>(4 * kPage, 'y');
  const pid_t child = fork();
  if (child == 0) {
    memory_->store<char>(3 * kPage, 'z');
    memory_->store<char>(7 * kPage, 'z');
    const auto ranges = written(Since::forgotten);
    forget_all();
    memory_->store<char>(8 * kPage, 'z');
    const auto later = written(Since::forgotten);
    _exit(covers(ranges, 3) && covers(ranges, 4) && covers(ranges, 7) && covers(later, 8) ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(written(Since::forgotten), (std::vector<PageRange>{{4, 1}})) << "the parent's own";
}

INSTANTIATE_TEST_SUITE_P(Ways, WatchedWrites, testing::Values(AskFor::list, AskFor::each));

TEST(WrittenPagesWithoutKernel, NobodyKnows) {
  LinearMemory memory(kWasmPage, kWasmPage);
  ask_kernel_for(AskFor::nothing);
  EXPECT_FALSE(written_pages(memory.base(), memory.size()));
  EXPECT_FALSE(watch_writes(memory.base(), memory.size()));
  ask_kernel_for(AskFor::each);
  EXPECT_FALSE(watch_writes(memory.base(), memory.size()));
  {
    const WithLimit no_descriptors(RLIMIT_NOFILE, 0);
    EXPECT_FALSE(written_pages(memory.base(), memory.size())) << "without a descriptor";
  }
  EXPECT_TRUE(written_pages(memory.base(), memory.size()));
  ask_kernel_for(AskFor::list);
  EXPECT_TRUE(written_pages(memory.base(), memory.size()));
}

}  // namespace
}  // namespace quiesce::guest
