// `quiesce diff`: what changed from one snapshot to another, as text and as JSON.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/differences.hpp"
#include "cli/inspect.hpp"
#include "cli/json_list.hpp"
#include "cli/output.hpp"
#include "cli/snapshot_file.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

constexpr std::size_t kShown = 20;

std::string from_to(std::uint64_t before, std::uint64_t after) {
  const std::string was = describe_bytes(before);
  if (before == after) return was + ", as before";
  return was + " -> " + describe_bytes(after) + "  (" + signed_bytes(minus(after, before)) + ")";
}

template <class Item, class Describe>
std::string each(std::string_view sign, const std::vector<Item>& items, Describe describe) {
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), kShown); ++i)
    text += "  " + std::string(sign) + " " + describe(items[i]) + "\n";
  if (items.size() > kShown) {
    text += "  " + std::string(sign) + " and " + std::to_string(items.size() - kShown) +
            " more (--json has them)\n";
  }
  return text;
}

std::string names_text(std::string_view label, const NameChanges& names) {
  if (!names.any()) return "";
  const auto show = [](const std::string& name) { return printable(name); };
  return std::string(label) + "\n" + each("+", names.added, show) + each("-", names.removed, show);
}

std::string calls_text(const Differences& differences) {
  constexpr std::size_t kArguments = 100;
  if (differences.appeared.empty() && differences.settled.empty()) return "";
  const auto show = [](const PendingCall& call) {
    return "call " + std::to_string(call.id) + "  " + describe_call(call, kArguments);
  };
  return "calls\n" + each("+", differences.appeared, show) +
         each("-", differences.settled,
              [&](const PendingCall& call) { return show(call) + "  settled"; });
}

std::string rows_text(const std::vector<RowChange>& rows) {
  if (rows.empty()) return "";
  std::string text = "contents\n";
  for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) {
    const RowChange& change = rows[i];
    std::string bytes = signed_bytes(change.bytes);
    std::string count = change.count == 0 ? "" : signed_count(change.count);
    bytes.insert(0, 13 - std::min<std::size_t>(13, bytes.size()), ' ');
    count.insert(0, 9 - std::min<std::size_t>(9, count.size()), ' ');
    text += bytes + count + "  " + printable(describe_row(change.row)) + "\n";
  }
  if (rows.size() > kShown)
    text += "  and " + std::to_string(rows.size() - kShown) + " more (--json has them)\n";
  return text;
}

std::uint64_t bytes_of(const std::vector<PageChange>& pages) {
  std::uint64_t bytes = 0;
  for (const PageChange& page : pages) bytes += page.bytes;
  return bytes;
}

std::string files_text(const Differences& differences) {
  if (differences.files_added.empty() && differences.files_removed.empty() &&
      differences.files_changed.empty()) {
    return "";
  }
  const auto show = [](const std::string& path) { return printable(path); };
  return "files\n" + each("+", differences.files_added, show) +
         each("-", differences.files_removed, show) + each("*", differences.files_changed, show);
}

std::string timers_text(const Differences& differences) {
  if (differences.timers_added.empty() && differences.timers_removed.empty()) return "";
  return "timers\n" + each("+", differences.timers_added, describe_time) +
         each("-", differences.timers_removed, describe_time);
}

// ---- for programs -------------------------------------------------------------------------------

std::string names_change_json(const std::vector<std::string>& added,
                              const std::vector<std::string>& removed) {
  JsonList list("  ");
  list.add("added", names_json(added, "    "));
  list.add("removed", names_json(removed, "    "));
  return list.object();
}

std::string calls_json(const std::vector<PendingCall>& calls, Time now) {
  JsonList list("    ");
  for (const PendingCall& call : calls) list.add(call_json(call, now));
  return list.array();
}

std::string side_json(const Contents& contents) {
  JsonList list("  ");
  list.add("snapshot", json_string(contents.file));
  list.add("digest", json_string(contents.snapshot.digest()));
  list.add("stored_bytes", std::to_string(contents.snapshot.stored_bytes()));
  list.add("memory_bytes", std::to_string(contents.snapshot.memory_bytes()));
  list.add("used_bytes", std::to_string(contents.census.used_bytes));
  return list.object();
}

