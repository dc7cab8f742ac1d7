// What other embeddings of QuickJS offer, and what went wrong in them: one test for each, named by
// its id in docs/features.md. They go through the public interface alone; the details have tests of
// their own beside the sources.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

using namespace std::chrono_literals;

Errc code_of(auto&& f) {
  const auto result = attempt(f);
  EXPECT_FALSE(result) << "nothing was thrown";
  return result ? Errc::resources : result.error().code();
}

Host deterministic_host() {
  Host host;
  host.clock(fixed_clock(Time(1'000'000s))).entropy(seeded_entropy(7));
  return host;
}

// ---- features -----------------------------------------------------------------------------------

TEST(Parity, A1_VMsAreMadeAndDisposedOf) {
  for (int i = 0; i < 200; ++i) {
    VM vm;
    vm.eval("globalThis.x = 1");
    EXPECT_EQ(VM().eval("typeof x").as<std::string>(), "undefined");
  }
}

TEST(Parity, A2_EvalHasFileNameCompletionValueAndErrors) {
  VM vm;
  EXPECT_EQ(vm.eval("1; 2; if (true) 40 + 2").as<int>(), 42);
  try {
    vm.eval("\n  null.x", {.file_name = "rules.js"});
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.name(), "TypeError");
    EXPECT_NE(error.stack().find("rules.js:2"), std::string::npos) << error.stack();
  }
  try {
    vm.eval("let = ;", {.file_name = "broken.js"});
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.name(), "SyntaxError");
    EXPECT_NE(error.stack().find("broken.js:1"), std::string::npos) << error.stack();
  }
}

TEST(Parity, A3_EvalFlags) {
  VM vm;
  EXPECT_TRUE(vm.eval("(function () { return this })()").is_object());
  EXPECT_TRUE(vm.eval("(function () { return this })()", {.strict = true}).is_undefined());
  const Value later = vm.eval("await null; 7", {.type = SourceType::async_script});
  EXPECT_EQ(vm.run(later)->as<int>(), 7);
  const Value module = vm.eval("export const x = await 8", {.type = SourceType::module});
  EXPECT_EQ(vm.run(module)->get("x").as<int>(), 8);
}

TEST(Parity, A4_EveryKindOfValueIsMade) {
  VM vm;
  const Value tell =
      vm.eval("x => x === null ? 'null' : typeof x === 'object' ? x.constructor.name : typeof x");
  const auto kind = [&](const Value& value) { return tell(value).as<std::string>(); };
  EXPECT_EQ(kind(Value()), "undefined");
  EXPECT_EQ(kind(nullptr), "null");
  EXPECT_EQ(kind(true), "boolean");
  EXPECT_EQ(kind(1.5), "number");
  EXPECT_EQ(kind(vm.string("text")), "string");
  EXPECT_EQ(kind(vm.bigint({"12345678901234567890123"})), "bigint");
  EXPECT_EQ(kind(vm.object()), "Object");
  EXPECT_EQ(kind(vm.array()), "Array");
  EXPECT_EQ(kind(vm.symbol("local")), "symbol");
  EXPECT_TRUE(vm.global_symbol("app").strictly_equals(vm.eval("Symbol.for('app')")));
  EXPECT_FALSE(vm.symbol("app").strictly_equals(vm.eval("Symbol.for('app')")));
  const std::vector<std::byte> bytes(16);
  EXPECT_EQ(kind(vm.array_buffer(bytes)), "ArrayBuffer");
  const std::pair<Class, const char*> arrays[] = {{Class::uint8_clamped_array, "Uint8ClampedArray"},
                                                  {Class::int8_array, "Int8Array"},
                                                  {Class::uint8_array, "Uint8Array"},
                                                  {Class::int16_array, "Int16Array"},
                                                  {Class::uint16_array, "Uint16Array"},
                                                  {Class::int32_array, "Int32Array"},
                                                  {Class::uint32_array, "Uint32Array"},
                                                  {Class::bigint64_array, "BigInt64Array"},
                                                  {Class::biguint64_array, "BigUint64Array"},
                                                  {Class::float16_array, "Float16Array"},
                                                  {Class::float32_array, "Float32Array"},
                                                  {Class::float64_array, "Float64Array"}};
  for (const auto& [type, name] : arrays) EXPECT_EQ(kind(vm.typed_array(type, bytes)), name);
  EXPECT_EQ(kind(vm.error("RangeError", "too far")), "RangeError");
}

