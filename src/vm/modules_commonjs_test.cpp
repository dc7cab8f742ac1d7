// CommonJS modules, and what they and ES modules see of each other.
#include "vm/modules_testing.hpp"

namespace quiesce {
namespace {

std::string main_of(TreeWorld& world, const std::string& code) {
  world.tree->files["/main.cjs"] = "module.exports = eval(" + std::string("`") + code + "`)";
  return world.import("file:///main.cjs")["default"].inspect();
}

TEST(CommonJs, AMainModuleHasWhatNodeGivesIt) {
  TreeWorld world{{{"/app/main.cjs",
                    "#!/usr/bin/env node\n"
                    "exports.names = [__filename, __dirname, module.id, module.filename, "
                    "module.path, module.loaded, typeof require, this === module.exports, "
                    "arguments.length, require.main === module, module.children.length, "
                    "module.paths.join(':'), module.parent];\n"
                    "undeclared = 1;  // sloppy\n"
                    "if (exports.names) return;\n"
                    "throw new Error('returned above');\n"}}};
  const Value exports = world.import("file:///app/main.cjs");
  EXPECT_EQ(
      exports["default"]["names"].to_json().value(),
      "[\"/app/main.cjs\",\"/app\",\".\",\"/app/main.cjs\",\"/app\",false,\"function\",true,5,"
      "true,0,\"/app/node_modules:/node_modules\",null]");
  EXPECT_TRUE(exports["module.exports"].strictly_equals(exports["default"]));
  EXPECT_TRUE(exports["names"].strictly_equals(exports["default"]["names"]));
  EXPECT_EQ(world.vm.eval("undeclared").as<int>(), 1);
}

TEST(CommonJs, RequireRunsOnceAndKeepsACache) {
  TreeWorld world{
      {{"/a.cjs", "globalThis.runs = (globalThis.runs ?? 0) + 1; exports.b = require('./b.cjs')"},
       {"/b.cjs", "exports.n = 7; exports.parent = module.parent.id"},
       {"/d.json", "{\"x\": [1]}"},
       {"/t.txt", "text"}}};
  EXPECT_EQ(main_of(world,
                    "[require('./a.cjs') === require('./a.cjs'), require('./a.cjs').b.n, runs, "
                    "require('./a.cjs').b.parent, require('./d.json').x[0], require('./t.txt'), "
                    "Object.keys(require.cache).join(), require.resolve('./a.cjs'), "
                    "module.children.map(m => m.id).join()]"),
            "[\n  true,\n  7,\n  1,\n  '/a.cjs',\n  1,\n  'text',\n  "
            "'/main.cjs,/a.cjs,/b.cjs,/d.json,/t.txt',\n  '/a.cjs',\n  '/a.cjs,/d.json,/t.txt'\n]");
  EXPECT_EQ(world.tree->loads.size(), 5u);
  EXPECT_EQ(world.tree->loads[1].kind, ModuleRequest::Kind::require);
  EXPECT_EQ(world.tree->requests[1].kind, ModuleRequest::Kind::require);
  EXPECT_EQ(world.tree->requests[1].referrer, "file:///main.cjs");
}

TEST(CommonJs, ADeletedModuleRunsAgain) {
  TreeWorld world{{{"/a.cjs", "exports.n = globalThis.n = (globalThis.n ?? 0) + 1"}}};
  EXPECT_EQ(main_of(world,
                    "require('./a.cjs'); delete require.cache[require.resolve('./a.cjs')]; "
                    "require('./a.cjs').n"),
            "2");
}

TEST(CommonJs, CyclesSeePartialExports) {
  TreeWorld world{
      {{"/a.cjs", "exports.early = 1; exports.b = require('./b.cjs'); exports.late = 2"},
       {"/b.cjs", "const a = require('./a.cjs'); exports.seen = Object.keys(a).join()"}}};
  EXPECT_EQ(main_of(world, "require('./a.cjs').b.seen"), "'early'");
}

TEST(CommonJs, WhatThrewIsForgottenAndRunsAgain) {
  TreeWorld world{{{"/a.cjs",
                    "globalThis.n = (globalThis.n ?? 0) + 1; if (n < 2) throw new Error('first'); "
                    "exports.n = n"}}};
  EXPECT_EQ(main_of(world,
                    "let e; try { require('./a.cjs') } catch (x) { e = x.message } [e, "
                    "require('./a.cjs').n, module.children.length]"),
            "[ 'first', 2, 1 ]");
}

TEST(CommonJs, ErrorsHaveCodesAndExactPositions) {
  TreeWorld world{{{"/bad.cjs", "let x = 1; let y = ;"},
                   {"/throws.cjs", "throw new Error('here')"},
                   {"/deep.cjs", "exports.f = () => {\n  throw new Error('deep')\n}"},
                   {"/bad.json", "{\n  \"a\": oops}"}}};
  world.tree->files["/script.cjs"] =
      "const all = {}; for (const f of ['./bad.cjs', './throws.cjs', './bad.json']) "
      "try { require(f) } catch (e) { all[f] = e.name + ': ' + e.message + e.stack }"
      "try { require('./deep.cjs').f() } catch (e) { all.deep = e.stack }"
      "try { require('./none') } catch (e) { all.none = [e.code, e.requireStack] }"
      "try { require('') } catch (e) { all.empty = e.code }"
      "try { require(5) } catch (e) { all.number = [e.name, e.code] }"
      "try { require('node:nothing') } catch (e) { all.builtin = e.code }"
      "module.exports = all";
  const Value all = world.import("file:///script.cjs")["default"];
  EXPECT_NE(all["./bad.cjs"].as<std::string>().find("/bad.cjs:1:20"), std::string::npos)
      << all["./bad.cjs"].as<std::string>();
  EXPECT_NE(all["./throws.cjs"].as<std::string>().find("(/throws.cjs:1:11)"), std::string::npos)
      << all["./throws.cjs"].as<std::string>();
  EXPECT_NE(all["deep"].as<std::string>().find("(/deep.cjs:2:"), std::string::npos);
  EXPECT_NE(all["./bad.json"].as<std::string>().find("bad.json:2:"), std::string::npos)
      << all["./bad.json"].as<std::string>();
  EXPECT_EQ(all["none"].to_json().value(), "[\"MODULE_NOT_FOUND\",[\"/script.cjs\"]]");
  EXPECT_EQ(all["empty"].as<std::string>(), "ERR_INVALID_ARG_VALUE");
  EXPECT_EQ(all["number"].to_json().value(), "[\"TypeError\",\"ERR_INVALID_ARG_TYPE\"]");
  EXPECT_EQ(all["builtin"].as<std::string>(), "ERR_UNKNOWN_BUILTIN_MODULE");
}

TEST(CommonJs, TheBodyIsAFunctionsBody) {
  TreeWorld world{
      {{"/strict.cjs", "'use strict'; exports.f = function () { return this === undefined }"},
       {"/names.cjs",
        "let exports2 = 1; var require2 = require; function f() { return new.target }"
        "exports.t = new f() === f; exports.text = f.toString();"
        "{ function hoisted() {} } exports.h = typeof hoisted; exports.e = eval('__filename');"
        "exports.html = 1 <!-- a comment\n"},
       {"/await.cjs", "const await = 1; exports.await = await"},
       {"/esm.cjs", "export const x = 1"},
       {"/redeclare.cjs", "let require = 1"},
       {"/using.cjs",
        "const log = exports.log = []; using r = {[Symbol.dispose]() { log.push('gone') }}; "
        "log.push('body')"}}};
  EXPECT_EQ(main_of(world, "(0, require('./strict.cjs').f)()"), "true");
  const Value names = [&] {
    world.tree->files["/m2.cjs"] = "module.exports = require('./names.cjs')";
    return world.import("file:///m2.cjs")["default"];
  }();
  EXPECT_EQ(
      names.to_json().value(),
      "{\"t\":true,\"text\":\"function f() { return new.target }\",\"h\":\"function\",\"e\":\"/"
      "names.cjs\",\"html\":1}");
  EXPECT_EQ(world.import("file:///await.cjs")["default"]["await"].as<int>(), 1);
  EXPECT_EQ(world.failure("file:///esm.cjs").substr(0, 11), "SyntaxError");
  EXPECT_EQ(world.failure("file:///redeclare.cjs").substr(0, 11), "SyntaxError");
  EXPECT_EQ(world.import("file:///using.cjs")["default"]["log"].to_json().value(),
            "[\"body\",\"gone\"]");
}

TEST(CommonJs, EsModulesImportIt) {  // C15
  TreeWorld world{
      {{"/c.cjs",
        "globalThis.runs = (globalThis.runs ?? 0) + 1; exports.a = 1; exports.b = () => 2;"
        "Object.defineProperty(exports, '__esModule', {value: true}); exports.default = 'd'"},
       {"/re.cjs", "module.exports = require('./c.cjs')"},
       {"/fn.cjs", "module.exports = function () { return 5 }; module.exports.extra = 6"},
       {"/getter.cjs",
        "Object.defineProperty(exports, 'bad', {enumerable: true, get: function () { return x.y "
        "}}); exports.good = 1"},
       {"/main.mjs",
        "import c, {a, b, __esModule as mark} from './c.cjs'; import * as re from './re.cjs';"
        "import fn, {extra} from './fn.cjs'; import * as g from './getter.cjs';"
        "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"
        "export const all = [c.default, a, b(), mark, Object.keys(re).join(), re.default === c, "
        "fn(), extra, "
        "require('./c.cjs') === c, runs, Object.keys(g).join(), g.good]"}}};
  EXPECT_EQ(world.import("file:///main.mjs")["all"].to_json().value(),
            "[\"d\",1,2,true,\"__esModule,a,b,default,module.exports\",true,5,6,true,1,"
            "\"bad,default,good,module.exports\",1]");
}

TEST(CommonJs, RequiresEsModules) {
  TreeWorld world{
      {{"/named.mjs", "export const x = 1; export let y = 2"},
       {"/default.mjs", "export default 5; export const z = 3"},
       {"/whole.mjs", "const f = () => 'whole'; export {f as 'module.exports'}; export default 1"},
       {"/marked.mjs", "export const __esModule = false; export default 1"},
       {"/waits.mjs", "await null; export const n = 1"},
       {"/outer.mjs", "import './waits.mjs'"},
       {"/throws.mjs", "throw globalThis.reason = new Error('evaluated')"},
       {"/syntax.mjs", "import './broken.mjs'"},
       {"/broken.mjs", "\n let 1"}}};
  world.tree->files["/main.cjs"] =
      "const out = exports; const named = require('./named.mjs'); out.named = [named.x, named.y, "
      "require('./named.mjs') === named, Object.prototype.toString.call(named)];"
      "const d = require('./default.mjs'); out.d = [d.default, d.z, d.__esModule, "
      "Object.keys(d).join()];"
      "out.whole = require('./whole.mjs')(); out.marked = "
      "Object.keys(require('./marked.mjs')).join();"
      "for (const f of ['./waits.mjs', './outer.mjs', './throws.mjs', './throws.mjs', "
      "'./syntax.mjs'])"
      "  try { require(f); out[f] = 'fine' } catch (e) { out[f] = [e.code, e === "
      "globalThis.reason, e.name] }";
  const Value out = world.import("file:///main.cjs")["default"];
  EXPECT_EQ(out["named"].to_json().value(), "[1,2,true,\"[object Module]\"]");
  EXPECT_EQ(out["d"].to_json().value(), "[5,3,true,\"__esModule,default,z\"]");
  EXPECT_EQ(out["whole"].as<std::string>(), "whole");
  EXPECT_EQ(out["marked"].as<std::string>(), "__esModule,default");
  EXPECT_EQ(out["./waits.mjs"].to_json().value(), "[\"ERR_REQUIRE_ASYNC_MODULE\",false,\"Error\"]");
  EXPECT_EQ(out["./outer.mjs"].to_json().value(), "[\"ERR_REQUIRE_ASYNC_MODULE\",false,\"Error\"]");
  EXPECT_EQ(out["./throws.mjs"].to_json().value(), "[null,true,\"Error\"]");
  EXPECT_EQ(out["./syntax.mjs"].to_json().value(), "[null,false,\"SyntaxError\"]");
  EXPECT_EQ(world.text("import('./waits.mjs').then(m => m.n)"), "1");
}

TEST(CommonJs, CyclesOfBothKindsAreErrors) {
  TreeWorld world{{{"/a.mjs", "import b from './b.cjs'; export {b}; export const a = 1"},
                   {"/b.cjs", "try { require('./a.mjs') } catch (e) { module.exports = e.code }"}}};
  EXPECT_EQ(world.import("file:///a.mjs")["b"].as<std::string>(), "ERR_REQUIRE_CYCLE_MODULE");
}

TEST(CommonJs, DynamicImportKeepsItsReferrer) {
  TreeWorld world{{{"/lib/a.cjs",
                    "exports.load = () => import('./x.mjs'); exports.later = new Function('return "
                    "import(\"./x.mjs\")');"
                    "exports.timer = () => new Promise(r => setImmediate(() => "
                    "r(eval('import(\"./x.mjs\")'))))"},
                   {"/lib/x.mjs", "export const x = import.meta.url"}}};
  const Value exports = world.import("file:///lib/a.cjs")["default"];
  for (const char* name : {"load", "later", "timer"}) {
    const Value found = world.vm.run(exports[name]()).value();
    EXPECT_EQ(found["x"].as<std::string>(), "file:///lib/x.mjs") << name;
    EXPECT_EQ(world.tree->requests.back().referrer, "file:///lib/a.cjs") << name;
  }
}

TEST(CommonJs, NodeModule) {
  TreeWorld world{{{"/a.cjs", "exports.a = 1"}, {"/q?x.cjs", ""}}};
  EXPECT_EQ(
      main_of(world,
              "const Module = require('module'); const m = new Module('/virtual.js'); "
              "m.filename = '/virtual.js'; m._compile('exports.dir = __dirname; exports.a = "
              "require(\"./a.cjs\").a', '/virtual.js');"
              "[Module === Module.Module, module instanceof Module, m.exports.dir, m.exports.a, "
              "Module.isBuiltin('node:module'), Module.isBuiltin('nothing'), "
              "Module.builtinModules.includes('module'), "
              "Module.wrap('x'), Module._load('./a.cjs', module) === require('./a.cjs'), "
              "Module._resolveFilename('./a.cjs', module), require.resolve('module'), "
              "require('node:module') === Module, "
              "Module.createRequire('/x/').resolve('../a.cjs'), "
              "require.resolve.paths('x').join()].join('|')"),
      "'true|true|/|1|true|false|true|(function (exports, require, module, __filename, __dirname) "
      "{ x\\n' +\n  '});|true|/a.cjs|module|true|/a.cjs|/node_modules'");
}

TEST(CommonJs, APatchedLoaderIsUsed) {
  TreeWorld world{{{"/a.cjs", "exports.a = 1"}, {"/x.foo", "unread"}}};
  EXPECT_EQ(main_of(world,
                    "const Module = require('module'); const load = Module._load; "
                    "Module._load = (request, ...rest) => request === 'mock' ? {mock: 1} : "
                    "load(request, ...rest);"
                    "require.extensions['.foo'] = (m, file) => { m.exports = 'foo ' + file };"
                    "[require('mock').mock, require('./a.cjs').a, require('./x.foo')].join()"),
            "'1,1,foo /x.foo'");
}

TEST(CommonJs, APatchedRealmDoesNotBreakIt) {
  TreeWorld world{{{"/a.cjs", "exports.one = 1; exports.two = require('./b.cjs')"},
                   {"/b.cjs", "module.exports = 'b'"}}};
  world.vm.eval(R"((() => {
    const define = Object.defineProperty, keys = Reflect.ownKeys, text = String;
    const classes = [Array, String, Object, Function, Map, Set, RegExp, Promise];
    for (let i = 0; i < classes.length; ++i) {
      const names = keys(classes[i].prototype);
      for (let n = 0; n < names.length; ++n) {
        if (names[n] === 'constructor' || names[n] === 'length') continue;
        const value = () => { throw new TypeError('patched ' + text(names[n])) };
        const patch = {__proto__: null, value, configurable: true, writable: true};
        try { define(classes[i].prototype, names[n], patch) } catch {}
      }
    }
    const names = ['id', 'filename', 'exports', 'loaded', 'children', '0', 'parent', 'resolve'];
    for (let i = 0; i < names.length; ++i) {
      const set = () => { throw new TypeError('setter ' + names[i]) };
      define(Object.prototype, names[i], {__proto__: null, set, get() {}, configurable: true});
    }
    const globals = ['Array', 'Object', 'String', 'Map', 'Set', 'Error', 'Symbol', 'Reflect'];
    for (let i = 0; i < globals.length; ++i) delete globalThis[globals[i]];
  })())");
  const Value exports = world.import("file:///a.cjs");
  EXPECT_EQ(exports["default"]["one"].as<int>(), 1);
  EXPECT_EQ(exports["one"].as<int>(), 1);
  EXPECT_EQ(exports["default"]["two"].as<std::string>(), "b");
}

