// The contents of a snapshot as a page: first why it waits, then what fills it.
#include <algorithm>
#include <string>
#include <vector>

#include "cli/html.hpp"
#include "cli/inspect.hpp"
#include "cli/page_parts.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

std::string count_of(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string lead(const Contents& contents) {
  std::string text = contents.program.empty() ? "A sleeping VM" : contents.program + " sleeps";
  if (contents.calls.empty() && contents.timers.empty()) return text + ".";
  text += " and waits for ";
  if (!contents.calls.empty()) text += count_of(contents.calls.size(), "call", "calls");
  if (!contents.calls.empty() && !contents.timers.empty()) text += " and ";
  if (!contents.timers.empty()) text += count_of(contents.timers.size(), "timer", "timers");
  return text + ".";
}

std::string figures(const Contents& contents) {
  return figures_html({{describe_bytes(contents.snapshot.stored_bytes()), "stored"},
                       {describe_bytes(contents.census.linear_bytes), "memory awake"},
                       {describe_bytes(contents.census.used_bytes), "of it in use"},
                       {std::to_string(contents.calls.size()), "pending calls"},
                       {std::to_string(contents.timers.size()), "timers"},
                       {std::to_string(contents.modules.size()), "modules"}});
}

// Oldest first: what has waited longest is what people look for.
std::string calls(const Contents& contents) {
  constexpr std::size_t kShown = 200;
  std::vector<const PendingCall*> sorted;
  for (const PendingCall& call : contents.calls) sorted.push_back(&call);
  std::ranges::stable_sort(sorted, {}, [](const PendingCall* call) { return call->since; });
  std::string text;
  for (std::size_t i = 0; i < std::min(sorted.size(), kShown); ++i)
    text += call_html(*sorted[i], wait_of(contents.waits, sorted[i]->id), contents.now);
  if (sorted.size() > kShown)
    text += "<p class=\"note\">and " + std::to_string(sorted.size() - kShown) + " more</p>\n";
  for (const Wait& wait : contents.waits.list) {
    if (wait.what != Wait::For::promise) continue;
    text += html_element(
        "div", "card",
        "<p>A promise that no call and no timer settles</p>\n" + stacks_html(wait.stacks));
  }
  const auto jobs = contents.waits.ready_jobs;
  if (jobs > 0)
    text += "<p class=\"note\">" + count_of(jobs, "job is", "jobs are") + " ready to run.</p>\n";
  return text.empty() ? "<p class=\"note\">It waits for no call.</p>\n" : text;
}

std::string timers(const Contents& contents) {
  std::string text;
  for (const Wait& wait : contents.waits.list) {
    if (wait.what != Wait::For::timer) continue;
    const bool has_function = wait.stacks.empty() && !wait.callback.file.empty();
    text += html_element(
        "div", "card",
        "<div class=\"call\">" + html_code(describe_deadline(wait.time, contents.now)) +
            (has_function ? "<code class=\"where\">" + html_text(describe_callback(wait.callback)) +
                                "</code>"
                          : "") +
            "</div>\n" + stacks_html(wait.stacks));
  }
  return text;
}

std::string files(const Contents& contents) {
  std::vector<std::string> names;
  for (const KnownFile& file : contents.files) {
    names.push_back(file.is_link ? file.path + " -> " + file.target
                                 : file.path + "  " + describe_bytes(file.bytes));
  }
  return names_html(names);
}

std::string facts(const Contents& contents) {
  const Snapshot& snapshot = contents.snapshot;
  std::vector<std::string> mounts;
  for (const MountRecord& mount : contents.mounts) mounts.push_back(mount.path);
  std::vector<std::pair<std::string, std::string>> facts{{"digest", html_code(snapshot.digest())},
                                                         {"engine", html_code(snapshot.engine())}};
  if (snapshot.form() == SnapshotForm::whole) facts.emplace_back("form", "whole");
  for (const std::string& ancestor : snapshot.ancestors())
    facts.emplace_back("needs", html_code(ancestor));
  facts.emplace_back("limits", html_text(describe_limits(snapshot.limits())));
  facts.emplace_back("host functions", names_html(contents.functions));
  facts.emplace_back("modules", names_html(contents.modules));
  facts.emplace_back("mounts", names_html(mounts));
  facts.emplace_back("files", files(contents));
  facts.emplace_back("kept values", names_html(contents.roots));
  facts.emplace_back("globals", names_html(contents.globals));
  return facts_html(facts);
}

}  // namespace

std::string contents_html(const Contents& contents) {
  std::string body = "<h1>" + html_text(contents.file) + "</h1>\n<p class=\"lead\">" +
                     html_text(lead(contents)) + "</p>\n" + figures(contents);
  body += html_section("Why it waits", "Each call with what goes on when it is settled.",
                       calls(contents));
  if (!contents.timers.empty()) body += html_section("Timers", "", timers(contents));
  body += html_section("Memory map", "Each cell is a page of 4 KiB.",
                       pages_html(contents.census.pages));
  body += html_section("What fills it",
                       contents.census.is_whole
                           ? "Areas are in proportion to bytes."
                           : "The heap is damaged: there is more that was not counted.",
                       census_html(contents.census));
  body += html_section("What it is", "", facts(contents));
  body += "<footer>Read " + html_text(describe_time(contents.now)) +
          " by quiesce inspect; the program did not run.</footer>\n";
  return html_page(contents.file, body);
}

}  // namespace quiesce::cli
