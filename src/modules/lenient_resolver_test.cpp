// B1: the lenient resolver, and what falls short elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "modules/testing.hpp"

namespace quiesce {
namespace {

using testing::HasSubstr;
using Kind = ModuleRequest::Kind;

struct Lenient : testing::Test {
  std::string ask(const std::string& specifier, const std::string& referrer = "/src/main.js",
                  Kind kind = Kind::static_import) {
    return answer(resolver, files, {specifier, referrer, {}, kind});
  }

  MemoryReader files{
      {"/src/main.js", ""},
      {"/src/a.js", ""},
      {"/src/b", ""},
      {"/src/b.js", ""},
      {"/src/dir/index.js", ""},
      {"/src/dir/part.js", ""},
      {"/src/both.js", ""},
      {"/src/both/index.js", ""},
      {"/src/empty.js", ""},
      {"/src/100%.js", ""},
      {"/src/link.js", "->a.js"},
      {"/node_modules/plain/index.js", ""},
      {"/node_modules/file.js", ""},
      {"/node_modules/with-main/package.json", R"({"main": "lib/x"})"},
      {"/node_modules/with-main/lib/x.js", ""},
      {"/node_modules/with-main/index.js", ""},
      {"/node_modules/outside/package.json", R"({"main": "../../src/a.js"})"},
      {"/node_modules/@s/p/index.js", ""},
      {"/node_modules/plain/node_modules/inner/index.js", ""},
  };
  LenientResolver resolver{{.builtins = {"path"}}};
};

TEST_F(Lenient, ExactThenJsThenIndex) {  // B1
  EXPECT_EQ(ask("./b"), "file:///src/b");
  EXPECT_EQ(ask("./a"), "file:///src/a.js");
  EXPECT_EQ(ask("./both"), "file:///src/both.js");
  EXPECT_EQ(ask("./both/"), "file:///src/both/index.js");
  EXPECT_EQ(ask("./dir"), "file:///src/dir/index.js");
  EXPECT_EQ(ask("/src/a"), "file:///src/a.js");
  EXPECT_EQ(ask("file:///src/a"), "file:///src/a.js");
  EXPECT_EQ(ask("./100%"), "file:///src/100%25.js");
}

TEST_F(Lenient, OneFileIsOneModule) {  // B1
  for (const std::string name : {"./a", "./a.js", "./dir/../a", "/src/a", "../src/a.js",
                                 ".././src//a", "file:///src/a.js", "./link", "./link.js"})
    EXPECT_EQ(ask(name), "file:///src/a.js") << name;
  EXPECT_EQ(ask("./a", "/src/main.js", Kind::require), "file:///src/a.js");
}

TEST_F(Lenient, RelativeImportsInsideOfAnIndex) {  // B1
  const std::string index = ask("./dir");
  EXPECT_EQ(ask("./part", index), "file:///src/dir/part.js");
  EXPECT_EQ(ask("../a", index), "file:///src/a.js");
  EXPECT_EQ(ask(".", "file:///src/dir/part.js"), index);
}

TEST_F(Lenient, AnEmptyFileIsAModule) {  // B1
  EXPECT_EQ(ask("./empty"), "file:///src/empty.js");
}

TEST_F(Lenient, PackagesNeedNoPackageJson) {  // B1
  EXPECT_EQ(ask("plain"), "file:///node_modules/plain/index.js");
  EXPECT_EQ(ask("file"), "file:///node_modules/file.js");
  EXPECT_EQ(ask("@s/p"), "file:///node_modules/@s/p/index.js");
  EXPECT_EQ(ask("with-main"), "file:///node_modules/with-main/lib/x.js");
  EXPECT_EQ(ask("with-main/lib/x"), "file:///node_modules/with-main/lib/x.js");
  EXPECT_EQ(ask("inner", "file:///node_modules/plain/index.js"),
            "file:///node_modules/plain/node_modules/inner/index.js");
}

TEST_F(Lenient, BareNamesDoNotLeaveNodeModules) {  // B1
  for (const std::string name :
       {"plain/../../src/a.js", "x/../../src/a", "plain/../..", "..x/../../src/a", "outside"})
    EXPECT_EQ(ask(name), "ERR_MODULE_NOT_FOUND") << name;
  EXPECT_EQ(ask("plain/../file"), "file:///node_modules/file.js");
}

TEST_F(Lenient, SaysWhatIsMissing) {  // B1
  const auto text = [&](Kind kind) {
    return failure_of([&] { resolver.resolve(files, {"nothing", "/src/main.js", {}, kind}); });
  };
  EXPECT_EQ(text(Kind::static_import),
            "ERR_MODULE_NOT_FOUND: Module 'nothing' not installed or available, imported from "
            "'/src/main.js'");
  EXPECT_THAT(text(Kind::require), HasSubstr("MODULE_NOT_FOUND: Module 'nothing' not installed"));
}

TEST_F(Lenient, BuiltInsAndOtherUrls) {
  EXPECT_EQ(ask("path"), "node:path");
  EXPECT_EQ(ask("node:path"), "node:path");
  EXPECT_EQ(ask("fs"), "ERR_MODULE_NOT_FOUND");
  EXPECT_EQ(ask("node:fs"), "ERR_UNKNOWN_BUILTIN_MODULE");
  EXPECT_EQ(ask("data:text/javascript,1"), "data:text/javascript,1");
  EXPECT_EQ(ask("https://example.com/x.js"), "ERR_UNSUPPORTED_ESM_URL_SCHEME");
  EXPECT_EQ(ask("file://host/x.js"), "ERR_INVALID_FILE_URL_HOST");
}

TEST_F(Lenient, NoFileIsFoundInNonsense) {
  for (const std::string& name :
       {std::string(), std::string("\0", 1), std::string("./\0", 3), std::string(5000, 'x'),
        std::string("./\xED\xA0\x80"), std::string("..."), std::string(".."), std::string("/")})
    EXPECT_EQ(ask(name), "ERR_MODULE_NOT_FOUND") << name;
}

}  // namespace
}  // namespace quiesce
