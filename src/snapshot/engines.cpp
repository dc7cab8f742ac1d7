#include "quiesce/engines.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "guest/engine_library.hpp"
#include "snapshot/engine_parts.hpp"

namespace quiesce {

namespace {

namespace fs = std::filesystem;
using detail::EngineParts;

EngineInfo info_of(const qw_engine& about) {
  return {.sha256 = about.sha256,
          .quickjs_version = about.quickjs_version,
          .interface_version = about.interface_version,
          .wasm_bytes = about.wasm_bytes};
}

/// Of a file that is named like an engine, whatever it is.
EngineInfo look_at(const fs::path& file) {
  EngineInfo info;
  try {
    const guest::EngineFile looked = guest::look_at_engine(file);
    info = info_of(looked.about);
    info.file_bytes = looked.bytes;
  } catch (const Error& error) {
    info.sha256 = guest::engine_in_file_name(file);
    info.problem = error.what();
  }
  info.file = file;
  return info;
}

}  // namespace

Engine Engine::built_in() { return Engine(EngineParts::built_in()); }

Engine Engine::load(const fs::path& file) {
  return Engine(std::make_shared<const EngineParts>(guest::load_engine(file)));
}

std::string Engine::sha256() const { return std::string(parts_->program().sha256()); }

EngineInfo Engine::info() const {
  const guest::EngineProgram& program = parts_->program();
  EngineInfo info = info_of(program.about());
  info.file = program.file();
  if (!info.file.empty()) {
    std::error_code ignored;  // it may be gone by now
    const std::uintmax_t bytes = fs::file_size(info.file, ignored);
    info.file_bytes = ignored ? 0 : bytes;
  }
  return info;
}

struct Engines::Parts {
  mutable std::mutex mutex;
  std::map<std::string, Engine, std::less<>> known;
  std::vector<fs::path> folders;
};

Engines::Engines() : parts_(std::make_unique<Parts>()) {
  const Engine engine = Engine::built_in();
  parts_->known.emplace(engine.sha256(), engine);
}

Engines::~Engines() = default;

std::string Engines::file_name(std::string_view sha256) { return guest::engine_file_name(sha256); }

Engine Engines::add_file(const fs::path& file) {
  const Engine engine = Engine::load(file);
  const std::lock_guard lock(parts_->mutex);
  parts_->known.emplace(engine.sha256(), engine);  // the first of a name stays
  return engine;
}

void Engines::add_folder(fs::path folder) {
  const std::lock_guard lock(parts_->mutex);
  parts_->folders.push_back(std::move(folder));
}

std::optional<Engine> Engines::find(std::string_view sha256) const {
  const std::lock_guard lock(parts_->mutex);
  const auto known = parts_->known.find(sha256);
  if (known != parts_->known.end()) return known->second;
  const std::string name = file_name(sha256);
  if (guest::engine_in_file_name(name).empty()) return std::nullopt;  // it would be another path
  for (const fs::path& folder : parts_->folders) {
    std::error_code ignored;
    if (!fs::exists(folder / name, ignored)) continue;
    const Engine engine = Engine::load(folder / name);
    parts_->known.emplace(engine.sha256(), engine);
    return engine;
  }
  return std::nullopt;
}

std::vector<EngineInfo> Engines::list() const {
  const std::lock_guard lock(parts_->mutex);
  std::vector<EngineInfo> infos;
  for (const auto& [sha256, engine] : parts_->known) infos.push_back(engine.info());
  std::ranges::stable_partition(infos, [](const EngineInfo& info) { return info.file.empty(); });
  for (const fs::path& folder : parts_->folders) {
    std::vector<EngineInfo> here;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::string sha256 = guest::engine_in_file_name(entry->path());
      const auto is_it = [&](const EngineInfo& info) {
        return info.sha256 == sha256 && !info.file.empty();
      };
      if (sha256.empty() || std::ranges::any_of(infos, is_it)) continue;
      here.push_back(look_at(entry->path()));
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      throw Error(Errc::io,
                  "cannot look for engines in " + base::quoted(folder) + ": " + error.message());
    }
    std::ranges::sort(here, {}, &EngineInfo::sha256);
    infos.insert(infos.end(), here.begin(), here.end());
  }
  return infos;
}

std::vector<fs::path> Engines::folders() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->folders;
}

}  // namespace quiesce
