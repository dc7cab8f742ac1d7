// Snapshot::changes_since and Snapshot::header: what can be told of snapshots without waking them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "quiesce/version.hpp"
#include "quiesce/vm.hpp"
#include "temporary_folder.hpp"

namespace quiesce {
namespace {

// D7
TEST(Changes, AreThePagesThatDiffer) {
  VM vm;
  vm.eval("globalThis.bytes = new Uint8Array(1 << 20)");
  const Snapshot before = vm.snapshot();
  EXPECT_TRUE(before.changes_since(before).empty());
  vm.eval("bytes.fill(1, 100000, 200000)");
  const Snapshot after = vm.snapshot();
  const auto changes = after.changes_since(before);
  std::uint64_t bytes = 0;
  for (const PageChange& change : changes) {
    EXPECT_GT(change.bytes, 0u);
    EXPECT_LE(change.bytes, 4096u);
    bytes += change.bytes;
  }
  EXPECT_GE(bytes, 100000u);
  EXPECT_LE(bytes, 110000u);
  EXPECT_LE(changes.size(), 100000u / 4096 + 40);
  EXPECT_EQ(before.changes_since(after).size(), changes.size());
  // Whatever the file forms are.
  EXPECT_EQ(after.relative_to(before).changes_since(before).size(), changes.size());
}

TEST(Changes, OfMemoriesOfTwoSizes) {
  VM small;
  VM large;
  large.eval("globalThis.bytes = new Uint8Array(3 << 20).fill(7)");
  const auto changes = large.snapshot().changes_since(small.snapshot());
  EXPECT_GE(changes.size(), (3u << 20) / 4096);
}

TEST(SnapshotHeader, TellsWhatTheFileSays) {
  const TemporaryFolder folder{"changes"};
  VM vm(Host(), {.memory_bytes_max = 32u << 20, .time_max = std::chrono::seconds(5)});
  const Snapshot first = vm.snapshot();
  first.save(folder / "a.qsnap");
  const SnapshotHeader header = Snapshot::header(folder / "a.qsnap");
  EXPECT_EQ(header.engine, engine());
  EXPECT_EQ(header.digest, first.digest());
  EXPECT_EQ(header.stored_bytes, first.stored_bytes());
  EXPECT_EQ(header.memory_bytes, first.memory_bytes());
  EXPECT_EQ(header.limits.memory_bytes_max, 32u << 20);
  EXPECT_EQ(header.limits.time_max, std::chrono::seconds(5));
  EXPECT_EQ(header.ancestor, "");

  vm.eval("globalThis.x = 1");
  vm.snapshot().relative_to(first).save(folder / "b.qsnap");
  const SnapshotHeader delta = Snapshot::header(folder / "b.qsnap");
  EXPECT_EQ(delta.ancestor, first.digest());
}

TEST(SnapshotHeader, RefusesWhatIsNoSnapshotOrNotWhole) {
  const TemporaryFolder folder{"changes"};
  const auto file = folder / "x.qsnap";
  const auto code_of = [&](const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
    return attempt([&] { Snapshot::header(file); }).error().code();
  };
  const std::vector<std::byte> whole = VM().snapshot().to_bytes();
  const std::string text(reinterpret_cast<const char*>(whole.data()), whole.size());
  EXPECT_EQ(code_of(""), Errc::snapshot);
  EXPECT_EQ(code_of("#!/bin/sh\n"), Errc::snapshot);
  EXPECT_EQ(code_of(text.substr(0, 20)), Errc::snapshot);
  EXPECT_EQ(code_of(text.substr(0, text.size() - 1)), Errc::snapshot);
  std::string changed = text;
  changed[80] = static_cast<char>(changed[80] ^ 1);
  EXPECT_EQ(code_of(changed), Errc::snapshot);
  changed = text;
  changed[8] = 77;
  EXPECT_EQ(code_of(changed), Errc::snapshot);
  std::filesystem::remove(file);
  EXPECT_EQ(attempt([&] { Snapshot::header(file); }).error().code(), Errc::io);
}

}  // namespace
}  // namespace quiesce
