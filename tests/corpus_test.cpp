// The corpus: every program in tests/js prints what its .out says, in whatever way the machine is
// treated meanwhile. docs/testing.md tells how to add a program and how the .out files are made.
//
//   fresh      a new VM
//   restored   a VM woken from a snapshot of one that has done nothing yet
//   mapped     the same, with so much memory in use that the snapshot is mapped and not copied
//   asleep     before the program and after every job and timer: snapshot, bytes, another VM
//   deltas     the same, each snapshot stored relative to the one before
//   started    a VM started from an image of one that has done nothing yet; and another from an
//              image of what it is at the end
//   collected  garbage collected before every job, around every line printed, at every gc()
//   tiny       memory limits from hopeless to ample: the right output, or out of memory and no more
//   shallow    little stack: the right output; and hardly any: that, or a RangeError
//   twice      two VMs with the same clock and seed: equal digests at the end
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "quiesce/quiesce.hpp"
#include "test_build.h"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSeed = 20260101;
/// More rounds than any program of the corpus needs.
constexpr int kRoundsMax = 20000;

fs::path folder() { return fs::path(QUIESCE_TEST_ROOT) / "tests/js"; }

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Program {
  std::string name;  // "timers"
  std::string source;
  std::map<std::string, std::string, std::less<>> skips;  // mode: reason

  std::string expected() const { return read(folder() / (name + ".out")); }
};

/// Its lines `// skip: mode: reason` stand before the first line of code.
Program load(const std::string& name) {
  Program program{name, read(folder() / (name + ".js")), {}};
  std::istringstream lines(program.source);
  for (std::string line; std::getline(lines, line) && line.starts_with("//");) {
    constexpr std::string_view kSkip = "// skip: ";
    if (!line.starts_with(kSkip)) continue;
    const std::size_t colon = line.find(": ", kSkip.size());
    const std::string mode = line.substr(kSkip.size(), colon - kSkip.size());
    program.skips[mode] = colon == std::string::npos ? "" : line.substr(colon + 2);
  }
  return program;
}

