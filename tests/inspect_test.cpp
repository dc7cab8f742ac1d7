// Values in print, compared with what Node prints: tests/inspect/README.md.
#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

namespace fs = std::filesystem;

fs::path folder() { return fs::path(QUIESCE_TEST_ROOT) / "tests/inspect"; }

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(separator, at);
    parts.emplace_back(text.substr(at, end - at));
    if (end == std::string_view::npos) return parts;
    at = end + separator.size();
  }
}

// ---- what two engines may print differently, made equal (as in cases.mjs) ----

bool is_frame(std::string_view line) {
  const std::size_t at = line.find_first_not_of(' ');
  if (at == std::string_view::npos) return false;
  line.remove_prefix(at);
  return line.starts_with("at ") ||
         (line.starts_with("... ") && line.find(" lines matching") != std::string_view::npos);
}

/// ": 12ms" and ": 1.234s" become ": <time>".
std::string without_times(const std::string& line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t end = i + 2;
    const auto skip_digits = [&] {
      const std::size_t start = end;
      while (end < line.size() && std::isdigit(static_cast<unsigned char>(line[end]))) ++end;
      return end > start;
    };
    bool is_time = line.compare(i, 2, ": ") == 0 && skip_digits();
    if (is_time && end < line.size() && line[end] == '.') is_time = (++end, skip_digits());
    if (is_time && end < line.size() && line[end] == 'm') ++end;
    if (is_time && end < line.size() && line[end] == 's') {
      out += ": <time>";
      i = end + 1;
    } else {
      out += line[i++];
    }
  }
  return out;
}

std::string comparable(std::string_view text) {
  std::vector<std::string> lines;
  bool open_frame = false;  // the last line is a frame, and nothing follows it on its line
  for (const std::string& original : split(text, "\n")) {
    std::string line = without_times(original);
    if (!lines.empty() && is_frame(line)) {
      const std::string end = line.ends_with(" {") ? " {" : line.ends_with(",") ? "," : "";
      if (open_frame) {
        lines.back() += end;
      } else {
        lines.push_back(std::string(line.find_first_not_of(' '), ' ') + "at <frame>" + end);
      }
      open_frame = end.empty();
      continue;
    }
    open_frame = false;
    for (std::size_t at; (at = line.find('\t')) != std::string::npos;) line.replace(at, 1, "<tab>");
    for (std::size_t i = line.size(); i-- > 0 && line[i] == ' ';) line[i] = '~';
    lines.push_back(std::move(line));
  }
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

// ---- cases and expectations ----

struct Case {
  std::string code, expected;
};

/// The texts between the headings that the cases themselves give.
std::vector<Case> cases_of(const std::string& name, const std::string& expected_file) {
  std::string source = read(folder() / (name + ".js"));
  if (source.ends_with('\n')) source.pop_back();
  const std::string expected = read(folder() / expected_file);
  std::vector<Case> cases;
  std::vector<std::string> headings;
  for (const std::string& code : split(source, "\n\n")) {
    std::string heading;
    for (const std::string& line : split(code, "\n")) heading += "> " + line + "\n";
    headings.push_back(heading);
    cases.push_back({code, ""});
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (expected.compare(at, headings[i].size(), headings[i]) != 0) {
      throw std::runtime_error(expected_file + " is older than " + name + ".js: run ./update");
    }
    at += headings[i].size();
    const std::size_t end =
        i + 1 < cases.size() ? expected.find("\n" + headings[i + 1], at - 1) : expected.size() - 1;
    if (end == std::string::npos) throw std::runtime_error(expected_file + ": " + headings[i + 1]);
    if (end > at) cases[i].expected = expected.substr(at, end - at);
    at = end + 1;
  }
  return cases;
}

class Inspect : public testing::TestWithParam<const char*> {};

TEST_P(Inspect, AsNode) {
  const std::string name = GetParam();
  VM vm;
  for (const Case& one : cases_of(name, name + ".out")) {
    SCOPED_TRACE(one.code);
    std::string text;
    ASSERT_NO_THROW(text = vm.eval(one.code, {.file_name = "case.js"}).inspect());
    EXPECT_EQ(comparable(text), one.expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Inspect,
                         testing::Values("arrays", "classes", "collections", "errors", "layout",
                                         "objects", "primitives", "differences"),
                         [](const auto& which) { return std::string(which.param); });

TEST(Inspect, EveryFileOfCasesIsCompared) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder()))
    files += entry.path().extension() == ".js";
  EXPECT_EQ(files, 9);  // the eight above and console.js
}

TEST(Inspect, EveryListedDifferenceIsOne) {
  const std::vector<Case> ours = cases_of("differences", "differences.out");
  const std::vector<Case> node = cases_of("differences", "differences.node");
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NE(ours[i].expected, node[i].expected) << ours[i].code;
  }
}

TEST(Console, AsNode) {
  std::string written;
  Host host;
  host.log([&](LogLevel level, std::string_view text) {
    const char* stream = level == LogLevel::warn || level == LogLevel::error ? "err|" : "out|";
    for (const std::string& line : split(comparable(text), "\n")) {
      written +=
          (written.empty() ? "" : "\n") + std::string(stream) + (line.empty() ? "" : " ") + line;
    }
  });
  VM vm{host};
  for (const Case& one : cases_of("console", "console.out")) {
    SCOPED_TRACE(one.code);
    written.clear();
    ASSERT_NO_THROW(vm.eval(one.code, {.file_name = "case.js"}));
    EXPECT_EQ(written, one.expected);
  }
}

// ---- what Node cannot show ----

