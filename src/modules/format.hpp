// What a file is to the loader: by its name, the nearest package.json and, if neither says, its
// text. Thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "modules/package.hpp"
#include "quiesce/module.hpp"

namespace quiesce::modules {

/// What the content of a file is.
enum class FileFormat : std::uint8_t {
  module,
  commonjs,
  detect,  // JavaScript: a module if it can only be one, else CommonJS
  json,
  typescript_module,
  typescript_commonjs,
  typescript_detect,
};

bool is_typescript(FileFormat format);

/// Throws ModuleError for what cannot be loaded.
FileFormat format_of_file(const PackageReader& packages, std::string_view path,
                          ModuleRequest::Kind kind);

/// Whether JavaScript has a word of those without which it is no module; parsing tells the rest.
bool may_be_module(std::string_view source);

/// Throws ModuleError unless the attributes are ones there are, with values there are.
void check_attributes(const ModuleAttributes& attributes, std::string_view url);
/// Throws ModuleError unless `attributes` fit a module of this format.
void check_attribute_type(const ModuleAttributes& attributes, std::string_view url, bool is_json,
                          ModuleRequest::Kind kind);

}  // namespace quiesce::modules
