#include "cli/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace quiesce::cli {

std::string json_string(std::string_view text) {
  using nlohmann::json;
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_json_line(std::string_view text) {
  if (std::ranges::any_of(text, [](char byte) { return byte == '\n' || byte == '\r'; }))
    return false;
  // JSON.stringify writes a lone surrogate as an escape, which the parser below does not take; for
  // well-formedness one escape is as good as another.
  std::string checked(text);
  for (std::size_t at = checked.find("\\u"); at != std::string::npos;
       at = checked.find("\\u", at + 2)) {
    const bool surrogate =
        at + 3 < checked.size() && (checked[at + 2] == 'd' || checked[at + 2] == 'D');
    if (surrogate) checked[at + 2] = '0';
  }
  return nlohmann::json::accept(checked);
}

}  // namespace quiesce::cli
