// B9: TypeScript, whose types are erased in place.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/utf.hpp"
#include "modules/strip_cache.hpp"
#include "modules/testing.hpp"
#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

class Typescript : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_typescript()) GTEST_SKIP() << "built without TypeScript";
  }
};

// Text, UTF-16 units, and what is between its lines.
std::u16string units_of(std::string_view text) { return base::wtf8_to_utf16(text).value(); }
std::u16string breaks_of(std::string_view text) {
  std::u16string breaks;
  std::size_t at = 0;
  for (const char16_t unit : units_of(text)) {
    if (unit == u'\n' || unit == u'\r' || unit == u'\u2028' || unit == u'\u2029') {
      breaks += static_cast<char16_t>(at);
      breaks += unit;
    }
    ++at;
  }
  return breaks;
}

struct Failure {
  std::string code;
  std::string text;
};
Failure failure_of(std::string_view source, std::string_view name = "app.ts") {
  try {
    const std::string result = strip_types(source, name);
    ADD_FAILURE() << "nothing was thrown for: " << source << "\n" << result;
  } catch (const ModuleError& error) {
    EXPECT_EQ(error.code(), Errc::module);
    EXPECT_EQ(error.error_class(), ModuleError::Class::syntax_error);
    return {error.node_code(), error.what()};
  }
  return {};
}

struct Erased {
  const char* source;
  const char* expected;
};
// What TypeScript adds, each where it can stand.
constexpr Erased kErased[] = {
    {"let a: number = 1, b: string | undefined, c!: T;",
     "let a         = 1, b                    , c    ;"},
    {"const x = y as unknown as T<U>, z = w satisfies V, t = [1] as const;",
     "const x = y                   , z = w            , t = [1]         ;"},
    {"function f<T extends {a: 1}, const U = T>(this: Window, a?: T, ...b: U[]): asserts a is T {}",
     "function f                               (              a    , ...b     )                 "
     "{}"},
    {"const g = async <T,>(a: T): Promise<T> => a;",
     "const g = async     (a   )             => a;"},
    {"const h = (a: {b: (c: string) => void} = {b() {}}): a is string => !0;",
     "const h = (a                           = {b() {}})              => !0;"},
    {"type A<T> = T extends infer U ? U : never; interface B extends C<D> { e: F } let after = 1;",
     "                                                                             let after = 1;"},
    {"import type {T} from 't'; import {type U, v, type W} from 'u'; import d, {type E} from 'd';",
     "                          import {        v,       } from 'u'; import d, {      } from 'd';"},
    {"import type D from 'd'; import type * as N from 'n'; export type {T}; export {type U, v};",
     "                                                                      export {        v};"},
    {"import type b = require('b'); export import type c = require('c'); c",
     "                                                                   c"},
    {"export type * from 'w'; export type * as ns from 'x'; export default interface Z { a: 1 }",
     "                                                                                         "},
    {"abstract class K<T> extends L<T> implements I, J<T> { private readonly a: T = 1; }",
     "         class K    extends L                       {                  a    = 1; }"},
    {"class K { protected static b?: U; declare c: string; override e!: T; #g?: T = 2; readonly h "
     "}",
     "class K {           static b    ;                             e    ; #g     = 2;          h "
     "}"},
    {"class K { [k: string]: any; static { this.b = 3 as any } async *m<T>(a: T): X<T> {} }",
     "class K {                   static { this.b = 3;       } async *m   (a   )       {} }"},
    {"class K { public constructor(x?: T) { super(); } get f(): T { return 1 } set f(v: T) {} }",
     "class K {        constructor(x    ) { super(); } get f()    { return 1 } set f(v   ) {} }"},
    {"export default abstract class Y {} export abstract class X { abstract a: string; }",
     "export default          class Y {} export          class X { ;                   }"},
    {"function o(a: string): string; function o(a: number): number; function o(a: any) { return a "
     "}",
     "                                                              function o(a     ) { return a "
     "}"},
    {"declare const g: string; declare function h(): void; declare class G { a: string }",
     "                                                                                  "},
    {"declare module 'm' { export const q: 1 } declare global { interface Window {} }",
     "                                                                               "},
    {"declare namespace N { const z: 1 } namespace T { export type Q = 1 } declare enum E { A }",
     "                                                                                         "},
    {"const n = a!.b![\"c\"]!(d!)!; n! += 1; a?.b!.c; a!?.b; let x!: T;",
     "const n = a .b [\"c\"] (d ) ; n  += 1; a?.b .c; a ?.b; let x    ;"},
    // The last but one is a call with two type arguments.
    {"new Map<string, A[]>(); f<T>(1); tag<T>`x`; const i = f<T>; (a < b); a < b, c > (d); f<T>;",
     "new Map             (); f   (1); tag   `x`; const i = f   ; (a < b); a          (d); f   ;"},
    {"let v = (<T>(x: T) => x)(1); (a as T) = 1; (a satisfies T)++; new (a as T)(); (a as T) ** 2;",
     "let v = (   (x   ) => x)(1); (a     ) = 1; (a            )++; new (a     )(); (a     ) ** "
     "2;"},
    {"var r: typeof import('x'), u: `a${string}`, w: [a: string, b?: number, ...c: T[]];",
     "var r                    , u              , w                                    ;"},
    {"var k: keyof typeof r, l: new (...a: any[]) => T, m: abstract new () => void, q: unique "
     "symbol;",
     "var k                , l                        , m                         , q              "
     " ;"},
    {"try {} catch (e: unknown) {} for (const a of b as T[]) {} for (let i: number = 0; ;) {}",
     "try {} catch (e         ) {} for (const a of b       ) {} for (let i         = 0; ;) {}"},
    {"let o = { async m<T>(a: T): Promise<T> { return a }, get x(): number { return 1 }, type: 1 "
     "};",
     "let o = { async m   (a   )             { return a }, get x()         { return 1 }, type: 1 "
     "};"},
    {"declare class B { accessor x: 1; @d y }", "                                       "},
    {"abstract class B { abstract accessor x: 1 }", "         class B {                        }"},
    {"let type = 1, as = 2, of = 3, satisfies = 4, is = 5; type = as; declare: of++; abstract\n(1)",
     "let type = 1, as = 2, of = 3, satisfies = 4, is = 5; type = as; declare: of++; "
     "abstract\n(1)"},
    {"#!/usr/bin/env quiesce\nlet a: 1; // b: 2\n/* c: 3 */ `d: ${e as any}: f`; /g: 4/u",
     "#!/usr/bin/env quiesce\nlet a   ; // b: 2\n/* c: 3 */ `d: ${e       }: f`; /g: 4/u"},
};

