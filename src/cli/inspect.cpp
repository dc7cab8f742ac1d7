// `quiesce inspect`: what is in a snapshot, read without running it. Every text in it is the
// guest's, so it is shown with control characters escaped, and as JSON only after a check.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/bed.hpp"
#include "cli/commands.hpp"
#include "cli/engines.hpp"
#include "cli/json_text.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"
#include "cli/units.hpp"
#include "cli/world.hpp"

namespace quiesce::cli {

namespace {

// A file or link that the snapshot knows of.
struct KnownFile {
  std::string path;
  std::string target;       // of a link
  std::uint64_t bytes = 0;  // of a file
  bool is_link = false;
  bool is_held = false;  // with its content: it can be read where nothing is mounted
};

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
  std::vector<MountRecord> mounts;
  std::vector<KnownFile> files;
  std::vector<std::string> roots;
};

// What `ask` answers; nothing where the snapshot knows too little.
template <class Ask>
auto unless_unknown(Ask ask) -> decltype(ask()) {
  try {
    return ask();
  } catch (const FileError&) {
    return std::nullopt;
  }
}

KnownFile known_file(Files& files, const std::string& path, const FileStatus& status) {
  KnownFile file{.path = path, .target = {}, .bytes = status.bytes};
  file.is_link = status.kind == FileStatus::Kind::symbolic_link;
  if (file.is_link) {
    file.target = unless_unknown([&] { return files.read_link(path); }).value_or("");
  } else {
    file.is_held = unless_unknown([&] { return files.read(path); }).has_value();
  }
  return file;
}

// All that is found from the root on, with nothing mounted: what the heap has. By path.
std::vector<KnownFile> known_files(VM& vm) {
  constexpr std::size_t kFilesMax = 1'000'000;  // more is no snapshot of ours
  Files files = vm.files();
  std::vector<KnownFile> found;
  std::vector<std::string> folders{"/"};
  for (std::size_t seen = 0; !folders.empty();) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    const auto names = unless_unknown([&] { return files.list(folder); });
    for (const std::string& name : names.value_or(std::vector<std::string>())) {
      const std::string path = (folder == "/" ? "/" : folder + "/") + name;
      const auto status = unless_unknown([&] { return files.link_status(path); });
      if (!status || ++seen > kFilesMax) continue;
      if (status->kind == FileStatus::Kind::directory) {
        folders.push_back(path);
      } else {
        found.push_back(known_file(files, path, *status));
      }
    }
  }
  std::ranges::sort(found, {}, &KnownFile::path);
  return found;
}

Contents read(const Options& options) {
  const World world(options.world);
  Contents contents(options.input, load_snapshot(options.input, options), world.now());
  RestoreOptions restore;
  restore.allow_missing_functions = true;
  restore.allow_missing_resources = true;
  restore.allow_missing_mounts = true;
  restore.limits = Limits();  // it does not run, so its own limits are only shown
  restore.limits->memory_bytes_max = Limits::kUnlimited;
  VM vm(Host(), contents.snapshot, restore);
  contents.calls = vm.pending_calls();
  contents.timers = vm.timer_deadlines();
  contents.functions = vm.function_names();
  contents.modules = vm.module_names();
  contents.mounts = vm.mounts();
  contents.files = known_files(vm);
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

// How many, and a line for each as far as somebody would read; `--json` has them all.
template <class Item, class Describe>
std::string describe_each(std::string_view label, const std::vector<Item>& items,
                          Describe describe) {
  constexpr std::size_t kShown = 20;
  if (items.empty()) return line(label, "none");
  std::string text = line(label, std::to_string(items.size()));
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
  text += describe_each("modules", contents.modules, describe_module);
  text += describe_each("mounts", contents.mounts, describe_mount);
  text += describe_each("files", contents.files, describe_file);
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

std::string mounts_json(const std::vector<MountRecord>& mounts) {
  JsonList list("  ");
  for (const MountRecord& mount : mounts) {
    list.add("{\"path\":" + json_string(mount.path) + ",\"name\":" + json_string(mount.name) +
             ",\"digest\":" + (mount.digest.empty() ? "null" : json_string(mount.digest)) +
             ",\"keeps_writes\":" + (mount.keeps_writes ? "true" : "false") + "}");
  }
  return list.array();
}

std::string files_json(const std::vector<KnownFile>& files) {
  JsonList list("  ");
  for (const KnownFile& file : files) {
    list.add("{\"path\":" + json_string(file.path) +
             (file.is_link ? ",\"target\":" + json_string(file.target)
                           : ",\"bytes\":" + std::to_string(file.bytes) +
                                 ",\"held\":" + (file.is_held ? "true" : "false")) +
             "}");
  }
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
  list.add("mounts", mounts_json(contents.mounts));
  list.add("files", files_json(contents.files));
  list.add("roots", names_json(contents.roots));
  list.add("timers", timers.array());
  list.add("pending", calls.array());
  return list.object() + "\n";
}

}  // namespace

Exit inspect(const Options& options) {
  if (const auto header = header_alone(options)) {
    print(*header);
    return Exit::done;
  }
  const Contents contents = read(options);
  print(options.json ? as_json(contents) : as_text(contents));
  return Exit::done;
}

}  // namespace quiesce::cli
