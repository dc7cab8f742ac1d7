// Every function of VM and Value, Deferred and Bytecode that enters a VM, once, as a row of a
// table: what misuse_test.cpp and out_of_memory_test.cpp do to all of them. A new function is a new
// row.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce::misuse {

/// A VM and a value of each kind in it.
struct World {
  explicit World(const Limits& limits = {});

  /// Runs `f` in a host function that guest code has called.
  void inside(std::function<void()> f);

  std::shared_ptr<std::function<void()>> hook = std::make_shared<std::function<void()>>();
  VM vm;
  Value object, function, constructor, promise, settled, array, buffer, text, wide_text, symbol,
      bigint, error;
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

}  // namespace quiesce::misuse
