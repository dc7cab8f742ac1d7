// D5, B4: Node's resolution of modules. The table is what Node 24 answers (testdata/resolve.mjs).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/json.hpp"
#include "modules/testing.hpp"

namespace quiesce {
namespace {

using base::Json;
using testing::HasSubstr;
using testing::Not;
using Kind = ModuleRequest::Kind;

struct Table {
  MemoryReader files;
  struct Row {
    std::string referrer, specifier, imported, required;
  };
  std::vector<Row> rows;
};

Table read_table() {
  const Json json = Json::parse(file_content("src/modules/testdata/resolve.json"));
  Table table;
  for (const Json& file : json.find("files")->items())
    table.files.files["/r/" + file.items()[0].text()] = file.items()[1].text();
  for (const Json& row : json.find("answers")->items()) {
    const auto& cells = row.items();
    table.rows.push_back({cells[0].text(), cells[1].text(), cells[2].text(), cells[3].text()});
  }
  return table;
}

NodeResolver as_node() {
  return NodeResolver({.conditions = {"node", "node-addons"}, .builtins = node_builtins()});
}

// Where we differ from Node on purpose: docs/resolution.md has the reasons.
const std::map<std::pair<std::string, std::string>, std::string> kDifferences = {
    // An escape that is not UTF-8 has a code; Node throws a plain URIError.
    {{"import ./%zz", "URIError"}, "ERR_INVALID_FILE_URL_PATH"},
    {{"import ./%ff", "URIError"}, "ERR_INVALID_FILE_URL_PATH"},
    {{"import ./per%cent.js", "URIError"}, "ERR_INVALID_FILE_URL_PATH"},
    // Answers of `require` itself, where Node's require.resolve has others.
    {{"require node:nope", "MODULE_NOT_FOUND"}, "ERR_UNKNOWN_BUILTIN_MODULE"},
    {{"require node:", "MODULE_NOT_FOUND"}, "ERR_UNKNOWN_BUILTIN_MODULE"},
    // "imports" may name a built-in module for `require` too; Node takes it for a file.
    {{"require #fs", "ERR_INVALID_URL_SCHEME"}, "node:fs"},
};

TEST(NodeResolver, AnswersAsNodeDoes) {  // D5
  Table table = read_table();
  NodeResolver resolver = as_node();
  std::size_t differences = 0;
  const auto check = [&](const Table::Row& row, Kind kind, const std::string& expected) {
    const bool is_import = kind != Kind::require;
    const std::string actual = answer(
        resolver, table.files, {row.specifier, path_to_file_url("/r/" + row.referrer), {}, kind});
    const auto known =
        kDifferences.find({(is_import ? "import " : "require ") + row.specifier, expected});
    if (known != kDifferences.end()) ++differences;
    EXPECT_EQ(actual, known == kDifferences.end() ? expected : known->second)
        << (is_import ? "import " : "require ") << base::json_quote(row.specifier) << " from "
        << row.referrer;
  };
  for (const Table::Row& row : table.rows) {
    check(row, Kind::static_import, row.imported);
    check(row, Kind::require, row.required);
  }
  EXPECT_GT(table.rows.size(), 300u);
  EXPECT_EQ(differences, kDifferences.size());
}

// The same questions name the same files whatever was asked before, and by whom.
TEST(NodeResolver, OneResolverServesThreads) {
  const Table table = read_table();
  NodeResolver resolver = as_node();
  std::atomic<int> wrong = 0;
  const auto ask_all = [&] {
    MemoryReader files = table.files;
    for (const Table::Row& row : table.rows) {
      const std::string url =
          answer(resolver, files, {row.specifier, "/r/" + row.referrer, {}, {}});
      if (url.starts_with("file:") && row.imported.starts_with("file:") && url != row.imported)
        ++wrong;
    }
  };
  std::thread first(ask_all), second(ask_all);
  first.join();
  second.join();
  EXPECT_EQ(wrong, 0);
}

TEST(NodeResolver, ConditionsAreTheCallersChoice) {
  MemoryReader files{{"/n/node_modules/p/package.json",
                      R"({"exports": {"node": "./n.js", "custom": "./c.js", "quiesce": "./q.js",
                          "import": "./i.js", "default": "./d.js"}})"},
                     {"/n/node_modules/p/n.js", ""},
                     {"/n/node_modules/p/c.js", ""},
                     {"/n/node_modules/p/q.js", ""}};
  const auto ask = [&](std::vector<std::string> conditions) {
    NodeResolver resolver({.conditions = std::move(conditions)});
    const std::string url = resolver.resolve(files, {"p", "file:///n/a.mjs", {}, {}});
    return url.substr(url.rfind('/') + 1);
  };
  EXPECT_EQ(ask({}), "q.js");
  EXPECT_EQ(ask({"custom"}), "c.js");
  EXPECT_EQ(ask({"custom", "node"}), "n.js");
}