std::vector<std::string> names_with(std::string_view extension) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder())) {
    if (entry.path().extension() == extension) names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Plays one program to its end, as tests/js/run_in_node.mjs does in Node: jobs until none is left,
/// then one answer from the outside, or else the clock jumps to the next timer.
class Player {
 public:
  /// What is done between the jobs.
  using Between = std::function<void(Player&)>;

  explicit Player(
      const Limits& limits = {}, Between between = [](Player&) {})
      : host_(make_host()), vm_(host_, limits), between_(std::move(between)) {}
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  VM& vm() { return vm_; }
  const std::string& printed() const { return printed_; }
  bool reached(Limit limit) const { return reached_[static_cast<std::size_t>(limit)]; }

  /// The VM goes through bytes and comes back as another one.
  void sleep_and_wake() {
    const Snapshot slept = vm_.snapshot();
    const std::vector<std::byte> bytes = slept.to_bytes();
    vm_ = VM(host_, Snapshot::from_bytes(bytes));
    EXPECT_EQ(vm_.snapshot().digest(), slept.digest());
  }

  /// The same, through bytes that say what has changed since the last time.
  void sleep_and_wake_by_deltas() {
    Snapshot slept = vm_.snapshot();
    if (last_) slept = slept.relative_to(*last_);
    const LoadOptions options{.find_ancestor = [this](const std::string& digest) {
      return std::optional(stored_.at(digest));
    }};
    last_ = Snapshot::from_bytes(slept.to_bytes(), options);
    stored_.emplace(last_->digest(), *last_);
    vm_ = VM(host_, *last_);
    EXPECT_EQ(vm_.snapshot().content_digest(), slept.content_digest());
  }

  /// It becomes a start image, and the VM one that begins from there.
  void start_from_image() {
    const std::vector<std::byte> bytes = StartImage::of(vm_).snapshot().to_bytes();
    vm_ = StartImage(Snapshot::from_bytes(bytes)).start(host_);
  }

  void play(const Program& program) {
    between_(*this);
    guarded([&] { begin(program); });
    int rounds = 0;
    while (round()) {
      if (++rounds == kRoundsMax) throw std::runtime_error("the program does not come to an end");
    }
    guarded([&] { print_result(); });
  }

 private:
  Host make_host() {
    Host host;
    host.clock([this] { return now_; })
        .entropy(seeded_entropy(kSeed))
        .log([this](LogLevel level, std::string_view text) { log(level, text); })
        .function("gc", [](Call& call) { call.vm().collect_garbage(); });
    return host;
  }

  void log(LogLevel level, std::string_view text) {
    if (level == LogLevel::debug) printed_ += "[debug] ";
    if (level == LogLevel::warn) printed_ += "[warn] ";
    if (level == LogLevel::error) printed_ += "[error] ";
    print(text);
  }
  void print(std::string_view text) { printed_.append(text) += '\n'; }

  /// A limit that was reached is remembered, what JavaScript threw is printed.
  template <class F>
  void guarded(F f) {
    try {
      f();
    } catch (const JSError& error) {
      if (error.limit()) reached_[static_cast<std::size_t>(*error.limit())] = true;
      print("uncaught: " + std::string(error.what()));
    }
  }

  void begin(const Program& program) {
    const Value result = vm_.eval(program.source, {.file_name = program.name + ".js"});
    if (!result.is_promise()) return;
    result.mark_handled();
    vm_.keep("result", result);
  }

  /// One turn of the event loop; false: nothing is left to do.
  bool round() {
    between_(*this);
    while (vm_.job_ready()) {
      guarded([&] { vm_.run_one_job(); });
      between_(*this);
    }
    guarded([&] {
      for (const Rejection& rejection : vm_.take_unhandled_rejections()) {
        print("unhandled: " + rejection.reason.to_string());
      }
    });
    if (const std::vector<PendingCall> calls = vm_.pending_calls(); !calls.empty()) {
      guarded([&] { answer(calls.front()); });
      return true;
    }
    const std::optional<Time> deadline = vm_.next_deadline();
    if (!deadline) return false;
    now_ = std::max(now_, *deadline);
    guarded([&] { vm_.run_one_timer(); });
    return true;
  }

  /// The outside has two functions: `echo` gives back its argument, `fail` throws it.
  void answer(const PendingCall& call) {
    const Deferred deferred = vm_.deferred(call.id).value();
    const Value argument = vm_.parse_json(call.arguments_json).get(0);
    if (call.name == "echo") {
      deferred.resolve(argument);
    } else if (call.name == "fail") {
      deferred.reject(vm_.error("Error", argument.to_string()));
    } else {
      throw std::runtime_error("the runner answers echo and fail, not " + call.name);
    }
  }

  void print_result() {
    const std::optional<Value> result = vm_.kept("result");
    if (!result || result->promise_state() == PromiseState::pending) return;
    const bool failed = result->promise_state() == PromiseState::rejected;
    const Value outcome = result->promise_result();
    if (failed || !outcome.is_undefined()) {
      print((failed ? "=> uncaught " : "=> ") + outcome.to_string());
    }
  }

  Time now_ = std::chrono::sys_days{std::chrono::January / 1 / 2026};
  std::string printed_;
  std::array<bool, 4> reached_{};  // by Limit
  Host host_;
  VM vm_;
  std::optional<Snapshot> last_;            // that it slept in, by deltas
  std::map<std::string, Snapshot> stored_;  // by digest
  Between between_;
};

/// Whatever became of the program: with room again, the VM works.
void expect_usable(VM& vm) {
  vm.set_limits({});
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
  EXPECT_EQ(vm.eval("[...'abc'.repeat(100)].length").as<int>(), 300);
}

void play_fresh(const Program& program) {
  Player player;
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected());
}

void play_restored(const Program& program) {
  Player player;
  player.sleep_and_wake();
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected());
}

void play_mapped(const Program& program) {
  Player player;
  player.vm().keep("ballast", player.vm().eval("new Uint8Array(1536 << 10).fill(85)"));
  player.sleep_and_wake();
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected());
  player.sleep_and_wake();
  EXPECT_EQ(player.vm().kept("ballast")->get(1000000).as<int>(), 85);
}

void play_asleep(const Program& program) {
  Player player({}, &Player::sleep_and_wake);
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected());
}

void play_deltas(const Program& program) {
  Player player({}, &Player::sleep_and_wake_by_deltas);
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected());
}

void play_started(const Program& program) {
  Player player;
  player.start_from_image();
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected());
  if (player.vm().job_ready()) return;  // it gave up
  player.start_from_image();
  expect_usable(player.vm());
}

void play_collected(const Program& program) {
  Player player({}, [](Player& self) { self.vm().collect_garbage(); });
  player.vm().eval(
      "console.log = ((log) => (...all) => { gc(); log(...all); gc(); })(console.log)");
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected());
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
  return found;
}

/// A limit may change what a program prints, but only by being reached: `signs` are what a program
/// prints then, and there are more of them than in the right output.
void expect_right_or(Limit limit, std::initializer_list<std::string_view> signs, Player& player,
                     const Program& program) {
  const std::string expected = program.expected();
  if (player.printed() == expected || player.reached(limit)) return;
  EXPECT_TRUE(std::ranges::any_of(
      signs,
      [&](std::string_view sign) { return count(player.printed(), sign) > count(expected, sign); }))
      << "the output is wrong, and nothing in it says why:\n"
      << player.printed();
}

