// Import maps, rule by rule (WHATWG HTML, 8.1.6.2 and 8.1.6.3).
#include "quiesce/import_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "modules/integrity.hpp"
#include "modules/testing.hpp"

namespace quiesce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kBase = "file:///app/map.json";
constexpr const char* kMain = "file:///app/main.mjs";

ImportMap parse(std::string_view json) { return ImportMap::parse(json, kBase); }

std::string ask(const ImportMap& map, std::string_view specifier, std::string_view base = kMain) {
  try {
    return map.resolve(specifier, base).value_or("-");
  } catch (const ModuleError& error) {
    EXPECT_EQ(error.error_class(), ModuleError::Class::type_error);
    return error.node_code();
  }
}

TEST(ImportMap, RefusesWhatTheStandardRefuses) {
  using Class = ModuleError::Class;
  const std::tuple<const char*, Class, const char*> rows[] = {
      {"", Class::syntax_error, "the text ends too early"},
      {"{,}", Class::syntax_error, "unexpected \",\""},
      {"{\"imports\": {}} x", Class::syntax_error, "unexpected \"x\""},
      {"\xEF\xBB\xBF{}", Class::syntax_error, "unexpected"},
      {"null", Class::type_error, "it is not a JSON object"},
      {"[]", Class::type_error, "it is not a JSON object"},
      {"\"x\"", Class::type_error, "it is not a JSON object"},
      {R"({"imports": null})", Class::type_error, "\"imports\" is not an object"},
      {R"({"imports": []})", Class::type_error, "\"imports\" is not an object"},
      {R"({"scopes": 1})", Class::type_error, "\"scopes\" is not an object"},
      {R"({"scopes": {"/a/": []}})", Class::type_error, "the scope \"/a/\" is not an object"},
      {R"({"scopes": {"/a/": null}})", Class::type_error, "the scope \"/a/\" is not an object"},
      {R"({"integrity": "x"})", Class::type_error, "\"integrity\" is not an object"},
  };
  for (const auto& [json, error_class, text] : rows) {
    try {
      parse(json);
      ADD_FAILURE() << json;
    } catch (const ModuleError& error) {
      EXPECT_EQ(error.node_code(), "ERR_INVALID_IMPORT_MAP");
      EXPECT_EQ(error.error_class(), error_class) << json;
      EXPECT_THAT(error.what(), HasSubstr(text));
    }
  }
  EXPECT_THAT(failure_of([] { ImportMap::parse("{}", "no URL"); }), HasSubstr("is none: 'no URL'"));
}

TEST(ImportMap, IgnoresWithAWarning) {
  const ImportMap map = parse(R"({
    "imports": {"": "./a.js", "number": 1, "bare": "x", "folder/": "./a", "null": null},
    "scopes": {"http://[": {"a": "./a.js"}, "ok/": {"b": 2}},
    "integrity": {"bare": "sha256-x", "./a.js": 3},
    "other": 1})");
  EXPECT_THAT(
      map.warnings(),
      ElementsAre("an empty specifier cannot be a key", "the address of \"number\" is not a string",
                  "the address of \"bare\" is no URL, and does not begin with \"/\", \"./\" or "
                  "\"../\": \"x\"",
                  "the address of \"folder/\" must end with \"/\" as its key does: \"./a\"",
                  "the address of \"null\" is not a string", "the scope \"http://[\" is no URL",
                  "the address of \"b\" is not a string",
                  "the key \"bare\" of \"integrity\" is no URL",
                  "the integrity of \"./a.js\" is not a string",
                  "\"other\" is unknown at the top of an import map"));
  // What was wrong is not simply absent: nothing else may take its place.
  for (const char* specifier : {"number", "bare", "folder/", "folder/x", "null"})
    EXPECT_EQ(ask(map, specifier), "ERR_IMPORT_MAP_BLOCKED") << specifier;
  EXPECT_EQ(ask(map, "a"), "-");
  EXPECT_THAT(parse(R"({"imports": {}, "scopes": {}, "integrity": {}})").warnings(), IsEmpty());
}

