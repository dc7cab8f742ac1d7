#include "cli/page_parts.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "cli/html.hpp"
#include "cli/inspect.hpp"
#include "cli/memory_map.hpp"
#include "cli/output.hpp"
#include "cli/treemap.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

std::string class_of(Census::Kind kind) {
  using Kind = Census::Kind;
  switch (kind) {
    case Kind::object: return "t-object";
    case Kind::string:
    case Kind::bigint: return "t-string";
    case Kind::code:
    case Kind::module: return "t-code";
    case Kind::name:
    case Kind::shape: return "t-name";
    case Kind::frame:
    case Kind::variable:
    case Kind::job: return "t-frame";
    case Kind::file:
    case Kind::table: return "t-table";
    case Kind::engine: return "t-engine";
  }
  return "t-engine";
}

Tile tile(const std::string& label, std::uint64_t count, std::uint64_t bytes) {
  const std::string size = describe_bytes(bytes);
  const std::string many = count > 0 ? std::to_string(count) + " \u00d7 " : "";
  return {label, size, many + label + ": " + size, static_cast<double>(bytes)};
}

// Tiles that would be too small to see are one.
std::vector<TileGroup> groups_of(const Census& census) {
  constexpr std::size_t kTilesMax = 60;
  std::map<std::string, TileGroup> groups;
  std::map<std::string, std::uint64_t> rest;
  for (const Census::Row& row : census.rows) {
    TileGroup& group = groups[class_of(row.kind)];
    group.css_class = class_of(row.kind);
    group.label_class = "tile";
    if (group.tiles.size() < kTilesMax) {
      group.tiles.push_back(tile(describe_row(row), row.count, row.bytes));
    } else {
      rest[group.css_class] += row.bytes;
    }
  }
  for (const auto& [name, bytes] : rest) groups[name].tiles.push_back(tile("others", 0, bytes));
  TileGroup unused{"t-unused", "unused", {}};
  const std::uint64_t free =
      census.free_small_bytes + census.free_large_bytes + census.free_end_bytes;
  unused.tiles.push_back(tile("free", 0, free));
  unused.tiles.push_back(tile("allocator", 0, census.overhead_bytes + census.unknown_bytes));
  std::vector<TileGroup> all{std::move(unused)};
  for (auto& [name, group] : groups) all.push_back(std::move(group));
  return all;
}

std::string legend_html() {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kColours{
      {{"t-object", "objects"},
       {"t-string", "strings"},
       {"t-code", "code and modules"},
       {"t-name", "names and shapes"},
       {"t-frame", "suspended calls, closures, jobs"},
       {"t-table", "files, tables"},
       {"t-engine", "engine"},
       {"t-unused", "free"}}};
  std::string text;
  for (const auto& [css_class, meaning] : kColours) {
    text += "<span><svg viewBox=\"0 0 12 12\"><rect class=\"" + std::string(css_class) +
            "\" width=\"12\" height=\"12\" rx=\"2\"/></svg>" + std::string(meaning) + "</span>\n";
  }
  return html_element("div", "legend", text);
}

std::string rows_html(const Census& census) {
  constexpr std::size_t kShown = 500;
  std::string text = "<tr><th class=\"n\">size</th><th class=\"n\">count</th><th>what</th></tr>\n";
  for (std::size_t i = 0; i < std::min(census.rows.size(), kShown); ++i) {
    const Census::Row& row = census.rows[i];
    text += "<tr><td class=\"n\">" + describe_bytes(row.bytes) + "</td><td class=\"n\">" +
            std::to_string(row.count) + "</td><td class=\"wide\">" + html_text(describe_row(row)) +
            "</td></tr>\n";
  }
  if (census.rows.size() > kShown) {
    text += "<tr><td></td><td></td><td>and " + std::to_string(census.rows.size() - kShown) +
            " more kinds</td></tr>\n";
  }
  return "<details><summary>All as a table</summary>\n" + html_element("table", "", text) +
         "</details>\n";
}

