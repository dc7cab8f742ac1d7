#include "snapshot/whole_image.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "snapshot/layers.hpp"
#include "snapshot/samples.hpp"
#include "with_limit.hpp"

namespace quiesce::snapshot {
namespace {

std::vector<std::byte> live_memory() {
  std::vector<std::byte> memory = samples::memory();
  std::memset(memory.data() + samples::kDead.low, 0, samples::kDead.high - samples::kDead.low);
  return memory;
}

TEST(WholeImage, IsTheMemoryThatWasCaptured) {
  const Image image = samples::image();
  const auto whole = try_whole_image(image.pages, samples::identity());
  ASSERT_TRUE(whole);
  EXPECT_TRUE(std::ranges::equal(whole->image->bytes(), live_memory()));
}

TEST(WholeImage, EndsWithTheLastPageThatIsNotZero) {
  std::vector<std::byte> memory = samples::base();
  memory.resize(100 * kWasmPageBytes);
  memory[3 * kWasmPageBytes + 5] = std::byte{1};
  const Pages pages = capture(memory, samples::base(), samples::kDead);
  EXPECT_EQ(try_whole_image(pages, samples::identity())->image->size(), 4 * kWasmPageBytes);

  // Zero pages take no room, also where the base image has something.
  memory.resize(samples::base().size());
  std::ranges::fill(std::span(memory).subspan(5 * kPageBytes), std::byte{0});
  const Pages fewer = capture(memory, samples::base(), samples::kDead);
  const auto whole = try_whole_image(fewer, samples::identity());
  EXPECT_EQ(whole->image->size(), kWasmPageBytes);
  EXPECT_TRUE(std::ranges::equal(whole->image->bytes(), std::span(memory).first(kWasmPageBytes)));
}

TEST(WholeImage, AMemoryOfZerosAloneHasNone) {
  const std::vector<std::byte> zeros(2 * kWasmPageBytes);
  const Identity nothing{{}, digest_of_base(zeros, {}), zeros, {}};
  EXPECT_EQ(try_whole_image(capture(zeros, zeros, {}), nothing), nullptr);
}

TEST(WholeImage, GivesItsPagesBack) {
  const Image image = samples::image();
  const auto whole = try_whole_image(image.pages, samples::identity());
  const auto again = all_pages({whole, {}}, samples::identity());
  EXPECT_EQ(again->table, image.pages.table);
  EXPECT_TRUE(std::ranges::equal(again->contents, image.pages.contents));
}

TEST(WholeImage, WhatAFileHasOnTheDeadStackIsNoPartOfIt) {
  std::vector<std::byte> memory = samples::memory();
  const Pages honest = capture(memory, samples::base(), samples::kDead);
  const Pages forged = capture(memory, samples::base(), {});
  ASSERT_NE(honest.table, forged.table);
  const auto whole = try_whole_image(forged, samples::identity());
  const auto again = all_pages({whole, {}}, samples::identity());
  EXPECT_EQ(again->table, honest.table);
}

TEST(WholeImage, AProcessHasSomeAndKeepsItsDescriptors) {
  std::optional<WithLimit> few_descriptors(std::in_place, RLIMIT_NOFILE, 256);
  const Image image = samples::image();
  const auto make = [&] { return try_whole_image(image.pages, samples::identity()); };
  std::vector<std::shared_ptr<const WholeImage>> held;
  for (int i = 0; i < 32; ++i) {
    held.push_back(make());
    EXPECT_TRUE(held.back()) << i;
  }
  EXPECT_FALSE(make()) << "an eighth of 256 there are";
  held.pop_back();
  EXPECT_TRUE(make()) << "the one that went made room";
  few_descriptors.reset();
  EXPECT_TRUE(make());
}

TEST(WholeImage, IsRefusedWhereFilesMayNotBeThatLarge) {
  const WithLimit small_files(RLIMIT_FSIZE, kPageBytes);
  EXPECT_FALSE(try_whole_image(samples::image().pages, samples::identity()));
}

}  // namespace
}  // namespace quiesce::snapshot
