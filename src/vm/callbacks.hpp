// The callables behind Callback objects, by the ids that the guest gave them. Part of a Machine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "quiesce/host.hpp"

namespace quiesce::detail {

class Callbacks {
 public:
  explicit Callbacks(Machine& machine) : machine_(machine) {}
  Callbacks(const Callbacks&) = delete;
  Callbacks& operator=(const Callbacks&) = delete;

  /// The function, and its id.
  std::pair<Value, std::uint64_t> add(std::string name, std::uint32_t arity, HostFunction f);
  void remove(std::uint64_t id) noexcept;
  void clear() noexcept;
  /// Calls the one that the guest says it is calling.
  Value call(Call& call);

 private:
  struct Entry {
    std::string name;
    HostFunction function;
  };
  Machine& machine_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const Entry>> entries_;
};

}  // namespace quiesce::detail
