// `quiesce inspect`: what is in a snapshot, read without running it. Every text in it is the
// guest's, so it is shown with control characters escaped, and as JSON only after a check.
#include "cli/inspect.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"
#include "cli/snapshot_file.hpp"
#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

// As many names as somebody would read.
std::string join(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 40;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
    text += (text.empty() ? "" : ", ") + printable(names[i]);
  if (names.size() > kShown)
    text += " and " + std::to_string(names.size() - kShown) + " more (--json has them)";
  return text.empty() ? "none" : text;
}

// How many, and a line for each as far as somebody would read; `--json` has them all.
template <class Item, class Describe>
std::string describe_each(std::string_view label, const std::vector<Item>& items,
                          Describe describe) {
  constexpr std::size_t kShown = 20;
  if (items.empty()) return labelled_line(label, "none");
  std::string text = labelled_line(label, std::to_string(items.size()));
  for (std::size_t i = 0; i < std::min(items.size(), kShown); ++i)
    text += "  " + describe(items[i]) + "\n";
  if (items.size() > kShown)
    text += "  and " + std::to_string(items.size() - kShown) + " more (--json has them)\n";
  return text;
}

std::string describe_module(const std::string& name) { return printable(name); }

// "/app  by digest 12ab...  (modules 2.3)"
std::string describe_mount(const MountRecord& mount) {
  std::string text = printable(mount.path);
  text += mount.digest.empty() ? "" : "  by digest " + mount.digest;
  text += mount.name.empty() ? "" : "  (" + printable(mount.name) + ")";
  return text + (mount.keeps_writes ? "  keeps writes" : "");
}

std::string describe_file(const KnownFile& file) {
  if (file.is_link) return printable(file.path) + " -> " + printable(file.target);
  return printable(file.path) + "  " + describe_bytes(file.bytes) +
         (file.is_held ? "" : "  (seen, not read)");
}

// ---- why it waits -------------------------------------------------------------------------------

std::string stack_text(const AsyncStack& stack) {
  constexpr std::size_t kShown = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(stack.frames.size(), kShown); ++i)
    text += "      " + printable(describe(stack.frames[i])) + "\n";
  if (stack.frames.size() > kShown)
    text += "      and " + std::to_string(stack.frames.size() - kShown) + " more (--json)\n";
  return text + "      " + printable(describe_end(stack)) + "\n";
}

std::string stacks_text(const std::vector<AsyncStack>& stacks) {
  std::string text;
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    if (i > 0) text += "      also:\n";
    text += stack_text(stacks[i]);
  }
  return text;
}

std::string timers_text(const Contents& contents) {
  std::string text = labelled_line("timers", contents.timers.empty() ? "none" : "");
  for (const Wait& wait : contents.waits.list) {
    if (wait.what != Wait::For::timer) continue;
    text += "  " + describe_deadline(wait.time, contents.now) + "\n";
    if (wait.stacks.empty() && !wait.callback.file.empty())
      text += "      " + printable(describe_callback(wait.callback)) + "\n";
    text += stacks_text(wait.stacks);
  }
  return text;
}

std::string calls_text(const Contents& contents) {
  constexpr std::size_t kArguments = 100;
  std::string text = labelled_line("waits for", contents.calls.empty() ? "no call" : "");
  for (const PendingCall& call : contents.calls) {
    text += "  call " + std::to_string(call.id) + "  " + describe_call(call, kArguments) +
            "  since " + describe_time(call.since) + ", " +
            describe_duration(contents.now - call.since) + " ago\n";
    if (const Wait* wait = wait_of(contents.waits, call.id)) text += stacks_text(wait->stacks);
  }
  for (const Wait& wait : contents.waits.list) {
    if (wait.what != Wait::For::promise) continue;
    text += "  a promise that no call and no timer settles\n" + stacks_text(wait.stacks);
  }
  if (const auto jobs = contents.waits.ready_jobs; jobs > 0)
    text +=
        "  nothing: " + std::to_string(jobs) + (jobs == 1 ? " job is" : " jobs are") + " ready\n";
  return text;
}

