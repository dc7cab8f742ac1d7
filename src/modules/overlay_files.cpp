// Several trees of files as one.
#include <algorithm>
#include <utility>

#include "quiesce/file_system.hpp"
#include "vm/file_path.hpp"

namespace quiesce {

namespace {

using Kind = FileStatus::Kind;
using Layers = std::vector<FileSystem*>;

class OverlayFiles final : public FileSystem {
 public:
  explicit OverlayFiles(std::vector<std::shared_ptr<FileSystem>> layers)
      : layers_(std::move(layers)) {}

  std::optional<FileStatus> status(std::string_view path) override {
    if (!detail::is_clean_path(path)) return std::nullopt;
    if (path == "/") return FileStatus{Kind::directory, 0, {}};
    return first_of(path).second;
  }

  std::optional<std::string> read(std::string_view path) override {
    FileSystem* const layer = layer_of(path, Kind::file);
    return layer != nullptr ? layer->read(path) : std::nullopt;
  }

  std::optional<std::string> read_link(std::string_view path) override {
    FileSystem* const layer = layer_of(path, Kind::symbolic_link);
    return layer != nullptr ? layer->read_link(path) : std::nullopt;
  }

  std::optional<std::vector<std::string>> list(std::string_view path) override {
    if (!detail::is_clean_path(path)) return std::nullopt;
    const Layers layers = path == "/" ? all() : merged(path, holders(path));
    if (layers.empty()) return std::nullopt;
    std::vector<std::string> names;
    for (FileSystem* const layer : layers) {
      auto more = layer->list(path);
      if (more) std::ranges::move(*more, std::back_inserter(names));
    }
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    return names;
  }

 private:
  Layers all() const {
    Layers layers;
    for (const auto& layer : layers_) layers.push_back(layer.get());
    return layers;
  }

  // Those that have a directory at `path`, down to the first that has something else there.
  static Layers merged(std::string_view path, const Layers& layers) {
    Layers kept;
    for (FileSystem* const layer : layers) {
      const auto status = layer->status(path);
      if (status && status->kind != Kind::directory) break;
      if (status) kept.push_back(layer);
    }
    return kept;
  }

  // Those that may say what is at `path`: where everything above it is seen as a directory.
  Layers holders(std::string_view path) const {
    Layers layers = all();
    for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      layers = merged(path.substr(0, slash), layers);
    }
    return layers;
  }

  std::pair<FileSystem*, std::optional<FileStatus>> first_of(std::string_view path) const {
    for (FileSystem* const layer : holders(path)) {
      if (auto status = layer->status(path)) return {layer, status};
    }
    return {nullptr, std::nullopt};
  }

  FileSystem* layer_of(std::string_view path, Kind kind) const {
    if (!detail::is_clean_path(path)) return nullptr;
    const auto [layer, status] = first_of(path);
    return status && status->kind == kind ? layer : nullptr;
  }

  std::vector<std::shared_ptr<FileSystem>> layers_;
};

}  // namespace

std::shared_ptr<FileSystem> overlay_files(std::vector<std::shared_ptr<FileSystem>> from_upper) {
  if (from_upper.empty()) throw Error(Errc::invalid_argument, "overlay_files: there is no tree");
  if (std::ranges::find(from_upper, nullptr) != from_upper.end())
    throw Error(Errc::invalid_argument, "overlay_files: one of the trees is null");
  return std::make_shared<OverlayFiles>(std::move(from_upper));
}

}  // namespace quiesce
