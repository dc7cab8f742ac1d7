// A1, A2: VMs are made and thrown away; code runs, and errors say where.
#include <gtest/gtest.h>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

TEST(Eval, CompletionValue) {  // A2
  VM vm;
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
  EXPECT_EQ(vm.eval("if (1) { 'yes' } else { 'no' }").as<std::string>(), "yes");
  EXPECT_TRUE(vm.eval("").is_undefined());
  EXPECT_TRUE(vm.eval("var x = 3;").is_undefined());
  EXPECT_EQ(vm.eval("x").as<int>(), 3);
  EXPECT_EQ(vm.eval("'größe'").as<std::string>(), "größe");
}

TEST(Eval, ErrorsSayWhere) {  // A2
  VM vm;
  try {
    vm.eval("let a = 1;\nfunction f() {\n  null.x;\n}\nf();", {.file_name = "shop.js"});
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.code(), Errc::javascript);
    EXPECT_EQ(error.name(), "TypeError");
    EXPECT_NE(error.stack().find("shop.js:3"), std::string::npos) << error.stack();
    EXPECT_NE(error.stack().find("at f"), std::string::npos);
    EXPECT_EQ(std::string(error.what()), "TypeError: " + error.message());
    EXPECT_TRUE(error.value().is_error());
  }
  try {
    vm.eval("let y = ;", {.file_name = "bad.js"});
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.name(), "SyntaxError");
    EXPECT_NE(error.stack().find("bad.js:1:"), std::string::npos) << error.stack();
  }
}

TEST(Eval, AnythingCanBeThrown) {
  VM vm;
  const auto thrown = [&](const char* code) {
    try {
      vm.eval(code);
    } catch (const JSError& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  EXPECT_EQ(thrown("throw 5"), "Uncaught 5");
  EXPECT_EQ(thrown("throw 'text'"), "Uncaught 'text'");
  EXPECT_EQ(thrown("throw undefined"), "Uncaught undefined");
  EXPECT_EQ(thrown("throw null"), "Uncaught null");
  EXPECT_EQ(thrown("throw {a: 1}"), "Uncaught { a: 1 }");
  EXPECT_EQ(thrown("throw Symbol('s')"), "Uncaught Symbol(s)");
  EXPECT_EQ(thrown("class Mine extends Error { name = 'Mine' }; throw new Mine('m')"), "Mine: m");
}

TEST(Eval, DescribingAnErrorRunsNoGuestCode) {  // C17
  VM vm;
  const auto what = [&](const char* code) {
    try {
      vm.eval(code);
    } catch (const JSError& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  what(
      "throw Object.defineProperty(new Error('m'), 'message', {get() { globalThis.ran = 1; return "
      "'x'; }})");
  what("throw Object.defineProperty(new Error('m'), 'name', {get() { for (;;); }})");
  what(
      "throw new Proxy(new Error('m'), {get() { globalThis.ran = 1; }, getOwnPropertyDescriptor() "
      "{ globalThis.ran = 1; }})");
  EXPECT_EQ(vm.eval("typeof ran").as<std::string>(), "undefined");
}

TEST(Eval, AsyncScripts) {
  VM vm;
  EXPECT_EQ(
      vm.run(vm.eval("const v = await 20; v + 1", {.type = SourceType::async_script}))->as<int>(),
      21);
  EXPECT_THROW(vm.run(vm.eval("await 0; throw new Error('x')", {.type = SourceType::async_script})),
               JSError);
}

TEST(Eval, Modules) {
  VM vm;
  const auto space =
      vm.run(vm.eval("export const a = await 1; export default 'd'; const local = this;",
                     {.file_name = "m.mjs", .type = SourceType::module}));
  ASSERT_TRUE(space);
  EXPECT_EQ(space->get("a").as<int>(), 1);
  EXPECT_EQ(space->get("default").as<std::string>(), "d");
  EXPECT_EQ(vm.eval("typeof local").as<std::string>(), "undefined");
  EXPECT_TRUE(vm.is_module("export {}"));
  EXPECT_TRUE(vm.is_module("import x from 'y'; x()"));
  EXPECT_TRUE(vm.is_module("await 1"));
  EXPECT_FALSE(vm.is_module("var a = 1; with (a) {}"));
  EXPECT_FALSE(vm.is_module("let ="));
  try {
    vm.run(vm.eval("import 'elsewhere'", {.type = SourceType::module}));
    FAIL();
  } catch (const JSError& error) {
    EXPECT_NE(std::string(error.what()).find("'elsewhere'"), std::string::npos) << error.what();
  }
}

TEST(Eval, Strict) {
  VM vm;
  EXPECT_THROW(vm.eval("undeclared = 1", {.strict = true}), JSError);
  EXPECT_EQ(vm.eval("undeclared = 1").as<int>(), 1);
}

TEST(Eval, SourceMustBeUtf8) {
  VM vm;
  const auto result = attempt([&] { return vm.eval("'ok' + '\xFF'"); });
  EXPECT_EQ(result.error().code(), Errc::encoding);
  EXPECT_NE(std::string(result.error().what()).find("offset 8"), std::string::npos)
      << result.error().what();
  EXPECT_THROW(vm.eval(std::string_view("1\0+1", 4)), JSError);
}

TEST(Eval, VMsAreIsolated) {  // A1
  VM one, two;
  one.eval("globalThis.x = 1; Array.prototype.extra = 1");
  EXPECT_EQ(two.eval("typeof x + typeof [].extra").as<std::string>(), "undefinedundefined");
  VM moved = std::move(one);
  EXPECT_EQ(moved.eval("x").as<int>(), 1);
  two = std::move(moved);
  EXPECT_EQ(two.eval("x").as<int>(), 1);
}

TEST(Eval, ManyVMs) {  // A1
  for (int i = 0; i < 500; ++i) {
    VM vm;
    EXPECT_EQ(vm.eval("1 + " + std::to_string(i)).as<int>(), i + 1);
  }
  std::vector<VM> living(200);
  for (VM& vm : living) EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
}

TEST(Eval, NothingOfTheHostIsThere) {
  VM vm;
  EXPECT_EQ(vm.eval("[typeof require, typeof process, typeof std, typeof os, typeof fetch].join()")
                .as<std::string>(),
            "undefined,undefined,undefined,undefined,undefined");
}

TEST(Result, HoldsAValueOrTheError) {
  VM vm;
  EXPECT_EQ(attempt([&] { return vm.eval("1"); })->as<int>(), 1);
  const auto failed = attempt([&] { return vm.eval("throw new TypeError('x')"); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), Errc::javascript);
  EXPECT_THROW(failed.rethrow(), JSError);
  EXPECT_THROW(failed.value(), JSError);
  EXPECT_THROW(attempt([] { throw 1; }), int);
}

}  // namespace
}  // namespace quiesce
