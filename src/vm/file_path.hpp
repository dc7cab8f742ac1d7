// Paths of files as the FileSystems get them: absolute, clean, of any bytes but NUL.
#pragma once

#include <string_view>

#include "guest/abi.h"

namespace quiesce::detail {

/// Whether `path` is "/", or "/a/b" with segments that are neither empty nor "." nor "..", of at
/// most 255 bytes, 4095 in all.
inline bool is_clean_path(std::string_view path) noexcept {
  if (path == "/") return true;
  if (path.empty() || path.size() > Q_FILE_PATH_MAX || path.front() != '/') return false;
  if (path.find('\0') != std::string_view::npos) return false;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view name = path.substr(0, path.find('/'));
    if (name.empty() || name == "." || name == ".." || name.size() > Q_FILE_NAME_MAX) return false;
    path.remove_prefix(name.size());
  }
  return true;
}

}  // namespace quiesce::detail
