#include "quiesce/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vm/files_testing.hpp"

namespace quiesce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = FileStatus::Kind;

// ---- the VM's own tree --------------------------------------------------------------------------

TEST(Files, ANewVmHasAnEmptyRootThatCanBeWritten) {
  VM vm;
  Files files = vm.files();
  EXPECT_EQ(files.status("/")->kind, Kind::directory);
  EXPECT_THAT(*files.list("/"), IsEmpty());
  EXPECT_EQ(files.status("/a"), std::nullopt);
  files.write("/a", "one");
  EXPECT_EQ(files.read("/a"), "one");
  EXPECT_EQ(files.status("/a")->kind, Kind::file);
  EXPECT_EQ(files.status("/a")->bytes, 3u);
  files.write("/a", "");
  EXPECT_EQ(files.read("/a"), "");
  EXPECT_EQ(files.status("/a")->bytes, 0u);
  EXPECT_THAT(*files.list("/"), ElementsAre("a"));
}

TEST(Files, ContentIsExactAndMayBeLarge) {
  VM vm;
  std::string content(5'000'000, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 7 >> 3);
  vm.files().write("/large", content);
  EXPECT_EQ(vm.files().read("/large"), content);
  vm.files().append("/large", "end");
  EXPECT_EQ(vm.files().read("/large"), content + "end");
}

TEST(Files, AppendMakesTheFileAndKeepsWhatIsThere) {
  VM vm;
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    vm.files().append("/log", "line " + std::to_string(i) + "\n");
    expected += "line " + std::to_string(i) + "\n";
  }
  EXPECT_EQ(vm.files().read("/log"), expected);
}

TEST(Files, PartsOfAFile) {
  VM vm;
  Files files = vm.files();
  files.create("/f", "0123456789");
  EXPECT_EQ(reason_of([&] { files.create("/f", ""); }), "EEXIST");
  files.make_link("/dangling", "none");
  EXPECT_EQ(reason_of([&] { files.create("/dangling", ""); }), "EEXIST");
  EXPECT_EQ(reason_of([&] { files.write_at("/none", 0, "x"); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.resize("/none", 0); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.resize("/", 0); }), "EISDIR");
  files.write_at("/f", 3, "abc");
  EXPECT_EQ(files.read("/f"), "012abc6789");
  files.write_at("/f", 8, "xyz");
  EXPECT_EQ(files.read("/f"), "012abc67xyz");
  files.resize("/f", 4);
  EXPECT_EQ(files.read("/f"), "012a");
  files.write_at("/f", 6, "!");
  EXPECT_EQ(files.read("/f"), std::string("012a\0\0!", 7));
  files.append("/f", "#");
  files.resize("/f", 10);
  EXPECT_EQ(files.read("/f"), std::string("012a\0\0!#\0\0", 10));
  files.resize("/f", 5);
  files.append("/f", "+");
  files.resize("/f", 9);
  EXPECT_EQ(files.read("/f"), std::string("012a\0+\0\0\0", 9));
  files.resize("/f", 0);
  EXPECT_EQ(files.read("/f"), "");
  files.write_at("/f", 2, "");
  EXPECT_EQ(files.read("/f"), "");
  EXPECT_EQ(reason_of([&] { files.write_at("/f", std::uint64_t{1} << 40, "x"); }), "EFBIG");
  EXPECT_EQ(reason_of([&] { files.resize("/f", std::uint64_t{1} << 40); }), "EFBIG");
  EXPECT_EQ(reason_of([&] { files.write_at("/f", ~std::uint64_t{0}, "x"); }), "EFBIG");
  EXPECT_EQ(files.read("/f"), "");
}

TEST(Files, ListsAreInTheOrderOfTheBytes) {
  VM vm;
  std::vector<std::string> names;
  for (const char* name : {"b", "a", "B", "\xff", "ab", "a.b", "\xc3\xa9", "1"}) {
    vm.files().write(std::string("/") + name, "");
    names.emplace_back(name);
  }
  std::ranges::sort(names);
  EXPECT_EQ(*vm.files().list("/"), names);
}

