// A start image that the command line has made serves a C++ program. (Between processes of the
// command line: tests/cli/images.md.)
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <quiesce/quiesce.hpp>

#include "temporary_folder.hpp"
#include "test_build.h"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

TEST(StartImageOfTheCommandLine, ServesAProgram) {  // D4
  const TemporaryFolder folder{"start-image"};
  write(folder / "src/app.mjs",
        "import {names} from './names.cjs'; console.log('evaluated');"
        "export const greet = (n) => tell(names[n]); export const {env} = process;");
  write(folder / "src/names.cjs", "exports.names = ['Ada', 'Bob'];");
  const std::string command = "cd '" + (folder / "src").string() +
                              "' && '" QUIESCE_TEST_CLI
                              "' image build --env MODE=built app.mjs -o ../app.qimg > ../printed";
  ASSERT_EQ(std::system(command.c_str()), 0);
  fs::remove_all(folder / "src");

  const StartImage image = StartImage::load(folder / "app.qimg");
  EXPECT_TRUE(image.draws().none());
  std::string told;
  Host host;
  host.function("tell", [&](const std::string& name) { told += name; })
      .process({.arguments = {"quiesce"}, .environment = {{"MORE", "1"}}});
  for (int i = 0; i < 2; ++i) {
    VM vm = image.start(host);
    const Value app = vm.run(vm.kept("quiesce.main").value()).value();
    app["greet"](i);
    EXPECT_EQ(app["env"]["MODE"].as<std::string>(), "built");
    EXPECT_EQ(app["env"]["MORE"].as<std::string>(), "1");
  }
  EXPECT_EQ(told, "AdaBob");
}

}  // namespace
}  // namespace quiesce
