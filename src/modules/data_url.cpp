#include "modules/data_url.hpp"

#include <cstddef>
#include <cstdint>

#include "base/url.hpp"

namespace quiesce::modules {

namespace {

constexpr std::string_view kBlanks = " \t\n\f\r";

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

// "Forgiving-base64 decode" (WHATWG Infra): blanks are skipped, padding may be missing.
std::optional<std::string> decode_base64(std::string text) {
  std::erase_if(text, [](char c) { return kBlanks.find(c) != std::string_view::npos; });
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.pop_back();
  }
  if (text.size() % 4 == 1) return std::nullopt;
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 255);
    }
  }
  return out;
}

}  // namespace

std::optional<DataUrl> read_data_url(std::string_view url) {
  constexpr std::string_view kScheme = "data:", kBase64 = "base64";
  url = url.substr(0, url.find('#')).substr(kScheme.size());
  const std::size_t comma = url.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  std::string type = lower_case(trimmed(url.substr(0, comma)));
  DataUrl data{"", base::percent_decode(url.substr(comma + 1))};
  if (std::string_view rest = type; rest.ends_with(kBase64)) {
    rest.remove_suffix(kBase64.size());
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    if (rest.ends_with(';')) {
      auto bytes = decode_base64(std::move(data.bytes));
      if (!bytes) return std::nullopt;
      data.bytes = std::move(*bytes);
      type = rest.substr(0, rest.size() - 1);
    }
  }
  data.type = trimmed(std::string_view(type).substr(0, type.find(';')));
  return data;
}

}  // namespace quiesce::modules