TEST(Files, ManyFilesInOneDirectory) {
  VM vm;
  vm.files().make_directory("/d");
  for (int i = 0; i < 3000; ++i) vm.files().write("/d/" + std::to_string(i), std::to_string(i));
  EXPECT_EQ(vm.files().list("/d")->size(), 3000u);
  for (int i = 0; i < 3000; i += 2) EXPECT_TRUE(vm.files().remove("/d/" + std::to_string(i)));
  EXPECT_EQ(vm.files().list("/d")->size(), 1500u);
  EXPECT_EQ(vm.files().read("/d/2999"), "2999");
  EXPECT_EQ(vm.files().read("/d/2998"), std::nullopt);
  EXPECT_EQ(reason_of([&] { vm.files().remove("/d"); }), "ENOTEMPTY");
  EXPECT_TRUE(vm.files().remove_all("/d"));
  EXPECT_EQ(vm.files().status("/d"), std::nullopt);
}

TEST(Files, ReasonsArePosix) {
  VM vm;
  Files files = vm.files();
  files.write("/f", "x");
  files.make_directory("/d");
  files.write("/d/in", "y");
  EXPECT_EQ(reason_of([&] { files.write("/no/f", ""); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.write("/f/g", ""); }), "ENOTDIR");
  EXPECT_EQ(reason_of([&] { files.write("/d", ""); }), "EISDIR");
  EXPECT_EQ(reason_of([&] { files.write("/new/", ""); }), "EISDIR");
  EXPECT_EQ(reason_of([&] { files.write("/f/", ""); }), "ENOTDIR");
  EXPECT_EQ(reason_of([&] { files.write("relative", ""); }), "EINVAL");
  EXPECT_EQ(reason_of([&] { files.write("", ""); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.write(std::string_view("/a\0b", 4), ""); }), "EINVAL");
  EXPECT_EQ(reason_of([&] { files.make_directory("/d"); }), "EEXIST");
  EXPECT_EQ(reason_of([&] { files.make_directory("/f"); }), "EEXIST");
  EXPECT_EQ(reason_of([&] { files.make_directory("/no/d"); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.make_directories("/f/d"); }), "ENOTDIR");
  EXPECT_EQ(reason_of([&] { files.make_directories("/f"); }), "EEXIST");
  EXPECT_EQ(reason_of([&] { files.make_link("/f", "d"); }), "EEXIST");
  EXPECT_EQ(reason_of([&] { files.make_link("/l", ""); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.remove("/d"); }), "ENOTEMPTY");
  EXPECT_EQ(reason_of([&] { files.remove("/"); }), "EBUSY");
  EXPECT_EQ(reason_of([&] { files.remove_all("/"); }), "EBUSY");
  EXPECT_EQ(reason_of([&] { files.remove_all("/d/."); }), "EINVAL");
  EXPECT_FALSE(files.remove("/no"));
  EXPECT_FALSE(files.remove_all("/no"));
  EXPECT_EQ(reason_of([&] { files.remove("/f/g"); }), "ENOTDIR");
  EXPECT_EQ(reason_of([&] { files.set_modified("/no", {}); }), "ENOENT");
  try {
    files.write("/no/f", "");
  } catch (const FileError& error) {
    EXPECT_STREQ(error.what(), "ENOENT: no such file or directory, write '/no/f'");
    EXPECT_EQ(error.path(), "/no/f");
  }
  EXPECT_EQ(files.read("/d/in"), "y");
}

