// Built-in modules (B8): that they are there, lazy, and asleep with their VM; node:process and its
// end. What they do is compared with Node in builtins_node_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

// Every specifier stands for itself; no source comes from outside.
Host host_with_builtins() {
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey&) { return std::optional<ModuleSource>(); });
  return host;
}

Value import_of(VM& vm, const std::string& name) {
  return vm.run(vm.eval("import('" + name + "')")).value();
}

// "node:assert/strict" and the like: the files of guest/builtins that programs can name.
std::set<std::string> names_of_builtins() {
  const fs::path root = fs::path(QUIESCE_TEST_ROOT) / "guest/builtins";
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = fs::relative(entry.path(), root).replace_extension().generic_string();
    if (entry.path().extension() == ".js" && !name.starts_with("internal/"))
      names.insert("node:" + name);
  }
  return names;
}

TEST(Builtins, AreImported) {  // B8
  VM vm{host_with_builtins()};
  EXPECT_EQ(import_of(vm, "node:punycode")["default"]["version"].as<std::string>(), "2.3.1");
  vm.eval("globalThis.result = null");
  vm.run(vm.eval("import {toASCII} from 'node:punycode'; result = toASCII('mañana.com')",
                 {.type = SourceType::module}));
  EXPECT_EQ(vm.eval("result").as<std::string>(), "xn--maana-pta.com");
}

TEST(Builtins, EachImportsInAPlainVmAndAfterARestore) {  // B8
  const Host host = host_with_builtins();
  const std::set<std::string> names = names_of_builtins();
  EXPECT_GT(names.size(), 35u);
  VM all{host};
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    VM plain{host};
    const Value exports = import_of(plain, name);
    const std::size_t count = exports.keys(Keys::strings).size();
    EXPECT_GT(count, 0u);
    VM same{host, plain.snapshot()};
    EXPECT_EQ(import_of(same, name).keys(Keys::strings).size(), count);
    VM woken{host, VM{host}.snapshot()};
    EXPECT_EQ(import_of(woken, name).keys(Keys::strings).size(), count);
    EXPECT_NO_THROW(import_of(all, name));
  }
  VM woken{host, all.snapshot()};
  for (const std::string& name : names) EXPECT_NO_THROW(import_of(woken, name)) << name;
}

TEST(Builtins, WhatIsNoneIsAnErrorWithACode) {  // B8
  VM vm{host_with_builtins()};
  for (const char* name : {"node:nothing", "node:repl", "node:internal/errors", "node:"}) {
    const Value error =
        vm.run(vm.eval("import('" + std::string(name) + "').catch(error => error)")).value();
    EXPECT_EQ(error["code"].as<std::string>(), "ERR_UNKNOWN_BUILTIN_MODULE") << name;
    EXPECT_EQ(error["name"].as<std::string>(), "Error") << "as in Node";
    EXPECT_EQ(error["message"].as<std::string>(), "No such built-in module: " + std::string(name));
  }
}

TEST(Builtins, WhatAProgramDoesToItsGlobalsDoesNotReachThem) {
  VM vm{host_with_builtins()};
  vm.eval(
      "const all = globalThis;"
      "for (const name of Object.getOwnPropertyNames(all)) delete all[name];");
  EXPECT_EQ(import_of(vm, "node:punycode")["encode"]("ü").as<std::string>(), "tda");
  for (const std::string& name : names_of_builtins()) EXPECT_NO_THROW(import_of(vm, name)) << name;
}

TEST(Builtins, CompilingOneThatDoesNotFitIntoMemoryIsAnErrorAndCanBeTriedAgain) {
  VM vm{host_with_builtins(), {.memory_bytes_max = 300u << 10}};
  EXPECT_THROW(import_of(vm, "node:stream"), Error);
  EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
  EXPECT_NO_THROW(import_of(vm, "node:tty"));
}

TEST(Builtins, PrintNothingOfTheProgramIfTheHostAsks) {
  VM vm{host_with_builtins()};
  import_of(vm, "node:util");
  vm.eval(
      "globalThis.called = 0;"
      "globalThis.own = {[Symbol.for('nodejs.util.inspect.custom')]() { ++called; return 'own'; "
      "}}");
  EXPECT_NE(vm.eval("own").inspect(), "own");
  EXPECT_EQ(vm.eval("called").as<int>(), 0);
}

// ---- globals ------------------------------------------------------------------------------------

