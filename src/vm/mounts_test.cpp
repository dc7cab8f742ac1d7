#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "vm/files_testing.hpp"

namespace quiesce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// ---- mounts -------------------------------------------------------------------------------------

TEST(Mounts, AMountIsReadAndRecorded) {
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

TEST(Mounts, AMountIsReadOnly) {
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

TEST(Mounts, WritesCanStayInTheVm) {
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

TEST(Mounts, MountsLieInOneAnother) {
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

TEST(Mounts, AVmKnowsItsMounts) {
  const auto described = [](const VM& vm) {
    std::vector<std::string> texts;
    for (const MountRecord& mount : vm.mounts()) {
      texts.push_back(mount.path + " " + mount.name + " " + mount.digest.substr(0, 4) +
                      (mount.keeps_writes ? " keeps" : "") + (mount.is_here ? " here" : ""));
    }
    return texts;
  };
  const auto tree = memory_files({{"/f", "f"}});
  const std::string digest = tree_digest(*tree).substr(0, 4);
  Host host;
  host.files(Mounts()
                 .mount("/writes", tree, {.keeps_writes = true})
                 .mount("/app", tree)
                 .mount("/pinned", tree, {.by_digest = true, .name = "one"}));
  VM vm{host};
  EXPECT_THAT(described(vm), ElementsAre("/app   here", "/pinned one " + digest + " here",
                                         "/writes   keeps here"));
  EXPECT_EQ(vm.files().read("/app/f"), "f");
  EXPECT_EQ(described(vm).size(), 3u);
  // Woken elsewhere, it has what it had, and what is new there.
  Host other;
  other.files(Mounts().mount("/app", tree).mount("/new", tree));
  VM again{other, vm.snapshot(), {.allow_missing_mounts = true}};
  EXPECT_THAT(described(again), ElementsAre("/app   here", "/new   here", "/pinned one " + digest,
                                            "/writes   keeps"));
  EXPECT_EQ(again.files().read("/new/f"), "f");
  EXPECT_EQ(described(again).size(), 4u);
}

TEST(Mounts, AMountAtTheRoot) {
  VM vm{host_with(memory_files({{"/f", "f"}}), {.keeps_writes = true}, "/")};
  EXPECT_EQ(vm.files().read("/f"), "f");
  vm.files().write("/g", "g");
  EXPECT_THAT(*vm.files().list("/"), ElementsAre("f", "g"));
}

TEST(Mounts, LinksOfAMountStayInTheVm) {
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

TEST(Mounts, MountsThatMakeNoSense) {
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
TEST(Mounts, D5ASleeperFindsItsFilesWithoutTheMount) {
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

TEST(Mounts, ForksAreIndependent) {
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

TEST(Mounts, AWokenVmSeesMountsThatAreNew) {
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

TEST(Mounts, EqualVmsHaveEqualBytes) {
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

TEST(Mounts, ByDigestNothingIsRecorded) {
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

TEST(Mounts, ByDigestWithWritesKeepsTheWritten) {
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

TEST(Mounts, TheDigestIsThatOfTheContent) {
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

}  // namespace
}  // namespace quiesce
