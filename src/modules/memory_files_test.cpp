#include "quiesce/file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;
using Kind = FileStatus::Kind;

TEST(MemoryFiles, ATreeOfPaths) {
  const auto files =
      memory_files({{"/a/b/f", "content"}, {"/g", ""}, {"/empty/", ""}}, {{"/a/link", "b/f"}});
  EXPECT_EQ(files->status("/")->kind, Kind::directory);
  EXPECT_EQ(files->status("/a/b")->kind, Kind::directory);
  EXPECT_EQ(files->status("/a/b/f")->kind, Kind::file);
  EXPECT_EQ(files->status("/a/b/f")->bytes, 7u);
  EXPECT_EQ(files->status("/empty")->kind, Kind::directory);
  EXPECT_EQ(files->status("/a/link")->kind, Kind::symbolic_link);
  EXPECT_EQ(files->read("/a/b/f"), "content");
  EXPECT_EQ(files->read("/g"), "");
  EXPECT_EQ(files->read_link("/a/link"), "b/f");
  EXPECT_THAT(*files->list("/"), UnorderedElementsAre("a", "empty", "g"));
  EXPECT_THAT(*files->list("/empty"), ElementsAre());
}

TEST(MemoryFiles, WhatIsNotThere) {
  const auto files = memory_files({{"/a/f", "x"}}, {{"/l", "a"}});
  for (const char* path : {"/b", "/a/f/g", "/l/f", "", "a", "/a/", "/a/../a/f", "//a", "/A"}) {
    EXPECT_EQ(files->status(path), std::nullopt) << path;
    EXPECT_EQ(files->read(path), std::nullopt) << path;
    EXPECT_EQ(files->list(path), std::nullopt) << path;
    EXPECT_EQ(files->read_link(path), std::nullopt) << path;
  }
  EXPECT_EQ(files->read("/a"), std::nullopt);
  EXPECT_EQ(files->read("/l"), std::nullopt);
  EXPECT_EQ(files->list("/a/f"), std::nullopt);
  EXPECT_EQ(files->read_link("/a"), std::nullopt);
}

TEST(MemoryFiles, PathsThatMakeNoSense) {
  for (const char* path : {"", "a", "/", "/a/../b", "/./a", "/a//b", "/a/b//"})
    EXPECT_EQ(code_of([&] { memory_files({{path, "x"}}); }), Errc::invalid_argument) << path;
  EXPECT_EQ(code_of([] { memory_files({{"/a", ""}, {"/a/b", ""}}); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([] { memory_files({{"/a/", "content"}}); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([] { memory_files({{"/a", ""}}, {{"/a", "b"}}); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([] { memory_files({{std::string("/a\0b", 4), ""}}); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([] { memory_files({{"/", ""}}); }), std::nullopt);  // a tree without anything
}

TEST(OverlayFiles, OfTwoTheUpperIsSeen) {
  const auto upper = memory_files({{"/a/f", "upper"}, {"/file", "a file"}, {"/dir/x", "x"}});
  const auto lower = memory_files(
      {{"/a/f", "lower"}, {"/a/g", "g"}, {"/file/below", "hidden"}, {"/dir", "hidden file"}},
      {{"/l", "a"}});
  const auto files = overlay_files({upper, lower});
  EXPECT_EQ(files->read("/a/f"), "upper");
  EXPECT_EQ(files->status("/a/f")->bytes, 5u);
  EXPECT_EQ(files->read("/a/g"), "g");
  EXPECT_EQ(files->read("/file"), "a file");
  EXPECT_EQ(files->status("/file/below"), std::nullopt);
  EXPECT_EQ(files->read("/file/below"), std::nullopt);
  EXPECT_EQ(files->list("/file"), std::nullopt);
  EXPECT_EQ(files->read("/dir/x"), "x");
  EXPECT_EQ(files->read("/dir"), std::nullopt);
  EXPECT_EQ(files->read_link("/l"), "a");
  EXPECT_THAT(*files->list("/"), ElementsAre("a", "dir", "file", "l"));
  EXPECT_THAT(*files->list("/a"), ElementsAre("f", "g"));
  EXPECT_EQ(files->status("/")->kind, Kind::directory);
  EXPECT_EQ(files->status("/a/../a"), std::nullopt);
}

TEST(OverlayFiles, AFileEndsTheMerging) {
  const auto files =
      overlay_files({memory_files({{"/d/1", ""}}), memory_files({{"/d", "a file between"}}),
                     memory_files({{"/d/3", ""}})});
  EXPECT_THAT(*files->list("/d"), ElementsAre("1"));
  EXPECT_EQ(files->status("/d/3"), std::nullopt);
}

TEST(OverlayFiles, ListsThatMakeNoSense) {
  EXPECT_EQ(code_of([] { overlay_files({}); }), Errc::invalid_argument);
  EXPECT_EQ(code_of([] { overlay_files({memory_files({}), nullptr}); }), Errc::invalid_argument);
}

}  // namespace
}  // namespace quiesce
