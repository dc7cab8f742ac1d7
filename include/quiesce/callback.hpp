// JavaScript functions from C++ callables at run time: without a name in the Host, and short-lived.
//
//   {
//     quiesce::Callback each = vm.callback([&](const std::string& line) { lines.push_back(line);
//     }); vm.global()["readLines"](each.function());
//   }                                            // from here on calling it throws in JavaScript
//
// A Callback owns the callable; JavaScript holds a number, which comes from a counter in the heap
// and is never used twice. So after the Callback is gone, and in every VM woken from a snapshot,
// calling the function throws an Error that can be caught, and never reaches another callback. What
// must be found again after a sleep has a name: Host::function.
//
// Movable. Destroy it on the thread that uses the VM, also during a call of the function; it may
// outlive the VM.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "quiesce/value.hpp"

namespace quiesce {

/// A function of JavaScript that calls a C++ callable for as long as this lives.
class Callback {
 public:
  /// Takes the registration; `other` has none any more.
  Callback(Callback&& other) noexcept = default;
  /// Unregisters what this was, and takes the registration.
  Callback& operator=(Callback&& other) noexcept;
  ~Callback() { unregister(); }

  /// The function. Undefined after `unregister`.
  const Value& function() const noexcept { return function_; }
  /// From now on calling the function throws in JavaScript.
  void unregister() noexcept;
  /// The callable stays for as long as the VM lives. The function.
  Value release() noexcept;

 private:
  friend class VM;
  Callback(std::weak_ptr<detail::Machine> machine, std::uint64_t id, Value function)
      : machine_(std::move(machine)), id_(id), function_(std::move(function)) {}

  std::weak_ptr<detail::Machine> machine_;
  std::uint64_t id_;
  Value function_;
};

}  // namespace quiesce
