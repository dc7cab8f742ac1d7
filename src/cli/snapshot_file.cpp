#include "cli/snapshot_file.hpp"

#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "cli/engines.hpp"

namespace quiesce::cli {

namespace fs = std::filesystem;

Snapshot load_snapshot(const fs::path& file, const Options& options) {
  Engines engines;
  add_folders(engines, options);
  return Snapshot::load(file, {.ancestors_folder = options.ancestors.value_or(""),
                               .engines = &engines,
                               .trust = {.keys = options.keys}});
}

std::optional<SnapshotHeader> header_of(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::nullopt;
  try {
    return Snapshot::header(file);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::optional<SealInfo> seal_of_file(const fs::path& file) {
  std::array<char, 256> begin{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(begin.data(), begin.size());
  return seal_of(std::as_bytes(std::span(begin).first(static_cast<std::size_t>(stream.gcount()))));
}

}  // namespace quiesce::cli
