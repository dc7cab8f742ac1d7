#include "modules/package.hpp"

#include <stdexcept>

#include "modules/errors.hpp"

namespace quiesce::modules {

namespace {

std::shared_ptr<const PackageConfig> read_config(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const base::Json json = base::Json::parse(text);
  if (!json.is_object()) throw std::runtime_error("it is not a JSON object");
  auto config = std::make_shared<PackageConfig>();
  if (const base::Json* name = json.find("name")) {
    if (!name->is_string()) throw std::runtime_error("\"name\" is not a string");
    config->name = name->text();
  }
  if (const base::Json* main = json.find("main"); main && main->is_string())
    config->main = main->text();
  if (const base::Json* type = json.find("type")) {
    if (!type->is_string()) throw std::runtime_error("\"type\" is not a string");
    if (type->text() == "module") config->type = PackageConfig::Type::module;
    if (type->text() == "commonjs") config->type = PackageConfig::Type::commonjs;
  }
  // Of other types they count as absent.
  const auto take = [&](std::string_view key, base::Json& to) {
    const base::Json* found = json.find(key);
    if (found && (found->is_object() || found->is_array() || found->is_string())) to = *found;
  };
  take("exports", config->exports);
  take("imports", config->imports);
  return config;
}

}  // namespace

std::shared_ptr<const PackageConfig> PackageCache::parse(const std::string& text) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(text); found != known_.end()) return found->second;
  }
  if (text.size() > kTextBytesMax)
    throw std::runtime_error("it is larger than " + std::to_string(kTextBytesMax >> 20) + " MiB");
  auto config = read_config(text);
  const std::lock_guard lock(mutex_);
  if (bytes_ + text.size() > kBytesMax || known_.size() >= kTextsMax) {
    known_.clear();
    bytes_ = 0;
  }
  if (known_.emplace(text, config).second) bytes_ += text.size();
  return config;
}

std::optional<Package> PackageReader::in(std::string_view folder) const {
  std::string path(folder == "/" ? "" : folder);
  path += "/package.json";
  const std::optional<std::string> text = tree_.read(path);
  if (!text) return std::nullopt;
  try {
    return Package{path, cache_.parse(*text)};
  } catch (const std::runtime_error& wrong) {
    throw_module_error("ERR_INVALID_PACKAGE_CONFIG",
                       "Invalid package config " + shown(path) + ": " + wrong.what());
  }
}

std::optional<Package> PackageReader::nearest(std::string_view file_path) const {
  std::string folder(file_path);
  while (folder != "/" && !folder.empty()) {
    folder = folder_of(folder);
    if (name_of(folder) == "node_modules") return std::nullopt;
    if (auto package = in(folder)) return package;
  }
  return std::nullopt;
}

}  // namespace quiesce::modules