TEST_F(Typescript, ErasesInPlace) {  // B9
  for (const auto& [source, expected] : kErased) {
    EXPECT_EQ(strip_types(source, "a.ts"), expected);
  }
}

// Where erasing leaves other neighbours, a semicolon or a parenthesis keeps the meaning.
TEST_F(Typescript, KeepsTheMeaningAcrossLines) {  // B9
  constexpr Erased kCases[] = {
      {"a\ntype X = 1\n(b)\nlet c = d as T\n(e)\ni = j satisfies K\n`x`",
       "a\n;         \n(b)\nlet c = d;    \n(e)\ni = j;           \n`x`"},
      {"const f = (a): {\n b: T } => a, g = async <\n T,\n>(x: T): Promise<\nT> => x",
       "const f = (a    \n      ) => a, g = async (\n   \n  x              \n ) => x"},
      {"class C { x = y as T\n [\"a\"] = 1\n b = 2\n declare c: T\n [d] = 1\n private [e] = 2 }",
       "class C { x = y;    \n [\"a\"] = 1\n b = 2\n ;           \n [d] = 1\n ;       [e] = 2 }"},
      // Alone on their lines, these names would be modifiers of the next member.
      {"class A { get: T\n set?: U\n static: V\n get!: W\n m() {} }",
       "class A { get;  \n set;   \n static;  \n get;   \n m() {} }"},
      // Without the overload, the field would go on: 1 * m().
      {"class A { x = 1\n m(): void\n m?<T>(a: string): void\n *m() {} }",
       "class A { x = 1\n ;        \n ;                     \n *m() {} }"},
      {"abstract class A { x = 1\n abstract get z(): T\n [\"q\"]() {} }",
       "         class A { x = 1\n ;                  \n [\"q\"]() {} }"},
      {"class A { m?<T>(a: T): void {} }", "class A { m    (a   )       {} }"},
  };
  for (const auto& [source, expected] : kCases) EXPECT_EQ(strip_types(source, "a.ts"), expected);
}