TEST(ImportMap, MapsWholeSpecifiersAndPrefixes) {
  const ImportMap map = parse(R"({"imports": {
    "a": "./vendor/a.mjs", "a/": "./vendor/a/", "a/deep/": "/deep/", "a/deep/x": "./x.mjs",
    "./local.mjs": "./other.mjs", "/root.mjs": "https://example.com/root.mjs",
    "https://cdn.example/": "./cdn/", "node:fs": "./fs.mjs", "fs": "node:path",
    "%41": "./escaped.mjs", "data:text/javascript,1": "./data.mjs", "data:": "./never/",
    "\ud800": "./surrogate.mjs", "": "./empty.mjs"}})");
  const std::pair<std::string, const char*> rows[] = {
      {"a", "file:///app/vendor/a.mjs"},
      {"a/", "file:///app/vendor/a/"},
      {"a/b/c.mjs?x#y", "file:///app/vendor/a/b/c.mjs?x#y"},
      {"a/deep/y", "file:///deep/y"},
      {"a/deep/x", "file:///app/x.mjs"},
      {"a/deep/x/", "file:///deep/x/"},
      {"ab", "-"},
      {"./local.mjs", "file:///app/other.mjs"},
      {"file:///app/local.mjs", "file:///app/other.mjs"},
      {"./x/../local.mjs", "file:///app/other.mjs"},
      {"local.mjs", "-"},
      {"/root.mjs", "https://example.com/root.mjs"},
      {"https://cdn.example/x/y.mjs", "file:///app/cdn/x/y.mjs"},
      {"HTTPS://CDN.example/x", "file:///app/cdn/x"},
      {"node:fs", "file:///app/fs.mjs"},
      {"fs", "node:path"},
      {"%41", "file:///app/escaped.mjs"},
      {"A", "-"},
      {"data:text/javascript,1", "file:///app/data.mjs"},
      {"data:text/javascript,2", "-"},
      {"\xED\xA0\x80", "file:///app/surrogate.mjs"},
      {"", "-"},
      {"./unknown.mjs", "-"},
  };
  for (const auto& [specifier, expected] : rows)
    EXPECT_EQ(ask(map, specifier), expected) << specifier;
  // The same module from another folder.
  EXPECT_EQ(ask(map, "../local.mjs", "file:///app/sub/x.mjs"), "file:///app/other.mjs");
  EXPECT_EQ(ask(map, "./local.mjs", "file:///app/sub/x.mjs"), "-");
  EXPECT_EQ(ask(map, "./local.mjs", "no URL"), "-");
}

// Merging, rule by rule (8.1.6.2, "merge existing and new import maps").

TEST(ImportMapMerge, AddsWhatTheFirstDoesNotSay) {
  const ImportMap merged = ImportMap::merge(parse(R"({"imports": {"a": "./a1.mjs"}})"),
                                            parse(R"({"imports": {"b": "./b2.mjs"}})"));
  EXPECT_EQ(ask(merged, "a"), "file:///app/a1.mjs");
  EXPECT_EQ(ask(merged, "b"), "file:///app/b2.mjs");
  EXPECT_THAT(merged.warnings(), IsEmpty());
  EXPECT_TRUE(ImportMap::merge(ImportMap(), ImportMap()).is_empty());
}

TEST(ImportMapMerge, WhatTheFirstSaysStays) {
  const ImportMap merged =
      ImportMap::merge(parse(R"({"imports": {"a": "./a1.mjs", "n": null, "./x.mjs": "./x1.mjs"}})"),
                       parse(R"({"imports": {"a": "./a2.mjs", "n": "./n2.mjs"}})"));
  EXPECT_EQ(ask(merged, "a"), "file:///app/a1.mjs");
  EXPECT_EQ(ask(merged, "n"), "ERR_IMPORT_MAP_BLOCKED");  // null is a word, too
  EXPECT_THAT(
      merged.warnings(),
      ElementsAre("the address of \"n\" is not a string",
                  "\"a\" is in \"imports\" of an earlier import map already, which counts",
                  "\"n\" is in \"imports\" of an earlier import map already, which counts"));
}

