#include "quiesce/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = FileStatus::Kind;

/// The POSIX name of what `f` throws; empty: nothing.
template <class F>
std::string reason_of(F&& f) {
  try {
    f();
  } catch (const FileError& error) {
    EXPECT_EQ(error.code(), Errc::file);
    return error.reason();
  } catch (const Error& error) {
    return std::string("no FileError: ") + error.what();
  }
  return {};
}

/// A tree that counts what it is asked, and can change.
class Watched final : public FileSystem {
 public:
  explicit Watched(std::map<std::string, std::string> files,
                   std::map<std::string, std::string> links = {})
      : files_(memory_files(std::move(files), std::move(links))) {}

  std::optional<FileStatus> status(std::string_view path) override {
    return note("status", path), files_->status(path);
  }
  std::optional<std::string> read(std::string_view path) override {
    return note("read", path), files_->read(path);
  }
  std::optional<std::vector<std::string>> list(std::string_view path) override {
    return note("list", path), files_->list(path);
  }
  std::optional<std::string> read_link(std::string_view path) override {
    return note("link", path), files_->read_link(path);
  }

  void become(std::map<std::string, std::string> files) { files_ = memory_files(std::move(files)); }
  std::vector<std::string> take_asked() { return std::exchange(asked_, {}); }

 private:
  void note(const char* what, std::string_view path) {
    asked_.push_back(std::string(what) + " " + std::string(path));
  }
  std::shared_ptr<FileSystem> files_;
  std::vector<std::string> asked_;
};

Host host_with(std::shared_ptr<FileSystem> files, const MountOptions& options = {},
               const char* path = "/m") {
  Host host;
  host.clock(fixed_clock(Time(std::chrono::seconds(1000))))
      .files(Mounts().mount(path, std::move(files), options));
  return host;
}

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

// ---- mounts -------------------------------------------------------------------------------------

TEST(Files, AMountIsReadAndRecorded) {
  auto tree = std::make_shared<Watched>(
      std::map<std::string, std::string>{{"/a/f", "content"}, {"/a/g", "other"}});
  VM vm{host_with(tree)};
  Files files = vm.files();
  EXPECT_EQ(files.status("/m/a/f")->bytes, 7u);
  EXPECT_THAT(tree->take_asked(), ElementsAre("status /a", "status /a/f"));
  EXPECT_EQ(files.read("/m/a/f"), "content");
  EXPECT_THAT(tree->take_asked(), ElementsAre("read /a/f"));
  EXPECT_EQ(files.read("/m/a/f"), "content");
  EXPECT_EQ(files.status("/m/a/f")->bytes, 7u);
  EXPECT_THAT(tree->take_asked(), IsEmpty());
  // Absence and lists are asked for anew.
  EXPECT_EQ(files.status("/m/a/h"), std::nullopt);
  EXPECT_EQ(files.status("/m/a/h"), std::nullopt);
  EXPECT_THAT(*files.list("/m/a"), ElementsAre("f", "g"));
  EXPECT_THAT(tree->take_asked(), ElementsAre("status /a/h", "status /a/h", "list /a"));
  tree->become({{"/a/h", "late"}});
  EXPECT_EQ(files.read("/m/a/h"), "late");
  EXPECT_EQ(files.read("/m/a/f"), "content");
  EXPECT_THAT(*files.list("/m/a"), ElementsAre("f", "h"));
}

