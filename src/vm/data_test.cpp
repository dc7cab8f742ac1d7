// A13, C17: graphs of data: no guest code runs, sizes, limits, mistakes, hostile bytes.
#include <cmath>
#include <cstring>

#include "vm/data_form.hpp"
#include "vm/data_testing.hpp"

namespace quiesce {
namespace {

using Kind = Data::Kind;

// ---- guest code does not run --------------------------------------------------------------------

TEST_F(DataTest, DumpingRunsNoGuestCode) {  // C17
  vm.eval(R"(
    var ran = 0;
    const trap = new Proxy({}, {get() { return () => { ran++; throw 1; }; }});
    const traps = {};
    for (const name of Reflect.ownKeys(Reflect)) traps[name] = () => { ran++; throw 1; };
    const e = new Error('x');
    Object.defineProperty(e, 'message', {get() { ran++; }});
    Object.defineProperty(e, 'own', {get() { ran++; }, enumerable: true});
    Object.prototype.toJSON = () => { ran++; };
    Map.prototype[Symbol.iterator] = Set.prototype.forEach = () => { ran++; };
    Object.defineProperty(Object.prototype, 'x', {get() { ran++; }, set() { ran++; }});
    Object.defineProperty(Array.prototype, 5, {get() { ran++; }, set() { ran++; }});
    Date.prototype.getTime = Date.prototype.valueOf = () => { ran++; };
    Object.defineProperty(RegExp.prototype, 'flags', {get() { ran++; }});
    globalThis.all = {get getter() { ran++; throw 1; }, set setter(v) { ran++; },
      get both() { ran++; }, set both(v) { ran++; }, p: new Proxy({}, traps),
      list: Object.defineProperty([1, 2, 3], 1, {get() { ran++; }}),
      m: new Map([[1, 2]]), s: new Set([1]), d: new Date(5), r: /x/g, e,
      then: {get then() { ran++; }}};
  )");
  const Data data = vm.eval("all").as<Data>();
  EXPECT_EQ(data["getter"].kind(), Kind::accessor);
  EXPECT_TRUE(data["getter"].accessor().has_getter);
  EXPECT_FALSE(data["getter"].accessor().has_setter);
  EXPECT_TRUE(data["setter"].accessor().has_setter);
  EXPECT_TRUE(data["both"].accessor().has_getter && data["both"].accessor().has_setter);
  EXPECT_EQ(data["p"].kind(), Kind::proxy);
  EXPECT_EQ(data["list"][1].kind(), Kind::accessor);
  EXPECT_EQ(data["e"]["own"].kind(), Kind::accessor);
  EXPECT_FALSE(data["e"].error().message);
  EXPECT_EQ(vm.eval("ran").as<int>(), 0);
  // Nor does anything on the way in.
  data.remove("getter"), data.remove("setter"), data.remove("both"), data.remove("p");
  data["list"].set(1, 7), data["e"].remove("own"), data["then"].remove("then");
  data.set("x", 1);
  data.set("q", Data::resolved(data));
  data.set("long", Data::array({1, 2, 3, 4, 5, 6, 7}));
  const Value made = vm.value(data);
  EXPECT_EQ(vm.eval("ran").as<int>(), 0);
  EXPECT_EQ(made.as<Data>()["long"][5].as<int>(), 6);
}

TEST_F(DataTest, AccessorsAndProxiesAreRefusedOnTheWayIn) {  // C17
  EXPECT_EQ(refusal_of([&] { vm.value(dumped("({a: {get b() {}}})")); }).substr(0, 6), "$.a.b ");
  EXPECT_EQ(refusal_of([&] { vm.value(dumped("[new Proxy({}, {})]")); }).substr(0, 5), "$[0] ");
}

TEST_F(DataTest, GettersAndProxiesRunWhenAskedTo) {  // C17
  const DumpOptions run{.accessors = Accessors::run, .proxies = Proxies::run};
  const Value value = vm.eval(R"(
    var log = [];
    ({
      get a() { log.push('a'); delete this.z; return {get b() { log.push('b'); return 1; }}; },
      p: new Proxy({n: 1}, {get(t, k) { log.push('get ' + k); return t[k] + 1; }}),
      l: new Proxy([1, 2], {}),
      z: 1,
      set only(v) {},
    }))");
  const Data data = dump(value, run);
  EXPECT_EQ(data, Data::object({{"a", Data::object({{"b", 1}})},
                                {"p", Data::object({{"n", 2}})},
                                {"l", Data::array({1, 2})},
                                {"only", Data()}}));
  EXPECT_EQ(vm.eval("log.join()").as<std::string>(), "a,b,get n");
  EXPECT_THROW(dump(vm.eval("({get x() { throw new TypeError('mine'); }})"), run), JSError);
  EXPECT_THROW(dump(vm.eval("new Proxy({a: 1}, {ownKeys() { throw 1; }})"), run), JSError);
  // What getters do to the objects that are being read must not matter.
  const Value hostile = vm.eval(R"(
    const list = [1, {get x() { list.length = 0; for (const k in o) delete o[k]; gc(); return 1; }},
                  {s: 'x'.repeat(100) + Math.random()}, {y: [new Date(1)]}];
    const o = {list, a: {b: 'q'.repeat(100) + Math.random()}, c: list};
    function gc() { for (let i = 0; i < 1000; i++) ({a: i, b: [i], c: 'y'.repeat(99) + i}); }
    o)");
  const Data survived = dump(hostile, run);
  EXPECT_EQ(survived["list"][1]["x"].as<int>(), 1);
  EXPECT_TRUE(survived["c"].is_same(survived["list"]));
  EXPECT_EQ(vm.value(survived).as<Data>(), survived);
}

TEST_F(DataTest, AGetterMayCallTheHostThatDumps) {
  Host host;
  host.function("size_of", [](const Data& data) { return static_cast<double>(data.size()); })
      .function("twice", [](const Data& data) { return Data::array({data, data}); });
  VM other{host};
  const Data data = dump(other.eval("({get n() { return size_of([1, 2, 3]); }, m: 1})"),
                         {.accessors = Accessors::run});
  EXPECT_EQ(data, Data::object({{"n", 3}, {"m", 1}}));
  EXPECT_TRUE(other.eval("const t = twice({a: 1}); t[0] === t[1] && t[0].a === 1").as<bool>());
  EXPECT_EQ(other.eval("try { twice(new WeakMap()) } catch (e) { e.message }").as<std::string>(),
            "$ has no data form, for its class is WeakMap");
}

// ---- size ---------------------------------------------------------------------------------------

TEST_F(DataTest, AMillionLevelsDeep) {
  vm.set_limits({.memory_bytes_max = 1u << 30});
  const Value deep =
      vm.eval("let d = {end: true}; for (let i = 0; i < 1e6; i++) d = i % 2 ? {d} : [d]; d");
  const Data data = deep.as<Data>();
  EXPECT_EQ(data, data.clone());
  EXPECT_FALSE(data.inspect().empty());
  vm.global().set("back", data);
  EXPECT_EQ(vm.eval("let n = 0; for (let b = back; !b.end; b = b.d ?? b[0]) n++; n").as<int>(),
            1000000);
  EXPECT_EQ(refusal_of([&] {
              dumped("let w = new WeakMap(); for (let i = 0; i < 1e5; i++) w = [w]; w");
            }).substr(0, 7),
            "$...[0]");
}

TEST_F(DataTest, WideArraysAndManyShapes) {
  expect_round_trip("Array.from({length: 100000}, (_, i) => i * 1.5)");
  expect_round_trip("Array.from({length: 2000}, (_, i) => ({['k' + i]: i, same: 'x' + i}))");
  expect_round_trip(
      "const o = {}; for (let i = 0; i < 5000; i++) o['key' + i] = i; delete o.key7; "
      "o.key7 = 1; [o, {...o}]");
  const Data wide = dumped("o");
  EXPECT_EQ(wide["key4999"].as<int>(), 4999);
  EXPECT_EQ(wide.size(), 5000u);
  expect_round_trip("const n = {}; for (let i = 300; i > 0; i--) n[i * 7] = i; n");
}

TEST_F(DataTest, ALongTextThatIsNamedOftenIsKeptOnce) {
  const Data data = dumped(
      "const s = 'x'.repeat(1 << 20); Array.from({length: 2000}, () => s)");  // 2 GB written out
  EXPECT_EQ(data.size(), 2000u);
  EXPECT_EQ(data[0].text().data(), data[1999].text().data());
  EXPECT_TRUE(holds(data, "x.length === 2000 && x[1999].length === 1 << 20"));
}

TEST_F(DataTest, BytesMaxIsKept) {
  const Value value = vm.eval("Array.from({length: 1000}, (_, i) => ({i, text: 'number ' + i}))");
  EXPECT_EQ(code_of([&] { dump(value, {.bytes_max = 10000}); }), Errc::limit);
  EXPECT_EQ(code_of([&] { dump(value, {.bytes_max = 100000}); }), Errc::limit);
  EXPECT_EQ(dump(value, {.bytes_max = 1u << 20}).size(), 1000u);
  EXPECT_EQ(code_of([&] { dump(vm.eval("new Uint8Array(1 << 20)"), {.bytes_max = 100000}); }),
            Errc::limit);
}

TEST_F(DataTest, AHundredMegabytesEachWay) {
  VM large{Host(), {.memory_bytes_max = 1u << 30}};
  const Value buffer = large.eval("const big = new Uint8Array(100 << 20); big[1000000] = 7; big");
  const Data data = buffer.as<Data>();
  EXPECT_EQ(data.bytes()[1000000], std::byte{7});
  large.global().set("again", data);
  EXPECT_TRUE(large.eval("again.length === 100 << 20 && again[1000000] === 7").as<bool>());
  // In a VM that has no room for them: an error that says so.
  try {
    vm.set_limits({.memory_bytes_max = 64u << 20});
    vm.value(data);
    ADD_FAILURE() << "it cannot have fitted";
  } catch (const Error& error) {
    EXPECT_EQ(error.limit(), Limit::memory) << error.what();
  }
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

// ---- limits and mistakes ------------------------------------------------------------------------

TEST_F(DataTest, OutOfMemoryInTheMiddleLeavesAUsableVm) {  // A15
  vm.eval(
      "const data = Array.from({length: 3000}, (_, i) => ({i, t: 'text' + i, l: [i], m: new "
      "Map([[i, 'x'.repeat(i % 90)]])}))");
  const Value value = vm.eval("data");
  const Data data = value.as<Data>();
  const std::uint64_t used = vm.memory_usage().used_bytes;
  int failed = 0;
  for (std::uint64_t room = 0; room < (1u << 20); room += 9973) {
    vm.set_limits({.memory_bytes_max = used + 4096 + room});
    for (const bool is_out : {true, false}) {
      try {
        if (is_out) {
          EXPECT_EQ(value.as<Data>().size(), 3000u);
        } else {
          vm.value(data);
        }
      } catch (const Error& error) {
        ++failed;
        const bool is_memory =
            error.limit() == Limit::memory || std::strstr(error.what(), "out of memory") != nullptr;
        EXPECT_TRUE(is_memory) << error.what();
      }
    }
    EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
  }
  EXPECT_GT(failed, 10);
  vm.set_limits({});
  EXPECT_EQ(vm.value(data).as<Data>(), data);
}

TEST_F(DataTest, AGraphWithoutEndIsStopped) {  // A16
  VM timed{Host(), {.time_max = std::chrono::milliseconds(200)}};
  const Value endless = timed.eval(
      "({get next() { return Object.create(null, "
      "Object.getOwnPropertyDescriptors(this)); }})");
  EXPECT_EQ(code_of([&] { dump(endless, {.accessors = Accessors::run}); }), Errc::limit);
  EXPECT_EQ(timed.eval("1 + 1").as<int>(), 2);
}

TEST_F(DataTest, DeadAndOtherVms) {
  Value value;
  Data data;
  {
    VM short_lived;
    value = short_lived.eval("({a: [1]})");
    data = value.as<Data>();
  }
  EXPECT_EQ(code_of([&] { value.as<Data>(); }), Errc::dead_vm);
  EXPECT_EQ(data["a"][0].as<int>(), 1);  // it belongs to no VM
  EXPECT_TRUE(holds(data, "x.a[0] === 1"));
}

TEST(Data, GraphsAreJoinedAndFreedTogether) {
  Data inner;
  {
    const Data outer = Data::object({{"inner", Data::object({{"n", 1}})}});
    inner = outer["inner"];
    inner.set("outer", outer);
  }
  EXPECT_EQ(inner["outer"]["inner"]["n"].as<int>(), 1);
  std::vector<Data> parts;
  for (int i = 0; i < 100; ++i) parts.push_back(Data::object({{"i", i}}));
  for (std::size_t i = 1; i < parts.size(); ++i) parts[i].set("before", parts[i - 1]);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].set("last", parts.back());
  EXPECT_EQ(parts[0]["last"]["before"]["i"].as<int>(), 98);
  const Data copy = parts[0].clone();
  parts[0].set("i", "changed");
  EXPECT_EQ(copy["i"].as<int>(), 0);
}

TEST(Data, EqualityLooksAtStructure) {
  const auto object = [] { return Data::object({{"a", 1}, {"b", Data::array({2, "x"})}}); };
  EXPECT_EQ(object(), object());
  EXPECT_EQ(object(), Data::object({{"b", Data::array({2, "x"})}, {"a", 1}}));
  EXPECT_NE(object(), Data::object({{"a", 1}}));
  EXPECT_NE(Data::array({1}), Data::set({1}));
  EXPECT_NE(Data::object({{"a", Data()}}), Data::object({{"b", Data()}}));
  EXPECT_EQ(Data(std::nan("")), Data(std::nan("1")));
  EXPECT_NE(Data("1"), Data(1));
  EXPECT_NE(Data::map({{1, 2}}), Data::map({{1, 3}}));
  EXPECT_NE(Data::date(1), Data::date(2));
  EXPECT_NE(Data::error("Error", "a"), Data::error("Error", "b"));
  const auto circle = [](int n) {
    const Data a = Data::object({{"n", n}});
    a.set("next", Data::object({{"n", n}, {"next", a}}));
    return a;
  };
  EXPECT_EQ(circle(1), circle(1));
  EXPECT_NE(circle(1), circle(2));
  EXPECT_EQ(circle(1).inspect().substr(0, 30), R"({"n": 1, "next": {"n": 1, "nex)");
}

TEST(Data, PropertiesChangeAndGo) {
  const Data data = Data::object();
  for (int i = 0; i < 30; ++i) data.set("k" + std::to_string(i), i);
  EXPECT_TRUE(data.remove("k3"));
  EXPECT_FALSE(data.remove("k3"));
  EXPECT_EQ(data.size(), 29u);
  EXPECT_EQ(data["k4"].as<int>(), 4);
  EXPECT_EQ(data["k29"].as<int>(), 29);
  data.set("k4", "four");
  EXPECT_EQ(data["k4"].text(), "four");
  const Data copy = data.clone();
  copy.set("new", 1);
  EXPECT_FALSE(data.has("new"));
  const auto all = data.as<std::map<std::string, Data>>();
  EXPECT_EQ(all.size(), 29u);
  EXPECT_EQ(Data::array({1, 2}).as<std::vector<double>>(), (std::vector<double>{1, 2}));
  EXPECT_EQ(code_of([] { Data(1).push(1); }), Errc::type_mismatch);
  EXPECT_EQ(code_of([] { Data::object().set("\xC0", 1); }), Errc::encoding);
  EXPECT_EQ(code_of([] { return Data::array()[-1]; }), Errc::invalid_argument);
  const std::string seen = Data::array({1, "a"}).visit([](const auto& value) -> std::string {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Data>) return "object";
    return "primitive";
  });
  EXPECT_EQ(seen, "object");
}

// ---- bytes from a guest that was tampered with -------------------------------------------------

TEST(DataForm, HostileBytesAreRefused) {
  const auto decode = [](std::initializer_list<int> bytes) {
    const std::vector<std::byte> form = bytes_of(bytes);
    return detail::decode_form(form, form, 1u << 20);
  };
  EXPECT_EQ(decode({131}).as<int>(), 3);
  const std::initializer_list<int> kBad[] = {
      {},
      {4},                                    // a hole alone
      {5, 1, 2},                              // cut off
      {7, 200, 1, 'a'},                       // fewer units than said
      {7, 255, 255, 255, 255, 127},           // a count of more than 32 bits
      {9, 255, 255, 255, 255, 255, 0, 0, 0},  // outside of the memory
      {11, 0},                                // a string that was not there
      {12, 0},                                // a bigint without words
      {14, 0},                                // an object that was not there
      {15, 99},                               // no such kind
      {15, 0, 1},                             // a layout that was not there
      {15, 0, 0, 100},                        // more names than bytes
      {15, 0, 0, 1, 5},                       // a name that was not there
      {15, 1, 0, 1, 129, 0},                  // more elements than the array is long
      {15, 1, 129, 128, 255, 255, 255, 127},  // elements that are not there
      {15, 8, 1, 5, 2, 1, 2, 3, 4, 5},        // larger than it may be
      {15, 9, 16, 0, 15, 9, 0},               // a view of a view
      {15, 9, 16, 0, 14, 0, 0, 0},            // a view of nothing
      {15, 9, 2, 0, 15, 8, 0, 0, 0, 0},       // a view that is an array
      {15, 10, 15, 10, 129},                  // a box in a box
      {15, 10, 0},                            // a box around undefined
      {15, 5, 7, 0},                          // no such state
      {15, 4, 0, 1, 129, 0},                  // a name that is a number
      {16, 1},                                // an accessor alone
      {129, 129},                             // bytes behind the end
  };
  for (const auto& bad : kBad) {
    EXPECT_THROW(decode(bad), detail::MalformedForm) << testing::PrintToString(bytes_of(bad));
  }
}

TEST(DataForm, AViewMayLieOnlyToItself) {
  // Offset and length far beyond the buffer.
  const auto form = bytes_of({15, 9, 16, 0, 15, 8, 0, 2, 1, 2, 255, 255, 3, 255, 255, 3});
  const Data view = detail::decode_form(form, {}, 1u << 20);
  EXPECT_EQ(view.size(), 0u);
  EXPECT_TRUE(view.bytes().empty());
  EXPECT_EQ(code_of([&] { detail::encode_form(view); }), Errc::not_cloneable);
}

}  // namespace
}  // namespace quiesce
