// One resolution by Node's algorithms: https://nodejs.org/api/esm.html#resolution-algorithm and
// https://nodejs.org/api/modules.html#all-together, answered as Node 24 answers where the text and
// the program differ. The names of the functions are those of the algorithms.
//
// A Resolution lives as long as one request; it is used by one thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/url.hpp"
#include "modules/package.hpp"
#include "modules/paths.hpp"
#include "quiesce/resolver.hpp"

namespace quiesce::modules {

using Conditions = std::set<std::string, std::less<>>;

/// What all resolutions of a NodeResolver share.
struct ResolutionSetup {
  Conditions import_conditions, require_conditions;
  BuiltinNames builtins;
  PackageCache packages;
};

/// Whether Node has a built-in module of this name, written with "node:" or without.
bool node_has_builtin(std::string_view name);
bool node_has_bare_builtin(std::string_view name);

class Resolution {
 public:
  Resolution(ResolutionSetup& setup, FileReader& files, const ModuleRequest& request);

  /// The URL. Throws ModuleError.
  std::string run();

 private:
  using Url = base::Url;
  using Json = base::Json;

  /// A target of "exports" or "imports": a URL, a null, none that the conditions let through, or
  /// one that is invalid, which is an error unless it stands in an array.
  struct Target {
    enum class Kind { none, null, url, invalid };
    Kind kind = Kind::none;
    std::optional<Url> url = std::nullopt;
    const Json* wrong = nullptr;
  };
  /// What is looked up in "exports" or "imports", for the errors and the recursion.
  struct Lookup {
    const Package& package;
    const Url& package_url;  // of its package.json
    std::string_view match;  // the key that matched
    std::string_view star;   // what the "*" of that key stands for
    bool is_pattern;
    bool is_internal;  // "imports"
  };
  /// The best pattern of "exports" or "imports"; no value: there is none.
  struct PatternMatch {
    const Json* value = nullptr;
    std::string_view key;
    std::string_view star;
  };

  // ---- node_import.cpp ----
  std::string esm_resolve();
  Url module_resolve();
  Url package_resolve(std::string_view specifier, const Url& base);
  std::optional<Url> package_self_resolve(std::string_view name, std::string_view subpath,
                                          const Url& base);
  Url package_in_folders(std::string_view name, std::string_view subpath, const Url& base);
  Url legacy_main_resolve(const Package* package, const std::string& folder, const Url& base);
  std::string finalize_resolution(const Url& url);
  void check_separators(const Url& url) const;
  std::optional<std::string> builtin_named(std::string_view name) const;
  [[noreturn]] void throw_unknown_builtin(std::string_view name) const;
  [[noreturn]] void throw_bad_request(std::string_view specifier) const;
  [[noreturn]] void throw_not_found(const std::string& what);
  std::string hint() noexcept;
  std::string suggestion(const std::string& path) const;
  std::optional<std::string> typescript_path() const;
  /// "imported from ...", for messages.
  std::string imported_from() const;
  const Url& base_url() const;

  // ---- package_targets.cpp ----
  Url package_exports_resolve(const Package& package, std::string_view subpath);
  Url package_imports_resolve(std::string_view name, const Url& base);
  /// Throws for what is invalid.
  Target valid_target(const Lookup& lookup, const Json& target);
  Target package_target_resolve(const Lookup& lookup, const Json& target);
  Target target_of_text(const Lookup& lookup, const Json& target);
  Target target_of_package(const Lookup& lookup, const std::string& specifier);
  Target target_of_array(const Lookup& lookup, const Json& target);
  Target target_of_conditions(const Lookup& lookup, const Json& target);
  static PatternMatch best_pattern(const Json& map, std::string_view name);
  bool is_conditions_only(const Package& package, const Json& exports) const;
  [[noreturn]] void throw_invalid_target(const Lookup& lookup, const Json& target) const;
  [[noreturn]] void throw_not_exported(const Package& package, std::string_view subpath) const;
  [[noreturn]] void throw_bad_config(const Package& package, const std::string& why) const;

  // ---- node_require.cpp ----
  std::string cjs_resolve();
  std::optional<std::string> require_path(const std::string& specifier);
  std::optional<std::string> require_import(const std::string& specifier);
  std::optional<std::string> require_self(const std::string& specifier);
  std::optional<std::string> require_exports(const std::string& folder,
                                             const std::string& specifier);
  std::optional<std::string> find_in(const std::string& folder, const std::string& specifier);
  std::optional<std::string> load_as_package(const std::string& folder);
  std::optional<std::string> try_file(const std::string& path) const;
  std::optional<std::string> try_extensions(const std::string& path) const;
  std::string finalize_esm_resolution(const Url& url);
  std::vector<std::string> search_folders(const std::string& specifier) const;
  [[noreturn]] void throw_cjs_not_found(const std::string& what) const;

  ResolutionSetup& setup_;
  Tree tree_;
  PackageReader packages_;
  const ModuleRequest& request_;
  const Conditions& conditions_;
  std::optional<Url> base_;
  std::string base_path_;  // of a file: URL
  bool is_hinting_ = false;
  int packages_asked_ = 0;
};

}  // namespace quiesce::modules
