// What changed from one snapshot to another, as a page.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cli/differences.hpp"
#include "cli/html.hpp"
#include "cli/inspect.hpp"
#include "cli/memory_map.hpp"
#include "cli/page_parts.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

std::string map_html(const Contents& before, const Contents& after,
                     const std::vector<PageChange>& changes) {
  constexpr std::array<CellKind, 3> kKinds{
      {{"p-changed", "changed"}, {"p-base", "as before"}, {"p-zero", "free or never written"}}};
  const auto& was = before.census.pages;
  const auto& is = after.census.pages;
  const auto is_used = [](const std::vector<Census::Page>& pages, std::size_t i) {
    return i < pages.size() &&
           (pages[i] == Census::Page::base || pages[i] == Census::Page::changed);
  };
  std::vector<std::uint8_t> cells(std::max(was.size(), is.size()));
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = is_used(is, i) ? 1 : 2;
  for (const PageChange& change : changes) {
    if (change.index < cells.size()) cells[change.index] = 0;
  }
  return memory_map(cells, kKinds);
}

std::string rows_html(const std::vector<RowChange>& rows) {
  constexpr std::size_t kShown = 300;
  std::string text = "<tr><th class=\"n\">size</th><th class=\"n\">count</th><th>what</th></tr>\n";
  for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) {
    const RowChange& change = rows[i];
    const std::string css_class = change.bytes < 0 ? "n gone" : "n come";
    text += "<tr><td class=\"" + css_class + "\">" + signed_bytes(change.bytes) +
            "</td><td class=\"n\">" + (change.count == 0 ? "" : signed_count(change.count)) +
            "</td><td class=\"wide\">" + html_text(describe_row(change.row)) + "</td></tr>\n";
  }
  return html_element("table", "", text);
}

void add_list(std::string& text, std::string_view css_class, std::string_view sign,
              const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 200;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += "<code class=\"" + std::string(css_class) + "\">" + std::string(sign) + " " +
            html_text(names[i]) + "</code><br>\n";
  }
  if (names.size() > kShown) text += "and " + std::to_string(names.size() - kShown) + " more<br>\n";
}

std::string changes_html(const std::vector<std::string>& added,
                         const std::vector<std::string>& removed,
                         const std::vector<std::string>& changed = {}) {
  std::string text;
  add_list(text, "come", "+", added);
  add_list(text, "gone", "\u2212", removed);
  add_list(text, "", "\u2217", changed);
  return text.empty() ? "as before" : text;
}

std::string calls_html(const Contents& before, const Contents& after,
                       const Differences& differences) {
  std::string text;
  if (!differences.appeared.empty()) text += "<p class=\"note come\">Appeared</p>\n";
  for (const PendingCall& call : differences.appeared)
    text += call_html(call, wait_of(after.waits, call.id), after.now);
  if (!differences.settled.empty()) text += "<p class=\"note gone\">Settled</p>\n";
  for (const PendingCall& call : differences.settled)
    text += call_html(call, wait_of(before.waits, call.id), before.now);
  return text.empty() ? "<p class=\"note\">The same calls are pending.</p>\n" : text;
}

std::string facts(const Contents& before, const Contents& after, const Differences& differences) {
  const auto names = [](const NameChanges& changes) {
    return changes_html(changes.added, changes.removed);
  };
  return facts_html({{"from", html_code(before.snapshot.digest())},
                     {"to", html_code(after.snapshot.digest())},
                     {"timers", changes_html(describe_times(differences.timers_added),
                                             describe_times(differences.timers_removed))},
                     {"modules", names(differences.modules)},
                     {"host functions", names(differences.functions)},
                     {"kept values", names(differences.roots)},
                     {"globals", names(differences.globals)},
                     {"files", changes_html(differences.files_added, differences.files_removed,
                                            differences.files_changed)}});
}

}  // namespace

std::string differences_html(const Contents& before, const Contents& after,
                             const Differences& differences) {
  const Snapshot& was = before.snapshot;
  const Snapshot& is = after.snapshot;
  std::string body = "<h1>" + html_text(before.file) + " \u2192 " + html_text(after.file) +
                     "</h1>\n<p class=\"lead\">What changed from one to the other.</p>\n";
  body += figures_html(
      {{std::to_string(differences.pages.size()), "pages changed"},
       {signed_bytes(minus(after.census.used_bytes, before.census.used_bytes)), "in use"},
       {signed_bytes(minus(is.memory_bytes(), was.memory_bytes())), "memory awake"},
       {signed_bytes(minus(is.stored_bytes(), was.stored_bytes())), "stored"},
       {"+" + std::to_string(differences.appeared.size()) + " \u2212" +
            std::to_string(differences.settled.size()),
        "pending calls"}});
  body += html_section("Calls", "", calls_html(before, after, differences));
  body += html_section("Memory map", "Each cell is a page of 4 KiB.",
                       map_html(before, after, differences.pages));
  body += html_section("Contents", "The largest differences first.", rows_html(differences.rows));
  body += html_section("What else", "", facts(before, after, differences));
  body += "<footer>Read " + html_text(describe_time(after.now)) +
          " by quiesce diff; neither program ran.</footer>\n";
  return html_page(before.file + " \u2192 " + after.file, body);
}

}  // namespace quiesce::cli
