// A22, C10, C15: ES modules whose names and sources the host gives.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

using namespace std::string_literals;

constexpr EvalOptions module_options() { return {.type = SourceType::module}; }

/// Sources by name. "./x" is relative to nothing: names have no folders here.
class Files final : public ModuleLoader {
 public:
  explicit Files(std::map<std::string, std::string> given) : sources(std::move(given)) {}

  std::optional<std::string> resolve(VM&, const ModuleRequest& request) override {
    requests.push_back(request);
    return request.specifier.starts_with("./") ? request.specifier.substr(2) : request.specifier;
  }
  std::optional<ModuleSource> load(VM&, const ModuleKey& key) override {
    loads.push_back(key.name);
    const auto found = sources.find(key.name);
    if (found == sources.end()) return std::nullopt;
    const auto type = key.attributes.find("type");
    ModuleSource source{found->second};
    if (type != key.attributes.end() && type->second == "json")
      source.format = ModuleSource::Format::json;
    if (type != key.attributes.end() && type->second == "text")
      source.format = ModuleSource::Format::text;
    if (type != key.attributes.end() && type->second == "bytes")
      source.format = ModuleSource::Format::bytes;
    return source;
  }

  std::map<std::string, std::string> sources;
  std::vector<ModuleRequest> requests;
  std::vector<std::string> loads;
};

struct World {
  World(std::initializer_list<std::pair<const std::string, std::string>> sources)
      : files(std::make_shared<Files>(sources)), host(make_host(files)), vm(host) {}

