// Every function of the public headers that enters a VM, once, as a row of a table: what
// misuse_test.cpp and out_of_memory_test.cpp do to all of them. A new function is a new row;
// misuse_test.cpp finds members that have none. The rows of VM, Value and Deferred are in
// misuse_operations_test.cpp, those of Data and introspection in misuse_data_operations_test.cpp,
// those of classes, callbacks, conversions and the rest in misuse_host_operations_test.cpp.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce::misuse {

/// A class that the host binds from the start.
struct Thing {
  explicit Thing(int at_first) : x(at_first) {}
  int add(int by) { return x += by; }
  int x;
};

/// A class that the host binds since the VM fell asleep.
struct Late {
  int answer() { return 42; }
};

/// A VM and a value of each kind in it. It was asleep once, with a host that knew less.
struct World {
  explicit World(const Limits& limits = {});

  /// Runs `f` in a host function that guest code has called.
  void inside(std::function<void()> f);

  std::shared_ptr<std::function<void()>> hook = std::make_shared<std::function<void()>>();
  VM vm;
  Value object, function, constructor, promise, settled, array, buffer, text, wide_text, symbol,
      bigint, error, array_buffer, proxy, collections, boxed;
  std::shared_ptr<Thing> thing = std::make_shared<Thing>(1);
  Value instance;  // of `thing`
  Data tree;       // belongs to no VM
  Deferred deferred;
  Bytecode script, module;
  std::vector<Value> arguments;
};

/// What happens when a host function does it, with guest code on the stack below.
enum class Inside { works, is_busy };

struct Operation {
  const char* name;
  std::function<void(World&)> run;
  Inside inside = Inside::works;
};

const std::vector<Operation>& operations();

/// Operations that are given a value, with a place for one of another VM.
struct Taker {
  const char* name;
  std::function<void(World&, const Value& alien)> run;
};

const std::vector<Taker>& takers();

/// Single mistakes, and what they get.
struct Mistake {
  const char* name;
  std::function<void(World&)> run;
  Errc code;
};

const std::vector<Mistake>& mistakes();

// Their parts, from the other files.
std::vector<Operation> data_operations();
std::vector<Operation> host_operations();
std::vector<Operation> file_operations();
std::vector<Taker> data_takers();
std::vector<Taker> host_takers();
std::vector<Mistake> data_mistakes();
std::vector<Mistake> host_mistakes();
std::vector<Mistake> file_mistakes();

/// What the host of every World mounts.
Mounts file_mounts();

/// For rows that would not notice otherwise that a failure was swallowed. What it throws is no
/// Error, so that nobody takes it for an expected one.
inline void check(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

}  // namespace quiesce::misuse
