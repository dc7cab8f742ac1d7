// The running test case once more, in a process of its own: for what must have happened elsewhere.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace quiesce::testing_processes {

/// With this variable in its environment, by which it knows that it is the other one. What
/// std::system answers: 0 if it ended well.
inline int run_this_case_with(const char* variable, const std::filesystem::path& value) {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string command = std::string(variable) + "='" + value.string() + "' '" +
                              std::filesystem::read_symlink("/proc/self/exe").string() +
                              "' --gtest_filter=" + info->test_suite_name() + "." + info->name() +
                              " > /dev/null";
  return std::system(command.c_str());
}

}  // namespace quiesce::testing_processes
