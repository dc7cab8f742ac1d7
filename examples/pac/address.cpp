#include "address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace pac {

std::optional<Address> Address::parse(std::string_view text) {
  Address address;
  address.text = text;
  if (inet_pton(AF_INET, address.text.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
  } else if (inet_pton(AF_INET6, address.text.c_str(), address.bytes.data()) == 1) {
    address.size = 16;
  } else {
    return std::nullopt;
  }
  return address;
}

bool in_net(const Address& address, std::string_view prefix) {
  const std::size_t slash = prefix.find('/');
  if (slash == std::string_view::npos) return false;
  const std::optional<Address> net = Address::parse(prefix.substr(0, slash));
  const std::string_view digits = prefix.substr(slash + 1);
  std::size_t bits = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!net || net->size != address.size || failure != std::errc() ||
      end != digits.data() + digits.size() || bits > 8 * net->size) {
    return false;
  }
  for (std::size_t i = 0; i < bits; ++i) {
    const int difference = address.bytes[i / 8] ^ net->bytes[i / 8];
    if ((difference >> (7 - i % 8) & 1) != 0) return false;
  }
  return true;
}

std::optional<std::string> sorted(std::string_view list) {
  std::vector<Address> addresses;
  while (true) {
    const std::size_t semicolon = list.find(';');
    std::optional<Address> address = Address::parse(list.substr(0, semicolon));
    if (!address) return std::nullopt;
    addresses.push_back(*std::move(address));
    if (semicolon == std::string_view::npos) break;
    list.remove_prefix(semicolon + 1);
  }
  std::ranges::stable_sort(addresses, [](const Address& a, const Address& b) {
    return a.size != b.size ? a.size > b.size : a.bytes < b.bytes;
  });
  std::string text;
  for (const Address& address : addresses) text += (text.empty() ? "" : ";") + address.text;
  return text;
}

}  // namespace pac
