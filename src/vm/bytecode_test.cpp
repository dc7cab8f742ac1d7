// A23: bytecode. A3: what eval can be told.
#include "quiesce/bytecode.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "snapshot/engine_parts.hpp"
#include "vm/bytecode_format.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

using namespace std::string_literals;

Bytecode through_bytes(const Bytecode& bytecode) { return Bytecode::from_bytes(bytecode.bytes()); }

TEST(Bytecode, ScriptsRunInAnotherVm) {  // A23
  VM vm;
  const Bytecode program = through_bytes(vm.compile(
      "var n = (globalThis.n ?? 40) + 1; [n, /a+/.test('caat'), `${n}`, 2n ** 70n].join()",
      {.file_name = "p.js"}));
  EXPECT_EQ(program.file_name(), "p.js");
  EXPECT_TRUE(vm.global()["n"].is_undefined());  // nothing ran
  VM other;
  EXPECT_EQ(other.run_bytecode(program).as<std::string>(), "41,true,41,1180591620717411303424");
  EXPECT_EQ(other.run_bytecode(program).as<std::string>(), "42,true,42,1180591620717411303424");
  EXPECT_EQ(vm.run_bytecode(program).as<std::string>(), "41,true,41,1180591620717411303424");
}

TEST(Bytecode, AsyncScripts) {  // A23
  VM vm;
  const Bytecode program =
      vm.compile("await null; 1 + await 2", {.type = SourceType::async_script});
  EXPECT_EQ(vm.run(vm.run_bytecode(through_bytes(program))).value().as<int>(), 3);
}

TEST(Bytecode, ModulesImportWhereTheyRun) {  // A23
  Host host;
  std::vector<ModuleRequest> requests;
  host.modules(
      [&](VM&, const ModuleRequest& request) {
        requests.push_back(request);
        return std::optional(request.specifier);
      },
      [](VM&, const ModuleKey& key) {
        return std::optional(key.attributes.empty()
                                 ? ModuleSource{"export let n = 7; export const up = () => ++n"}
                                 : ModuleSource{"[1]", ModuleSource::Format::json});
      });
  VM vm;  // has no loader: compiling needs none
  for (const Strip strip : {Strip::nothing, Strip::source, Strip::source_and_debug}) {
    const Bytecode program = through_bytes(
        vm.compile("import {n, up} from 'dep'; import list from 'dep' with {type: 'json', x: 'y'};"
                   "up(); export const f = () => import.meta.url; export {n, list};"
                   "export const late = () => import('dep')",
                   {.file_name = "m\0n"s, .type = SourceType::module, .strip = strip}));
    VM other{host};
    requests.clear();
    const Value exports = other.run(other.run_bytecode(program)).value();
    EXPECT_EQ(exports["n"].as<int>(), 8);
    EXPECT_EQ(exports["list"].to_json(), "[1]");
    EXPECT_EQ(exports["f"]().as<std::string>(), "m\0n"s);
    EXPECT_EQ(other.run(exports["late"]()).value()["n"].as<int>(), 8);
    ASSERT_EQ(requests.size(), 3u);
    EXPECT_EQ(requests[1].attributes, (ModuleAttributes{{"type", "json"}, {"x", "y"}}));
    EXPECT_EQ(requests[2].referrer, "m\0n"s);
    // A module of that name is there: this is another one.
    EXPECT_FALSE(other.run(other.run_bytecode(program)).value().strictly_equals(exports));
    EXPECT_THROW(vm.run_bytecode(program), JSError);  // no loader here
  }
}

TEST(Bytecode, WhatIsStripped) {  // A23
  VM vm;
  const std::string source = "function secret() {\n  throw new Error('x') }\nsecret";
  const auto shown = [&](Strip strip) {
    VM other;
    const Value f = other.run_bytecode(vm.compile(source, {.file_name = "s.js", .strip = strip}));
    other.global().set("f", f);
    return other.eval("try { f() } catch (e) { e.stack + f }").as<std::string>();
  };
  EXPECT_NE(shown(Strip::nothing).find("s.js:2:"), std::string::npos);
  EXPECT_NE(shown(Strip::nothing).find("throw new Error"), std::string::npos);
  EXPECT_NE(shown(Strip::source).find("s.js:2:"), std::string::npos);
  EXPECT_EQ(shown(Strip::source).find("throw new Error"), std::string::npos);
  EXPECT_EQ(shown(Strip::source_and_debug).find("s.js:2:"), std::string::npos);
  const auto size = [&](Strip strip) {
    return vm.compile(source, {.strip = strip}).bytes().size();
  };
  EXPECT_LT(size(Strip::source), size(Strip::nothing));
  EXPECT_LT(size(Strip::source_and_debug), size(Strip::source));
}

