// How a file is refused that is no snapshot of ours: one sentence with the name of the file.
#pragma once

#include <cstdint>
#include <string>

namespace quiesce::snapshot {

class Refusal {
 public:
  explicit Refusal(const std::string& name) : begin_("cannot load " + name + ": ") {}
  /// Throws Errc::snapshot.
  [[noreturn]] void because(const std::string& reason) const;
  /// For what no writer makes, though the digest fits: somebody made it on purpose.
  void require(bool holds, const std::string& otherwise) const;
  /// Throws Errc::resources.
  [[noreturn]] void for_want_of_memory(std::uint64_t bytes) const;

 private:
  std::string begin_;
};

}  // namespace quiesce::snapshot
