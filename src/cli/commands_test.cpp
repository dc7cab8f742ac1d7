// Snapshots of other hosts than this command line; what it makes itself is tested in tests/cli.
#include "cli/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "quiesce/vm.hpp"

namespace quiesce::cli {
namespace {

using testing::HasSubstr;

class OtherHost : public testing::Test {
 protected:
  // A VM of a C++ program: a function of its own, a named root, a pending call that it made itself.
  void SetUp() override {
    Host host;
    host.function("greet", [](const std::string& who) { return "hello " + who; });
    VM vm{host};
    vm.keep("order", vm.eval("globalThis.order = {number: 17}"));
    vm.defer("charge", 499);
    vm.snapshot().save(file_);
  }
  void TearDown() override { std::filesystem::remove(file_); }

  std::string inspected(bool json) const {
    Options options;
    options.command = Command::inspect;
    options.input = file_;
    options.json = json;
    testing::internal::CaptureStdout();
    EXPECT_EQ(inspect(options), Exit::done);
    return testing::internal::GetCapturedStdout();
  }

  const std::string file_ = testing::TempDir() + "quiesce-" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() +
                            ".qsnap";
};

TEST_F(OtherHost, IsInspectedWithoutItsFunctions) {
  const std::string text = inspected(false);
  EXPECT_THAT(text, HasSubstr("program     not started by this command line\n"));
  EXPECT_THAT(text, HasSubstr("functions   greet\n"));
  EXPECT_THAT(text, HasSubstr("roots       order\n"));
  EXPECT_THAT(text, HasSubstr("  call 1  charge(499)  since "));
}

TEST_F(OtherHost, IsInspectedAsJson) {
  const std::string text = inspected(true);
  EXPECT_THAT(text, HasSubstr("\"program\": null,"));
  EXPECT_THAT(text, HasSubstr("\"functions\": [\n    \"greet\"\n  ],"));
  EXPECT_THAT(text, HasSubstr("\"roots\": [\n    \"order\"\n  ],"));
  EXPECT_THAT(text, HasSubstr("{\"id\":\"1\",\"name\":\"charge\",\"args\":[499],\"since\":"));
}

TEST_F(OtherHost, IsNotResumedWithoutItsFunctions) {
  Options options;
  options.command = Command::resume;
  options.input = file_;
  options.settlements = {{1, "true", false}};
  try {
    resume(options);
    FAIL() << "it was woken without greet";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::missing_function);
    EXPECT_THAT(error.what(), HasSubstr("greet"));
  }
}

}  // namespace
}  // namespace quiesce::cli
