// Imports: ESM_RESOLVE and what it calls.
#include <array>

#include "modules/errors.hpp"
#include "modules/resolution.hpp"

namespace quiesce::modules {

namespace {

bool is_path_like(std::string_view specifier) {
  return specifier == "." || specifier == ".." || specifier.starts_with("/") ||
         specifier.starts_with("./") || specifier.starts_with("../");
}

bool has_encoded_separator(std::string_view path) {
  for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1)) {
    const std::string_view escape = path.substr(at, 3);
    if (escape == "%2f" || escape == "%2F" || escape == "%5c" || escape == "%5C") return true;
  }
  return false;
}

struct PackageName {
  std::string_view name;
  std::string subpath;
};

// "name/sub/path" or "@scope/name/sub/path"; nothing: it is no name of a package.
std::optional<PackageName> parse_package_name(std::string_view specifier) {
  std::size_t slash = specifier.find('/');
  if (specifier.starts_with("@")) {
    if (slash == std::string_view::npos) return std::nullopt;
    slash = specifier.find('/', slash + 1);
  }
  const std::string_view name = specifier.substr(0, slash);
  if (name.starts_with(".") || name.find_first_of("%\\") != std::string_view::npos)
    return std::nullopt;
  std::string subpath = ".";
  if (slash != std::string_view::npos) subpath += specifier.substr(slash);
  return PackageName{name, std::move(subpath)};
}

}  // namespace

Resolution::Resolution(ResolutionSetup& setup, FileReader& files, const ModuleRequest& request)
    : setup_(setup),
      tree_(files),
      packages_(tree_, setup.packages),
      request_(request),
      conditions_(request.kind == ModuleRequest::Kind::require ? setup.require_conditions
                                                               : setup.import_conditions) {
  base_ = request.referrer.starts_with("/") ? base::url_of_file_path(request.referrer)
                                            : Url::parse(request.referrer);
  if (base_ && base_->scheme() == "file") base_path_ = file_url_to_path(base_->text());
}

std::string Resolution::run() {
  return request_.kind == ModuleRequest::Kind::require ? cjs_resolve() : esm_resolve();
}

const base::Url& Resolution::base_url() const {
  if (!base_) throw_bad_request(request_.specifier);
  return *base_;
}

std::string Resolution::imported_from() const {
  const std::string& name = base_path_.empty() ? request_.referrer : base_path_;
  return name.empty() ? "" : " imported from " + shown(name);
}

std::string Resolution::esm_resolve() {
  const bool wants_name_only = request_.kind == ModuleRequest::Kind::meta_resolve;
  const Url url = module_resolve();
  if (url.scheme() == "file") return finalize_resolution(url);
  if (url.scheme() == "node") {
    // As it is written, for that is what names a built-in module.
    const std::string name = url.text() == "node:" + url.path_text() ? url.text() : "";
    if (wants_name_only) return url.text();
    if (name.empty() || !builtin_named(name)) throw_unknown_builtin(url.text());
    return name;
  }
  if (url.scheme() != "data" && !wants_name_only) {
    throw_module_error("ERR_UNSUPPORTED_ESM_URL_SCHEME",
                       "Only URLs of the schemes file, data and node can be imported, not '" +
                           shown(url.text()) + "'" + imported_from());
  }
  return url.text();
}

base::Url Resolution::module_resolve() {
  const std::string& specifier = request_.specifier;
  if (is_path_like(specifier)) {
    auto url = Url::parse(specifier, &base_url());
    if (!url) throw_bad_request(specifier);
    return *url;
  }
  if (specifier.starts_with("#") && base_ && base_->scheme() == "file")
    return package_imports_resolve(specifier, *base_);
  if (auto url = Url::parse(specifier)) {
    // "NODE:fs" is a URL of the scheme node:, and names nothing.
    if (url->scheme() == "node" && !specifier.starts_with("node:") &&
        request_.kind != ModuleRequest::Kind::meta_resolve)
      throw_unknown_builtin(specifier);
    return *url;
  }
  if (auto name = builtin_named(specifier)) return *Url::parse(*name);
  if (base_url().scheme() != "file") throw_bad_request(specifier);
  return package_resolve(specifier, *base_);
}

