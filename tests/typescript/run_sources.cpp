// Runs a program whose packages are read as TypeScript: run-sources PROGRAM NODE_MODULES
//
// A package is its folder src, and a name that ends in .js, or in nothing, means the .ts file; as a
// bundler with the packages' own settings would have it.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "quiesce/quiesce.hpp"

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::string, std::less<>> kEntries = {
    {"zod/mini", "zod/src/v4/mini/index.ts"}, {"abitype", "abitype/src/exports/index.ts"}};
constexpr std::string_view kHashes = "@noble/hashes/";

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path without_js(const fs::path& path) {
  return path.extension() == ".js" ? fs::path(path).replace_extension() : path;
}

std::optional<std::string> find(const fs::path& modules, const quiesce::ModuleRequest& request) {
  const std::string_view name = request.specifier;
  fs::path path;
  if (const auto entry = kEntries.find(name); entry != kEntries.end()) {
    path = modules / entry->second;
  } else if (name.starts_with(kHashes)) {
    path = modules / kHashes / "src" / name.substr(kHashes.size());
  } else if (name.starts_with('.')) {
    path = fs::path(request.referrer).parent_path() / name;
  } else {
    return std::nullopt;
  }
  const std::string base = without_js(path.lexically_normal()).string();
  for (const std::string& found : {base, base + ".ts", base + "/index.ts"})
    if (fs::is_regular_file(found)) return found;
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: run-sources PROGRAM NODE_MODULES\n", stderr);
    return 2;
  }
  const fs::path modules = fs::absolute(argv[2]);
  quiesce::Host host;
  host.log([](quiesce::LogLevel, std::string_view text) { std::cout << text << '\n'; });
  host.modules(
      [&](quiesce::VM&, const quiesce::ModuleRequest& request) { return find(modules, request); },
      [](quiesce::VM&, const quiesce::ModuleKey& key) {
        std::string text = read_text(key.name);
        if (key.name.ends_with(".ts")) text = quiesce::strip_types(text, key.name);
        return std::optional(quiesce::ModuleSource{std::move(text)});
      });
  try {
    quiesce::VM vm{host};
    vm.run(
        vm.eval(read_text(argv[1]), {.file_name = argv[1], .type = quiesce::SourceType::module}));
    return 0;
  } catch (const quiesce::JSError& error) {
    std::fprintf(stderr, "%s\n%s", error.what(), error.stack().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "run-sources: %s\n", error.what());
  }
  return 1;
}
