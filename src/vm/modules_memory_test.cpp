// Every allocation of a load fails once: the import is an error, or works, and the VM goes on.
#include "vm/machine.hpp"
#include "vm/modules_testing.hpp"

namespace quiesce {
namespace {

/// The import of "main", its late sources given as they are asked for; true: it is there.
bool import_all(TreeWorld& world, VM& vm) {
  const Value promise = vm.import_main("file:///main.mjs");
  for (int round = 0; round < 10; ++round) {
    if (const auto exports = vm.run(promise)) {
      return (*exports)["all"].to_json().value() == "[1,2,3,\"/d\",5]";
    }
    for (const PendingCall& call : vm.pending_calls()) {
      const std::string url = call.arguments_json.substr(2, call.arguments_json.size() - 4);
      vm.deferred(call.id)->resolve(world.tree->files.at(Tree::path_of(url)));
    }
  }
  return false;
}

TEST(ModuleMemory, EveryAllocationOfALoadMayFail) {  // A15
  TreeWorld world{
      {{"/warm.mjs", "import './warm.cjs'; import 'node:module'"},
       {"/warm.cjs", "exports.warm = 1"},
       {"/main.mjs",
        "import {a} from './later-a.mjs'; import b, {b2} from './b.cjs'; import * as d from "
        "'./d/d.mjs'; import j from './j.json' with {type: 'json'};"
        "export const all = [a, b.b, b2, d.folder, j.n]"},
       {"/later-a.mjs", "export {a} from './later-c.mjs'; export * from './d/d.mjs'"},
       {"/later-c.mjs", "export const a = 1; await null"},
       {"/b.cjs", "exports.b = require('./e.cjs').e; exports.b2 = 3"},
       {"/e.cjs", "exports.e = require('./f.mjs').f"},
       {"/f.mjs", "export const f = 2; export default 0"},
       {"/d/d.mjs", "export const folder = import.meta.dirname"},
       {"/j.json", "{\"n\": 5}"}}};
  world.import("file:///warm.mjs");
  const Snapshot warm = world.vm.snapshot();
  int failures = 0, lost = 0;
  for (std::uint32_t n = 0; n < 5000; ++n) {
    SCOPED_TRACE(n);
    VM vm{world.host, warm};
    vm.eval("0");
    guest::Instance& guest = detail::ValueAccess::machine(vm).instance();
    guest.fail_allocations(n, 1);
    try {
      if (!import_all(world, vm)) ++lost;
    } catch (const Error& error) {
      ASSERT_NE(error.code(), Errc::poisoned) << error.what();
      EXPECT_NE(std::string(error.what()).find("out of memory"), std::string::npos) << error.what();
      ++failures;
    }
    const std::uint32_t failed = guest.fail_allocations(0, 0);
    EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
    // What had begun to run has failed for good; all else is loaded anew.
    try {
      import_all(world, vm);
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("out of memory"), std::string::npos) << error.what();
    }
    vm.collect_garbage();
    EXPECT_GT(vm.snapshot().memory_bytes(), 0u);
    if (failed == 0) break;
    ASSERT_LT(n, 4999u);
  }
  EXPECT_GT(failures, 100);
  EXPECT_EQ(lost, 0);
}

}  // namespace
}  // namespace quiesce
