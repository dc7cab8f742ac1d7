// Which Quiesce this is, and which engine is in it.
//
//   std::cout << quiesce::version() << " with QuickJS-NG " << quiesce::quickjs_version() << '\n';
//
// Texts of the library's own, valid for ever; safe to ask for from any thread. No VM is made.
#pragma once

#include <string_view>

namespace quiesce {

/// Of the library: "0.1.0".
std::string_view version() noexcept;
/// Of QuickJS-NG inside the engine: "0.17.0".
std::string_view quickjs_version() noexcept;
/// SHA-256 of the engine that is built in, hexadecimal. A snapshot belongs to one engine: see
/// `Snapshot::engine`. For others see engines.hpp.
std::string_view engine() noexcept;
/// How this build walls guest memory off: "guard" or "checked". Snapshots do not depend on it.
std::string_view wall() noexcept;

}  // namespace quiesce