void play_tiny(const Program& program) {
  const std::uint64_t used = Player().vm().memory_usage().used_bytes;
  for (std::uint64_t extra = 1024; extra < 3u << 20; extra += extra / 4) {
    SCOPED_TRACE(std::to_string(extra) + " bytes");
    Player player({.memory_bytes_max = used + extra});
    player.play(program);
    expect_right_or(Limit::memory, {"out of memory", "InternalError"}, player, program);
    expect_usable(player.vm());
  }
  Player player({.memory_bytes_max = used + (6u << 20)});
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected()) << "6 MiB are enough for every program";
}

void play_shallow(const Program& program) {
  for (const std::uint32_t stack_kib : {16, 24, 32}) {
    SCOPED_TRACE(std::to_string(stack_kib) + " KiB");
    Player player({.stack_bytes_max = stack_kib * 1024});
    player.play(program);
    expect_right_or(Limit::stack, {"RangeError", "call stack size"}, player, program);
    expect_usable(player.vm());
  }
  Player player({.stack_bytes_max = 64 * 1024});
  player.play(program);
  EXPECT_EQ(player.printed(), program.expected()) << "64 KiB are enough for every program";
}

void play_twice(const Program& program) {
  const auto digest = [&] {
    Player player;
    player.play(program);
    return player.vm().snapshot().digest();
  };
  EXPECT_EQ(digest(), digest());
}

using Play = void (*)(const Program&);
constexpr std::pair<std::string_view, Play> kModes[] = {
    {"fresh", play_fresh},         {"restored", play_restored}, {"mapped", play_mapped},
    {"asleep", play_asleep},       {"deltas", play_deltas},     {"started", play_started},
    {"collected", play_collected}, {"tiny", play_tiny},         {"shallow", play_shallow},
    {"twice", play_twice},
};

class Corpus : public testing::TestWithParam<std::tuple<std::size_t, std::string>> {};

TEST_P(Corpus, PrintsWhatNodePrints) {
  const auto& [mode, play] = kModes[std::get<0>(GetParam())];
  const Program program = load(std::get<1>(GetParam()));
  if (const auto skip = program.skips.find(mode); skip != program.skips.end()) {
    GTEST_SKIP() << skip->second;
  }
  play(program);
}

std::string mode_and_name(const testing::TestParamInfo<Corpus::ParamType>& test) {
  return std::string(kModes[std::get<0>(test.param)].first) + "_" + std::get<1>(test.param);
}

INSTANTIATE_TEST_SUITE_P(Programs, Corpus,
                         testing::Combine(testing::Range<std::size_t>(0, std::size(kModes)),
                                          testing::ValuesIn(names_with(".js"))),
                         mode_and_name);

// One line for each program: its name, and the digest of its last snapshot. ./test compares the
// files of its builds, for equal programs give equal bytes whatever the wall is made of.
TEST(CorpusDigests, AreTheSameTwiceAndWrittenDown) {  // A14, D8
  std::ostringstream lines;
  for (const std::string& name : names_with(".js")) {
    const Program program = load(name);
    const auto play = [&] {
      Player player;
      player.play(program);
      return player.vm().snapshot().content_digest() + " " +
             std::to_string(player.vm().fuel_used());
    };
    const std::string digest = play();
    EXPECT_EQ(digest, play()) << name;
    lines << name << " " << digest << "\n";
  }
  const fs::path file = fs::path(QUIESCE_TEST_BUILD) / "corpus-digests.txt";
  const fs::path scratch = file.string() + ".new";
  std::ofstream(scratch) << lines.str();
  fs::rename(scratch, file);
  EXPECT_EQ(read(file), lines.str());
}

TEST(CorpusFiles, EveryProgramHasItsOutputAndEverySkipItsReason) {
  const std::vector<std::string> names = names_with(".js");
  EXPECT_EQ(names, names_with(".out")) << "made by tests/js/update";
  EXPECT_GE(names.size(), 60u);
  for (const std::string& name : names) {
    for (const auto& [mode, reason] : load(name).skips) {
      EXPECT_TRUE(
          std::ranges::any_of(kModes, [&](const auto& known) { return known.first == mode; }))
          << name << " skips the mode " << mode << ", which does not exist";
      EXPECT_FALSE(reason.empty()) << name << " does not say why it skips " << mode;
    }
  }
}

}  // namespace
}  // namespace quiesce
