// The files of a VM in any order of operations, against a model that is one flat map of paths:
// every answer and every reason is compared, and at the end the whole tree. Two mounts take part
// whose writes stay in the VM, one of them by digest, and now and then the VM sleeps and wakes.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/session.hpp"

namespace quiesce::fuzz {
namespace {

using Kind = FileStatus::Kind;

struct Entry {
  Kind kind = Kind::directory;
  std::string content = {};  // or target
  bool is_of_mount = false;
};

struct Found {
  std::string reason = {};  // empty: found, or only the last name is missing
  std::string path = {};    // clean and real
  bool is_missing = false, has_slash = false, ends_in_dots = false;
};

const std::map<std::string, std::string>& tree_files() {
  static const std::map<std::string, std::string> kFiles = {
      {"/a/f", "content"}, {"/a/b/g", "other"}, {"/c", "c"}, {"/b/a/c", "deep"}};
  return kFiles;
}
const std::map<std::string, std::string>& tree_links() {
  static const std::map<std::string, std::string> kLinks = {
      {"/l", "a/b"}, {"/a/up", "../c"}, {"/b/out", "/x"}};
  return kLinks;
}

std::string above(const std::string& path) { return path.substr(0, path.rfind('/')); }

bool is_within(const std::string& path, const std::string& top) {
  return path == top || path.starts_with(top + "/");
}

class Model {
 public:
  Model() {
    entries_[""] = {};
    for (const char* mount : {"/m", "/r"}) {
      entries_[mount] = {.is_of_mount = true};
      for (const auto& [path, content] : tree_files()) {
        for (std::size_t at = path.find('/', 1); at != std::string::npos;
             at = path.find('/', at + 1))
          entries_[mount + path.substr(0, at)] = {.is_of_mount = true};
        entries_[mount + path] = {Kind::file, content};
      }
      for (const auto& [path, target] : tree_links())
        entries_[mount + path] = {Kind::symbolic_link, target};
    }
  }

  const std::map<std::string, Entry>& entries() const { return entries_; }
  const Entry& at(const std::string& path) const { return entries_.at(path); }

  Found walk(const std::string& path, bool follows) const {
    Found found;
    if (path.empty()) return {.reason = "ENOENT"};
    if (path.front() != '/') return {.reason = "EINVAL"};
    std::string todo = path;
    for (int links = 0;;) {
      todo.erase(0, todo.find_first_not_of('/'));
      if (todo.empty()) return found;
      const std::string name = todo.substr(0, todo.find('/'));
      const std::string rest = todo.substr(name.size());
      const bool is_last = rest.find_first_not_of('/') == std::string::npos;
      found.has_slash = is_last && !rest.empty();
      found.ends_in_dots = name == "." || name == "..";
      todo = rest;
      if (name == "..") found.path = above(found.path);
      if (found.ends_in_dots) continue;
      const auto entry = entries_.find(found.path + "/" + name);
      if (entry == entries_.end()) {
        if (!is_last) return {.reason = "ENOENT"};
        found.path += "/" + name;
        found.is_missing = true;
        return found;
      }
      const Entry& there = entry->second;
      if (there.kind == Kind::symbolic_link && (!is_last || found.has_slash || follows)) {
        if (++links > 40) return {.reason = "ELOOP"};
        if (there.content.size() + rest.size() > 4095) return {.reason = "ENAMETOOLONG"};
        todo = there.content + rest;
        if (there.content.front() == '/') found.path.clear();
        continue;
      }
      if (there.kind != Kind::directory && (!is_last || found.has_slash))
        return {.reason = "ENOTDIR"};
      found.path = entry->first;
    }
  }

  bool is_directory(const Found& found) const {
    return !found.is_missing && at(found.path).kind == Kind::directory;
  }
  std::vector<std::string> names(const std::string& path) const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) {
      if (name.size() > path.size() + 1 && is_within(name, path) &&
          name.find('/', path.size() + 1) == std::string::npos)
        names.push_back(name.substr(path.size() + 1));
    }
    return names;
  }

  // ---- changes: the reason, empty if it was done ----

  std::string write(const std::string& path, const std::string& content, bool appends) {
    const Found found = walk(path, true);
    if (!found.reason.empty()) return found.reason;
    if (found.is_missing && found.has_slash) return "EISDIR";
    if (is_directory(found)) return "EISDIR";
    Entry& entry = entries_[found.path];
    if (found.is_missing) entry = {Kind::file, ""};
    entry.content = appends ? entry.content + content : content;
    return "";
  }

  std::string create(const std::string& path, const std::string& content) {
    const Found found = walk(path, false);
    if (!found.reason.empty()) return found.reason;
    if (!found.is_missing) return "EEXIST";
    if (found.has_slash) return "EISDIR";
    entries_[found.path] = {Kind::file, content};
    return "";
  }

  /// For what changes a part of a file that must be there.
  template <class F>
  std::string change(const std::string& path, bool writes, F f) {
    const Found found = walk(path, true);
    if (!found.reason.empty()) return found.reason;
    if (found.is_missing) return "ENOENT";
    if (is_directory(found)) return "EISDIR";
    if (writes) f(entries_[found.path].content);
    return "";
  }

