// Graphs of every shape and depth, and what goes wrong in them.
#include <chrono>

#include "vm/modules_testing.hpp"

namespace quiesce {
namespace {

/// c<n> imports c<n-1>, and so on; what stands around it is `text` with N for the next.
Host chain_host(std::string text, std::string last) {
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [=](VM&, const ModuleKey& key) -> std::optional<ModuleSource> {
                 const int n = std::stoi(key.name.substr(1));
                 if (n == 0) return ModuleSource{last};
                 std::string source = text;
                 for (std::size_t at; (at = source.find("NEXT")) != std::string::npos;)
                   source.replace(at, 4, "'c" + std::to_string(n - 1) + "'");
                 return ModuleSource{source};
               });
  return host;
}

TEST(ModuleGraphs, ChainsTenThousandDeep) {
  const std::pair<const char*, const char*> chains[] = {
      {"import NEXT; export const n = 1", "export const n = 1"},
      {"export * from NEXT", "export const n = 1"},
      {"export {n} from NEXT", "export const n = 1"},
      {"import {n} from NEXT; export {n}", "export const n = 1"},
      {"import {n as m} from NEXT; export let n = m", "await null; export const n = 1"},
      {"import * as next from NEXT; export const n = next.n", "export const n = 1"}};
  for (const auto& [text, last] : chains) {
    VM vm{chain_host(text, last)};
    EXPECT_EQ(vm.run(vm.eval("import('c10000')")).value()["n"].as<int>(), 1) << text;
    EXPECT_EQ(vm.module_names().size(), 10001u);
  }
}

TEST(ModuleGraphs, AnErrorAtTheEndOfAChain) {
  const std::pair<const char*, const char*> chains[] = {
      {"import NEXT", "throw new RangeError('at the end')"},
      {"import NEXT", "await null; throw new RangeError('at the end')"}};
  for (const auto& [text, last] : chains) {
    VM vm{chain_host(text, last)};
    EXPECT_EQ(
        vm.run(vm.eval(
                   "Promise.all([import('c10000').catch(String), import('c5000').catch(String)])"))
            .value()
            .to_json()
            .value(),
        "[\"RangeError: at the end\",\"RangeError: at the end\"]");
  }
  VM vm{chain_host("import NEXT", "let 1")};
  const std::string stack =
      vm.run(vm.eval("import('c10000').catch(e => e.stack)")).value().as<std::string>();
  EXPECT_NE(stack.find("c0:1:5"), std::string::npos) << stack;
  EXPECT_NE(stack.find("\n    imported from c1\n    imported from c2\n"), std::string::npos)
      << stack;
  EXPECT_NE(stack.find("\n    ... and 9984 more\n"), std::string::npos) << stack;
}

TEST(ModuleGraphs, ACircleOfTenThousand) {
  VM vm{chain_host("import NEXT; export const n = 1",
                   "import 'c9999'; export const n = 0; globalThis.first = import.meta.url")};
  EXPECT_EQ(vm.run(vm.eval("import('c9999')")).value()["n"].as<int>(), 1);
  EXPECT_EQ(vm.global()["first"].as<std::string>(), "c0");
}

TEST(ModuleGraphs, CirclesOfReexports) {
  TreeWorld world{
      {{"/a.mjs", "export {x} from './b.mjs'; export * from './c.mjs'"},
       {"/b.mjs", "export {x} from './c.mjs'; export * from './a.mjs'; export const y = 2"},
       {"/c.mjs",
        "export * from './a.mjs'; export const x = 1; export const z = 3; export * from './b.mjs'"},
       {"/loop1.mjs", "export {q} from './loop2.mjs'"},
       {"/loop2.mjs", "export {q} from './loop1.mjs'"},
       {"/p1.mjs", "import {v} from './p2.mjs'; export {v}"},
       {"/p2.mjs", "import {v} from './p3.mjs'; export {v}"},
       {"/p3.mjs", "import './p1.mjs'; export const v = 9"},
       {"/two.mjs", "export * from './x1.mjs'; export * from './x2.mjs'; export const k = 1"},
       {"/x1.mjs", "export const same = 1"},
       {"/x2.mjs", "export const same = 2"}}};
  EXPECT_EQ(world.text("import('./a.mjs').then(m => Object.entries(m).join())"), "'x,1,y,2,z,3'");
  EXPECT_EQ(world.text("import('./loop1.mjs').catch(e => e.name)"), "'SyntaxError'");
  EXPECT_EQ(world.text("import('./p2.mjs').then(m => m.v)"), "9");
  EXPECT_EQ(world.text("import('./two.mjs').then(m => Object.keys(m).join())"), "'k'");
}

TEST(ModuleGraphs, OneBindingOnTwoWaysIsNotAmbiguous) {
  TreeWorld world{
      {{"/o.mjs", "export let x = 1; export const set = n => { x = n }"},
       {"/a.mjs", "import {x} from './o.mjs'; export {x}"},
       {"/b.mjs", "import {x as y} from './o.mjs'; export {y as x}"},
       {"/both.mjs", "export * from './a.mjs'; export * from './b.mjs'"},
       {"/main.mjs",
        "import {x} from './both.mjs'; import {set} from './o.mjs'; set(2);"
        "export {x}; export const seen = x; import * as ns from './both.mjs'; export {ns}"},
       {"/none.mjs", "import {nothing} from './o.mjs'; export {nothing}"}}};
  EXPECT_EQ(
      world.text(
          "import('./main.mjs').then(m => [m.x, m.seen, m.ns.x, Object.keys(m).join()].join())"),
      "'2,2,2,ns,seen,x'");
  EXPECT_EQ(world.text("import('./none.mjs').catch(e => e.name)"), "'SyntaxError'");
}

TEST(ModuleGraphs, AMissingExportSaysWhoWantsIt) {
  TreeWorld world{{{"/a.mjs", "import './b.mjs'"},
                   {"/b.mjs", "import {nothing} from './c.mjs'"},
                   {"/c.mjs", "export const x = 1"}}};
  const std::string stack = world.text("import('./a.mjs').catch(e => e.stack)");
  EXPECT_NE(stack.find("imported from file:///b.mjs"), std::string::npos) << stack;
  EXPECT_NE(stack.find("imported from file:///a.mjs"), std::string::npos) << stack;
  world.tree->files["/c.mjs"] = "export const nothing = 1";
  EXPECT_EQ(world.text("import('./a.mjs').then(m => 'fine')"), "'fine'");
}

TEST(ModuleGraphs, AModuleThatWaitedIsOverWhenItIs) {
  // It has no await of its own, and is imported again after what it waited for.
  TreeWorld world{{{"/waits.mjs", "export const n = await Promise.resolve(1)"},
                   {"/user.mjs", "import {n} from './waits.mjs'; export const m = n + 1"},
                   {"/main.mjs", "import './user.mjs'"},
                   {"/later.mjs", "export {m} from './user.mjs'"}}};
  world.tree->files["/again.mjs"] = world.tree->files["/later.mjs"];
  world.import("file:///main.mjs");
  EXPECT_EQ(world.text("import('./user.mjs').then(m => m.m)"), "2");
  EXPECT_EQ(world.text("import('./again.mjs').then(m => m.m)"), "2");
}

TEST(ModuleGraphs, AnEvaluationWithinAnother) {
  // A host function that evaluates a module which imports one that is running.
  auto tree = std::make_shared<Tree>(std::map<std::string, std::string>{
      {"/outer.mjs", "export let x = 1; inner(); x = 2; import './side.mjs'"},
      {"/side.mjs", "export const side = 1"},
      {"/inner.mjs",
       "import {x} from './outer.mjs'; import {side} from './side.mjs'; globalThis.seen = [x, "
       "side]"}});
  Host host = TreeWorld::host_of(tree);
  host.function("inner", [](Call& call) {
    VM& vm = call.vm();
    vm.eval("import './inner.mjs'",
            {.file_name = "file:///nested.mjs", .type = SourceType::module});
  });
  VM vm{host};
  const Value exports = vm.run(vm.import_main("file:///outer.mjs")).value();
  EXPECT_EQ(exports["x"].as<int>(), 2);
  EXPECT_EQ(vm.global()["seen"].to_json().value(), "[1,1]");
  EXPECT_EQ(
      vm.run(vm.eval("import('file:///inner.mjs').then(() => 'once')")).value().as<std::string>(),
      "once");
}

TEST(ModuleGraphs, AThousandModulesAreQuick) {
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey& key) -> std::optional<ModuleSource> {
                 if (key.name != "all")
                   return ModuleSource{"export const x = 1; export function f() { return x }"};
                 std::string source;
                 for (int i = 0; i < 1000; ++i)
                   source += "import {x as x" + std::to_string(i) + "} from 'm" +
                             std::to_string(i) + "';\n";
                 return ModuleSource{source};
               });
  VM vm{host};
  const auto begin = std::chrono::steady_clock::now();
  vm.run(vm.eval("import('all')"));
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took, std::chrono::milliseconds(1000));
  RecordProperty(
      "us", static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
}

