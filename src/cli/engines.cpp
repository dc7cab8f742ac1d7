// `quiesce engines`, and how the other commands find the engine of a snapshot.
#include "cli/engines.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/commands.hpp"
#include "cli/inspect.hpp"
#include "cli/json_list.hpp"
#include "cli/output.hpp"
#include "cli/units.hpp"
#include "quiesce/snapshot.hpp"

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

// Why the engine of that name cannot be had; empty: it can.
std::string trouble_with(const Options& options, const std::string& sha256) {
  Engines engines;
  add_folders(engines, options);
  try {
    if (engines.find(sha256)) return {};
  } catch (const Error& error) {
    return error.what();
  }
  std::string text = "its engine is not installed; put " + Engines::file_name(sha256) + " into ";
  const auto folders = engines.folders();
  for (std::size_t i = 0; i < folders.size(); ++i)
    text += (i == 0 ? "" : ", ") + folders[i].string();
  return text + ", or name its folder with --engines";
}

std::string header_text(const std::string& file, const SnapshotHeader& header,
                        const std::string& trouble) {
  std::string text = labelled_line("snapshot", printable(file));
  text += labelled_line("engine", header.engine);
  text += labelled_line("digest", header.digest);
  if (!header.ancestor.empty()) text += labelled_line("needs", header.ancestor);
  text +=
      labelled_line("size", describe_size(header.stored_bytes, header.form, header.memory_bytes));
  return text + labelled_line("unknown", "what it waits for and holds: " + printable(trouble));
}

std::string header_json(const std::string& file, const SnapshotHeader& header,
                        const std::string& trouble) {
  JsonList list("");
  list.add("snapshot", json_string(file));
  list.add("engine", json_string(header.engine));
  list.add("digest", json_string(header.digest));
  list.add("form", json_string(form_name(header.form)));
  list.add("ancestors", header.ancestor.empty() ? "[]" : "[" + json_string(header.ancestor) + "]");
  list.add("stored_bytes", std::to_string(header.stored_bytes));
  list.add("memory_bytes", std::to_string(header.memory_bytes));
  list.add("engine_problem", json_string(well_formed(trouble)));
  return list.object() + "\n";
}

}  // namespace

std::vector<fs::path> engine_folders(const Options& options) {
  std::vector<fs::path> folders = options.engines;
  // Not of a program that runs with more rights than who called it: it names code to be run.
  const char* const variable = ::secure_getenv("QUIESCE_ENGINES");
  std::string_view rest = variable != nullptr ? variable : "";
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    if (!folder.empty()) folders.emplace_back(folder);
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
  }
  if (auto beside = folder_beside_program()) folders.push_back(std::move(*beside));
  return folders;
}

void add_folders(Engines& engines, const Options& options) {
  for (fs::path& folder : engine_folders(options)) engines.add_folder(std::move(folder));
}

std::optional<std::string> header_alone(const Options& options) {
  if (!options.keys.empty()) return std::nullopt;  // a seal is demanded: nothing is believed before
  std::error_code ignored;
  if (!fs::is_regular_file(options.input, ignored)) return std::nullopt;
  SnapshotHeader header;
  try {
    header = Snapshot::header(options.input);
  } catch (const Error&) {
    return std::nullopt;
  }
  const std::string trouble = trouble_with(options, header.engine);
  if (trouble.empty()) return std::nullopt;
  return options.json ? header_json(options.input, header, trouble)
                      : header_text(options.input, header, trouble);
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