TEST(ImportMapMerge, KeysAreComparedAsUrls) {
  // The second map lies elsewhere, and means the same file.
  const ImportMap merged =
      ImportMap::merge(parse(R"({"imports": {"./x.mjs": "./x1.mjs"}})"),
                       ImportMap::parse(R"({"imports": {"../x.mjs": "./x2.mjs", "y": "./y.mjs"}})",
                                        "file:///app/sub/map.json"));
  EXPECT_EQ(ask(merged, "./x.mjs"), "file:///app/x1.mjs");
  EXPECT_EQ(ask(merged, "y"), "file:///app/sub/y.mjs");
  EXPECT_THAT(merged.warnings(), ElementsAre(HasSubstr("\"file:///app/x.mjs\" is in \"imports\"")));
}

TEST(ImportMapMerge, LongerKeysOfTheSecondCount) {
  const ImportMap merged =
      ImportMap::merge(parse(R"({"imports": {"a/": "./one/"}})"),
                       parse(R"({"imports": {"a/b/": "./two/", "a/c": "./c.mjs"}})"));
  EXPECT_EQ(ask(merged, "a/x"), "file:///app/one/x");
  EXPECT_EQ(ask(merged, "a/b/x"), "file:///app/two/x");
  EXPECT_EQ(ask(merged, "a/c"), "file:///app/c.mjs");
}

TEST(ImportMapMerge, ScopesOneByOne) {
  const ImportMap merged = ImportMap::merge(
      parse(R"({"imports": {"a": "./top.mjs"}, "scopes": {"./sub/": {"a": "./a1.mjs"}}})"),
      parse(R"({"scopes": {"./sub/": {"a": "./a2.mjs", "b": "./b2.mjs"},
                           "./other/": {"a": "./a3.mjs"}}})"));
  EXPECT_EQ(ask(merged, "a", "file:///app/sub/x.mjs"), "file:///app/a1.mjs");
  EXPECT_EQ(ask(merged, "b", "file:///app/sub/x.mjs"), "file:///app/b2.mjs");
  EXPECT_EQ(ask(merged, "a", "file:///app/other/x.mjs"), "file:///app/a3.mjs");
  EXPECT_EQ(ask(merged, "a"), "file:///app/top.mjs");
  EXPECT_THAT(merged.warnings(),
              ElementsAre("\"a\" is in the scope \"file:///app/sub/\" of an earlier import map "
                          "already, which counts"));
}

TEST(ImportMapMerge, IntegrityOfTheFirstStays) {
  const ImportMap merged =
      ImportMap::merge(parse(R"({"integrity": {"./a.mjs": "sha256-1"}})"),
                       parse(R"({"integrity": {"./a.mjs": "sha256-2", "./b.mjs": "sha256-3"}})"));
  EXPECT_EQ(merged.integrity("file:///app/a.mjs"), "sha256-1");
  EXPECT_EQ(merged.integrity("file:///app/b.mjs"), "sha256-3");
  EXPECT_THAT(merged.warnings(), ElementsAre(HasSubstr("is in \"integrity\"")));
}

TEST(ImportMapMerge, LeavesBothAsTheyWere) {
  const ImportMap first = parse(R"({"imports": {"a": "./a.mjs"}})");
  const ImportMap second = parse(R"({"imports": {"b": "./b.mjs"}})");
  ImportMap::merge(first, second);
  EXPECT_EQ(ask(first, "b"), "-");
  EXPECT_EQ(ask(second, "a"), "-");
}

TEST(ImportMap, NullBlocks) {
  const ImportMap map =
      parse(R"({"imports": {"a": null, "b/": null, "b/c": "./c.mjs", "b/d/": "./d/"}})");
  EXPECT_EQ(ask(map, "a"), "ERR_IMPORT_MAP_BLOCKED");
  EXPECT_EQ(ask(map, "b/x"), "ERR_IMPORT_MAP_BLOCKED");
  EXPECT_EQ(ask(map, "b/c"), "file:///app/c.mjs");
  EXPECT_EQ(ask(map, "b/d/x"), "file:///app/d/x");
}

TEST(ImportMap, PrefixesAreNotLeft) {
  const ImportMap map = parse(R"({"imports": {"a/": "./vendor/a/", "u/": "foo:/x/"}})");
  for (const char* specifier :
       {"a/../b", "a/x/../../b", "a/%2e%2e/b", "a//b", "a/https://x/", "u/../y"})
    EXPECT_EQ(ask(map, specifier), "ERR_IMPORT_MAP_BLOCKED") << specifier;
  EXPECT_EQ(ask(map, "a/x/../b"), "file:///app/vendor/a/b");
  EXPECT_EQ(ask(map, "a/"), "file:///app/vendor/a/");
  EXPECT_EQ(ask(map, "u/y"), "foo:/x/y");
}