TEST_F(Typescript, PositionsStay) {  // B9
  std::vector<std::string> sources = {
      "",
      "\n",
      "let a:\r\n  string\r\n= 1\r\n",
      "let a:\r  string\r= 1",
      "\uFEFFlet a: 1",
      "type \u00C4\U00020000 = '\U0001F600'; let \u00E4: \u00C4 = '\U0001F600' as any",
      "let a: {\u2028 b: 1\u2029 } = 1",
      "let a: {\u2028 b: 'x\u2028y' } = `\u2029`",
      "const f = (a):\u2028 T => a",
      "const f = (a):\r T => a",
      "let s: 'a\\\nb' = `${x as\ny}`"};
  for (const auto& [source, expected] : kErased) {
    for (const std::string_view line_break : {"\n", "\r\n", "\r", "\u2028"}) {
      std::string text(source);  // each blank after a comma or a brace becomes a line break
      for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == ' ' && (text[at - 1] == ',' || text[at - 1] == '{'))
          text.replace(at, 1, line_break);
      }
      sources.push_back(std::move(text));
    }
  }
  for (const std::string& source : sources) {
    SCOPED_TRACE(source);
    const std::string result = strip_types(source, "a.ts");
    EXPECT_EQ(units_of(result).size(), units_of(source).size());
    EXPECT_EQ(breaks_of(result), breaks_of(source));
  }
}

struct Refused {
  const char* source;
  const char* where;
  const char* reason;  // a part of it
};

TEST_F(Typescript, WhatCannotBeErasedIsNamed) {  // B9
  constexpr Refused kCases[] = {
      {"let a\nenum E { A }", "app.ts:2:1: ", "enums"},
      {"export const enum G { A = 1 }", "app.ts:1:1: ", "enums"},
      {"namespace N { export const x = 1 }", "app.ts:1:1: ", "namespaces"},
      {"module M { let x = 1 }", "app.ts:1:1: ", "namespaces"},
      {"class P { constructor(a, private x: number) {} }", "app.ts:1:26: ", "parameter properties"},
      {"class P { constructor(readonly x) {} }", "app.ts:1:23: ", "parameter properties"},
      {"import a = require('a')", "app.ts:1:1: ", "import x ="},
      {"export import c = a.b", "app.ts:1:1: ", "import x ="},
      {"export = x", "app.ts:1:1: ", "export ="},
      {"let x = <T>y", "app.ts:1:9: ", "angle brackets"},
      {"\r\n  @d class D {}", "app.ts:2:3: ", "decorators"},
      {"class A { accessor x = 1 }", "app.ts:1:11: ", "accessor"},
      {"a = 1 + 1 as any * 2", "app.ts:1:5: ", "parentheses"},
      {"a ?? b as T && c", "app.ts:1:6: ", "parentheses"},
      {"'\u00E4\U0001F600'; enum E {}", "app.ts:1:8: ", "enums"},
  };
  for (const auto& [source, where, reason] : kCases) {
    SCOPED_TRACE(source);
    const auto [code, text] = failure_of(source);
    EXPECT_EQ(code, "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX");
    EXPECT_TRUE(text.starts_with(where)) << text;
    EXPECT_NE(text.find(reason), std::string::npos) << text;
  }
  EXPECT_EQ(failure_of("let a;\n\tenum E { A } let b", "file:///x.ts").text,
            "file:///x.ts:2:2: enums have values that would have to be generated; an object `as "
            "const` serves instead\n enum E { A } let b\n ^^^^^^^^^^^^");
}

