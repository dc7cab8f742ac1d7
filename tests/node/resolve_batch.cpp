// Answers the questions of questions.mjs with a NodeResolver, a line for each, as ask_node.mjs
// does:
//
//   node-resolve-batch QUESTIONS > answers
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "quiesce/quiesce.hpp"
#include "quiesce/resolver.hpp"

namespace {

namespace fs = std::filesystem;

/// The files of this machine. What it has read it keeps, since nothing changes while it is asked.
class DiskReader final : public quiesce::FileReader {
 public:
  std::optional<quiesce::FileStatus> status(std::string_view path) override {
    return remember(statuses_, path, [](const fs::path& file) {
      std::error_code error;
      const fs::file_status found = fs::status(file, error);
      if (error || !fs::exists(found)) return std::optional<quiesce::FileStatus>();
      quiesce::FileStatus status;
      status.kind = fs::is_directory(found) ? quiesce::FileStatus::Kind::directory
                                            : quiesce::FileStatus::Kind::file;
      if (fs::is_regular_file(found)) status.bytes = fs::file_size(file, error);
      return std::optional(status);
    });
  }

  std::optional<std::string> read(std::string_view path) override {
    return remember(contents_, path, [](const fs::path& file) {
      std::error_code error;
      std::ifstream stream(file, std::ios::binary);
      if (!stream || !fs::is_regular_file(file, error)) return std::optional<std::string>();
      return std::optional(std::string(std::istreambuf_iterator<char>(stream), {}));
    });
  }

  std::optional<std::string> real_path(std::string_view path) override {
    return remember(real_paths_, path, [](const fs::path& file) {
      std::error_code error;
      const fs::path real = fs::canonical(file, error);
      return error ? std::nullopt : std::optional(real.string());
    });
  }

 private:
  template <class T>
  using Known = std::map<std::string, std::optional<T>, std::less<>>;

  template <class T, class Find>
  static std::optional<T> remember(Known<T>& known, std::string_view path, Find find) {
    const auto place = known.find(path);
    if (place != known.end()) return place->second;
    if (path.find('\0') != std::string_view::npos) return std::nullopt;
    return known.emplace(path, find(fs::path(path))).first->second;
  }

  Known<quiesce::FileStatus> statuses_;
  Known<std::string> contents_;
  Known<std::string> real_paths_;
};

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (json += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[7];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string answer(quiesce::NodeResolver& resolver, quiesce::FileReader& files,
                   const quiesce::ModuleRequest& request) {
  try {
    return "{\"url\":" + json_text(resolver.resolve(files, request)) + "}";
  } catch (const quiesce::ModuleError& error) {
    return "{\"code\":" + json_text(error.node_code()) + ",\"text\":" + json_text(error.what()) +
           "}";
  } catch (const std::exception& error) {
    return "{\"code\":" + json_text(std::string("no code: ") + error.what()) + "}";
  }
}

std::string read_all(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int answer_all(const char* path) {
  DiskReader files;
  quiesce::NodeResolver resolver(
      {.conditions = {"node", "node-addons"}, .builtins = quiesce::node_builtins()});
  // The VM is at hand for reading JSON that has lone surrogates.
  quiesce::VM vm;
  const quiesce::Value parse = vm.eval("(line) => Object.values(JSON.parse(line))");
  std::istringstream lines(read_all(path));
  for (std::string line; std::getline(lines, line);) {
    const quiesce::Value question = parse(line);
    quiesce::ModuleRequest request;
    request.referrer = question.get(1u).as<std::string>();
    request.specifier = question.get(2u).as<std::string>();
    request.kind = question.get(0u).as<std::string>() == "require"
                       ? quiesce::ModuleRequest::Kind::require
                       : quiesce::ModuleRequest::Kind::dynamic_import;
    request.referrer = quiesce::path_to_file_url(request.referrer);
    std::cout << answer(resolver, files, request) << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2) return answer_all(argv[1]);
    std::cerr << "usage: node-resolve-batch QUESTIONS\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "node-resolve-batch: " << error.what() << '\n';
    return 2;
  }
}
