// C8, and every function of the public classes in each wrong situation: the rows are in
// misuse_operations_test.cpp.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "vm/machine.hpp"
#include "vm/misuse_operations.hpp"
#include "vm/testing.hpp"

namespace quiesce::misuse {
namespace {

TEST(Misuse, EachWorksWhereItShould) {
  for (const Operation& operation : operations()) {
    World world;
    try {
      operation.run(world);
    } catch (const std::exception& error) {
      ADD_FAILURE() << operation.name << ": " << error.what();
    }
  }
}

TEST(Misuse, InsideAHostFunction) {
  for (const Operation& operation : operations()) {
    World world;
    std::optional<Errc> code;
    world.inside([&] { code = code_of([&] { operation.run(world); }); });
    if (operation.inside == Inside::works) {
      EXPECT_EQ(code, std::nullopt) << operation.name;
    } else {
      EXPECT_EQ(code, Errc::busy) << operation.name;
    }
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << operation.name;
  }
}

TEST(Misuse, WhileBytesAreLent) {
  for (const Operation& operation : operations()) {
    World world;
    const Value buffer = world.vm.eval("new ArrayBuffer(8)");
    buffer.with_bytes([&](std::span<std::byte> bytes) {
      EXPECT_EQ(code_of([&] { operation.run(world); }), Errc::busy) << operation.name;
      bytes[0] = std::byte{1};
    });
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << operation.name;
  }
}

TEST(Misuse, AfterTheVm) {  // C8
  for (const Operation& operation : operations()) {
    World world;
    {
      const VM gone = std::move(world.vm);
    }
    EXPECT_EQ(code_of([&] { operation.run(world); }), Errc::dead_vm) << operation.name;
  }
  for (const Taker& taker : takers()) {
    World world;
    {
      const VM gone = std::move(world.vm);
    }
    EXPECT_EQ(code_of([&] { taker.run(world, world.constructor); }), Errc::dead_vm) << taker.name;
  }
}

TEST(Misuse, OfAPoisonedVm) {  // C8
  for (const Operation& operation : operations()) {
    World world;
    detail::ValueAccess::machine(world.vm).instance().poison(guest::TrapKind::unreachable);
    EXPECT_EQ(code_of([&] { operation.run(world); }), Errc::poisoned) << operation.name;
  }
}

TEST(Misuse, WithAValueOfAnotherVm) {  // C8
  VM other;
  const Value object = other.object(), function = other.eval("() => {}");
  for (const Taker& taker : takers()) {
    World world;
    EXPECT_EQ(code_of([&] { taker.run(world, function); }), Errc::foreign_value) << taker.name;
    // And nothing was taken over.
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << taker.name;
  }
  EXPECT_EQ(other.eval("6 * 7").as<int>(), 42);
}

TEST(Misuse, SingleMistakes) {
  for (const Mistake& mistake : mistakes()) {
    World world;
    EXPECT_EQ(code_of([&] { mistake.run(world); }), mistake.code) << mistake.name;
    EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42) << mistake.name;
  }
}

TEST(Misuse, AMovedFromVmIsADeadOne) {  // C8, A1
  VM vm;
  VM other = std::move(vm);
  EXPECT_EQ(code_of([&] { vm.eval("1"); }), Errc::dead_vm);
  EXPECT_EQ(code_of([&] { vm.snapshot(); }), Errc::dead_vm);
  vm = std::move(other);
  EXPECT_EQ(vm.eval("1").as<int>(), 1);
  VM& same = vm;
  vm = std::move(same);
  EXPECT_EQ(vm.eval("1").as<int>(), 1);
}

TEST(Misuse, RefusedDataHasAPath) {
  const World world;
  world.object.set("list", std::vector<Value>{Value(1), world.instance});
  try {
    (void)world.object.as<Data>();
    FAIL() << "an instance is no data";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::not_cloneable);
    EXPECT_TRUE(std::string(error.what()).starts_with("$.list[1] ")) << error.what();
  }
}

// ---- every function has a row -------------------------------------------------------------------

std::string text_of(const std::string& file) {
  std::ifstream in(std::string(QUIESCE_TEST_ROOT) + "/" + file);
  EXPECT_TRUE(in) << file;
  return (std::ostringstream() << in.rdbuf()).str();
}

std::string rows() {
  return text_of("src/vm/misuse_operations_test.cpp") +
         text_of("src/vm/misuse_data_operations_test.cpp") +
         text_of("src/vm/misuse_host_operations_test.cpp") +
         text_of("src/vm/misuse_files_operations_test.cpp");
}

// Names of functions that are declared on lines that begin with `indent`.
std::set<std::string> functions_of(const std::string& text, const std::string& indent) {
  const std::regex declaration("\n" + indent + "[a-zA-Z][^\n(/]*?\\b([a-z]\\w*)\\(");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), declaration), end; at != end; ++at)
    names.insert((*at)[1]);
  names.erase("operator");
  return names;
}

// The public part of a class.
std::string class_of(const std::string& header, const std::string& name) {
  const std::string text = text_of(header);
  const std::size_t begin = text.find("\nclass " + name + " ");
  const std::size_t end = text.find("\n private:", begin);
  EXPECT_LT(end, text.size()) << name;
  return text.substr(begin, end - begin);
}

void expect_rows(std::set<std::string> names, const std::string& before,
                 const std::set<std::string>& enters_nothing) {
  EXPECT_GT(names.size(), enters_nothing.size());
  const std::string text = rows();
  for (const std::string& name : names) {
    const bool has_row = std::regex_search(text, std::regex(before + name + "[(<]"));
    EXPECT_TRUE(has_row || enters_nothing.contains(name)) << name << " has no row";
  }
  for (const std::string& name : enters_nothing) EXPECT_TRUE(names.contains(name)) << name;
}

TEST(Misuse, EveryFunctionHasARow) {
  expect_rows(functions_of(class_of("include/quiesce/vm.hpp", "VM"), "  "), "\\bvm\\.",
              {"limits", "now"});
  expect_rows(functions_of(class_of("include/quiesce/value.hpp", "Value"), "  "), "\\.",
              {"type", "is_undefined", "is_null", "is_boolean", "is_number", "is_string",
               "is_symbol", "is_bigint", "is_function", "is_object"});
  expect_rows(functions_of(class_of("include/quiesce/deferred.hpp", "Deferred"), "  "),
              "deferred\\.", {"id"});
  expect_rows(functions_of(class_of("include/quiesce/files.hpp", "Files"), "  "),
              "files(\\(\\))?\\.", {});
  expect_rows(functions_of(text_of("include/quiesce/introspect.hpp"), ""),
              "(introspect|look)::", {});
}

#if QUIESCE_THREAD_CHECKS
TEST(Misuse, TwoThreadsAtOnce) {
  World world;
  std::optional<Errc> code;
  world.inside([&] { std::thread([&] { code = code_of([&] { world.vm.eval("1"); }); }).join(); });
  EXPECT_EQ(code, Errc::wrong_thread);
  // One after the other is fine.
  std::thread([&] { code = code_of([&] { world.vm.eval("1"); }); }).join();
  EXPECT_EQ(code, std::nullopt);
  EXPECT_EQ(world.vm.eval("6 * 7").as<int>(), 42);
}
#endif

}  // namespace
}  // namespace quiesce::misuse
