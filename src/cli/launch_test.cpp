#include "cli/launch.hpp"

#include <gtest/gtest.h>

#include "cli/location.hpp"

namespace quiesce::cli {
namespace {

SourceType type_of(const std::string& text, Reading reading = Reading::program) {
  VM vm;
  return launch(vm, {"a.js", text}, reading).type;
}

// Where the error lies that launching `text` throws.
Location place_of_error(const std::string& text, Reading reading = Reading::program) {
  VM vm;
  try {
    launch(vm, {"a.js", text}, reading);
  } catch (const JSError& error) {
    return find_place(error.stack()).value_or(Place{}).location;
  }
  return {};
}

TEST(Launch, AProgramIsAScriptUnlessItParsesAsAModuleOnly) {
  EXPECT_EQ(type_of(""), SourceType::script);
  EXPECT_EQ(type_of("var await = 1; with ({}) 010;"), SourceType::script);
  EXPECT_EQ(type_of("await 1"), SourceType::module);
  EXPECT_EQ(type_of("export const a = 1"), SourceType::module);
  EXPECT_EQ(type_of("1", Reading::module), SourceType::module);
}

TEST(Launch, AnExpressionWithTopLevelAwaitIsNoModule) {
  EXPECT_EQ(type_of("1", Reading::expression), SourceType::script);
  EXPECT_EQ(type_of("await 1", Reading::expression), SourceType::async_script);
  EXPECT_EQ(type_of("export const a = await 1", Reading::expression), SourceType::module);
}

TEST(Launch, TheErrorIsThatOfTheReadingThatGotFurther) {
  EXPECT_EQ(place_of_error("let a = 1;\nlet b = (;").line, 2u);
  EXPECT_EQ(place_of_error("await 1;\n\nlet b = (;").line, 3u);
  EXPECT_EQ(place_of_error("with ({}) 1;\nlet b = (;").line, 2u);
  EXPECT_EQ(place_of_error("await 1;\n\nlet b = (;", Reading::expression).line, 3u);
}

TEST(Launch, NothingRunsTwice) {
  for (const char* failing : {"new Function('(')", "eval('(')", "JSON.parse('{')",
                              "throw new SyntaxError('no')", "with ({}) eval(')')"}) {
    VM vm;
    for (const Reading reading : {Reading::program, Reading::expression}) {
      const std::string text =
          std::string("globalThis.runs = (globalThis.runs ?? 0) + 1;\n\n") + failing;
      EXPECT_THROW(launch(vm, {"a.js", text}, reading), JSError) << failing;
      EXPECT_EQ(place_of_error(text, reading).line, 3u) << failing;
    }
    EXPECT_EQ(vm.global().get("runs").as<int>(), 2) << failing;
  }
}

}  // namespace
}  // namespace quiesce::cli