TEST(ModuleGraphs, AModuleOfFiftyMegabytes) {
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey&) {
                 return std::optional(ModuleSource{"export const big = '" +
                                                   std::string(50u << 20, 'x') + "'.length"});
               });
  VM vm{host};
  EXPECT_EQ(vm.run(vm.eval("import('x')")).value()["big"].as<int>(), 50 << 20);
  VM small{host, {.memory_bytes_max = 16u << 20}};
  EXPECT_EQ(small.run(small.eval("import('x').catch(String)")).value().as<std::string>(),
            "InternalError: out of memory");
  EXPECT_EQ(small.eval("1 + 1").as<int>(), 2);
}

TEST(ModuleGraphs, WithoutMemoryAnImportFailsAndTheVmGoesOn) {
  // Every allocation of a load fails once.
  TreeWorld world{
      {{"/main.mjs",
        "import {b} from './b.mjs'; import c from './c.cjs'; export const all = [b, c.x]"},
       {"/b.mjs", "export * from './d.mjs'; export const b = import.meta.filename"},
       {"/d.mjs", "export const d = 1"},
       {"/c.cjs", "exports.x = require('./e.json').n"},
       {"/e.json", "{\"n\": 5}"}}};
  const Snapshot fresh = world.vm.snapshot();
  for (std::uint64_t bytes = 0; bytes < 2'000'000; bytes += 7919) {
    VM vm{world.host, fresh};
    const std::uint64_t used = vm.memory_usage().used_bytes;
    vm.set_limits({.memory_bytes_max = used + bytes});
    bool failed = false;
    try {
      failed = !vm.run(vm.import_main("file:///main.mjs")).has_value();
    } catch (const Error&) {
      failed = true;
    }
    vm.set_limits({});
    vm.run_until_idle();
    const Value exports = vm.run(vm.import_main("file:///main.mjs")).value();
    EXPECT_EQ(exports["all"].to_json().value(), "[\"/b.mjs\",5]") << bytes;
    if (!failed) break;
  }
}

