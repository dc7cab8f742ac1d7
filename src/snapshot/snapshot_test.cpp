#include "quiesce/snapshot.hpp"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

#include "base/file.hpp"
#include "guest/instance.hpp"
#include "refusals.hpp"
#include "snapshot/format.hpp"
#include "snapshot/parts.hpp"
#include "temporary_folder.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

/// Of this process's engine: its base image, one page longer, with a text behind the old end.
std::vector<std::byte> sample_bytes(std::string_view text = "some state",
                                    const Limits& limits = {}) {
  const snapshot::Identity& who = snapshot::process_identity();
  std::vector<std::byte> memory(who.base.begin(), who.base.end());
  memory.resize(memory.size() + snapshot::kWasmPageBytes);
  std::memcpy(memory.data() + who.base.size(), text.data(), text.size());
  return snapshot::take(memory, limits)->file();
}

class SnapshotFile : public testing::Test {
 protected:
  const TemporaryFolder temporary_{"snapshot"};
  const fs::path folder_ = temporary_.path();
};

TEST_F(SnapshotFile, SavedAndLoadedItIsTheSame) {
  Limits limits;
  limits.fuel_max = 77;
  const std::vector<std::byte> bytes = sample_bytes("abc", limits);
  const Snapshot first = Snapshot::from_bytes(bytes);
  first.save(folder_ / "a.qsnap");
  const Snapshot second = Snapshot::load(folder_ / "a.qsnap");
  for (const Snapshot& snapshot : {first, second}) {
    EXPECT_EQ(snapshot.to_bytes(), bytes);
    EXPECT_EQ(snapshot.stored_bytes(), bytes.size());
    EXPECT_EQ(snapshot.engine(), guest::engine_sha256());
    EXPECT_EQ(snapshot.digest(), base::to_hex(base::sha256(bytes)));
    EXPECT_EQ(snapshot.content_digest(), first.content_digest());
    EXPECT_EQ(snapshot.memory_bytes(), guest::base_image().size + snapshot::kWasmPageBytes);
    EXPECT_EQ(snapshot.limits().fuel_max, 77u);
  }
  EXPECT_EQ(base::read_file(folder_ / "a.qsnap"), bytes) << "`digest` is that of the file";
  EXPECT_NE(Snapshot::from_bytes(sample_bytes("abd", limits)).content_digest(),
            first.content_digest());
}

TEST_F(SnapshotFile, BadFilesAreNamed) {
  const auto load = [&](const std::string& name, Errc code) {
    return refusal_of([&] { Snapshot::load(folder_ / name); }, code);
  };
  const std::string quoted = base::quoted(folder_ / "a");
  EXPECT_EQ(load("a", Errc::io), "cannot read " + quoted + ": No such file or directory");
  EXPECT_EQ(load("", Errc::io), "cannot read " + base::quoted(folder_ / "") + ": Is a directory");
  std::ofstream(folder_ / "a").flush();
  EXPECT_EQ(load("a", Errc::snapshot), "cannot load " + quoted + ": it is empty");
  std::ofstream(folder_ / "a") << "let a = 1;\n";
  EXPECT_EQ(load("a", Errc::snapshot),
            "cannot load " + quoted + ": it is a text file, not a snapshot");
  std::vector<std::byte> bytes = sample_bytes();
  bytes[bytes.size() / 2] ^= std::byte{1};
  base::write_file_atomically(folder_ / "a", bytes);
  EXPECT_NE(load("a", Errc::snapshot).find("it is damaged"), std::string::npos);
  EXPECT_EQ(refusal_of([&] { Snapshot::from_bytes({}); }, Errc::snapshot),
            "cannot load the snapshot: it is empty");
}

TEST_F(SnapshotFile, TheReaderCanBoundTheMemory) {
  const std::vector<std::byte> bytes = sample_bytes();
  base::write_file_atomically(folder_ / "a", bytes);
  const std::uint64_t needed = Snapshot::from_bytes(bytes).memory_bytes();
  EXPECT_EQ(Snapshot::load(folder_ / "a", {.memory_bytes_max = needed}).memory_bytes(), needed);
  EXPECT_NE(refusal_of([&] { Snapshot::load(folder_ / "a", {.memory_bytes_max = needed - 1}); },
                       Errc::snapshot)
                .find("allowed here"),
            std::string::npos);
  EXPECT_NE(
      refusal_of([&] { Snapshot::from_bytes(bytes, {.memory_bytes_max = 0}); }, Errc::snapshot)
          .find("allowed here"),
      std::string::npos);
}

TEST_F(SnapshotFile, AFullDiskLeavesTheOldSnapshotWhole) {
  const Snapshot old = Snapshot::from_bytes(sample_bytes("old"));
  std::string noise(60000, '\0');  // does not compress
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
  const Snapshot large = Snapshot::from_bytes(sample_bytes(noise));
  ASSERT_GT(large.stored_bytes(), 60000u);

  if (::geteuid() == 0 && ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=48k") == 0) {
    const fs::path file = folder_ / "a.qsnap";
    old.save(file);
    EXPECT_EQ(refusal_of([&] { large.save(file); }, Errc::io),
              "cannot write " + base::quoted(file) + ": No space left on device");
    EXPECT_EQ(Snapshot::load(file).digest(), old.digest());
    EXPECT_EQ(::umount(folder_.c_str()), 0);
  }
  // Whoever may not mount meets the same refusal here; base/file_test.cpp has each step's failure.
  EXPECT_EQ(refusal_of([&] { large.save("/dev/full"); }, Errc::io),
            "cannot write \"/dev/full\": No space left on device");
}

TEST(Snapshot, CopiesShareAndOutliveTheFirst) {
  auto first = std::make_unique<Snapshot>(Snapshot::from_bytes(sample_bytes()));
  const Snapshot copy = *first;
  const std::string digest = first->digest();
  first.reset();
  EXPECT_EQ(copy.digest(), digest);
}

TEST(Snapshot, SeveralThreadsMayAskOneSnapshot) {
  const Snapshot snapshot = Snapshot::from_bytes(sample_bytes());
  std::vector<std::string> seen(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    threads.emplace_back([&, i] { seen[i] = snapshot.digest() + snapshot.content_digest(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(seen, seen[0]), 8);
}

}  // namespace
}  // namespace quiesce