std::string rows_json(const std::vector<RowChange>& rows) {
  JsonList list("  ");
  for (const RowChange& change : rows) {
    list.add("{\"kind\":" + json_string(to_string(change.row.kind)) + ",\"name\":" +
             json_string(change.row.name) + ",\"count\":" + std::to_string(change.count) +
             ",\"bytes\":" + std::to_string(change.bytes) + "}");
  }
  return list.array();
}

void require_one_engine(const Options& options, const std::string& before,
                        const std::string& after) {
  if (before == after) return;
  throw UsageError("the two are of different engines, whose memories have nothing in common: '" +
                   options.input + "' is of " + before + ", '" + options.other + "' of " + after +
                   "; 'quiesce inspect' shows each by itself");
}

std::pair<Snapshot, Snapshot> load_both(const Options& options) {
  try {
    Snapshot before = load_snapshot(options.input, options);
    Snapshot after = load_snapshot(options.other, options);
    require_one_engine(options, before.engine(), after.engine());
    return {std::move(before), std::move(after)};
  } catch (const Error&) {
    // Of one whose engine is not here, that they are of two engines says more.
    const auto before = header_of(options.input), after = header_of(options.other);
    if (before && after) require_one_engine(options, before->engine, after->engine);
    throw;
  }
}

}  // namespace

std::string differences_text(const Contents& before, const Contents& after,
                             const Differences& differences) {
  const Snapshot& was = before.snapshot;
  const Snapshot& is = after.snapshot;
  std::string text =
      labelled_line("from", printable(before.file)) + labelled_line("to", printable(after.file));
  if (was.content_digest() == is.content_digest()) return text + "They are the same.\n";
  text += labelled_line("stored", from_to(was.stored_bytes(), is.stored_bytes()));
  text += labelled_line("memory", from_to(was.memory_bytes(), is.memory_bytes()));
  text += labelled_line("in use", from_to(before.census.used_bytes, after.census.used_bytes));
  const auto pages = differences.pages.size();
  text += labelled_line("pages", std::to_string(pages) + " changed, " +
                                     describe_bytes(bytes_of(differences.pages)) + " in them");
  text += calls_text(differences);
  text += timers_text(differences);
  text += names_text("modules", differences.modules);
  text += names_text("functions", differences.functions);
  text += names_text("roots", differences.roots);
  text += names_text("globals", differences.globals);
  text += files_text(differences);
  return text + rows_text(differences.rows);
}

std::string differences_json(const Contents& before, const Contents& after,
                             const Differences& differences) {
  JsonList files("  ");
  files.add("added", names_json(differences.files_added, "    "));
  files.add("removed", names_json(differences.files_removed, "    "));
  files.add("changed", names_json(differences.files_changed, "    "));
  JsonList calls("  ");
  calls.add("appeared", calls_json(differences.appeared, after.now));
  calls.add("settled", calls_json(differences.settled, after.now));
  const auto names = [](const NameChanges& changes) {
    return names_change_json(changes.added, changes.removed);
  };
  const bool same = before.snapshot.content_digest() == after.snapshot.content_digest();
  JsonList list("");
  list.add("from", side_json(before));
  list.add("to", side_json(after));
  list.add("same", same ? "true" : "false");
  list.add("pages_changed", std::to_string(differences.pages.size()));
  list.add("bytes_changed", std::to_string(bytes_of(differences.pages)));
  list.add("pending", calls.object());
  list.add("timers", names_change_json(describe_times(differences.timers_added),
                                       describe_times(differences.timers_removed)));
  list.add("modules", names(differences.modules));
  list.add("functions", names(differences.functions));
  list.add("roots", names(differences.roots));
  list.add("globals", names(differences.globals));
  list.add("files", files.object());
  list.add("contents", rows_json(differences.rows));
  return list.object() + "\n";
}

Exit diff(const Options& options) {
  auto [earlier, later] = load_both(options);
  const Contents before = contents_of(options.input, std::move(earlier), options);
  const Contents after = contents_of(options.other, std::move(later), options);
  const Differences differences = differences_between(before, after);
  show(
      options, [&] { return differences_html(before, after, differences); },
      [&] { return differences_json(before, after, differences); },
      [&] { return differences_text(before, after, differences); });
  return Exit::done;
}

}  // namespace quiesce::cli
