// B5, B8: what built-in modules do, compared with what Node prints for the same programs:
// tests/builtins. Each runs in a fresh VM, and once more in a VM that is put to sleep and woken
// whenever it waits for a timer.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

fs::path folder() { return fs::path(QUIESCE_TEST_ROOT) / "tests/builtins"; }

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A program's world: time passes when it waits, and what it writes is kept.
class Program {
 public:
  Program() {
    host_.clock([this] { return now_; })
        .log([this](LogLevel level, std::string_view text) {
          if (level == LogLevel::debug || level == LogLevel::info) {
            printed_ += text;
            printed_ += '\n';
          }
        })
        .output([this](OutputStream stream, std::string_view text) {
          if (stream == OutputStream::out) printed_ += text;
        })
        .process({.arguments = {"/usr/bin/node", "/app/program.mjs", "one", "--two=2"},
                  .environment = {{"TZ", "UTC"}, {"GREETING", "hello"}},
                  .folder = "/app"})
        .node_globals()
        .modules([](VM&, const ModuleRequest& asked) { return std::optional(asked.specifier); },
                 [this](VM&, const ModuleKey&) {
                   return std::optional<ModuleSource>({source_, ModuleSource::Format::commonjs});
                 });
  }

  /// What it prints, and the status that it ends with.
  std::string run(const fs::path& file, bool sleeps) {
    auto vm = std::make_unique<VM>(host_);
    source_ = read(file);
    try {
      vm->keep("main", file.extension() == ".cjs"
                           ? vm->import_main("file:///app/program.cjs")
                           : vm->eval(source_, {.file_name = "file:///app/program.mjs",
                                                .type = SourceType::module}));
      do {
        vm->run_until_idle();
        while (const std::optional<Time> deadline = vm->next_deadline()) {
          if (sleeps) vm = std::make_unique<VM>(host_, vm->snapshot());
          now_ = std::max(now_, *deadline);
          vm->run_until_idle();
        }
        const Value main = *vm->kept("main");
        if (main.promise_state() == PromiseState::rejected)
          return printed_ + "rejected: " + main.promise_result().inspect() + "\n";
        if (main.promise_state() == PromiseState::pending) return printed_ + "never ends\n";
        status_ = vm->end_process();
      } while (!status_);
    } catch (const ExitError& end) {
      status_ = end.status();
    } catch (const JSError& error) {
      return printed_ + "thrown: " + error.what() + "\n" + error.stack();
    }
    return printed_;
  }

  std::optional<int> status() const { return status_; }

 private:
  Host host_;
  std::string source_;
  Time now_{std::chrono::hours(24 * 365 * 50)};
  std::string printed_;
  std::optional<int> status_;
};

// Line by line, so that what differs can be seen.
void expect_lines(const std::string& actual, const std::string& expected) {
  std::istringstream ours(actual), nodes(expected);
  std::string our, node;
  int line = 0, differences = 0;
  while (true) {
    const bool more_ours = static_cast<bool>(std::getline(ours, our));
    const bool more_nodes = static_cast<bool>(std::getline(nodes, node));
    if (!more_ours && !more_nodes) break;
    ++line;
    if (more_ours && more_nodes && our == node) continue;
    if (++differences <= 12) {
      ADD_FAILURE() << "line " << line << "\n  ours " << (more_ours ? our : "(none)") << "\n  node "
                    << (more_nodes ? node : "(none)");
    }
  }
  EXPECT_EQ(differences, 0);
}

class BuiltinsAsNode : public testing::TestWithParam<const char*> {
 protected:
  fs::path program() const { return folder() / GetParam(); }
  std::string expected() const { return read(program().replace_extension(".out")); }
};

TEST_P(BuiltinsAsNode, Prints) {  // B8
  Program program;
  expect_lines(program.run(this->program(), false), expected());
  EXPECT_EQ(program.status(), GetParam() == std::string_view("process.mjs") ? 3 : 0);
}

TEST_P(BuiltinsAsNode, PrintsTheSameWhenItSleepsWheneverItWaits) {  // B8
  Program program;
  expect_lines(program.run(this->program(), true), expected());
}

INSTANTIATE_TEST_SUITE_P(Programs, BuiltinsAsNode,
                         testing::Values("assert.mjs", "async_hooks.mjs", "buffer.mjs",
                                         "errors.mjs", "errors_commonjs.cjs", "events.mjs",
                                         "fetch.mjs", "fs.mjs", "glob.mjs", "globals.mjs",
                                         "order.mjs", "order_commonjs.cjs", "path.mjs",
                                         "process.mjs", "small.mjs", "stream.mjs", "timers.mjs",
                                         "url.mjs", "util.mjs"),
                         [](const auto& which) { return fs::path(which.param).stem().string(); });

}  // namespace
}  // namespace quiesce
