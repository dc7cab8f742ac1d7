#include "base/url_host.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "base/url.hpp"

namespace quiesce::base {

namespace {

constexpr std::string_view kForbiddenInHosts{"\0\t\n\r #/:<>?@[\\]^|", 17};

bool is_forbidden_in_domains(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte >= 0x7F || c == '%' ||
         kForbiddenInHosts.find(c) != std::string_view::npos;
}

std::vector<std::string_view> parts_of(std::string_view domain) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t dot = domain.find('.');
    parts.push_back(domain.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    domain.remove_prefix(dot + 1);
  }
}

// Decimal, 0x or 0 in front; nothing: it is no number, or far too large.
std::optional<std::uint64_t> ipv4_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  unsigned radix = 10;
  if (text.size() >= 2 && text[0] == '0' && text[1] == 'x') {
    radix = 16;
    text.remove_prefix(2);
  } else if (text.size() >= 2 && text[0] == '0') {
    radix = 8;
    text.remove_prefix(1);
  }
  std::uint64_t number = 0;
  for (const char c : text) {
    unsigned digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
    if (digit >= radix) return std::nullopt;
    number = number * radix + digit;
    if (number > 0xFFFFFFFFFFull) number = 0xFFFFFFFFFFull;
  }
  return number;
}

bool ends_in_a_number(std::vector<std::string_view> parts) {
  if (parts.back().empty()) {
    if (parts.size() == 1) return false;
    parts.pop_back();
  }
  const std::string_view last = parts.back();
  bool digits_only = !last.empty();
  for (const char c : last) digits_only = digits_only && c >= '0' && c <= '9';
  return digits_only || (last.starts_with("0x") && ipv4_number(last));
}

std::optional<std::string> ipv4(std::vector<std::string_view> parts) {
  if (parts.back().empty() && parts.size() > 1) parts.pop_back();
  if (parts.size() > 4) return std::nullopt;
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = ipv4_number(parts[i]);
    if (!number) return std::nullopt;
    const bool is_last = i + 1 == parts.size();
    const std::uint64_t end = is_last ? std::uint64_t{1} << (8 * (5 - parts.size())) : 256;
    if (*number >= end) return std::nullopt;
    address += is_last ? *number : *number << (8 * (3 - i));
  }
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string((address >> shift) & 255);
    if (shift != 0) text += '.';
  }
  return text;
}

std::optional<std::string> ipv6(std::string_view text) {
  in6_addr address;
  if (text.find('\0') != std::string_view::npos ||
      inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1)
    return std::nullopt;
  std::array<unsigned, 8> pieces;
  for (std::size_t i = 0; i < 8; ++i)
    pieces[i] = unsigned{address.s6_addr[2 * i]} << 8 | address.s6_addr[2 * i + 1];
  // The first of the longest runs of two and more zeros is left out.
  std::size_t gap = 8, gap_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && pieces[i + length] == 0) ++length;
    if (length > gap_length) gap = i, gap_length = length;
  }
  std::string out = "[";
  for (std::size_t i = 0; i < 8;) {
    if (i == gap) {
      out += i == 0 ? "::" : ":";
      i += gap_length;
      continue;
    }
    char piece[8];
    std::snprintf(piece, sizeof piece, "%x", pieces[i]);
    out += piece;
    if (++i < 8) out += ':';
  }
  return out + "]";
}

std::optional<std::string> opaque_host(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kForbiddenInHosts.find(c) != std::string_view::npos) return std::nullopt;
    if (byte < 0x20 || byte > 0x7E) {
      char escape[4];
      std::snprintf(escape, sizeof escape, "%%%02X", unsigned{byte});
      out += escape;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> parse_url_host(std::string_view text, bool is_special) {
  if (text.starts_with("[")) {
    if (!text.ends_with("]")) return std::nullopt;
    return ipv6(text.substr(1, text.size() - 2));
  }
  if (!is_special) return opaque_host(text);
  std::string domain = percent_decode(text);
  for (char& c : domain) {
    if (is_forbidden_in_domains(c)) return std::nullopt;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  if (domain.empty()) return std::nullopt;
  const auto parts = parts_of(domain);
  for (const std::string_view part : parts) {
    if (part.starts_with("xn--")) return std::nullopt;
  }
  return ends_in_a_number(parts) ? ipv4(parts) : domain;
}

}  // namespace quiesce::base
