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
#include <stop_token>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include "quiesce/bytecode.hpp"
#include "quiesce/callback.hpp"
#include "quiesce/census.hpp"
#include "quiesce/convert.hpp"
#include "quiesce/deferred.hpp"
#include "quiesce/draws.hpp"
#include "quiesce/engines.hpp"
#include "quiesce/files.hpp"
#include "quiesce/host.hpp"
#include "quiesce/limits.hpp"
#include "quiesce/promise.hpp"
#include "quiesce/run.hpp"
#include "quiesce/snapshot.hpp"
#include "quiesce/value.hpp"
#include "quiesce/waits.hpp"

namespace quiesce {

/// What a source is, and so what evaluating it gives.
enum class SourceType : std::uint8_t {
  script,        // the completion value
  async_script,  // a script with top-level await: the promise of the completion value
  module,        // an ES module: the promise of its namespace; module.hpp has what it may import
};

/// How VM::eval treats its source.
struct EvalOptions {
  /// Shown in stacks and syntax errors.
  std::string file_name = "<eval>";
  /// Script, script with top-level await, or module.
  SourceType type = SourceType::script;
  /// As if the source began with "use strict". Modules always are.
  bool strict = false;
  /// Stacks of its errors end with it and do not show who called eval.
  bool backtrace_barrier = false;
};

/// How VM::compile treats its source.
struct CompileOptions {
  /// Shown in stacks; the name that a module has when it runs.
  std::string file_name = "<eval>";
  /// As for EvalOptions.
  SourceType type = SourceType::script;
  /// As if the source began with "use strict".
  bool strict = false;
  /// As for EvalOptions.
  bool backtrace_barrier = false;
  /// What of the text the bytecode leaves out.
  Strip strip = Strip::nothing;
};

/// How a VM falls asleep. Memory that is free is always cleared: what stood there is not in the
/// snapshot.
struct SnapshotOptions {
  /// true: as after VM::collect_garbage, so that cycles of garbage do not sleep with the VM. Writes
  /// to every object, of which a VM that was woken has few of its own: some 10 us for a small VM,
  /// 20 ms for objects of 24 MB.
  bool collect_garbage = false;
};

/// How a VM wakes from a snapshot.
struct RestoreOptions {
  /// nullopt: those of the snapshot. Give your own to one from people you do not know. A memory
  /// limit below what the snapshot uses is refused at once, with Errc::limit.
  std::optional<Limits> limits = std::nullopt;
  /// true: a function that the Host lacks throws in JavaScript when it is called.
  bool allow_missing_functions = false;
  /// true: Math.random goes on differently than in other VMs of this snapshot; see VM::reseed.
  bool reseed = false;
  /// True: using an instance whose object nobody attached throws in JavaScript (see bind.hpp).
  bool allow_missing_resources = false;
  /// true: without a mount by digest (files.hpp) its files cannot be read: EIO.
  bool allow_missing_mounts = false;

