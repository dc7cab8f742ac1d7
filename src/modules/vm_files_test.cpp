// B4, D5: modules from the files of a VM, awake, restored, and after the files have changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

using testing::HasSubstr;

std::shared_ptr<FileSystem> packages() {
  return memory_files({
      {"/main.mjs", "import p from 'p'; import {x} from './lib/x.mjs'; export default p + x;"},
      {"/lib/x.mjs", "export const x = ' x'"},
      {"/node_modules/p/package.json", R"({"exports": {"import": "./p.mjs"}})"},
      {"/node_modules/p/p.mjs", "export default 'p'"},
      {"/node_modules/p/other.mjs", "export default 'other'"},
      {"/late.mjs", "export default 'late'"},
  });
}

Host host_with(std::shared_ptr<FileSystem> files, NodeModulesOptions options = {}) {
  Host host;
  if (files) host.files(Mounts().mount("/app", std::move(files)));
  host.modules(node_modules(std::move(options)));
  return host;
}

/// The default export, or "code: message".
std::string import(VM& vm, const std::string& specifier) {
  return vm
      .run(vm.eval("import('" + specifier +
                       "').then(m => String(m.default), e => e.code + ': ' + e.message)",
                   {.file_name = "/app/start.mjs"}))
      .value()
      .as<std::string>();
}

TEST(ModulesOfFiles, AreFoundInMounts) {  // B4
  VM vm{host_with(packages())};
  EXPECT_EQ(import(vm, "./main.mjs"), "p x");
  EXPECT_EQ(import(vm, "file:///app/main.mjs"), "p x");
  EXPECT_THAT(import(vm, "p/other.mjs"), HasSubstr("ERR_PACKAGE_PATH_NOT_EXPORTED"));
  EXPECT_THAT(import(vm, "../../../etc/passwd"), HasSubstr("ERR_MODULE_NOT_FOUND"));
}

TEST(ModulesOfFiles, ARestoredVmFindsThemWithoutTheFiles) {  // D5
  std::vector<std::byte> asleep;
  {
    VM vm{host_with(packages())};
    EXPECT_EQ(import(vm, "./main.mjs"), "p x");
    EXPECT_EQ(vm.files().read("/app/late.mjs"), "export default 'late'");
    asleep = vm.snapshot().to_bytes();
  }
  VM again{host_with(nullptr), Snapshot::from_bytes(asleep)};
  EXPECT_EQ(import(again, "./main.mjs"), "p x");
  EXPECT_EQ(import(again, "p"), "p");
  EXPECT_EQ(import(again, "./lib/x.mjs?again"), "undefined");  // loaded anew, from what was seen
  EXPECT_EQ(import(again, "./late.mjs"), "late");              // read before, though not imported
  EXPECT_THAT(import(again, "./nothing.mjs"), HasSubstr("ERR_MODULE_NOT_FOUND"));
}

TEST(ModulesOfFiles, WhatIsWrittenCountsAtOnce) {
  VM vm{host_with(nullptr)};
  Files files = vm.files();
  files.make_directories("/app/node_modules/p");
  files.write("/app/node_modules/p/a.mjs", "export default 'a'");
  files.write("/app/node_modules/p/b.mjs", "export default 'b'");
  EXPECT_THAT(import(vm, "p"), HasSubstr("ERR_MODULE_NOT_FOUND"));
  files.write("/app/node_modules/p/package.json", R"({"exports": "./a.mjs"})");
  EXPECT_EQ(import(vm, "p"), "a");
  files.write("/app/node_modules/p/package.json", R"({"exports": "./b.mjs"})");
  EXPECT_EQ(import(vm, "p"), "b");
  files.write("/app/node_modules/p/package.json", "{");
  EXPECT_THAT(import(vm, "p"), HasSubstr("ERR_INVALID_PACKAGE_CONFIG"));
  files.remove("/app/node_modules/p/package.json");
  files.make_link("/app/node_modules/p/index.js", "a.mjs");
  EXPECT_EQ(import(vm, "p"), "a");
}

// One loader for all: what one VM has says nothing about another.
TEST(ModulesOfFiles, VmsThatShareALoaderShareNoFiles) {
  const Host host = host_with(nullptr);
  VM first{host}, second{host};
  for (VM* vm : {&first, &second}) vm->files().make_directories("/app/node_modules/p");
  first.files().write("/app/node_modules/p/package.json", R"({"main": "m.mjs"})");
  second.files().write("/app/node_modules/p/package.json", R"({"main": "n.mjs"})");
  first.files().write("/app/node_modules/p/m.mjs", "export default 'first'");
  second.files().write("/app/node_modules/p/n.mjs", "export default 'second'");
  EXPECT_EQ(import(first, "p"), "first");
  EXPECT_EQ(import(second, "p"), "second");
}

