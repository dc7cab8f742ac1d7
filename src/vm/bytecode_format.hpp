// Bytecode as a file: little-endian, checked as a whole before anything of it is believed.
//
//   "QBYTECD1"  digest of the engine (32)  SHA-256 of what follows (32)
//   type (u8)  name (u32 count, WTF-8)
//   requests of a module (u32 count), each: attributes (u32 count), each: key, value (as the name)
//   what QuickJS wrote, to the end
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "quiesce/bytecode.hpp"
#include "quiesce/module.hpp"
#include "quiesce/vm.hpp"

namespace quiesce::detail {

struct BytecodeParts {
  base::Digest engine{};
  SourceType type = SourceType::script;
  std::string name;
  std::vector<ModuleAttributes> requests;
  std::vector<std::byte> code;
  std::vector<std::byte> bytes;  // all of it, as a file
};

/// The file form of the rest.
std::vector<std::byte> encode_bytecode(const BytecodeParts& parts);
/// Throws Errc::bytecode; also if it is not of this engine.
BytecodeParts decode_bytecode(std::span<const std::byte> bytes, const base::Digest& engine);
/// Throws Errc::bytecode if it is not of this engine.
void require_engine(const BytecodeParts& parts, const base::Digest& engine);

}  // namespace quiesce::detail
