// What fills the memory: the guest names every block that it knows of (guest/census.cpp), and here
// they are added up.
#include "quiesce/census.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "snapshot/image.hpp"
#include "vm/claimed.hpp"
#include "vm/heap_walk.hpp"

namespace quiesce {

namespace {

using detail::Claimed;
using guest::Instance;
using guest::u32;
using guest::u64;

constexpr std::size_t kRowsMax = 10'000;
constexpr u32 kNameUnitsMax = 1024;
// Of the guest's C library: its blocks begin with a word that no row tells of.
constexpr u64 kCBlockHeadBytes = 4, kCBlockBytesMin = 8;

std::optional<Census::Kind> kind_of(u32 kind) {
  switch (kind) {
    case Q_CENSUS_OBJECT: return Census::Kind::object;
    case Q_CENSUS_STRING: return Census::Kind::string;
    case Q_CENSUS_BIGINT: return Census::Kind::bigint;
    case Q_CENSUS_NAME: return Census::Kind::name;
    case Q_CENSUS_SHAPE: return Census::Kind::shape;
    case Q_CENSUS_CODE: return Census::Kind::code;
    case Q_CENSUS_FRAME: return Census::Kind::frame;
    case Q_CENSUS_VARIABLE: return Census::Kind::variable;
    case Q_CENSUS_MODULE: return Census::Kind::module;
    case Q_CENSUS_JOB: return Census::Kind::job;
    case Q_CENSUS_FILE: return Census::Kind::file;
    case Q_CENSUS_TABLE: return Census::Kind::table;
    case Q_CENSUS_ENGINE: return Census::Kind::engine;
    default: return std::nullopt;
  }
}

// Adds up what the guest says of its blocks.
class Tally {
 public:
  explicit Tally(u64 memory_bytes)
      : claimed_(memory_bytes), free_in_page_(memory_bytes / Census::kPageBytes) {}

  struct Sum {
    u64 count = 0, bytes = 0;
  };
  struct Key {
    u32 kind, name;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<u64>()(u64{key.kind} << 32 | key.name);
    }
  };

  void add(const q_census_row& row) {
    const u32 kind = row.kind & Q_CENSUS_KIND;
    const u64 bytes = claimed_.claim(row.address, row.bytes);
    if (bytes == 0) return;  // it was told before
    if (kind <= Q_CENSUS_OVERHEAD) {
      by_allocator_[kind] += bytes;
      if (kind < Q_CENSUS_OVERHEAD) add_free(row.address, bytes);
      return;
    }
    Sum& sum = sums_[Key{kind, row.name}];
    sum.bytes += bytes;
    if ((row.kind & Q_CENSUS_COUNTS) != 0) ++sum.count;
    if ((row.kind & Q_CENSUS_MORE) != 0) more_.push_back(row);
  }

  /// Strings whose parts have not been told yet.
  std::vector<q_census_row> take_more() { return std::exchange(more_, {}); }

  u64 of_allocator(u32 kind) const { return by_allocator_[kind]; }
  const std::unordered_map<Key, Sum, Hash>& sums() const { return sums_; }
  u32 free_in_page(std::size_t page) const { return free_in_page_[page]; }

 private:
  void add_free(u64 address, u64 bytes) {
    const u64 end = address + bytes;
    while (address < end) {
      const u64 page = address / Census::kPageBytes;
      const u64 next = std::min(end, (page + 1) * Census::kPageBytes);
      if (page < free_in_page_.size()) free_in_page_[page] += static_cast<u32>(next - address);
      address = next;
    }
  }

  Claimed claimed_;
  std::array<u64, Q_CENSUS_OVERHEAD + 1> by_allocator_{};
  std::unordered_map<Key, Sum, Hash> sums_;
  std::vector<q_census_row> more_;
  std::vector<u32> free_in_page_;
};

bool is_larger(const Census::Row& one, const Census::Row& other) {
  return std::tie(other.bytes, one.kind, one.name, other.count) <
         std::tie(one.bytes, other.kind, other.name, one.count);
}

// Rows of one kind and name in one: two strings can be equal, and two names be cut to the same.
std::vector<Census::Row> merged(std::vector<Census::Row> rows) {
  std::ranges::sort(rows, [](const Census::Row& one, const Census::Row& other) {
    return std::tie(one.kind, one.name) < std::tie(other.kind, other.name);
  });
  std::vector<Census::Row> result;
  for (Census::Row& row : rows) {
    if (!result.empty() && result.back().kind == row.kind && result.back().name == row.name) {
      result.back().count += row.count;
      result.back().bytes += row.bytes;
    } else {
      result.push_back(std::move(row));
    }
  }
  std::ranges::sort(result, is_larger);
  return result;
}

// The largest have their names; what is beyond the number of rows goes without.
std::vector<Census::Row> rows_of(const Tally& tally, detail::HeapWalk& walk, Instance& guest) {
  std::vector<std::pair<Tally::Key, Tally::Sum>> sums(tally.sums().begin(), tally.sums().end());
  std::ranges::sort(sums, [](const auto& one, const auto& other) {
    return std::tie(other.second.bytes, one.first.kind, one.first.name) <
           std::tie(one.second.bytes, other.first.kind, other.first.name);
  });
  std::vector<Census::Row> rows;
  std::unordered_map<u32, std::string> names;
  for (const auto& [key, sum] : sums) {
    const auto kind = kind_of(key.kind);
    if (!kind) continue;
    if (names.size() < kRowsMax && !names.contains(key.name))
      names.emplace(key.name, walk.text(guest, key.name, kNameUnitsMax));
    const auto name = names.find(key.name);
    rows.push_back({*kind, name == names.end() ? "" : name->second, sum.count, sum.bytes});
  }
  return merged(std::move(rows));
}

// A page without what leaves no trace in a snapshot: the dead part of the stack, the shared block.
class Visible {
 public:
  Visible(std::span<const std::byte> memory, const guest::BaseImage& base)
      : memory_(memory), base_(base) {}

