// A VM driven by numbers: each step takes a few bytes of the input and does something with the
// public API. With damage, some steps write into the guest's memory first: what a guest that has
// been taken over could do. Whatever then comes back, the host must stay whole.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace quiesce::fuzz {

/// Ends the process with the sentence if the condition does not hold.
void require(bool condition, const char* sentence);

/// Takes an input apart into numbers; zeros follow its end.
class Reader {
 public:
  Reader(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}
  bool empty() const noexcept { return rest_.empty(); }
  template <class T>
  T take() {
    T value{};
    const std::size_t bytes = std::min(sizeof(T), rest_.size());
    if (bytes > 0) std::memcpy(&value, rest_.data(), bytes);
    rest_ = rest_.subspan(bytes);
    return value;
  }
  /// From 0 to count - 1.
  std::uint32_t choose(std::size_t count) {
    return static_cast<std::uint32_t>(take<std::uint8_t>() % count);
  }

 private:
  std::span<const std::uint8_t> rest_;
};

/// Small, so that each input is over soon.
Limits small_limits();

/// After whatever happened, a VM that is not lost still works.
void require_usable(VM& vm);

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
  void step_on_files(Reader& input);
  void sleep_and_wake();
  void damage(Reader& input);
  const Value& pick(Reader& input);
  void put(Value value);

  Guest guest_;
  Host host_;
  VM vm_;
  std::vector<Value> values_;
};

}  // namespace quiesce::fuzz
