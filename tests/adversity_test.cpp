// What a process meets when it is not alone in the world: it is forked, has no address space left,
// holds more VMs than the system has mappings for, is killed while it saves, or its disk is full.
// Each is a documented error or none at all; VMs that have no part in it do not notice.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/file.hpp"
#include "quiesce/quiesce.hpp"
#include "refusals.hpp"
#include "temporary_folder.hpp"
#include "with_limit.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int kHeld = 0, kThrew = 99;

/// What `f` says in a child process: 0, or which of its expectations did not hold. A child that
/// hangs is ended by its alarm.
int in_child(const std::function<int()>& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    int verdict = kThrew;
    try {
      verdict = f();
    } catch (const std::exception& error) {
      const std::string text = std::string("in the child: ") + error.what() + "\n";
      if (::write(STDERR_FILENO, text.data(), text.size()) < 0) verdict = kThrew;
    }
    ::_exit(verdict);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

std::uint64_t address_space_in_use() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t mappings() {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);) ++count;
  return count;
}

/// With some thousand objects, so that waking it maps an image.
Snapshot sleeper() {
  VM vm;
  vm.eval(R"(
    globalThis.list = Array.from({length: 5000}, (_, i) => ({i, text: 'entry ' + i}));
    globalThis.count = 0;
    globalThis.next = () => ++count;
    globalThis.sum = () => list.reduce((a, b) => a + b.i, 0);
  )");
  return vm.snapshot();
}
constexpr double kSum = 4999.0 * 5000 / 2;

// ---- fork() -------------------------------------------------------------------------------------

/// All that a VM does, in whatever process it is.
int everything_works(VM& vm, const Snapshot& snapshot) {
  if (vm.eval("sum()").as<double>() != kSum) return 1;
  vm.eval("list.forEach((entry) => { entry.text = 'of the child' }); next()");
  VM woken{Host{}, snapshot};
  if (woken.eval("next() + list[7].text").as<std::string>() != "1entry 7") return 2;
  VM forked = woken.fork();
  if (forked.eval("next()").as<int>() != 2 || woken.eval("next()").as<int>() != 2) return 3;
  const Snapshot later = woken.snapshot().relative_to(snapshot);
  VM again{Host{},
           Snapshot::from_bytes(later.to_bytes(), {.find_ancestor = [&](const std::string&) {
                                  return std::optional(snapshot);
                                }})};
  if (again.eval("next()").as<int>() != 3) return 4;
  VM fresh{Host{}, {.time_max = 50ms}};
  if (code_of([&] { fresh.eval("for (;;);"); }) != Errc::limit) return 5;
  VM hard{Host{}, {.time_max = 50ms}};  // one that does not ask for the time, and is stopped
  const auto end =
      code_of([&] { hard.eval("const a = new Uint32Array(1 << 24); for (;;) a.fill(1).sort()"); });
  if (end != Errc::limit && end != Errc::poisoned) return 6;
  return kHeld;
}

TEST(ForkedProcess, AChildUsesWhatItsParentHadMade) {
  const Snapshot snapshot = sleeper();
  VM woken{Host{}, snapshot};
  VM limited{Host{}, {.time_max = 10s}};  // so that this thread has a timer, which no child has
  limited.eval("1");
  woken.eval("next()");
  const std::string before = woken.snapshot().content_digest();
  EXPECT_EQ(in_child([&] { return everything_works(woken, snapshot); }), kHeld);
  EXPECT_EQ(woken.snapshot().content_digest(), before) << "the parent's own is untouched";
  EXPECT_EQ(woken.eval("next()").as<int>(), 2);
  EXPECT_EQ(VM(Host{}, snapshot).eval("next() + list[7].text").as<std::string>(), "1entry 7");
  EXPECT_EQ(in_child([&] {  // and a child's child
              return in_child([&] { return everything_works(woken, snapshot); });
            }),
            kHeld);
}