// ---- what fills it ------------------------------------------------------------------------------

std::string in_columns(std::uint64_t bytes, const std::string& count, const std::string& what) {
  constexpr std::size_t kBytesWidth = 12, kCountWidth = 9;
  std::string text = describe_bytes(bytes);
  text.insert(0, kBytesWidth - std::min(kBytesWidth, text.size()), ' ');
  text += std::string(kCountWidth - std::min(kCountWidth - 1, count.size()), ' ') + count;
  return text + "  " + what + "\n";
}

std::string census_text(const Census& census) {
  constexpr std::size_t kShown = 15;
  std::string text = labelled_line("memory", describe_bytes(census.used_bytes) + " in use of " +
                                                 describe_bytes(census.linear_bytes));
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < census.rows.size(); ++i) {
    const Census::Row& row = census.rows[i];
    if (i < kShown) {
      text += in_columns(row.bytes, std::to_string(row.count), printable(describe_row(row)));
    } else {
      rest += row.bytes;
    }
  }
  if (rest > 0) {
    text += in_columns(
        rest, "", std::to_string(census.rows.size() - kShown) + " more kinds (--json has them)");
  }
  text += in_columns(census.overhead_bytes + census.unknown_bytes, "", "of the allocator");
  text += in_columns(census.free_small_bytes, "", "free between small objects");
  text += in_columns(census.free_large_bytes, "", "free between what is in use");
  text += in_columns(census.free_end_bytes, "", "free behind it");
  text += in_columns(census.fixed_bytes, "", "stack and constants of the engine");
  if (!census.is_whole) text += "  The heap is damaged: there is more that was not counted.\n";
  return text;
}

}  // namespace

std::string describe_limits(const Limits& limits) {
  std::string text = "memory ";
  text += limits.memory_bytes_max == Limits::kUnlimited ? "unlimited"
                                                        : describe_bytes(limits.memory_bytes_max);
  text += ", stack " + describe_bytes(limits.stack_bytes_max) + ", time ";
  text += limits.time_max.count() == 0 ? "unlimited" : describe_duration(limits.time_max);
  text += ", fuel ";
  text += limits.fuel_max == Limits::kUnlimited ? "unlimited" : std::to_string(limits.fuel_max);
  return text;
}

std::string describe_call(const PendingCall& call, std::size_t shown) {
  std::string args = call.arguments_json;
  if (args.size() >= 2 && args.front() == '[' && args.back() == ']')
    args = args.substr(1, args.size() - 2);
  args = printable(args);
  if (args.size() > shown) {
    std::size_t end = shown;  // not inside of a character
    while (end > 0 && (static_cast<unsigned char>(args[end]) & 0xC0) == 0x80) --end;
    args = args.substr(0, end) + "...";
  }
  return printable(call.name) + "(" + args + ")";
}

std::string describe_deadline(Time deadline, Time now) {
  const auto left = deadline - now;
  const bool due = left <= Time::duration::zero();
  return describe_time(deadline) + (due ? "  (due)" : "  (in " + describe_duration(left) + ")");
}

std::string describe_row(const Census::Row& row) {
  using Kind = Census::Kind;
  const std::string of = row.name.empty() ? "" : " of " + row.name;
  switch (row.kind) {
    case Kind::object: return row.name.empty() ? "objects without a name" : row.name;
    case Kind::string: return "strings";
    case Kind::bigint: return "bigints";
    case Kind::name: return "names of properties, symbols";
    case Kind::shape: return "shapes";
    case Kind::code: return "code" + of;
    case Kind::frame: return "suspended calls" + of;
    case Kind::variable: return "variables of closures";
    case Kind::module: return "module tables" + of;
    case Kind::job: return "jobs";
    case Kind::file: return "files";
    case Kind::table: return "calls, timers and roots";
    case Kind::engine: return "engine";
  }
  return "unknown";
}