TEST(Files, AMountIsReadOnly) {
  VM vm{host_with(memory_files({{"/d/f", "f"}}, {{"/out", "/own"}}))};
  Files files = vm.files();
  for (const char* path : {"/m/new", "/m/d/f", "/m/d/new"})
    EXPECT_EQ(reason_of([&] { files.write(path, "x"); }), "EROFS") << path;
  EXPECT_EQ(reason_of([&] { files.append("/m/d/f", "x"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.make_directory("/m/new"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.make_directory("/m/d"); }), "EEXIST");
  files.make_directories("/m/d");
  EXPECT_EQ(reason_of([&] { files.make_directories("/m/d/e"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.make_link("/m/l", "x"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.remove("/m/d/f"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.remove("/m/d"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.remove_all("/m/d"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.remove_all("/m"); }), "EBUSY");
  EXPECT_EQ(reason_of([&] { files.rename("/m/d/f", "/m/d/g"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.rename("/m/d/f", "/g"); }), "EROFS");
  EXPECT_EQ(reason_of([&] { files.rename("/m", "/n"); }), "EBUSY");
  EXPECT_EQ(reason_of([&] { files.set_modified("/m/d/f", {}); }), "EROFS");
  files.write("/m/out", "by a link out of it");
  EXPECT_EQ(files.read("/own"), "by a link out of it");
}

TEST(Files, WritesCanStayInTheVm) {
  auto tree = std::make_shared<Watched>(
      std::map<std::string, std::string>{{"/d/f", "f"}, {"/d/g", "g"}, {"/e/x", "x"}});
  VM vm{host_with(tree, {.keeps_writes = true})};
  Files files = vm.files();
  files.write("/m/d/f", "mine");
  files.append("/m/d/g", "+");
  files.write("/m/d/new", "new");
  EXPECT_EQ(files.read("/m/d/f"), "mine");
  EXPECT_EQ(files.read("/m/d/g"), "g+");
  EXPECT_THAT(*files.list("/m/d"), ElementsAre("f", "g", "new"));
  // What is removed stays removed, whatever the mount says.
  EXPECT_TRUE(files.remove("/m/d/f"));
  EXPECT_EQ(files.status("/m/d/f"), std::nullopt);
  EXPECT_THAT(*files.list("/m/d"), ElementsAre("g", "new"));
  EXPECT_FALSE(files.remove("/m/d/f"));
  EXPECT_EQ(reason_of([&] { files.remove("/m/d"); }), "ENOTEMPTY");
  EXPECT_TRUE(files.remove_all("/m/d"));
  EXPECT_EQ(files.status("/m/d/g"), std::nullopt);
  EXPECT_THAT(*files.list("/m"), ElementsAre("e"));
  // What is made in its place is empty.
  files.make_directory("/m/d");
  EXPECT_THAT(*files.list("/m/d"), IsEmpty());
  EXPECT_EQ(files.status("/m/d/g"), std::nullopt);
  EXPECT_TRUE(files.remove("/m/d"));
  EXPECT_EQ(files.status("/m/d/g"), std::nullopt);
  files.rename("/m/e/x", "/m/e/y");
  EXPECT_EQ(files.read("/m/e/y"), "x");
  EXPECT_THAT(*files.list("/m/e"), ElementsAre("y"));
  EXPECT_EQ(reason_of([&] { files.rename("/m/e/y", "/y"); }), "EXDEV");
  EXPECT_EQ(reason_of([&] { files.rename("/m/e", "/m/h"); }), "EXDEV");
  files.make_directory("/m/own");
  files.rename("/m/e/y", "/m/own/y");
  files.rename("/m/own", "/m/moved");
  EXPECT_EQ(files.read("/m/moved/y"), "x");
  EXPECT_THAT(*files.list("/m/e"), IsEmpty());
  EXPECT_TRUE(files.remove("/m/e"));
}

TEST(Files, MountsLieInOneAnother) {
  Host host;
  host.files(Mounts()
                 .mount("/app", memory_files({{"/main", "main"}, {"/node_modules/hidden", "h"}}))
                 .mount("/app/node_modules", memory_files({{"/p/index", "index"}}))
                 .mount("/app/deep/er", memory_files({{"/f", "deep"}}), {.keeps_writes = true}));
  VM vm{host};
  Files files = vm.files();
  EXPECT_EQ(files.read("/app/main"), "main");
  EXPECT_EQ(files.read("/app/node_modules/p/index"), "index");
  EXPECT_EQ(files.read("/app/node_modules/hidden"), std::nullopt);
  EXPECT_THAT(*files.list("/app"), ElementsAre("deep", "main", "node_modules"));
  EXPECT_EQ(files.read("/app/deep/er/f"), "deep");
  files.write("/app/deep/er/new", "");
  EXPECT_EQ(reason_of([&] { files.write("/app/deep/new", ""); }), "EROFS");
  EXPECT_EQ(files.real_path("/app/node_modules/../main"), "/app/main");
  EXPECT_EQ(reason_of([&] { files.rename("/app/deep/er/f", "/f"); }), "EXDEV");
}

TEST(Files, AMountAtTheRoot) {
  VM vm{host_with(memory_files({{"/f", "f"}}), {.keeps_writes = true}, "/")};
  EXPECT_EQ(vm.files().read("/f"), "f");
  vm.files().write("/g", "g");
  EXPECT_THAT(*vm.files().list("/"), ElementsAre("f", "g"));
}

TEST(Files, LinksOfAMountStayInTheVm) {
  VM vm{host_with(memory_files(
      {{"/f", "f"}}, {{"/up", "../../../../etc/passwd"}, {"/abs", "/etc/passwd"}, {"/in", "f"}}))};
  Files files = vm.files();
  EXPECT_EQ(files.read("/m/in"), "f");
  EXPECT_EQ(files.read("/m/up"), std::nullopt);
  files.make_directory("/etc");
  files.write("/etc/passwd", "of the VM");
  EXPECT_EQ(files.read("/m/up"), "of the VM");
  EXPECT_EQ(files.read("/m/abs"), "of the VM");
}

TEST(Files, MountsThatMakeNoSense) {
  const auto code = [](auto&& f) { return code_of(f); };
  const auto tree = memory_files({});
  for (const char* path : {"", "a", "/a/", "/a/../b", "/./a", "//a"})
    EXPECT_EQ(code([&] { Mounts().mount(path, tree); }), Errc::invalid_argument) << path;
  EXPECT_EQ(code([&] { Mounts().mount("/a", nullptr); }), Errc::invalid_argument);
  EXPECT_EQ(code([&] { Mounts().mount("/a", tree).mount("/a", tree); }), Errc::invalid_argument);
  EXPECT_EQ(code([&] { Mounts().mount("/a", tree, {.by_digest = true, .digest = "12"}); }),
            Errc::invalid_argument);
  EXPECT_EQ(code([&] { Mounts().mount("/a", tree, {.digest = std::string(64, '0')}); }),
            Errc::invalid_argument);
}

// ---- sleep --------------------------------------------------------------------------------------

// D5
TEST(Files, D5ASleeperFindsItsFilesWithoutTheMount) {
  auto tree = std::make_shared<Watched>(
      std::map<std::string, std::string>{
          {"/a/read", "content"}, {"/a/seen", "1234"}, {"/a/unseen", ""}},
      std::map<std::string, std::string>{{"/link", "a/read"}});
  std::vector<std::byte> asleep;
  {
    VM vm{host_with(tree, {.keeps_writes = true})};
    EXPECT_EQ(vm.files().read("/m/link"), "content");
    EXPECT_EQ(vm.files().status("/m/a/seen")->bytes, 4u);
    vm.files().write("/m/a/written", "mine");
    vm.files().write("/own", "too");
    asleep = vm.snapshot().to_bytes();
  }
  const Snapshot snapshot = Snapshot::from_bytes(asleep);
  VM again{Host(), snapshot};
  Files files = again.files();
  EXPECT_EQ(files.read("/m/link"), "content");
  EXPECT_EQ(files.real_path("/m/link"), "/m/a/read");
  EXPECT_EQ(files.read("/m/a/written"), "mine");
  EXPECT_EQ(files.read("/own"), "too");
  EXPECT_EQ(files.status("/m/a/seen")->bytes, 4u);
  EXPECT_EQ(reason_of([&] { (void)files.read("/m/a/seen"); }), "EIO");
  EXPECT_EQ(files.status("/m/a/unseen"), std::nullopt);
  EXPECT_THAT(*files.list("/m/a"), ElementsAre("read", "seen", "written"));
  files.write("/m/a/unseen", "now");
  // With the mount again, everything is there, and what was found stays as it was.
  tree->become({{"/a/read", "changed"}, {"/a/seen", "12345"}, {"/a/more", "m"}});
  VM third{host_with(tree), again.snapshot()};
  EXPECT_EQ(third.files().read("/m/a/read"), "content");
  EXPECT_EQ(third.files().read("/m/a/seen"), "12345");
  EXPECT_EQ(third.files().read("/m/a/unseen"), "now");
  EXPECT_EQ(third.files().read("/m/a/more"), "m");
}

TEST(Files, ForksAreIndependent) {
  VM vm;
  vm.files().write("/f", "before");
  const Snapshot snapshot = vm.snapshot();
  VM left{Host(), snapshot}, right{Host(), snapshot};
  left.files().write("/f", "left");
  right.files().append("/f", "+right");
  EXPECT_EQ(left.files().read("/f"), "left");
  EXPECT_EQ(right.files().read("/f"), "before+right");
  EXPECT_EQ(vm.files().read("/f"), "before");
}

TEST(Files, AWokenVmSeesMountsThatAreNew) {
  VM vm{host_with(memory_files({{"/f", "f"}}))};
  vm.files().write("/file", "");
  const Snapshot snapshot = vm.snapshot();
  Host host;
  host.files(Mounts().mount("/n", memory_files({{"/g", "g"}})));
  VM again{host, snapshot};
  EXPECT_EQ(again.snapshot().content_digest(), snapshot.content_digest());  // sleeps on
  EXPECT_EQ(again.files().read("/n/g"), "g");
  EXPECT_THAT(*again.files().list("/"), ElementsAre("file", "m", "n"));
  Host blocked;
  blocked.files(Mounts().mount("/file/x", memory_files({})));
  EXPECT_EQ(code_of([&] { VM third(blocked, snapshot); }), Errc::invalid_argument);
}

TEST(Files, EqualVmsHaveEqualBytes) {
  const auto digest = [] {
    Host host = host_with(memory_files({{"/a/b", "1"}, {"/a/c", "2"}}), {.keeps_writes = true});
    host.entropy(seeded_entropy(1));
    VM vm{host};
    vm.files().read("/m/a/b");
    vm.files().remove("/m/a/c");
    for (int i = 0; i < 200; ++i) vm.files().write("/" + std::to_string(i * 7919 % 1000), "x");
    return vm.snapshot().content_digest();
  };
  EXPECT_EQ(digest(), digest());
}

// ---- by digest ----------------------------------------------------------------------------------

TEST(Files, ByDigestNothingIsRecorded) {
  const auto tree = [] {
    return std::make_shared<Watched>(
        std::map<std::string, std::string>{{"/p/f", std::string(200'000, 'x')}, {"/p/g", "g"}},
        std::map<std::string, std::string>{{"/l", "p"}});
  };
  auto first = tree();
  VM vm{host_with(first, {.by_digest = true, .name = "modules 1"})};
  const std::uint64_t before = vm.memory_usage().used_bytes;
  EXPECT_EQ(vm.files().read("/m/l/f")->size(), 200'000u);
  EXPECT_EQ(vm.files().status("/m/p/g")->bytes, 1u);
  EXPECT_EQ(vm.files().real_path("/m/l/../l/g"), "/m/p/g");
  EXPECT_THAT(*vm.files().list("/m/p"), ElementsAre("f", "g"));
  EXPECT_EQ(vm.files().read_link("/m/l"), "p");
  EXPECT_EQ(reason_of([&] { vm.files().write("/m/p/new", ""); }), "EROFS");
  vm.collect_garbage();
  EXPECT_EQ(vm.memory_usage().used_bytes, before);

  const Snapshot snapshot = vm.snapshot();
  VM again{host_with(tree(), {.by_digest = true}), snapshot};
  EXPECT_EQ(again.files().read("/m/p/g"), "g");

  // Without it, or with another: one error that names them.
  const std::string digest = tree_digest(*tree());
  const std::string text = refusal_of([&] { VM none(Host(), snapshot); }, Errc::missing_resource);
  EXPECT_THAT(text, HasSubstr("'/m' (modules 1, digest " + digest + ")"));
  const auto other = memory_files({{"/p/f", ""}});
  const std::string changed = refusal_of(
      [&] { VM third(host_with(other, {.by_digest = true}), snapshot); }, Errc::missing_resource);
  EXPECT_THAT(changed, HasSubstr("where this host has " + tree_digest(*other)));
  EXPECT_EQ(code_of([&] { VM fourth(host_with(tree()), snapshot); }), Errc::missing_resource);
  // Allowed, its files cannot be read, and the rest can.
  VM without{Host(), snapshot, {.allow_missing_mounts = true}};
  EXPECT_EQ(reason_of([&] { (void)without.files().read("/m/p/g"); }), "EIO");
  without.files().write("/f", "");
}

TEST(Files, ByDigestWithWritesKeepsTheWritten) {
  const auto tree = memory_files({{"/p/q/f", "f"}, {"/p/q/g", "g"}, {"/p/h", "h"}});
  const MountOptions options{.keeps_writes = true, .by_digest = true};
  VM vm{host_with(tree, options)};
  Files files = vm.files();
  files.append("/m/p/q/f", "+");
  files.write("/m/p/q/new", "new");
  EXPECT_TRUE(files.remove("/m/p/q/g"));
  files.rename("/m/p/h", "/m/p/q/h");
  const auto check = [](Files seen) {
    EXPECT_EQ(seen.read("/m/p/q/f"), "f+");
    EXPECT_THAT(*seen.list("/m/p/q"), ElementsAre("f", "h", "new"));
    EXPECT_THAT(*seen.list("/m/p"), ElementsAre("q"));
    EXPECT_EQ(seen.read("/m/p/q/h"), "h");
  };
  check(files);
  VM again{host_with(tree, options), vm.snapshot()};
  check(again.files());
}

TEST(Files, TheDigestIsThatOfTheContent) {
  const auto digest = [](std::map<std::string, std::string> files,
                         std::map<std::string, std::string> links = {}) {
    return tree_digest(*memory_files(std::move(files), std::move(links)));
  };
  const std::string one = digest({{"/a", "1"}, {"/d/b", "2"}});
  EXPECT_EQ(one, digest({{"/d/b", "2"}, {"/a", "1"}}));
  const std::set<std::string> different = {one,
                                           digest({}),
                                           digest({{"/a", "1"}, {"/d/b", "3"}}),
                                           digest({{"/a", "1"}, {"/d/c", "2"}}),
                                           digest({{"/a", "1"}, {"/d/b", "2"}, {"/e/", ""}}),
                                           digest({{"/a", "1"}}, {{"/d/b", "2"}}),
                                           digest({{"/a", "12"}, {"/d/b", ""}}),
                                           digest({{"/a/", ""}}),
                                           digest({{"/a", ""}})};
  EXPECT_EQ(different.size(), 9u);
  EXPECT_EQ(one.size(), 64u);
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