TEST(ForkedProcess, ItsParentMayHaveOtherThreads) {
  const Snapshot snapshot = sleeper();
  // Another one: the mutex of a snapshot that some thread has just locked stays so in the child,
  // which would wait for ever (docs/security.md, "Processes that fork").
  const Snapshot theirs = sleeper();
  VM woken{Host{}, snapshot};
  std::atomic<bool> stop = false;
  std::atomic<int> rounds = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        VM vm{Host{}, theirs};
        if (vm.eval("next()").as<int>() == 1) ++rounds;
        vm.snapshot().relative_to(theirs);
      }
    });
  }
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(in_child([&] { return everything_works(woken, snapshot); }), kHeld);
  }
  const int so_far = rounds;
  while (rounds == so_far) std::this_thread::sleep_for(1ms);  // they go on
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(woken.eval("count").as<int>(), 0);
}

// A timer's id means another timer in a child, if it makes one.
TEST(ForkedProcess, AChildsTimersAreLeftAlone) {
  VM vm{Host{}, {.time_max = 10s}};
  vm.eval("1");  // this thread has a timer from now on
  EXPECT_EQ(in_child([&] {
              std::signal(SIGUSR1, SIG_IGN);
              sigevent event{};
              event.sigev_notify = SIGEV_SIGNAL;
              event.sigev_signo = SIGUSR1;
              timer_t own{};
              if (::timer_create(CLOCK_MONOTONIC, &event, &own) != 0) return 1;
              itimerspec hour{};
              hour.it_value.tv_sec = 3600;
              if (::timer_settime(own, 0, &hour, nullptr) != 0) return 2;
              vm.eval("1");
              itimerspec left{};
              if (::timer_gettime(own, &left) != 0 || left.it_value.tv_sec < 3000) return 3;
              vm.set_limits({.time_max = 50ms});
              return code_of([&] { vm.eval("for (;;);"); }) == Errc::limit ? kHeld : 4;
            }),
            kHeld);
}

// ---- no address space ---------------------------------------------------------------------------

/// What ends the making of VMs. Those that are gone may have left address space for some: tests
/// before this one, if they ran in the same process.
std::optional<Errc> refusal_of_more() {
  constexpr std::size_t kMost = 100;
  std::vector<VM> vms;
  vms.reserve(kMost);
  std::optional<Errc> refused;
  while (vms.size() < kMost && !refused) refused = code_of([&] { vms.emplace_back(); });
  return refused;
}

TEST(AddressSpace, ExhaustedItIsAnErrorAndTheOthersGoOn) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer reserves terabytes itself";
#endif
  const Snapshot snapshot = sleeper();
  VM vm{Host{}, snapshot};
  EXPECT_EQ(in_child([&] {
              const rlimit tight{address_space_in_use() + (1u << 30), RLIM_INFINITY};
              if (::setrlimit(RLIMIT_AS, &tight) != 0) return 1;
              if (refusal_of_more() != Errc::resources) return 2;
              if (code_of([&] { VM(Host{}, snapshot); }) != Errc::resources) return 3;
              if (code_of([&] { vm.fork(); }) != Errc::resources) return 4;
              if (vm.eval("sum() + next()").as<double>() != kSum + 1) return 5;
              vm.snapshot();
              // It may grow where its address space is reserved already.
              if (vm.eval("new Uint8Array(64 << 20).fill(1).length").as<int>() != 64 << 20)
                return 6;
              // Another thread needs a stack of its own for guests.
              const rlimit none{address_space_in_use(), RLIM_INFINITY};
              const rlimit enough{address_space_in_use() + (64ull << 30), RLIM_INFINITY};
              if (::setrlimit(RLIMIT_AS, &none) != 0) return 7;
              if (refusal_of_more() != Errc::resources) return 8;
              if (::setrlimit(RLIMIT_AS, &enough) != 0) return 9;
              return VM().eval("1 + 1").as<int>() == 2 ? kHeld : 10;  // and it is over
            }),
            kHeld);
  EXPECT_EQ(vm.eval("next()").as<int>(), 1);
}

