#include "cli/version.hpp"

#include "quiesce/version.hpp"

namespace quiesce::cli {

std::string version_text() {
  const auto line = [](const char* name, std::string_view text) {
    return name + std::string(text);
  };
  return line("quiesce ", version()) + line("\nengine  ", engine()) +
         line("\nquickjs ", quickjs_version()) + line("\nwall    ", wall());
}

}  // namespace quiesce::cli
