#include "snapshot/layers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "snapshot/parts.hpp"
#include "snapshot/samples.hpp"

namespace quiesce::snapshot {
namespace {

using Bytes = std::vector<std::byte>;

Layers copied(const Bytes& memory) {
  return {nullptr,
          {std::make_shared<const Pages>(capture(memory, samples::base(), samples::kDead))}};
}

/// The same memory, as a view of an image.
Layers mapped(const Bytes& memory) {
  const Layers layers = copied(memory);
  return {try_whole_image(*layers.over.at(0), samples::identity()), {}};
}

/// A view of `image` in which `memory` was written.
Layers mapped_and_changed(const Layers& image, const Bytes& memory) {
  Bytes ground(memory.size());
  const auto view = image.whole->image->bytes();
  std::ranges::copy(view, ground.begin());
  return {image.whole, {std::make_shared<const Pages>(capture(memory, ground, samples::kDead))}};
}

/// The same memory, the last of its pages written after the others.
Layers copied_twice(const Bytes& memory) {
  const std::uint32_t last = copied(memory).over.at(0)->table.back().index;
  Bytes earlier = memory;
  std::fill_n(earlier.begin() + last * kPageBytes, kPageBytes, std::byte{0});
  Layers layers = copied(earlier);
  const PageReader before(layers, samples::base());
  const guest::PageRange all[] = {{0, static_cast<std::uint32_t>(memory.size() / kPageBytes)}};
  layers = with_pages(
      layers,
      capture(
          memory, [&](std::uint32_t index) { return before.at(index); }, samples::kDead, all),
      samples::identity());
  EXPECT_EQ(layers.over.size(), 2u);
  EXPECT_EQ(layers.over.back()->table.size(), 1u);
  return layers;
}

/// What a memory of these layers holds outside the dead stack.
Bytes contents_of(const Layers& layers, std::size_t bytes) {
  const PageReader reader(layers, samples::base());
  Bytes memory(bytes);
  for (std::uint32_t index = 0; index < bytes / kPageBytes; ++index) {
    std::ranges::copy(reader.at(index), memory.begin() + index * kPageBytes);
  }
  std::fill(memory.begin() + samples::kDead.low, memory.begin() + samples::kDead.high,
            std::byte{0});
  return memory;
}

Bytes without_dead_stack(Bytes memory) {
  std::fill(memory.begin() + samples::kDead.low, memory.begin() + samples::kDead.high,
            std::byte{0});
  return memory;
}

struct Case {
  const char* name;
  Layers layers;
};

std::vector<Case> all_kinds_of(const Bytes& memory) {
  const Layers other = mapped(samples::memory());
  return {{"pages", copied(memory)},
          {"pages over pages", copied_twice(memory)},
          {"an image", mapped(memory)},
          {"an image and pages", mapped_and_changed(other, memory)}};
}

TEST(Layers, WhatTheyHoldDoesNotDependOnTheirKind) {
  const Bytes memory = samples::later_memory();
  for (const Case& it : all_kinds_of(memory)) {
    EXPECT_EQ(contents_of(it.layers, memory.size()), without_dead_stack(memory)) << it.name;
    const auto all = all_pages(it.layers, samples::identity());
    EXPECT_EQ(all->table, copied(memory).over[0]->table) << it.name;
    EXPECT_TRUE(std::ranges::equal(all->contents, copied(memory).over[0]->contents)) << it.name;
  }
}

TEST(Layers, ChangesAreTheSameBetweenAllKinds) {
  const Bytes before = samples::memory(), after = samples::later_memory();
  for (const Case& from : all_kinds_of(before)) {
    for (const Case& to : all_kinds_of(after)) {
      std::vector<std::uint32_t> indices;
      for (const PageVersions& change :
           changes_between(from.layers, to.layers, samples::identity())) {
        indices.push_back(change.index);
        Bytes was(kPageBytes), is(kPageBytes);
        const std::size_t at = change.index * kPageBytes;
        if (at < before.size()) std::copy_n(before.begin() + at, kPageBytes, was.begin());
        std::copy_n(after.begin() + at, kPageBytes, is.begin());
        EXPECT_TRUE(std::ranges::equal(change.before, was))
            << from.name << ", page " << change.index;
        EXPECT_TRUE(std::ranges::equal(change.after, is)) << to.name << ", page " << change.index;
      }
      EXPECT_EQ(indices, (std::vector<std::uint32_t>{5, 6, 7, 30, 40, 63}))
          << "from " << from.name << " to " << to.name;
    }
  }
}

TEST(Layers, BetweenViewsOfOneImageOnlyWhatWasWrittenIsLookedAt) {
  const Layers image = mapped(samples::memory());
  const Layers later = mapped_and_changed(image, samples::later_memory());
  const auto changes = changes_between(image, later, samples::identity());
  EXPECT_EQ(changes.size(), later.page_count());
  EXPECT_TRUE(changes_between(later, later, samples::identity()).empty());
  // There and back again.
  EXPECT_EQ(changes_between(later, image, samples::identity()).size(), changes.size());
}

TEST(Layers, PagesWrittenOverThemAreWhatTheyHoldThen) {
  const Bytes after = samples::later_memory();
  for (const Case& from : all_kinds_of(samples::memory())) {
    Bytes ground = contents_of(from.layers, after.size());
    const Layers layers =
        with_pages(from.layers, capture(after, ground, samples::kDead), samples::identity());
    EXPECT_EQ(layers.whole, from.layers.whole) << from.name;
    EXPECT_EQ(contents_of(layers, after.size()), without_dead_stack(after)) << from.name;
    EXPECT_EQ(all_pages(layers, samples::identity())->table, copied(after).over[0]->table)
        << from.name << ": a page that is as in the base image again is not stored";
  }
}

TEST(Layers, WhatTheyHaveInCommonIsShared) {
  const Layers earlier = copied(samples::memory());
  Bytes memory = samples::memory();
  memory[30 * kPageBytes] ^= std::byte{1};
  const Past past{earlier, std::nullopt};
  const Layers later =
      with_pages(earlier, changes_of(memory, samples::identity(), past), samples::identity());
  ASSERT_EQ(later.over.size(), 2u);
  EXPECT_EQ(later.over[0], earlier.over[0]);
  const auto changes = changes_between(earlier, later, samples::identity());
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].index, 30u);
  EXPECT_EQ(changes_between(later, earlier, samples::identity()).size(), 1u);
}

