// The host of a URL, as the WHATWG's URL standard parses and writes it.
//
//   base::parse_url_host("EXAMPLE.com", true);      // "example.com"
//   base::parse_url_host("0x7f.1", true);           // "127.0.0.1"
//   base::parse_url_host("[0:0::1]", true);         // "[::1]"
//
// Thread safe; throws nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quiesce::base {

/// Serialised. Nothing: it is no host, or one that needs IDNA (see url.hpp).
std::optional<std::string> parse_url_host(std::string_view text, bool is_special);

}  // namespace quiesce::base