TEST_F(Typescript, WhatIsNoTypeScriptIsASyntaxError) {  // B9
  constexpr Refused kCases[] = {
      {"let a: = 1;", "app.ts:1:8: ", "Type expected"},
      {"let a = \"b\nlet c", "app.ts:1:11: ", "Unterminated string"},
      {"class { \n", "app.ts:2:1: ", "'}' expected"},
      {"`abc ${", "app.ts:1:8: ", "Expression expected"},
      {"f<T>(; ", "app.ts:1:6: ", ""},
      {"const x = <div>y</div>;", "app.ts:1:", ""},
      {"type T = ;", "app.ts:1:10: ", "Type expected"},
      {"a b c", "app.ts:1:1: ", "Unexpected"},
      {"let x: number = 1 as", "app.ts:1:21: ", "Type expected"},
      {"/* a", "app.ts:1:5: ", "'*/' expected"},
      {"<<<<<<< ours\n", "app.ts:1:1: ", "Merge conflict"},
  };
  for (const auto& [source, where, reason] : kCases) {
    SCOPED_TRACE(source);
    const auto [code, text] = failure_of(source);
    EXPECT_EQ(code, "ERR_INVALID_TYPESCRIPT_SYNTAX");
    EXPECT_TRUE(text.starts_with(where)) << text;
    EXPECT_NE(text.find(reason), std::string::npos) << text;
  }
  // A long line is shown in part.
  const std::string text =
      failure_of(std::string(5000, ' ') + "enum E { A } " + std::string(5000, ' ')).text;
  EXPECT_LT(text.size(), 400u) << text;
  EXPECT_NE(text.find("enum E { A }"), std::string::npos);
}

TEST_F(Typescript, SourcesAreUtf8) {
  try {
    strip_types("let a: '\xFF' = 1", "app.ts");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::encoding);
    EXPECT_STREQ(error.what(), "app.ts is not UTF-8: bad byte at offset 8");
  }
  using namespace std::string_view_literals;
  EXPECT_EQ(strip_types("let a: 1 = '\0\u20AC'"sv, "a.ts"), "let a    = '\0\u20AC'"sv);
}

// ---- as modules ----

Host host_with(std::vector<std::pair<std::string, std::string>> files) {
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) {
        const std::string& name = request.specifier;
        return std::optional(name.starts_with("./") ? "file:///" + name.substr(2) : name);
      },
      [files = std::move(files)](VM&, const ModuleKey& key) -> std::optional<ModuleSource> {
        for (const auto& [name, text] : files) {
          if (key.name != "file:///" + name) continue;
          if (name.ends_with(".json")) return ModuleSource{text, ModuleSource::Format::json};
          return ModuleSource{name.ends_with(".ts") ? strip_types(text, key.name) : text};
        }
        return std::nullopt;
      });
  return host;
}

Value import(VM& vm, const std::string& name) {
  const std::string source = "export * from './" + name + "'";
  return vm.run(vm.eval(source, {.file_name = "file:///main.js", .type = SourceType::module}))
      .value();
}

TEST_F(Typescript, StacksPointIntoTheOriginal) {  // B9
  const std::string source =
      "interface Price {\n  amount: number\n}\n\n"
      "export function total<T extends Price>(\n  prices: readonly T[],\n): number {\n"
      "  const first: T | undefined = prices[0]; if (!first) throw new RangeError('no price');\n"
      "  return (prices as T[]).length\n}\n";
  VM vm{host_with({{"price.ts", source}})};
  const Value total = import(vm, "price.ts")["total"];
  EXPECT_EQ(total(std::vector<int>{1, 2}).as<int>(), 2);
  try {
    total(std::vector<int>{});
    FAIL() << "nothing was thrown";
  } catch (const JSError& error) {
    // Where the class stands in the original.
    EXPECT_NE(error.stack().find("at total (file:///price.ts:8:65)"), std::string::npos)
        << error.stack();
  }
}

