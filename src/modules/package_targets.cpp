// "exports" and "imports": PACKAGE_EXPORTS_RESOLVE, PACKAGE_IMPORTS_RESOLVE,
// PACKAGE_TARGET_RESOLVE.
#include <algorithm>

#include "modules/errors.hpp"
#include "modules/resolution.hpp"

namespace quiesce::modules {

namespace {

// A key that JavaScript takes for the index of an array.
bool is_array_index(std::string_view key) {
  if (key.empty() || key.size() > 10 || (key.size() > 1 && key[0] == '0')) return false;
  std::uint64_t number = 0;
  for (const char c : key) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number < 0xFFFFFFFFu;
}

// A segment that would leave the package: "." and "..", "node_modules", however they are written.
bool has_invalid_segment(std::string_view path) {
  while (true) {
    const std::size_t end = path.find_first_of("/\\");
    std::string segment = base::percent_decode(path.substr(0, end));
    std::transform(segment.begin(), segment.end(), segment.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (segment == "." || segment == ".." || segment == "node_modules") return true;
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
  }
}

std::string replace_stars(std::string_view text, std::string_view star) {
  std::string out;
  for (const char c : text) {
    if (c == '*') {
      out += star;
    } else {
      out += c;
    }
  }
  return out;
}

// PATTERN_KEY_COMPARE: whether `key` is more specific than `best`.
bool is_better(std::string_view key, std::string_view best) {
  const std::size_t base = key.find('*'), best_base = best.find('*');
  return base != best_base ? base > best_base : key.size() > best.size();
}

}  // namespace

void Resolution::throw_bad_config(const Package& package, const std::string& why) const {
  throw_module_error("ERR_INVALID_PACKAGE_CONFIG", "Invalid package config " + shown(package.path) +
                                                       imported_from() + ": " + why);
}

void Resolution::throw_not_exported(const Package& package, std::string_view subpath) const {
  const std::string what =
      subpath == "." ? "No \"exports\" main defined in "
                     : "Package subpath '" + shown(subpath) + "' is not defined by \"exports\" in ";
  throw_module_error("ERR_PACKAGE_PATH_NOT_EXPORTED", what + shown(package.path) + imported_from());
}

void Resolution::throw_invalid_target(const Lookup& lookup, const Json& target) const {
  const std::string text = target.is_string() ? base::json_quote(target.text()) : target.write();
  std::string message = std::string("Invalid \"") + (lookup.is_internal ? "imports" : "exports") +
                        "\" " + (lookup.match == "." ? "main " : "") + "target " + shown(text) +
                        " defined ";
  if (lookup.match != ".") message += "for '" + shown(lookup.match) + "' ";
  message += "in the package config " + shown(lookup.package.path) + imported_from();
  if (target.is_string() && !lookup.is_internal && !target.text().starts_with("./"))
    message += "; targets must start with \"./\"";
  throw_module_error("ERR_INVALID_PACKAGE_TARGET", message);
}

// Whether the keys are conditions: then they are those of ".".
bool Resolution::is_conditions_only(const Package& package, const Json& exports) const {
  if (!exports.is_object()) return true;
  std::size_t paths = 0;
  for (const auto& [key, value] : exports.members()) paths += key.starts_with(".") ? 1u : 0u;
  if (paths != 0 && paths != exports.members().size()) {
    throw_bad_config(package,
                     "\"exports\" cannot contain some keys starting with '.' and some not: they "
                     "are all subpaths of the package, or all conditions of its main entry");
  }
  return paths == 0 && !exports.members().empty();
}

Resolution::PatternMatch Resolution::best_pattern(const Json& map, std::string_view name) {
  PatternMatch best;
  for (const auto& [key, value] : map.members()) {
    const std::size_t at = key.find('*');
    if (at == std::string::npos || key.rfind('*') != at) continue;
    const std::string_view trailer = std::string_view(key).substr(at + 1);
    if (name.size() < key.size() || !name.starts_with(std::string_view(key).substr(0, at)) ||
        !name.ends_with(trailer))
      continue;
    if (best.value && !is_better(key, best.key)) continue;
    best = {&value, key, name.substr(at, name.size() - at - trailer.size())};
  }
  return best;
}

base::Url Resolution::package_exports_resolve(const Package& package, std::string_view subpath) {
  const Json& exports = package.config->exports;
  const Url url = base::url_of_file_path(package.path);
  const auto look = [&](const Json& target, std::string_view key, std::string_view star,
                        bool is_pattern) {
    const Target found = valid_target({package, url, key, star, is_pattern, false}, target);
    if (found.kind != Target::Kind::url) throw_not_exported(package, subpath);
    return *found.url;
  };
  if (is_conditions_only(package, exports)) {
    if (subpath != ".") throw_not_exported(package, subpath);
    return look(exports, ".", "", false);
  }
  const bool is_plain = subpath.find('*') == std::string_view::npos && !subpath.ends_with("/");
  if (const Json* exact = is_plain ? exports.find(subpath) : nullptr)
    return look(*exact, subpath, "", false);
  const PatternMatch best = best_pattern(exports, subpath);
  if (!best.value) throw_not_exported(package, subpath);
  return look(*best.value, best.key, best.star, true);
}

base::Url Resolution::package_imports_resolve(std::string_view name, const Url& base) {
  if (name == "#" || name.ends_with("/")) {
    throw_module_error("ERR_INVALID_MODULE_SPECIFIER",
                       "Invalid module \"" + shown(name) +
                           "\" is not a valid internal imports specifier name" + imported_from(),
                       ErrorClass::type_error);
  }
  const auto package = packages_.nearest(file_url_to_path(base.text()));
  if (package && !package->config->imports.is_null()) {
    const Json& imports = package->config->imports;
    const Url url = base::url_of_file_path(package->path);
    const bool is_plain = name.find('*') == std::string_view::npos;
    PatternMatch match;
    if (const Json* exact = is_plain ? imports.find(name) : nullptr) {
      match = {exact, name, ""};
    } else {
      match = best_pattern(imports, name);
    }
    if (match.value) {
      const bool is_pattern = match.key.find('*') != std::string_view::npos;
      const Target found =
          valid_target({*package, url, match.key, match.star, is_pattern, true}, *match.value);
      if (found.kind == Target::Kind::url) return *found.url;
    }
  }
  throw_module_error("ERR_PACKAGE_IMPORT_NOT_DEFINED",
                     "Package import specifier \"" + shown(name) + "\" is not defined" +
                         (package ? " in package " + shown(package->path) : "") + imported_from(),
                     ErrorClass::type_error);
}

Resolution::Target Resolution::valid_target(const Lookup& lookup, const Json& target) {
  Target found = package_target_resolve(lookup, target);
  if (found.kind == Target::Kind::invalid) throw_invalid_target(lookup, *found.wrong);
  return found;
}

Resolution::Target Resolution::package_target_resolve(const Lookup& lookup, const Json& target) {
  switch (target.kind()) {
    case Json::Kind::string: return target_of_text(lookup, target);
    case Json::Kind::array: return target_of_array(lookup, target);
    case Json::Kind::object: return target_of_conditions(lookup, target);
    case Json::Kind::null: return {Target::Kind::null};
    default: return {Target::Kind::invalid, std::nullopt, &target};
  }
}

// The first that is valid. If none is, what the last one said that said anything.
Resolution::Target Resolution::target_of_array(const Lookup& lookup, const Json& target) {
  if (target.items().empty()) return {Target::Kind::null};
  Target answer;
  for (const Json& item : target.items()) {
    Target found = package_target_resolve(lookup, item);
    if (found.kind == Target::Kind::url) return found;
    if (found.kind != Target::Kind::none) answer = std::move(found);
  }
  return answer;
}

Resolution::Target Resolution::target_of_conditions(const Lookup& lookup, const Json& target) {
  for (const auto& [key, value] : target.members()) {
    if (is_array_index(key))
      throw_bad_config(lookup.package, "\"exports\" cannot contain numeric property keys");
  }
  for (const auto& [key, value] : target.members()) {
    if (key != "default" && !conditions_.contains(key)) continue;
    Target found = package_target_resolve(lookup, value);
    if (found.kind != Target::Kind::none) return found;
  }
  return {};
}

// A target of "imports" that is the name of another package.
Resolution::Target Resolution::target_of_package(const Lookup& lookup,
                                                 const std::string& specifier) {
  constexpr int kPackagesMax = 100;
  if (++packages_asked_ > kPackagesMax)
    throw_bad_config(lookup.package, "\"imports\" lists more packages than can be asked");
  return {Target::Kind::url, package_resolve(specifier, lookup.package_url)};
}

Resolution::Target Resolution::target_of_text(const Lookup& lookup, const Json& target) {
  const std::string& text = target.text();
  const Target invalid{Target::Kind::invalid, std::nullopt, &target};
  if (!text.starts_with("./")) {
    const bool is_bare = lookup.is_internal && !text.starts_with("../") && !text.starts_with("/") &&
                         !Url::parse(text);
    if (!is_bare) return invalid;
    try {
      return target_of_package(lookup, lookup.is_pattern ? replace_stars(text, lookup.star) : text);
    } catch (const ModuleError& error) {
      if (error.node_code() == "ERR_INVALID_PACKAGE_TARGET") return invalid;
      throw;
    }
  }
  if (has_invalid_segment(std::string_view(text).substr(2))) return invalid;
  const auto resolved = Url::parse(text, &lookup.package_url);
  const auto folder = Url::parse(".", &lookup.package_url);
  if (!resolved || !resolved->path_text().starts_with(folder->path_text())) return invalid;
  if (lookup.star.empty()) return {Target::Kind::url, resolved};
  if (has_invalid_segment(lookup.star)) {
    throw_module_error("ERR_INVALID_MODULE_SPECIFIER",
                       "Invalid module \"" + shown(replace_stars(lookup.match, lookup.star)) +
                           "\" request is not a valid match in pattern \"" + shown(lookup.match) +
                           "\" for the \"" + (lookup.is_internal ? "imports" : "exports") +
                           "\" resolution of " + shown(lookup.package.path) + imported_from(),
                       ErrorClass::type_error);
  }
  auto url = Url::parse(replace_stars(resolved->text(), lookup.star));
  if (!url) return invalid;
  return {Target::Kind::url, std::move(url)};
}

}  // namespace quiesce::modules
