// Import maps (WHATWG HTML, 8.1.6): a JSON text that says what specifiers mean, before any folder
// is searched.
//
//   auto map = quiesce::ImportMap::parse(
//       R"({"imports": {"app/": "./src/", "react": "./vendor/react.mjs"}})",
//       "file:///app/map.json");
//   host.modules(quiesce::node_modules({.import_map = map}));
//
// A value: immutable, cheap to copy, for any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce {

/// A parsed import map.
class ImportMap {
 public:
  /// An empty map.
  ImportMap();
  /// Moving copies.
  ImportMap(const ImportMap&) = default;
  /// Moving copies.
  ImportMap& operator=(const ImportMap&) = default;

  /// Parses; relative addresses in the map are relative to `base_url`. Throws ModuleError: a
  /// SyntaxError (ERR_INVALID_IMPORT_MAP) if the text is not JSON, a TypeError of the same code if
  /// the map, its `imports`, `scopes`, `integrity` or one of the scopes is not an object. What the
  /// standard ignores is left out, and in `warnings`.
  static ImportMap parse(std::string_view json, std::string_view base_url);

  /// Both in one, as the standard merges a page's second map into its first: what `first` says
  /// stays, `second` adds to it, scope by scope and key by key. What it cannot add is in
  /// `warnings`, behind those of both. (The standard also leaves out what was resolved before; here
  /// nothing was.)
  static ImportMap merge(const ImportMap& first, const ImportMap& second);

  /// Whether it says nothing at all.
  bool is_empty() const noexcept;
  /// What was ignored, a sentence for each.
  const std::vector<std::string>& warnings() const noexcept;

  /// The URL that the map gives for what `base_url` imports; nothing: the map does not say. Throws
  /// ModuleError (ERR_IMPORT_MAP_BLOCKED, a TypeError) where the map says null or what it says
  /// leads to no URL.
  std::optional<std::string> resolve(std::string_view specifier, std::string_view base_url) const;

  /// The integrity metadata for a URL: "sha384-..."; empty: none.
  std::string_view integrity(std::string_view url) const noexcept;

 private:
  struct Parts;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace quiesce
