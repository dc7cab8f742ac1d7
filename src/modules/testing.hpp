// What the tests of this folder share: files in memory, and how a resolution went.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <initializer_list>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quiesce/file_system.hpp"
#include "quiesce/resolver.hpp"

namespace quiesce {

/// Files by path. A content that begins with "->" makes a symbolic link.
class MemoryReader final : public FileReader {
 public:
  MemoryReader() = default;
  MemoryReader(std::initializer_list<std::pair<const std::string, std::string>> given)
      : files(given) {}

  std::optional<FileStatus> status(std::string_view path) override {
    ++asked;
    const auto real = walk(path);
    if (!real) return std::nullopt;
    const auto found = files.find(*real);
    if (found == files.end()) return FileStatus{FileStatus::Kind::directory, 0, {}};
    return FileStatus{FileStatus::Kind::file, found->second.size(), {}};
  }
  std::optional<std::string> read(std::string_view path) override {
    ++asked;
    const auto real = walk(path);
    const auto found = real ? files.find(*real) : files.end();
    return found == files.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::string> real_path(std::string_view path) override {
    ++asked;
    return walk(path);
  }

  std::map<std::string, std::string> files;
  std::size_t asked = 0;

 private:
  bool is_directory(const std::string& path) const {
    const std::string inside = path == "/" ? path : path + "/";
    const auto next = files.lower_bound(inside);
    return next != files.end() && next->first.starts_with(inside);
  }

  std::optional<std::string> walk(std::string_view path) const {
    std::string left(path), done;
    int links = 0;
    while (!left.empty()) {
      const std::size_t slash = left.find('/');
      const std::string name = left.substr(0, slash);
      left = slash == std::string::npos ? "" : left.substr(slash + 1);
      if (name == "..") done.resize(done.empty() ? 0 : done.rfind('/'));
      if (name.empty() || name == "." || name == "..") {
        if (files.contains(done)) return std::nullopt;  // a file is no directory
        continue;
      }
      done += "/" + name;
      const auto found = files.find(done);
      if (found == files.end()) {
        if (!is_directory(done)) return std::nullopt;
      } else if (found->second.starts_with("->")) {
        if (++links > 40) return std::nullopt;
        const std::string target = found->second.substr(2);
        done.resize(target.starts_with("/") ? 0 : done.rfind('/'));
        left = target + (slash == std::string::npos ? "" : "/" + left);
      } else if (slash != std::string::npos) {
        return std::nullopt;
      }
    }
    return done.empty() ? "/" : done;
  }
};

inline std::string file_content(const std::string& name) {
  std::ifstream file(std::string(QUIESCE_TEST_ROOT) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

/// The URL, or the code of the error.
inline std::string answer(Resolver& resolver, FileReader& files, const ModuleRequest& request) {
  try {
    return resolver.resolve(files, request);
  } catch (const ModuleError& error) {
    return error.node_code();
  }
}

/// The text of what `f` throws, with its code in front.
template <class F>
std::string failure_of(F&& f) {
  try {
    f();
  } catch (const ModuleError& error) {
    return error.node_code() + ": " + error.what();
  }
  return "nothing was thrown";
}

}  // namespace quiesce