  /// Allows all that can be missing.
  static RestoreOptions lenient();
  /// For a look into the snapshot of any program, which is not to run on:
  ///
  ///   VM vm{Host(), Snapshot::load("order.qsnap"), RestoreOptions::for_looking()};
  ///   for (const PendingCall& call : vm.pending_calls()) std::cout << call.name << "\n";
  ///
  /// Lenient, and with limits for that instead of those of the snapshot, which may be used up: as
  /// much memory as it takes, and 30 s for one call, however its heap may have been made up.
  static RestoreOptions for_looking();
};

/// How VM::fork makes a child.
struct ForkOptions {
  /// false: Math.random draws the same numbers in the child as in this VM; see VM::reseed.
  bool reseed = true;
};

/// A call that the guest made to the outside and that is not settled yet.
struct PendingCall {
  /// For VM::deferred; never used twice.
  std::uint64_t id;
  /// What the guest or VM::defer called it.
  std::string name;
  /// A JSON array, fixed when the call was made.
  std::string arguments_json;
  /// When the call was made, by the clock of the Host.
  Time since;
};

/// What an error is made with besides its class and message.
struct ErrorOptions {
  /// Its `cause`, as the second argument of `new Error` gives it.
  std::optional<Value> cause = std::nullopt;
  /// Its `errors`, as an AggregateError has them.
  std::optional<std::vector<Value>> errors = std::nullopt;
  /// More properties of its own, enumerable as if they had been assigned.
  std::vector<std::pair<std::string, Value>> properties = {};
};

/// What the engine has allocated, in bytes and numbers.
struct MemoryUsage {
  /// Size of the linear memory.
  std::uint64_t linear_bytes;
  /// Allocated in it by the engine: what the memory limit counts.
  std::uint64_t used_bytes;
  /// Blocks that the engine has allocated.
  std::uint64_t allocations;
  /// Objects, functions and arrays included.
  std::uint64_t objects;
  /// Strings that are values.
  std::uint64_t strings;
  /// Property names and symbols.
  std::uint64_t atoms;
  /// Values that the host holds on to.
  std::uint64_t handles;
  /// Bytes of the objects themselves, without what they refer to.
  std::uint64_t object_bytes;
  /// Properties of all objects.
  std::uint64_t properties;
  /// Bytes of those.
  std::uint64_t property_bytes;
  /// Layouts, which objects of one kind share.
  std::uint64_t shapes;
  /// Bytes of those.
  std::uint64_t shape_bytes;
  /// Bytes of strings that are values.
  std::uint64_t string_bytes;
  /// Bytes of property names and symbols, with their table.
  std::uint64_t atom_bytes;
  /// Functions written in JavaScript, counted once however many closures there are.
  std::uint64_t functions;
  /// Bytes of those without the following two.
  std::uint64_t function_bytes;
  /// Bytes of compiled code.
  std::uint64_t bytecode_bytes;
  /// Bytes of the tables that lead from code to lines of source.
  std::uint64_t line_table_bytes;
  /// Function objects that are built in or call the host.
  std::uint64_t native_functions;
  /// Arrays.
  std::uint64_t arrays;
  /// Of those: arrays whose elements lie one after the other.
  std::uint64_t fast_arrays;
  /// Elements of those.
  std::uint64_t fast_array_elements;
  /// ArrayBuffers and SharedArrayBuffers.
  std::uint64_t buffers;
  /// Bytes of those.
  std::uint64_t buffer_bytes;
};

/// One isolated JavaScript machine. Movable, not copyable: a copy is a Snapshot.
class VM {
 public:
  /// A new VM, ready for code. Throws Errc::resources when the system refuses memory.
  explicit VM(const Host& host = {}, const Limits& limits = {});
  /// The same, of this engine (engines.hpp) instead of the built-in one.
  explicit VM(const Engine& engine, const Host& host = {}, const Limits& limits = {});
  /// Wakes a sleeper, in the engine that it is of. Throws Errc::missing_function with every missing
  /// name (see RestoreOptions).
  /// What begins from a start image is a new VM: see start_image.hpp.
  VM(const Host& host, const Snapshot& snapshot, const RestoreOptions& options = {});
  /// Takes the machine; only destruction and assignment are left to `other`.
  VM(VM&& other) noexcept;
  /// Exchanges the two machines.
  VM& operator=(VM&& other) noexcept;
  ~VM();

  // ---- code ----
  /// Source is UTF-8 (Errc::encoding otherwise).
  Value eval(std::string_view source, const EvalOptions& options);
  /// With the options as they are at first.
  // Not a default argument: within a co_await, gcc 12 destroys such temporaries wrongly.
  Value eval(std::string_view source) { return eval(source, EvalOptions{}); }
  /// Whether the source uses `import`, `export` or another form that only a module may have. It may
  /// have a mistake after that: whoever then evaluates it as a module is told of the mistake.
  bool is_module(std::string_view source);
  /// Runs what the Host's loader has under `specifier` as the program's main module, whatever its
  /// format: the promise of its namespace, as `import()` gives it. `import.meta.main` is true in
  /// it, `require.main` is its `module`. The loader is asked with an empty referrer. The promise is
  /// fulfilled although the module throws if the program takes the error: `uncaughtException`.
  Value import_main(std::string_view specifier);
  /// `globalThis`.
  Value global();
  /// Compiles and runs nothing; imports are not looked at. Throws JSError (SyntaxError).
  Bytecode compile(std::string_view source, const CompileOptions& options = {});
  /// Runs it as `eval` runs the source. Trusted bytecode only: see bytecode.hpp.
  Value run_bytecode(const Bytecode& bytecode);

