// Snapshots whose seal is good and whose heap is not: by somebody who has the key, or has taken
// over who has it. They are woken and used like any other. Whatever the guest then does, it does
// inside the wall: errors that are documented, VMs that are lost, and a process that goes on. // D8
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "quiesce/quiesce.hpp"
#include "snapshot/format.hpp"
#include "snapshot/seal.hpp"

namespace quiesce {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::byte>;

class SignedYetCorrupt : public testing::Test {
 protected:
  SignedYetCorrupt() {
    VM vm{host(), limits()};
    vm.keep("list",
            vm.eval("globalThis.list = Array.from({length: 200}, (_, i) => ({i, s: 's' + i}));"
                    "globalThis.map = new Map(list.map((x) => [x.s, x])); list"));
    vm.eval("globalThis.run = (async () => 'got ' + await quiesce.call('charge', 499))()");
    vm.eval("setTimeout(() => { list.length = 0 }, 10); globalThis.re = /a(b|c)*d/g;");
    honest_ = vm.snapshot().to_bytes();
  }

  static Host host() {
    Host host;
    host.clock(fixed_clock(Time{})).entropy(seeded_entropy(1));
    host.function("tell", [](const std::string& text) { return text.size(); });
    return host;
  }
  static Limits limits() {
    return {.memory_bytes_max = 16u << 20, .time_max = 200ms, .fuel_max = 2'000'000};
  }

  /// The same VM with some words of its memory changed, sealed with the good keys.
  Bytes forged(std::mt19937_64& random, std::size_t edits) const {
    const snapshot::Identity& identity = snapshot::process_identity();
    snapshot::Image image = snapshot::decode(honest_, identity);
    Bytes contents(image.pages.contents.begin(), image.pages.contents.end());
    for (; edits > 0; --edits) {
      const std::size_t at = random() % (contents.size() - 8) / 4 * 4;
      // Words of a heap: small numbers, addresses, other words of it.
      std::uint32_t word = static_cast<std::uint32_t>(random());
      if (random() % 3 == 0) word %= 64;
      if (random() % 3 == 0) word %= static_cast<std::uint32_t>(image.memory_bytes);
      if (random() % 3 == 0)
        std::memcpy(&word, &contents[random() % (contents.size() - 8) / 4 * 4], sizeof(word));
      std::memcpy(&contents[at], &word, sizeof(word));
    }
    image.pages.contents = contents;
    return sealed(snapshot::encode(image, identity.base));
  }

  Bytes sealed(const Bytes& file) const {
    // Through the front door: loaded without a check, and saved with the keys.
    return Snapshot::from_bytes(file).to_bytes({.sign_with = signer_, .encrypt_with = secret_});
  }

  Snapshot load(const Bytes& bytes) const {
    return Snapshot::from_bytes(bytes, {.trust = {.keys = {signer_.public_key(), secret_}}});
  }

  SealKey signer_ = SealKey::generate(KeyKind::ed25519_private);
  SealKey secret_ = SealKey::generate(KeyKind::aes_256_gcm);
  Bytes honest_;
};

/// All that a host does with a VM; true: to the end.
bool use(const Host& host, const Snapshot& snapshot, const Limits& limits) {
  try {
    VM vm{host, snapshot, {.limits = limits}};
    for (const PendingCall& call : vm.pending_calls()) {
      if (auto deferred = vm.deferred(call.id)) deferred->resolve(call.name);
    }
    vm.run_until_idle();
    vm.kept("list").value_or(Value()).inspect();
    vm.eval("map.get('s7').i + list.map((x) => x.s).join().replace(re, 'x').length");
    vm.eval("tell(JSON.stringify([...map.values()]))");
    vm.eval("gc = list.concat(list).sort((a, b) => b.i - a.i); list.splice(3, 50)");
    vm.snapshot().to_bytes();
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST_F(SignedYetCorrupt, CannotLeaveTheWall) {
  std::mt19937_64 random(20);
  VM bystander{host(), limits()};
  bystander.eval("globalThis.mark = 'untouched'");
  int to_the_end = 0, failed = 0;
  for (int round = 0; round < 150; ++round) {
    const Snapshot snapshot = load(forged(random, std::size_t{1} << round % 12));
    ++(use(host(), snapshot, limits()) ? to_the_end : failed);
  }
  EXPECT_GT(failed, 25) << "the edits did no harm, so this tells nothing";
  EXPECT_GT(to_the_end, 5) << "the edits always do harm at once, so this tells little";
  EXPECT_EQ(bystander.eval("mark").as<std::string>(), "untouched");
  EXPECT_TRUE(use(host(), load(sealed(honest_)), limits())) << "and the honest one wakes";
}

// The checks of the format are made whoever signed.
TEST_F(SignedYetCorrupt, ItsFileIsCheckedAsIfNobodyHadSigned) {
  std::mt19937_64 random(21);
  // What no Snapshot can be made of cannot be saved; so the envelope is put around it by hand.
  for (int round = 0; round < 500; ++round) {
    Bytes file = honest_;
    for (int edits = 1 + round % 3; edits > 0; --edits)
      file[random() % file.size()] = static_cast<std::byte>(random());
    const std::size_t body = file.size() - snapshot::kDigestBytes;
    std::ranges::copy(base::sha256(std::span(file).first(body)),
                      file.begin() + static_cast<std::ptrdiff_t>(body));
    const Seal how{.sign_with = signer_, .encrypt_with = secret_};
    try {
      load(snapshot::seal(file, how));
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == Errc::snapshot || error.code() == Errc::resources)
          << error.what();
    }
  }
}

}  // namespace
}  // namespace quiesce