TEST(NodeGlobals, AreThereOnlyIfTheHostAsks) {
  EXPECT_EQ(VM{host_with_builtins()}
                .eval("['process', 'Buffer', 'URL', 'global'].map((name) => name in globalThis)")
                .as<std::vector<bool>>(),
            std::vector<bool>(4, false));
  VM vm{host_with_builtins().node_globals()};
  EXPECT_EQ(vm.eval("Buffer.from('é').toString('hex')").as<std::string>(), "c3a9");
  EXPECT_EQ(vm.eval("new URL('../x', 'http://a/b/c').href").as<std::string>(), "http://a/x");
  EXPECT_EQ(vm.eval("URL = 5; URL").as<int>(), 5);
  VM woken{host_with_builtins(), vm.snapshot()};
  EXPECT_EQ(woken.eval("Buffer.from('é').toString('hex') + URL").as<std::string>(), "c3a95");
}

TEST(NodeGlobals, CostNextToNothingUntilTheyAreUsed) {
  const std::size_t without = VM{host_with_builtins()}.snapshot().to_bytes().size();
  const std::size_t with = VM{host_with_builtins().node_globals()}.snapshot().to_bytes().size();
  EXPECT_LT(with, without + 3500) << "a getter and a setter each";
}

// ---- asleep -------------------------------------------------------------------------------------

TEST(Builtins, SleepInTheMiddleOfAPromisedTimer) {  // B8
  Time now{std::chrono::hours(24)};
  Host host = host_with_builtins();
  host.clock([&] { return now; });
  VM vm{host};
  vm.keep("main", vm.eval("import {setTimeout} from 'node:timers/promises';"
                          "export const value = await setTimeout(60_000, 'woken')",
                          {.type = SourceType::module}));
  vm.run_until_idle();
  VM again{host, vm.snapshot()};
  now += std::chrono::minutes(1);
  EXPECT_EQ(again.run(*again.kept("main")).value()["value"].as<std::string>(), "woken");
}

TEST(Builtins, SleepBetweenTheTicksOfAnInterval) {  // B8
  Time now{std::chrono::hours(24)};
  Host host = host_with_builtins();
  host.clock([&] { return now; });
  auto vm = std::make_unique<VM>(host);
  vm->keep("main", vm->eval("import {setInterval} from 'node:timers/promises';"
                            "import {AsyncLocalStorage} from 'node:async_hooks';"
                            "const storage = new AsyncLocalStorage();"
                            "export let seen = [];"
                            "await storage.run('inside', async () => {"
                            "  for await (const value of setInterval(1000, 'tick')) {"
                            "    seen.push(value + ' ' + storage.getStore());"
                            "    if (seen.length === 3) break;"
                            "  }"
                            "})",
                            {.type = SourceType::module}));
  for (int i = 0; i < 3; ++i) {
    vm->run_until_idle();
    vm = std::make_unique<VM>(host, vm->snapshot());
    now += std::chrono::seconds(1);
  }
  EXPECT_EQ(vm->run(*vm->kept("main")).value()["seen"].as<std::vector<std::string>>(),
            std::vector<std::string>(3, "tick inside"));
  EXPECT_FALSE(vm->next_deadline()) << "the interval has ended";
}

TEST(AsyncContext, NeitherErrorsNorEndsLeakIt) {
  VM vm{host_with_builtins()};
  vm.run(vm.eval("globalThis.als = new (await import('node:async_hooks')).AsyncLocalStorage()",
                 {.type = SourceType::async_script}));
  EXPECT_THROW(vm.eval("als.run('a', () => { throw new Error('x') })"), JSError);
  EXPECT_TRUE(vm.eval("als.getStore()").is_undefined());
  vm.eval("als.run('b', () => { Promise.resolve().then(() => { als.enterWith('c') }) })");
  vm.run_until_idle();
  EXPECT_TRUE(vm.eval("als.getStore()").is_undefined());
  vm.eval("Promise.resolve().then(() => als.enterWith('d'))");
  vm.run_until_idle();
  vm.eval("Promise.resolve().then(() => { globalThis.seen = als.getStore() })");
  vm.run_until_idle();
  EXPECT_TRUE(vm.eval("seen").is_undefined());
}

// ---- the process --------------------------------------------------------------------------------