  // ---- values ----
  /// A JavaScript value of anything that Convert knows.
  template <class T>
  Value value(const T& from) {
    return Convert<T>::to(*this, from);
  }
  /// A string of UTF-8.
  Value value(const char* text) { return string(text); }
  /// Throws Errc::encoding when the text is not UTF-8; the three-byte form of a lone surrogate,
  /// which `as<std::string>` gives for one, is taken too.
  Value string(std::string_view utf8);
  /// Utf8::strict: Errc::encoding for everything that Unicode does not call UTF-8. Utf8::replace:
  /// U+FFFD for each part that is wrong, as the WHATWG's decoder has it.
  Value string(std::string_view utf8, Utf8 how);
  /// A string of UTF-16; lone surrogates and NUL are fine.
  Value string(std::u16string_view utf16);
  /// A bigint of any size.
  Value bigint(const BigInt& from);
  /// A new symbol.
  Value symbol(std::string_view description);
  /// The symbol that `Symbol.for(key)` gives.
  Value global_symbol(std::string_view key);
  /// `{}`.
  Value object();
  /// `[]`.
  Value array();
  /// An array of these elements.
  Value array(std::span<const Value> elements);
  /// An ArrayBuffer with a copy of the bytes.
  Value array_buffer(std::span<const std::byte> bytes);
  /// A typed array of `type` over a copy of `bytes`, whose size must be a multiple of the
  /// element's.
  Value typed_array(Class type, std::span<const std::byte> bytes);
  /// A view of an ArrayBuffer that others may share; `offset` in bytes. What does not fit is a
  /// RangeError, thrown as JSError.
  Value typed_array(Class type, const Value& buffer, std::uint32_t offset, std::uint32_t elements);
  /// A DataView of `bytes` bytes.
  Value data_view(const Value& buffer, std::uint32_t offset, std::uint32_t bytes);
  /// An ArrayBuffer with a copy of `bytes` that may grow to `bytes_max`.
  Value resizable_array_buffer(std::span<const std::byte> bytes, std::size_t bytes_max);
  /// A Date: milliseconds since 1970-01-01T00:00:00Z; NaN is an invalid one.
  Value date(double epoch_ms);
  /// A Date, in whole milliseconds.
  Value date(Time time);
  /// A RegExp; what is none is a SyntaxError, thrown as JSError.
  Value regexp(std::string_view source, std::string_view flags = "");
  /// A Map of these entries.
  Value map(std::span<const std::pair<Value, Value>> entries = {});
  /// A Set of these values.
  Value set(std::span<const Value> values = {});
  /// An Error of the class of that name; an unknown name is put on a plain Error.
  /// To throw it from a host function: `throw JSError(vm.error("RangeError", "index 7"))`.
  Value error(std::string_view name, std::string_view message, const ErrorOptions& options = {});
  /// A function object that calls the Host's function of that name.
  Value function(std::string_view name);
  /// A function object that calls `f`, for as long as the Callback lives: see callback.hpp. `f` is
  /// a callable as Host::function takes it; `name` is what JavaScript sees.
  template <class F>
  Callback callback(F f, std::string name = "callback");
  /// The class that the Host bound under this name; in a woken VM also one that is new.
  Value host_class(std::string_view name);
  /// As `JSON.parse`; malformed text is a SyntaxError, thrown as JSError.
  Value parse_json(std::string_view json);

