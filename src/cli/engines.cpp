// `quiesce engines`, and how the other commands find the engine of a snapshot.
#include "cli/engines.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/commands.hpp"
#include "cli/json_list.hpp"
#include "cli/output.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

namespace fs = std::filesystem;

// <prefix>/lib/quiesce/engines for <prefix>/bin/quiesce.
std::optional<fs::path> folder_beside_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  return program.parent_path().parent_path() / "lib" / "quiesce" / "engines";
}

std::string as_text(const EngineInfo& info) {
  std::string text = labelled_line("engine", info.sha256);
  text += labelled_line("where", info.file.empty() ? "built in" : printable(info.file.string()));
  if (!info.problem.empty()) return text + labelled_line("unusable", printable(info.problem));
  text += labelled_line("quickjs", info.quickjs_version);
  text += labelled_line("interface", std::to_string(info.interface_version));
  text += labelled_line(
      "size",
      describe_bytes(info.wasm_bytes) + " of WebAssembly" +
          (info.file.empty() ? "" : ", " + describe_bytes(info.file_bytes) + " of library"));
  return text;
}

std::string as_json(const EngineInfo& info) {
  const bool usable = info.problem.empty();
  const auto number = [](bool known, std::uint64_t n) {
    return known ? std::to_string(n) : "null";
  };
  const auto text = [](const std::string& t) { return t.empty() ? "null" : json_string(t); };
  return "{\"sha256\": " + json_string(info.sha256) +
         ", \"file\": " + text(well_formed(info.file.string())) +
         ", \"quickjs\": " + text(info.quickjs_version) +
         ", \"interface\": " + number(usable, info.interface_version) +
         ", \"wasm_bytes\": " + number(usable, info.wasm_bytes) +
         ", \"file_bytes\": " + number(usable && !info.file.empty(), info.file_bytes) +
         ", \"problem\": " + text(well_formed(info.problem)) + "}";
}

}  // namespace

void add_folders(Engines& engines, const Options& options) {
  for (const fs::path& folder : options.engines) engines.add_folder(folder);
  // Not of a program that runs with more rights than who called it: it names code to be run.
  const char* const variable = ::secure_getenv("QUIESCE_ENGINES");
  std::string_view rest = variable != nullptr ? variable : "";
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    if (!folder.empty()) engines.add_folder(folder);
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
  }
  if (auto beside = folder_beside_program()) engines.add_folder(std::move(*beside));
}

Exit engines(const Options& options) {
  Engines engines;
  add_folders(engines, options);
  const std::vector<EngineInfo> infos = engines.list();
  std::vector<std::string> folders;
  for (const fs::path& folder : engines.folders()) folders.push_back(folder.string());
  if (options.json) {
    JsonList rows("  "), names("  "), list("");
    for (const EngineInfo& info : infos) rows.add(as_json(info));
    for (const std::string& folder : folders) names.add(json_string(well_formed(folder)));
    list.add("engines", rows.array());
    list.add("folders", names.array());
    print(list.object() + "\n");
    return Exit::done;
  }
  std::string text;
  for (const EngineInfo& info : infos) text += as_text(info) + "\n";
  for (const std::string& folder : folders) text += labelled_line("looked in", printable(folder));
  print(text);
  return Exit::done;
}

}  // namespace quiesce::cli
