#include "snapshot/layers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "snapshot/samples.hpp"

namespace quiesce::snapshot {
namespace {

using Bytes = std::vector<std::byte>;

Layers copied(const Bytes& memory) {
  return {nullptr, std::make_shared<const Pages>(capture(memory, samples::base(), samples::kDead))};
}

/// The same memory, as a view of an image.
Layers mapped(const Bytes& memory) {
  const Layers layers = copied(memory);
  return {try_whole_image(*layers.pages, samples::identity()), base_layers().pages};
}

/// A view of `image` in which `memory` was written.
Layers mapped_and_changed(const Layers& image, const Bytes& memory) {
  Bytes ground(memory.size());
  const auto view = image.whole->image->bytes();
  std::ranges::copy(view, ground.begin());
  return {image.whole, std::make_shared<const Pages>(capture(memory, ground, samples::kDead))};
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
          {"an image", mapped(memory)},
          {"an image and pages", mapped_and_changed(other, memory)}};
}

TEST(Layers, WhatTheyHoldDoesNotDependOnTheirKind) {
  const Bytes memory = samples::later_memory();
  for (const Case& it : all_kinds_of(memory)) {
    EXPECT_EQ(contents_of(it.layers, memory.size()), without_dead_stack(memory)) << it.name;
    const auto all = all_pages(it.layers, samples::identity());
    EXPECT_EQ(all->table, copied(memory).pages->table) << it.name;
    EXPECT_TRUE(std::ranges::equal(all->contents, copied(memory).pages->contents)) << it.name;
  }
}

TEST(Layers, ChangesAreTheSameBetweenAllKinds) {
  const Bytes before = samples::memory(), after = samples::later_memory();
  for (const Case& from : all_kinds_of(before)) {
    for (const Case& to : all_kinds_of(after)) {
      std::vector<std::uint32_t> indices;
      for (const PageChange& change :
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
  EXPECT_EQ(changes.size(), later.pages->table.size());
  EXPECT_TRUE(changes_between(later, later, samples::identity()).empty());
  // There and back again.
  EXPECT_EQ(changes_between(later, image, samples::identity()).size(), changes.size());
}

TEST(Layers, PagesWrittenOverThemAreWhatTheyHoldThen) {
  const Bytes after = samples::later_memory();
  for (const Case& from : all_kinds_of(samples::memory())) {
    Bytes ground = contents_of(from.layers, after.size());
    const Pages pages = capture(after, ground, samples::kDead);
    const Layers layers = with_pages(from.layers, pages, samples::identity());
    EXPECT_EQ(layers.whole, from.layers.whole) << from.name;
    EXPECT_EQ(contents_of(layers, after.size()), without_dead_stack(after)) << from.name;
    EXPECT_EQ(all_pages(layers, samples::identity())->table, copied(after).pages->table)
        << from.name << ": a page that is as in the base image again is not stored";
  }
}

TEST(Layers, NothingWrittenOverThemIsNoChange) {
  for (const Case& it : all_kinds_of(samples::memory())) {
    const Layers same = with_pages(it.layers, {}, samples::identity());
    EXPECT_TRUE(changes_between(it.layers, same, samples::identity()).empty()) << it.name;
  }
}

}  // namespace
}  // namespace quiesce::snapshot
