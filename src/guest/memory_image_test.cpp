#include "guest/memory_image.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <new>
#include <vector>

#include "with_limit.hpp"

namespace quiesce::guest {
namespace {

constexpr std::uint64_t kPage = 4096;

std::vector<std::byte> filled(std::size_t bytes, int with) {
  return std::vector<std::byte>(bytes, static_cast<std::byte>(with));
}

TEST(MemoryImage, HoldsItsPiecesAndZeros) {
  const auto a = filled(kPage, 1), b = filled(2 * kPage, 2);
  const MemoryImage::Piece pieces[] = {{kPage, a}, {2 * kPage, b}, {7 * kPage, a}};
  const MemoryImage image("test", 16 * kPage, pieces);
  ASSERT_EQ(image.size(), 16 * kPage);
  ASSERT_EQ(image.bytes().size(), 16 * kPage);
  const int expected[] = {0, 1, 2, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  for (std::size_t at = 0; at < image.size(); ++at) {
    ASSERT_EQ(image.bytes()[at], static_cast<std::byte>(expected[at / kPage])) << at;
  }
}

TEST(MemoryImage, PiecesThatAreNeighboursArriveAsTheyAre) {
  const auto bytes = filled(2 * kPage, 3);
  const std::span all(bytes);
  // The same page twice: neighbours in the image, not in memory.
  const MemoryImage::Piece pieces[] = {
      {0, all.first(kPage)}, {kPage, all.last(kPage)}, {2 * kPage, all.first(kPage)}};
  const MemoryImage image("test", 4 * kPage, pieces);
  EXPECT_EQ(image.bytes()[3 * kPage - 1], std::byte{3});
  EXPECT_EQ(image.bytes()[3 * kPage], std::byte{0});
}

TEST(MemoryImage, NobodyCanChangeIt) {
  const auto a = filled(kPage, 1);
  const MemoryImage::Piece pieces[] = {{0, a}};
  const MemoryImage image("test", 2 * kPage, pieces);
  EXPECT_EQ(pwrite(image.file(), "x", 1, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(ftruncate(image.file(), kPage), -1) << "a view would fault beyond the end";
  EXPECT_EQ(ftruncate(image.file(), 4 * kPage), -1);
  EXPECT_EQ(fallocate(image.file(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kPage), -1);
  EXPECT_EQ(mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, image.file(), 0), MAP_FAILED);
  EXPECT_EQ(fcntl(image.file(), F_ADD_SEALS, F_SEAL_GROW), -1) << "sealed for ever";
  EXPECT_NE(fcntl(image.file(), F_GETFD) & FD_CLOEXEC, 0) << "programs that are run get none";
  EXPECT_EQ(image.bytes()[0], std::byte{1});
}

TEST(MemoryImage, LongGapsBetweenThePiecesAreNamed) {
  const auto a = filled(kPage, 1);
  constexpr std::uint64_t kMiB = 1u << 20;
  const MemoryImage::Piece pieces[] = {
      {5 * kMiB, a}, {6 * kMiB, a}, {7 * kMiB + kPage, a}, {20 * kMiB, a}};
  const MemoryImage image("test", 30 * kMiB, pieces);
  ASSERT_EQ(image.gaps().size(), 2u);
  EXPECT_EQ(image.gaps()[0].offset, 6 * kMiB + kPage);
  EXPECT_EQ(image.gaps()[0].size, kMiB);
  EXPECT_EQ(image.gaps()[1].offset, 7 * kMiB + 2 * kPage);
  EXPECT_EQ(image.gaps()[1].size, 13 * kMiB - 2 * kPage);

  std::vector<MemoryImage::Piece> many;
  for (std::uint64_t i = 0; i < 100; ++i) many.push_back({2 * i * kMiB, a});
  EXPECT_LE(MemoryImage("test", 200 * kMiB, many).gaps().size(), 8u) << "mappings are limited";
}

std::size_t descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    if (entry.exists()) ++count;
  }
  return count;
}

TEST(MemoryImage, WhatTheSystemRefusesIsBadAllocAndKeepsNothing) {
  const auto a = filled(kPage, 1);
  const MemoryImage::Piece pieces[] = {{0, a}};
  const std::size_t before = descriptors();
  {
    const WithLimit none(RLIMIT_NOFILE, 0);
    EXPECT_THROW(MemoryImage("test", kPage, pieces), std::bad_alloc);
  }
  {
    // The system itself would end the process with SIGXFSZ.
    const WithLimit small(RLIMIT_FSIZE, MemoryImage::kHeaderBytes + kPage);
    EXPECT_THROW(MemoryImage("test", 2 * kPage, pieces), std::bad_alloc);
    EXPECT_EQ(MemoryImage("test", kPage, pieces).size(), kPage);
  }
  EXPECT_THROW(MemoryImage("test", ~std::uint64_t{0}, pieces), std::bad_alloc);
  EXPECT_EQ(descriptors(), before);
}

}  // namespace
}  // namespace quiesce::guest