TEST(CommonJs, SleepsAndWakes) {
  TreeWorld world{{{"/a.cjs",
                    "exports.n = 1; exports.again = () => require('./a.cjs'); exports.more = () => "
                    "require('./b.cjs')"},
                   {"/b.cjs", "exports.b = 'late'"}}};
  world.vm.keep("a", world.import("file:///a.cjs")["default"]);
  world.vm.eval("0");
  const Snapshot sleep = world.vm.snapshot();
  const auto empty =
      std::make_shared<Tree>(std::map<std::string, std::string>{{"/a.cjs", "throw 1"}});
  VM again{TreeWorld::host_of(empty), sleep};
  EXPECT_EQ(again.module_names(), (std::vector<std::string>{"file:///a.cjs"}));
  const Value a = again.kept("a").value();
  EXPECT_TRUE(a["again"]().strictly_equals(a));
  EXPECT_TRUE(empty->loads.empty());
  EXPECT_THROW(a["more"](), JSError);
  empty->files["/b.cjs"] = "exports.b = 'new host'";
  EXPECT_EQ(a["more"]()["b"].as<std::string>(), "new host");
  EXPECT_EQ(again.module_names(), (std::vector<std::string>{"file:///a.cjs", "file:///b.cjs"}));
}

TEST(CommonJs, NamesAreExact) {  // C10
  using namespace std::string_literals;
  for (const std::string& name : {"q'uo\"te"s, "nul\0l"s, "\xED\xA0\x80x"s, "per%cent ? # [x]"s}) {
    Host host;
    host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
                 [](VM&, const ModuleKey&) {
                   return std::optional(
                       ModuleSource{"exports.name = __filename", ModuleSource::Format::commonjs});
                 });
    VM vm{host};
    EXPECT_EQ(vm.run(vm.import_main(name)).value()["name"].as<std::string>(), name);
    EXPECT_EQ(vm.module_names(), std::vector<std::string>{name});
  }
  TreeWorld world{
      {{"/a%20b%25%23.cjs",
        "exports.f = [__filename, __dirname, require('./a%20b%25%23.cjs') === exports]"}}};
  EXPECT_EQ(world.import("file:///a%20b%25%23.cjs")["default"]["f"].to_json().value(),
            "[\"/a b%#.cjs\",\"/\",true]");
}

