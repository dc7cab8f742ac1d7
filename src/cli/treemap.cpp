#include "cli/treemap.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/html.hpp"

namespace quiesce::cli {

namespace {

double sum(std::span<const double> weights) {
  return std::accumulate(weights.begin(), weights.end(), 0.0);
}

// The worst of width to height and height to width, in a strip along a side of this length.
double worst_ratio(std::span<const double> areas, double side) {
  const double total = sum(areas);
  double worst = 1;
  for (const double area : areas) {
    const double along = area / total * side;  // the other side is total / side
    const double across = total / side;
    worst = std::max({worst, along / across, across / along});
  }
  return worst;
}

// Puts the strip along the shorter side, and takes it off the area.
void lay(std::span<const double> areas, Rectangle& left, std::vector<Rectangle>& out) {
  const double total = sum(areas);
  const bool upright = left.width >= left.height;
  const double side = upright ? left.height : left.width;
  const double across = side > 0 ? total / side : 0;
  double at = 0;
  for (const double area : areas) {
    const double along = total > 0 ? area / total * side : 0;
    out.push_back(upright ? Rectangle{left.x, left.y + at, across, along}
                          : Rectangle{left.x + at, left.y, along, across});
    at += along;
  }
  if (upright) {
    left.x += across;
    left.width = std::max(0.0, left.width - across);
  } else {
    left.y += across;
    left.height = std::max(0.0, left.height - across);
  }
}

// So many characters of UTF-8 at most, and an ellipsis if there were more.
std::string cut(const std::string& text, std::size_t characters) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (count++ == characters) return text.substr(0, i) + "\u2026";
  }
  return text;
}

std::string tile_svg(const Tile& tile, const TileGroup& group, const Rectangle& at) {
  constexpr double kPadding = 7, kLine = 16, kCharacter = 6.7;
  std::string text = "<g><title>" + html_text(tile.tooltip) + "</title><rect class=\"tile " +
                     group.css_class + "\" x=\"" + svg_number(at.x) + "\" y=\"" + svg_number(at.y) +
                     "\" width=\"" + svg_number(at.width) + "\" height=\"" + svg_number(at.height) +
                     "\"/>";
  const auto room = static_cast<std::size_t>(std::max(0.0, (at.width - 2 * kPadding) / kCharacter));
  const auto line = [&](const std::string& words, int index, std::string_view part) {
    text += "<text class=\"" + group.label_class + std::string(part) + "\" x=\"" +
            svg_number(at.x + kPadding) + "\" y=\"" +
            svg_number(at.y + kPadding + 11 + kLine * index) + "\">" +
            html_text(cut(words, room > 0 ? room - 1 : 0)) + "</text>";
  };
  if (room >= 4 && at.height >= kLine + kPadding) line(tile.label, 0, "-label");
  if (room >= 8 && at.height >= 2 * kLine + kPadding) line(tile.size, 1, "-size");
  return text + "</g>\n";
}

}  // namespace

std::vector<Rectangle> squarified(std::span<const double> weights, const Rectangle& area) {
  std::vector<double> areas;
  for (const double weight : weights) areas.push_back(weight > 0 ? weight : 0);
  const double total = sum(areas);
  const double scale = total > 0 ? area.width * area.height / total : 0;
  for (double& each : areas) each *= scale;

  std::vector<Rectangle> out;
  Rectangle left = area;
  std::size_t begin = 0;
  while (begin < areas.size()) {
    const double side = std::min(left.width, left.height);
    std::size_t end = begin + 1;
    if (areas[begin] > 0 && side > 0) {
      double worst = worst_ratio(std::span(areas).subspan(begin, 1), side);
      while (end < areas.size() && areas[end] > 0) {
        const double next = worst_ratio(std::span(areas).subspan(begin, end + 1 - begin), side);
        if (next > worst) break;
        worst = next;
        ++end;
      }
    }
    lay(std::span(areas).subspan(begin, end - begin), left, out);
    begin = end;
  }
  return out;
}

std::string treemap_svg(std::vector<TileGroup> groups, double width, double height) {
  const auto weight_of = [](const TileGroup& group) {
    double weight = 0;
    for (const Tile& tile : group.tiles) weight += tile.weight;
    return weight;
  };
  std::ranges::stable_sort(groups, std::greater<>(), weight_of);
  std::vector<double> weights;
  for (const TileGroup& group : groups) weights.push_back(weight_of(group));
  const auto areas = squarified(weights, {0, 0, width, height});

  std::string text = "<svg viewBox=\"0 0 " + svg_number(width) + " " + svg_number(height) +
                     "\" role=\"img\" aria-label=\"Treemap\">\n";
  for (std::size_t i = 0; i < groups.size(); ++i) {
    TileGroup& group = groups[i];
    std::ranges::stable_sort(group.tiles, std::greater<>(), &Tile::weight);
    std::vector<double> inside;
    for (const Tile& tile : group.tiles) inside.push_back(tile.weight);
    const auto places = squarified(inside, areas[i]);
    for (std::size_t j = 0; j < group.tiles.size(); ++j) {
      if (places[j].width > 0 && places[j].height > 0)
        text += tile_svg(group.tiles[j], group, places[j]);
    }
  }
  return text + "</svg>\n";
}

}  // namespace quiesce::cli