  // ---- jobs (ECMA-262 9.5) and timers ----
  /// Runs jobs and timers that are due until `promise` settles. Its value; nullopt when idle before
  /// that; throws JSError when it was rejected. Never waits.
  std::optional<Value> run(const Value& promise);
  /// The same, and it stops between jobs when the slice of fuel is used up.
  RunResult run(const Value& promise, const RunOptions& options);
  /// Runs jobs and due timers until none is left. What a job throws arrives as JSError, and the
  /// remaining jobs stay for the next call.
  void run_until_idle();
  /// The same; says why it stopped.
  RunResult run_until_idle(const RunOptions& options);
  /// Runs the oldest job that is ready; false: there was none.
  bool run_one_job();
  /// Runs the timer that is due first; false: none was due.
  bool run_one_timer();
  /// Whether `run_one_job` would run one.
  bool job_ready() const;
  /// When the earliest timer is due; nullopt: no timer. Wait until then and call `run_until_idle`.
  std::optional<Time> next_deadline() const;
  /// When each timer is due, earliest first.
  std::vector<Time> timer_deadlines() const;
  /// To be called when nothing is left to do: tells the program's node:process that it ends, and
  /// gives the status that it ends with (process.exitCode, 0 as a rule). nullopt: what the program
  /// did about that left it something to do; run it, and call this again. Throws ExitError if the
  /// program called process.exit meanwhile.
  std::optional<int> end_process();
  /// To be called in place of it when the program ends with an error that nobody caught: tells its
  /// node:process, and gives the status that it ends with, 1 as a rule. Throws as end_process does.
  int fail_process();
  /// Rejections that nobody handles and that were reported nowhere yet, oldest first. The latest
  /// 1024 are kept until somebody asks. See `Host::on_rejection`. None while the program listens
  /// for `unhandledRejection` or `uncaughtException` of node:process: `run_one_job` tells it.
  std::vector<Rejection> take_unhandled_rejections();

  // ---- promises ----
  /// A pending promise that only the host settles: a pending call without name and arguments, so
  /// that a VM which sleeps meanwhile still has it, under the same id.
  Deferred new_promise();
  /// Calls `callback` once, from a run, when the promise has settled; see promise.hpp.
  void on_settled(const Value& promise, SettledCallback callback);
  /// For coroutines: `co_await vm.settled(promise)` is the value, or throws JSError.
  SettledAwaiter settled(const Value& promise);

  // ---- calls to the outside ----
  /// Makes a pending call: a row in the heap with an id, and a promise that only the host settles.
  template <class... Args>
  Deferred defer(std::string_view name, const Args&... args) {
    std::initializer_list<Value> list{detail::to_value(*this, args)...};
    return defer_values(name, std::span(list.begin(), list.size()));
  }
  /// As `defer`, with arguments that were counted at run time.
  Deferred defer_values(std::string_view name, std::span<const Value> args);
  /// Waits until the future of a host function is ready (function.hpp), at most until `deadline`;
  /// then `run` settles its call. False: none is, or there is none. The VM is not entered.
  ///   while (!(result = vm.run(promise)) && vm.wait_for_outside(deadline)) {}
  bool wait_for_outside(std::chrono::steady_clock::time_point deadline =
                            std::chrono::steady_clock::time_point::max());
  /// Finds a pending call again; nullopt: unknown or settled.
  std::optional<Deferred> deferred(std::uint64_t id);
  /// All pending calls by id, the oldest first. Does not wake a sleeper.
  std::vector<PendingCall> pending_calls() const;

  // ---- sleep ----
  /// The state of the VM as a value. Throws Errc::busy from inside a host function, and
  /// Errc::resources when the system refuses memory for it.
  Snapshot snapshot(const SnapshotOptions& options = {});
  /// Another VM with the same Host that is what this one is now, and goes its own way from here:
  /// heap, jobs, timers, limits, and pending calls, whose ids it has too. What this VM gave out
  /// stays with it: the child finds its values by `kept` and its calls by `deferred`, and has no
  /// stop token. Throws as `snapshot` does.
  ///   quiesce::VM child = vm.fork();
  VM fork(const ForkOptions& options = {});
  /// So many at once, which share the memory that none of them writes.
  std::vector<VM> fork(std::size_t count, const ForkOptions& options = {});
  /// A named root: the value is found again by `kept` in every VM woken from a snapshot.
  void keep(std::string_view name, const Value& value);
  /// The same under a new name, which is answered: a token that finds the value again, here and in
  /// every VM woken from a snapshot. No token is given twice, by none of them.
  std::string keep(const Value& value);
  /// What was kept under this name; nullopt: nothing.
  std::optional<Value> kept(std::string_view name) const;
  /// Lets go of a named root; false: there was none.
  bool forget(std::string_view name);
  /// The names of all roots.
  std::vector<std::string> kept_names() const;
  /// Names of the host functions that the guest knows; a restore needs each of them.
  std::vector<std::string> function_names() const;
  /// Names of the modules that the VM has, those that require() has loaded among them, sorted. Does
  /// not wake a sleeper.
  std::vector<std::string> module_names() const;

