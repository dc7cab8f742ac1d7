// Subresource integrity: "sha384-..." against bytes. Thread safe.
#pragma once

#include <string_view>

namespace quiesce::modules {

/// Whether the bytes have one of the digests of the strongest kind that `metadata` names. Metadata
/// that names no digest of a known kind asks for nothing, as in the standard.
bool has_integrity(std::string_view bytes, std::string_view metadata);

}  // namespace quiesce::modules