TEST(NodeResolver, RefusesConditionsThatNoPackageMayName) {
  for (const std::string condition : {"", "0", "12", ".x"}) {
    try {
      NodeResolver resolver({.conditions = {condition}});
      ADD_FAILURE() << condition;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_argument);
    }
  }
}

TEST(NodeResolver, BuiltInsAreThoseThatWereGiven) {  // B8
  MemoryReader files{{"/a.mjs", ""}, {"/node_modules/punycode/index.js", ""}};
  NodeResolver resolver({.builtins = {"path", "sqlite", "mine"}});
  const auto ask = [&](const std::string& specifier, Kind kind = Kind::static_import) {
    return answer(resolver, files, {specifier, "file:///a.mjs", {}, kind});
  };
  EXPECT_EQ(ask("path"), "node:path");
  EXPECT_EQ(ask("node:path", Kind::require), "node:path");
  EXPECT_EQ(ask("mine"), "node:mine");
  EXPECT_EQ(ask("node:sqlite"), "node:sqlite");
  EXPECT_EQ(ask("sqlite"), "ERR_MODULE_NOT_FOUND");  // as in Node, with "node:" only
  for (const Kind kind : {Kind::static_import, Kind::require}) {
    EXPECT_EQ(ask("fs", kind), "ERR_UNKNOWN_BUILTIN_MODULE");
    EXPECT_EQ(ask("node:fs", kind), "ERR_UNKNOWN_BUILTIN_MODULE");
    EXPECT_EQ(ask("node:nope", kind), "ERR_UNKNOWN_BUILTIN_MODULE");
    EXPECT_EQ(ask("punycode", kind), "file:///node_modules/punycode/index.js");
  }
}

TEST(NodeResolver, FilesAreOffByDefault) {  // B5
  const BuiltinNames all = all_builtins(), quiet = default_builtins(), node = node_builtins();
  EXPECT_TRUE(all.contains("punycode"));
  for (const std::string& name : all) {
    EXPECT_TRUE(node.contains(name)) << name;
    EXPECT_EQ(quiet.contains(name), name.substr(0, 2) != "fs") << name;
  }
}

TEST(NodeResolver, MetaResolveNamesWhatIsNotThere) {
  MemoryReader files{{"/app/a.mjs", ""}, {"/app/dir/x.js", ""}};
  NodeResolver resolver;
  const auto ask = [&](const std::string& specifier) {
    return answer(resolver, files, {specifier, "file:///app/a.mjs", {}, Kind::meta_resolve});
  };
  EXPECT_EQ(ask("./none.js?x"), "file:///app/none.js?x");
  EXPECT_EQ(ask("./dir"), "file:///app/dir");
  EXPECT_EQ(ask("node:nope"), "node:nope");
  EXPECT_EQ(ask("http://example.com"), "http://example.com/");
  EXPECT_EQ(ask("none"), "ERR_MODULE_NOT_FOUND");
}

TEST(NodeResolver, ReferrersThatAreNoFiles) {
  MemoryReader files{{"/a.mjs", ""}, {"/node_modules/p/index.js", ""}};
  NodeResolver resolver({.builtins = {"path"}});
  const auto ask = [&](const std::string& specifier, const std::string& referrer) {
    return answer(resolver, files, {specifier, referrer, {}, {}});
  };
  EXPECT_EQ(ask("./a.mjs", "data:text/javascript,1"), "ERR_UNSUPPORTED_RESOLVE_REQUEST");
  EXPECT_EQ(ask("p", "data:text/javascript,1"), "ERR_UNSUPPORTED_RESOLVE_REQUEST");
  EXPECT_EQ(ask("path", "data:text/javascript,1"), "node:path");
  EXPECT_EQ(ask("file:///a.mjs", "data:text/javascript,1"), "file:///a.mjs");
  EXPECT_EQ(ask("./a.mjs", "no URL"), "ERR_UNSUPPORTED_RESOLVE_REQUEST");
  EXPECT_EQ(ask("./a.mjs", ""), "ERR_UNSUPPORTED_RESOLVE_REQUEST");
  EXPECT_EQ(ask("file:///a.mjs", ""), "file:///a.mjs");
  EXPECT_EQ(ask("p", "/sub/x.mjs"), "file:///node_modules/p/index.js");
  EXPECT_EQ(ask("p", "https://example.com/x.mjs"), "ERR_UNSUPPORTED_RESOLVE_REQUEST");
  EXPECT_EQ(ask("./a.mjs", "file:///x%2fy"), "ERR_INVALID_FILE_URL_PATH");
}

