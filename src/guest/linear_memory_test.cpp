#include "guest/linear_memory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <new>
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

TEST(LinearMemory, OutlivesItsImage) {
  const std::vector<std::byte> bytes(kPage, std::byte{'x'});
  const MemoryImage::Piece pieces[] = {{0, bytes}};
  auto image = std::make_unique<MemoryImage>("image", kPage, pieces);
  LinearMemory memory(*image, kPage);
  image.reset();
  EXPECT_EQ(memory.load<char>(kPage - 1), 'x');
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

}  // namespace
}  // namespace quiesce::guest
