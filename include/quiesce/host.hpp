// The outside world that a VM may reach: named functions, a clock, entropy, a log. Nothing else.
//
//   quiesce::Host host;
//   host.function("greet", [](const std::string& who) { return "hello " + who; })
//       .function("now", [](quiesce::Call& call) { return call.argument_count(); })
//       .log([](quiesce::LogLevel, std::string_view text) { std::cerr << text << '\n'; });
//   quiesce::VM vm{host};
//
// A VM takes its Host as it is when the VM is made; later changes reach later VMs only. Functions
// are found by name, so that a snapshot wakes with another process's functions of the same names.
// Copies of a Host are cheap. One Host may serve VMs on several threads if its functions may.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>

#include "quiesce/convert.hpp"
#include "quiesce/fetch.hpp"
#include "quiesce/files.hpp"
#include "quiesce/intrinsic.hpp"
#include "quiesce/module.hpp"
#include "quiesce/process.hpp"
#include "quiesce/promise.hpp"
#include "quiesce/value.hpp"

namespace quiesce {

class Call;

/// `debug` to `error` are the console's levels; console.log is `info`.
enum class LogLevel : std::uint8_t { debug, info, warn, error };

/// Time since 1970-01-01T00:00:00Z.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;
/// Where a VM's time comes from: `Date.now()`, timers, ages of pending calls.
using Clock = std::function<Time()>;
/// Fills the span with unpredictable bytes (or predictable ones, in tests).
using Entropy = std::function<void(std::span<std::byte>)>;
/// Takes what console.log and its siblings print, one call for each, without the newline.
using Log = std::function<void(LogLevel, std::string_view)>;
/// Minutes that local time is ahead of UTC at the given moment.
using Timezone = std::function<std::chrono::minutes(Time)>;
/// A host function in its untyped form.
using HostFunction = std::function<Value(Call&)>;

namespace detail {
class Callbacks;
struct ClassParts;
struct HostParts;
}  // namespace detail

template <class T>
class ClassBinding;

/// The outside world of a VM: what is not offered here does not exist for JavaScript.
class Host {
 public:
  /// System clock, system entropy, UTC, no log, no functions.
  Host();

  /// Offers `f` to JavaScript as a global function `name`. `f` is any callable with one signature:
  /// its parameters (parameter.hpp) after an optional leading `Call&` are the arguments. Missing
  /// ones are undefined (so `std::optional` takes them); of the wrong type they are a TypeError in
  /// JavaScript that names function, position and place. Results: function.hpp. What `f` throws:
  ///   JSError           the same JavaScript value goes on
  ///   quiesce::Error    a JavaScript Error with its text
  ///   anything else     a JavaScript Error "internal error"; the text goes to the log only
  template <class F>
    requires(!std::is_function_v<F>)
  Host& function(std::string name, F f);
  /// The same for a callable without a signature of its own: `host.function<int(int)>("f", ...)`.
  template <class Signature, class F>
    requires(std::is_function_v<Signature>)
  Host& function(std::string name, F f);
  /// A member function of an object, which is given as a pointer, a std::shared_ptr, a
  /// std::reference_wrapper or a copy.
  template <class M, class Object>
    requires(std::is_member_function_pointer_v<M>)
  Host& function(std::string name, M member, Object object);
  /// The untyped form: `f` reads its arguments from the Call. `arity` is the function's `length`.
  Host& function(std::string name, std::uint32_t arity, HostFunction f);

  /// Offers the C++ class T to JavaScript as the class `name`; see bind.hpp for what the answer
  /// takes.
  template <class T>
  ClassBinding<T> bind(std::string name);

  /// Replaces the system clock. It is asked whenever JavaScript asks for the time.
  Host& clock(Clock clock);
  /// Replaces the system's entropy. It seeds `Math.random` when a VM is made.
  Host& entropy(Entropy entropy);
  /// Where the console prints; without one it prints nowhere.
  Host& log(Log log);
  /// Where process.stdout and process.stderr write (process.hpp); without it they are lines of the
  /// log, info and error.
  Host& output(Output output);
  /// What programs are told of themselves by node:process (process.hpp).
  Host& process(const Process& process);
  /// Gives VMs the globals that Node has beside those of the language: process, Buffer, URL,
  /// URLSearchParams, TextEncoder, TextDecoder, AbortController, AbortSignal, Event, EventTarget,
  /// Blob, File, CustomEvent, Headers, Request, Response, crypto, structuredClone, navigator,
  /// global. Each costs nothing until a program uses it.
  Host& node_globals();
  /// Gives programs `fetch`, `Headers`, `Request` and `Response` (fetch.hpp), for the URLs that the
  /// rules allow. `f` carries a request out: it takes a FetchRequest, and answers with a
  /// FetchResponse or a std::future of one. Without it, whoever looks at VM::pending_calls does.
  template <class F = std::nullptr_t>
  Host& fetch(FetchRules rules, F f = nullptr) {
    return fetch_through(std::move(rules), detail::fetch_of(std::move(f)));
  }
  /// The local time zone of `Date`; without one it is UTC.
  Host& timezone(Timezone timezone);
  /// Calls `f` with every promise that is rejected and that nobody handles once no job is ready, as
  /// browsers do with `unhandledrejection`; and again, as Kind::handled, if somebody does later.
  /// It is called from `VM::run` and `run_until_idle`, like a SettledCallback, and what it throws
  /// leaves them. Without it, `VM::take_unhandled_rejections` hands them out. A program that
  /// listens with node:process is told in the place of both.
  Host& on_rejection(OnRejection f);

  /// Where imports come from (module.hpp). Without a loader every import is a ReferenceError.
  Host& modules(std::shared_ptr<ModuleLoader> loader);
  /// The same from two functions; both must be given.
  Host& modules(ResolveModule resolve, LoadModule load);

  /// What of other files a VM sees, and where (files.hpp); without it, only what it writes itself.
  /// Replaces what was said before. That JavaScript can see files at all is the business of
  /// node:fs; `VM::files` and modules need no leave.
  Host& files(Mounts mounts);

  /// What VMs are made without (intrinsic.hpp), in addition to what was said before.
  Host& without(std::initializer_list<Intrinsic> intrinsics);

 private:
  friend class detail::Machine;
  template <class T>
  friend class ClassBinding;
  explicit Host(std::shared_ptr<detail::HostParts> parts) noexcept : parts_(std::move(parts)) {}
  detail::ClassParts& class_parts(const std::string& name);
  void bind_class(const std::string& name, std::type_index type);
  Host& fetch_through(FetchRules rules, Fetch f);
  void add_member_function(std::string name, std::uint32_t arity, HostFunction f);
  detail::HostParts& parts();  // unshared, for writing
  std::shared_ptr<detail::HostParts> parts_;
};

/// The clock of the system; what a Host has at first.
Clock system_clock();
/// A clock that stands at `time`.
Clock fixed_clock(Time time);
/// A clock that says `start` when it is first read, and `step` more at each further reading. Its
/// copies are one clock.
Clock stepped_clock(Time start, std::chrono::nanoseconds step);
/// Entropy of the system; what a Host has at first.
Entropy system_entropy();
/// Bytes that follow from `seed` alone: equal programs see equal randomness.
Entropy seeded_entropy(std::uint64_t seed);
/// Local time as the C library of this process has it (TZ, /etc/localtime).
Timezone system_timezone();
/// Local time that is always so far ahead of UTC, from -24 to 24 hours.
Timezone fixed_timezone(std::chrono::minutes ahead_of_utc);

}  // namespace quiesce

#include "quiesce/function.hpp"
