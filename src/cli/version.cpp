#include "cli/version.hpp"

#include "quiesce/vm.hpp"

namespace quiesce::cli {

std::string version_text() {
  VM vm;
  return "quiesce " QUIESCE_VERSION "\nengine  " + vm.snapshot().engine() +
         "\nquickjs " QUIESCE_QUICKJS_VERSION "\nwall    " QUIESCE_WALL;
}

}  // namespace quiesce::cli
