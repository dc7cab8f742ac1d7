// package.json, as far as the resolution of modules reads it.
//
//   PackageCache cache;
//   PackageReader packages(tree, cache);
//   if (auto package = packages.nearest("/app/src/a.js")) use(package->config->type);
//
// The file is read each time it is asked for; what is kept is only what a given text means, so that
// no answer is ever stale and none depends on whose file it was. A cache may be shared by threads.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/json.hpp"
#include "modules/paths.hpp"

namespace quiesce::modules {

/// What a package.json says.
struct PackageConfig {
  enum class Type : std::uint8_t { none, commonjs, module };

  std::optional<std::string> name;
  std::optional<std::string> main;
  Type type = Type::none;
  /// Null where there is none.
  base::Json exports;
  /// Null where there is none.
  base::Json imports;
};

/// A package: where its package.json is, and what that says.
struct Package {
  std::string path;
  std::shared_ptr<const PackageConfig> config;
};

/// What texts of package.json mean.
class PackageCache {
 public:
  static constexpr std::size_t kTextBytesMax = 1u << 20;

  /// Throws std::runtime_error, which says what is wrong.
  std::shared_ptr<const PackageConfig> parse(const std::string& text);

 private:
  static constexpr std::size_t kBytesMax = 8u << 20, kTextsMax = 1024;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, std::shared_ptr<const PackageConfig>> known_;
};

/// Reads package.json. Throws ModuleError (ERR_INVALID_PACKAGE_CONFIG).
class PackageReader {
 public:
  PackageReader(const Tree& tree, PackageCache& cache) : tree_(tree), cache_(cache) {}

  /// That of a folder; nothing: there is none.
  std::optional<Package> in(std::string_view folder) const;
  /// The one that a file belongs to: the nearest above it, but not beyond a folder node_modules.
  std::optional<Package> nearest(std::string_view file_path) const;

 private:
  const Tree& tree_;
  PackageCache& cache_;
};

}  // namespace quiesce::modules