std::optional<std::string> Resolution::builtin_named(std::string_view name) const {
  constexpr std::string_view kScheme = "node:";
  const bool has_scheme = name.starts_with(kScheme);
  const std::string_view bare = has_scheme ? name.substr(kScheme.size()) : name;
  const auto found = setup_.builtins.find(bare);
  if (found == setup_.builtins.end()) return std::nullopt;
  // A few exist under the scheme only, lest they hide packages.
  if (!has_scheme && node_has_builtin(bare) && !node_has_bare_builtin(bare)) return std::nullopt;
  return std::string(kScheme).append(bare);
}

void Resolution::throw_unknown_builtin(std::string_view name) const {
  std::string text = "No such built-in module: " + shown(name) + imported_from();
  const std::string_view bare = name.starts_with("node:") ? name.substr(5) : name;
  if (node_has_builtin(bare)) text += ". Node has it, this VM was given none";
  throw_module_error("ERR_UNKNOWN_BUILTIN_MODULE", text);
}

void Resolution::throw_bad_request(std::string_view specifier) const {
  throw_module_error("ERR_UNSUPPORTED_RESOLVE_REQUEST",
                     "Failed to resolve module specifier \"" + shown(specifier) + "\" from \"" +
                         shown(request_.referrer) +
                         "\": it is relative, or the name of a package, and that is no URL of a "
                         "file",
                     ErrorClass::type_error);
}

base::Url Resolution::package_resolve(std::string_view specifier, const Url& base) {
  if (auto name = builtin_named(specifier)) return *Url::parse(*name);
  const auto package = parse_package_name(specifier);
  if (!package) {
    throw_module_error(
        "ERR_INVALID_MODULE_SPECIFIER",
        "Invalid module \"" + shown(specifier) + "\" is not a valid package name" + imported_from(),
        ErrorClass::type_error);
  }
  if (auto self = package_self_resolve(package->name, package->subpath, base)) return *self;
  return package_in_folders(package->name, package->subpath, base);
}

std::optional<base::Url> Resolution::package_self_resolve(std::string_view name,
                                                          std::string_view subpath,
                                                          const Url& base) {
  const auto own = packages_.nearest(file_url_to_path(base.text()));
  if (!own || own->config->exports.is_null() || own->config->name != name) return std::nullopt;
  return package_exports_resolve(*own, subpath);
}

base::Url Resolution::package_in_folders(std::string_view name, std::string_view subpath,
                                         const Url& base) {
  constexpr std::string_view kFile = "/package.json";
  std::string relative = "node_modules/" + std::string(name) + std::string(kFile);
  auto url = Url::parse("./" + relative, &base);
  relative.insert(0, name.starts_with("@") ? "../../../../" : "../../../");
  std::string last;
  while (url) {
    const std::string path = file_url_to_path(url->text());
    // A name with "?" or "#" in it has made something else of the URL.
    if (path.size() == last.size() || !path.ends_with(kFile)) break;
    const std::string folder = path.substr(0, path.size() - kFile.size());
    if (tree_.is_directory(folder)) {
      const auto package = packages_.in(folder);
      if (package && !package->config->exports.is_null())
        return package_exports_resolve(*package, subpath);
      if (subpath == ".") return legacy_main_resolve(package ? &*package : nullptr, folder, base);
      auto found = Url::parse(subpath, &*url);
      if (!found) throw_bad_request(subpath);
      return *found;
    }
    last = path;
    url = Url::parse(relative, &*url);
  }
  const bool is_of_node = node_has_bare_builtin(request_.specifier);
  if (is_of_node) throw_unknown_builtin("node:" + request_.specifier);
  throw_not_found("package '" + shown(name) + "'");
}