TEST(AddressSpace, AThreadWithoutAStackForGuestsIsToldSo) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer reserves terabytes itself";
#endif
  VM vm;
  EXPECT_EQ(in_child([&] {
              int verdict = 1;
              std::atomic<bool> go = false;
              std::thread thread([&] {
                while (!go) std::this_thread::yield();
                const auto code = code_of([&] { vm.eval("1"); });
                verdict = code == Errc::resources ? kHeld : 2;
              });
              // Some is left for what is not a stack, whoever allocates it.
              const rlimit little{address_space_in_use() + (16u << 20), RLIM_INFINITY};
              if (::setrlimit(RLIMIT_AS, &little) != 0) verdict = 3;
              go = true;
              thread.join();
              if (verdict != kHeld) return verdict;
              const rlimit enough{address_space_in_use() + (64ull << 30), RLIM_INFINITY};
              ::setrlimit(RLIMIT_AS, &enough);
              std::thread again([&] { verdict = vm.eval("1 + 1").as<int>() == 2 ? kHeld : 4; });
              again.join();
              return verdict;
            }),
            kHeld);
}

// A time limit needs a timer of the thread's own, and the system may have none left.
TEST(Timers, WithoutOneATimeLimitIsRefused) {
  VM unlimited;
  EXPECT_EQ(in_child([&] {
              rlimit before{};
              ::getrlimit(RLIMIT_SIGPENDING, &before);
              const rlimit none{0, before.rlim_max};
              if (::setrlimit(RLIMIT_SIGPENDING, &none) != 0) return 1;
              if (code_of([] { VM(Host{}, {.time_max = 10s}).eval("1"); }) != Errc::resources)
                return 2;
              const auto code = code_of([&] {
                unlimited.set_limits({.time_max = 10s});
                unlimited.eval("1");
              });
              if (code != Errc::resources) return 3;
              if (::setrlimit(RLIMIT_SIGPENDING, &before) != 0) return 5;
              return unlimited.eval("1 + 1").as<int>() == 2 ? kHeld : 4;
            }),
            kHeld);
}

// ---- very many VMs ------------------------------------------------------------------------------

// Each takes some of the mappings that the system allows a process (vm.max_map_count: 65,530 unless
// somebody changed it). Beyond them another VM is an error, and those that are there go on.
TEST(ManyVMs, TwentyThousandAreThereAndTheEndIsADocumentedError) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer has another idea of memory";
#endif
  constexpr std::size_t kWanted = 20'000, kMost = 30'000;
  VM before;
  before.eval("globalThis.mark = 'before'");
  const Snapshot snapshot = before.snapshot();
  std::size_t mappings_max = 0;
  std::ifstream("/proc/sys/vm/max_map_count") >> mappings_max;
  const std::size_t mapped = mappings();
  VM first{Host{}, snapshot};
  const std::size_t each = mappings() - mapped;
  RecordProperty("mappings_per_vm", static_cast<int>(each));
  ASSERT_LT(kWanted * each, mappings_max) << "a VM takes too many of them";

  std::vector<VM> vms;
  vms.reserve(kMost);
  std::optional<Errc> refused;
  while (vms.size() < kMost && !refused)
    refused = code_of([&] { vms.emplace_back(Host{}, snapshot); });
  RecordProperty("vms", static_cast<int>(vms.size()));
  EXPECT_GE(vms.size(), kWanted);
  if (refused) {
    EXPECT_EQ(refused, Errc::resources);
    EXPECT_EQ(code_of([] { VM another; }), Errc::resources) << "and again";
    EXPECT_EQ(code_of([&] { before.fork(); }), Errc::resources);
  }
  // Those that are there are VMs like any other, also while no further one can be made.
  for (const std::size_t i : {std::size_t{0}, vms.size() / 2, vms.size() - 1}) {
    EXPECT_EQ(vms[i].eval("mark + " + std::to_string(i)).as<std::string>(),
              "before" + std::to_string(i));
  }
  EXPECT_EQ(before.eval("mark").as<std::string>(), "before");
  vms.resize(vms.size() - 100);
  for (int i = 0; i < 50; ++i) vms.emplace_back(Host{}, snapshot);
  EXPECT_EQ(vms.back().eval("mark").as<std::string>(), "before");
}

// ---- saving -------------------------------------------------------------------------------------

