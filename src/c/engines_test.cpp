// D12, C4: engines other than the built-in one, through the C interface.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "c/c_testing.hpp"
#include "older_engine.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace quiesce;

class CEngines : public CTest {
 protected:
  void SetUp() override {
    CTest::SetUp();
    OK(quiesce_engines_new(&engines_));
  }
  void TearDown() override {
    EXPECT_EQ(quiesce_engines_free(engines_), QUIESCE_OK);
    CTest::TearDown();
  }

  std::string older_hash() {
    quiesce_buffer* sha256 = nullptr;
    EXPECT_EQ(quiesce_engines_add_file(engines_, older_engine().c_str(), QUIESCE_NTS, &sha256),
              QUIESCE_OK)
        << quiesce_last_error_text(nullptr);
    return taken(sha256);
  }

  /// What a program with the older engine left behind.
  std::string asleep_in_the_older() {
    const std::string hash = older_hash();
    quiesce_vm* older = nullptr;
    EXPECT_EQ(quiesce_vm_new_in(host_, engines_, hash.c_str(), QUIESCE_NTS, nullptr, &older),
              QUIESCE_OK);
    EXPECT_EQ(quiesce_vm_eval(older, "globalThis.answer = 42", QUIESCE_NTS, nullptr, nullptr),
              QUIESCE_OK);
    quiesce_buffer* text = nullptr;
    EXPECT_EQ(quiesce_vm_engine(older, &text), QUIESCE_OK);
    EXPECT_EQ(taken(text), hash);
    quiesce_snapshot* snapshot = nullptr;
    EXPECT_EQ(quiesce_vm_snapshot(older, &snapshot), QUIESCE_OK);
    EXPECT_EQ(quiesce_vm_free(older), QUIESCE_OK);
    EXPECT_EQ(quiesce_snapshot_to_bytes(snapshot, &text), QUIESCE_OK);
    EXPECT_EQ(quiesce_snapshot_free(snapshot), QUIESCE_OK);
    return taken(text);
  }

  quiesce_engines* engines_ = nullptr;
};

TEST_F(CEngines, SnapshotsFindTheirsInAFolder) {
  const std::string bytes = asleep_in_the_older();
  quiesce_engines* fresh = nullptr;
  OK(quiesce_engines_new(&fresh));
  quiesce_load_options options;
  quiesce_load_options_init(&options);
  options.engines = fresh;
  quiesce_snapshot* snapshot = nullptr;
  EXPECT_EQ(quiesce_snapshot_from_bytes_with(bytes.data(), bytes.size(), &options, &snapshot),
            QUIESCE_SNAPSHOT);
  OK(quiesce_engines_add_folder(fresh, kOlderEngines.c_str(), QUIESCE_NTS));
  OK(quiesce_snapshot_from_bytes_with(bytes.data(), bytes.size(), &options, &snapshot));
  OK(quiesce_engines_free(fresh));  // the snapshot holds on to its own
  quiesce_vm* woken = nullptr;
  OK(quiesce_vm_restore(host_, snapshot, nullptr, &woken));
  quiesce_value* answer = nullptr;
  OK(quiesce_vm_eval(woken, "answer", QUIESCE_NTS, nullptr, &answer));
  EXPECT_EQ(printed(kept(answer)), "42");
  OK(quiesce_vm_free(woken));
  OK(quiesce_snapshot_free(snapshot));
}

TEST_F(CEngines, AreListedByTheirHash) {
  quiesce_list* list = nullptr;
  OK(quiesce_engines_list(engines_, &list));
  ASSERT_EQ(quiesce_list_count(list), 1u);
  EXPECT_EQ(std::string(quiesce_list_text(list, 0, nullptr)), quiesce_engine());
  OK(quiesce_list_free(list));
  const std::string older = older_hash();
  OK(quiesce_engines_list(engines_, &list));
  ASSERT_EQ(quiesce_list_count(list), 2u);
  EXPECT_EQ(std::string(quiesce_list_text(list, 1, nullptr)), older);
  OK(quiesce_list_free(list));
  quiesce_buffer* text = nullptr;
  OK(quiesce_vm_engine(vm(), &text));
  EXPECT_EQ(taken(text), quiesce_engine());
}

