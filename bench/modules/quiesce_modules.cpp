// What modules cost: importing a program of many small ones, or all of lodash-es, and waking a VM
// that has them.
//
//   quiesce-modules import TREE           a line {"what":...,"ns":...} for each figure
//   quiesce-modules lodash NPM_FOLDER     cold, and woken with it evaluated
//   quiesce-modules restore TREE SMALL    waking with all of TREE, and with all of SMALL
//
// TREE and SMALL are of make_tree.mjs.
//
// `import` and the first figure of `lodash` are of one import in this process, as in
// peers/node_modules.mjs; the others are medians. What is expected of a wrong result: an exception.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "quiesce/files.hpp"
#include "quiesce/node_modules.hpp"
#include "quiesce/quiesce.hpp"

namespace {

using Clock = std::chrono::steady_clock;

void expect(bool holds, const char* text) {
  if (!holds) throw std::logic_error(std::string("wrong result: ") + text);
}

void report(const std::string& what, double ns) {
  std::cout << "{\"what\":\"" << what << "\",\"ns\":" << static_cast<long long>(ns) << "}\n";
}

double ns_since(Clock::time_point start) {
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
}

/// Median of at least 20 turns and 0.3 s.
double median_ns(const std::function<void()>& turn) {
  std::vector<double> times;
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds{300};
  while (times.size() < 20 || Clock::now() < end) {
    const Clock::time_point start = Clock::now();
    turn();
    times.push_back(ns_since(start));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// A world in which a folder is visible under its real path, and nothing else.
struct Folder {
  std::string path;
  quiesce::Host host;

  explicit Folder(const std::string& name) : path(std::filesystem::canonical(name).string()) {
    host.files(quiesce::Mounts().mount(path, quiesce::folder_files(path)))
        .modules(quiesce::node_modules({.conditions = {"node"}}));
  }

  /// A module's namespace, by an import within the folder.
  quiesce::Value import(quiesce::VM& vm, const std::string& specifier) const {
    const quiesce::Value importing =
        vm.eval("import * as all from '" + specifier + "'; export {all};",
                {.file_name = path + "/begin.mjs", .type = quiesce::SourceType::module});
    const auto exports = vm.run(importing);
    if (!exports) throw std::logic_error("the import waits for something from outside");
    return exports->get("all");
  }
};

/// A VM in which all of a tree is loaded and evaluated.
quiesce::VM vm_with_tree(const Folder& tree) {
  quiesce::VM vm{tree.host};
  const quiesce::Value program = tree.import(vm, "./main.mjs");
  expect(program.get("sum").as<double>() == program.get("expected").as<double>(), "sum");
  vm.keep("program", program);
  return vm;
}

void measure_import(const std::string& folder) {
  const Clock::time_point start = Clock::now();
  const Folder tree(folder);
  quiesce::VM vm = vm_with_tree(tree);
  report("modules_import", ns_since(start));
}

void measure_restore(const std::string& what, const std::string& folder) {
  const Folder tree(folder);
  const quiesce::Snapshot asleep = vm_with_tree(tree).snapshot();
  report("modules_restore" + what, median_ns([&] { quiesce::VM awake(tree.host, asleep); }));
  report("modules_restore_use" + what, median_ns([&] {
           quiesce::VM awake(tree.host, asleep);
           const quiesce::Value describe = awake.kept("program")->get("describe");
           expect(describe().as<std::string>() == "unit 0", "describe");
         }));
}

/// From the content of a file, each time as if it were new.
void measure_restore_from_bytes(const std::string& folder) {
  const Folder tree(folder);
  const std::vector<std::byte> stored = vm_with_tree(tree).snapshot().to_bytes();
  report("modules_restore_bytes", median_ns([&] {
           quiesce::VM awake(tree.host, quiesce::Snapshot::from_bytes(stored));
           expect(awake.kept("program").has_value(), "kept");
         }));
}

void expect_chunks(quiesce::VM& vm, const quiesce::Value& lodash) {
  const quiesce::Value chunks = lodash.get("chunk")(vm.parse_json("[1,2,3]"), 2);
  expect(chunks.get("length").as<double>() == 2, "chunk");
}

void measure_lodash(const std::string& npm_folder) {
  const Clock::time_point start = Clock::now();
  const Folder folder(npm_folder);
  quiesce::VM vm{folder.host};
  const quiesce::Value lodash = folder.import(vm, "lodash-es");
  expect_chunks(vm, lodash);
  report("lodash_import", ns_since(start));
  vm.keep("lodash", lodash);
  const quiesce::Snapshot asleep = vm.snapshot();
  report("lodash_awake", median_ns([&] {
           quiesce::VM awake(folder.host, asleep);
           expect_chunks(awake, *awake.kept("lodash"));
         }));
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "import") {
    measure_import(words[1]);
  } else if (words.size() == 2 && words[0] == "lodash") {
    measure_lodash(words[1]);
  } else if (words.size() == 3 && words[0] == "restore") {
    measure_restore("", words[1]);
    measure_restore("_few", words[2]);
    measure_restore_from_bytes(words[1]);
  } else {
    std::cerr << "usage: quiesce-modules import TREE | lodash NPM_FOLDER | restore TREE SMALL\n";
    return 2;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "quiesce-modules: " << error.what() << '\n';
    return 1;
  }
}
