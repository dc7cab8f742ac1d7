// What a program meets that imports what is not there, is broken, or wants out: an error with a
// code that says what is wrong, and a VM that goes on. Whole programs: files, loader, VM.
// B1, B4, C10, D5
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quiesce/files.hpp"
#include "quiesce/node_modules.hpp"
#include "quiesce/quiesce.hpp"
#include "temporary_folder.hpp"

namespace quiesce {
namespace {

using namespace std::string_literals;

/// "Name CODE: message" of an error.
constexpr const char* kFailure = R"JS(
  (e) => `${e?.name} ${e?.code ?? "-"}: ${e?.message}`
)JS";

using Tree = std::map<std::string, std::string>;

/// A program in /app and a VM that can run it.
struct World {
  explicit World(Tree files, Tree links = {}, const Limits& limits = {})
      : host(make_host(memory_files(with_good(std::move(files)), std::move(links)))),
        vm(host, limits) {}

  static Tree with_good(Tree files) {
    files.emplace("/good.mjs", "export const good = 'still here';");
    return files;
  }
  static Host make_host(std::shared_ptr<FileSystem> files) {
    Host host;
    host.files(Mounts().mount("/app", std::move(files))).modules(node_modules());
    return host;
  }

  /// How the import ends: "imported", or the error of kFailure.
  std::string import(const std::string& specifier, const std::string& from = "/app/main.mjs") {
    vm.global().set("wanted", specifier);
    vm.global().set("failure", vm.eval(kFailure));
    const Value module =
        vm.eval("export const end = await import(wanted).then(() => 'imported', failure);",
                {.file_name = from, .type = SourceType::module});
    return vm.run(module).value().get("end").as<std::string>();
  }

  void expect_alive() {
    EXPECT_EQ(vm.eval("1 + 1").as<double>(), 2);
    EXPECT_EQ(import("./good.mjs"), "imported");
  }

  Host host;
  VM vm;
};

/// The import fails with this name and code, its text has all of these, and the VM goes on.
void expect_failure(World& world, const std::string& specifier, const std::string& code,
                    const std::vector<std::string>& parts = {}) {
  SCOPED_TRACE(specifier);
  const std::string end = world.import(specifier);
  EXPECT_TRUE(end.find(code + ":") != std::string::npos) << end << "\nexpected: " << code;
  for (const std::string& part : parts) EXPECT_TRUE(end.find(part) != std::string::npos) << end;
  world.expect_alive();
}

TEST(ModulesBadInput, MissingFilePackageExportAndCondition) {
  World world({
      {"/a.mjs", "export const a = 1;"},
      {"/wants.mjs", "import {b} from './a.mjs';"},
      {"/package.json", R"({"imports": {"#in": {"web": "./a.mjs"}}})"},
      {"/node_modules/p/package.json",
       R"({"exports": {".": "./gone.js", "./web": {"web": "./a.js"}, "./no": null}})"},
      {"/node_modules/p/a.js", ""},
  });
  expect_failure(world, "./gone.mjs", "Error ERR_MODULE_NOT_FOUND",
                 {"/app/gone.mjs", "/app/main.mjs"});
  expect_failure(world, "gone", "Error ERR_MODULE_NOT_FOUND", {"'gone'", "/app/main.mjs"});
  expect_failure(world, "@gone/gone", "Error ERR_MODULE_NOT_FOUND", {"'@gone/gone'"});
  expect_failure(world, "p", "Error ERR_MODULE_NOT_FOUND", {"/app/node_modules/p/gone.js"});
  expect_failure(world, "p/other", "Error ERR_PACKAGE_PATH_NOT_EXPORTED", {"./other"});
  expect_failure(world, "p/a.js", "Error ERR_PACKAGE_PATH_NOT_EXPORTED", {"./a.js"});
  expect_failure(world, "p/web", "Error ERR_PACKAGE_PATH_NOT_EXPORTED", {"./web"});
  expect_failure(world, "p/no", "Error ERR_PACKAGE_PATH_NOT_EXPORTED", {"./no"});
  expect_failure(world, "#in", "TypeError ERR_PACKAGE_IMPORT_NOT_DEFINED", {"#in"});
  expect_failure(world, "#none", "TypeError ERR_PACKAGE_IMPORT_NOT_DEFINED", {"#none"});
  EXPECT_TRUE(world.import("./wants.mjs").starts_with("SyntaxError "));
  world.expect_alive();
}

TEST(ModulesBadInput, MalformedPackageJsonNamesTheFile) {
  const std::vector<std::string> texts{"",
                                       "{",
                                       "{ not json }",
                                       "{\"main\": \"x.js\",}",
                                       "{'main': 'x.js'}",
                                       "{} trailing",
                                       "{\"main\": \"x.js\" /* no */}",
                                       "\"unterminated",
                                       "{\"main\": \"\\ud8\"}",
                                       "{\"a\": 01}",
                                       "\xff\xfe{}"s,
                                       "{\"main\": \"\x01\"}"s,
                                       std::string("{\0}", 3)};
  for (const std::string& text : texts) {
    SCOPED_TRACE(text);
    World world({{"/node_modules/p/package.json", text}, {"/node_modules/p/index.js", ""}});
    expect_failure(world, "p", "Error ERR_INVALID_PACKAGE_CONFIG",
                   {"/app/node_modules/p/package.json"});
  }
}

TEST(ModulesBadInput, PackageJsonThatIsJsonAndNoPackage) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"exports": {"./a": "./a.js", "import": "./a.js"}})", "ERR_INVALID_PACKAGE_CONFIG"},
      {R"({"exports": {"0": "./a.js"}})", "ERR_INVALID_PACKAGE_CONFIG"},
      {R"({"exports": "a.js"})", "ERR_INVALID_PACKAGE_TARGET"},
      {R"({"exports": "/a.js"})", "ERR_INVALID_PACKAGE_TARGET"},
      {R"({"exports": "./../good.mjs"})", "ERR_INVALID_PACKAGE_TARGET"},
      {R"({"exports": "./node_modules/a.js"})", "ERR_INVALID_PACKAGE_TARGET"},
      {R"({"exports": "./%2e%2e/a.js"})", "ERR_INVALID_PACKAGE_TARGET"},
      {R"({"exports": {".": 7}})", "ERR_INVALID_PACKAGE_TARGET"},
      {R"({"exports": []})", "ERR_PACKAGE_PATH_NOT_EXPORTED"},
      {R"({"exports": {}})", "ERR_PACKAGE_PATH_NOT_EXPORTED"},
  };
  for (const auto& [text, code] : cases) {
    SCOPED_TRACE(text);
    World world({{"/node_modules/p/package.json", text}, {"/node_modules/p/a.js", ""}});
    expect_failure(world, "p", "Error " + code);
  }
}

