#include "quiesce/import_map.hpp"

#include <functional>
#include <map>

#include "base/json.hpp"
#include "base/url.hpp"
#include "modules/errors.hpp"

namespace quiesce {

using base::Json;
using base::Url;
using modules::ErrorClass;
using modules::shown;
using modules::throw_module_error;

namespace {

/// Nothing: what the map says is null, or wrong.
using Addresses = std::map<std::string, std::optional<Url>, std::less<>>;

}  // namespace

struct ImportMap::Parts {
  Addresses imports;
  /// Longer prefixes before shorter ones.
  std::map<std::string, Addresses, std::greater<>> scopes;
  std::map<std::string, std::string, std::less<>> integrity;
  std::vector<std::string> warnings;
};

namespace {

// "Resolve a URL-like module specifier": a URL, or relative to one.
std::optional<Url> url_like(std::string_view specifier, const Url* base) {
  const bool is_relative =
      specifier.starts_with("/") || specifier.starts_with("./") || specifier.starts_with("../");
  if (is_relative && !base) return std::nullopt;
  return Url::parse(specifier, is_relative ? base : nullptr);
}

template <class Parts>
class Parser {
 public:
  explicit Parser(std::string_view base_url) : base_(Url::parse(base_url)) {
    if (!base_)
      refuse("the URL it is relative to is none: '" + shown(base_url) + "'",
             ErrorClass::type_error);
  }

  Parts run(std::string_view text) {
    Json json;
    try {
      json = Json::parse(text);
    } catch (const base::JsonError& error) {
      refuse(error.what(), ErrorClass::syntax_error);
    }
    if (!json.is_object()) refuse("it is not a JSON object", ErrorClass::type_error);
    for (const auto& [key, value] : json.members()) {
      if (key == "imports") {
        parts_.imports = addresses(object(value, "its \"imports\" is"));
      } else if (key == "scopes") {
        scopes(object(value, "its \"scopes\" is"));
      } else if (key == "integrity") {
        integrity(object(value, "its \"integrity\" is"));
      } else {
        warn("\"" + shown(key) + "\" is unknown at the top of an import map");
      }
    }
    return std::move(parts_);
  }

 private:
  [[noreturn]] static void refuse(const std::string& why, ErrorClass error_class) {
    throw_module_error("ERR_INVALID_IMPORT_MAP", "Invalid import map: " + why, error_class);
  }

  static const Json& object(const Json& value, const std::string& what) {
    if (!value.is_object()) refuse(what + " not an object", ErrorClass::type_error);
    return value;
  }

  void warn(std::string text) { parts_.warnings.push_back(std::move(text)); }

  Addresses addresses(const Json& map) {
    Addresses normalized;
    for (const auto& [key, value] : map.members()) {
      if (key.empty()) {
        warn("an empty specifier cannot be a key");
        continue;
      }
      const auto key_url = url_like(key, &*base_);
      normalized[key_url ? key_url->text() : key] = address(key, value);
    }
    return normalized;
  }

  std::optional<Url> address(const std::string& key, const Json& value) {
    const std::string of_key = "the address of \"" + shown(key) + "\" ";
    if (!value.is_string()) {
      warn(of_key + "is not a string");
      return std::nullopt;
    }
    auto url = url_like(value.text(), &*base_);
    if (!url) {
      warn(of_key + "is no URL, and does not begin with \"/\", \"./\" or \"../\": \"" +
           shown(value.text()) + "\"");
      return std::nullopt;
    }
    if (key.ends_with("/") && !url->text().ends_with("/")) {
      warn(of_key + "must end with \"/\" as its key does: \"" + shown(value.text()) + "\"");
      return std::nullopt;
    }
    return url;
  }

  void scopes(const Json& map) {
    for (const auto& [prefix, value] : map.members()) {
      object(value, "the scope \"" + shown(prefix) + "\" is");
      const auto url = Url::parse(prefix, &*base_);
      if (!url) {
        warn("the scope \"" + shown(prefix) + "\" is no URL");
        continue;
      }
      parts_.scopes[url->text()] = addresses(value);
    }
  }

  void integrity(const Json& map) {
    for (const auto& [key, value] : map.members()) {
      const auto url = url_like(key, &*base_);
      if (!url) {
        warn("the key \"" + shown(key) + "\" of \"integrity\" is no URL");
      } else if (!value.is_string()) {
        warn("the integrity of \"" + shown(key) + "\" is not a string");
      } else {
        parts_.integrity[url->text()] = value.text();
      }
    }
  }