std::string describe_callback(const AsyncFrame& callback) {
  std::string text = callback.function.empty() ? "(anonymous)" : callback.function;
  if (callback.file.empty()) return text;
  return text + " (" + callback.file + ":" + std::to_string(callback.line) + ":" +
         std::to_string(callback.column) + ")";
}

std::string describe_end(const AsyncStack& stack) {
  switch (stack.end) {
    case AsyncStack::End::nobody: return "nobody awaits that";
    case AsyncStack::End::kept:
      if (stack.root == kMainRoot) return "the program itself";
      return "kept as " + stack.root;
    case AsyncStack::End::host: return "the host is told";
    case AsyncStack::End::shown: return "and on as above";
    case AsyncStack::End::cut: return "and more";
  }
  return "";
}

std::string describe_seal(const SealInfo& seal) {
  std::string text;
  if (seal.signed_with) {
    text = seal.signed_with == KeyKind::hmac_sha256 ? "HMAC-SHA-256" : "Ed25519";
    text = "signed by " + seal.signing_key_id + " (" + text + ")";
  }
  if (!seal.is_encrypted) return text;
  return text + (text.empty() ? "" : "; ") + "encrypted for " + seal.encryption_key_id +
         " (AES-256-GCM)";
}

std::string form_name(SnapshotForm form) {
  switch (form) {
    case SnapshotForm::base: return "base";
    case SnapshotForm::delta: return "delta";
    case SnapshotForm::whole: return "whole";
  }
  return "";
}

std::string describe_size(std::uint64_t stored_bytes, SnapshotForm form,
                          std::uint64_t memory_bytes) {
  return describe_bytes(stored_bytes) + (form == SnapshotForm::whole ? ", whole" : "") +
         "; awake " + describe_bytes(memory_bytes);
}

std::string contents_text(const Contents& contents) {
  const Snapshot& snapshot = contents.snapshot;
  std::string text = labelled_line("snapshot", printable(contents.file));
  text += labelled_line("program", contents.program.empty() ? "not started by this command line"
                                                            : printable(contents.program));
  text += labelled_line("engine", snapshot.engine());
  text += labelled_line("digest", snapshot.digest());
  for (const std::string& ancestor : snapshot.ancestors()) text += labelled_line("needs", ancestor);
  if (contents.seal) text += labelled_line("seal", describe_seal(*contents.seal));
  if (contents.drew)
    text += labelled_line("image", contents.drew->none()
                                       ? "its evaluation drew from no clock and no entropy"
                                       : "drew from " + printable(contents.drew->describe()));
  text += labelled_line(
      "size", describe_size(snapshot.stored_bytes(), snapshot.form(), snapshot.memory_bytes()));
  text += labelled_line("limits", describe_limits(snapshot.limits()));
  text += labelled_line("functions", join(contents.functions));
  text += describe_each("modules", contents.modules, describe_module);
  text += describe_each("mounts", contents.mounts, describe_mount);
  text += describe_each("files", contents.files, describe_file);
  text += labelled_line("roots", join(contents.roots));
  text += labelled_line("globals", join(contents.globals));
  text += census_text(contents.census);
  text += timers_text(contents);
  return text + calls_text(contents);
}

void show(const Options& options, const Showing& html, const Showing& json, const Showing& text) {
  if (options.html) {
    const std::string page = html();
    base::write_file_atomically(*options.html, std::as_bytes(std::span(page)));
  }
  if (options.json) {
    print(json());
  } else if (!options.html) {
    print(text());
  }
}

Exit inspect(const Options& options) {
  std::optional<Snapshot> snapshot;
  try {
    snapshot = load_snapshot(options.input, options);
  } catch (const Error&) {
    const auto header = header_alone(options);
    if (!header) throw;
    print(*header);
    return Exit::done;
  }
  const Contents contents = contents_of(options.input, std::move(*snapshot), options);
  show(
      options, [&] { return contents_html(contents); }, [&] { return contents_json(contents); },
      [&] { return contents_text(contents); });
  return Exit::done;
}

}  // namespace quiesce::cli
