#include "guest/linear_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace quiesce::guest {
namespace {

constexpr std::uint64_t kPage = LinearMemory::kWasmPageBytes;

TEST(LinearMemory, BeginsAsZeros) {
  LinearMemory memory(2 * kPage, 4 * kPage);
  EXPECT_EQ(memory.size(), 2 * kPage);
  for (const std::byte byte : memory.bytes(0, memory.size())) ASSERT_EQ(byte, std::byte{0});
}

TEST(LinearMemory, ChecksEveryAccess) {
  LinearMemory memory(kPage, kPage);
  EXPECT_EQ(memory.bytes(static_cast<std::uint32_t>(kPage), 0).size(), 0u);
  EXPECT_EQ(memory.bytes(0, kPage).size(), kPage);
  memory.store<std::uint64_t>(kPage - 8, 5);
  EXPECT_EQ(memory.load<std::uint64_t>(kPage - 8), 5u);
  EXPECT_THROW(memory.load<std::uint64_t>(kPage - 7), Trap);
  EXPECT_THROW(memory.store<std::uint8_t>(kPage, 1), Trap);
  EXPECT_THROW(memory.bytes(1, kPage), Trap);
  EXPECT_THROW(memory.bytes(0xffffffff, 1), Trap);
  EXPECT_THROW(memory.bytes(0xffffffff, ~std::uint64_t{0}), Trap);
  EXPECT_THROW(memory.bytes(0, ~std::uint64_t{0}), Trap);
  try {
    memory.bytes(0xffffffff, 1);
  } catch (const Trap& trap) {
    EXPECT_EQ(trap.kind(), TrapKind::bad_answer);
  }
}

TEST(LinearMemory, GrowsInPlace) {
  LinearMemory memory(kPage, 3 * kPage);
  const std::byte* const base = memory.base();
  memory.store<std::uint32_t>(100, 7);
  EXPECT_TRUE(memory.grow_to(3 * kPage));
  EXPECT_EQ(memory.base(), base);
  EXPECT_EQ(memory.load<std::uint32_t>(100), 7u);
  EXPECT_EQ(memory.load<std::uint64_t>(3 * kPage - 8), 0u);
}

TEST(LinearMemory, RefusesWhatIsNoGrowth) {
  LinearMemory memory(2 * kPage, 3 * kPage);
  EXPECT_FALSE(memory.grow_to(4 * kPage));
  EXPECT_FALSE(memory.grow_to(kPage));
  EXPECT_FALSE(memory.grow_to(2 * kPage + 1));
  EXPECT_TRUE(memory.grow_to(2 * kPage));
  memory.set_bytes_max(2 * kPage);
  EXPECT_FALSE(memory.grow_to(3 * kPage));
  EXPECT_EQ(memory.size(), 2 * kPage);
}

TEST(LinearMemory, GrowsToFourGigabytesAndNoFurther) {
  LinearMemory memory(kPage, ~std::uint64_t{0});
  EXPECT_FALSE(memory.grow_to((1ull << 32) + kPage));
  if (memory.grow_to(1ull << 32)) {  // a system may refuse to promise that much
    memory.store<std::uint8_t>(0xffffffff, 1);
    EXPECT_EQ(memory.load<std::uint8_t>(0xffffffff), 1u);
  } else {
    EXPECT_EQ(memory.size(), kPage);
  }
}

TEST(LinearMemory, IsACopyOnWriteViewOfAnImage) {
  const std::vector<std::byte> bytes(kPage, std::byte{'x'});
  const MemoryImage::Piece pieces[] = {{0, bytes}};
  const MemoryImage image("image", kPage, pieces);
  LinearMemory one(image, 2 * kPage), other(image, 2 * kPage);
  one.store<char>(10, 'y');
  EXPECT_EQ(one.load<char>(10), 'y');
  EXPECT_EQ(other.load<char>(10), 'x');
  EXPECT_EQ(one.load<char>(11), 'x');
  EXPECT_TRUE(one.grow_to(2 * kPage));
  EXPECT_EQ(one.load<char>(kPage), '\0');
  EXPECT_EQ(image.bytes()[10], std::byte{'x'});
}

TEST(LinearMemory, HasMemoryOfItsOwnInTheGapsOfAnImage) {
  const std::vector<std::byte> bytes(kPage, std::byte{'x'});
  const std::uint64_t end = 40 * kPage;
  const MemoryImage::Piece pieces[] = {{0, bytes}, {end, bytes}};
  const MemoryImage image("image", end + kPage, pieces);
  ASSERT_EQ(image.gaps().size(), 1u);
  const auto pages_of_file = [&] {
    struct stat status{};
    EXPECT_EQ(fstat(image.file(), &status), 0);
    return status.st_blocks;
  };
  const auto before = pages_of_file();
  LinearMemory memory(image, end + kPage);
  for (std::uint64_t at = 0; at < memory.size(); at += 4096) {
    const bool is_gap = at >= kPage && at < end;
    ASSERT_EQ(memory.load<char>(static_cast<std::uint32_t>(at)), is_gap ? '\0' : 'x') << at;
    memory.store<char>(static_cast<std::uint32_t>(at), 'y');
  }
  EXPECT_EQ(pages_of_file(), before);
}

TEST(LinearMemory, RefusesAnImageThatIsNoWholePages) {
  const MemoryImage image("image", kPage - 4096, {});
  EXPECT_THROW(LinearMemory(image, 2 * kPage), std::bad_alloc);
}

TEST(LinearMemory, AFailedConstructionKeepsNothing) {
  const MemoryImage image("image", kPage - 4096, {});
  // More of them than fit into the address space.
  for (int i = 0; i < 35000; ++i) ASSERT_THROW(LinearMemory(image, kPage), std::bad_alloc);
}

// ---- warm slots ---------------------------------------------------------------------------------

/// An image with a gap, of which memories can grow.
class WarmMemory : public testing::Test {
 protected:
  static constexpr std::uint64_t kPages = 40;