TEST(Process, ExitEndsTheProgramAndNotTheVm) {  // B8
  VM vm{host_with_builtins().node_globals().clock(fixed_clock(Time{std::chrono::hours(24)}))};
  const auto status_of = [&](const std::string& script) {
    try {
      vm.eval(script);
      vm.run_until_idle();
    } catch (const ExitError& end) {
      EXPECT_EQ(end.code(), Errc::exited);
      return end.status();
    }
    return -1;
  };
  EXPECT_EQ(status_of("globalThis.went = 0;"
                      "try { process.exit(7) } catch { went = 1 } finally { went = 2 }"),
            7);
  EXPECT_EQ(vm.eval("went").as<int>(), 0) << "nothing of the program runs after it";
  EXPECT_EQ(status_of("Promise.resolve().then(() => process.exit(8))"), 8);
  EXPECT_EQ(status_of("setTimeout(() => process.exit(), 0); process.exitCode = 9"), -1);
  EXPECT_EQ(vm.end_process(), std::nullopt) << "a timer is left";
}

TEST(Process, TellsWhatTheHostSays) {  // B8
  Host host = host_with_builtins();
  host.process({.arguments = {"quiesce", "/a \"b\"\n\\c.mjs", "é😀"},
                .environment = {{"A", "1"}, {"B", ""}},
                .folder = "/work",
                .executable = "/bin/q"});
  VM vm{host};
  const Value process = import_of(vm, "node:process")["default"];
  EXPECT_EQ(process["argv"].as<std::vector<std::string>>(),
            (std::vector<std::string>{"quiesce", "/a \"b\"\n\\c.mjs", "é😀"}));
  EXPECT_EQ(process["env"].inspect(), "{ A: '1', B: '' }");
  EXPECT_EQ(process.invoke("cwd").as<std::string>(), "/work");
  EXPECT_EQ(process["execPath"].as<std::string>(), "/bin/q");
  // A woken VM keeps what it was told, also if it has not asked yet.
  VM asked_later{host_with_builtins(), VM{host}.snapshot()};
  EXPECT_EQ(import_of(asked_later, "node:process")["default"]["argv"][1].as<std::string>(),
            "/a \"b\"\n\\c.mjs");
}

