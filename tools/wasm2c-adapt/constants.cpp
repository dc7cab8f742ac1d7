#include "constants.hpp"

#include "lexer.hpp"

namespace adapt {

Constants::Constants(const Module& module) {
  for (const Segment& segment : module.segments) {
    if (!segment.array.ends_with("rodata")) continue;
    begin_ = segment.address;
    for (const Token& token : tokens_of(module.arrays.at(segment.array))) {
      if (token.kind != Token::Kind::number) continue;
      bytes_.push_back(static_cast<std::uint8_t>(number_of(token)));
    }
    return;
  }
}

std::optional<std::uint32_t> Constants::at(std::uint32_t address) const {
  const std::uint64_t offset = std::uint64_t{address} - begin_;  // huge when it is below
  if (address < begin_ || offset + 4 > bytes_.size()) return std::nullopt;
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{bytes_[offset + i]} << (8 * i);
  return value;
}

}  // namespace adapt
