#include "cli/contents.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/program.hpp"
#include "cli/snapshot_file.hpp"
#include "cli/world.hpp"
#include "quiesce/engines.hpp"

namespace quiesce::cli {

namespace {

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

// What the program has added to the globals of every VM of its engine, and to those of Node.
std::vector<std::string> own_globals(const VM& vm) {
  const std::vector<std::string> all = vm.global_names();
  const std::vector<std::string> everywhere = VM(vm.engine(), Host().node_globals()).global_names();
  std::vector<std::string> own;
  std::ranges::set_difference(all, everywhere, std::back_inserter(own));
  return own;
}

}  // namespace

Contents contents_of(const std::string& file, Snapshot snapshot, const Options& options) {
  Contents contents(file, std::move(snapshot), World(options.world).now());
  // What is sealed was not loaded without keys.
  if (!options.keys.empty()) contents.seal = seal_of_file(file);
  VM vm(Host().clock(fixed_clock(contents.now)), contents.snapshot, RestoreOptions::for_looking());
  if (vm.began_from_image()) contents.drew = vm.draws();
  // These first: they find the sleeper as it is.
  contents.census = vm.census();
  contents.waits = vm.waits();
  contents.globals = own_globals(vm);
  contents.calls = vm.pending_calls();
  contents.timers = vm.timer_deadlines();
  contents.functions = vm.function_names();
  contents.modules = vm.module_names();
  contents.mounts = vm.mounts();
  contents.files = known_files(vm);
  contents.roots = vm.kept_names();
  std::erase_if(contents.roots,
                [](const std::string& name) { return name.starts_with(kOwnRoots); });
  if (const auto name = vm.kept(kFileRoot)) {
    contents.program = name->try_as<std::string>().value_or("");
  }
  return contents;
}

const Wait* wait_of(const Waits& waits, std::uint64_t call) {
  const auto found = std::ranges::find_if(waits.list, [&](const Wait& wait) {
    return wait.what == Wait::For::call && wait.id == call;
  });
  return found == waits.list.end() ? nullptr : &*found;
}

}  // namespace quiesce::cli
