// Fuzzing: hostile inputs against everything that reads what a stranger wrote.
//
//   quiesce_fuzz                         lists the targets
//   quiesce_fuzz source --seconds 60     one target, for a minute; other seeds give other inputs
//   quiesce_fuzz source --replay FILE    one input again, in this process: for a debugger
//
// A target is a function from bytes to nothing. It must return, whatever the bytes: quiesce::Error
// is an answer and is caught inside; any other exception, a signal, a sanitizer's report, a broken
// promise (`require`) or ten seconds without an end is a finding. The input of a finding is written
// to a file, and the run ends with status 1.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::fuzz {

using Input = std::span<const std::byte>;

struct Target {
  const char* name;
  const char* what;
  void (*run)(Input input);
  std::vector<std::string> (*seeds)();  // inputs to start from
};

/// All of them; the last is the canary, which must fail: it shows that failures are noticed.
std::span<const Target> targets();

/// Ends the process with the sentence if the condition does not hold.
void require(bool condition, const char* sentence);

/// Takes an input apart into numbers; zeros follow its end.
class Reader {
 public:
  explicit Reader(Input input) : rest_(input) {}
  bool empty() const noexcept { return rest_.empty(); }
  template <class T>
  T take() {
    T value{};
    const std::size_t bytes = std::min(sizeof(T), rest_.size());
    std::memcpy(&value, rest_.data(), bytes);
    rest_ = rest_.subspan(bytes);
    return value;
  }
  /// From 0 to count - 1.
  std::uint32_t choose(std::uint32_t count) { return take<std::uint8_t>() % count; }

 private:
  Input rest_;
};

inline std::string_view text_of(Input input) {
  return {reinterpret_cast<const char*>(input.data()), input.size()};
}

}  // namespace quiesce::fuzz