TEST(Inspect, ModuleNamespace) {
  VM vm;
  const Value loaded =
      vm.eval("export const a = 1; export default function f() {} export let b = [2];",
              {.type = SourceType::module});
  const auto ns = vm.run(loaded);
  ASSERT_TRUE(ns.has_value());
  EXPECT_EQ(ns->inspect(), "[Module: null prototype] { a: 1, b: [ 2 ], default: [Function: f] }");
}

TEST(Inspect, RunsNoGuestCode) {
  VM vm;
  vm.eval(R"(
    var ran = [];
    var note = (name) => function () { ran.push(name); throw new Error(name); };
    var traps = {};
    for (const name of Reflect.ownKeys(Reflect)) {
      if (typeof Reflect[name] === 'function') traps[name] = note('trap ' + name);
    }
    var odd = Object.create(new Proxy({}, traps), {
      constructor: { get: note('constructor'), enumerable: true },
      name: { get: note('name'), enumerable: true },
      toString: { value: note('toString') },
      toJSON: { value: note('toJSON') },
      [Symbol.toStringTag]: { get: note('tag') },
      [Symbol.toPrimitive]: { get: note('primitive') },
      [Symbol.for('nodejs.util.inspect.custom')]: { value: note('custom') },
    });
    class Has { static get [Symbol.hasInstance]() { return note('hasInstance')(); } }
    var error = Object.create(Error.prototype, {
      name: { get: note('error name') }, message: { get: note('message') },
      stack: { get: note('stack') }, cause: { get: note('cause') }, errors: { get: note('errors') },
    });
    var array = [1, 2, 3, 4, 5, 6, 7, 8];
    var everything = { odd, proxy: new Proxy(function () {}, traps), inner: new Proxy(array, traps),
      has: new Has(), error, array, map: new Map([[odd, odd]]), date: new Date(0), regexp: /x/g,
      plain: new Error('x'), buffer: new ArrayBuffer(1), view: new DataView(new ArrayBuffer(1)),
      child: Object.setPrototypeOf(class A {}, new Proxy(Has, traps)),
      set: new Set([odd]).entries() };
    Object.defineProperty(array, 3, { get: note('item'), enumerable: true });
    Object.defineProperty(Array.prototype, Symbol.iterator, { get: note('iterator') });
    Object.defineProperty(Map.prototype, 'size', { get: note('size') });
    Object.defineProperty(Date.prototype, 'toISOString', { get: note('toISOString') });
    Object.defineProperty(RegExp.prototype, 'source', { get: note('source') });
    Object.defineProperty(RegExp.prototype, 'flags', { get: note('flags') });
    Object.defineProperty(Error.prototype, 'toString', { get: note('error toString') });
    Object.defineProperty(ArrayBuffer.prototype, 'byteLength', { get: note('byteLength') });
    Object.defineProperty(DataView.prototype, 'buffer', { get: note('buffer') });
    Object.defineProperty(Function.prototype, 'toString', { get: note('function toString') });
  )");
  EXPECT_FALSE(vm.eval("everything").inspect().empty());
  EXPECT_EQ(vm.eval("ran").inspect(), "[]");
  vm.eval(
      "for (const key in everything) console.log('%o', everything[key]); console.log(everything);"
      "console.table([everything, array]); console.dir(everything, {depth: 9, showHidden: true})");
  EXPECT_EQ(vm.eval("ran").inspect(), "[]");
}

TEST(Inspect, DeepAndEndlessValuesEnd) {
  std::string last;
  Host host;
  host.log([&](LogLevel, std::string_view text) { last = text; });
  VM vm{host, {.stack_bytes_max = 64u << 10}};  // what is printed grows with its square
  vm.eval(
      "var deep = {}; for (let i = 0; i < 100000; ++i) deep = {deep};"
      "console.dir(deep, {depth: null})");
  EXPECT_NE(last.find("Maximum call stack size exceeded"), std::string::npos);
  vm.eval(
      "var list = []; for (let i = 0; i < 100000; ++i) list = [list];"
      "console.dir(list, {depth: null})");
  EXPECT_NE(last.find("Maximum call stack size exceeded"), std::string::npos);
  EXPECT_EQ(vm.eval("var proxy = {}; for (let i = 0; i < 100000; ++i) proxy = new Proxy(proxy, {});"
                    "proxy")
                .inspect(),
            "[Proxy]");
  EXPECT_FALSE(vm.eval("var ring = {x: 1}; Object.setPrototypeOf(ring, new Proxy(ring, {})); ring")
                   .inspect()
                   .empty());
  EXPECT_FALSE(
      vm.eval("var heir = {}; for (let i = 0; i < 100000; ++i) heir = Object.create(heir); heir")
          .inspect()
          .empty());
  EXPECT_EQ(vm.eval("1 + 1").inspect(), "2");
}

TEST(Inspect, TooLargeForMemoryIsAnError) {
  VM vm{Host(), {.memory_bytes_max = 16u << 20}};
  vm.eval(
      "var big = {}, text = 'x'.repeat(9999);"
      "for (let i = 0; i < 2000; ++i) big['key' + i] = text;");
  EXPECT_THROW(vm.eval("big").inspect(), Error);
  EXPECT_EQ(vm.eval("1 + 1").inspect(), "2");
}

TEST(Inspect, TimeLimitHolds) {
  VM vm{Host(), {.time_max = std::chrono::milliseconds(200)}};
  vm.eval(
      "var wide = Array.from({length: 100}, () => 0);"
      "for (let i = 0; i < 6; ++i) wide = Array.from({length: 100}, () => wide);");
  EXPECT_THROW(vm.eval("console.dir(wide, {depth: null})"), Error);
  EXPECT_EQ(vm.eval("1 + 1").inspect(), "2");
}

}  // namespace
}  // namespace quiesce