  std::string make_directory(const std::string& path) {
    const Found found = walk(path, false);
    if (!found.reason.empty()) return found.reason;
    if (!found.is_missing) return "EEXIST";
    entries_[found.path] = {};
    return "";
  }

  std::string make_directories(const std::string& path) {
    Found found = walk(path, true);
    if (!found.reason.empty() && found.reason != "ENOENT") return found.reason;
    if (found.reason.empty() && !found.is_missing) return is_directory(found) ? "" : "EEXIST";
    if (path.empty()) return "ENOENT";
    for (std::size_t end = 1; end <= path.size(); ++end) {
      if ((end < path.size() && path[end] != '/') || path[end - 1] == '/') continue;
      const std::string reason = make_directory(path.substr(0, end));
      if (!reason.empty() && reason != "EEXIST") return reason;
    }
    found = walk(path, true);
    if (!found.reason.empty()) return found.reason;
    if (found.is_missing) return "ENOENT";
    return is_directory(found) ? "" : "EEXIST";
  }

  std::string make_link(const std::string& path, const std::string& target) {
    if (target.empty()) return "ENOENT";
    const Found found = walk(path, false);
    if (!found.reason.empty()) return found.reason;
    if (!found.is_missing) return "EEXIST";
    if (found.has_slash) return "ENOENT";
    entries_[found.path] = {Kind::symbolic_link, target};
    return "";
  }

  std::string remove(const std::string& path, bool all) {
    const Found found = walk(path, false);
    if (!found.reason.empty()) return found.reason;
    if (found.is_missing) return "ENOENT";
    if (is_directory(found)) {
      if (found.path.empty() || found.path == "/m" || found.path == "/r") return "EBUSY";
      if (found.ends_in_dots) return "EINVAL";
      if (!all && !names(found.path).empty()) return "ENOTEMPTY";
    }
    std::erase_if(entries_, [&](const auto& entry) { return is_within(entry.first, found.path); });
    return "";
  }

  std::string rename(const std::string& from_path, const std::string& to_path) {
    const Found from = walk(from_path, false);
    if (!from.reason.empty()) return from.reason;
    if (from.is_missing) return "ENOENT";
    const Found to = walk(to_path, false);
    if (!to.reason.empty()) return to.reason;
    const bool has_dots = from.ends_in_dots || to.ends_in_dots;
    if (!to.is_missing && from.path == to.path && !has_dots) return "";
    if (has_dots) return "EINVAL";
    if (const std::string reason = check_rename(from, to); !reason.empty()) return reason;
    std::erase_if(entries_, [&](const auto& entry) { return is_within(entry.first, to.path); });
    std::map<std::string, Entry> moved;
    for (const auto& [path, entry] : entries_) {
      if (is_within(path, from.path)) moved[to.path + path.substr(from.path.size())] = entry;
    }
    std::erase_if(entries_, [&](const auto& entry) { return is_within(entry.first, from.path); });
    entries_.merge(moved);
    return "";
  }

 private:
  static std::string region(const std::string& path) {
    return is_within(path, "/m") || is_within(path, "/r") ? path.substr(0, 2) : "";
  }

  std::string check_rename(const Found& from, const Found& to) const {
    const auto is_top = [](const std::string& path) {
      return path.empty() || path == "/m" || path == "/r";
    };
    if (is_top(from.path) || (!to.is_missing && is_top(to.path))) return "EBUSY";
    const std::string to_place = to.is_missing ? above(to.path) : to.path;
    if (region(from.path) != region(to_place)) return "EXDEV";
    if (!is_directory(from)) {
      if (to.is_missing) return to.has_slash ? "ENOTDIR" : "";
      return is_directory(to) ? "EISDIR" : "";
    }
    if (is_within(to_place, from.path)) return "EINVAL";
    if (!to.is_missing && !is_directory(to)) return "ENOTDIR";
    if (!to.is_missing && !names(to.path).empty()) return "ENOTEMPTY";
    return at(from.path).is_of_mount ? "EXDEV" : "";
  }

  std::map<std::string, Entry> entries_;  // the root is ""
};

Host make_host() {
  static const Mounts kMounts = [] {
    const auto tree = memory_files(tree_files(), tree_links());
    return Mounts()
        .mount("/m", tree, {.keeps_writes = true})
        .mount("/r", tree, {.keeps_writes = true, .by_digest = true});
  }();
  Host host;
  host.clock(fixed_clock(Time{})).entropy(seeded_entropy(1)).files(kMounts);
  return host;
}

/// The reason of what `f` throws; empty: nothing.
template <class F>
std::string reason_of(F&& f) {
  try {
    f();
  } catch (const FileError& error) {
    return error.reason();
  }
  return {};
}

class Modelled {
 public:
  void run(Reader input) {
    while (!input.empty()) step(input);
    compare_all();
  }

 private:
  static void agree(const std::string& real, const std::string& modelled) {
    require(real == modelled, "a reason differs from the model");
  }

