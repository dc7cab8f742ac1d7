#include "cli/source.hpp"

#include <filesystem>

#include "base/file.hpp"
#include "cli/failure.hpp"
#include "quiesce/error.hpp"

namespace quiesce::cli {

namespace {

// Far beyond any program; there so that `quiesce run /dev/zero` ends.
constexpr std::uint64_t kSourceBytesMax = 256u << 20;

std::string advice(const std::string& file) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(file, ignored);
  if (status.type() == std::filesystem::file_type::not_found) {
    return "; check the name, or give - to read standard input";
  }
  if (std::filesystem::is_directory(status)) return "; name the file in it that is to be run";
  return "";
}

}  // namespace

Source read_source(const std::string& file) {
  const bool standard_input = file == "-";
  try {
    const auto bytes = base::read_file(standard_input ? "/dev/stdin" : file, kSourceBytesMax);
    return {standard_input ? "[stdin]" : file,
            std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())};
  } catch (const Error& error) {
    throw UsageError(error.what() + (standard_input ? std::string() : advice(file)));
  }
}

}  // namespace quiesce::cli