TEST(Bytecode, WhatIsWrongIsRefused) {  // A23
  VM vm;
  EXPECT_THROW(vm.compile("let 1x"), JSError);
  EXPECT_THROW(vm.compile("import {x} from", {.type = SourceType::module}), JSError);
  EXPECT_EQ(code_of([&] { vm.compile("\xff"); }), Errc::encoding);
  const Bytecode program = vm.compile("1 + 1");
  const std::vector<std::byte> bytes(program.bytes().begin(), program.bytes().end());
  EXPECT_EQ(code_of([&] { Bytecode::from_bytes({}); }), Errc::bytecode);
  EXPECT_EQ(code_of([&] { Bytecode::from_bytes(std::span(bytes).first(71)); }), Errc::bytecode);
  for (std::size_t at = 0; at < bytes.size(); ++at) {  // every bit counts
    std::vector<std::byte> damaged = bytes;
    damaged[at] ^= std::byte{4};
    EXPECT_EQ(code_of([&] { Bytecode::from_bytes(damaged); }), Errc::bytecode) << at;
  }
  try {
    std::vector<std::byte> other = bytes;
    other[9] ^= std::byte{1};
    Bytecode::from_bytes(other);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("another engine"), std::string::npos);
  }
  // Compiling leaves nothing behind.
  vm.compile("import 'x'", {.type = SourceType::module});
  vm.collect_garbage();
  const auto before = vm.memory_usage().used_bytes;
  for (int i = 0; i < 50; ++i)
    vm.compile("import 'x'; export const y = 1", {.type = SourceType::module});
  vm.collect_garbage();
  EXPECT_LE(vm.memory_usage().used_bytes, before + 16384);
}

// Forged bytecode may break the VM that runs it, and nothing else.
TEST(Bytecode, ForgedBytecodeStaysBehindTheWall) {  // A23
  VM vm;
  const Bytecode programs[] = {
      vm.compile(
          "let a = [1, 2, 3]; for (const x of a) { try { f(x) } catch { a = x => x + 'y' } }"
          "function f(x) { return x.y.z } class C extends Array { #p = 1; m() { return this.#p } }"
          "new C().m() + `t${a}` + (function* () { yield 1 })().next().value"),
      vm.compile("import x from 'y'; export const z = await x; export default class {}",
                 {.type = SourceType::module})};
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
      [](VM&, const ModuleKey&) { return std::optional(ModuleSource{"export default 1"}); });
  std::mt19937 random(20260101);
  int lost = 0, refused = 0, ran = 0;
  for (int round = 0; round < 600; ++round) {
    detail::BytecodeParts parts = detail::decode_bytecode(
        programs[round % 2].bytes(), detail::EngineParts::built_in()->digest());
    for (unsigned changes = 1 + random() % 3; changes > 0; --changes)
      parts.code[5 + random() % (parts.code.size() - 5)] = static_cast<std::byte>(random());
    // QuickJS has a checksum of its own, with a way around it.
    for (std::size_t i = 1; i < 5; ++i) parts.code[i] = std::byte{0xff};
    VM victim{host, {.memory_bytes_max = 16u << 20, .time_max = std::chrono::milliseconds(30)}};
    try {
      const Bytecode forged = Bytecode::from_bytes(detail::encode_bytecode(parts));
      const Value result = victim.run_bytecode(forged);
      victim.run_until_idle();
      victim.collect_garbage();
      ++ran;
    } catch (const Error& error) {
      ++(error.code() == Errc::poisoned ? lost : refused);
    }
  }
  EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
  EXPECT_GT(ran, 0);
  EXPECT_GT(refused, 0);
  EXPECT_GT(lost, 0) << "none of the mutations did any harm: are they read at all?";
}

TEST(EvalOptions, StrictAndSloppy) {  // A3
  VM vm;
  EXPECT_EQ(vm.eval("(function () { return typeof this })()").as<std::string>(), "object");
  EXPECT_EQ(vm.eval("(function () { return typeof this })()", {.strict = true}).as<std::string>(),
            "undefined");
}

TEST(EvalOptions, ABarrierHidesTheCallers) {  // A3
  Host host;
  bool barrier = false;
  host.function("run", [&](Call& call, const std::string& code) {
    return call.vm().eval(code, {.file_name = "inner.js", .backtrace_barrier = barrier});
  });
  VM vm{host};
  const auto stack = [&] {
    return vm
        .eval("(function outer() { return run('(() => new Error().stack)()') })()",
              {.file_name = "outer.js"})
        .as<std::string>();
  };
  EXPECT_NE(stack().find("outer.js"), std::string::npos) << stack();
  barrier = true;
  EXPECT_EQ(stack().find("outer.js"), std::string::npos) << stack();
  EXPECT_NE(stack().find("inner.js"), std::string::npos) << stack();
}

}  // namespace
}  // namespace quiesce
