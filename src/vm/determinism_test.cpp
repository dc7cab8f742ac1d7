// A14, A26, A29, C11, D8: clock, entropy, time zone and output are parts of the Host, and with them
// given equal programs give equal bytes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

using namespace std::chrono_literals;

constexpr Time kNewYear = std::chrono::sys_days{std::chrono::January / 1 / 2026};

std::string eval(VM& vm, const char* code) { return vm.eval(code).to_string(); }

TEST(Parts, ClockEntropyAndOutputAreTheHosts) {  // A29
  std::string output;
  const auto make = [&](Time now, std::uint64_t seed) {
    Host host;
    host.clock(fixed_clock(now))
        .entropy(seeded_entropy(seed))
        .log([&](LogLevel, std::string_view text) { output += text; });
    return host;
  };
  VM vm{make(kNewYear, 1)};
  VM same{make(kNewYear, 1)};
  VM other{make(kNewYear + 24h, 2)};
  EXPECT_EQ(eval(vm, "new Date().toISOString()"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(eval(other, "new Date().toISOString()"), "2026-01-02T00:00:00.000Z");
  EXPECT_EQ(eval(vm, "performance.now()"), "0");
  EXPECT_EQ(vm.now(), kNewYear);
  EXPECT_EQ(eval(vm, "Math.random()"), eval(same, "Math.random()"));
  EXPECT_NE(eval(vm, "Math.random()"), eval(other, "Math.random()"));
  vm.eval("console.log('to the', 'host')");
  EXPECT_EQ(output, "to the host");
}

TEST(Parts, ClocksOfEveryKind) {  // A14
  Host host;
  host.clock(stepped_clock(kNewYear, 5ms));
  VM stepped{host};
  const double first = stepped.eval("Date.now()").as<double>();
  EXPECT_EQ(stepped.eval("Date.now()").as<double>(), first + 5);
  EXPECT_EQ(stepped.eval("Date.now()").as<double>(), first + 10);

  Time now = kNewYear;
  VM called{Host().clock([&] { return now; })};
  now += 1h;
  EXPECT_EQ(eval(called, "new Date().toISOString()"), "2026-01-01T01:00:00.000Z");

  const double before =
      std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  VM system{Host().clock(system_clock()).entropy(system_entropy())};
  EXPECT_GE(system.eval("Date.now()").as<double>() + 1, before);
  EXPECT_LT(system.eval("Date.now()").as<double>(), before + 60'000);
  VM another{Host().entropy(system_entropy())};
  EXPECT_NE(eval(system, "Math.random()"), eval(another, "Math.random()"));
}

TEST(Parts, TimeZones) {  // A26
  const char* kCode =
      "new Date(Date.UTC(2026, 6, 1)).getHours() + ' ' + "
      "new Date(Date.UTC(2026, 6, 1)).getTimezoneOffset()";
  VM utc{Host{}};
  EXPECT_EQ(eval(utc, kCode), "0 0");
  VM fixed{Host().timezone(fixed_timezone(5h + 30min))};
  EXPECT_EQ(eval(fixed, kCode), "5 -330");
  VM west{Host().timezone(fixed_timezone(-8h))};
  EXPECT_EQ(eval(west, kCode), "16 480");
  EXPECT_EQ(attempt([] { fixed_timezone(25h); }).error().code(), Errc::invalid_argument);

  const char* const before = std::getenv("TZ");
  const std::string kept = before != nullptr ? before : "";
  setenv("TZ", "XYZ-3XYS,M3.5.0,M10.5.0", 1);  // three hours ahead, four in summer
  tzset();
  VM system{Host().timezone(system_timezone())};
  EXPECT_EQ(eval(system, kCode), "4 -240");
  EXPECT_EQ(eval(system, "new Date(Date.UTC(2026, 0, 1)).getHours()"), "3");
  if (before != nullptr) {
    setenv("TZ", kept.c_str(), 1);
  } else {
    unsetenv("TZ");
  }
  tzset();

  VM called{Host().timezone([](Time time) {
    return time < kNewYear ? std::chrono::minutes(60) : std::chrono::minutes(120);
  })};
  EXPECT_EQ(eval(called, "new Date(Date.UTC(2025, 0, 1)).getHours()"), "1");
  EXPECT_EQ(eval(called, "new Date(Date.UTC(2027, 0, 1)).getHours()"), "2");
}

TEST(Reseed, ForksOfOneSnapshotGoTheirOwnWays) {  // C11
  VM vm;
  vm.eval("Math.random()");
  const Snapshot slept = vm.snapshot();
  const auto draw = [](VM& its) { return eval(its, "Math.random() + ' ' + Math.random()"); };
  VM one{Host{}, slept}, two{Host{}, slept};
  EXPECT_EQ(draw(one), draw(two)) << "without a new seed they are the same machine";
  VM three{Host{}, slept, {.reseed = true}}, four{Host{}, slept, {.reseed = true}};
  const std::string third = draw(three);
  EXPECT_NE(third, draw(four));
  EXPECT_NE(third, draw(vm));
  one.reseed();
  two.reseed();
  EXPECT_NE(draw(one), draw(two));
  // The seed is the host's entropy: with that given, so is what follows.
  Host host;
  host.entropy([](std::span<std::byte> bytes) { std::ranges::fill(bytes, std::byte{7}); });
  VM five{host, slept, {.reseed = true}}, six{host, slept, {.reseed = true}};
  EXPECT_EQ(draw(five), draw(six));
}

TEST(Bytes, EqualProgramsGiveEqualSnapshots) {  // A14, D8
  const auto digest = [](std::uint64_t seed) {
    VM vm{Host().clock(stepped_clock(kNewYear, 1ms)).entropy(seeded_entropy(seed))};
    vm.eval(R"(
      globalThis.all = [];
      for (let i = 0; i < 100; ++i) all.push({at: Date.now(), luck: Math.random()});
      setTimeout(() => all.push('later'), 3);
      (async () => {
        for (const x of all.slice(0, 5)) await x;
        all.push(new Map(Object.entries({all})));
      })();
    )");
    vm.run_until_idle();
    return vm.snapshot().digest();
  };
  EXPECT_EQ(digest(1), digest(1));
  EXPECT_NE(digest(1), digest(2));
}

}  // namespace
}  // namespace quiesce
