// What `inspect` tells of a snapshot whose engine is not here: its header, and why no more.
#include <optional>
#include <string>

#include "cli/engines.hpp"
#include "cli/inspect.hpp"
#include "cli/json_list.hpp"
#include "cli/output.hpp"
#include "cli/snapshot_file.hpp"

namespace quiesce::cli {

namespace {

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

std::optional<std::string> header_alone(const Options& options) {
  if (!options.keys.empty()) return std::nullopt;  // a seal is demanded: nothing is believed before
  const auto header = header_of(options.input);
  if (!header) return std::nullopt;
  const std::string trouble = trouble_with(options, header->engine);
  if (trouble.empty()) return std::nullopt;
  return options.json ? header_json(options.input, *header, trouble)
                      : header_text(options.input, *header, trouble);
}

}  // namespace quiesce::cli
