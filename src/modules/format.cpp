#include "modules/format.hpp"

#include "modules/errors.hpp"

namespace quiesce::modules {

namespace {

FileFormat by_package(const PackageReader& packages, std::string_view path) {
  const auto package = packages.nearest(path);
  switch (package ? package->config->type : PackageConfig::Type::none) {
    case PackageConfig::Type::module: return FileFormat::module;
    case PackageConfig::Type::commonjs: return FileFormat::commonjs;
    default: return FileFormat::detect;
  }
}

FileFormat typescript(FileFormat format) {
  switch (format) {
    case FileFormat::module: return FileFormat::typescript_module;
    case FileFormat::commonjs: return FileFormat::typescript_commonjs;
    default: return FileFormat::typescript_detect;
  }
}

bool is_under_node_modules(std::string_view path) {
  return path.find("/node_modules/") != std::string_view::npos;
}

void check_typescript(std::string_view path) {
  if (!is_under_node_modules(path)) return;
  throw_module_error("ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
                     "Types are not stripped from files under node_modules: '" + shown(path) +
                         "'. A package is to be published as JavaScript");
}

[[noreturn]] void throw_unknown(std::string_view extension, std::string_view path) {
  std::string text =
      "Unknown file extension \"" + shown(extension) + "\" for '" + shown(path) + "'";
  if (extension == ".wasm") text += ": WebAssembly cannot run inside of a VM";
  if (extension == ".node") text += ": native addons cannot be loaded into a VM";
  throw_module_error("ERR_UNKNOWN_FILE_EXTENSION", text, ErrorClass::type_error);
}

std::string type_of(const ModuleAttributes& attributes) {
  const auto found = attributes.find("type");
  return found == attributes.end() ? "" : found->second;
}

}  // namespace

bool is_typescript(FileFormat format) {
  return format == FileFormat::typescript_module || format == FileFormat::typescript_commonjs ||
         format == FileFormat::typescript_detect;
}

FileFormat format_of_file(const PackageReader& packages, std::string_view path,
                          ModuleRequest::Kind kind) {
  const std::string_view extension = extension_of(path);
  if (extension == ".mjs") return FileFormat::module;
  if (extension == ".cjs") return FileFormat::commonjs;
  if (extension == ".json") return FileFormat::json;
  if (extension == ".js") return by_package(packages, path);
  if (extension == ".ts" || extension == ".mts" || extension == ".cts") {
    check_typescript(path);
    if (extension == ".mts") return FileFormat::typescript_module;
    if (extension == ".cts") return FileFormat::typescript_commonjs;
    return typescript(by_package(packages, path));
  }
  if (kind == ModuleRequest::Kind::require) {
    if (extension == ".node") {
      throw_module_error("ERR_DLOPEN_DISABLED", "'" + shown(path) +
                                                    "' is a native addon, and cannot "
                                                    "be loaded into a VM");
    }
    return FileFormat::detect;
  }
  if (extension.empty()) return by_package(packages, path);
  throw_unknown(extension, path);
}

bool may_be_module(std::string_view source) {
  constexpr std::string_view kWords[] = {"import", "export", "await"};
  for (const std::string_view word : kWords) {
    if (source.find(word) != std::string_view::npos) return true;
  }
  return false;
}

void check_attributes(const ModuleAttributes& attributes, std::string_view url) {
  for (const auto& [key, value] : attributes) {
    const bool is_known = key == "type" && (value == "json" || value == "text" || value == "bytes");
    if (is_known) continue;
    throw_module_error("ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
                       "Import attribute \"" + shown(key) + "\" with value \"" + shown(value) +
                           "\" is not supported in '" + shown(url) +
                           "': there is \"type\", which can be \"json\", \"text\" or \"bytes\"",
                       ErrorClass::type_error);
  }
}

void check_attribute_type(const ModuleAttributes& attributes, std::string_view url, bool is_json,
                          ModuleRequest::Kind kind) {
  const std::string type = type_of(attributes);
  if (type == "json" && !is_json) {
    throw_module_error("ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE",
                       "Module \"" + shown(url) + "\" is not of type \"json\"",
                       ErrorClass::type_error);
  }
  if (type.empty() && is_json && kind != ModuleRequest::Kind::require) {
    throw_module_error("ERR_IMPORT_ATTRIBUTE_MISSING",
                       "Module \"" + shown(url) + "\" needs an import attribute of \"type: json\"",
                       ErrorClass::type_error);
  }
}

}  // namespace quiesce::modules