  WarmMemory() {
    const MemoryImage::Piece pieces[] = {{0, bytes_}, {(kPages - 1) * kPage, bytes_}};
    image_.emplace("image", kPages * kPage, pieces);
  }
  void expect_untouched(LinearMemory& memory) {
    ASSERT_EQ(memory.size(), image_->size());
    const auto expected = image_->bytes();
    EXPECT_EQ(std::memcmp(memory.base(), expected.data(), expected.size()), 0);
  }

  std::vector<std::byte> bytes_ = std::vector<std::byte>(kPage, std::byte{'x'});
  std::optional<MemoryImage> image_;
};

TEST_F(WarmMemory, IsPutBackToTheLastByte) {
  auto first = std::make_unique<LinearMemory>(*image_, 60 * kPage);
  const std::byte* const base = first->base();
  ASSERT_TRUE(first->grow_to(50 * kPage));
  for (const std::uint64_t at : {0ul, 4095ul, 4096ul, 20 * kPage + 7, 39 * kPage, 40 * kPage - 1,
                                 40 * kPage, 50 * kPage - 1}) {
    first->store<char>(static_cast<std::uint32_t>(at), '!');
  }
  first.reset();
  LinearMemory second(*image_, 60 * kPage);
  ASSERT_EQ(second.base(), base) << "it is the same memory";
  expect_untouched(second);
  ASSERT_TRUE(second.grow_to(60 * kPage));
  for (std::uint64_t at = 40 * kPage; at < 60 * kPage; at += 8)
    ASSERT_EQ(second.load<std::uint64_t>(static_cast<std::uint32_t>(at)), 0u) << at;
}

TEST_F(WarmMemory, WhatHasGrownCannotBeTouchedBeforeItGrowsAgain) {
  {
    EXPECT_TRUE(LinearMemory(*image_, 60 * kPage).grow_to(50 * kPage));
  }
  LinearMemory second(*image_, 60 * kPage);
  // A system call says it without a fault.
  const int pipe_end = memfd_create("probe", 0);
  EXPECT_EQ(write(pipe_end, second.base() + 40 * kPage, 1), -1);
  EXPECT_EQ(errno, EFAULT);
  close(pipe_end);
}

TEST_F(WarmMemory, NothingReachesTheNext) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    LinearMemory memory(*image_, 60 * kPage);
    expect_untouched(memory);
    memory.grow_to((40 + random() % 10) * kPage);
    for (unsigned i = random() % 300; i > 0; --i)
      memory.store<char>(static_cast<std::uint32_t>(random() % memory.size()), '!');
    // Some are seen by snapshots, and watched then.
    if (const auto written = memory.written(Since::forgotten); written && round % 3 == 0)
      memory.checkpoint(*written, {});
  }
}

