#include "cli/modules.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/file.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "quiesce/typescript.hpp"

namespace quiesce::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kImportMapBytesMax = 64u << 20;

fs::path without_links(const fs::path& path) {
  std::error_code failed;
  const fs::path absolute = fs::absolute(path);
  fs::path clean = fs::weakly_canonical(absolute, failed);
  return failed ? absolute.lexically_normal() : clean;
}

bool contains(const fs::path& folder, const fs::path& file) {
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first ==
         folder.end();
}

// The folder of the package that a file belongs to, or else the file's own. A package among the
// node_modules of another is seen from there, since it may import its neighbours.
fs::path own_folder(const fs::path& file) {
  std::error_code ignored;
  const fs::path nearest = fs::is_directory(file, ignored) ? file : file.parent_path();
  for (fs::path folder = nearest; folder.has_relative_path(); folder = folder.parent_path()) {
    const auto inside = std::ranges::find(folder, fs::path("node_modules"));
    if (inside != folder.end()) {
      fs::path above;
      for (auto part = folder.begin(); part != inside; ++part) above /= *part;
      return above;
    }
    if (fs::is_regular_file(folder / "package.json", ignored)) return folder;
  }
  return nearest;
}

std::vector<MountOption> places_for(const ModuleOptions& options, const fs::path& file) {
  if (options.mounts.empty()) {
    const fs::path here = without_links(fs::current_path());
    const fs::path wanted = file.empty() ? here : without_links(file);
    const fs::path folder = contains(here, wanted) ? here : own_folder(wanted);
    return {{folder.string(), folder}};
  }
  std::vector<MountOption> places = options.mounts;
  for (MountOption& place : places) place.folder = without_links(place.folder);
  return places;
}

// NAME=VALUE, or NAME for what this process has, if it has it.
std::map<std::string, std::string> environment_of(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> environment;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (name.empty()) throw UsageError("--env: needs NAME=VALUE or NAME, and got '" + text + "'");
    if (equals != std::string::npos) {
      environment[name] = text.substr(equals + 1);
    } else if (const char* value = std::getenv(name.c_str())) {
      environment[name] = value;
    }
  }
  return environment;
}

ImportMap read_import_map(const fs::path& file, const std::string& path) {
  const auto bytes = base::read_file(file, kImportMapBytesMax);
  ImportMap map = ImportMap::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                   path_to_file_url(path));
  return map;
}

// All maps of the command line in one; what of them is ignored is said.
ImportMap read_import_maps(const std::vector<fs::path>& files, const auto& find) {
  ImportMap maps;
  for (const fs::path& file : files) {
    const fs::path map = without_links(file);
    try {
      maps = ImportMap::merge(maps, read_import_map(map, find(map).value_or(map.string())));
    } catch (const ModuleError& error) {
      throw UsageError("--import-map: " + base::quoted(file) + ": " + error.what());
    } catch (const Error& error) {
      throw UsageError("--import-map: " + std::string(error.what()));
    }
  }
  for (const std::string& warning : maps.warnings())
    complain("--import-map: " + printable(warning));
  return maps;
}

}  // namespace

Modules::Modules(const ModuleOptions& options, const fs::path& file)
    : places_(places_for(options, file)),
      keeps_writes_(options.fs),
      folder_(find(without_links(fs::current_path())).value_or("/")),
      environment_(environment_of(options.env)) {
  NodeModulesOptions loading;
  loading.conditions = options.conditions;
  loading.builtins = options.fs ? all_builtins() : default_builtins();
  if (options.lenient) {
    loading.resolver =
        std::make_shared<LenientResolver>(LenientResolverOptions{.builtins = loading.builtins});
  }
  loading.strip_types = strip_types;
  loading.base = path_to_file_url(folder_ == "/" ? folder_ : folder_ + "/");
  loading.import_map =
      read_import_maps(options.import_maps, [this](const fs::path& map) { return find(map); });
  try {
    loader_ = node_modules(std::move(loading));
  } catch (const Error& error) {
    throw UsageError("--conditions: " + std::string(error.what()));
  }
}

void Modules::give_to(Host& host, const std::string& main,
                      const std::vector<std::string>& arguments) const {
  Mounts mounts;
  for (const MountOption& place : places_) {
    try {
      mounts.mount(place.path, folder_files(place.folder), {.keeps_writes = keeps_writes_});
    } catch (const Error& error) {
      throw UsageError("--mount: " + std::string(error.what()));
    }
  }
  Process process{.environment = environment_, .folder = folder_};
  process.arguments.push_back(process.executable);
  if (!main.empty()) process.arguments.push_back(main);
  process.arguments.insert(process.arguments.end(), arguments.begin(), arguments.end());
  host.files(mounts).modules(loader_).process(process).node_globals();
}

std::optional<std::string> Modules::find(const fs::path& file) const {
  std::optional<std::string> found;
  std::size_t depth = 0;  // of the innermost folder that has it
  for (const MountOption& place : places_) {
    if (!contains(place.folder, file)) continue;
    const auto parts = static_cast<std::size_t>(std::ranges::distance(place.folder)) + 1;
    if (parts <= depth) continue;
    depth = parts;
    const fs::path rest = file.lexically_relative(place.folder);
    fs::path path = place.path;
    if (rest != ".") path /= rest;
    found = path.string();
  }
  return found;
}

std::string Modules::path_of(const fs::path& file) const {
  if (const auto path = find(without_links(file))) return *path;
  const bool inside = std::ranges::any_of(places_, [&](const MountOption& place) {
    return contains(fs::path(place.path), file.lexically_normal());
  });
  if (inside) return file.lexically_normal().string();
  throw UsageError(base::quoted(file) + " lies in no folder that is mounted; --mount PATH=FOLDER" +
                   " makes it one");
}

}  // namespace quiesce::cli