  static Host make_host(const std::shared_ptr<Files>& files) {
    Host host;
    host.modules(files);
    return host;
  }
  Value import(const std::string& source, const std::string& name = "main") {
    return vm.run(vm.eval(source, {.file_name = name, .type = SourceType::module})).value();
  }
  std::string failure(const std::string& source) {
    try {
      import(source);
    } catch (const JSError& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  std::shared_ptr<Files> files;
  Host host;
  VM vm;
};

TEST(Modules, StaticImportsAndTheNamespace) {  // A22
  World world{{"a", "import {b} from './b'; export const a = 'a' + b; export default 1"},
              {"b", "export const b = 'b'"}};
  const Value exports = world.import("export * from './a'; export {a as x} from './a'");
  EXPECT_EQ(exports["a"].as<std::string>(), "ab");
  EXPECT_EQ(exports["x"].as<std::string>(), "ab");
  EXPECT_TRUE(exports["default"].is_undefined());
  EXPECT_EQ(world.files->loads, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(world.files->requests[0].referrer, "main");
  EXPECT_EQ(world.files->requests[1].referrer, "a");
}

TEST(Modules, CyclesAndLiveBindings) {  // A22
  World world{{"a",
               "import {b, readA} from './b'; export let a = 1; export const bump = () => ++a;"
               "export const seen = () => [a, b, readA()].join()"},
              {"b", "import {a} from './a'; export const b = 'b'; export const readA = () => a"}};
  const Value exports = world.import("export * from './a'");
  EXPECT_EQ(exports["seen"]().as<std::string>(), "1,b,1");
  exports["bump"]();
  EXPECT_EQ(exports["seen"]().as<std::string>(), "2,b,2");
  EXPECT_EQ(exports["a"].as<int>(), 2);
}

TEST(Modules, TheEntryIsFoundByItsName) {  // A22
  World world{{"a", "import {late} from 'main'; export const read = () => late"}};
  const Value exports =
      world.import("import {read} from './a'; export const late = 7; export {read}");
  EXPECT_EQ(exports["read"]().as<int>(), 7);
  EXPECT_EQ(world.files->loads, (std::vector<std::string>{"a"}));
}

TEST(Modules, DynamicImportFromScriptsModulesAndEval) {  // A22
  World world{{"a", "export const a = 1; export const again = () => import('./a')"}};
  const Value promise = world.vm.eval("import('./a')", {.file_name = "script.js"});
  const Value exports = world.vm.run(promise).value();
  EXPECT_EQ(exports["a"].as<int>(), 1);
  EXPECT_EQ(world.files->requests[0].referrer, "script.js");
  EXPECT_EQ(world.files->requests[0].kind, ModuleRequest::Kind::dynamic_import);
  EXPECT_TRUE(world.vm.run(exports["again"]()).value().strictly_equals(exports));
  EXPECT_EQ(world.files->requests[1].referrer, "a");
  world.vm.run(world.vm.eval("eval(`import('./a')`)", {.file_name = "evil.js"}));
  EXPECT_EQ(world.files->requests[2].referrer, "evil.js");
  EXPECT_EQ(world.files->loads.size(), 1u);
}

TEST(Modules, TopLevelAwait) {  // A22
  World world{{"slow", "export let x = 1; await null; await null; x = 2"},
              {"gate", "export const value = await globalThis.gate"}};
  EXPECT_EQ(world.import("import {x} from './slow'; export const y = x + 1")["y"].as<int>(), 3);
  const Value gate = world.vm.eval("new Promise(r => { globalThis.open = r })");
  world.vm.global().set("gate", gate);
  const Value promise =
      world.vm.eval("export {value} from './gate'", {.file_name = "m", .type = SourceType::module});
  EXPECT_FALSE(world.vm.run(promise).has_value());
  world.vm.eval("open(42)");
  EXPECT_EQ(world.vm.run(promise).value()["value"].as<int>(), 42);
}

TEST(Modules, LoadedModulesSleepAndWake) {  // A22
  World world{{"a", "export const box = {n: 1}; export const meta = () => import.meta.url"}};
  const Value exports =
      world.import("import {box, meta} from './a'; box.n = 5; export {box, meta}");
  world.vm.keep("exports", exports);
  const Snapshot sleep = world.vm.snapshot();

  Host silent;
  silent.modules([](VM&, const ModuleRequest&) { return std::optional("a"s); },
                 [](VM&, const ModuleKey&) -> std::optional<ModuleSource> {
                   throw std::runtime_error("nobody should ask");
                 });
  VM again{silent, sleep};
  const Value found = again.run(again.eval("import('./a')")).value();
  EXPECT_EQ(found["box"]["n"].as<int>(), 5);
  EXPECT_TRUE(found["box"].strictly_equals(again.kept("exports").value()["box"]));
  EXPECT_EQ(found["meta"]().as<std::string>(), "a");
}

TEST(Modules, AFailedLoadIsRetried) {  // A22
  World world{{"a", "export {b} from './b'"}};
  EXPECT_EQ(world.failure("import './a'"), "Error: Cannot find module './b' imported from 'a'");
  world.files->sources["b"] = "export const b = (";
  EXPECT_EQ(world.failure("import './a'").substr(0, 12), "SyntaxError:");
  world.files->sources["b"] = "export const c = 3";
  EXPECT_EQ(world.failure("import {b} from './a'").substr(0, 12),
            "SyntaxError:");  // no such export
  world.files->sources["b"] = "export const b = 3";
  EXPECT_EQ(world.import("export {b} from './a'")["b"].as<int>(), 3);
  EXPECT_EQ(world.files->loads, (std::vector<std::string>{"a", "b", "a", "b", "a", "b", "a", "b"}));
}

TEST(Modules, AModuleThatThrewGivesTheSameErrorAgain) {  // A22
  World world{{"bad", "globalThis.count = (globalThis.count ?? 0) + 1; throw new Error('once')"},
              {"user", "import './bad'"}};
  const Value same =
      world.vm
          .run(world.vm.eval(
              "(async () => { const e = []; for (const m of ['./bad', './bad', './user'])"
              "  await import(m).catch(x => e.push(x)); return e[0] === e[1] && e[1] === e[2] "
              "})()"))
          .value();
  EXPECT_TRUE(same.as<bool>());
  EXPECT_EQ(world.vm.global()["count"].as<int>(), 1);
}

TEST(Modules, ErrorsOfTheLoaderKeepTheirIdentity) {  // A22, C9
  struct Refused : Error {
    Refused() : Error(Errc::io, "the disk is gone") {}
  };
  Host host;
  std::optional<Value> own;
  host.modules(
      [&](VM& vm, const ModuleRequest& request) -> std::optional<std::string> {
        if (request.specifier == "own") {
          own = vm.eval("new RangeError('mine')");
          try {
            vm.eval("(e) => { throw e }")(*own);
          } catch (...) {
            throw;
          }
        }
        return request.specifier;
      },
      [](VM&, const ModuleKey& key) -> std::optional<ModuleSource> {
        if (key.name == "secret") throw std::runtime_error("the secret file is gone");
        throw Refused();
      });
  VM vm{host};
  try {
    vm.eval("import 'x'", module_options());
    FAIL();
  } catch (const JSError& error) {
    EXPECT_STREQ(error.what(), "Error: the disk is gone");
    EXPECT_THROW(std::rethrow_exception(error.nested()), Refused);
  }
  try {
    vm.eval("import 'own'", module_options());
    FAIL();
  } catch (const JSError& error) {
    EXPECT_TRUE(error.value().strictly_equals(*own));
    EXPECT_EQ(error.name(), "RangeError");
  }
  EXPECT_EQ(vm.run(vm.eval("import('secret').catch(e => e.message)")).value().as<std::string>(),
            "internal error");
}

TEST(Modules, NamesAreExact) {              // C10
  const std::string lone = "\xED\xA0\x80";  // WTF-8
  for (const std::string& name : {"nul\0l"s, "q'uo\"te"s, "\\back`${tick}"s,
                                  "caf\u00e9 \U0001F600"s, lone + "x", "\0"s, "7"s}) {
    World world{{name, "export const url = import.meta.url; export const next = () => import('y')"},
                {"y", "export default 1"}};
    const Value specifier = world.vm.string(name);
    world.vm.global().set("specifier", specifier);
    const Value exports = world.vm.run(world.vm.eval("import(specifier)")).value();
    EXPECT_EQ(exports["url"].as<std::string>(), name);
    EXPECT_EQ(world.files->requests[0].specifier, name);
    EXPECT_EQ(world.files->loads[0], name);
    world.vm.run(exports["next"]());
    EXPECT_EQ(world.files->requests[1].referrer, name);
    // As the name of an entry, and written in source.
    const Value url = world.import("export const u = import.meta.url", name + "!")["u"];
    EXPECT_EQ(url.as<std::string>(), name + "!");
  }
  World world{{"a\0b"s, "export const x = 1"}, {"a", "export const x = 2"}};
  EXPECT_EQ(world.import("export {x} from 'a\\0b'")["x"].as<int>(), 1);
  world.vm.run(world.vm.eval("import('a')", {.file_name = "s\0t"s}));
  EXPECT_EQ(world.files->requests.back().referrer, "s\0t"s);
}

TEST(Modules, AttributesTellModulesApart) {  // C15
  World world{{"d", "[1, {\"a\": null}]"}, {"t", "x\0y"s}};
  const Value exports = world.import(
      "import json from 'd' with {type: 'json'}; import text from 'd' with {type: 'text'};"
      "import bytes from 't' with {type: 'bytes'};"
      "export {json, text, bytes}");
  EXPECT_EQ(exports["json"].to_json().value(), "[1,{\"a\":null}]");
  EXPECT_EQ(exports["text"].as<std::string>(), "[1, {\"a\": null}]");
  EXPECT_EQ(exports["bytes"].object_class(), Class::uint8_array);
  EXPECT_EQ(exports["bytes"].as<std::vector<std::byte>>().size(), 3u);
  EXPECT_THROW(exports["bytes"].with_bytes([](auto) {}), Error);  // immutable
  EXPECT_EQ(world.files->requests[0].attributes, (ModuleAttributes{{"type", "json"}}));
  const Value dynamic = world.vm.run(world.vm.eval("import('d', {with: {type: 'json'}})")).value();
  EXPECT_TRUE(dynamic["default"].strictly_equals(exports["json"]));
  EXPECT_EQ(world.files->loads.size(), 3u);
  EXPECT_EQ(world.failure("import 't' with {type: 'json'}").substr(0, 12), "SyntaxError:");
}

TEST(Modules, DataIsNeverCode) {  // C15
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
      [](VM&, const ModuleKey&) { return std::optional(ModuleSource{"globalThis.ran = 1"}); });
  VM vm{host};
  EXPECT_EQ(vm.run(vm.eval("import('x', {with: {type: 'json'}}).catch(String)"))
                .value()
                .as<std::string>(),
            "TypeError: Module 'x' was imported with type \"json\" and is JavaScript");
  EXPECT_TRUE(vm.global()["ran"].is_undefined());
}

TEST(Modules, ImportMeta) {  // C15
  World world{{"file:///a.js", "export const m = import.meta; export const f = () => import.meta"}};
  const Value exports = world.import(
      "import * as a from 'file:///a.js'; export {a}; export const meta = import.meta;"
      "export const text = 'import.meta.url'");
  EXPECT_EQ(exports["meta"]["url"].as<std::string>(), "main");
  EXPECT_TRUE(exports["meta"]["main"].as<bool>());
  EXPECT_EQ(exports["a"]["m"]["url"].as<std::string>(), "file:///a.js");
  EXPECT_FALSE(exports["a"]["m"]["main"].as<bool>());
  EXPECT_TRUE(exports["a"]["f"]().strictly_equals(exports["a"]["m"]));
  EXPECT_EQ(exports["text"].as<std::string>(), "import.meta.url");
  // Two entries of one name have a meta each.
  const Value first = world.import("export const f = () => import.meta", "twice");
  const Value second = world.import("export const f = () => () => import.meta", "twice");
  EXPECT_FALSE(first["f"]().strictly_equals(second["f"]()()));
  EXPECT_TRUE(second["f"]()().strictly_equals(second["f"]()()));
}

TEST(Modules, SyntaxErrorsSayWhere) {  // A22
  World world{{"a", "import './dep.js'"}, {"dep.js", "\n\n  let 1x"}};
  try {
    world.import("import './a'");
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.name(), "SyntaxError");
    EXPECT_NE(error.stack().find("dep.js:3:"), std::string::npos) << error.stack();
  }
}

TEST(Modules, WithoutALoader) {  // A22
  VM vm;
  for (const char* code : {"import 'x'", "export * from 'x'"}) {
    try {
      vm.eval(code, module_options());
      FAIL();
    } catch (const JSError& error) {
      EXPECT_STREQ(error.what(),
                   "ReferenceError: Cannot load module 'x': this VM has no module loader");
    }
  }
  EXPECT_THROW(vm.run(vm.eval("import('x')")), JSError);
  EXPECT_THROW(Host().modules(nullptr), Error);
  EXPECT_THROW(Host().modules(nullptr, nullptr), Error);
}

TEST(Modules, ALoaderMayUseTheVmButNotImport) {  // A22
  Host host;
  std::string inner;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [&](VM& vm, const ModuleKey& key) -> std::optional<ModuleSource> {
                 EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
                 try {
                   vm.eval("import 'other'", module_options());
                 } catch (const JSError& error) {
                   inner = error.what();
                 }
                 vm.eval("globalThis.later = import('later').catch(String)");
                 vm.run_until_idle();
                 return ModuleSource{"export const name = '" + key.name + "'"};
               });
  VM vm{host};
  EXPECT_EQ(
      vm.run(vm.eval("export {name} from 'x'", module_options())).value()["name"].as<std::string>(),
      "x");
  EXPECT_EQ(inner, "TypeError: a module loader cannot import into the VM that is asking it");
  EXPECT_EQ(vm.run(vm.global()["later"]).value().as<std::string>(), inner);
  EXPECT_EQ(vm.run(vm.eval("import('z')")).value()["name"].as<std::string>(), "z");
}