TEST(CommonJs, LoadersThatThrowOrAnswerRubbish) {
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) -> std::optional<std::string> {
        if (request.specifier == "thrown")
          throw ModuleError("ERR_MINE", "mine", ModuleError::Class::type_error);
        if (request.specifier == "secret") throw std::runtime_error("a path of the host");
        return request.specifier;
      },
      [](VM& vm, const ModuleKey& key) -> std::optional<ModuleSource> {
        if (key.name == "main") {
          return ModuleSource{
              "exports.all = ['thrown', 'secret', 'none', 'number', 'bad'].map(n => {"
              " try { require(n) } catch (e) { return [e.name, e.code, e.message] } })",
              ModuleSource::Format::commonjs};
        }
        if (key.name == "number") return ModuleSource::later(vm.value(1));
        if (key.name == "bad") return ModuleSource{"\xff", ModuleSource::Format::commonjs};
        return std::nullopt;
      });
  VM vm{host};
  EXPECT_EQ(vm.run(vm.import_main("main")).value()["all"].to_json().value(),
            "[[\"TypeError\",\"ERR_MINE\",\"mine\"],[\"Error\",null,\"internal error\"],"
            "[\"Error\",\"MODULE_NOT_FOUND\",\"Cannot find module 'none' imported from 'main'\"],"
            "[\"TypeError\",null,\"the loader's source of module 'number' is neither content nor a "
            "promise of this VM\"],"
            "[\"Error\",null,\"the source of module 'bad' is not UTF-8: bad byte at offset 0\"]]");
}

