// TypeScript: its types are erased without a position moving, or it is refused with an error that a
// loader can pass on. What is no UTF-8 is repaired first.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/utf.hpp"
#include "fuzz/session.hpp"
#include "quiesce/typescript.hpp"

namespace {

/// Lengths of lines in UTF-16 units, and how they end.
std::u16string outline(std::string_view utf8) {
  std::u16string text = quiesce::base::wtf8_to_utf16(utf8).value();
  for (char16_t& unit : text) {
    const bool is_break = unit == u'\n' || unit == u'\r' || unit == 0x2028 || unit == 0x2029;
    if (!is_break) unit = u' ';
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quiesce;
  const std::string source =
      base::replace_invalid_utf8({reinterpret_cast<const char*>(data), size});
  try {
    const std::string script = strip_types(source, "fuzz.ts");
    fuzz::require(outline(script) == outline(source), "positions moved");
  } catch (const ModuleError& error) {
    fuzz::require(std::string_view(error.what()).starts_with("fuzz.ts:"), "an error has no place");
  } catch (const Error& error) {
    fuzz::require(error.code() == Errc::limit, "an error is none of the file");
  }
  return 0;
}