TEST_F(Typescript, JsonAndJavaScriptBesideIt) {  // B9: any .json broke it
  VM vm{host_with(
      {{"main.ts",
        "import data from './data.json' with {type: 'json'};\nimport {twice} from './twice.js';\n"
        "import type {Data} from './types.ts';\nimport {type Data as D, three} from './types.ts';\n"
        "export const sum: number = twice((data as Data).a) + three satisfies D['a'];\n"},
       {"data.json", "{\"a\": 4}"},
       {"twice.js", "export const twice = (x) => 2 * x"},
       {"types.ts", "export interface Data { a: number }\nexport const three: 3 = 3;\n"}})};
  EXPECT_EQ(import(vm, "main.ts")["sum"].as<int>(), 11);
}

TEST_F(Typescript, ErrorsOfALoaderHaveTheirCode) {  // B9
  VM vm{host_with({{"main.ts", "\n enum E { A }"}})};
  try {
    import(vm, "main.ts");
    FAIL() << "nothing was thrown";
  } catch (const JSError& error) {
    EXPECT_EQ(error.name(), "SyntaxError");
    EXPECT_EQ(error.value()["code"].as<std::string>(), "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX");
    EXPECT_TRUE(error.message().starts_with("enums")) << error.message();
    EXPECT_EQ(error.stack().find("    at file:///main.ts:2:2\n"), 0u) << error.stack();
  }
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

// Everything through the loader that programs use.
TEST_F(Typescript, AsFilesOfAProgram) {  // B9
  const auto files = std::make_shared<MemoryReader>(MemoryReader{
      {"/app/package.json", R"({"type": "module", "imports": {"#rates": "./data/rates.ts"}})"},
      {"/app/main.ts",
       "import rates from '#rates';\nimport type {Rate} from './types.mts';\n"
       "import {apply, type Rate as R} from './types.mts';\n"
       "import names from './names.json' with {type: 'json'};\nimport plain from 'plain';\n"
       "const rate: Rate = rates[0] satisfies R;\n"
       "export default `${apply(rate)} ${(names as string[])[0]!} ${plain} ${import.meta.url}`;\n"},
      {"/app/types.mts",
       "export interface Rate { value: number }\n"
       "export const apply = (rate: Rate): number => rate.value * 2;\n"},
      {"/app/data/rates.ts",
       "import type {Rate} from '../types.mts';\nexport default [{value: 21}]"
       " as readonly Rate[];\n"},
      {"/app/names.json", R"(["name"])"},
      {"/app/refused.ts", "export class A {\n  constructor(private b: string) {}\n}\n"},
      {"/app/broken.mts", "\nexport let a: = 1"},
      {"/app/node_modules/plain/package.json", R"({"type": "module", "exports": "./index.js"})"},
      {"/app/node_modules/plain/index.js", "export default 'plain'"}});
  Host host;
  host.modules(node_modules({.strip_types = strip_types, .files = files}));
  VM vm{host};
  const auto import = [&](const std::string& name) {
    return vm
        .run(vm.eval(
            "import(" + vm.value(name).to_json().value() +
            ").then((m) => m.default, (e) => `${e.name} ${e.code}: ${e.message}${e.stack}`)"))
        .value()
        .as<std::string>();
  };
  EXPECT_EQ(import("/app/main.ts"), "42 name plain file:///app/main.ts");
  const std::string refused = import("/app/refused.ts");
  EXPECT_TRUE(
      refused.starts_with("SyntaxError ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX: parameter "
                          "properties"))
      << refused;
  EXPECT_NE(refused.find("    at file:///app/refused.ts:2:15\n"), std::string::npos) << refused;
  const std::string broken = import("/app/broken.mts");
  EXPECT_TRUE(broken.starts_with("SyntaxError ERR_INVALID_TYPESCRIPT_SYNTAX: Type expected"))
      << broken;
  EXPECT_NE(broken.find("    at file:///app/broken.mts:2:15\n"), std::string::npos) << broken;
}

TEST_F(Typescript, AsCommonJS) {  // B9
  const auto files = std::make_shared<MemoryReader>(MemoryReader{
      {"/main.mts",
       "import lib, {twice} from './lib.cts';\nimport script from './script.ts';\n"
       "export default [lib.twice(1) as number, twice(2), script.sum!].join();\n"},
      {"/lib.cts", "type N = number\nconst n: N = 2\nexports.twice = (x: N): N => x * n\n"},
      {"/script.ts",  // no module syntax: CommonJS, as the nearest package.json says nothing else
       "const {twice} = require('./lib.cts') as {twice(x: number): number};\n"
       "module.exports = {sum: twice(3) + (require('./data.json') as {a: number}).a};\n"},
      {"/data.json", R"({"a": 4})"},
      {"/throws.cts", "interface A {\n  b: string\n}\nlet a: A | undefined; (a as any).b;\n"}});
  Host host;
  host.modules(node_modules({.files = files}));
  VM vm{host};
  const auto import = [&](const std::string& name) {
    return vm.run(vm.eval("import('" + name + "').then((m) => m.default, (e) => e.stack)"))
        .value()
        .as<std::string>();
  };
  EXPECT_EQ(import("/main.mts"), "2,4,10");
  EXPECT_NE(import("/throws.cts").find("/throws.cts:4:"), std::string::npos)
      << import("/throws.cts");
}

// ---- what it may use ----

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

TEST_F(Typescript, HostileSourcesEndInAnError) {  // B9
  for (const std::string& source :
       {"x = " + repeated("(", 100'000), "x: " + repeated("[", 100'000),
        "type A = " + repeated("{a: ", 50'000), repeated("if (a) ", 100'000) + ";",
        repeated("-", 100'001) + "1", repeated("a => ", 100'000) + "a",
        repeated("class A { m() { ", 20'000), repeated("`${", 100'000)}) {
    try {
      strip_types(source, "deep.ts");
    } catch (const ModuleError& error) {
      EXPECT_EQ(error.node_code(), "ERR_INVALID_TYPESCRIPT_SYNTAX") << source.substr(0, 20);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::limit) << source.substr(0, 20) << error.what();
      EXPECT_TRUE(std::string_view(error.what()).starts_with("deep.ts: ")) << error.what();
    }
  }
  // Next to them, the parser's state is what it was.
  EXPECT_EQ(strip_types("let after: 1", "a.ts"), "let after   ");
}

TEST_F(Typescript, OrdinaryDepthIsFine) {  // B9
  const std::string sum = "let a: number = 1" + repeated(" + 1", 1'000);
  EXPECT_EQ(strip_types(sum, "a.ts").find(':'), std::string::npos);
  const std::string chain = repeated("if (a as T) {} else ", 500) + "{}";
  EXPECT_EQ(strip_types(chain, "a.ts").find("as"), std::string::npos);
  const std::string nested = repeated("(", 200) + "a as T" + repeated(")", 200);
  EXPECT_EQ(strip_types(nested, "a.ts").find("as"), std::string::npos);
  const std::string calls = "a" + repeated(".then((x: T) => x)\n", 500);
  EXPECT_EQ(strip_types(calls, "a.ts").find(':'), std::string::npos);
}

// The limits grow with the source: a large one has room, whatever is in it.
TEST_F(Typescript, LimitsLeaveRoom) {  // B9
  std::string dense;
  for (int i = 0; i < 1'000; ++i) {
    const std::string n = std::to_string(i);
    dense += "export const f" + n +
             " = <T extends A<B>[], U = T>(a: T, b?: {c: U}): a is D<T> => " +
             "(a as unknown as X<" + n + ">)!.b<T>(c!, {d: e satisfies F});\n";
  }
  const std::string result = strip_types(dense, "dense.ts");
  EXPECT_EQ(result.size(), dense.size());
  EXPECT_EQ(breaks_of(result), breaks_of(dense));
  EXPECT_EQ(strip_types(dense, "again.ts"), result);
}

TEST_F(Typescript, ManyThreadsAtOnce) {  // B9
  std::vector<std::thread> threads;
  std::vector<std::string> results(8);
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&results, i] {
      for (int round = 0; round < 5; ++round) {
        const std::string n = std::to_string(round % 3) + "_" + std::to_string(i % 3);
        results[i] += strip_types("let a" + n + ": T = b as T", "a.ts");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(results[0], results[3]);
  EXPECT_EQ(results[1], results[7]);
  EXPECT_TRUE(results[2].starts_with("let a0_2    = b;    ")) << results[2];
}

// Random pieces of TypeScript in random order: an answer or an error that a loader can pass on, the
// same each time, and positions always stay.
TEST_F(Typescript, RandomSourcesAreAnsweredOrRefused) {  // B9
  std::vector<std::string> pieces = {
      "<",    ">",         "(",       ")",        "{",     "}",    "[",      "]",
      ":",    ";",         ",",       "=>",       "?",     "!",    "=",      "\n",
      "\r",   "'",         "`",       "${",       "/",     "*",    "@",      "as",
      "type", "interface", "declare", "abstract", "class", "enum", "\u2028", "\U0001F600",
      "...",  "??",        "?.",      "async",    "export"};
  for (const auto& [source, expected] : kErased) {
    const std::string_view text(source);
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = std::min(text.find(' ', at), text.size() - 1) + 1;
      pieces.emplace_back(text.substr(at, end - at));
      at = end;
    }
  }
  std::mt19937 random(20260101);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{4};
  int answered = 0, refused = 0;
  for (int round = 0; round < 1'500 && std::chrono::steady_clock::now() < until; ++round) {
    std::string source(kErased[random() % std::size(kErased)].source);
    for (std::size_t edits = random() % 4 + 1; edits > 0; --edits) {
      std::size_t at = source.empty() ? 0 : random() % source.size();
      while (at > 0 && (static_cast<unsigned char>(source[at]) & 0xC0u) == 0x80u) --at;
      const std::string& piece = pieces[random() % pieces.size()];
      if (random() % 2 == 0 && base::is_utf8(source.substr(at))) {
        source = source.substr(0, at) + piece + source.substr(at);
      } else {
        source = source.substr(0, at) + piece;
      }
    }
    SCOPED_TRACE(source);
    try {
      const std::string result = strip_types(source, "random.ts");
      EXPECT_EQ(units_of(result).size(), units_of(source).size());
      EXPECT_EQ(breaks_of(result), breaks_of(source));
      ++answered;
    } catch (const ModuleError&) {
      ++refused;
    }
  }
  EXPECT_GT(answered, 10);
  EXPECT_GT(refused, 10);
}

// ---- what is remembered ----

TEST(StripCache, TheOldestMakeRoom) {
  modules::StripCache cache(10);
  const auto digest = [](char text) { return base::sha256(std::as_bytes(std::span(&text, 1))); };
  EXPECT_EQ(cache.find(digest('a')), nullptr);
  cache.add(digest('a'), "aaaa");
  cache.add(digest('b'), "bbbb");
  cache.add(digest('a'), "AAAA");  // the same content gave the same text
  EXPECT_EQ(*cache.find(digest('a')), "aaaa");
  const auto held = cache.find(digest('a'));
  cache.add(digest('c'), "cccc");
  EXPECT_EQ(cache.find(digest('a')), nullptr);
  EXPECT_EQ(*held, "aaaa");
  EXPECT_EQ(*cache.find(digest('b')), "bbbb");
  cache.add(digest('d'), std::string(11, 'd'));  // larger than all of it
  EXPECT_EQ(cache.find(digest('d')), nullptr);
  EXPECT_EQ(*cache.find(digest('c')), "cccc");
}

TEST_F(Typescript, ErrorsNameTheFileOfEachCall) {
  EXPECT_TRUE(failure_of("enum One {}", "one.ts").text.starts_with("one.ts:1:1: "));
  EXPECT_TRUE(failure_of("enum One {}", "two.ts").text.starts_with("two.ts:1:1: "));
}

}  // namespace
}  // namespace quiesce
