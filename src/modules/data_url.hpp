// data: URLs (WHATWG Fetch, "data: URL processor"). Thread safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quiesce::modules {

struct DataUrl {
  /// "text/javascript": lower case, without parameters; empty: the URL names none.
  std::string type;
  std::string bytes;
};

/// Nothing: it has no comma, or what should be base64 is none. `url` is serialised (base::Url).
std::optional<DataUrl> read_data_url(std::string_view url);

}  // namespace quiesce::modules