TEST(ModuleGraphs, MetaOfFiles) {  // B2, C15
  TreeWorld world{{{"/x y/%q.mjs", ""}}};
  world.tree->files = {
      {"/x%20y/a.mjs",
       "export const meta = import.meta; export const r = import.meta.resolve('./b.mjs');"
       "export let e; try { import.meta.resolve('./none') } catch (x) { e = [x.code, x.message] }"},
      {"/x%20y/b.mjs", ""}};
  const Value exports = world.import("file:///x%20y/a.mjs?q=1#f");
  EXPECT_EQ(
      exports["meta"].inspect(),
      "[Object: null prototype] {\n  dirname: '/x y',\n  filename: '/x y/a.mjs',\n  main: true,\n"
      "  resolve: [Function: resolve],\n  url: 'file:///x%20y/a.mjs?q=1#f'\n}");
  EXPECT_EQ(exports["r"].as<std::string>(), "file:///x%20y/b.mjs");
  EXPECT_EQ(exports["e"][0].as<std::string>(), "ERR_MODULE_NOT_FOUND");
  EXPECT_EQ(world.tree->requests.back().kind, ModuleRequest::Kind::meta_resolve);
}

TEST(ModuleGraphs, ReferrersOfCodeFromStrings) {
  TreeWorld world{{{"/d/a.mjs",
                    "export const f = new Function('return import(\"./x.mjs\")'); export const g = "
                    "(0, eval)('() => import(\"./x.mjs\")');"
                    "export const h = eval('new Function(\"return import(`./x.mjs`)\")');"},
                   {"/d/x.mjs", "export const x = 1"}}};
  const Value exports = world.import("file:///d/a.mjs");
  for (const char* name : {"f", "g", "h"}) {
    EXPECT_EQ(world.vm.run(exports[name]()).value()["x"].as<int>(), 1) << name;
    EXPECT_EQ(world.tree->requests.back().referrer, "file:///d/a.mjs") << name;
  }
  EXPECT_EQ(world.vm.eval("(() => { try { (0, eval)('null.x') } catch (e) { return e.stack } })()")
                .as<std::string>()
                .find('\0'),
            std::string::npos);
}

TEST(ModuleGraphs, BuiltInModulesAreShared) {
  TreeWorld world{
      {{"/a.mjs",
        "import m, {createRequire, isBuiltin} from 'node:module'; import p from 'punycode';"
        "const require = createRequire(import.meta.url);"
        "export const all = [require('module') === m, m.createRequire === createRequire, "
        "isBuiltin('punycode'), require('node:punycode') === p]"}}};
  EXPECT_EQ(world.import("file:///a.mjs")["all"].to_json().value(), "[true,true,true,true]");
}

}  // namespace
}  // namespace quiesce
