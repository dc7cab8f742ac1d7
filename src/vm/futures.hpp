// Results of host functions that are not there yet: each is a pending call of the guest, settled
// when its future is ready. Part of a Machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "quiesce/function.hpp"

namespace quiesce::detail {

class Futures {
 public:
  explicit Futures(Machine& machine) : machine_(machine) {}
  Futures(const Futures&) = delete;
  Futures& operator=(const Futures&) = delete;

  void add(std::uint64_t call, std::string function, std::unique_ptr<PendingFuture> future);
  /// Settles the calls of those that are ready; false: none was.
  bool settle_ready();
  /// False: none is ready at the deadline, or there is none.
  bool wait_until(std::chrono::steady_clock::time_point deadline);
  bool is_empty() const noexcept { return rows_.empty(); }
  void clear() noexcept;

 private:
  struct Row {
    std::uint64_t call;
    std::string function;
    std::unique_ptr<PendingFuture> future;
  };
  void settle(Row row);

  Machine& machine_;
  std::vector<Row> rows_;
};

}  // namespace quiesce::detail