base::Url Resolution::legacy_main_resolve(const Package* package, const std::string& folder,
                                          const Url&) {
  const auto first_of = [&](const std::string& path, auto endings) -> std::optional<std::string> {
    for (const std::string_view ending : endings) {
      if (tree_.is_file(path + std::string(ending))) return path + std::string(ending);
    }
    return std::nullopt;
  };
  std::string wanted = folder + "/index.js";
  std::optional<std::string> found;
  if (package && package->config->main) {
    const std::string main = resolve_path(folder, *package->config->main);
    if (package->config->main != "") wanted = main;
    constexpr std::array<std::string_view, 7> kEndings = {
        "", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"};
    found = first_of(main, kEndings);
  }
  constexpr std::array<std::string_view, 3> kIndex = {"/index.js", "/index.json", "/index.node"};
  if (!found) found = first_of(folder, kIndex);
  if (!found) throw_not_found("package '" + shown(wanted) + "'");
  return base::url_of_file_path(*found);
}

void Resolution::check_separators(const Url& url) const {
  const std::string path = url.path_text();
  if (!has_encoded_separator(path)) return;
  throw_module_error("ERR_INVALID_MODULE_SPECIFIER",
                     "Invalid module \"" + shown(path) +
                         "\" must not include encoded \"/\" or \"\\\" characters" + imported_from(),
                     ErrorClass::type_error);
}

std::string Resolution::finalize_resolution(const Url& url) {
  check_separators(url);
  const std::string path = file_url_to_path(url.text());
  const auto kind = tree_.kind(path);
  const bool is_directory = path.ends_with("/") || kind == FileStatus::Kind::directory;
  if (is_directory || !kind) {
    if (request_.kind == ModuleRequest::Kind::meta_resolve) return url.text();
    if (!is_directory) throw_not_found("module '" + shown(path) + "'");
    throw_module_error("ERR_UNSUPPORTED_DIR_IMPORT", "Directory import '" + shown(path) +
                                                         "' is not supported resolving ES modules" +
                                                         imported_from() + hint());
  }
  Url real = base::url_of_file_path(tree_.real_path(path));
  // An empty query or fragment names nothing else.
  if (url.query() && !url.query()->empty()) real.set_query(url.query());
  if (url.fragment() && !url.fragment()->empty()) real.set_fragment(url.fragment());
  return real.text();
}

void Resolution::throw_not_found(const std::string& what) {
  throw_module_error("ERR_MODULE_NOT_FOUND", "Cannot find " + what + imported_from() + hint());
}

// What `require` would have found, as the specifier that an import needs.
std::string Resolution::hint() noexcept {
  if (is_hinting_ || request_.kind == ModuleRequest::Kind::require || base_path_.empty()) return {};
  is_hinting_ = true;
  try {
    auto found = require_path(request_.specifier);
    if (!found) found = typescript_path();
    const std::string wanted = found ? suggestion(*found) : "";
    return wanted.empty() ? "" : "\nDid you mean to import \"" + shown(wanted) + "\"?";
  } catch (...) {
    return {};  // `require` would have failed for another reason: no help
  }
}

// The TypeScript that a compiler would have taken for it: "./a" and "./a.js" may mean "./a.ts".
std::optional<std::string> Resolution::typescript_path() const {
  if (!is_path_like(request_.specifier)) return std::nullopt;
  std::string path = resolve_path(folder_of(base_path_), request_.specifier);
  const std::string_view extension = extension_of(path);
  if (extension == ".js" || extension == ".mjs" || extension == ".cjs") {
    path[path.size() - 2] = 't';
    return try_file(path);
  }
  for (const char* ending : {".ts", ".mts", "/index.ts"}) {
    if (auto found = try_file(path + ending)) return found;
  }
  return std::nullopt;
}

std::string Resolution::suggestion(const std::string& path) const {
  if (request_.specifier.starts_with("/")) return path;
  if (request_.specifier.starts_with(".")) {
    const std::string folder = folder_of(base_path_);
    const std::string inside = folder == "/" ? folder : folder + "/";
    return path.starts_with(inside) ? "./" + path.substr(inside.size()) : "";
  }
  constexpr std::string_view kFolder = "/node_modules/";
  const std::size_t at = path.rfind(std::string(kFolder) + request_.specifier);
  return at == std::string::npos ? path_to_file_url(path) : path.substr(at + kFolder.size());
}

}  // namespace quiesce::modules