TEST_F(WarmMemory, WhereNobodyKnowsWhatWasWrittenThereIsNoNext) {
  LinearMemory(*image_, 60 * kPage).store<char>(0, '!');
  image_->warm_slots().drain();
  ask_kernel_for(AskFor::nothing);
  LinearMemory(*image_, 60 * kPage).store<char>(0, '!');
  ask_kernel_for(AskFor::list);
  EXPECT_EQ(image_->warm_slots().take(), nullptr);
}

TEST_F(WarmMemory, OneThatHasWrittenMuchIsNotKept) {
  {
    LinearMemory memory(*image_, 60 * kPage);
    for (std::uint32_t page = 0; page <= kSlotPagesMax; ++page)
      memory.store<char>(page * 4096, '!');
  }
  EXPECT_EQ(image_->warm_slots().take(), nullptr);
}

TEST_F(WarmMemory, AFewAreKept) {
  std::vector<std::unique_ptr<LinearMemory>> many;
  for (int i = 0; i < 40; ++i) many.push_back(std::make_unique<LinearMemory>(*image_, kPage));
  many.clear();
  std::vector<std::byte*> kept;
  while (std::byte* const base = image_->warm_slots().take()) kept.push_back(base);
  EXPECT_EQ(kept.size(), WarmSlots::kSlotsMax);
  for (std::byte* const base : kept) Reservation::give_back(base);
}

TEST_F(WarmMemory, ThreadsShareThem) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 300; ++round) {
        LinearMemory memory(*image_, 60 * kPage);
        for (std::uint32_t at = 0; at < 20 * 4096; at += 4096) {
          ASSERT_EQ(memory.load<char>(at), 'x' * (at < kPage)) << "thread " << i;
          memory.store<char>(at, static_cast<char>('0' + i));
        }
      }
    });
  }
}

TEST_F(WarmMemory, AChildOfAForkHasItsOwn) {
  {
    LinearMemory(*image_, kPage).store<char>(0, '!');
  }
  const pid_t child = fork();
  if (child == 0) {
    {
      LinearMemory(*image_, kPage).store<char>(0, '?');
    }
    LinearMemory again(*image_, kPage);
    _exit(std::memcmp(again.base(), image_->bytes().data(), image_->size()) == 0 ? 0 : 1);
  }
  LinearMemory mine(*image_, kPage);
  int status = 1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  expect_untouched(mine);
}

TEST_F(WarmMemory, TheyGoWithTheirImage) {
  for (int i = 0; i < 40000; i += 16) {  // more than the address space has room for
    const MemoryImage image("image", kPage, {});
    std::vector<std::unique_ptr<LinearMemory>> some;
    for (int k = 0; k < 16; ++k) some.push_back(std::make_unique<LinearMemory>(image, kPage));
  }
}

// ---- checkpoints --------------------------------------------------------------------------------

/// What a memory says that was written, at each of several steps, and what was.
TEST(LinearMemory, ACheckpointForgetsNothingThatIsWrittenAfterIt) {
  std::mt19937 random(3);
  for (const AskFor most : {AskFor::list, AskFor::each, AskFor::nothing}) {
    ask_kernel_for(most);
    LinearMemory memory(80 * kPage, 200 * kPage);
    for (int step = 0; step < 60; ++step) {
      std::set<std::uint32_t> touched;
      // At first so many pages that they are worth watching.
      const unsigned count = step % 20 == 0 ? 700 : random() % 20;
      for (unsigned i = 0; i < count; ++i) {
        const auto page = static_cast<std::uint32_t>(random() % (memory.size() / 4096));
        memory.store<std::uint32_t>(page * 4096 + 8, static_cast<std::uint32_t>(random()));
        touched.insert(page);
      }
      const auto written = memory.written(Since::forgotten);
      if (!written) {
        ASSERT_EQ(most, AskFor::nothing);
        continue;
      }
      std::set<std::uint32_t> told;
      for (const PageRange& range : *written) {
        for (std::uint32_t i = 0; i < range.count; ++i) told.insert(range.first + i);
      }
      for (const std::uint32_t page : touched) ASSERT_TRUE(told.contains(page)) << page;
      memory.checkpoint(*written, std::vector(touched.begin(), touched.end()));
      if (step % 13 == 0) memory.grow_to(memory.size() + kPage);
    }
  }
  ask_kernel_for(AskFor::list);
}

}  // namespace
}  // namespace quiesce::guest