TEST(CommonJs, BuiltInsAreTheHostsDecision) {
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) -> std::optional<std::string> {
        if (request.specifier == "node:punycode" || request.specifier == "punycode")
          return std::nullopt;
        return request.specifier == "module" ? "node:module" : request.specifier;
      },
      [](VM&, const ModuleKey&) -> std::optional<ModuleSource> {
        return ModuleSource{
            "const Module = require('module'); Module._resolveFilename = () => 'punycode';"
            "try { require('punycode') } catch (e) { exports.code = e.code }",
            ModuleSource::Format::commonjs};
      });
  VM vm{host};
  EXPECT_EQ(vm.run(vm.import_main("main")).value()["default"]["code"].as<std::string>(),
            "MODULE_NOT_FOUND");
}

TEST(CommonJs, MainModulesOfAnyFormat) {
  TreeWorld world{{{"/m.mjs",
                    "export const main = import.meta.main; export const inner = (await "
                    "import('./n.mjs')).main"},
                   {"/n.mjs", "export const main = import.meta.main"},
                   {"/d.json", "{\"a\": 1}"}}};
  const Value exports = world.import("file:///m.mjs");
  EXPECT_TRUE(exports["main"].as<bool>());
  EXPECT_FALSE(exports["inner"].as<bool>());
  EXPECT_EQ(world.import("file:///d.json")["default"]["a"].as<int>(), 1);
  EXPECT_EQ(world.failure("file:///none.mjs"),
            "Error: Cannot find module 'file:///none.mjs' imported from ''");
}

}  // namespace
}  // namespace quiesce