class Saving : public testing::Test {
 protected:
  Saving() {
    Snapshot first = sleeper();
    VM vm{Host{}, first};
    vm.eval("next(); globalThis.noise = Array.from({length: 20000}, Math.random)");
    const Snapshot second = vm.snapshot();
    first.save(folder_ / "first.qsnap", seals_.back());
    versions_ = {second.relative_to(first), second};
  }

  LoadOptions options(const Seal& seal) const {
    LoadOptions options{.ancestors_folder = folder_, .trust = {.keys = {signer_, secret_}}};
    if (!seal.sign_with) options.trust.signature = Demand::never;
    if (!seal.encrypt_with) options.trust.encryption = Demand::never;
    return options;
  }

  SealKey signer_ = SealKey::generate(KeyKind::ed25519_private, "signer");
  SealKey secret_ = SealKey::generate(KeyKind::aes_256_gcm, "secret");
  std::vector<Seal> seals_ = {
      {}, {.sign_with = signer_}, {.sign_with = signer_, .encrypt_with = secret_}};
  std::vector<Snapshot> versions_;  // a delta and a whole one of the same VM
  const TemporaryFolder temporary_{"saving"};
  const fs::path folder_ = temporary_.path();
};

TEST_F(Saving, AFullDiskLeavesTheOldOneWhole) {
  const fs::path full = folder_ / "full";
  fs::create_directory(full);
  const bool mounted =
      ::geteuid() == 0 && ::mount("tmpfs", full.c_str(), "tmpfs", 0, "size=40k") == 0;
  for (const Seal& seal : seals_) {
    for (const Snapshot& version : versions_) {
      ASSERT_GT(version.stored_bytes(), 60'000u);
      EXPECT_EQ(code_of([&] { version.save("/dev/full", seal); }), Errc::io);
      if (!mounted) continue;
      VM small;
      const Snapshot old = small.snapshot();
      old.save(full / "a.qsnap", seal);
      EXPECT_EQ(code_of([&] { version.save(full / "a.qsnap", seal); }), Errc::io);
      EXPECT_EQ(Snapshot::load(full / "a.qsnap", options(seal)).digest(), old.digest());
      EXPECT_EQ(std::distance(fs::directory_iterator(full), fs::directory_iterator()), 1);
    }
  }
  if (mounted) {
    EXPECT_EQ(::umount(full.c_str()), 0);
  }
}

TEST_F(Saving, AWriteThatFailsAnywhereLeavesTheOldOneWhole) {
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const fs::path file = folder_ / "a.qsnap";
  for (const Seal& seal : seals_) {
    versions_[1].save(file, seal);
    const std::size_t size = versions_[0].to_bytes(seal).size();
    for (std::size_t room = 0; room < size; room += size / 7) {
      const auto code = code_of([&] {
        const WithLimit full(RLIMIT_FSIZE, room);
        versions_[0].save(file, seal);
      });
      EXPECT_EQ(code, Errc::io) << room;
      EXPECT_EQ(Snapshot::load(file, options(seal)).digest(), versions_[1].digest());
    }
    versions_[0].save(file, seal);
    EXPECT_EQ(Snapshot::load(file, options(seal)).digest(), versions_[0].digest());
  }
  std::signal(SIGXFSZ, old_handler);
}

TEST_F(Saving, AProcessThatIsKilledLeavesOneOfTheTwo) {
  const fs::path file = folder_ / "a.qsnap";
  std::size_t seen[2] = {};
  for (int round = 0; round < 24; ++round) {
    const Seal& seal = seals_[static_cast<std::size_t>(round) % seals_.size()];
    versions_[0].save(file, seal);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (std::size_t i = 1;; ++i) versions_[i % 2].save(file, seal);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500 + 1700 * round));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const std::string digest = Snapshot::load(file, options(seal)).digest();
    ASSERT_TRUE(digest == versions_[0].digest() || digest == versions_[1].digest()) << round;
    ++seen[digest == versions_[1].digest() ? 1 : 0];
  }
  EXPECT_GT(seen[0], 0u);
}

}  // namespace
}  // namespace quiesce
