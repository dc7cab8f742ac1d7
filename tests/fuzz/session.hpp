// A VM driven by numbers: each step takes a few bytes of the input and does something with the
// public API. With damage, some steps write into the guest's memory first: what a guest that has
// been taken over could do. Whatever then comes back, the host must stay whole.
#pragma once

#include <string>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "quiesce/quiesce.hpp"

namespace quiesce::fuzz {

enum class Guest { honest, hostile };

class Session {
 public:
  explicit Session(Guest guest);
  void run(Reader input);

 private:
  static Host make_host();
  void step(Reader& input);
  void step_on_value(Reader& input);
  void step_on_machine(Reader& input);
  void sleep_and_wake();
  void damage(Reader& input);
  const Value& pick(Reader& input);
  void put(Value value);

  Guest guest_;
  Host host_;
  VM vm_;
  std::vector<Value> values_;
};

/// Pieces of JavaScript that touch much of the engine; also seeds of the target `source`.
std::vector<std::string> snippets();

}  // namespace quiesce::fuzz
