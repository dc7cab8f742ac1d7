// IP addresses, as a PAC file sees them: text that is compared and sorted.
//
//   std::optional<pac::Address> address = pac::Address::parse("10.0.0.7");
//   bool office = pac::in_net(*address, "10.0.0.0/8");
//
// Values without owners; every function may be called from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pac {

struct Address {
  std::array<std::uint8_t, 16> bytes{};  // the first `size` of them
  std::size_t size = 0;                  // 4 or 16
  std::string text;                      // as it was written

  /// nullopt: neither IPv4 in four decimal parts nor IPv6.
  static std::optional<Address> parse(std::string_view text);
  bool is_v4() const noexcept { return size == 4; }
};

/// Whether the address lies in "198.95.0.0/16" or "3ffe:8311:ffff::/48". A prefix that is none, or
/// of the other kind, contains nothing.
bool in_net(const Address& address, std::string_view prefix);

/// "a;b;c" sorted, IPv6 before IPv4; nullopt when one of them is no address.
std::optional<std::string> sorted(std::string_view list);

}  // namespace pac