TEST(Modules, ALoaderMayEndItsVm) {  // A22
  Host host;
  std::optional<VM> vm;
  host.modules(
      [&](VM&, const ModuleRequest& request) {
        vm.reset();
        return std::optional(request.specifier);
      },
      [](VM&, const ModuleKey&) { return std::optional(ModuleSource{}); });
  vm.emplace(host);
  VM* const raw = &*vm;
  EXPECT_THROW(raw->eval("import 'x'", module_options()), Error);
}

TEST(Modules, LongChainsAndWideGraphs) {  // A22
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey& key) -> std::optional<ModuleSource> {
                 const int n = std::stoi(key.name.substr(1));
                 if (key.name[0] == 'w' || n == 0) return ModuleSource{"export const n = 1"};
                 const std::string next = key.name[0] + std::to_string(n - 1);
                 return ModuleSource{"export * from '" + next + "'"};
               });
  VM vm{host};
  EXPECT_EQ(vm.run(vm.eval("export * from 'c300'", module_options())).value()["n"].as<int>(), 1);
  std::string wide;
  for (int i = 0; i < 2000; ++i) wide += "import 'w" + std::to_string(i) + "';";
  vm.run(vm.eval(wide, module_options()));
  EXPECT_EQ(vm.run(vm.eval("export * from 'd15000'", module_options())).value()["n"].as<int>(), 1);
  EXPECT_EQ(vm.run(vm.eval("export * from 'e300'", module_options())).value()["n"].as<int>(), 1);
}

