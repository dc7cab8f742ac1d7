// The pages of a memory as a grid, row by row from address 0, drawn as SVG.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::cli {

/// What a cell can be: how it is drawn, and what the legend calls it.
struct CellKind {
  std::string_view css_class;
  std::string_view meaning;
};

/// One cell for each page, or for several if there are many, which then shows the first of `kinds`
/// that is among them. `pages` are indices of `kinds`. With a legend that has sizes.
std::string memory_map(std::span<const std::uint8_t> pages, std::span<const CellKind> kinds);

}  // namespace quiesce::cli
