#include "quiesce/census.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "quiesce/vm.hpp"

namespace quiesce {
namespace {

using Kind = Census::Kind;

const Census::Row* find(const Census& census, Kind kind, std::string_view name = "") {
  for (const Census::Row& row : census.rows) {
    if (row.kind == kind && row.name == name) return &row;
  }
  return nullptr;
}

std::uint64_t count(const Census& census, Kind kind, std::string_view name = "") {
  const Census::Row* row = find(census, kind, name);
  return row ? row->count : 0;
}

std::uint64_t bytes(const Census& census, Kind kind, std::string_view name = "") {
  const Census::Row* row = find(census, kind, name);
  return row ? row->bytes : 0;
}

std::uint64_t sum(const Census& census) {
  std::uint64_t total = 0;
  for (const Census::Row& row : census.rows) total += row.bytes;
  return total;
}

// The parts make the whole, and hardly anything is unknown.
void expect_accounted(VM& vm, std::string_view program) {
  const Census census = vm.census();
  EXPECT_TRUE(census.is_whole) << program;
  EXPECT_EQ(census.fixed_bytes + sum(census) + census.overhead_bytes + census.unknown_bytes +
                census.free_small_bytes + census.free_large_bytes + census.free_end_bytes,
            census.linear_bytes)
      << program;
  const auto allocated = vm.memory_usage().used_bytes;
  EXPECT_GE(sum(census) + census.overhead_bytes + census.free_small_bytes, allocated * 95 / 100)
      << program;
  EXPECT_LE(census.unknown_bytes, census.used_bytes / 20) << program;
  EXPECT_EQ(census.pages.size() * Census::kPageBytes, census.linear_bytes) << program;
}

// D7: nearly every byte is named, whatever the program is made of.
TEST(Census, AccountsForWhatIsInUse) {
  constexpr std::string_view kPrograms[] = {
      "0",
      "globalThis.list = Array.from({length: 20000}, (_, i) => ({i, name: 'item ' + i}))",
      "globalThis.text = []; for (let i = 0; i < 3000; ++i) text.push('x'.repeat(i) + i)",
      "globalThis.map = new Map(); for (let i = 0; i < 9000; ++i) map.set('k' + i, [i, {i}]);"
      "globalThis.set = new Set(map.keys()); globalThis.weak = new WeakMap([[map, set]])",
      "globalThis.bytes = [new Uint8Array(1 << 20), new ArrayBuffer(5000), new Float64Array(999)]",
      "globalThis.closures = []; for (let i = 0; i < 5000; ++i) closures.push(() => i + 'n')",
      "globalThis.big = []; for (let i = 1n; i < 900n; ++i) big.push(3n ** i)",
      "globalThis.waiting = []; for (let i = 0; i < 2000; ++i) "
      "waiting.push((async x => { await quiesce.call('c', x); return x })(i))",
      "globalThis.gens = []; for (let i = 0; i < 2000; ++i) "
      "gens.push((function* (a) { yield a; yield 'text ' + a })(i)); gens.forEach(g => g.next())",
      "globalThis.proxies = []; for (let i = 0; i < 999; ++i) proxies.push(new Proxy({}, {i}), "
      "/a(b)+/g, new Date(i), Symbol('s' + i), function () {}.bind({}, 'bound ' + i), "
      "new Error('e' + i), [1, 2][Symbol.iterator](), new WeakRef({}), Promise.resolve('p' + i))",
      "globalThis.rope = ''; for (let i = 0; i < 30000; ++i) rope += 'piece number ' + i",
      "for (let i = 0; i < 3000; ++i) globalThis['name' + i] = i; "
      "for (let i = 0; i < 500; ++i) setTimeout(() => {}, 1000, 'argument ' + i)",
      "for (let i = 0; i < 300; ++i) globalThis['f' + i] = eval(`(function f${i}(a, b) { return "
      "a.b.c${i}.d + [1, 2, b].map(x => x + ${i}) })`)",
  };
  for (const std::string_view program : kPrograms) {
    VM vm;
    vm.eval(program);
    expect_accounted(vm, program);
    VM woken{Host(), vm.snapshot()};
    expect_accounted(woken, program);
  }
}

TEST(Census, NamesObjectsByTheirConstructors) {
  VM vm;
  const Census before = vm.census();
  vm.eval(R"(
    class Order { constructor(i) { this.id = i; this.lines = [i] } }
    class Rush extends Order {}
    function Old() { this.x = 1 }
    globalThis.keep = [];
    for (let i = 0; i < 100; ++i) keep.push(new Order(i));
    for (let i = 0; i < 50; ++i) keep.push(new Rush(i));
    for (let i = 0; i < 25; ++i) keep.push(new Old());
    for (let i = 0; i < 10; ++i) keep.push(new (class Fast extends Map {})([[i, i]]));
  )");
  const Census after = vm.census();
  EXPECT_EQ(count(after, Kind::object, "Order"), 101u) << "and the prototype of Rush";
  EXPECT_EQ(count(after, Kind::object, "Rush"), 50u);
  EXPECT_EQ(count(after, Kind::object, "Old"), 25u);
  EXPECT_EQ(count(after, Kind::object, "Fast"), 10u);
  EXPECT_EQ(count(after, Kind::object, "Array"), count(before, Kind::object, "Array") + 151);
  EXPECT_GE(bytes(after, Kind::object, "Order"), 100u * (56 + 16));
}

// A name is read where it is: getters, proxies and patched methods stay untouched.
TEST(Census, RunsNothing) {
  VM vm;
  vm.eval(R"(
    globalThis.ran = 0;
    class Liar { static get name() { ++ran; return "x" } }
    Object.defineProperty(Liar.prototype, "constructor", {get() { ++ran; return Liar }});
    const traps = {get() { ++ran }, getPrototypeOf() { ++ran; return null }};
    globalThis.keep = [new Liar(), new Proxy(new Liar(), traps)];
    Object.defineProperty(Object.prototype, "constructor", {get() { ++ran; return Array }});
    Map.prototype.get = () => { ++ran };
    setTimeout(() => { ++ran }, 0);
    Promise.resolve().then(() => { ++ran });
    globalThis.registry = new FinalizationRegistry(() => { ++ran });
    registry.register({}, 1);
  )");
  VM asleep{Host(), vm.snapshot()};
  EXPECT_TRUE(asleep.census().is_whole);
  EXPECT_EQ(asleep.waits().ready_jobs, 2u);
  asleep.global_names();
  EXPECT_EQ(asleep.eval("ran").as<int>(), 0);
}

// D7: looked at, a sleeper is the same to the last byte.
TEST(Census, ChangesNothing) {
  VM vm;
  vm.eval("globalThis.a = [1, 'two', {three: 3}]; quiesce.call('x', 1).then(() => a); 0");
  const Snapshot before = vm.snapshot();
  vm.census();
  vm.waits();
  vm.global_names();
  EXPECT_EQ(vm.snapshot().content_digest(), before.content_digest());
  VM asleep{Host(), before};
  asleep.census();
  asleep.waits();
  EXPECT_EQ(asleep.snapshot().content_digest(), before.content_digest());
}

TEST(Census, CountsStringsCodeBuffersAndFrames) {
  VM vm;
  const Census before = vm.census();
  vm.eval(
      "globalThis.a = Array.from({length: 500}, (_, i) => 'string no ' + i); "
      "globalThis.b = new ArrayBuffer(300000); globalThis.n = 7n ** 99n");
  vm.eval("async function wait() { await quiesce.call('c') }; for (let i = 0; i < 40; ++i) wait()",
          {.file_name = "wait.js"});
  const Census after = vm.census();
  EXPECT_GE(count(after, Kind::string), count(before, Kind::string) + 500);
  EXPECT_LE(count(after, Kind::string), count(before, Kind::string) + 560);
  EXPECT_GE(bytes(after, Kind::object, "ArrayBuffer"), 300000u);
  EXPECT_EQ(count(after, Kind::bigint), count(before, Kind::bigint) + 1);
  EXPECT_EQ(count(after, Kind::frame, "wait"), 40u);
  EXPECT_EQ(count(after, Kind::code, "wait.js"), 1u) << "the script itself is through";
  EXPECT_GE(bytes(after, Kind::table), 40u * 64);
}

TEST(Census, CountsFilesAndModules) {
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
      [](VM&, const ModuleKey&) { return std::optional(ModuleSource{"export const a = 1", {}}); });
  VM vm(host);
  vm.files().write("/big", std::string(100000, 'x'));
  vm.run(vm.eval("import('m')"));
  const Census census = vm.census();
  EXPECT_EQ(count(census, Kind::file), 1u);
  EXPECT_GE(bytes(census, Kind::file), 100000u);
  EXPECT_EQ(count(census, Kind::module, "m"), 1u);
  EXPECT_GT(bytes(census, Kind::code, "m"), 0u);
}

TEST(Census, SaysWhatIsFreeAndWhere) {
  VM vm;
  vm.eval("globalThis.kept = []; for (let i = 0; i < 200; ++i) kept.push(new Uint8Array(20000))");
  const Census full = vm.census();
  vm.eval("kept = kept.filter((_, i) => i % 2); 0");
  const Census half = vm.census();
  EXPECT_GE(half.free_large_bytes, full.free_large_bytes + 100u * 20000);
  EXPECT_EQ(half.linear_bytes, full.linear_bytes);
  const auto free = std::ranges::count(half.pages, Census::Page::free);
  EXPECT_GE(free, 100 * 3);
  EXPECT_GT(std::ranges::count(half.pages, Census::Page::base), 0);
  EXPECT_GT(std::ranges::count(half.pages, Census::Page::changed), 0);
  EXPECT_GT(std::ranges::count(half.pages, Census::Page::zero), 0);
}

// Built deep on purpose: nothing here may go as deep as the program wants.
TEST(Census, IsNotImpressedByDepth) {
  VM vm;
  vm.eval(R"(
    globalThis.deep = null; for (let i = 0; i < 100000; ++i) deep = {deep};
    globalThis.rope = 'x';
    for (let i = 0; i < 100000; ++i) rope = 'some text that is long enough ' + rope;
    globalThis.proto = {}; for (let i = 0; i < 1000; ++i) proto = Object.create(proto);
    globalThis.names = [];
    for (let i = 0; i < 12000; ++i) names.push(new (eval(`(class C${i} {})`))());
  )");
  const Census census = vm.census();
  EXPECT_TRUE(census.is_whole);
  EXPECT_LE(census.rows.size(), 10'050u);
  EXPECT_EQ(
      std::accumulate(census.rows.begin(), census.rows.end(), std::uint64_t{0},
                      [](std::uint64_t all, const auto& row) { return all + row.count; }) > 100000,
      true);
}

TEST(Census, CanBeAskedWhileJavaScriptRuns) {
  std::optional<VM> vm;
  std::optional<Census> seen;
  Host host;
  host.function("look", [&] { seen = vm->census(); });
  vm.emplace(host);
  vm->eval("(function f(a) { const held = [a, 'text']; look(); return () => held })(1)");
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->is_whole);
  EXPECT_LE(seen->unknown_bytes, seen->used_bytes / 20);
}

TEST(Census, ListsGlobals) {
  VM vm;
  const auto before = vm.global_names();
  EXPECT_TRUE(std::ranges::binary_search(before, "Promise"));
  vm.eval("var one = 1; let two = 2; globalThis.three = 3");
  const auto after = vm.global_names();
  EXPECT_EQ(after.size(), before.size() + 3);
  for (const char* name : {"one", "two", "three"})
    EXPECT_TRUE(std::ranges::binary_search(after, name)) << name;
}

}  // namespace
}  // namespace quiesce
