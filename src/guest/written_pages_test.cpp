#include "guest/written_pages.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/linear_memory.hpp"

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
  }
  std::vector<PageRange> written() {
    auto ranges = written_pages(memory_->base(), memory_->size(), GetParam());
    if (!ranges) throw std::runtime_error("this kernel does not know");
    expect_in_order(*ranges);
    return *ranges;
  }
  // An older kernel cannot list them.
  void SetUp() override {
    if (!written_pages(memory_->base(), kPage, GetParam())) GTEST_SKIP() << "not on this kernel";
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

TEST_P(WrittenPages, WithoutADescriptorNobodyKnows) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_FALSE(written_pages(memory_->base(), memory_->size(), GetParam()));
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(written_pages(memory_->base(), memory_->size(), GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Ways, WrittenPages,
                         testing::Values(AskFor::any, AskFor::list, AskFor::each));

}  // namespace
}  // namespace quiesce::guest
