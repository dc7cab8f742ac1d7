#include "modules/paths.hpp"

#include <cstddef>

namespace quiesce::modules {

namespace {

// POSIX: NAME_MAX and PATH_MAX without the NUL.
bool can_be_path(std::string_view path) {
  constexpr std::size_t kNameMax = 255, kPathMax = 4095;
  if (path.size() > kPathMax || path.find('\0') != std::string_view::npos) return false;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash).size() > kNameMax) return false;
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return true;
}

}  // namespace

std::string resolve_path(std::string_view folder, std::string_view path) {
  std::string out;
  const auto add = [&](std::string_view rest) {
    while (true) {
      const std::size_t slash = rest.find('/');
      const std::string_view name = rest.substr(0, slash);
      if (name == "..") {
        out.resize(out.empty() ? 0 : out.rfind('/'));
      } else if (!name.empty() && name != ".") {
        out.append("/").append(name);
      }
      if (slash == std::string_view::npos) return;
      rest.remove_prefix(slash + 1);
    }
  };
  if (!path.starts_with("/")) add(folder);
  add(path);
  return out.empty() ? "/" : out;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash));
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view extension_of(std::string_view path) {
  const std::string_view name = name_of(path);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name == "..") return {};
  return name.substr(dot);
}

std::optional<FileStatus::Kind> Tree::kind(std::string_view path) const {
  if (!can_be_path(path)) return std::nullopt;
  const auto found = files_.status(path);
  return found ? std::optional(found->kind) : std::nullopt;
}

bool Tree::is_file(std::string_view path) const { return kind(path) == FileStatus::Kind::file; }

bool Tree::is_directory(std::string_view path) const {
  return kind(path) == FileStatus::Kind::directory;
}

std::optional<std::string> Tree::read(std::string_view path) const {
  return can_be_path(path) ? files_.read(path) : std::nullopt;
}

std::string Tree::real_path(std::string_view path) const {
  std::optional<std::string> real;
  if (can_be_path(path)) real = files_.real_path(path);
  return real ? std::move(*real) : std::string(path);
}

}  // namespace quiesce::modules
