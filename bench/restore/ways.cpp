// Mapping against copying, for small and large snapshots, alone and with several threads: the
// measurement behind docs/decisions/015-warm-slots.md. Not part of the recorded figures.
//
//   build/release/bin/quiesce-restore-ways
//
// One round begins with a memory that holds the snapshot, writes some of its pages as a job does,
// and ends it. `pages` is what the snapshot stores beyond the base image.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "guest/instance.hpp"
#include "guest/linear_memory.hpp"
#include "snapshot/image.hpp"

namespace {

using quiesce::guest::LinearMemory;
using quiesce::guest::MemoryImage;

constexpr std::size_t kPageBytes = quiesce::snapshot::kPageBytes;
constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 28;
constexpr std::size_t kWrittenPages = 24;  // what a job writes, counted in small and large VMs

/// A base of 256 pages, and so many behind it that are the snapshot's.
struct Sample {
  explicit Sample(std::size_t pages) : count(pages) {
    const std::size_t end = (256 + pages) * kPageBytes;
    const std::size_t whole = (end + 65535) / 65536 * 65536;
    const MemoryImage::Piece below[] = {{0, contents(256)}};
    base = std::make_unique<MemoryImage>("bench-base", 256 * kPageBytes, below);
    const MemoryImage::Piece all[] = {{0, contents(256)}, {256 * kPageBytes, contents(pages)}};
    image = std::make_unique<MemoryImage>("bench-image", whole, all);
    size = whole;
  }
  std::span<const std::byte> contents(std::size_t pages) {
    bytes.resize(std::max(bytes.size(), pages * kPageBytes), std::byte{5});
    return std::span(bytes).first(pages * kPageBytes);
  }
  void copy_into(LinearMemory& memory) const {
    memory.grow_to(size);
    for (std::size_t i = 0; i < count; ++i)
      std::memcpy(memory.base() + (256 + i) * kPageBytes, bytes.data(), kPageBytes);
  }

  std::vector<std::byte> bytes = std::vector<std::byte>(8192 * kPageBytes, std::byte{5});
  std::size_t count, size;
  std::unique_ptr<MemoryImage> base, image;
};

void work(LinearMemory& memory) {
  const std::size_t step = memory.size() / kPageBytes / kWrittenPages;
  for (std::size_t i = 0; i < kWrittenPages; ++i)
    memory.store<char>(static_cast<std::uint32_t>(i * step * kPageBytes), 'x');
}

enum class Slot { cold, warm };

template <bool kMaps, Slot kSlot>
void restore(benchmark::State& state) {
  static std::unique_ptr<Sample> sample;
  if (state.thread_index() == 0) sample = std::make_unique<Sample>(state.range(0));
  for (auto _ : state) {
    const MemoryImage& began_as = kMaps ? *sample->image : *sample->base;
    if (kSlot == Slot::cold) began_as.warm_slots().drain();
    LinearMemory memory(began_as, kBytesMax);
    if (!kMaps) sample->copy_into(memory);
    work(memory);
  }
}

#define QUIESCE_WAY(maps, slot)  \
  BENCHMARK(restore<maps, slot>) \
      ->RangeMultiplier(4)       \
      ->Range(8, 8192)           \
      ->ThreadRange(1, 4)        \
      ->UseRealTime()
QUIESCE_WAY(false, Slot::cold);
QUIESCE_WAY(false, Slot::warm);
QUIESCE_WAY(true, Slot::cold);
QUIESCE_WAY(true, Slot::warm);

}  // namespace

BENCHMARK_MAIN();