TEST(NodeResolver, MessagesSayWhereAndWhatInstead) {
  MemoryReader files{{"/app/a.mjs", ""},
                     {"/app/lib/x.js", ""},
                     {"/app/lib/index.js", ""},
                     {"/app/types/a.ts", ""},
                     {"/app/types/index.ts", ""},
                     {"/app/types/m.mts", ""},
                     {"/app/node_modules/p/sub.js", ""},
                     {"/app/node_modules/bad/package.json", "{\n  \"main\": x}"}};
  NodeResolver resolver({.builtins = {}});
  const auto text = [&](const std::string& specifier, Kind kind = Kind::static_import) {
    return failure_of([&] { resolver.resolve(files, {specifier, "file:///app/a.mjs", {}, kind}); });
  };
  EXPECT_EQ(text("./lib/x"),
            "ERR_MODULE_NOT_FOUND: Cannot find module '/app/lib/x' imported from /app/a.mjs\n"
            "Did you mean to import \"./lib/x.js\"?");
  EXPECT_THAT(text("./lib"), HasSubstr("Did you mean to import \"./lib/index.js\"?"));
  EXPECT_THAT(text("p/sub"), HasSubstr("Did you mean to import \"p/sub.js\"?"));
  for (const char* specifier : {"./types/a", "./types/a.js"})
    EXPECT_THAT(text(specifier), HasSubstr("Did you mean to import \"./types/a.ts\"?"));
  EXPECT_THAT(text("./types"), HasSubstr("Did you mean to import \"./types/index.ts\"?"));
  EXPECT_THAT(text("./types/m.mjs"), HasSubstr("Did you mean to import \"./types/m.mts\"?"));
  EXPECT_THAT(text("./types/b.js"), Not(HasSubstr("Did you mean")));
  EXPECT_EQ(text("bad"),
            "ERR_INVALID_PACKAGE_CONFIG: Invalid package config "
            "/app/node_modules/bad/package.json: unexpected \"x\" (line 2, column 11)");
  EXPECT_EQ(
      text("fs"),
      "ERR_UNKNOWN_BUILTIN_MODULE: No such built-in module: node:fs imported from /app/a.mjs. "
      "Node has it, this VM was given none");
  EXPECT_EQ(text("./no\xED\xA0\x80\n", Kind::require),
            "MODULE_NOT_FOUND: Cannot find module './no\xEF\xBF\xBD\\u000a' imported from "
            "/app/a.mjs");
}

// C10: what JavaScript can write as a name arrives as it was written.
TEST(NodeResolver, NamesWithNulSurrogatesAndLength) {
  MemoryReader files{{"/a.mjs", ""}, {"/node_modules/p/index.js", ""}};
  NodeResolver resolver;
  const std::string long_name(300, 'x'), long_path = "./" + std::string(5000, 'y');
  for (const Kind kind : {Kind::static_import, Kind::require}) {
    const std::string missing = kind == Kind::require ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND";
    for (const std::string& specifier :
         {std::string("p\0q", 3), std::string("./a\0.mjs", 8), std::string("p\xED\xA0\x80"),
          long_name, "./" + long_name, long_path, long_name + "/" + long_name}) {
      EXPECT_EQ(answer(resolver, files, {specifier, "file:///a.mjs", {}, kind}), missing);
    }
  }
  // A URL begins and ends with no blanks and controls.
  EXPECT_EQ(answer(resolver, files, {std::string("./a.mjs\0", 8), "file:///a.mjs", {}, {}}),
            "file:///a.mjs");
}