TEST(ModulesBadInput, DeepPackageJson) {
  const std::string deep(200'000, '[');
  World world({{"/node_modules/p/package.json", "{\"x\": " + deep},
               {"/node_modules/q/package.json",
                "{\"exports\": " + deep + std::string(deep.size(), ']') + "}"}});
  expect_failure(world, "p", "Error ERR_INVALID_PACKAGE_CONFIG");
  const std::string end = world.import("q");
  EXPECT_TRUE(end.starts_with("Error ERR_")) << end.substr(0, 200);
  world.expect_alive();
}

TEST(ModulesBadInput, CyclicLinks) {
  World world({{"/node_modules/good/index.js", ""}}, {{"/self.mjs", "self.mjs"},
                                                      {"/one.mjs", "two.mjs"},
                                                      {"/two.mjs", "one.mjs"},
                                                      {"/folder", "folder/inside"},
                                                      {"/dangling.mjs", "nowhere.mjs"},
                                                      {"/node_modules/p", "p"}});
  for (const char* specifier : {"./self.mjs", "./one.mjs", "./folder/x.mjs", "./dangling.mjs", "p"})
    expect_failure(world, specifier, "Error ERR_MODULE_NOT_FOUND");
}

TEST(ModulesBadInput, AModuleThatThrewGivesTheSameErrorToAll) {
  World world(
      Tree{{"/throws.mjs", "globalThis.runs = (globalThis.runs ?? 0) + 1; throw new Error('x');"},
           {"/via.mjs", "import './throws.mjs';"}});
  const Value module = world.vm.eval(
      "const end = (name) => import(name).catch((e) => e);\n"
      "const ends = [await end('./throws.mjs'), await end('./throws.mjs'), await "
      "end('./via.mjs')];\n"
      "export const same = ends.every((e) => e instanceof Error && e === ends[0]);",
      {.file_name = "/app/main.mjs", .type = SourceType::module});
  EXPECT_TRUE(world.vm.run(module).value().get("same").as<bool>());
  EXPECT_EQ(world.vm.eval("runs").as<double>(), 1);
  world.expect_alive();
}

TEST(ModulesBadInput, SyntaxErrorBelowTheImportTellsWhereAndWhoImports) {
  World world({{"/a.mjs", "import './b.mjs';"},
               {"/b.mjs", "\nimport './lib/c.mjs';"},
               {"/lib/c.mjs", "const fine = 1;\nlet x = = 2;\n"}});
  world.vm.global().set("failure", world.vm.eval("(e) => `${e.name}\\n${e.message}\\n${e.stack}`"));
  const Value module =
      world.vm.eval("export const end = await import('./a.mjs').then(() => 'imported', failure);",
                    {.file_name = "/app/main.mjs", .type = SourceType::module});
  const std::string end = world.vm.run(module).value().get("end").as<std::string>();
  EXPECT_TRUE(end.starts_with("SyntaxError\n")) << end;
  for (const char* part : {"/app/lib/c.mjs:2:9", "/app/b.mjs", "/app/a.mjs"})
    EXPECT_TRUE(end.find(part) != std::string::npos) << part << " is missing in: " << end;
  world.expect_alive();
}

TEST(ModulesBadInput, OddNamesAreFoundOrRefusedAsTheyAreWritten) {
  const std::vector<std::string> names{"quote'.mjs",    "double\".mjs",    "with space.mjs",
                                       "per%cent.mjs",  "hash#tag.mjs",    "query?mark.mjs",
                                       "new\nline.mjs", "caf\xc3\xa9.mjs", "\xf0\x9f\x98\x80.mjs",
                                       "back`tick.mjs"};
  Tree files;
  for (const std::string& name : names) {
    files["/odd/" + name] =
        "export const url = import.meta.url;"
        "export const name = import.meta.filename;";
  }
  World world(std::move(files));
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const std::string url = path_to_file_url("/app/odd/" + name);
    EXPECT_EQ(file_url_to_path(url), "/app/odd/" + name);
    EXPECT_EQ(world.import(url), "imported");
    world.vm.global().set("wanted", url);
    const Value module =
        world.vm.eval("const all = await import(wanted); export const {url, name} = all;",
                      {.file_name = "/app/main.mjs", .type = SourceType::module});
    const Value exports = world.vm.run(module).value();
    EXPECT_EQ(exports.get("url").as<std::string>(), url);
    EXPECT_EQ(exports.get("name").as<std::string>(), "/app/odd/" + name);
  }
  // What is written as such is part of a URL, where some of it means something else.
  EXPECT_EQ(world.import("./odd/with space.mjs"), "imported");
  EXPECT_EQ(world.import("./odd/quote'.mjs"), "imported");
  expect_failure(world, "./odd/hash#tag.mjs", "ERR_MODULE_NOT_FOUND", {"/app/odd/hash"});
  expect_failure(world, "./odd/query?mark.mjs", "ERR_MODULE_NOT_FOUND", {"/app/odd/query"});
  expect_failure(world, "./odd\\with space.mjs/..%5c", "ERR_INVALID_MODULE_SPECIFIER");
  expect_failure(world, "./odd%2fx.mjs", "ERR_INVALID_MODULE_SPECIFIER");
  expect_failure(world, path_to_file_url("/app/back\\slash.mjs"), "ERR_INVALID_MODULE_SPECIFIER");
  expect_failure(world, "", "ERR_MODULE_NOT_FOUND");
}

TEST(ModulesBadInput, NulAndLoneSurrogatesInNames) {  // C10
  World world(Tree{{"/a.mjs", ""}, {"/node_modules/a/index.js", ""}});
  for (const std::string& specifier : {"./a\0.mjs"s, "a\0"s, "a\0b"s, "./a.mjs%00"s,
                                       "\xed\xa0\x80"s, "./\xed\xa0\x80.mjs"s, "a/\xed\xbf\xbf"s}) {
    const std::string end = world.import(specifier);
    EXPECT_TRUE(end.find(" ERR_") != std::string::npos) << end;
    EXPECT_TRUE(end.find("NOT_FOUND:") != std::string::npos ||
                end.find("INVALID") != std::string::npos)
        << end;
    world.expect_alive();
  }
}

std::string unit(int i) { return "/unit-" + std::to_string(i) + ".mjs"; }

TEST(ModulesBadInput, TenThousandModulesInAChain) {
  constexpr int kDepth = 10'000;
  Tree files;
  for (int i = 0; i < kDepth; ++i) {
    files[unit(i)] =
        "import {depth as below} from '." + unit(i + 1) + "'; export const depth = below + 1;";
  }
  files[unit(kDepth)] = "export const depth = 0;";
  World world(std::move(files), {}, {.memory_bytes_max = std::uint64_t{512} << 20});
  const Value module = world.vm.eval("import {depth} from './unit-0.mjs'; export {depth};",
                                     {.file_name = "/app/main.mjs", .type = SourceType::module});
  EXPECT_EQ(world.vm.run(module).value().get("depth").as<double>(), kDepth);
  world.expect_alive();
}

TEST(ModulesBadInput, TenThousandModulesInAChainWithoutEnd) {
  constexpr int kDepth = 10'000;
  Tree files;
  for (int i = 0; i < kDepth; ++i) files[unit(i)] = "import '." + unit(i + 1) + "';";
  World world(std::move(files), {}, {.memory_bytes_max = std::uint64_t{512} << 20});
  const std::string end = world.import("./unit-0.mjs");
  EXPECT_TRUE(end.starts_with("Error ERR_MODULE_NOT_FOUND:")) << end.substr(0, 300);
  EXPECT_TRUE(end.find("unit-10000.mjs") != std::string::npos) << end.substr(0, 300);
  EXPECT_LT(end.size(), 20'000u);  // a chain of importers is told, and cut
  world.expect_alive();
}

TEST(ModulesBadInput, TenThousandRequiresInAChainAreARangeErrorOrWork) {
  constexpr int kDepth = 10'000;
  Tree files;
  for (int i = 0; i <= kDepth; ++i) {
    files["/r" + std::to_string(i) + ".cjs"] =
        i == kDepth ? "module.exports = 0;"
                    : "module.exports = require('./r" + std::to_string(i + 1) + ".cjs') + 1;";
  }
  World world(std::move(files), {}, {.memory_bytes_max = std::uint64_t{512} << 20});
  const std::string end = world.import("./r0.cjs");
  EXPECT_TRUE(end == "imported" || end.starts_with("RangeError ")) << end.substr(0, 300);
  world.expect_alive();
}

TEST(ModulesBadInput, AModuleOfFiftyMegabytes) {
  constexpr std::size_t kBytes = 50'000'000;
  std::string text = "export const large = '";
  text.append(kBytes - text.size() - 2, 'x');
  text += "';";
  const Tree files{{"/large.mjs", text}};
  {
    World world(files, {}, {.memory_bytes_max = std::uint64_t{1} << 30});
    EXPECT_EQ(world.import("./large.mjs"), "imported");
    world.expect_alive();
  }
  World small(files, {}, {.memory_bytes_max = std::uint64_t{32} << 20});
  const std::string end = small.import("./large.mjs");
  EXPECT_TRUE(end.find("memory") != std::string::npos) << end.substr(0, 300);
  small.expect_alive();
}

/// A folder of the host with a program, beside a secret that belongs to nobody in it.
struct Outside {
  const TemporaryFolder temporary{"outside"};
  const std::filesystem::path root = temporary.path();

  Outside() {
    std::filesystem::create_directories(root / "app/node_modules");
    write("secret.mjs", "globalThis.stolen = true;");
    write("app/good.mjs", "");
    write("app/package.json", R"({"imports": {"#up": "../secret.mjs", "#abs": "/secret.mjs"}})");
    write("app/node_modules/main/package.json", R"({"main": "../../../secret.mjs"})");
    write("app/node_modules/exp/package.json", R"({"exports": "./../../../secret.mjs"})");
    write("app/node_modules/pat/package.json", R"({"exports": {"./*": "./*"}})");
    std::filesystem::create_symlink("../secret.mjs", root / "app/link.mjs");
    std::filesystem::create_symlink(root / "secret.mjs", root / "app/absolute.mjs");
    std::filesystem::create_directory_symlink("..", root / "app/up");
    std::filesystem::create_directory_symlink(root, root / "app/node_modules/linked");
  }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root / name).parent_path());
    std::ofstream(root / name) << text;
  }
};

TEST(ModulesBadInput, NoPathLeavesItsMount) {
  const Outside outside;
  World world({});
  world.host.files(Mounts().mount("/app", folder_files(outside.root / "app")));
  world.vm = VM(world.host);
  const std::string real = outside.root.string();
  for (const std::string& specifier :
       {"../secret.mjs"s, "./../../../../../.." + real + "/secret.mjs", real + "/secret.mjs",
        "file://" + real + "/secret.mjs", "./link.mjs"s, "./absolute.mjs"s, "./up/secret.mjs"s,
        "main"s, "linked/secret.mjs"s, "./%2e%2e/secret.mjs"s, "./.%2e/secret.mjs"s,
        "file:///app/../secret.mjs"s, "file:///etc/passwd"s}) {
    expect_failure(world, specifier, "ERR_MODULE_NOT_FOUND");
  }
  for (const std::string& specifier : {"exp"s, "#up"s, "#abs"s})
    expect_failure(world, specifier, "ERR_INVALID_PACKAGE_TARGET");
  for (const std::string& specifier :
       {"./..%2fsecret.mjs"s, "./..%5csecret.mjs"s, "pat/../../../secret.mjs"s})
    expect_failure(world, specifier, "ERR_INVALID_MODULE_SPECIFIER");
  EXPECT_TRUE(world.vm.eval("typeof stolen").as<std::string>() == "undefined");
}

TEST(ModulesBadInput, AwakeOnAMachineWithoutTheFiles) {  // D5
  World world({{"/main.mjs", "export {a} from 'p'; export const later = () => import('p/later');"},
               {"/node_modules/p/package.json",
                R"({"exports": {".": "./a.mjs", "./later": "./later.mjs"}})"},
               {"/node_modules/p/a.mjs", "export const a = 'from the heap';"},
               {"/node_modules/p/later.mjs", "export const later = 1;"}});
  EXPECT_EQ(world.import("./main.mjs"), "imported");
  const std::vector<std::byte> asleep = world.vm.snapshot().to_bytes();

  Host empty;
  empty.modules(node_modules());
  world.vm = VM(empty, Snapshot::from_bytes(asleep));
  EXPECT_EQ(world.import("p"), "imported");
  EXPECT_EQ(world.import("./main.mjs"), "imported");
  // What nobody had asked for is not there, and says so; with the files, it is.
  EXPECT_TRUE(world.import("p/later").starts_with("Error ERR_MODULE_NOT_FOUND: "));
  world.vm = VM(world.host, Snapshot::from_bytes(asleep));
  EXPECT_EQ(world.import("p/later"), "imported");
  world.expect_alive();
}

/// A loader whose answers are what a test wants.
struct Answers final : ModuleLoader {
  std::function<std::optional<std::string>(const ModuleRequest&)> on_resolve =
      [](const ModuleRequest& request) { return std::optional(request.specifier); };
  std::function<std::optional<ModuleSource>(const ModuleKey&)> on_load = [](const ModuleKey&) {
    return std::optional<ModuleSource>();
  };

  std::optional<std::string> resolve(VM&, const ModuleRequest& request) override {
    return on_resolve(request);
  }
  std::optional<ModuleSource> load(VM&, const ModuleKey& key) override { return on_load(key); }
};

TEST(ModulesBadInput, ALoaderThatThrows) {  // B3
  auto answers = std::make_shared<Answers>();
  World world({});
  world.host.modules(answers);
  world.vm = VM(world.host);
  const auto good = [](const ModuleKey&) {
    return std::optional(ModuleSource{"export default 1"});
  };

  answers->on_load = [](const ModuleKey&) -> std::optional<ModuleSource> {
    throw std::runtime_error("the password is 1234");
  };
  const std::string hidden = world.import("x");
  EXPECT_TRUE(hidden.find("internal error") != std::string::npos) << hidden;
  EXPECT_TRUE(hidden.find("1234") == std::string::npos) << hidden;

  answers->on_load = [](const ModuleKey& key) -> std::optional<ModuleSource> {
    throw ModuleError("ERR_OURS", "not " + key.name, ModuleError::Class::type_error);
  };
  EXPECT_EQ(world.import("x"), "TypeError ERR_OURS: not x");
  answers->on_load = good;
  EXPECT_EQ(world.import("x"), "imported");

  answers->on_resolve = [](const ModuleRequest&) -> std::optional<std::string> {
    throw ModuleError("ERR_OURS", "never heard of it");
  };
  EXPECT_EQ(world.import("y"), "Error ERR_OURS: never heard of it");
  EXPECT_EQ(world.vm.eval("1 + 1").as<double>(), 2);
}

TEST(ModulesBadInput, ALoaderThatNeverAnswersOrAnswersTwice) {  // B3
  auto answers = std::make_shared<Answers>();
  World world({});
  world.host.modules(answers);
  world.vm = VM(world.host);
  std::optional<Deferred> source;
  answers->on_load = [&](const ModuleKey& key) -> std::optional<ModuleSource> {
    if (key.name == "good") return ModuleSource{"export default 1"};
    source = world.vm.new_promise();
    return ModuleSource::later(source->promise());
  };
  const Value waiting = world.vm.eval("import('slow').then((all) => all.default)");
  EXPECT_FALSE(world.vm.run(waiting).has_value());  // idle, and nothing is lost
  EXPECT_EQ(world.import("good"), "imported");
  EXPECT_FALSE(world.vm.run(waiting).has_value());

  const Deferred answered = *source;
  answered.resolve("export default 'first'");
  EXPECT_THROW(answered.resolve("export default 'second'"), Error);
  EXPECT_EQ(world.vm.run(waiting).value().as<std::string>(), "first");
  EXPECT_EQ(world.import("good"), "imported");
}

}  // namespace
}  // namespace quiesce