TEST_F(CEngines, OptionsSayWhereAncestorsAndKeysAre) {
  const auto [first, second, delta] = two_snapshots();
  const TemporaryFolder folder{"c-engines"}, elsewhere{"c-engines-old"};
  const std::string file = (folder / "delta.qsnap").string(), old = elsewhere.path().string();
  OK(quiesce_snapshot_save(delta, file.c_str(), QUIESCE_NTS));

  quiesce_load_options options;
  quiesce_load_options_init(&options);
  quiesce_snapshot* again = nullptr;
  EXPECT_EQ(quiesce_snapshot_load_with(file.c_str(), QUIESCE_NTS, nullptr, &again),
            QUIESCE_SNAPSHOT);
  options.ancestor = second;  // not the one: it is looked for further
  EXPECT_EQ(quiesce_snapshot_load_with(file.c_str(), QUIESCE_NTS, &options, &again),
            QUIESCE_SNAPSHOT);
  OK(quiesce_snapshot_save(first, (old + "/first.qsnap").c_str(), QUIESCE_NTS));
  options.ancestors_folder = old.c_str();
  options.ancestors_folder_length = QUIESCE_NTS;
  OK(quiesce_snapshot_load_with(file.c_str(), QUIESCE_NTS, &options, &again));
  OK(quiesce_snapshot_free(again));
  options.ancestors_folder = nullptr;
  options.ancestor = first;
  OK(quiesce_snapshot_load_with(file.c_str(), QUIESCE_NTS, &options, &again));
  OK(quiesce_snapshot_free(again));

  options.memory_bytes_max = 65536;
  EXPECT_EQ(quiesce_snapshot_load_with(file.c_str(), QUIESCE_NTS, &options, &again),
            QUIESCE_SNAPSHOT);
  quiesce_load_options_init(&options);
  const char* const keys[] = {"a word"};
  options.keys = keys;
  options.key_count = 1;
  EXPECT_EQ(quiesce_snapshot_load_with(file.c_str(), QUIESCE_NTS, &options, &again),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(again, nullptr);
  for (quiesce_snapshot* snapshot : {first, second, delta}) OK(quiesce_snapshot_free(snapshot));
}

TEST_F(CEngines, WhatMakesNoSenseIsRefused) {
  quiesce_buffer* text = nullptr;
  quiesce_vm* none = nullptr;
  EXPECT_EQ(quiesce_engines_add_file(engines_, "/nowhere/engine.so", QUIESCE_NTS, &text),
            QUIESCE_IO)
      << quiesce_last_error_text(nullptr);
  EXPECT_EQ(text, nullptr);
  EXPECT_EQ(quiesce_engines_add_folder(engines_, "", QUIESCE_NTS), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_vm_new_in(host_, engines_, "../x", QUIESCE_NTS, nullptr, &none),
            QUIESCE_ENGINE);
  EXPECT_EQ(quiesce_vm_new_in(host_, nullptr, quiesce_engine(), QUIESCE_NTS, nullptr, &none),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(none, nullptr);
  quiesce_snapshot* snapshot = nullptr;
  quiesce_load_options options;
  quiesce_load_options_init(&options);
  options.struct_size = 3;
  EXPECT_EQ(quiesce_snapshot_load_with("x", QUIESCE_NTS, &options, &snapshot),
            QUIESCE_INVALID_ARGUMENT);
  quiesce_load_options_init(&options);
  options.engines = reinterpret_cast<quiesce_engines*>(host_);
  EXPECT_EQ(quiesce_snapshot_from_bytes_with("x", 1, &options, &snapshot),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_engines_free(engines_), QUIESCE_OK);
  EXPECT_EQ(quiesce_engines_list(engines_, nullptr), QUIESCE_INVALID_ARGUMENT);
  engines_ = nullptr;
}

}  // namespace