TEST(NodeResolver, HugeAndDeepPackagesAreRefused) {
  MemoryReader files{
      {"/node_modules/huge/package.json", "{\"x\": \"" + std::string(2u << 20, 'x') + "\"}"},
      {"/node_modules/deep/package.json", std::string(100'000, '[') + std::string(100'000, ']')}};
  NodeResolver resolver;
  const auto text = [&](const std::string& specifier) {
    return failure_of([&] { resolver.resolve(files, {specifier, "file:///a.mjs", {}, {}}); });
  };
  EXPECT_THAT(text("huge"), HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(text("deep"), HasSubstr("nested too deeply"));
}

// However many targets a package lists, a resolution is soon over.
TEST(NodeResolver, ListsOfBadTargetsAreNoBurden) {
  const auto list = [](const std::string& item) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += item + ",";
    return text;
  };
  MemoryReader files{{"/package.json", "{\"imports\": {\"#p\": [" + list("\"bad\"") +
                                           "\"./a.js\"], \"#q\": [" + list("1") + "\"./a.js\"]}}"},
                     {"/a.js", ""},
                     {"/node_modules/bad/package.json", R"({"exports": "no target"})"}};
  NodeResolver resolver;
  EXPECT_EQ(answer(resolver, files, {"#q", "file:///x.mjs", {}, {}}), "file:///a.js");
  files.asked = 0;
  EXPECT_EQ(answer(resolver, files, {"#p", "file:///x.mjs", {}, {}}), "ERR_INVALID_PACKAGE_CONFIG");
  EXPECT_LT(files.asked, 1000u);
}

// What a package.json says now counts, not what it said before, nor what another VM's says.
TEST(NodeResolver, NothingIsStale) {
  MemoryReader files{{"/node_modules/p/package.json", R"({"main": "a.js"})"},
                     {"/node_modules/p/a.js", ""},
                     {"/node_modules/p/b.js", ""}};
  MemoryReader other = files;
  other.files["/node_modules/p/package.json"] = R"({"main": "b.js"})";
  NodeResolver resolver;
  const ModuleRequest request{"p", "file:///x.mjs", {}, {}};
  EXPECT_EQ(resolver.resolve(files, request), "file:///node_modules/p/a.js");
  EXPECT_EQ(resolver.resolve(other, request), "file:///node_modules/p/b.js");
  files.files["/node_modules/p/package.json"] = R"({"exports": "./b.js"})";
  EXPECT_EQ(resolver.resolve(files, request), "file:///node_modules/p/b.js");
  files.files.erase("/node_modules/p/package.json");
  EXPECT_EQ(answer(resolver, files, request), "ERR_MODULE_NOT_FOUND");
  files.files["/node_modules/p/index.js"] = "";
  EXPECT_EQ(resolver.resolve(files, request), "file:///node_modules/p/index.js");
}

TEST(FileUrls, AreThoseOfNode) {
  EXPECT_EQ(path_to_file_url("/a b/%#?.js"), "file:///a%20b/%25%23%3F.js");
  EXPECT_EQ(file_url_to_path("file:///a%20b/%25%23%3F.js?x#y"), "/a b/%#?.js");
  EXPECT_EQ(failure_of([] { file_url_to_path("http://a/b"); }).substr(0, 22),
            "ERR_INVALID_URL_SCHEME");
  EXPECT_EQ(failure_of([] { file_url_to_path("nothing"); }).substr(0, 15), "ERR_INVALID_URL");
  EXPECT_EQ(failure_of([] { file_url_to_path("file://h/x"); }).substr(0, 25),
            "ERR_INVALID_FILE_URL_HOST");
  EXPECT_EQ(failure_of([] { file_url_to_path("file:///a%2Fb"); }).substr(0, 25),
            "ERR_INVALID_FILE_URL_PATH");
}

// B3: a resolver can be wrapped.
TEST(Resolvers, CanBeWrapped) {
  struct Aliases final : Resolver {
    NodeResolver node;
    std::string resolve(FileReader& files, const ModuleRequest& request) override {
      ModuleRequest wanted = request;
      if (wanted.specifier == "react") wanted.specifier = "preact/compat.js";
      return node.resolve(files, wanted);
    }
  };
  MemoryReader files{{"/node_modules/preact/compat.js", ""}};
  Aliases aliases;
  EXPECT_EQ(aliases.resolve(files, {"react", "file:///a.mjs", {}, {}}),
            "file:///node_modules/preact/compat.js");
}

}  // namespace
}  // namespace quiesce
