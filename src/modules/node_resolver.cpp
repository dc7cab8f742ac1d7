#include "base/url.hpp"
#include "modules/errors.hpp"
#include "modules/resolution.hpp"
#include "quiesce/resolver.hpp"

namespace quiesce {

using modules::shown;
using modules::throw_module_error;

struct NodeResolver::Parts {
  mutable modules::ResolutionSetup setup;
};

namespace {

void check_condition(const std::string& condition) {
  const bool is_number = condition.find_first_not_of("0123456789") == std::string::npos;
  if (condition.empty() || condition.starts_with(".") || is_number) {
    throw Error(Errc::invalid_argument,
                "'" + shown(condition) + "' cannot be a condition: no package may name it");
  }
}

}  // namespace

NodeResolver::NodeResolver(NodeResolverOptions options) {
  auto parts = std::make_unique<Parts>();
  modules::ResolutionSetup& setup = parts->setup;
  for (const std::string& condition : options.conditions) check_condition(condition);
  setup.import_conditions = {"import", "module-sync", "quiesce"};
  setup.require_conditions = {"require", "module-sync", "quiesce"};
  setup.import_conditions.insert(options.conditions.begin(), options.conditions.end());
  setup.require_conditions.insert(options.conditions.begin(), options.conditions.end());
  setup.builtins = std::move(options.builtins);
  parts_ = std::move(parts);
}
NodeResolver::~NodeResolver() = default;
NodeResolver::NodeResolver(NodeResolver&&) noexcept = default;
NodeResolver& NodeResolver::operator=(NodeResolver&&) noexcept = default;

std::string NodeResolver::resolve(FileReader& files, const ModuleRequest& request) {
  return modules::Resolution(parts_->setup, files, request).run();
}

std::string path_to_file_url(std::string_view path) { return base::url_of_file_path(path).text(); }

std::string file_url_to_path(std::string_view text) {
  const auto type_error = ModuleError::Class::type_error;
  const auto url = base::Url::parse(text);
  if (!url) throw_module_error("ERR_INVALID_URL", "Invalid URL: '" + shown(text) + "'", type_error);
  if (url->scheme() != "file") {
    throw_module_error("ERR_INVALID_URL_SCHEME",
                       "The URL must be of scheme file: '" + shown(text) + "'", type_error);
  }
  if (!url->host()->empty()) {
    throw_module_error("ERR_INVALID_FILE_URL_HOST",
                       "File URL host must be \"localhost\" or empty: '" + shown(text) + "'",
                       type_error);
  }
  const std::string encoded = url->path_text();
  if (encoded.find("%2f") != std::string::npos || encoded.find("%2F") != std::string::npos) {
    throw_module_error("ERR_INVALID_FILE_URL_PATH",
                       "File URL path must not include encoded / characters: '" + shown(text) + "'",
                       type_error);
  }
  auto path = base::file_path_of_url_path(encoded);
  if (!path) {
    throw_module_error("ERR_INVALID_FILE_URL_PATH",
                       "File URL path has an escape that is not UTF-8: '" + shown(text) + "'",
                       type_error);
  }
  return *path;
}

}  // namespace quiesce
