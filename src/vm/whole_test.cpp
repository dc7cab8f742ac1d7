// D2: VMs that are stored with all of their memory, and everything that is done with snapshots.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include "older_engine.hpp"
#include "temporary_folder.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Host quiet_host() {
  Host host;
  host.clock(fixed_clock(Time{})).entropy(seeded_entropy(1));
  return host;
}

/// Waits for call 1.
VM asker() {
  VM vm{quiet_host()};
  vm.eval(
      "globalThis.mine = 'kept ' + 17;"
      "globalThis.got = quiesce.call('ask').then((answer) => mine + ' got ' + answer)");
  return vm;
}

std::string answered(VM& vm) {
  vm.deferred(1)->resolve("it");
  return vm.run(vm.eval("got")).value().as<std::string>();
}

TEST(WholeSnapshot, WakesAsTheOtherFormsDo) {
  const Snapshot asleep = asker().snapshot();
  const Snapshot whole = asleep.whole();
  const Snapshot again = Snapshot::from_bytes(whole.to_bytes());
  EXPECT_EQ(asleep.form(), SnapshotForm::base);
  EXPECT_EQ(again.form(), SnapshotForm::whole);
  EXPECT_EQ(again.digest(), whole.digest());
  EXPECT_NE(again.digest(), asleep.digest());
  EXPECT_EQ(again.content_digest(), asleep.content_digest());
  EXPECT_EQ(again.memory_bytes(), asleep.memory_bytes());
  EXPECT_THAT(again.ancestors(), IsEmpty());
  EXPECT_THAT(again.changes_since(asleep), IsEmpty());
  VM woken{quiet_host(), again};
  EXPECT_EQ(woken.snapshot().digest(), asleep.digest()) << "asleep again, the form is the usual";
  EXPECT_EQ(answered(woken), "kept 17 got it");
  for (VM& vm : again.spawn(quiet_host(), 20)) EXPECT_EQ(answered(vm), "kept 17 got it");
  VM from_mapped{quiet_host(), again};
  EXPECT_EQ(from_mapped.snapshot().whole().digest(), whole.digest());
}

TEST(WholeSnapshot, CostsManyTimesTheSpaceAndNotTheWholeMemory) {
  const Snapshot asleep = asker().snapshot();
  EXPECT_GT(asleep.whole().stored_bytes(), 50 * asleep.stored_bytes());
  EXPECT_LT(asleep.whole().stored_bytes(), asleep.memory_bytes() / 10);
}

// As a tool in another language would.
TEST(WholeSnapshot, IsReadWithNothingButZstd) {
  constexpr std::size_t kPayloadBytesAt = 56, kPayloadAt = 176;
  VM vm = asker();
  vm.eval("globalThis.note = 'to be found by ' + 'whoever reads it'");
  const std::vector<std::byte> file = vm.snapshot().whole().to_bytes();
  std::uint64_t bytes = 0;
  std::copy_n(file.begin() + kPayloadBytesAt, sizeof(bytes), reinterpret_cast<std::byte*>(&bytes));
  std::string memory(bytes, '\0');
  ASSERT_EQ(ZSTD_decompress(memory.data(), memory.size(), file.data() + kPayloadAt,
                            file.size() - kPayloadAt - 32),
            bytes);
  EXPECT_THAT(memory, HasSubstr("to be found by whoever reads it"));
  EXPECT_THAT(memory, HasSubstr("Maximum call stack size exceeded")) << "what all VMs have";
}

TEST(WholeSnapshot, DeltasAreRelativeToIt) {
  const TemporaryFolder folder("whole");
  const Snapshot whole = asker().snapshot().whole();
  whole.save(folder / "all.qsnap");
  VM vm{quiet_host(), whole};
  vm.eval("globalThis.mine = 'changed'");
  const Snapshot delta = vm.snapshot().relative_to(whole);
  EXPECT_EQ(delta.form(), SnapshotForm::delta);
  EXPECT_LT(delta.stored_bytes() * 3, whole.stored_bytes());
  delta.save(folder / "delta.qsnap");
  const Snapshot again = Snapshot::load(folder / "delta.qsnap");
  EXPECT_THAT(again.ancestors(), ElementsAre(whole.digest()));
  VM woken{quiet_host(), again};
  EXPECT_EQ(answered(woken), "changed got it");
  EXPECT_EQ(again.whole().digest(), vm.snapshot().whole().digest());
  EXPECT_EQ(again.whole().standing_alone().digest(), vm.snapshot().digest());

  EXPECT_EQ(Snapshot::header(folder / "all.qsnap").form, SnapshotForm::whole);
  EXPECT_EQ(Snapshot::header(folder / "all.qsnap").ancestor, "");
  EXPECT_EQ(Snapshot::header(folder / "delta.qsnap").form, SnapshotForm::delta);
}

TEST(WholeSnapshot, IsSealedAndLimitedAsOthers) {
  const SealKey signer = SealKey::generate(KeyKind::hmac_sha256, "signer");
  const SealKey secret = SealKey::generate(KeyKind::aes_256_gcm, "secret");
  const Snapshot whole = asker().snapshot().whole();
  const auto bytes = whole.to_bytes({.sign_with = signer, .encrypt_with = secret});
  const Snapshot again = Snapshot::from_bytes(bytes, {.trust = {.keys = {signer, secret}}});
  EXPECT_EQ(again.form(), SnapshotForm::whole);
  EXPECT_EQ(again.digest(), whole.digest());
  EXPECT_EQ(code_of([&] { Snapshot::from_bytes(bytes, {.trust = {.keys = {signer}}}); }),
            Errc::untrusted);
  const LoadOptions little{.memory_bytes_max = whole.memory_bytes() - 1};
  EXPECT_THAT(refusal_of([&] { Snapshot::from_bytes(whole.to_bytes(), little); }, Errc::snapshot),
              HasSubstr("more than the"));
}

TEST(WholeSnapshot, OfAStartImageIsOne) {
  const TemporaryFolder folder("whole-image");
  VM app{quiet_host()};
  app.eval("globalThis.double = (n) => 2 * n");
  const StartImage image = StartImage::of(app);
  const Snapshot whole = image.snapshot().whole();
  EXPECT_TRUE(StartImage::is_one(whole));
  whole.save(folder / "app.qimg");
  const StartImage again = StartImage::load(folder / "app.qimg");
  EXPECT_EQ(again.snapshot().form(), SnapshotForm::whole);
  VM vm = again.start(quiet_host());
  EXPECT_EQ(vm.eval("double(21)").as<int>(), 42);
  const Snapshot small = vm.snapshot().relative_to(again.snapshot());
  EXPECT_THAT(small.ancestors(), ElementsAre(whole.digest()));
}

TEST(WholeSnapshot, OfAnotherEngineWakesThereOnly) {  // C4
  Engines engines;
  engines.add_folder(kOlderEngines);
  const Engine older = load_older_engine();
  VM vm{older, quiet_host()};
  vm.eval("globalThis.x = 'of the older'");
  const auto bytes = vm.snapshot().whole().to_bytes();
  EXPECT_THAT(refusal_of([&] { Snapshot::from_bytes(bytes); }, Errc::snapshot),
              HasSubstr("it belongs to engine " + older.sha256()));
  VM woken{quiet_host(), Snapshot::from_bytes(bytes, {.engines = &engines})};
  EXPECT_EQ(woken.eval("x").as<std::string>(), "of the older");
}

}  // namespace
}  // namespace quiesce