TEST(ImportMap, ScopesFromTheMostSpecificToTheTop) {
  const ImportMap map = parse(R"({
    "imports": {"a": "./a1.mjs", "b": "./b1.mjs", "c": "./c1.mjs"},
    "scopes": {
      "./sub/": {"a": "./a2.mjs", "b": "./b2.mjs"},
      "./sub/deep/": {"a": "./a3.mjs"},
      "./sub/deep/one.mjs": {"a": "./a4.mjs"},
      "./no-slash": {"a": "./a5.mjs"}}})");
  const std::tuple<const char*, const char*, const char*> rows[] = {
      {"a", "file:///app/x.mjs", "file:///app/a1.mjs"},
      {"a", "file:///app/sub/x.mjs", "file:///app/a2.mjs"},
      {"a", "file:///app/sub/deep/x.mjs", "file:///app/a3.mjs"},
      {"b", "file:///app/sub/deep/x.mjs", "file:///app/b2.mjs"},
      {"c", "file:///app/sub/deep/x.mjs", "file:///app/c1.mjs"},
      {"a", "file:///app/sub/deep/one.mjs", "file:///app/a4.mjs"},
      {"a", "file:///app/sub/deep/one.mjs.js", "file:///app/a3.mjs"},
      {"a", "file:///app/no-slash", "file:///app/a5.mjs"},
      {"a", "file:///app/no-slash/x", "file:///app/a1.mjs"},
      {"a", "file:///app/sub", "file:///app/a1.mjs"},
      {"d", "file:///app/sub/x.mjs", "-"},
  };
  for (const auto& [specifier, base, expected] : rows)
    EXPECT_EQ(ask(map, specifier, base), expected) << base;
}

TEST(ImportMap, IntegrityIsKeptByUrl) {
  const ImportMap map =
      parse(R"({"integrity": {"./a.js": "sha256-x", "https://x/y": "sha512-z"}})");
  EXPECT_EQ(map.integrity("file:///app/a.js"), "sha256-x");
  EXPECT_EQ(map.integrity("https://x/y"), "sha512-z");
  EXPECT_EQ(map.integrity("./a.js"), "");
  EXPECT_THAT(map.warnings(), IsEmpty());
}

TEST(ImportMap, IsAValue) {
  ImportMap first = parse(R"({"imports": {"a": "./a.mjs"}})");
  const ImportMap second = std::move(first);
  EXPECT_EQ(ask(second, "a"), "file:///app/a.mjs");
  EXPECT_FALSE(second.is_empty());
  EXPECT_TRUE(ImportMap().is_empty());
  EXPECT_TRUE(parse("{\"imports\": {}}").is_empty());
  EXPECT_FALSE(parse(R"({"integrity": {"./a.js": "x"}})").is_empty());
  first = ImportMap();
  EXPECT_EQ(ask(first, "a"), "-");
  EXPECT_EQ(ask(second, "a"), "file:///app/a.mjs");
}

TEST(Integrity, TheStrongestKindCounts) {
  // printf abc | openssl dgst -sha256 -binary | base64, and so on.
  const std::string sha256 = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
  const std::string sha384 =
      "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
  const std::string sha512 =
      "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/"
      "uu9RU1EI2Q86A4qmslPpUyknw==";
  for (const std::string& good :
       {sha256, sha384, sha512, sha256 + " " + sha512, "sha512-bad " + sha512,
        "sha256-bad " + sha384, "\t" + sha256 + "?ct=x\n", std::string(), std::string("md5-x")})
    EXPECT_TRUE(modules::has_integrity("abc", good)) << good;
  for (const char* bad :
       {"sha256-x", "sha256-", "sha512-x sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="})
    EXPECT_FALSE(modules::has_integrity("abc", bad)) << bad;
  EXPECT_FALSE(modules::has_integrity("abd", sha256));
  EXPECT_TRUE(modules::has_integrity("abc", "sha256-ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0="));
}

}  // namespace
}  // namespace quiesce
