#include "snapshot/ancestors.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>

#include "base/file.hpp"
#include "snapshot/identity.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

/// Of this process's engine, with a text behind its base image.
Snapshot sample(std::string_view text) {
  const snapshot::Identity& who = snapshot::process_identity();
  std::vector<std::byte> memory(who.base.begin(), who.base.end());
  memory.resize(memory.size() + snapshot::kWasmPageBytes);
  std::memcpy(memory.data() + who.base.size(), text.data(), text.size());
  return Snapshot::from_bytes(snapshot::take(memory, {})->file());
}

class AncestorsOnDisk : public testing::Test {
 protected:
  AncestorsOnDisk() {
    std::string name = (fs::temp_directory_path() / "quiesce-ancestors-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~AncestorsOnDisk() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::string refusal_of(const std::function<void()>& f, Errc code = Errc::snapshot) {
    try {
      f();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    return "no error";
  }

  fs::path folder_;
  Snapshot a_ = sample("a"), b_ = sample("b").relative_to(a_), c_ = sample("c").relative_to(b_);
};

TEST_F(AncestorsOnDisk, AreFoundInTheSameFolder) {
  a_.save(folder_ / "first.qsnap");
  b_.save(folder_ / "second.qsnap");
  c_.save(folder_ / "third.qsnap");
  const Snapshot again = Snapshot::load(folder_ / "third.qsnap");
  EXPECT_EQ(again.ancestors(), (std::vector{b_.digest(), a_.digest()}));
  EXPECT_EQ(again.content_digest(), sample("c").content_digest());
  EXPECT_EQ(again.digest(), c_.digest());
  EXPECT_EQ(again.standing_alone().digest(), sample("c").digest());
}

TEST_F(AncestorsOnDisk, AreFoundWhateverElseIsThere) {
  a_.save(folder_ / "\xff %\n.qsnap");
  std::ofstream(folder_ / "a.qsnap") << std::string(a_.stored_bytes(), 'x');  // of the same size
  fs::create_directory(folder_ / "b.qsnap");
  fs::create_symlink("c.qsnap", folder_ / "c.qsnap");
  ASSERT_EQ(::mkfifo((folder_ / "d.qsnap").c_str(), 0600), 0);
  b_.save(folder_ / "delta");
  EXPECT_EQ(Snapshot::load(folder_ / "delta").content_digest(), sample("b").content_digest());
}

TEST_F(AncestorsOnDisk, AreFoundInAnotherFolder) {
  fs::create_directory(folder_ / "old");
  a_.save(folder_ / "old" / "a.qsnap");
  b_.save(folder_ / "b.qsnap");
  EXPECT_EQ(refusal_of([&] { Snapshot::load(folder_ / "b.qsnap"); }),
            "cannot load " + base::quoted(folder_ / "b.qsnap") +
                ": it holds only what has changed since the snapshot with SHA-256 " + a_.digest() +
                " (" + std::to_string(a_.stored_bytes()) + " bytes), and no *.qsnap in " +
                base::quoted(folder_) + " is that one: put it there, or say in which folder it is");
  const Snapshot again = Snapshot::load(folder_ / "b.qsnap", {.ancestors_folder = folder_ / "old"});
  EXPECT_EQ(again.content_digest(), sample("b").content_digest());
  EXPECT_NE(
      refusal_of(
          [&] { Snapshot::load(folder_ / "b.qsnap", {.ancestors_folder = folder_ / "none"}); },
          Errc::io)
          .find("cannot look for snapshots in"),
      std::string::npos);
}

TEST_F(AncestorsOnDisk, AnAncestorsAncestorThatIsMissingIsNamedToo) {
  b_.save(folder_ / "b.qsnap");
  c_.save(folder_ / "c.qsnap");
  const std::string text = refusal_of([&] { Snapshot::load(folder_ / "c.qsnap"); });
  EXPECT_EQ(text.rfind("cannot load " + base::quoted(folder_ / "b.qsnap"), 0), 0u) << text;
  EXPECT_NE(text.find(a_.digest()), std::string::npos) << text;
}

TEST_F(AncestorsOnDisk, AnAncestorThatWasReplacedIsNotTakenForIt) {
  a_.save(folder_ / "a.qsnap");
  b_.save(folder_ / "b.qsnap");
  sample("x").save(folder_ / "a.qsnap");
  EXPECT_NE(refusal_of([&] { Snapshot::load(folder_ / "b.qsnap"); }).find(a_.digest()),
            std::string::npos);
}

TEST(Ancestors, AreAskedFor) {
  const Snapshot a = sample("a"), b = sample("b").relative_to(a);
  std::vector<std::string> asked;
  const auto answer = [&](std::optional<Snapshot> snapshot) {
    return LoadOptions{.find_ancestor = [&asked, snapshot](const std::string& digest) {
      asked.push_back(digest);
      return snapshot;
    }};
  };
  const auto refusal_with = [&](const LoadOptions& options) -> std::string {
    try {
      Snapshot::from_bytes(b.to_bytes(), options);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal_with(answer(a)), "");
  EXPECT_EQ(asked, std::vector{a.digest()});
  const std::string begin =
      "cannot load the snapshot: it holds only what has changed since the "
      "snapshot with SHA-256 " +
      a.digest() + " (" + std::to_string(a.stored_bytes()) + " bytes), ";
  EXPECT_EQ(refusal_with({}), begin + "which is needed with it");
  EXPECT_EQ(refusal_with(answer(std::nullopt)), begin + "which is needed with it");
  EXPECT_EQ(refusal_with(answer(sample("x"))),
            begin + "and was given the one with SHA-256 " + sample("x").digest());
  EXPECT_THROW(
      Snapshot::from_bytes(b.to_bytes(),
                           {.find_ancestor = [](const std::string&) -> std::optional<Snapshot> {
                             throw std::runtime_error("no network");
                           }}),
      std::runtime_error);
}

TEST(Ancestors, MayNotNeedMoreMemoryThanIsAllowed) {
  const Snapshot a = sample("a"), b = sample("b").relative_to(a);
  LoadOptions options{.memory_bytes_max = b.memory_bytes(),
                      .find_ancestor = [&](const std::string&) { return std::optional(a); }};
  EXPECT_EQ(Snapshot::from_bytes(b.to_bytes(), options).ancestors().size(), 1u);
  options.memory_bytes_max -= 1;
  EXPECT_THROW(Snapshot::from_bytes(b.to_bytes(), options), Error);
}

}  // namespace
}  // namespace quiesce