TEST(Files, LookingAtWhatIsNotThereIsNoError) {
  VM vm;
  Files files = vm.files();
  files.write("/f", "x");
  for (const std::string& path : {std::string("/no"), std::string("/f/g"), std::string("/f/"),
                                  std::string("/") + std::string(300, 'n'),
                                  std::string(5000, '/') + "f", std::string("/a\0b", 4)}) {
    EXPECT_EQ(files.status(path), std::nullopt) << path;
    EXPECT_EQ(files.link_status(path), std::nullopt);
    EXPECT_EQ(files.read(path), std::nullopt);
    EXPECT_EQ(files.list(path), std::nullopt);
    EXPECT_EQ(files.real_path(path), std::nullopt);
    EXPECT_EQ(files.read_link(path), std::nullopt);
  }
  EXPECT_EQ(files.read("/"), std::nullopt);
  EXPECT_EQ(files.list("/f"), std::nullopt);
  EXPECT_EQ(reason_of([&] { (void)files.read_link("/f"); }), "EINVAL");
}

TEST(Files, PathsAreWalkedAndNotGuessed) {
  VM vm;
  Files files = vm.files();
  files.make_directories("/a/b/c");
  files.write("/a/f", "f");
  EXPECT_EQ(files.read("/a/b/../f"), "f");
  EXPECT_EQ(files.read("//a///./b/c/../../f"), "f");
  EXPECT_EQ(files.read("/../../a/f"), "f");
  EXPECT_EQ(files.read("/a/no/../f"), std::nullopt);
  EXPECT_EQ(files.read("/a/f/../f"), std::nullopt);
  EXPECT_EQ(files.real_path("/a/./b/..//f"), "/a/f");
  EXPECT_EQ(files.real_path("/"), "/");
  EXPECT_EQ(files.real_path("/a/b/c/"), "/a/b/c");
  EXPECT_EQ(files.read("/A/f"), std::nullopt);  // case counts
  EXPECT_EQ(files.read("/a/%66"), std::nullopt);
  files.write("/a/%2e%2e", "percent");
  EXPECT_EQ(files.read("/a/%2e%2e"), "percent");
}

TEST(Files, NamesAndPathsHaveALength) {
  VM vm;
  Files files = vm.files();
  const std::string longest(255, 'n');
  files.write("/" + longest, "x");
  EXPECT_EQ(files.read("/" + longest), "x");
  EXPECT_EQ(reason_of([&] { files.write("/" + longest + "n", ""); }), "ENAMETOOLONG");
  EXPECT_EQ(reason_of([&] { files.write(std::string(4095, '/') + "f", ""); }), "ENAMETOOLONG");
  files.write(std::string(4094, '/') + "f", "slashes");
  EXPECT_EQ(files.read("/f"), "slashes");
}

