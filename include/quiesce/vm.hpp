// One isolated JavaScript machine: its own heap, globals, jobs and timers, behind the wall.
//
//   quiesce::VM vm{host, {.memory_bytes_max = 32u << 20}};
//   quiesce::Value order = vm.eval("(async () => greet(await charge(499)))()");
//   if (!vm.run(order)) {                    // nullopt: idle, waiting for the outside
//     vm.keep("order", order);
//     vm.snapshot().save("order-17.qsnap");
//   }
//
// Use a VM from one thread at a time; different VMs are independent. Every member may throw Error;
// after Errc::poisoned only destruction and moving are left.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/convert.hpp"
#include "quiesce/deferred.hpp"
#include "quiesce/host.hpp"
#include "quiesce/limits.hpp"
#include "quiesce/snapshot.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

enum class SourceType : std::uint8_t {
  script,        // the completion value
  async_script,  // a script with top-level await: the promise of the completion value
  module,        // an ES module without imports: the promise of its namespace
};

struct EvalOptions {
  std::string file_name = "<eval>";  // shown in stacks
  SourceType type = SourceType::script;
  bool strict = false;
};

struct RestoreOptions {
  std::optional<Limits> limits = std::nullopt;  // nullopt: those of the snapshot
  bool allow_missing_functions = false;  // true: calling one that is missing throws in JavaScript
};

/// A call that the guest made to the outside and that is not settled yet.
struct PendingCall {
  std::uint64_t id;
  std::string name;
  std::string arguments_json;  // a JSON array, fixed when the call was made
  Time since;
};

/// A promise that was rejected while nobody listened.
struct Rejection {
  Value promise;
  Value reason;
};

/// What the engine has allocated, in bytes and numbers.
struct MemoryUsage {
  std::uint64_t linear_bytes;  // size of the linear memory
  std::uint64_t used_bytes;    // allocated in it by the engine
  std::uint64_t allocations, objects, strings, atoms, handles;
};

class VM {
 public:
  explicit VM(const Host& host = {}, const Limits& limits = {});
  /// Wakes a sleeper. Throws Errc::missing_function with every missing name (see RestoreOptions).
  VM(const Host& host, const Snapshot& snapshot, const RestoreOptions& options = {});
  VM(VM&& other) noexcept;
  VM& operator=(VM&& other) noexcept;
  ~VM();

  // ---- code ----
  /// Source is UTF-8 (Errc::encoding otherwise).
  Value eval(std::string_view source, const EvalOptions& options = {});
  /// Whether the source uses `import`, `export` or another form that only a module may have.
  bool is_module(std::string_view source);
  Value global();

  // ---- values ----
  template <class T>
  Value value(const T& from) {
    return Convert<T>::to(*this, from);
  }
  Value value(const char* text) { return string(text); }
  Value string(std::string_view utf8);
  Value string(std::u16string_view utf16);
  Value bigint(const BigInt& from);
  Value symbol(std::string_view description);  // a new one
  Value global_symbol(std::string_view key);   // Symbol.for(key)
  Value object();
  Value array();
  Value array(std::span<const Value> elements);
  Value array_buffer(std::span<const std::byte> bytes);  // a copy
  /// A typed array of `type` over a copy of `bytes`, whose size must be a multiple of the
  /// element's.
  Value typed_array(Class type, std::span<const std::byte> bytes);
  Value error(std::string_view name, std::string_view message);  // "TypeError", "RangeError"...
  /// A function object that calls the Host's function of that name.
  Value function(std::string_view name);
  Value parse_json(std::string_view json);

  // ---- jobs (ECMA-262 9.5) and timers ----
  /// Runs jobs and timers that are due until `promise` settles. Its value; nullopt when idle before
  /// that; throws JSError when it was rejected. Never waits.
  std::optional<Value> run(const Value& promise);
  /// Runs jobs and due timers until none is left. What a job throws arrives as JSError, and the
  /// remaining jobs stay for the next call.
  void run_until_idle();
  bool run_one_job();    // false: none was ready
  bool run_one_timer();  // false: none was due
  bool job_ready() const;
  /// When the earliest timer is due; nullopt: no timer. Wait until then and call `run_until_idle`.
  std::optional<Time> next_deadline() const;
  std::vector<Time> timer_deadlines() const;
  /// Rejections that nobody handled since the last call of this function, oldest first.
  std::vector<Rejection> take_unhandled_rejections();

  // ---- calls to the outside ----
  template <class... Args>
  Deferred defer(std::string_view name, const Args&... args) {
    std::initializer_list<Value> list{detail::to_value(*this, args)...};
    return defer_values(name, std::span(list.begin(), list.size()));
  }
  Deferred defer_values(std::string_view name, std::span<const Value> args);
  std::optional<Deferred> deferred(std::uint64_t id);  // nullopt: unknown or settled
  std::vector<PendingCall> pending_calls() const;      // by id, oldest first

  // ---- sleep ----
  /// The state of the VM as a value. Throws Errc::busy from inside a host function.
  Snapshot snapshot();
  /// A named root: the value is found again by `kept` in every VM woken from a snapshot.
  void keep(std::string_view name, const Value& value);
  std::optional<Value> kept(std::string_view name) const;
  bool forget(std::string_view name);
  std::vector<std::string> kept_names() const;
  /// Names of the host functions that the guest knows; a restore needs each of them.
  std::vector<std::string> function_names() const;

  // ---- resources ----
  const Limits& limits() const noexcept;
  void set_limits(const Limits& limits);
  std::uint64_t fuel_left() const;
  MemoryUsage memory_usage() const;
  void collect_garbage();

 private:
  friend class detail::Machine;
  friend class Deferred;
  friend struct detail::ValueAccess;
  explicit VM(std::shared_ptr<detail::Machine> machine) noexcept;
  std::shared_ptr<detail::Machine> machine_;
};

// ---- templates that need the whole class ----

namespace detail {
template <class R>
Value to_value(VM& vm, R&& result) {
  using T = std::decay_t<R>;
  if constexpr (std::is_same_v<T, Value>) {
    return std::forward<R>(result);
  } else if constexpr (std::is_same_v<T, Deferred>) {
    return result.promise();
  } else {
    return vm.value(result);
  }
}
}  // namespace detail

template <class T>
Value Value::make(const T& value) const {
  if constexpr (std::is_constructible_v<Value, const T&>) {
    return Value(value);
  } else {
    return vm().value(value);
  }
}

template <class T>
void Deferred::resolve(const T& value) const {
  settle(vm().value(value), Settle::resolve);
}
template <class T>
void Deferred::reject(const T& reason) const {
  settle(vm().value(reason), Settle::reject);
}

}  // namespace quiesce
