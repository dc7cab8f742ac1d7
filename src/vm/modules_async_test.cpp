// Loaders that answer later: imports wait, the VM goes on, sleeps and wakes.
#include "vm/modules_testing.hpp"

namespace quiesce {
namespace {

const std::map<std::string, std::string>& shop() {
  static const std::map<std::string, std::string> files{
      {"/main.mjs",
       "import {a} from './later-a.mjs'; import {b} from './b.mjs'; export const all = [a, b]"},
      {"/b.mjs", "import {c} from './later-c.mjs'; export const b = 'b' + c"},
      {"/later-a.mjs", "export const a = 'a'; export * from './later-c.mjs'"},
      {"/later-c.mjs", "globalThis.runs = (globalThis.runs ?? 0) + 1; export const c = 'c'"},
      {"/later.json", "{\"n\": 1}"},
      {"/other.mjs", "export {c} from './later-c.mjs'; export const other = 1"}};
  return files;
}

TEST(AsyncModules, AGraphWaitsForAllOfIt) {  // B3
  TreeWorld world{shop()};
  const Value promise = world.vm.import_main("file:///main.mjs");
  EXPECT_FALSE(world.vm.run(promise).has_value());
  EXPECT_EQ(world.vm.pending_calls().size(), 2u);  // both at once, c once for two importers
  world.fetch("file:///later-a.mjs");
  EXPECT_FALSE(world.vm.run(promise).has_value());
  EXPECT_TRUE(world.vm.global()["runs"].is_undefined());
  EXPECT_TRUE(world.vm.module_names().empty());  // nothing is there before all is
  world.fetch("file:///later-c.mjs");
  EXPECT_EQ(world.vm.run(promise).value()["all"].to_json().value(), "[\"a\",\"bc\"]");
  EXPECT_EQ(world.vm.global()["runs"].as<int>(), 1);
  EXPECT_TRUE(world.vm.pending_calls().empty());
}

TEST(AsyncModules, SleepsInTheMiddleAndWakesWithAnotherHost) {  // B3, D5
  TreeWorld world{shop()};
  world.vm.keep("promise", world.vm.import_main("file:///main.mjs"));
  world.vm.run_until_idle();
  world.fetch("file:///later-a.mjs");
  world.vm.run_until_idle();
  const Snapshot sleep = world.vm.snapshot();
  const auto nothing = std::make_shared<Tree>(std::map<std::string, std::string>{});
  VM again{TreeWorld::host_of(nothing), sleep};
  const Value promise = again.kept("promise").value();
  EXPECT_FALSE(again.run(promise).has_value());
  world.fetch("file:///later-c.mjs", again);
  EXPECT_EQ(again.run(promise).value()["all"].to_json().value(), "[\"a\",\"bc\"]");
  EXPECT_TRUE(nothing->loads.empty());
  // The first VM goes its own way.
  world.fetch("file:///later-c.mjs");
  EXPECT_TRUE(world.vm.run(world.vm.kept("promise").value()).has_value());
}

TEST(AsyncModules, WaitingGraphsShareWhatTheyWaitFor) {
  TreeWorld world{shop()};
  const Value first = world.vm.import_main("file:///main.mjs");
  const Value second = world.vm.eval("import('./other.mjs')", {.file_name = "file:///s.js"});
  world.vm.run_until_idle();
  EXPECT_EQ(world.vm.pending_calls().size(), 2u);
  world.fetch("file:///later-c.mjs");
  EXPECT_EQ(world.vm.run(second).value()["c"].as<std::string>(), "c");  // complete before the first
  EXPECT_FALSE(world.vm.run(first).has_value());
  // A third that needs only what is there, and one that waits for the rest too.
  EXPECT_EQ(world.text("import('./other.mjs').then(m => m.c)"), "'c'");
  const Value third = world.vm.eval("import('./later-a.mjs')", {.file_name = "file:///s.js"});
  EXPECT_FALSE(world.vm.run(third).has_value());
  EXPECT_EQ(world.vm.pending_calls().size(), 1u);
  world.fetch("file:///later-a.mjs");
  EXPECT_EQ(world.vm.run(third).value()["a"].as<std::string>(), "a");
  EXPECT_TRUE(world.vm.run(first).has_value());
  EXPECT_EQ(world.vm.global()["runs"].as<int>(), 1);
  std::map<std::string, int> loads;
  for (const ModuleKey& key : world.tree->loads) EXPECT_EQ(++loads[key.name], 1) << key.name;
}

TEST(AsyncModules, ARejectedSourceRejectsAllWhoWait) {
  TreeWorld world{shop()};
  const Value promise = world.vm.eval(
      "globalThis.reason = {why: 'gone'}; Promise.all([import('./main.mjs').catch(e => e === "
      "reason),"
      " import('./other.mjs').catch(e => e === reason)])",
      {.file_name = "file:///s.js"});
  world.vm.run_until_idle();
  for (const PendingCall& call : world.vm.pending_calls()) {
    if (call.arguments_json == "[\"file:///later-c.mjs\"]")
      world.vm.deferred(call.id)->reject(world.vm.global()["reason"]);
  }
  EXPECT_EQ(world.vm.run(promise).value().to_json().value(), "[true,true]");
  // What they brought is gone; what was still awaited wakes nobody.
  world.fetch("file:///later-a.mjs");
  world.vm.run_until_idle();
  EXPECT_TRUE(world.vm.module_names().empty());
  const Value retried = world.vm.import_main("file:///main.mjs");
  world.vm.run_until_idle();
  EXPECT_EQ(world.vm.pending_calls().size(), 2u);
  world.fetch("file:///later-a.mjs");
  world.fetch("file:///later-c.mjs");
  EXPECT_TRUE(world.vm.run(retried).has_value());
}

TEST(AsyncModules, AFailureElsewhereLeavesWhatOthersNeed) {
  auto files = shop();
  files["/wrong.mjs"] = "import './later-c.mjs'; import './later-syntax.mjs'";
  files["/later-syntax.mjs"] = "\n let 1";
  TreeWorld world{files};
  const Value wrong =
      world.vm.eval("import('./wrong.mjs').catch(e => e.stack)", {.file_name = "file:///s.js"});
  const Value right = world.vm.eval("import('./other.mjs')", {.file_name = "file:///s.js"});
  world.vm.run_until_idle();
  world.fetch("file:///later-syntax.mjs");
  const std::string stack = world.vm.run(wrong).value().as<std::string>();
  EXPECT_NE(stack.find("file:///later-syntax.mjs:2:6"), std::string::npos) << stack;
  EXPECT_NE(stack.find("\n    imported from file:///wrong.mjs\n"), std::string::npos) << stack;
  world.fetch("file:///later-c.mjs");
  EXPECT_EQ(world.vm.run(right).value()["c"].as<std::string>(), "c");
}

TEST(AsyncModules, FormsOfAnAnswer) {
  const std::map<std::string, std::string> answers{
      {"text", "'export default 1'"},
      {"object", "({source: '{\"j\": 2}', format: 'json'})"},
      {"view",
       "new Uint8Array([101, 120, 112, 111, 114, 116, 32, 100, 101, 102, 97, 117, 108, 116, 32, "
       "51])"},
      {"buffer", "({source: new Uint8Array([1, 2]).buffer, format: 'bytes'})"},
      {"cjs", "({source: 'exports.x = 4', format: 'commonjs'})"},
      {"number", "17"},
      {"nothing", "undefined"},
      {"format", "({source: '', format: 'wasm'})"},
      {"broken", "new Uint8Array([0xff])"},
      {"getter", "({get source() { throw 'from getter' }})"},
      {"strings", "({source: 'a', format: 'bytes'})"}};
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [&](VM& vm, const ModuleKey& key) {
                 return std::optional(
                     ModuleSource::later(vm.eval("Promise.resolve(" + answers.at(key.name) + ")")));
               });
  VM vm{host};
  const auto import = [&](const std::string& name) {
    return vm
        .run(
            vm.eval("import('" + name + "').then(m => m.x ?? m.default, e => e.code ?? String(e))"))
        .value()
        .inspect();
  };
  EXPECT_EQ(import("text"), "1");
  EXPECT_EQ(import("object"), "{ j: 2 }");
  EXPECT_EQ(import("view"), "3");
  EXPECT_EQ(import("buffer"), "Uint8Array(2) [ 1, 2 ]");
  EXPECT_EQ(import("cjs"), "4");
  EXPECT_EQ(import("number"), "'ERR_INVALID_RETURN_PROPERTY_VALUE'");
  EXPECT_EQ(import("nothing"), "'ERR_INVALID_RETURN_PROPERTY_VALUE'");
  EXPECT_EQ(import("strings"), "'ERR_INVALID_RETURN_PROPERTY_VALUE'");
  EXPECT_EQ(import("format"), "'ERR_UNKNOWN_MODULE_FORMAT'");
  EXPECT_EQ(import("broken"), "'TypeError: the source of a module is not UTF-8'");
  EXPECT_EQ(import("getter"), "'from getter'");
}

TEST(AsyncModules, AttributesAreChecked) {  // C15
  TreeWorld world{shop()};
  const Value promise = world.vm.eval(
      "Promise.all([import('./later.json', {with: {type: 'json'}}).then(m => m.default.n),"
      " import('./later-c.mjs', {with: {type: 'json'}}).catch(e => e.name)])",
      {.file_name = "file:///s.js"});
  world.vm.run_until_idle();
  world.fetch("file:///later.json");
  world.fetch("file:///later-c.mjs");
  EXPECT_EQ(world.vm.run(promise).value().to_json().value(), "[1,\"TypeError\"]");
}

TEST(AsyncModules, RequireCannotWait) {
  auto files = shop();
  files["/main.cjs"] =
      "exports.codes = ['./later-c.mjs', './other.mjs', './later-x.cjs'].map(f => { try { "
      "require(f) } catch (e) { return e.code } });"
      "exports.load = () => import('./other.mjs')";
  files["/later-x.cjs"] = "exports.x = 1";
  TreeWorld world{files};
  const Value exports = world.import("file:///main.cjs")["default"];
  EXPECT_EQ(
      exports["codes"].to_json().value(),
      "[\"ERR_REQUIRE_ASYNC_MODULE\",\"ERR_REQUIRE_ASYNC_MODULE\",\"ERR_REQUIRE_ASYNC_MODULE\"]");
  const Value promise = exports["load"]();
  world.vm.run_until_idle();
  for (const PendingCall& call : world.vm.pending_calls())
    world.vm.deferred(call.id)->resolve(world.tree->files.at("/later-c.mjs"));
  EXPECT_EQ(world.vm.run(promise).value()["other"].as<int>(), 1);
}

TEST(AsyncModules, TheEntryMayWait) {
  TreeWorld world{shop()};
  const Value promise =
      world.vm.eval("export {c} from './later-c.mjs'; export const main = import.meta.main",
                    {.file_name = "file:///entry.mjs", .type = SourceType::module});
  EXPECT_FALSE(world.vm.run(promise).has_value());
  world.fetch("file:///later-c.mjs");
  const Value exports = world.vm.run(promise).value();
  EXPECT_EQ(exports["c"].as<std::string>(), "c");
  EXPECT_TRUE(exports["main"].as<bool>());
}

TEST(AsyncModules, AnAnswerThatIsNoPromise) {
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
      [](VM& vm, const ModuleKey&) { return std::optional(ModuleSource::later(vm.value(7))); });
  VM vm{host};
  EXPECT_EQ(
      vm.run(vm.eval("import('x').catch(String)")).value().as<std::string>(),
      "TypeError: the loader's source of module 'x' is neither content nor a promise of this VM");
  VM other;
  Host foreign;
  foreign.modules(
      [](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
      [&](VM&, const ModuleKey&) {
        return std::optional(ModuleSource::later(other.eval("Promise.resolve('')")));
      });
  VM third{foreign};
  EXPECT_THROW(third.run(third.eval("import('x')")), JSError);
}

TEST(AsyncModules, SourcesThatComeWhileTheHostIsAsked) {
  // The loader runs jobs, and in one of them a source arrives.
  auto files = shop();
  Host host;
  std::optional<Deferred> held;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [&](VM& vm, const ModuleKey& key) -> std::optional<ModuleSource> {
                 if (key.name == "slow") {
                   held = vm.defer("slow");
                   return ModuleSource::later(held->promise());
                 }
                 held->resolve("export default 'slow'");
                 vm.run_until_idle();
                 return ModuleSource{"export default 'quick'"};
               });
  VM vm{host};
  const Value slow = vm.eval("import('slow')");
  vm.run_until_idle();
  EXPECT_EQ(vm.run(vm.eval("import('quick')")).value()["default"].as<std::string>(), "quick");
  EXPECT_EQ(vm.run(slow).value()["default"].as<std::string>(), "slow");
}

TEST(AsyncModules, FuelHoldsInTheJobThatGoesOn) {  // A16
  auto files = shop();
  files["/later-loop.mjs"] = "for (;;) {}";
  TreeWorld world{files};
  const Value promise = world.vm.import_main("file:///later-loop.mjs");
  world.vm.run_until_idle();
  world.fetch("file:///later-loop.mjs");
  world.vm.set_limits({.fuel_max = 10000});
  try {
    world.vm.run(promise);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.limit(), Limit::fuel);
  }
  world.vm.set_limits({});
  EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42);
}

}  // namespace
}  // namespace quiesce
