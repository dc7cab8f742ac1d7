#include <algorithm>
#include <chrono>
#include <random>

#include "base/sha256.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/session.hpp"

namespace quiesce::fuzz {
namespace {

Limits small_limits() {
  Limits limits;
  limits.memory_bytes_max = 16u << 20;
  limits.stack_bytes_max = 128u << 10;
  limits.time_max = std::chrono::milliseconds(200);
  return limits;
}

/// After whatever happened, a VM that is not lost still works.
void require_usable(VM& vm) {
  const auto sum = attempt([&] { return vm.eval("1 + 1").as<int>(); });
  if (sum) {
    require(*sum == 2, "1 + 1 is not 2 any more");
  } else {
    const Error& error = sum.error();
    require(error.code() == Errc::poisoned || error.limit().has_value(),
            "a VM that is not lost cannot add");
  }
}

void run_source(Input input) {
  VM vm{Host(), small_limits()};
  const std::uint8_t type = input.empty() ? 0 : static_cast<std::uint8_t>(input.back()) % 3;
  (void)attempt([&] {
    vm.eval(text_of(input), {.type = static_cast<SourceType>(type)});
    vm.run_until_idle();
  });
  require_usable(vm);
}

void run_json(Input input) {
  VM vm{Host(), small_limits()};
  const auto value = attempt([&] { return vm.parse_json(text_of(input)); });
  if (value) {
    const auto json = attempt([&] { return value.value().to_json(); });
    if (json && json.value()) {
      const auto again = attempt([&] { return vm.parse_json(*json.value()).to_json(); });
      require(!again || again.value() == json.value(), "JSON that was parsed is written otherwise");
    }
  }
  require_usable(vm);
}

std::vector<std::string> json_seeds() {
  return {R"({"a": [1, -2.5e10, true, null, "x\u00e9\ud83d\ude00\n"], "": {"b": {}}})",
          "[[[[[[0]]]]]]", "1e309", "\"\\ud800\""};
}

std::string file_form(const char* program) {
  Host host;
  host.clock(fixed_clock(Time{})).entropy(seeded_entropy(1));
  VM vm{host, small_limits()};
  vm.keep("result", vm.eval(program));
  const std::vector<std::byte> bytes = vm.snapshot().to_bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::string> snapshot_seeds() {
  return {file_form("1"), file_form("(async () => 'got ' + await quiesce.call('charge', 499))()"),
          file_form("Array.from({length: 2000}, (_, i) => ({i, text: 'number ' + i}))")};
}

void load_and_wake(Input input) {
  const auto snapshot = attempt([&] { return Snapshot::from_bytes(input); });
  if (!snapshot) {
    require(snapshot.error().code() == Errc::snapshot || snapshot.error().code() == Errc::resources,
            "a file that is no snapshot is refused with another error");
    return;
  }
  (void)attempt([&] {
    VM vm{Host(), snapshot.value(), {.limits = small_limits(), .allow_missing_functions = true}};
    for (const PendingCall& call : vm.pending_calls())
      vm.deferred(call.id).value().resolve(call.name);
    vm.run_until_idle();
    vm.kept("result").value_or(Value()).inspect();
    vm.snapshot();
  });
}

void run_snapshot(Input input) { load_and_wake(input); }

/// The digest at the end is made right again, so that what it guards is reached.
void run_sealed_snapshot(Input input) {
  std::vector<std::byte> bytes(input.begin(), input.end());
  if (bytes.size() >= sizeof(base::Digest)) {
    const std::size_t body = bytes.size() - sizeof(base::Digest);
    const base::Digest digest = base::sha256(std::span(bytes).first(body));
    std::memcpy(bytes.data() + body, &digest, sizeof digest);
  }
  load_and_wake(bytes);
}

std::vector<std::string> random_seeds() {
  std::vector<std::string> seeds;
  std::mt19937_64 random(1);
  for (int i = 0; i < 64; ++i) {
    std::string& seed = seeds.emplace_back();
    for (int length = 16 << (i % 6); length > 0; --length) {
      seed += static_cast<char>(random());
    }
  }
  return seeds;
}

void run_api(Input input) { Session(Guest::honest).run(Reader(input)); }
void run_hostile_guest(Input input) { Session(Guest::hostile).run(Reader(input)); }

void run_canary(Input input) {
  require(std::find(input.begin(), input.end(), std::byte{'!'}) == input.end(), "the canary");
}

constexpr Target kTargets[] = {
    {"source", "source text is compiled and run", run_source, snippets},
    {"json", "JSON text is parsed and written", run_json, json_seeds},
    {"snapshot", "a damaged file is loaded", run_snapshot, snapshot_seeds},
    {"sealed-snapshot", "a forged file, its digest right, is loaded and woken", run_sealed_snapshot,
     snapshot_seeds},
    {"api", "the public API is called in any order", run_api, random_seeds},
    {"hostile-guest", "the same, while the guest's memory is being damaged", run_hostile_guest,
     random_seeds},
    {"canary", "fails on purpose: shows that failures are noticed", run_canary, json_seeds},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

}  // namespace quiesce::fuzz
