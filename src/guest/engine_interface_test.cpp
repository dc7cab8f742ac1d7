// What engines of other builds rely on does not change unnoticed: see "What changes the ABI" in
// docs/guest-abi.md. UPDATE=1 writes guest/interface.lock.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "base/sha256.hpp"
#include "guest/wasm2c_abi.h"

namespace quiesce::guest {
namespace {

const std::string kRoot = QUIESCE_TEST_ROOT "/";

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(kRoot + file).rdbuf();
  EXPECT_FALSE(text.str().empty()) << file;
  return text.str();
}

/// Without comments, and with one blank for each stretch of white space.
std::string essence(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "//") == 0) i = std::min(text.find('\n', i), text.size() - 1);
    const bool blank = std::isspace(static_cast<unsigned char>(text[i])) != 0;
    if (!blank) result += text[i];
    if (blank && !result.empty() && result.back() != ' ') result += ' ';
  }
  return result;
}

std::string lock_text() {
  std::string all;
  for (const char* const file :
       {"guest/abi.h", "guest/data_form.h", "guest/file_errors.def", "src/guest/wasm2c_abi.h"})
    all += essence(text_of(file));
  return "# What host and engine agree on besides names, and a digest of it: docs/guest-abi.md.\n"
         "version " +
         std::to_string(QW_INTERFACE_VERSION) +
         "\n"
         "sha256 " +
         base::to_hex(base::sha256(std::as_bytes(std::span(all)))) + "\n";
}

TEST(EngineInterface, DoesNotChangeUnnoticed) {
  if (const char* update = std::getenv("UPDATE"); update && std::string(update) == "1")
    std::ofstream(kRoot + "guest/interface.lock") << lock_text();
  EXPECT_EQ(text_of("guest/interface.lock"), lock_text())
      << "Would an engine that was built before be misunderstood now? Then raise "
         "QW_INTERFACE_VERSION (src/guest/wasm2c_abi.h). In either case run this test once with "
         "UPDATE=1.";
}

TEST(EngineInterface, CommentsAndBlanksAreNoPartOfIt) {
  EXPECT_EQ(essence("a // b\n  c\t d"), "a c d");
  EXPECT_NE(essence("a  b"), essence("ab"));
}

}  // namespace
}  // namespace quiesce::guest