  static std::string take_path(Reader& input) {
    static const std::vector<std::string> kNames = {"a",  "b", "c", "f",  "g", "m", "r", "l",
                                                    "up", "x", ".", "..", "a", "b", "m", "r"};
    std::string path;
    const auto shape = input.take<std::uint8_t>();
    for (int i = 0; i <= shape % 4; ++i) path += "/" + kNames[input.choose(kNames.size())];
    if (shape >= 0xF0) path += "/";
    if (shape == 0xEF) path = path.substr(1);
    return path;
  }

  void step(Reader& input) {
    const auto what = input.choose(20);
    const std::string path = take_path(input);
    Files files = vm_->files();
    // Absence is an answer, and no reason.
    const auto quiet = [](std::string reason) { return reason == "ENOENT" ? "" : reason; };
    switch (what) {
      case 0:
      case 1: {
        const std::string content(input.choose(200), static_cast<char>(input.choose(256)));
        agree(reason_of([&] { files.write(path, content); }), model_.write(path, content, false));
        return;
      }
      case 2: {
        const std::string content(input.choose(50), 'x');
        agree(reason_of([&] { files.append(path, content); }), model_.write(path, content, true));
        return;
      }
      case 3:
        agree(reason_of([&] { files.make_directory(path); }), model_.make_directory(path));
        return;
      case 4:
        agree(reason_of([&] { files.make_directories(path); }), model_.make_directories(path));
        return;
      case 5: {
        std::string target = take_path(input);
        if (input.choose(2) == 0) target = target.substr(target.front() == '/' ? 1 : 0);
        agree(reason_of([&] { files.make_link(path, target); }), model_.make_link(path, target));
        return;
      }
      case 6:
      case 7:
        agree(reason_of([&] { files.remove(path); }), quiet(model_.remove(path, false)));
        return;
      case 8:
        agree(reason_of([&] { files.remove_all(path); }), quiet(model_.remove(path, true)));
        return;
      case 9:
      case 10: {
        const std::string to = take_path(input);
        agree(reason_of([&] { files.rename(path, to); }), model_.rename(path, to));
        return;
      }
      case 11: sleep_and_wake(); return;
      case 12:
      case 13:
      case 14: step_on_parts(input, what, files, path); return;
      default: look(files, path); return;
    }
  }

  void step_on_parts(Reader& input, std::uint32_t what, Files& files, const std::string& path) {
    switch (what) {
      case 12: {
        const std::string content(input.choose(30), 'c');
        agree(reason_of([&] { files.create(path, content); }), model_.create(path, content));
        return;
      }
      case 13: {
        const std::string content(input.choose(60), 'w');
        const std::size_t offset = input.choose(100);
        agree(reason_of([&] { files.write_at(path, offset, content); }),
              model_.change(path, !content.empty(), [&](std::string& text) {
                text.resize(std::max(text.size(), offset + content.size()));
                text.replace(offset, content.size(), content);
              }));
        return;
      }
      case 14: {
        const std::size_t bytes = input.choose(120);
        agree(reason_of([&] { files.resize(path, bytes); }),
              model_.change(path, true, [&](std::string& text) { text.resize(bytes); }));
        return;
      }
      default: return;
    }
  }

  void look(Files& files, const std::string& path) {
    if (path.empty() || path.front() != '/') return;
    const Found found = model_.walk(path, true);
    const bool is_there = found.reason.empty() && !found.is_missing;
    const auto status = files.status(path);
    require(status.has_value() == is_there, "status differs from the model");
    if (!is_there) {
      require(!files.read(path) && !files.list(path) && !files.real_path(path),
              "something is where the model has nothing");
      return;
    }
    const Entry& entry = model_.at(found.path);
    require(status->kind == entry.kind, "a kind differs from the model");
    require(files.real_path(path) == (found.path.empty() ? "/" : found.path),
            "a real path differs from the model");
    if (entry.kind == Kind::directory) {
      require(files.list(path) == model_.names(found.path), "a list differs from the model");
      require(!files.read(path), "a directory was read");
    } else {
      require(files.read(path) == entry.content, "content differs from the model");
      require(status->bytes == entry.content.size(), "a size differs from the model");
    }
  }

  void sleep_and_wake() {
    const Snapshot snapshot = vm_->snapshot();
    vm_.emplace(make_host(), snapshot);
  }

  void compare_all() {
    Files files = vm_->files();
    for (const auto& [path, entry] : model_.entries()) {
      const std::string name = path.empty() ? "/" : path;
      const auto status = files.link_status(name);
      require(status && status->kind == entry.kind, "at the end a kind differs");
      switch (entry.kind) {
        case Kind::directory:
          require(files.list(name) == model_.names(path), "at the end a list differs");
          break;
        case Kind::file:
          require(files.read(name) == entry.content, "at the end content differs");
          break;
        case Kind::symbolic_link:
          require(files.read_link(name) == entry.content, "at the end a target differs");
          break;
      }
    }
  }

  std::optional<VM> vm_{make_host()};
  Model model_;
};

}  // namespace
}  // namespace quiesce::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  quiesce::fuzz::Modelled().run(quiesce::fuzz::Reader(data, size));
  return 0;
}
