// Which addresses belong to the public internet, and which to this machine, a private network or
// nobody.
//
//   base::is_public_address("93.184.216.34");        // true
//   base::is_public_address("::ffff:10.0.0.1");      // false
//
// Thread safe; throws nothing.
#pragma once

#include <string_view>

namespace quiesce::base {

/// IPv4 with four decimal numbers, or IPv6 without brackets and zone; false for all else.
bool is_public_address(std::string_view address);

}  // namespace quiesce::base