TEST(ModulesOfFiles, LinksThatGoInCirclesLeadNowhere) {
  VM vm{host_with(nullptr)};
  vm.files().make_directories("/app/node_modules");
  vm.files().make_link("/app/loop.mjs", "loop.mjs");
  vm.files().make_link("/app/node_modules/p", "p");
  vm.files().make_link("/app/up", "..");
  vm.files().write("/app/a.mjs", "export default 'a'");
  EXPECT_THAT(import(vm, "./loop.mjs"), HasSubstr("ERR_MODULE_NOT_FOUND"));
  EXPECT_THAT(import(vm, "p"), HasSubstr("ERR_MODULE_NOT_FOUND"));
  EXPECT_EQ(import(vm, "./up/app/up/app/a.mjs"), "a");
}

TEST(ModulesOfFiles, NamesOfAllKinds) {  // C10
  VM vm{host_with(nullptr)};
  vm.files().make_directory("/app");
  for (const std::string name : {"a b", "a%b", "a?b", "a#b", "a\"b", "\xC3\xA9", "a\\nb"}) {
    const std::string real = vm.eval("'" + name + "'").as<std::string>();
    vm.files().write("/app/" + real + ".mjs", "export default import.meta.url");
    const std::string url = path_to_file_url("/app/" + real + ".mjs");
    EXPECT_EQ(
        vm.run(vm.eval("import('" + url + "').then(m => m.default)")).value().as<std::string>(),
        url);
  }
  EXPECT_THAT(import(vm, "./a%5Cb.mjs"), HasSubstr("ERR_INVALID_MODULE_SPECIFIER"));  // as in Node
  EXPECT_THAT(import(vm, "./\\u0000x"), HasSubstr("ERR_MODULE_NOT_FOUND"));
  EXPECT_THAT(import(vm, "./\\ud800"), HasSubstr("ERR_MODULE_NOT_FOUND"));
  EXPECT_THAT(import(vm, "./" + std::string(5000, 'x')), HasSubstr("ERR_MODULE_NOT_FOUND"));
}

// B4: packages in CommonJS, by `require` and by import.
TEST(ModulesOfFiles, CommonJsPackages) {
  const auto tree = memory_files({
      {"/main.cjs",
       "const p = require('p'), data = require('./data'), {esm} = require('p/esm');"
       "module.exports = [p.name, p.inner, data.x, esm, require('./style.css').css,"
       " require.resolve('p').slice(-8), require('#own')].join()"},
      {"/package.json",
       R"({"imports": {"#own": {"require": "./own.cjs", "default": "./own.mjs"}}})"},
      {"/own.cjs", "module.exports = 'own'"},
      {"/data.json", "{\"x\": 1}"},
      {"/style.css", "exports.css = 'css'"},
      {"/node_modules/p/package.json",
       R"({"exports": {".": {"import": "./main.mjs", "require": "./main"}, "./esm": "./esm.js"}})"},
      {"/node_modules/p/main", "exports.name = 'p'; exports.inner = require('../q')"},
      {"/node_modules/p/main.mjs", "export default 'import'"},
      {"/node_modules/p/esm.js", "export const esm = 'esm'"},
      {"/node_modules/q/package.json", R"({"main": "lib"})"},
      {"/node_modules/q/lib/index.js", "module.exports = 'q'"},
      {"/names.mjs", "import q, * as all from './own.cjs'; export default q + Object.keys(all)"},
      {"/bad.cjs",
       "const codes = []; for (const name of ['./none', 'none', 'p/none', './a.node',"
       " 'node:none']) try { require(name) } catch (e) { codes.push(e.code) }"
       "module.exports = codes.join()"},
      {"/a.node", ""},
  });
  VM vm{host_with(tree)};
  EXPECT_EQ(import(vm, "./main.cjs"), "p,q,1,esm,css,s/p/main,own");
  EXPECT_EQ(import(vm, "p"), "import");
  EXPECT_THAT(import(vm, "./names.mjs"), HasSubstr("owndefault"));
  EXPECT_EQ(import(vm, "./bad.cjs"),
            "MODULE_NOT_FOUND,MODULE_NOT_FOUND,ERR_PACKAGE_PATH_NOT_EXPORTED,ERR_DLOPEN_DISABLED,"
            "ERR_UNKNOWN_BUILTIN_MODULE");
}

TEST(ModulesOfFiles, TheMainModuleIsNamedFromTheBase) {
  const auto tree = memory_files({{"/package.json", R"({"name": "app", "main": "start"})"},
                                  {"/start.js", "module.exports = require.main === module"}});
  VM vm{host_with(tree, {.base = "file:///app/"})};
  EXPECT_TRUE(vm.run(vm.import_main("./start.js")).value()["default"].as<bool>());
}

TEST(ModulesOfFiles, TypeScriptAndTheLenientResolver) {  // B1, B9
  const auto tree = memory_files(
      {{"/a/index.js", "export {default} from './part'"}, {"/a/part.js", "export default 'part'"}});
  VM lenient{host_with(tree, {.resolver = std::make_shared<LenientResolver>()})};
  EXPECT_EQ(import(lenient, "./a"), "part");
  if (!has_typescript()) return;
  VM typed{host_with(memory_files({{"/a.ts", "export default ('ts' as string)"}}))};
  EXPECT_EQ(import(typed, "./a.ts"), "ts");
}

}  // namespace
}  // namespace quiesce
