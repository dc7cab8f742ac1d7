// Imports what imports.mjs lists, each in a new VM that sees the project's folder under its real
// path, and prints a line for each as ask_node_imports.mjs does:
//
//   node-import-batch PROJECT IMPORTS > answers
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "quiesce/files.hpp"
#include "quiesce/node_modules.hpp"
#include "quiesce/process.hpp"
#include "quiesce/quiesce.hpp"

namespace {

// One import of all of effect or mathjs takes a second or two here, and ten under sanitizers.
constexpr std::chrono::seconds kOneImportMax{120};

/// `import X` or `require X`, as the answer of ask() in JSON.
std::string answer(const quiesce::Host& host, const std::string& project,
                   const std::string& import) {
  quiesce::VM vm{host, {.memory_bytes_max = 1u << 30, .time_max = kOneImportMax}};
  vm.global().set("asked", import);
  const quiesce::Value module = vm.eval(
      "import {ask} from './probe.mjs';\n"
      "export const answer =\n"
      "    JSON.stringify({import: asked, ...await ask(...asked.split(' '))});",
      {.file_name = project + "/main.mjs", .type = quiesce::SourceType::module});
  const std::optional<quiesce::Value> exports = vm.run(module);
  if (!exports) throw std::runtime_error("the import waits for something from outside");
  return exports->get("answer").as<std::string>();
}

/// A failure of the VM instead of one of the module.
std::string failure(quiesce::VM& scratch, const std::string& import, const char* text) {
  const quiesce::Value line =
      scratch.eval("(line, text) => JSON.stringify({import: line, error: 'VM', text})");
  return line(import, text).as<std::string>();
}

int answer_all(const std::string& folder, const std::string& list) {
  const std::string project = std::filesystem::canonical(folder).string();
  quiesce::Host host;
  host.files(quiesce::Mounts().mount(project, quiesce::folder_files(project)))
      .modules(quiesce::node_modules({.conditions = {"node"}, .builtins = quiesce::all_builtins()}))
      .process({.arguments = {"quiesce", project + "/main.mjs"}, .folder = project})
      .node_globals();
  quiesce::VM scratch;
  std::ifstream lines(list);
  if (!lines) throw std::runtime_error("cannot read " + list);
  for (std::string import; std::getline(lines, import);) {
    const auto start = std::chrono::steady_clock::now();
    try {
      std::cout << answer(host, project, import) << std::endl;
    } catch (const std::exception& error) {
      std::cout << failure(scratch, import, error.what()) << std::endl;
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    std::cerr << import << ": " << took.count() << " ms\n";
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3) return answer_all(argv[1], argv[2]);
    std::cerr << "usage: node-import-batch PROJECT IMPORTS\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "node-import-batch: " << error.what() << '\n';
    return 2;
  }
}