std::string frame_html(const AsyncFrame& frame) {
  const std::string text = describe(frame);
  const std::size_t place = frame.file.empty() ? std::string::npos : text.rfind(" (" + frame.file);
  if (place == std::string::npos) return html_text(text);
  return html_text(text.substr(0, place)) + " <code class=\"where\">" +
         html_text(text.substr(place + 2, text.size() - place - 3)) + "</code>";
}

std::string stack_html(const AsyncStack& stack) {
  std::string items;
  for (const AsyncFrame& frame : stack.frames) items += "<li>" + frame_html(frame) + "</li>\n";
  items += "<li class=\"end\">" + html_text(describe_end(stack)) + "</li>\n";
  return html_element("ol", "stack", items);
}

}  // namespace

std::string figures_html(const std::vector<std::pair<std::string, std::string>>& figures) {
  std::string text;
  for (const auto& [number, meaning] : figures) {
    text += "<div class=\"figure\"><b>" + html_text(number) + "</b><span>" + html_text(meaning) +
            "</span></div>\n";
  }
  return html_element("div", "figures", text);
}

std::string stacks_html(const std::vector<AsyncStack>& stacks) {
  std::string text;
  if (!stacks.empty()) text += stack_html(stacks.front());
  if (stacks.size() < 2) return text;
  text += "<details><summary>and " + std::to_string(stacks.size() - 1) +
          (stacks.size() == 2 ? " other that awaits it" : " others that await it") + "</summary>\n";
  for (std::size_t i = 1; i < stacks.size(); ++i) text += stack_html(stacks[i]);
  return text + "</details>\n";
}

std::string call_html(const PendingCall& call, const Wait* wait, Time now) {
  constexpr std::size_t kArguments = 2000;
  const std::string words = describe_call(call, kArguments);
  const std::size_t name = std::min(printable(call.name).size(), words.size());
  return html_element("div", "card",
                      "<div class=\"call\"><code><b>" + html_text(words.substr(0, name)) + "</b>" +
                          html_text(words.substr(name)) + "</code><span class=\"age\">call " +
                          std::to_string(call.id) + " \u00b7 for " +
                          describe_duration(now - call.since) + " \u00b7 since " +
                          describe_time(call.since) + "</span></div>\n" +
                          (wait ? stacks_html(wait->stacks) : ""));
}

std::string census_html(const Census& census) {
  constexpr double kWidth = 1080, kHeight = 440;
  return treemap_svg(groups_of(census), kWidth, kHeight) + legend_html() + rows_html(census);
}

std::string pages_html(const std::vector<Census::Page>& pages) {
  // The order in which one of several pages decides how a cell looks.
  constexpr std::array<CellKind, 4> kKinds{{{"p-changed", "this VM's own"},
                                            {"p-base", "as in every VM"},
                                            {"p-free", "free"},
                                            {"p-zero", "never written"}}};
  constexpr std::array<std::uint8_t, 4> kOrder{1, 0, 2, 3};  // of Census::Page
  std::vector<std::uint8_t> cells;
  for (const Census::Page page : pages) cells.push_back(kOrder[static_cast<std::size_t>(page) & 3]);
  return memory_map(cells, kKinds);
}

std::string facts_html(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::string text;
  for (const auto& [name, value] : facts) {
    text += "<tr><th>" + html_text(name) + "</th><td class=\"wide\">" + value + "</td></tr>\n";
  }
  return html_element("table", "", text);
}

std::string names_html(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 12;
  std::string shown, folded;
  for (std::size_t i = 0; i < names.size(); ++i)
    (i < kShown ? shown : folded) += html_code(names[i]) + "<br>\n";
  if (folded.empty()) return names.empty() ? "none" : shown;
  return shown + "<details><summary>and " + std::to_string(names.size() - kShown) +
         " more</summary>\n" + folded + "</details>\n";
}

}  // namespace quiesce::cli