TEST(Parity, A5_ValuesAreRead) {
  VM vm;
  EXPECT_EQ(vm.eval("1.5").as<double>(), 1.5);
  EXPECT_EQ(vm.eval("'text'").as<std::string>(), "text");
  EXPECT_EQ(vm.eval("-5n").as<BigInt>().digits, "-5");
  EXPECT_TRUE(vm.eval("true").as<bool>());
  EXPECT_EQ(vm.eval("new Uint8Array([1, 2])").as<std::vector<std::byte>>(),
            (std::vector{std::byte{1}, std::byte{2}}));
}

TEST(Parity, A6_PropertiesByNameSymbolAndIndex) {
  VM vm;
  const Value object = vm.object();
  const Value symbol = vm.symbol("s");
  object.set("name", 1);
  object.set(symbol, 2);
  object.set(3, 3);
  object.define("fixed", 4, {.enumerable = false});
  object.define_accessor("twice", vm.eval("(function () { return this.name * 2 })"), Value(),
                         {.enumerable = true});
  EXPECT_EQ(object["name"].as<int>() + object[symbol].as<int>() + object[3].as<int>(), 6);
  EXPECT_EQ(object["twice"].as<int>(), 2);
  EXPECT_TRUE(object.has("fixed"));
  EXPECT_FALSE(object.remove("fixed"));
  EXPECT_TRUE(object.remove("name"));
  EXPECT_FALSE(object.has("name"));
  EXPECT_EQ(object.keys().size(), 2u);
  EXPECT_EQ(object.keys(Keys::all).size(), 4u);
  EXPECT_EQ(object.keys(Keys::symbols).size(), 1u);
}

TEST(Parity, A7_FunctionsAreCalledAndConstructed) {
  VM vm;
  const Value join = vm.eval("(function (...rest) { return [this.p, ...rest].join() })");
  const Value self = vm.eval("({p: 'self'})");
  EXPECT_EQ(join.call(self, {1, 2}).as<std::string>(), "self,1,2");
  EXPECT_EQ(vm.eval("Date").construct(0).invoke("getTime").as<int>(), 0);
}

TEST(Parity, A8_HostFunctions) {
  Host host;
  host.function("describe",
                [](Call& call) {
                  return call.self()["tag"].as<std::string>() + ":" +
                         std::to_string(call.argument_count());
                })
      .function("fail", []() -> double { throw Error(Errc::invalid_argument, "not today"); });
  VM vm{host};
  EXPECT_EQ(vm.eval("({tag: 'x', describe}).describe(1, 2, 3)").as<std::string>(), "x:3");
  EXPECT_EQ(
      vm.eval("try { fail() } catch (e) { e instanceof Error && e.message }").as<std::string>(),
      "not today");
}

TEST(Parity, A9_A10_A11_PromisesOfHostAndGuest) {
  Host host;
  host.function("later", [](Call& call) { return call.vm().defer("later"); });
  VM vm{host};
  const Value promise = vm.eval("later().then(x => x + 1)");
  EXPECT_EQ(promise.promise_state(), PromiseState::pending);
  EXPECT_FALSE(vm.run(promise));
  vm.deferred(vm.pending_calls().at(0).id)->resolve(41);
  EXPECT_TRUE(vm.job_ready());
  vm.run_until_idle();
  EXPECT_EQ(promise.promise_state(), PromiseState::fulfilled);
  EXPECT_EQ(promise.promise_result().as<int>(), 42);
}

TEST(Parity, A12_UnhandledRejectionsAreReported) {
  VM vm;
  const Value ignored =
      vm.eval("Promise.reject(new Error('lost')); Promise.reject(1).catch(() => 0)");
  vm.run_until_idle();
  const auto rejections = vm.take_unhandled_rejections();
  ASSERT_EQ(rejections.size(), 1u);
  EXPECT_EQ(rejections[0].reason["message"].as<std::string>(), "lost");
}

TEST(Parity, A14_EqualProgramsInEqualWorldsAreEqual) {
  const auto run = [] {
    VM vm{deterministic_host()};
    return vm.eval("[Date.now(), Math.random(), Math.random()].join()").as<std::string>();
  };
  EXPECT_EQ(run(), run());
}

