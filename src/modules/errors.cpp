#include "modules/errors.hpp"

#include <cstddef>
#include <cstdio>

#include "base/utf.hpp"

namespace quiesce::modules {

std::string shown(std::string_view text) {
  constexpr std::size_t kBytesMax = 2000;
  const bool is_cut = text.size() > kBytesMax;
  if (is_cut) text = text.substr(0, kBytesMax);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", unsigned{byte});
      out += escape;
    } else {
      out += c;
    }
  }
  if (const auto units = base::wtf8_to_utf16(out)) {
    out = base::utf16_to_wtf8(base::replace_lone_surrogates(*units));
  } else {
    out = base::replace_invalid_utf8(out);
  }
  return is_cut ? out + "..." : out;
}

void throw_module_error(const char* code, const std::string& text, ErrorClass error_class) {
  throw ModuleError(code, text, error_class);
}

}  // namespace quiesce::modules
