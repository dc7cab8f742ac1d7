#include "vm/cached_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vm/files_testing.hpp"

namespace quiesce {
namespace {

using detail::CachedFiles;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(CachedFiles, AsksOnce) {
  const auto tree =
      std::make_shared<Watched>(std::map<std::string, std::string>{{"/d/f", "content"}},
                                std::map<std::string, std::string>{{"/l", "d/f"}});
  CachedFiles files(tree);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(files.status("/d/f")->bytes, 7u);
    EXPECT_EQ(files.status("/none"), std::nullopt);
    EXPECT_EQ(files.read("/d/f"), "content");
    EXPECT_EQ(files.read_link("/l"), "d/f");
    EXPECT_THAT(*files.list("/d"), ElementsAre("f"));
  }
  EXPECT_THAT(tree->take_asked(), ElementsAre("status /d/f", "status /none", "read /d/f", "link /l",
                                              "list /d", "list /d", "list /d"));
}

TEST(CachedFiles, KeepsOnlySoMuch) {
  std::map<std::string, std::string> content{{"/large", std::string((1u << 20) + 1, 'x')}};
  for (int n = 0; n < 40; ++n) content["/" + std::to_string(n)] = std::string(1u << 20, 'y');
  const auto tree = std::make_shared<Watched>(std::move(content));
  CachedFiles files(tree);
  for (int round = 0; round < 2; ++round) EXPECT_EQ(files.read("/large")->size(), (1u << 20) + 1);
  EXPECT_THAT(tree->take_asked(), ElementsAre("read /large", "read /large"));
  EXPECT_TRUE(files.read("/0"));
  EXPECT_TRUE(files.read("/0"));
  EXPECT_THAT(tree->take_asked(), ElementsAre("read /0"));
  for (int n = 1; n < 40; ++n) EXPECT_TRUE(files.read("/" + std::to_string(n)));
  tree->take_asked();
  EXPECT_TRUE(files.read("/39"));
  EXPECT_THAT(tree->take_asked(), IsEmpty());
  EXPECT_TRUE(files.read("/0"));
  EXPECT_THAT(tree->take_asked(), ElementsAre("read /0"));
}

// As a mount by digest does: two VMs of one Host ask the tree once.
TEST(CachedFiles, VmsShareIt) {
  const auto tree =
      std::make_shared<Watched>(std::map<std::string, std::string>{{"/d/f", "content"}});
  const Host host = host_with(tree, {.by_digest = true});
  tree->take_asked();  // what the digest took
  VM first{host}, second{host};
  EXPECT_EQ(first.files().read("/m/d/f"), "content");
  EXPECT_THAT(tree->take_asked(), ElementsAre("status /d", "status /d/f", "read /d/f"));
  EXPECT_EQ(first.files().read("/m/d/f"), "content");
  EXPECT_EQ(second.files().read("/m/d/f"), "content");
  EXPECT_THAT(tree->take_asked(), IsEmpty());
}

}  // namespace
}  // namespace quiesce
