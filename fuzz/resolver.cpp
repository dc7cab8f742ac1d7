// Packages, import maps and specifiers that nobody would write: the resolution of modules.
//
// The input is a handful of texts, parted by a byte 1: two package.json, an import map, a referrer,
// and specifiers.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/url.hpp"
#include "fuzz/session.hpp"
#include "quiesce/import_map.hpp"
#include "quiesce/resolver.hpp"

namespace {

using namespace quiesce;

std::vector<std::string> parts_of(std::string_view input) {
  std::vector<std::string> parts;
  while (parts.size() < 12) {
    const std::size_t end = input.find('\1');
    parts.emplace_back(input.substr(0, end));
    if (end == std::string_view::npos) break;
    input.remove_prefix(end + 1);
  }
  parts.resize(std::max<std::size_t>(parts.size(), 5));
  return parts;
}

/// Files without links, by path.
class Files final : public FileReader {
 public:
  explicit Files(const std::vector<std::string>& parts) {
    files_ = {{"/app/package.json", parts[0]}, {"/app/node_modules/p/package.json", parts[1]}};
    for (const char* path : {"/app/main.mjs", "/app/a.js", "/app/lib/b.js", "/app/lib/index.js",
                             "/app/node_modules/p/index.js", "/app/node_modules/p/lib/a.js",
                             "/app/node_modules/@s/q/index.json", "/secret.js"})
      files_[path] = "";
  }

  std::optional<FileStatus> status(std::string_view path) override {
    check(path);
    const std::string clean = cleaned(path);
    if (files_.contains(clean)) return FileStatus{};
    const std::string inside = clean == "/" ? clean : clean + "/";
    const auto next = files_.lower_bound(inside);
    if (next == files_.end() || !next->first.starts_with(inside)) return std::nullopt;
    return FileStatus{FileStatus::Kind::directory, 0, {}};
  }
  std::optional<std::string> read(std::string_view path) override {
    check(path);
    const auto found = files_.find(cleaned(path));
    return found == files_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::string> real_path(std::string_view path) override {
    return status(path) ? std::optional(cleaned(path)) : std::nullopt;
  }

 private:
  // What a FileReader is promised.
  static void check(std::string_view path) {
    fuzz::require(path.starts_with("/"), "a path that is not absolute was asked for");
    fuzz::require(path.find('\0') == std::string_view::npos, "a path with NUL was asked for");
    fuzz::require(path.size() < 4096, "a path that is too long was asked for");
  }

  static std::string cleaned(std::string_view path) {
    std::string out;
    while (!path.empty()) {
      const std::size_t slash = path.find('/');
      const std::string_view name = path.substr(0, slash);
      path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
      if (name == "..") {
        out.resize(out.empty() ? 0 : out.rfind('/'));
      } else if (!name.empty() && name != ".") {
        out.append("/").append(name);
      }
    }
    return out.empty() ? "/" : out;
  }

  std::map<std::string, std::string, std::less<>> files_;
};

std::string answer_of(Resolver& resolver, Files& files, const ModuleRequest& request) {
  try {
    const std::string text = resolver.resolve(files, request);
    const auto url = base::Url::parse(text);
    fuzz::require(url && url->text() == text,
                  "a resolver's answer is no URL as it would be written");
    if (url->scheme() == "file" && request.kind != ModuleRequest::Kind::meta_resolve) {
      const auto status = files.status(file_url_to_path(text));
      fuzz::require(status && status->kind == FileStatus::Kind::file,
                    "a resolver's answer is not there");
    }
    return text;
  } catch (const ModuleError& error) {
    fuzz::require(!error.node_code().empty(), "an error has no code");
    return error.node_code();
  }
}

void resolve_all(const std::vector<std::string>& parts, const ImportMap& map) {
  using Kind = ModuleRequest::Kind;
  Files files(parts);
  NodeResolver node({.conditions = {"node"}, .builtins = all_builtins()});
  LenientResolver lenient;
  const std::string referrer = parts[3].empty() ? "file:///app/main.mjs" : parts[3];
  for (std::size_t i = 4; i < parts.size(); ++i) {
    for (const Kind kind : {Kind::static_import, Kind::require, Kind::meta_resolve}) {
      const ModuleRequest request{parts[i], referrer, {}, kind};
      const std::string once = answer_of(node, files, request);
      fuzz::require(once == answer_of(node, files, request), "a second answer is another one");
      answer_of(lenient, files, request);
    }
    try {
      const auto mapped = map.resolve(parts[i], referrer);
      fuzz::require(!mapped || base::Url::parse(*mapped), "an import map leads to no URL");
    } catch (const ModuleError&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = parts_of({reinterpret_cast<const char*>(data), size});
  ImportMap map;
  try {
    map = ImportMap::parse(parts[2], "file:///app/map.json");
  } catch (const ModuleError&) {
  }
  resolve_all(parts, map);
  return 0;
}