TEST(Parity, A15_OutOfMemoryIsCaughtAndTheVMGoesOn) {
  VM vm{{}, {.memory_bytes_max = 4u << 20}};
  EXPECT_EQ(vm.eval("try { const a = []; for (;;) a.push(new Array(1000).fill(0)) }"
                    "catch (e) { e.name + ': ' + e.message }")
                .as<std::string>(),
            "InternalError: out of memory");
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST(Parity, A16_EndlessLoopsAndRegularExpressionsEnd) {
  VM vm{{}, {.time_max = 50ms}};
  for (const char* endless :
       {"for (;;) { try { for (;;); } catch {} }", "/(a*)*b/.test('a'.repeat(40))"}) {
    EXPECT_EQ(code_of([&] { vm.eval(endless); }), Errc::limit) << endless;
    EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
  }
}

TEST(Parity, A17_DeepRecursionIsCaught) {
  VM vm{{}, {.stack_bytes_max = 64u << 10}};
  EXPECT_EQ(vm.eval("(function f() { try { return f() } catch (e) { return e.name } })()")
                .as<std::string>(),
            "RangeError");
}

TEST(Parity, A18_A19_AVMSleepsAsBytesAndFindsItsHostFunctions) {
  Host host;
  host.function("greet", [](const std::string& who) { return "hello " + who; });
  std::vector<std::byte> bytes;
  {
    VM vm{host};
    const Value waiting = vm.eval("(async () => greet(await quiesce.call('ask')))()");
    EXPECT_FALSE(vm.run(waiting));
    vm.keep("waiting", waiting);
    bytes = vm.snapshot().to_bytes();
  }
  VM again{host, Snapshot::from_bytes(bytes)};
  again.deferred(again.pending_calls().at(0).id)->resolve("you");
  EXPECT_EQ(again.run(*again.kept("waiting"))->as<std::string>(), "hello you");
}

// ---- defects ------------------------------------------------------------------------------------

TEST(Parity, C1_IdsAreNotUsedAgainAfterARestore) {
  VM vm;
  const std::uint64_t old = vm.defer("first").id();
  const Snapshot asleep = vm.snapshot();
  VM again{{}, asleep};
  again.deferred(old)->resolve(1);
  const Deferred fresh = again.defer("second");
  EXPECT_NE(fresh.id(), old);
  EXPECT_FALSE(again.deferred(old));
  again.run_until_idle();
  EXPECT_EQ(fresh.promise().promise_state(), PromiseState::pending);
}

TEST(Parity, C2_StackOverflowsLeaveNoTrace) {
  Host host;
  host.function("through", [](Value f) { return f(); });
  VM vm{host};
  for (int i = 0; i < 20; ++i) {
    EXPECT_THROW(vm.eval("(function f() { return through(f) })()"), JSError);
    EXPECT_EQ(vm.eval("[1, 2, 3].map(x => x * 2).join()").as<std::string>(), "2,4,6");
  }
}

TEST(Parity, C3_DeepNestingIsCaughtEverywhere) {
  VM vm;
  for (const char* deep : {
           "JSON.parse('['.repeat(100000))",
           "eval('['.repeat(100000))",
           "eval('('.repeat(100000))",
           "new RegExp('('.repeat(100000))",
           "let a = []; for (let i = 0; i < 100000; i++) a = [a]; JSON.stringify(a)",
           "let b = []; for (let i = 0; i < 100000; i++) b = [b]; String(b)",
       }) {
    EXPECT_EQ(code_of([&] { vm.eval(deep); }), Errc::javascript) << deep;
    EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2) << deep;
  }
}

TEST(Parity, C4_AFlippedBitIsFound) {
  VM vm;
  auto bytes = vm.snapshot().to_bytes();
  bytes[bytes.size() / 2] ^= std::byte{4};
  EXPECT_EQ(code_of([&] { Snapshot::from_bytes(bytes); }), Errc::snapshot);
}

TEST(Parity, C5_BigintsKeepAllTheirDigits) {
  VM vm;
  const std::string digits(5000, '7');
  EXPECT_EQ(vm.bigint({digits}).as<BigInt>().digits, digits);
  EXPECT_EQ(vm.eval("2n ** 200n").as<BigInt>().digits,
            "1606938044258990275541962092341162602522202993782792835301376");
}

