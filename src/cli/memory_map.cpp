#include "cli/memory_map.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/html.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

constexpr std::size_t kCellsMax = 16384;
constexpr std::uint64_t kPageBytes = 4096;
constexpr double kLabel = 58;  // room for addresses on the left
constexpr double kWidth = 1080;

struct Grid {
  std::size_t pages_per_cell, columns, rows;
  double cell;
};

Grid grid_for(std::size_t pages) {
  Grid grid{};
  grid.pages_per_cell = std::max<std::size_t>(1, (pages + kCellsMax - 1) / kCellsMax);
  const std::size_t cells = (pages + grid.pages_per_cell - 1) / grid.pages_per_cell;
  grid.columns = cells <= 2048 ? 64 : 128;
  grid.rows = (cells + grid.columns - 1) / grid.columns;
  grid.cell = (kWidth - kLabel) / static_cast<double>(grid.columns);
  return grid;
}

std::string address_text(std::uint64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f MiB", static_cast<double>(bytes) / (1u << 20));
  return text.data();
}

// Cells of one kind are one path, each a rectangle of it.
std::string path_of(const std::vector<std::uint8_t>& cells, std::uint8_t kind, const Grid& grid,
                    double height) {
  constexpr double kGap = 1.5;
  std::string path;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i] != kind) continue;
    const double x = kLabel + static_cast<double>(i % grid.columns) * grid.cell;
    const double y = static_cast<double>(i / grid.columns) * height;
    const std::string width = svg_number(grid.cell - kGap);
    path += "M" + svg_number(x) + " " + svg_number(y) + "h" + width + "v" +
            svg_number(height - kGap) + "h-" + width + "z";
  }
  return path;
}

std::string row_title(std::span<const std::uint8_t> pages, std::uint64_t first,
                      std::span<const CellKind> kinds) {
  std::string text = address_text(first * kPageBytes) + " to " +
                     address_text((first + pages.size()) * kPageBytes) + ":";
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const auto count = std::ranges::count(pages, static_cast<std::uint8_t>(kind));
    if (count > 0)
      text += " " + std::to_string(count) + " " + std::string(kinds[kind].meaning) + ",";
  }
  text.pop_back();
  return text;
}

std::string legend(std::span<const std::uint8_t> pages, std::span<const CellKind> kinds) {
  std::string text;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const auto count =
        static_cast<std::uint64_t>(std::ranges::count(pages, static_cast<std::uint8_t>(kind)));
    text += "<span><svg viewBox=\"0 0 12 12\"><rect class=\"" + std::string(kinds[kind].css_class) +
            "\" width=\"12\" height=\"12\" rx=\"2\"/></svg>" + html_text(kinds[kind].meaning) +
            " <b>" + describe_bytes(count * kPageBytes) + "</b></span>\n";
  }
  return html_element("div", "legend", text);
}

}  // namespace

std::string memory_map(std::span<const std::uint8_t> pages, std::span<const CellKind> kinds) {
  const Grid grid = grid_for(pages.size());
  std::vector<std::uint8_t> cells;
  for (std::size_t i = 0; i < pages.size(); i += grid.pages_per_cell) {
    const auto part = pages.subspan(i, std::min(grid.pages_per_cell, pages.size() - i));
    cells.push_back(std::ranges::min(part));
  }
  const double height = std::min(grid.cell, 13.0);
  std::string svg = "<svg viewBox=\"0 0 " + svg_number(kWidth) + " " +
                    svg_number(height * static_cast<double>(grid.rows)) +
                    "\" role=\"img\" aria-label=\"Memory map\">\n";
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const std::string path = path_of(cells, static_cast<std::uint8_t>(kind), grid, height);
    if (!path.empty())
      svg += "<path class=\"" + std::string(kinds[kind].css_class) + "\" d=\"" + path + "\"/>\n";
  }
  const std::size_t pages_per_row = grid.columns * grid.pages_per_cell;
  const std::size_t labels_every = std::max<std::size_t>(1, (grid.rows + 11) / 12);
  for (std::size_t row = 0; row < grid.rows; ++row) {
    const std::size_t first = row * pages_per_row;
    const double y = static_cast<double>(row) * height;
    const auto part = pages.subspan(first, std::min(pages_per_row, pages.size() - first));
    svg += "<g><title>" + html_text(row_title(part, first, kinds)) +
           "</title><rect class=\"p-row\" x=\"0\" y=\"" + svg_number(y) + "\" width=\"" +
           svg_number(kWidth) + "\" height=\"" + svg_number(height) + "\"/></g>\n";
    if (row % labels_every == 0) {
      svg += "<text class=\"p-label\" x=\"0\" y=\"" + svg_number(y + height - 3) + "\">" +
             address_text(first * kPageBytes) + "</text>\n";
    }
  }
  std::string note;
  if (grid.pages_per_cell > 1) {
    note = "<p class=\"note\">A cell is " + std::to_string(grid.pages_per_cell) +
           " pages of 4 KiB, and shows the first kind of the legend that is among them.</p>\n";
  }
  return svg + "</svg>\n" + legend(pages, kinds) + note;
}

}  // namespace quiesce::cli
