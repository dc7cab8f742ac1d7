// TypeScript without its types: what TypeScript adds to JavaScript is erased, and blanks stand in
// its place, so that every line and column of the result is that of the original.
//
//   std::string source = "const price: number = 4.99 as number";
//   std::string script = quiesce::strip_types(source, "price.ts");
//   // script:           "const price         = 4.99          "
//
// The loader of node_modules.hpp does it for .ts, .mts and .cts.
//
// Nothing is generated. What has no meaning without generated code is refused: enums, namespaces
// with values, parameter properties, `import x =` and `export =`, assertions in angle brackets; and
// decorators, which the engine does not have. Types are not checked, imports that are not marked as
// `type` stay, and JSX is not understood.
//
// TypeScript's own parser does it, in a VM of its own that wakes from an image inside this library,
// anew for each source: no source has an influence on another one. Results are remembered by the
// digest of the source, up to some megabytes. Thread safe. May be called by a module loader.
#pragma once

#include <string>
#include <string_view>

#include "quiesce/module.hpp"

namespace quiesce {

/// JavaScript with as many UTF-16 units as `source`, which is UTF-8 (else Errc::encoding), and the
/// same line breaks. `name` is for the texts of errors only. Throws
///   ModuleError ERR_INVALID_TYPESCRIPT_SYNTAX      this is no TypeScript
///   ModuleError ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX  it cannot be erased
///   ModuleError ERR_NO_TYPESCRIPT                  this library was built without
/// where the texts of the first two begin with name, line and column (in UTF-16 units, both from 1)
/// and show the line. Errc::limit: the source needs more memory or steps than its length justifies,
/// or nests too deep.
std::string strip_types(std::string_view source, std::string_view name);

/// Whether this library was built with it (QUIESCE_TYPESCRIPT).
bool has_typescript() noexcept;

}  // namespace quiesce
