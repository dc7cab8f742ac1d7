// `require`: the CommonJS algorithm.
#include <array>

#include "modules/errors.hpp"
#include "modules/resolution.hpp"

namespace quiesce::modules {

namespace {

bool is_relative(std::string_view specifier) {
  return specifier == "." || specifier.starts_with("./") || specifier.starts_with("..");
}

// The name of a package at the front of a specifier, as `require` sees it: nothing with a dot in
// front, and never a percent sign or a backslash. Empty: there is none.
std::string_view package_name(std::string_view specifier) {
  std::size_t end = specifier.find('/');
  std::string_view last = specifier.substr(0, end);
  if (specifier.starts_with("@")) {
    if (end == std::string_view::npos || end == 1) return {};
    const std::size_t start = end + 1;
    end = specifier.find('/', start);
    last = specifier.substr(start, end == std::string_view::npos ? end : end - start);
  }
  const std::string_view name = specifier.substr(0, end);
  const bool is_name =
      !last.empty() && last[0] != '.' && name.find_first_of("%\\") == std::string_view::npos;
  return is_name ? name : std::string_view();
}

// What can only be a directory.
bool names_directory(std::string_view specifier) {
  return specifier == "." || specifier == ".." || specifier.ends_with("/") ||
         specifier.ends_with("/.") || specifier.ends_with("/..");
}

}  // namespace

void Resolution::throw_cjs_not_found(const std::string& what) const {
  throw_module_error("MODULE_NOT_FOUND", "Cannot find module '" + shown(what) + "'" +
                                             (base_path_.empty() ? "" : imported_from()));
}

std::string Resolution::cjs_resolve() {
  const std::string& specifier = request_.specifier;
  if (specifier.empty()) {
    throw_module_error("ERR_INVALID_ARG_VALUE",
                       "The argument 'id' must be a non-empty string. Received ''",
                       ErrorClass::type_error);
  }
  if (auto name = builtin_named(specifier)) return *name;
  if (specifier.starts_with("node:")) throw_unknown_builtin(specifier);
  if (base_path_.empty() && !specifier.starts_with("/")) throw_bad_request(specifier);
  if (const auto path = require_path(specifier)) {
    return path->starts_with("node:") ? *path : base::url_of_file_path(*path).text();
  }
  if (node_has_bare_builtin(specifier)) throw_unknown_builtin("node:" + specifier);
  throw_cjs_not_found(specifier);
}

std::optional<std::string> Resolution::require_path(const std::string& specifier) {
  if (specifier.starts_with("#")) {
    if (auto found = require_import(specifier)) return found;
  }
  if (auto found = require_self(specifier)) return found;
  for (const std::string& folder : search_folders(specifier)) {
    if (auto found = find_in(folder, specifier)) return found;
  }
  return std::nullopt;
}

// "#name": only where the nearest package.json has "imports".
std::optional<std::string> Resolution::require_import(const std::string& specifier) {
  const auto package = packages_.nearest(base_path_);
  if (!package || package->config->imports.is_null()) return std::nullopt;
  try {
    const Url url = package_imports_resolve(specifier, *base_);
    return url.scheme() == "node" ? url.text() : finalize_esm_resolution(url);
  } catch (const ModuleError& error) {
    if (error.node_code() == "ERR_MODULE_NOT_FOUND") throw_cjs_not_found(specifier);
    throw;
  }
}

std::optional<std::string> Resolution::require_self(const std::string& specifier) {
  if (is_relative(specifier) || specifier.starts_with("/")) return std::nullopt;
  const auto own = packages_.nearest(base_path_);
  if (!own || own->config->exports.is_null() || !own->config->name) return std::nullopt;
  const std::string& name = *own->config->name;
  if (specifier != name && !specifier.starts_with(name + "/")) return std::nullopt;
  return finalize_esm_resolution(
      package_exports_resolve(*own, "." + specifier.substr(name.size())));
}

// NODE_MODULES_PATHS, or the one folder that a relative or absolute name belongs to.
std::vector<std::string> Resolution::search_folders(const std::string& specifier) const {
  if (specifier.starts_with("/")) return {"/"};
  std::string folder = folder_of(base_path_);
  if (is_relative(specifier)) return {folder};
  std::vector<std::string> folders;
  while (true) {
    if (name_of(folder) != "node_modules")
      folders.push_back(folder == "/" ? "/node_modules" : folder + "/node_modules");
    if (folder == "/") return folders;
    folder = folder_of(folder);
  }
}

std::optional<std::string> Resolution::find_in(const std::string& folder,
                                               const std::string& specifier) {
  const bool is_bare = !is_relative(specifier) && !specifier.starts_with("/");
  if (is_bare) {
    if (!tree_.is_directory(folder)) return std::nullopt;
    if (auto found = require_exports(folder, specifier)) return found;
  }
  const std::string path = resolve_path(folder, specifier);
  const auto kind = tree_.kind(path);
  if (!names_directory(specifier)) {
    if (kind == FileStatus::Kind::file) return tree_.real_path(path);
    if (auto found = try_extensions(path)) return found;
  }
  return kind == FileStatus::Kind::directory ? load_as_package(path) : std::nullopt;
}

std::optional<std::string> Resolution::require_exports(const std::string& folder,
                                                       const std::string& specifier) {
  const std::string_view name = package_name(specifier);
  if (name.empty()) return std::nullopt;
  const auto package = packages_.in(resolve_path(folder, name));
  if (!package || package->config->exports.is_null()) return std::nullopt;
  return finalize_esm_resolution(
      package_exports_resolve(*package, "." + specifier.substr(name.size())));
}

// LOAD_AS_DIRECTORY.
std::optional<std::string> Resolution::load_as_package(const std::string& folder) {
  const std::string index = resolve_path(folder, "index");
  const auto package = packages_.in(folder);
  if (!package || !package->config->main || package->config->main->empty())
    return try_extensions(index);
  const std::string main = resolve_path(folder, *package->config->main);
  if (auto found = try_file(main)) return found;
  if (auto found = try_extensions(main)) return found;
  if (auto found = try_extensions(resolve_path(main, "index"))) return found;
  if (auto found = try_extensions(index)) return found;
  throw_module_error("MODULE_NOT_FOUND",
                     "Cannot find module '" + shown(main) +
                         "'. Please verify that the package.json has a valid \"main\" entry");
}

std::optional<std::string> Resolution::try_file(const std::string& path) const {
  if (!tree_.is_file(path)) return std::nullopt;
  return tree_.real_path(path);
}

std::optional<std::string> Resolution::try_extensions(const std::string& path) const {
  constexpr std::array kExtensions = {".js", ".json", ".node"};
  for (const char* extension : kExtensions) {
    if (auto found = try_file(path + extension)) return found;
  }
  return std::nullopt;
}

std::string Resolution::finalize_esm_resolution(const Url& url) {
  check_separators(url);
  const std::string path = file_url_to_path(url.text());
  if (auto found = try_file(path)) return *found;
  throw_cjs_not_found(path);
}

}  // namespace quiesce::modules