TEST(Process, BadConfigurationsAreRefused) {
  Host host;
  EXPECT_EQ(code_of([&] { host.process({.folder = "relative"}); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([&] { host.process({.arguments = {"\xff"}}); }), Errc::encoding);
  EXPECT_EQ(code_of([&] { host.process({.environment = {{"a\xc0", "b"}}}); }), Errc::encoding);
}

TEST(Process, OutputIsExactWithASinkAndLinesWithout) {
  std::string out, log;
  Host host = host_with_builtins().node_globals();
  host.log([&](LogLevel level, std::string_view text) {
    log += std::to_string(static_cast<int>(level)) + std::string(text) + "|";
  });
  VM{host}.eval("process.stdout.write('a\\n'); process.stderr.write('b')");
  EXPECT_EQ(log, "1a|3b|");
  host.output([&](OutputStream stream, std::string_view text) {
    out += (stream == OutputStream::out ? "out:" : "error:") + std::string(text);
  });
  VM{host}.eval("process.stdout.write('a\\n'); process.stderr.write('b')");
  EXPECT_EQ(out, "out:a\nerror:b");
}

TEST(Process, UncaughtErrorsGoToTheProgramThatWantsThem) {
  VM vm{host_with_builtins().node_globals()};
  vm.eval("Promise.resolve().then(() => queueMicrotask(() => { throw new Error('host') }))");
  EXPECT_THROW(vm.run_until_idle(), JSError);
  vm.eval(
      "process.once('uncaughtException', (error) => { globalThis.caught = error.message });"
      "queueMicrotask(() => { throw new Error('program') })");
  EXPECT_NO_THROW(vm.run_until_idle());
  EXPECT_EQ(vm.eval("caught").as<std::string>(), "program");
  vm.eval("queueMicrotask(() => { throw new Error('host again') })");
  EXPECT_THROW(vm.run_until_idle(), JSError);
}

// A program that listens is told in the host's place, also if it slept in between.
TEST(Process, RejectionsGoToTheProgramThatListens) {  // B8
  std::vector<std::string> told;
  Host host = host_with_builtins().node_globals();
  host.on_rejection([&](VM&, const Rejection& rejection) {
    told.push_back((rejection.kind == Rejection::Kind::handled ? "handled " : "") +
                   rejection.reason.as<std::string>());
  });
  VM vm{host};
  vm.eval("globalThis.before = Promise.reject('before')");
  vm.run_until_idle();
  EXPECT_EQ(told, std::vector<std::string>{"before"});
  vm.eval(
      "globalThis.seen = [];"
      "process.on('unhandledRejection', (reason) => seen.push(reason));"
      "process.on('rejectionHandled', (promise) => seen.push('handled', promise === mine));"
      "globalThis.mine = Promise.reject('mine')");
  EXPECT_TRUE(vm.take_unhandled_rejections().empty()) << "it is the program's";
  EXPECT_TRUE(vm.job_ready());
  VM woken{host, vm.snapshot()};
  woken.run_until_idle();
  EXPECT_EQ(woken.eval("seen.join()").as<std::string>(), "mine");
  EXPECT_FALSE(woken.job_ready());
  VM again{host, woken.snapshot()};
  again.eval("mine.catch(() => {}); before.catch(() => {})");
  again.run_until_idle();
  EXPECT_EQ(again.eval("seen.join()").as<std::string>(), "mine,handled,true");
  EXPECT_EQ(told, (std::vector<std::string>{"before", "handled before"}))
      << "each hears of what it was told of";
  again.eval("process.removeAllListeners('unhandledRejection'); Promise.reject('host')");
  again.run_until_idle();
  EXPECT_EQ(told.back(), "host");
}

TEST(Process, AListenerForRejectionsThatThrowsTellsTheHostOnce) {  // B8
  VM vm{host_with_builtins().node_globals()};
  vm.eval(
      "globalThis.told = 0;"
      "process.on('unhandledRejection', (reason) => { told++; throw new Error('on ' + reason) });"
      "Promise.reject('one'); Promise.reject('two')");
  for (const char* message : {"on one", "on two"}) {
    try {
      vm.run_until_idle();
      FAIL() << "nothing was thrown for " << message;
    } catch (const JSError& error) {
      EXPECT_EQ(error.message(), message);
    }
  }
  EXPECT_NO_THROW(vm.run_until_idle());
  EXPECT_EQ(vm.eval("told").as<int>(), 2);
  EXPECT_TRUE(vm.take_unhandled_rejections().empty());
}

// More at once than are remembered, while the listener takes itself away and comes back.
TEST(Process, ManyRejectionsAndAListenerThatComesAndGoes) {  // B8
  VM vm{host_with_builtins().node_globals().clock(fixed_clock(Time{std::chrono::hours(24)}))};
  vm.eval(
      "globalThis.told = 0;"
      "function listener() { if (++told % 100 == 0) {"
      "  process.off('unhandledRejection', listener); setTimeout(listen) } }"
      "function listen() { process.on('unhandledRejection', listener) } listen();"
      "for (let i = 0; i < 3000; i++) Promise.reject(i)");
  vm.run_until_idle();
  EXPECT_EQ(vm.eval("told").as<int>(), 100);
  EXPECT_EQ(vm.take_unhandled_rejections().size(), 924u) << "nobody listened: they are the host's";
  EXPECT_FALSE(vm.job_ready());
}

TEST(Process, AProgramIsToldOfTheErrorItEndsWith) {  // B8
  const auto vm_with = [](const std::string& script) {
    auto vm = std::make_unique<VM>(host_with_builtins().node_globals());
    vm->eval("globalThis.seen = []; process.on('exit', (code) => seen.push(code));" + script);
    return vm;
  };
  auto vm = vm_with("");
  EXPECT_EQ(vm->fail_process(), 1);
  EXPECT_EQ(vm->fail_process(), 1);
  EXPECT_EQ(vm->eval("seen.join()").as<std::string>(), "1") << "told once";
  EXPECT_EQ(vm_with("process.on('exit', () => { process.exitCode = 9 })")->fail_process(), 9);
  EXPECT_EQ(vm_with("process.on('exit', () => { throw 1 })")->fail_process(), 1);
  EXPECT_THROW(vm_with("process.on('exit', () => process.exit(5))")->fail_process(), ExitError);
  vm = vm_with(
      "process.on('uncaughtException', () => { throw 2 }); setImmediate(() => { throw 1 })");
  EXPECT_THROW(vm->run_until_idle(), JSError);
  EXPECT_EQ(vm->fail_process(), 7);
  EXPECT_EQ(VM{}.fail_process(), 1) << "a program without node:process";
}

TEST(Process, BeforeExitIsToldOnceAsLongAsOnlyJobsFollow) {  // B8
  VM vm{host_with_builtins().node_globals()};
  vm.eval("globalThis.told = 0; process.on('beforeExit', async () => { told++; await null })");
  int rounds = 0;
  while (!vm.end_process() && rounds < 5) {
    vm.run_until_idle();
    ++rounds;
  }
  EXPECT_EQ(rounds, 1);
  EXPECT_EQ(vm.eval("told").as<int>(), 1);
}

// Listeners that were there before the main module are not asked about one that cannot be loaded.
TEST(Process, AMainModuleThatCannotBeLoadedIsTheHosts) {  // B8
  VM vm{host_with_builtins().node_globals()};
  vm.eval(
      "globalThis.told = 0; for (const name of ['uncaughtException', 'unhandledRejection'])"
      "  process.on(name, () => told++)");
  EXPECT_THROW(vm.run(vm.import_main("file:///nowhere.mjs")), Error);
  const Value main = vm.eval("throw new Error('x')", {.type = SourceType::module});
  vm.run_until_idle();
  EXPECT_EQ(main.promise_state(), PromiseState::fulfilled) << "that it threw, the program took";
  EXPECT_EQ(vm.eval("told").as<int>(), 1);
}

// ---- files --------------------------------------------------------------------------------------

TEST(NodeFs, WorksOnTheFilesOfTheVmAndSleepsWithThem) {  // B5
  Host host = host_with_builtins();
  host.files(Mounts().mount("/app", memory_files({{"/data.txt", "from the host"}})));
  VM vm{host};
  vm.eval("globalThis.fs = null");
  vm.run(vm.eval("globalThis.fs = (await import('node:fs')).default",
                 {.type = SourceType::async_script}));
  EXPECT_EQ(vm.eval("fs.readFileSync('/app/data.txt', 'utf8')").as<std::string>(), "from the host");
  vm.eval("fs.writeFileSync('/own', 'written'); globalThis.fd = fs.openSync('/own')");
  EXPECT_EQ(vm.files().read("/own"), "written");
  EXPECT_EQ(vm.eval("try { fs.writeFileSync('/app/x', '') } catch (error) { error.code }")
                .as<std::string>(),
            "EROFS");
  VM woken{host_with_builtins(), vm.snapshot()};
  EXPECT_EQ(woken.eval("fs.readFileSync('/app/data.txt', 'utf8')").as<std::string>(),
            "from the host");
  EXPECT_EQ(woken.eval("const room = new Uint8Array(4); fs.readSync(fd, room); String(room)")
                .as<std::string>(),
            "119,114,105,116");
}

// ---- what each costs ----------------------------------------------------------------------------

std::size_t bytes_with(const std::string& name) {
  VM vm{host_with_builtins()};
  if (!name.empty()) import_of(vm, name);
  return vm.snapshot().to_bytes().size();
}

// Rows "| node:util | 12,345 |" of the decision's table.
std::map<std::string, double> table_of_costs() {
  std::ifstream in(fs::path(QUIESCE_TEST_ROOT) / "docs/decisions/010-built-ins.md");
  std::map<std::string, double> costs;
  static const std::regex kRow("^\\| (node:[a-z_0-9/]+) \\| ([0-9,]+) \\|$");
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, kRow)) continue;
    std::string digits = match[2];
    std::erase(digits, ',');
    costs[match[1]] = std::stod(digits);
  }
  return costs;
}

TEST(Builtins, CostWhatTheTableSays) {
  const std::map<std::string, double> table = table_of_costs();
  const auto nothing = static_cast<double>(bytes_with(""));
  std::ostringstream rows;
  bool is_right = true;
  for (const std::string& name : names_of_builtins()) {
    const double cost = static_cast<double>(bytes_with(name)) - nothing;
    const auto row = table.find(name);
    // An import alone costs some hundred bytes, more or less.
    if (row == table.end() || std::abs(row->second - cost) > std::max(600.0, cost / 10))
      is_right = false;
    std::string digits = std::to_string(static_cast<long>(cost));
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    rows << "| " << name << " | " << digits << " |\n";
  }
  EXPECT_TRUE(is_right && table.size() == names_of_builtins().size())
      << "the table of docs/decisions/010-built-ins.md should be\n"
      << rows.str();
}

}  // namespace
}  // namespace quiesce