  std::optional<Url> base_;
  Parts parts_;
};

// "Merge module specifier maps", and the like for integrity: what is there already stays.
template <class Map>
void add_new(Map& to, const Map& from, std::string_view what, std::vector<std::string>& warnings) {
  for (const auto& [key, value] : from) {
    if (to.emplace(key, value).second) continue;
    warnings.push_back("\"" + shown(key) + "\" is in " + std::string(what) +
                       " of an earlier import map already, which counts");
  }
}

[[noreturn]] void throw_blocked(std::string_view specifier, const std::string& why) {
  throw_module_error("ERR_IMPORT_MAP_BLOCKED",
                     "The import map does not let \"" + shown(specifier) + "\" be imported: " + why,
                     ErrorClass::type_error);
}

// "Resolve an imports match". The longest key counts, so the whole specifier is looked up first.
std::optional<std::string> match(const Addresses& map, std::string_view specifier,
                                 bool takes_prefixes) {
  if (const auto exact = map.find(specifier); exact != map.end()) {
    if (!exact->second) throw_blocked(specifier, "its address is null");
    return exact->second->text();
  }
  if (!takes_prefixes) return std::nullopt;
  for (std::size_t end = specifier.rfind('/'); end != std::string_view::npos;) {
    const std::string_view prefix = specifier.substr(0, end + 1);
    if (const auto found = map.find(prefix); found != map.end()) {
      if (!found->second)
        throw_blocked(specifier, "the address of \"" + shown(prefix) + "\" is null");
      const auto url = Url::parse(specifier.substr(end + 1), &*found->second);
      if (!url) throw_blocked(specifier, "what it leads to is no URL");
      if (!url->text().starts_with(found->second->text()))
        throw_blocked(specifier, "it leads out of \"" + shown(prefix) + "\"");
      return url->text();
    }
    if (end == 0) break;
    end = specifier.rfind('/', end - 1);
  }
  return std::nullopt;
}

}  // namespace

ImportMap::ImportMap() : parts_(std::make_shared<const Parts>()) {}

ImportMap ImportMap::parse(std::string_view json, std::string_view base_url) {
  ImportMap map;
  map.parts_ = std::make_shared<const Parts>(Parser<Parts>(base_url).run(json));
  return map;
}

ImportMap ImportMap::merge(const ImportMap& first, const ImportMap& second) {
  auto parts = std::make_shared<Parts>(*first.parts_);
  const Parts& more = *second.parts_;
  std::vector<std::string>& warnings = parts->warnings;
  warnings.insert(warnings.end(), more.warnings.begin(), more.warnings.end());
  for (const auto& [prefix, addresses] : more.scopes)
    add_new(parts->scopes[prefix], addresses, "the scope \"" + shown(prefix) + "\"", warnings);
  add_new(parts->integrity, more.integrity, "\"integrity\"", warnings);
  add_new(parts->imports, more.imports, "\"imports\"", warnings);
  ImportMap merged;
  merged.parts_ = std::move(parts);
  return merged;
}

bool ImportMap::is_empty() const noexcept {
  return parts_->imports.empty() && parts_->scopes.empty() && parts_->integrity.empty();
}

const std::vector<std::string>& ImportMap::warnings() const noexcept { return parts_->warnings; }

std::optional<std::string> ImportMap::resolve(std::string_view specifier,
                                              std::string_view base_url) const {
  if (parts_->imports.empty() && parts_->scopes.empty()) return std::nullopt;
  const auto base = Url::parse(base_url);
  const auto url = url_like(specifier, base ? &*base : nullptr);
  const std::string normalized = url ? url->text() : std::string(specifier);
  const bool takes_prefixes = !url || url->is_special();
  const std::string base_text = base ? base->text() : std::string(base_url);
  for (const auto& [prefix, addresses] : parts_->scopes) {
    const bool is_inside =
        prefix == base_text || (prefix.ends_with("/") && base_text.starts_with(prefix));
    if (!is_inside) continue;
    if (auto found = match(addresses, normalized, takes_prefixes)) return found;
  }
  return match(parts_->imports, normalized, takes_prefixes);
}

std::string_view ImportMap::integrity(std::string_view url) const noexcept {
  const auto found = parts_->integrity.find(url);
  return found == parts_->integrity.end() ? std::string_view() : found->second;
}

}  // namespace quiesce