TEST(Parity, C6_ClassesAreToldApart) {
  VM vm;
  EXPECT_EQ(vm.eval("new Int8Array(1)").object_class(), Class::int8_array);
  EXPECT_EQ(vm.eval("new Uint8Array(1)").object_class(), Class::uint8_array);
  EXPECT_EQ(vm.eval("new Float32Array(1)").object_class(), Class::float32_array);
  EXPECT_EQ(vm.eval("new Uint32Array(1)").object_class(), Class::uint32_array);
  EXPECT_EQ(vm.eval("new Map").object_class(), Class::map);
  EXPECT_EQ(vm.eval("new Set").object_class(), Class::set);
  EXPECT_EQ(vm.eval("new Date(0)").object_class(), Class::date);
  EXPECT_EQ(vm.eval("/x/").object_class(), Class::regexp);
}

TEST(Parity, C7_ExceptionsAreNotSwallowed) {
  VM vm;
  const Value object = vm.eval(
      "Object.freeze({get got() { throw new RangeError('get') }, set put(v) { throw v }, x: 1})");
  EXPECT_THROW(object.get("got"), JSError);
  EXPECT_THROW(object.set("put", 1), JSError);
  EXPECT_THROW(object.set("x", 2), JSError);
  EXPECT_THROW(object.set("y", 2), JSError);
  EXPECT_EQ(object["x"].as<int>(), 1);
  VM small{{}, {.memory_bytes_max = 1u << 20}};
  EXPECT_TRUE(attempt([&] { small.string(std::string(2u << 20, 'x')); }).has_value() == false);
}

TEST(Parity, C8_UseAfterTheEndIsAnError) {
  Value survivor;
  {
    VM vm;
    survivor = vm.eval("({x: 1})");
    VM other;
    EXPECT_EQ(code_of([&] { other.keep("x", survivor); }), Errc::foreign_value);
    const Deferred once = vm.defer("once");
    once.resolve(1);
    EXPECT_EQ(code_of([&] { once.resolve(2); }), Errc::unknown_call);
  }
  EXPECT_EQ(code_of([&] { survivor.get("x"); }), Errc::dead_vm);
}

TEST(Parity, C10_KeysWithNulAndLoneSurrogatesAreKept) {
  VM vm;
  for (const std::u16string& key :
       {std::u16string(u"a\0b", 3), std::u16string(1, u'\xDC00'), std::u16string(u"\xD800x")}) {
    const Value object = vm.object();
    object.set(vm.string(key), 1);
    EXPECT_EQ(object.keys().at(0).as<std::u16string>(), key);
  }
}

TEST(Parity, C12_ALimitBelowTheUseIsRefusedAtOnce) {
  VM vm;
  vm.eval("globalThis.big = new Uint8Array(8 << 20).fill(1)");
  const Snapshot asleep = vm.snapshot();
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1} << 20}) {
    const auto restored = attempt([&] {
      VM again{{}, asleep, {.limits = Limits{.memory_bytes_max = bytes}}};
      again.eval("1");
      return 0;
    });
    ASSERT_FALSE(restored);
    EXPECT_EQ(restored.error().code(), Errc::limit);
    EXPECT_EQ(restored.error().limit(), Limit::memory);
  }
}

TEST(Parity, C13_WhatWasFreedIsNotInTheSnapshot) {
  for (const char* allocate : {
           "for (let i = 0; i < 200000; i++) x.push({a: i, b: 's' + i})",
           "x.push(new Uint8Array(20e6).map((_, i) => i * i))",
           "x = new Map; for (let i = 0; i < 100000; i++) x.set('k' + i, [i, Math.random()])",
           "x = ''; for (let i = 0; i < 22; i++) x += Math.random() + x",
       }) {
    VM never{deterministic_host()}, freed{deterministic_host()};
    freed.eval(std::string("{ let x = []; ") + allocate + " }");
    freed.collect_garbage();
    const std::size_t least = never.snapshot().to_bytes().size();
    const std::size_t now = freed.snapshot().to_bytes().size();
    EXPECT_LT(now, least + (200u << 10)) << allocate << ": " << least << " became " << now;
  }
}

TEST(Parity, C14_ASnapshotInsideAHostCallIsRefusedAndTheScriptGoesOn) {
  Host host;
  host.function("sleep",
                [](Call& call) { EXPECT_EQ(code_of([&] { call.vm().snapshot(); }), Errc::busy); });
  VM vm{host};
  EXPECT_EQ(vm.eval("sleep(); 'and on'").as<std::string>(), "and on");
}

}  // namespace
}  // namespace quiesce