TEST(Modules, AGraphWithoutEndIsStopped) {  // A16, A22
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey& key) {
                 return std::optional(ModuleSource{"import '" + key.name + "x'; import 'y'"});
               });
  VM vm{host, {.time_max = std::chrono::milliseconds(100)}};
  const std::optional<Limit> limit = [&]() -> std::optional<Limit> {
    try {
      vm.eval("import 'x'", module_options());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::limit) << error.what();
      return error.limit();
    }
    return std::nullopt;
  }();
  EXPECT_EQ(limit, Limit::time);
  EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
  vm.set_limits({.fuel_max = 20000});
  try {
    vm.eval("import 'x'", module_options());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.limit(), Limit::fuel);
  }
}

TEST(Modules, SourcesThatAreNotUtf8) {  // A22
  World world{{"a", "export const x = '\xff'"}};
  EXPECT_EQ(world.failure("import 'a'"),
            "Error: the source of module 'a' is not UTF-8: bad byte at offset 18");
}

TEST(Modules, MemoryThatDoesNotSuffice) {  // A22
  World world{{"big", "export default '" + std::string(9u << 20, 'x') + "'"}, {"small", ""}};
  world.vm.set_limits({.memory_bytes_max = 8u << 20});
  EXPECT_EQ(world.failure("import 'big'"), "InternalError: out of memory");
  world.import("import 'small'");
}

}  // namespace
}  // namespace quiesce
