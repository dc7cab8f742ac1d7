#include "base/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace quiesce::base {
namespace {

struct Block4 {
  std::uint32_t address;
  int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return a << 24 | b << 16 | c << 8;
}

// IANA's registry of special-purpose addresses, and multicast.
constexpr Block4 kNotPublic[] = {
    {ip(0, 0, 0), 8},        // this network
    {ip(10, 0, 0), 8},       // private
    {ip(100, 64, 0), 10},    // shared by carriers
    {ip(127, 0, 0), 8},      // this machine
    {ip(169, 254, 0), 16},   // link-local: where clouds have their metadata
    {ip(172, 16, 0), 12},    // private
    {ip(192, 0, 0), 24},     // assignments of protocols
    {ip(192, 0, 2), 24},     // documentation
    {ip(192, 88, 99), 24},   // 6to4 relays
    {ip(192, 168, 0), 16},   // private
    {ip(198, 18, 0), 15},    // benchmarks
    {ip(198, 51, 100), 24},  // documentation
    {ip(203, 0, 113), 24},   // documentation
    {ip(224, 0, 0), 4},      // multicast
    {ip(240, 0, 0), 4},      // reserved, broadcast
};

bool is_public(std::uint32_t address) {
  return std::ranges::none_of(kNotPublic, [&](const Block4& block) {
    return (address ^ block.address) >> (32 - block.bits) == 0;
  });
}

using Bytes6 = std::array<std::uint8_t, 16>;

std::uint32_t embedded4(const Bytes6& bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
         std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

bool begins_with(const Bytes6& bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public(const Bytes6& bytes) {
  if (begins_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}) ||     // IPv4 mapped
      begins_with(bytes, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {  // IPv4 translated
    return is_public(embedded4(bytes, 12));
  }
  if (begins_with(bytes, {0x20, 0x02})) return is_public(embedded4(bytes, 2));  // 6to4
  if ((bytes[0] & 0xe0) != 0x20) return false;  // no global unicast: loopback, private, multicast
  if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 2) return false;  // protocols, Teredo
  if (begins_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) return false;          // documentation
  return !(bytes[0] == 0x3f && bytes[1] == 0xff && bytes[2] < 0x10);       // documentation
}

}  // namespace

bool is_public_address(std::string_view address) {
  if (address.find('\0') != std::string_view::npos) return false;  // inet_pton would stop there
  const std::string text(address);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return is_public(ntohl(four.s_addr));
  Bytes6 six{};
  return inet_pton(AF_INET6, text.c_str(), six.data()) == 1 && is_public(six);
}

}  // namespace quiesce::base