TEST(Files, TenThousandDeep) {
  VM vm;
  Files files = vm.files();
  std::string path;
  for (int i = 0; i < 10'000; ++i) path += "/d";
  EXPECT_EQ(reason_of([&] { files.make_directories(path); }), "ENAMETOOLONG");
  EXPECT_EQ(files.status(path), std::nullopt);
  // Built from below by renames it can be deeper than a path can say.
  std::string half;
  for (int i = 0; i < 1000; ++i) half += "/h";
  files.make_directories("/0" + half);
  for (int i = 1; i < 10; ++i) {
    files.make_directories("/" + std::to_string(i) + half);
    files.rename("/" + std::to_string(i - 1), "/" + std::to_string(i) + half + "/x");
  }
  files.write("/9" + half + "/x/f", "deep");
  // By a link on the way into it, what is deeper can still be named.
  files.make_link("/link", "/9" + half + "/x" + half);
  files.write("/link/x/g", "deeper");
  EXPECT_EQ(files.read("/link/x/g"), "deeper");
  files.make_link("/link/x/on", half.substr(1) + "/x");
  files.write("/link/x/on/g", "deepest");
  EXPECT_EQ(files.read("/link/x/on/g"), "deepest");
  EXPECT_EQ(files.real_path("/link/x/on/g"), std::nullopt);
  // Link upon link, what is still to be walked must be a path too.
  files.make_link("/twice", "/link/x" + half + "/x");
  EXPECT_EQ(reason_of([&] { files.write("/twice/g", ""); }), "ENAMETOOLONG");
  EXPECT_TRUE(files.remove_all("/9"));
  EXPECT_EQ(vm.eval("6 * 7").as<int>(), 42);
}

// ---- links --------------------------------------------------------------------------------------

TEST(Files, LinksAreFollowedAtEveryPlace) {
  VM vm;
  Files files = vm.files();
  files.make_directories("/a/b");
  files.write("/a/b/f", "f");
  files.make_link("/l", "a/b");
  files.make_link("/a/up", "../l/f");
  files.make_link("/abs", "/a/up");
  EXPECT_EQ(files.read("/l/f"), "f");
  EXPECT_EQ(files.read("/abs"), "f");
  EXPECT_EQ(files.real_path("/abs"), "/a/b/f");
  EXPECT_EQ(files.real_path("/l/.."), "/a");  // of where the link leads
  EXPECT_EQ(files.status("/abs")->kind, Kind::file);
  EXPECT_EQ(files.link_status("/abs")->kind, Kind::symbolic_link);
  EXPECT_EQ(files.link_status("/l/")->kind, Kind::directory);
  EXPECT_EQ(files.read_link("/abs"), "/a/up");
  files.write("/abs", "new");
  EXPECT_EQ(files.read("/a/b/f"), "new");
  files.make_link("/dangling", "a/born");
  EXPECT_EQ(files.status("/dangling"), std::nullopt);
  EXPECT_EQ(reason_of([&] { files.make_directory("/dangling"); }), "EEXIST");
  files.write("/dangling", "born");
  EXPECT_EQ(files.read("/a/born"), "born");
  EXPECT_TRUE(files.remove("/abs"));
  EXPECT_EQ(files.read("/a/b/f"), "new");
  EXPECT_TRUE(files.remove_all("/l"));  // the link, not what it leads to
  EXPECT_EQ(files.read("/a/b/f"), "new");
}

TEST(Files, LinksInACircleEnd) {
  VM vm;
  Files files = vm.files();
  files.make_link("/a", "b");
  files.make_link("/b", "a");
  files.make_link("/self", "self");
  files.make_link("/grows", "grows/x");
  files.make_link("/up", "../../up/..");
  for (const char* path : {"/a", "/self", "/grows", "/a/x", "/up"}) {
    EXPECT_EQ(files.status(path), std::nullopt) << path;
    EXPECT_NE(files.link_status("/a"), std::nullopt);
    const std::string reason = reason_of([&] { files.write(path, ""); });
    EXPECT_THAT(reason, testing::AnyOf("ELOOP", "ENAMETOOLONG")) << path;
  }
  std::string before = "/target";
  files.write(before, "end");
  for (int i = 0; i < 40; ++i) {
    const std::string link = "/link" + std::to_string(i);
    files.make_link(link, before);
    before = link;
  }
  EXPECT_EQ(files.read(before), "end");  // 40, as on Linux
  files.make_link("/link40", before);
  EXPECT_EQ(files.read("/link40"), std::nullopt);
  EXPECT_EQ(reason_of([&] { files.write("/link40", ""); }), "ELOOP");
}

// ---- renaming -----------------------------------------------------------------------------------

TEST(Files, RenameIsThatOfPosix) {
  VM vm;
  Files files = vm.files();
  files.make_directories("/d/sub");
  files.make_directory("/empty");
  files.write("/d/sub/f", "f");
  files.write("/g", "g");
  files.rename("/g", "/d/sub/f");
  EXPECT_EQ(files.read("/d/sub/f"), "g");
  EXPECT_EQ(files.read("/g"), std::nullopt);
  files.rename("/d", "/empty");
  EXPECT_EQ(files.read("/empty/sub/f"), "g");
  EXPECT_EQ(files.status("/d"), std::nullopt);
  files.rename("/empty", "/empty");
  EXPECT_EQ(reason_of([&] { files.rename("/empty", "/empty/sub/x"); }), "EINVAL");
  EXPECT_EQ(reason_of([&] { files.rename("/empty/sub/f", "/empty"); }), "EISDIR");
  EXPECT_EQ(reason_of([&] { files.rename("/empty/sub", "/empty/sub/f"); }), "EINVAL");
  files.write("/file", "");
  EXPECT_EQ(reason_of([&] { files.rename("/empty", "/file"); }), "ENOTDIR");
  EXPECT_EQ(reason_of([&] { files.rename("/file", "/no/x"); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.rename("/file", "/new/"); }), "ENOTDIR");
  EXPECT_EQ(reason_of([&] { files.rename("/no", "/x"); }), "ENOENT");
  EXPECT_EQ(reason_of([&] { files.rename("/", "/x"); }), "EBUSY");
  EXPECT_EQ(reason_of([&] { files.rename("/file", "/"); }), "EBUSY");
  EXPECT_EQ(reason_of([&] { files.rename("/empty/sub/f", "/empty/sub"); }), "EISDIR");
  EXPECT_EQ(reason_of([&] { files.rename("/empty/sub", "/"); }), "EBUSY");
  files.make_directory("/other");
  EXPECT_EQ(reason_of([&] { files.rename("/other", "/empty"); }), "ENOTEMPTY");
  files.make_link("/link", "no");
  files.rename("/link", "/file");
  EXPECT_EQ(files.read_link("/file"), "no");
}

// ---- failures -----------------------------------------------------------------------------------

class Failing final : public FileSystem {
 public:
  std::optional<FileStatus> status(std::string_view path) override {
    if (path == "/secret") throw FileError("EACCES", "stat", "/secret");
    if (path == "/broken") throw std::runtime_error("the disk is gone");
    if (path == "/f") return FileStatus{Kind::file, 5, {}};
    return std::nullopt;
  }
  std::optional<std::string> read(std::string_view) override {
    throw std::runtime_error("the disk is gone");
  }
  std::optional<std::vector<std::string>> list(std::string_view) override {
    return std::vector<std::string>{"good", "", ".", "..", "a/b", std::string("n\0l", 3), "good"};
  }
  std::optional<std::string> read_link(std::string_view) override { return std::nullopt; }
};

TEST(Files, WhatAFileSystemThrowsComesThrough) {
  VM vm{host_with(std::make_shared<Failing>())};
  EXPECT_EQ(reason_of([&] { (void)vm.files().status("/m/secret"); }), "EACCES");
  // By the name that it has for who asks.
  const auto refused = attempt([&] { return vm.files().status("/m/secret"); });
  EXPECT_STREQ(refused.error().what(), "EACCES: permission denied, stat '/m/secret'");
  EXPECT_THROW((void)vm.files().status("/m/broken"), std::runtime_error);
  EXPECT_THROW((void)vm.files().read("/m/f"), std::runtime_error);
  EXPECT_EQ(vm.files().status("/m/f")->bytes, 5u);
  EXPECT_THAT(*vm.files().list("/m"), ElementsAre("f", "good"));  // names that can be names
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST(Files, AFileErrorHasACodeInJavaScript) {
  Host host;
  host.function("touch", [](Call& call, const std::string& path) {
    call.vm().files().write(path, "by a host function");
  });
  VM vm{host};
  EXPECT_EQ(vm.eval("touch('/f')").is_undefined(), true);
  EXPECT_EQ(vm.files().read("/f"), "by a host function");
  EXPECT_EQ(vm.eval("try { touch('/no/f') } catch (e) { e.code + ' ' + e.path }").as<std::string>(),
            "ENOENT /no/f");
}

class Reentrant final : public FileSystem {
 public:
  std::optional<FileStatus> status(std::string_view) override {
    seen = reason_of([&] { vm->files().write("/x", "x"); });
    answer = vm->eval("6 * 7").as<int>();
    return FileStatus{Kind::file, 1, {}};
  }
  std::optional<std::string> read(std::string_view) override { return "!"; }
  std::optional<std::vector<std::string>> list(std::string_view) override { return std::nullopt; }
  std::optional<std::string> read_link(std::string_view) override { return std::nullopt; }
  VM* vm = nullptr;
  std::string seen;
  int answer = 0;
};

TEST(Files, AFileSystemMayEnterTheVmButNotItsFiles) {
  auto tree = std::make_shared<Reentrant>();
  VM vm{host_with(tree, {.keeps_writes = true})};
  tree->vm = &vm;
  EXPECT_EQ(vm.files().read("/m/f"), "!");
  EXPECT_EQ(tree->seen, "EBUSY");
  EXPECT_EQ(tree->answer, 42);
  vm.files().write("/m/g", "content");
  EXPECT_EQ(vm.files().read("/m/g"), "content");
}

TEST(Files, AVmThatIsGone) {
  std::optional<Files> files;
  {
    VM vm;
    files = vm.files();
    VM moved = std::move(vm);
    files->write("/f", "");
    EXPECT_EQ(code_of([&] { vm.files(); }), Errc::dead_vm);
  }
  EXPECT_EQ(code_of([&] { files->write("/f", ""); }), Errc::dead_vm);
  EXPECT_EQ(code_of([&] { (void)files->status("/f"); }), Errc::dead_vm);
}

TEST(Files, TheMemoryLimitHolds) {
  VM vm{Host(), {.memory_bytes_max = 4u << 20}};
  Files files = vm.files();
  files.write("/kept", "kept");
  const auto limit_of = [](auto&& f) {
    try {
      f();
    } catch (const Error& error) {
      return error.limit();
    }
    return std::optional<Limit>();
  };
  EXPECT_EQ(limit_of([&] { files.write("/large", std::string(8u << 20, 'x')); }), Limit::memory);
  EXPECT_EQ(limit_of([&] {
              for (int i = 0;; ++i) files.write("/f" + std::to_string(i), std::string(20'000, 'y'));
            }),
            Limit::memory);
  EXPECT_EQ(files.read("/kept"), "kept");
  EXPECT_EQ(files.read("/f0")->size(), 20'000u);
  const auto names = files.list("/").value();
  for (const std::string& name : names) {
    if (name != "kept") files.remove("/" + name);
  }
  EXPECT_THAT(*files.list("/"), ElementsAre("kept"));
  files.write("/after", std::string(1u << 20, 'z'));
  EXPECT_EQ(vm.eval("new Array(1000).fill('x').join('').length").as<int>(), 1000);
}

TEST(Files, TimesAreThoseOfTheClock) {
  auto now = std::make_shared<Time>(std::chrono::seconds(5));
  Host host;
  host.clock([now] { return *now; });
  VM vm{host};
  Files files = vm.files();
  files.make_directory("/d");
  files.write("/d/f", "1");
  EXPECT_EQ(files.status("/d/f")->modified, Time(std::chrono::seconds(5)));
  *now = Time(std::chrono::nanoseconds(6'000'000'007));
  files.append("/d/f", "2");
  EXPECT_EQ(files.status("/d/f")->modified, *now);
  EXPECT_EQ(files.status("/d")->modified, Time(std::chrono::seconds(5)));
  files.remove("/d/f");
  EXPECT_EQ(files.status("/d")->modified, *now);
  files.set_modified("/d", Time(std::chrono::nanoseconds(-1)));
  EXPECT_EQ(files.status("/d")->modified, Time(std::chrono::nanoseconds(-1)));
}

}  // namespace
}  // namespace quiesce
