// Erases the types of many files: strip-files OUT <LIST
//
// LIST has a path on each line. OUT gets N.js for the file of line N (from 0), and `index`, with a
// line for each: "ok", the code of the error, or "engine: " and why the engine does not take what
// was made.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "quiesce/quiesce.hpp"

namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// What the index says of the file.
std::string strip(const std::string& path, const std::filesystem::path& out) {
  std::string script;
  try {
    script = quiesce::strip_types(read_text(path), path);
  } catch (const quiesce::ModuleError& error) {
    return error.node_code();
  }
  std::ofstream(out, std::ios::binary) << script;
  try {
    quiesce::VM().compile(script, {.file_name = path, .type = quiesce::SourceType::module});
  } catch (const quiesce::Error& error) {
    return "engine: " + first_line(error.what());
  }
  return "ok";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: strip-files OUT <LIST\n", stderr);
    return 2;
  }
  try {
    const std::filesystem::path out(argv[1]);
    std::ofstream index(out / "index");
    std::string path;
    for (int n = 0; std::getline(std::cin, path); ++n)
      index << strip(path, out / (std::to_string(n) + ".js")) << '\n';
    return index.flush() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "strip-files: %s\n", error.what());
    return 1;
  }
}
