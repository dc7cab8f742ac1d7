// URLs: a table of what Node 24 makes of odd inputs (testdata/urls.mjs), and what no table can say.
#include "base/url.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace quiesce::base {
namespace {

using nlohmann::json;

const json& table() {
  static const json parsed =
      json::parse(std::ifstream(std::string(QUIESCE_TEST_ROOT) + "/src/base/testdata/urls.json"));
  return parsed;
}

TEST(Url, ParsesAsNodeDoes) {
  const json& bases = table().at("bases");
  std::size_t compared = 0;
  for (const json& row : table().at("parse")) {
    const auto input = row[0].get<std::string>();
    for (std::size_t i = 0; i < bases.size(); ++i) {
      std::optional<Url> base;
      if (!bases[i].is_null()) base = Url::parse(bases[i].get<std::string>());
      const auto url = Url::parse(input, base ? &*base : nullptr);
      const json expected = row[i + 1];
      const json actual = url ? json(url->text()) : json();
      EXPECT_EQ(actual, expected) << "'" << input << "' relative to " << bases[i];
      if (!url) continue;
      // What was written is read as the same.
      const auto again = Url::parse(url->text());
      ASSERT_TRUE(again) << url->text();
      EXPECT_EQ(again->text(), url->text());
      ++compared;
    }
  }
  EXPECT_GT(compared, 1000u);
}

TEST(Url, PathsOfFilesAsNodeWritesThem) {
  for (const json& row : table().at("from_path"))
    EXPECT_EQ(url_of_file_path(row[0].get<std::string>()).text(), row[1].get<std::string>())
        << row[0];
}

TEST(Url, EveryPathComesBack) {
  for (int byte = 1; byte < 256; ++byte) {
    if (byte == '/') continue;  // two of them become one
    std::string path = "/a";
    if (byte < 128) {
      path += static_cast<char>(byte);
    } else {
      path += {static_cast<char>(0xC0 | byte >> 6), static_cast<char>(0x80 | (byte & 63))};
    }
    path += "b";
    const Url url = url_of_file_path(path);
    EXPECT_EQ(file_path_of_url_path(url.path_text()), path);
    const auto again = Url::parse(url.text());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->text(), url.text());
  }
}

TEST(Url, LoneSurrogatesAndBrokenTextBecomeReplacements) {  // C10
  EXPECT_EQ(Url::parse("x:/\xED\xA0\x80!")->text(), "x:/%EF%BF%BD!");
  EXPECT_EQ(url_of_file_path("/\xED\xA0\x80").text(), "file:///%EF%BF%BD");
  EXPECT_EQ(url_of_file_path("/\xFF").text(), "file:///%EF%BF%BD");
  EXPECT_EQ(url_of_file_path("/a\x01").text(), "file:///a%01");  // Node loses such an end
  EXPECT_EQ(url_of_file_path(std::string("/a\0b", 4)).text(), "file:///a%00b");
}

TEST(Url, HostsThatNeedTablesAreRefused) {
  EXPECT_FALSE(
      Url::parse("https://b\xC3\xBC"
                 "cher.example/"));
  EXPECT_FALSE(Url::parse("https://xn--bcher-kva.example/"));
}

TEST(Url, Parts) {
  const Url url = *Url::parse("https://u:p@example.com:8443/a/b?q=1#f");
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_EQ(url.host(), "example.com");
  EXPECT_EQ(url.path_text(), "/a/b");
  EXPECT_EQ(url.query(), "q=1");
  EXPECT_EQ(url.fragment(), "f");
  EXPECT_TRUE(url.is_special());
  EXPECT_FALSE(url.is_opaque());
  EXPECT_TRUE(Url::parse("node:fs")->is_opaque());
  EXPECT_EQ(Url::scheme_of(" No\tDe:x"), "node");
  EXPECT_EQ(Url::scheme_of("./x:y"), std::nullopt);
}

TEST(Url, PercentDecoding) {
  EXPECT_EQ(percent_decode("a%41%zz%4"), "aA%zz%4");
  EXPECT_EQ(file_path_of_url_path("/%C3%A9"), "/\xC3\xA9");
  EXPECT_EQ(file_path_of_url_path("/%ff"), std::nullopt);
  EXPECT_EQ(file_path_of_url_path("/%"), std::nullopt);
}

}  // namespace
}  // namespace quiesce::base
