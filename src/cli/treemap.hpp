// A treemap: areas in proportion to numbers, as square as they can be (Bruls, Huizing and van Wijk,
// "Squarified Treemaps"), drawn as SVG.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace quiesce::cli {

struct Rectangle {
  double x = 0, y = 0, width = 0, height = 0;
};

/// One rectangle for each weight, in their order; together they are `area`. The weights descend;
/// what is not positive gets no area.
std::vector<Rectangle> squarified(std::span<const double> weights, const Rectangle& area);

/// What one rectangle shows. Texts are not HTML yet.
struct Tile {
  std::string label, size, tooltip;
  double weight;
};
/// Tiles of one colour.
struct TileGroup {
  std::string css_class;  // of the page's style: "t-object"
  std::string label_class;
  std::vector<Tile> tiles;
};

/// Groups by their weights, and within each its tiles.
std::string treemap_svg(std::vector<TileGroup> groups, double width, double height);

}  // namespace quiesce::cli