  std::span<const std::byte, Census::kPageBytes> page(u64 index) {
    const u64 begin = index * Census::kPageBytes;
    const auto there = memory_.subspan(begin).first<Census::kPageBytes>();
    const std::array<std::pair<u64, u64>, 2> hidden{
        {{base_.stack_low, base_.stack_pointer}, {base_.shared, base_.shared + sizeof(q_shared)}}};
    bool is_copied = false;
    for (const auto& [low, high] : hidden) {
      const u64 from = std::max(low, begin);
      const u64 to = std::min(high, begin + Census::kPageBytes);
      if (from >= to) continue;
      if (!is_copied) std::ranges::copy(there, copy_.begin());
      is_copied = true;
      std::fill(copy_.begin() + (from - begin), copy_.begin() + (to - begin), std::byte{});
    }
    return is_copied ? std::span<const std::byte, Census::kPageBytes>(copy_) : there;
  }

 private:
  std::span<const std::byte> memory_;
  const guest::BaseImage& base_;
  std::array<std::byte, Census::kPageBytes> copy_{};
};

std::vector<Census::Page> pages_of(std::span<const std::byte> memory, const guest::BaseImage& base,
                                   const Tally& tally) {
  static_assert(Census::kPageBytes == snapshot::kPageBytes);
  constexpr u32 kLinksBytes = 64;  // what an allocator writes into what is free
  Visible now(memory, base);
  Visible then({base.bytes, static_cast<std::size_t>(base.size)}, base);
  std::vector<Census::Page> pages(memory.size() / Census::kPageBytes);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const auto page = now.page(i);
    if (tally.free_in_page(i) + kLinksBytes >= Census::kPageBytes) {
      pages[i] = Census::Page::free;
    } else if (snapshot::is_zero(page)) {
      pages[i] = Census::Page::zero;
    } else if (i * Census::kPageBytes < base.size &&
               std::memcmp(page.data(), then.page(i).data(), page.size()) == 0) {
      pages[i] = Census::Page::base;
    } else {
      pages[i] = Census::Page::changed;
    }
  }
  return pages;
}

u64 sum_of(const std::vector<Census::Row>& rows) {
  u64 bytes = 0;
  for (const Census::Row& row : rows) bytes += row.bytes;
  return bytes;
}

}  // namespace

std::string_view to_string(Census::Kind kind) noexcept {
  constexpr std::array<std::string_view, 13> kNames{
      "object",   "string", "bigint", "name", "shape", "code",  "frame",
      "variable", "module", "job",    "file", "table", "engine"};
  const auto index = static_cast<std::size_t>(kind);
  return index < kNames.size() ? kNames[index] : "unknown";
}

namespace detail {

Census Machine::census() {
  return peek([&](Instance& guest) {
    const u64 memory_bytes = guest.memory().size();
    Tally tally(memory_bytes);
    HeapWalk walk(*this, sizeof(q_census_row), [&](const std::byte* bytes) {
      q_census_row row;
      std::memcpy(&row, bytes, sizeof(row));
      tally.add(row);
      return true;
    });
    Census census;
    census.is_whole =
        walk.run(guest, [](Instance& inside, u64 steps) { return inside.census(steps); });
    const auto facts = shared<decltype(q_shared::census)>(offsetof(q_shared, census));
    for (auto more = tally.take_more(); !more.empty(); more = tally.take_more()) {
      for (const q_census_row& row : more) {
        census.is_whole &= walk.run(guest, [&](Instance& inside, u64 steps) {
          return inside.census_more(row.address, row.kind, steps);
        });
      }
    }
    census.rows = rows_of(tally, walk, guest);
    census.linear_bytes = memory_bytes;
    census.fixed_bytes = std::min<u64>(facts.heap_start, memory_bytes);
    census.free_small_bytes = tally.of_allocator(Q_CENSUS_FREE_SMALL);
    census.free_large_bytes = tally.of_allocator(Q_CENSUS_FREE_LARGE);
    census.free_end_bytes = tally.of_allocator(Q_CENSUS_FREE_END);
    census.pages = pages_of(guest.memory().bytes(0, memory_bytes), engine_->base_image(), tally);
    // Nothing is claimed twice, so in a heap of ours none of these is more than what it is taken
    // from; in any other the parts still make the whole.
    const u64 free = census.free_small_bytes + census.free_large_bytes + census.free_end_bytes;
    const u64 heap = memory_bytes - census.fixed_bytes;
    census.used_bytes = heap > free ? heap - free : 0;
    const u64 heads = facts.used_blocks <= census.used_bytes / kCBlockBytesMin
                          ? facts.used_blocks * kCBlockHeadBytes
                          : 0;
    const u64 told = std::min(sum_of(census.rows), census.used_bytes);
    const u64 rest = census.used_bytes - told;
    census.overhead_bytes = std::min(tally.of_allocator(Q_CENSUS_OVERHEAD) + heads, rest);
    census.unknown_bytes = rest - census.overhead_bytes;
    return census;
  });
}

}  // namespace detail

}  // namespace quiesce
