// Memory that the linker keeps for what no code writes: wasm-ld's segment .rodata.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "module.hpp"

namespace adapt {

class Constants {
 public:
  explicit Constants(const Module& module);

  /// The 32 bits at `address`; nullopt: that is not all of it in .rodata.
  std::optional<std::uint32_t> at(std::uint32_t address) const;

 private:
  std::uint32_t begin_ = 0;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace adapt