TEST(Layers, ManyStepsMakeFewLayers) {
  Bytes memory = samples::memory();
  memory.resize(100 * kWasmPageBytes);
  Layers layers = copied(memory);
  std::size_t most = 0;
  for (std::uint32_t step = 0; step < 300; ++step) {
    for (std::uint32_t i = 0; i < 1 + step % 40; ++i)
      memory[(64 + (step * 37 + i * 11) % 1500) * kPageBytes + step] ^= std::byte{0x55};
    const Past past{layers, std::nullopt};
    layers = with_pages(layers, changes_of(memory, samples::identity(), past), samples::identity());
    most = std::max(most, layers.over.size());
  }
  EXPECT_LE(most, 11u) << "each is half as large as the one before, or less";
  EXPECT_EQ(contents_of(layers, memory.size()), without_dead_stack(memory));
  EXPECT_EQ(all_pages(layers, samples::identity())->table, copied(memory).over[0]->table);
}

TEST(Layers, AreRememberedWithoutBeingHeld) {
  EXPECT_FALSE(WeakLayers().lock()) << "there never were any";
  EXPECT_TRUE(WeakLayers(Layers{}).lock()) << "those of the base image never go";
  auto layers = std::make_optional(copied_twice(samples::memory()));
  const WeakLayers weak(*layers);
  ASSERT_TRUE(weak.lock());
  EXPECT_EQ(weak.lock()->over, layers->over);
  const auto half = layers->over.front();
  layers.reset();
  EXPECT_FALSE(weak.lock()) << "a part of them is gone";
}

TEST(Layers, NothingWrittenOverThemIsNoChange) {
  for (const Case& it : all_kinds_of(samples::memory())) {
    const Layers same = with_pages(it.layers, Pages{}, samples::identity());
    EXPECT_TRUE(changes_between(it.layers, same, samples::identity()).empty()) << it.name;
  }
}

}  // namespace
}  // namespace quiesce::snapshot