  // ---- seeing ----
  /// What fills the memory: census.hpp. Walks the heap, runs nothing, does not wake a sleeper.
  Census census() const;
  /// What the program waits for, and which functions are suspended: waits.hpp. Walks the heap, runs
  /// nothing, does not wake a sleeper.
  Waits waits() const;
  /// The names of all globals, those of the language and global declarations among them, sorted.
  /// Runs nothing, does not wake a sleeper.
  std::vector<std::string> global_names() const;

  // ---- files ----
  /// The files that this VM sees, for the host to read and write.
  Files files() const;
  /// The mounts that this VM has, by path; for a woken one those that it went to sleep with, too.
  /// Does not wake a sleeper.
  std::vector<MountRecord> mounts() const;

  // ---- resources ----
  /// The limits as they were given; for fuel see fuel_left.
  const Limits& limits() const noexcept;
  /// Changes the limits, fuel included. Throws Errc::limit, and changes nothing, when more memory
  /// is in use than is to be allowed.
  void set_limits(const Limits& limits);
  /// Steps that are left; Limits::kUnlimited when they are not counted.
  std::uint64_t fuel_left() const;
  /// Steps made since the VM began, whether fuel is limited or not; goes on in restored VMs.
  std::uint64_t fuel_used() const;
  /// From now on JavaScript in this VM ends with Errc::stopped, which it cannot catch, once the
  /// token's source asks for it, from whatever thread: loops, recursion and regular expressions
  /// within milliseconds, runs before the next job. It stays so until another token is set; an
  /// empty one, as at first, never stops anything.
  void set_stop_token(std::stop_token token);
  /// The engine that this VM runs in, for ever: snapshots of it are of that engine too.
  Engine engine() const;
  /// What the engine has allocated. Walks the heap: not for hot paths.
  MemoryUsage memory_usage() const;
  /// Frees cycles that nothing refers to. Needed for figures and small snapshots, not for safety.
  void collect_garbage();
  /// Allocated bytes at which garbage is collected next; nullopt: not by itself. The engine sets it
  /// anew after each collection, and lower as the memory limit comes nearer.
  std::optional<std::uint64_t> gc_threshold() const;
  /// Sets it; nullopt: garbage is collected by `collect_garbage` alone, and near the memory limit.
  void set_gc_threshold(std::optional<std::uint64_t> bytes);
  /// What the host's clock says.
  Time now() const;
  /// What the program has drawn from clock and entropy so far. Does not wake a sleeper.
  Draws draws() const;
  /// Whether this is a new VM in which an application was there already: it was made from a start
  /// image (start_image.hpp), and not from the snapshot of a sleeper.
  bool began_from_image() const;
  /// Gives Math.random another sequence, from the host's entropy: for VMs woken from one snapshot,
  /// which otherwise draw equal numbers.
  void reseed();

 private:
  friend class detail::Machine;
  friend class Callback;
  friend class Deferred;
  Callback add_callback(std::string name, std::uint32_t arity, HostFunction f);
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
  } else if constexpr (kIsObject<R>) {
    return known_object_to(vm, typeid(T), std::addressof(result));
  } else if constexpr (requires { std::shared_ptr(std::forward<R>(result)).reset(); }) {
    return vm.value(std::shared_ptr(std::forward<R>(result)));  // a std::unique_ptr too
  } else if constexpr (std::is_convertible_v<R, const char*>) {
    return vm.value(static_cast<const char*>(result));
  } else {
    static_assert(HasConvert<T>,
                  "this result type does not cross the wall: specialise quiesce::Convert for it "
                  "(members.hpp makes that short), or bind it as a class and return a "
                  "std::shared_ptr");
    return vm.value(result);
  }
}
}  // namespace detail

template <class F>
Callback VM::callback(F f, std::string name) {
  detail::UntypedFunction made = detail::untyped_callable(std::move(f));
  return add_callback(std::move(name), made.arity, std::move(made.call));
}

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
