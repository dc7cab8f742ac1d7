// `quiesce inspect`: what is in a snapshot, read without running it. Every text in it is the
// guest's, so it is shown with control characters escaped, and as JSON only after a check.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/bed.hpp"
#include "cli/commands.hpp"
#include "cli/json_text.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"
#include "cli/units.hpp"
#include "cli/world.hpp"

namespace quiesce::cli {

namespace {

struct Contents {
  Contents(std::string name, Snapshot loaded, Time at)
      : file(std::move(name)), snapshot(std::move(loaded)), now(at) {}

  std::string file;
  Snapshot snapshot;
  Time now;
  std::string program;  // name of its file; empty: not started by this command line
  std::vector<PendingCall> calls;
  std::vector<Time> timers;
  std::vector<std::string> functions;
  std::vector<std::string> modules;
  std::vector<std::string> roots;
};

Contents read(const Options& options) {
  const World world(options.world);
  Contents contents(options.input, load_snapshot(options.input, options), world.now());
  RestoreOptions restore;
  restore.allow_missing_functions = true;
  restore.limits = Limits();  // it does not run, so its own limits are only shown
  restore.limits->memory_bytes_max = Limits::kUnlimited;
  VM vm(Host(), contents.snapshot, restore);
  contents.calls = vm.pending_calls();
  contents.timers = vm.timer_deadlines();
  contents.functions = vm.function_names();
  contents.modules = vm.module_names();
  contents.roots = vm.kept_names();
  std::erase_if(contents.roots,
                [](const std::string& name) { return name.starts_with(kOwnRoots); });
  if (const auto file = vm.kept(kFileRoot)) {
    contents.program = file->try_as<std::string>().value_or("");
  }
  return contents;
}

// ---- for people ---------------------------------------------------------------------------------

std::string line(std::string_view label, const std::string& text) {
  constexpr std::size_t kLabelWidth = 12;
  std::string result(label);
  if (!text.empty()) result.resize(std::max(kLabelWidth, label.size() + 1), ' ');
  return result + text + "\n";
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
  return text.empty() ? "none" : text;
}

// A line for each, as far as somebody would read; `--json` has them all.
std::string describe_modules(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 20;
  if (names.empty()) return line("modules", "none");
  std::string text = line("modules", std::to_string(names.size()));
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
    text += "  " + printable(names[i]) + "\n";
  if (names.size() > kShown)
    text += "  and " + std::to_string(names.size() - kShown) + " more (--json has them)\n";
  return text;
}

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

// "charge(499)"; long arguments are cut, `--json` has them whole.
std::string describe_call(const PendingCall& call) {
  constexpr std::size_t kShown = 100;
  std::string args = call.arguments_json;
  if (args.size() >= 2 && args.front() == '[' && args.back() == ']')
    args = args.substr(1, args.size() - 2);
  args = printable(args);
  if (args.size() > kShown) {
    std::size_t end = kShown;  // not inside of a character
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

std::string as_text(const Contents& contents) {
  const Snapshot& snapshot = contents.snapshot;
  std::string text = line("snapshot", printable(contents.file));
  text += line("program", contents.program.empty() ? "not started by this command line"
                                                   : printable(contents.program));
  text += line("engine", snapshot.engine());
  text += line("digest", snapshot.digest());
  for (const std::string& ancestor : snapshot.ancestors()) text += line("needs", ancestor);
  text += line("size", describe_bytes(snapshot.stored_bytes()) + "; awake " +
                           describe_bytes(snapshot.memory_bytes()));
  text += line("limits", describe_limits(snapshot.limits()));
  text += line("functions", join(contents.functions));
  text += describe_modules(contents.modules);
  text += line("roots", join(contents.roots));
  text += line("timers", contents.timers.empty() ? "none" : "");
  for (const Time deadline : contents.timers)
    text += "  " + describe_deadline(deadline, contents.now) + "\n";
  text += line("waits for", contents.calls.empty() ? "no call" : "");
  for (const PendingCall& call : contents.calls) {
    text += "  call " + std::to_string(call.id) + "  " + describe_call(call) + "  since " +
            describe_time(call.since) + ", " + describe_duration(contents.now - call.since) +
            " ago\n";
  }
  return text;
}

// ---- for programs -------------------------------------------------------------------------------

// A JSON object or array whose parts are JSON already; words of the guest are not read and
// rewritten.
class JsonList {
 public:
  explicit JsonList(std::string indent) : indent_(std::move(indent)) {}
  void add(const std::string& item) {
    items_ += (items_.empty() ? "\n" : ",\n") + indent_ + "  " + item;
  }
  void add(std::string_view key, const std::string& value) { add(json_string(key) + ": " + value); }
  std::string array() const { return close('[', ']'); }
  std::string object() const { return close('{', '}'); }

 private:
  std::string close(char open, char shut) const {
    return items_.empty() ? std::string{open, shut} : open + items_ + "\n" + indent_ + shut;
  }
  std::string indent_;
  std::string items_;
};

std::string number_or_null(std::uint64_t number, std::uint64_t none) {
  return number == none ? "null" : std::to_string(number);
}

std::string milliseconds(std::chrono::nanoseconds duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

std::string names_json(const std::vector<std::string>& names) {
  JsonList list("  ");
  for (const std::string& name : names) list.add(json_string(name));
  return list.array();
}

std::string limits_json(const Limits& limits) {
  JsonList list("  ");
  list.add("memory_bytes", number_or_null(limits.memory_bytes_max, Limits::kUnlimited));
  list.add("stack_bytes", std::to_string(limits.stack_bytes_max));
  list.add("time_ms", limits.time_max.count() == 0 ? "null" : milliseconds(limits.time_max));
  list.add("fuel", number_or_null(limits.fuel_max, Limits::kUnlimited));
  return list.object();
}

std::string call_json(const PendingCall& call, Time now) {
  std::string text = pending_call_json(call);
  text.pop_back();
  return text + ",\"since\":" + json_string(describe_time(call.since)) +
         ",\"age_ms\":" + milliseconds(now - call.since) + "}";
}

std::string as_json(const Contents& contents) {
  JsonList calls("  ");
  for (const PendingCall& call : contents.calls) calls.add(call_json(call, contents.now));
  JsonList timers("  ");
  for (const Time deadline : contents.timers) timers.add(json_string(describe_time(deadline)));

  const Snapshot& snapshot = contents.snapshot;
  JsonList list("");
  list.add("snapshot", json_string(contents.file));
  list.add("program", contents.program.empty() ? "null" : json_string(contents.program));
  list.add("engine", json_string(snapshot.engine()));
  list.add("digest", json_string(snapshot.digest()));
  list.add("ancestors", names_json(snapshot.ancestors()));
  list.add("stored_bytes", std::to_string(snapshot.stored_bytes()));
  list.add("memory_bytes", std::to_string(snapshot.memory_bytes()));
  list.add("limits", limits_json(snapshot.limits()));
  list.add("functions", names_json(contents.functions));
  list.add("modules", names_json(contents.modules));
  list.add("roots", names_json(contents.roots));
  list.add("timers", timers.array());
  list.add("pending", calls.array());
  return list.object() + "\n";
}

}  // namespace

Exit inspect(const Options& options) {
  const Contents contents = read(options);
  print(options.json ? as_json(contents) : as_text(contents));
  return Exit::done;
}

}  // namespace quiesce::cli
