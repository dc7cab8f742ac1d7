// The host's half of a promise: a call that only the outside can settle.
//
//   quiesce::Deferred receipt = vm.defer("charge", 499);     // a row in the VM's heap, with an id
//   ledger.charge(receipt.id(), 499);
//   ...                                                      // sleep, another process, next week
//   again.deferred(id)->resolve("ch_42");
//
// The row lives in the guest, so it survives sleep and no id is ever used twice. A Deferred is a
// small copyable name for it; when its VM is gone, its members throw Errc::dead_vm.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "quiesce/value.hpp"

namespace quiesce {

/// The name of a pending call: settle it, or ask for its promise. Copies name the same call.
class Deferred {
 public:
  /// The id, never used twice by this VM or any VM woken from its snapshots.
  std::uint64_t id() const noexcept { return id_; }
  /// The promise that JavaScript awaits. Throws Errc::unknown_call once it was settled.
  Value promise() const;
  /// Settles the promise. The jobs that wait for it run at the next `VM::run` or `run_until_idle`.
  /// Throws Errc::unknown_call if it was settled before.
  template <class T>
  void resolve(const T& value) const;  // defined in vm.hpp
  /// Settles the promise with `value`; a promise or thenable is followed (ECMA-262 27.2.1.3.2).
  void resolve(const Value& value) const { settle(value, Settle::resolve); }
  /// Settles the promise with undefined.
  void resolve() const { settle(Value(), Settle::resolve); }
  /// Rejects the promise. An Error as reason: `vm.error("TypeError", "...")`.
  template <class T>
  void reject(const T& reason) const;
  /// Rejects the promise with a JavaScript value.
  void reject(const Value& reason) const { settle(reason, Settle::reject); }

 private:
  friend class VM;
  friend class detail::Machine;
  enum class Settle : std::uint8_t { resolve, reject };
  Deferred(std::weak_ptr<detail::Machine> machine, std::uint64_t id)
      : machine_(std::move(machine)), id_(id) {}
  void settle(const Value& value, Settle how) const;
  VM& vm() const;

  std::weak_ptr<detail::Machine> machine_;
  std::uint64_t id_;
};

}  // namespace quiesce
