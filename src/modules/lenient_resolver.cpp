// The convention of small sandboxes: a file by its name, with ".js", or as `index.js` of a folder.
#include "base/url.hpp"
#include "modules/errors.hpp"
#include "modules/package.hpp"
#include "modules/paths.hpp"
#include "modules/resolution.hpp"
#include "quiesce/resolver.hpp"

namespace quiesce {

namespace {

using modules::folder_of;
using modules::resolve_path;
using modules::shown;
using modules::throw_module_error;
using modules::Tree;

class Search {
 public:
  Search(FileReader& files, const ModuleRequest& request, const BuiltinNames& builtins,
         modules::PackageCache& packages)
      : tree_(files), packages_(tree_, packages), request_(request), builtins_(builtins) {}

  std::string run() {
    std::string_view specifier = request_.specifier;
    if (const auto url = base::Url::parse(specifier)) {
      if (url->scheme() == "file") return file(file_url_to_path(specifier));
      if (url->scheme() == "data") return url->text();
      if (url->scheme() == "node") return builtin(specifier);
      throw_module_error("ERR_UNSUPPORTED_ESM_URL_SCHEME",
                         "Only URLs of the schemes file, data and node can be imported, not '" +
                             shown(specifier) + "'");
    }
    if (builtins_.contains(specifier)) return "node:" + request_.specifier;
    if (specifier.starts_with("/")) return file(resolve_path("/", specifier));
    if (specifier == "." || specifier == ".." || specifier.starts_with("./") ||
        specifier.starts_with("../"))
      return file(resolve_path(folder(), specifier), specifier.ends_with("/"));
    return installed();
  }

 private:
  std::string folder() const {
    const std::string& referrer = request_.referrer;
    if (referrer.starts_with("/")) return folder_of(referrer);
    const auto url = base::Url::parse(referrer);
    return url && url->scheme() == "file" ? folder_of(file_url_to_path(referrer)) : "/";
  }

  [[noreturn]] void throw_missing() const {
    const bool is_required = request_.kind == ModuleRequest::Kind::require;
    throw_module_error(is_required ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND",
                       "Module '" + shown(request_.specifier) +
                           "' not installed or available, imported from '" +
                           shown(request_.referrer) + "'");
  }

  std::string builtin(std::string_view specifier) const {
    if (specifier.starts_with("node:") && builtins_.contains(specifier.substr(5)))
      return std::string(specifier);
    throw_module_error("ERR_UNKNOWN_BUILTIN_MODULE",
                       "No such built-in module: " + shown(specifier));
  }

  std::optional<std::string> find_file(const std::string& path) const {
    if (tree_.is_file(path)) return path;
    if (tree_.is_file(path + ".js")) return path + ".js";
    return std::nullopt;
  }

  std::optional<std::string> find_index(const std::string& path) const {
    const std::string index = resolve_path(path, "index.js");
    return tree_.is_file(index) ? std::optional(index) : std::nullopt;
  }

  // One file is one URL, by whatever links and names it was found.
  std::string url_of(const std::string& path) const {
    return path_to_file_url(tree_.real_path(path));
  }

  std::string file(const std::string& path, bool is_folder = false) const {
    if (const auto found = is_folder ? std::nullopt : find_file(path)) return url_of(*found);
    if (const auto found = find_index(path)) return url_of(*found);
    throw_missing();
  }

  // A bare name: in the folders node_modules above, and never out of them.
  std::string installed() const {
    const std::string& specifier = request_.specifier;
    std::string place = folder();
    while (true) {
      const std::string packages = resolve_path(place, "node_modules");
      const std::string path = resolve_path(packages, specifier);
      if (path.starts_with(packages + "/")) {
        if (const auto found = find_file(path)) return url_of(*found);
        if (const auto found = main_of(path)) return url_of(*found);
        if (const auto found = find_index(path)) return url_of(*found);
      }
      if (place == "/") throw_missing();
      place = folder_of(place);
    }
  }

  // What the package.json of a folder names, unless that lies outside of the folder.
  std::optional<std::string> main_of(const std::string& path) const {
    const auto package = tree_.is_directory(path) ? packages_.in(path) : std::nullopt;
    if (!package || !package->config->main) return std::nullopt;
    const std::string main = resolve_path(path, *package->config->main);
    if (!main.starts_with(path + "/")) return std::nullopt;
    const auto found = find_file(main);
    return found ? found : find_index(main);
  }

  Tree tree_;
  modules::PackageReader packages_;
  const ModuleRequest& request_;
  const BuiltinNames& builtins_;
};

}  // namespace

LenientResolver::LenientResolver(LenientResolverOptions options)
    : builtins_(std::move(options.builtins)) {}

std::string LenientResolver::resolve(FileReader& files, const ModuleRequest& request) {
  modules::PackageCache packages;
  return Search(files, request, builtins_, packages).run();
}

}  // namespace quiesce
