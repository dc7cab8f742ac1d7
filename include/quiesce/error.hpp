// What goes wrong, and what to do about it.
//
// Every failure that this library reports is an `Error` with an `Errc`, named by what the caller
// can do next. `JSError` is a value that JavaScript threw and nobody in the VM caught.
//
//   try {
//     vm.eval("null.x");
//   } catch (const quiesce::JSError& error) {
//     std::cerr << error.stack();           // TypeError: cannot read property 'x' of null ...
//   }
//   if (auto result = quiesce::attempt([&] { return vm.eval(code); })) use(*result);
//
// Errors are values: they can be copied, and kept longer than the VM they came from.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace quiesce {

class Value;

/// What an Error is about, named by what the caller can do next.
enum class Errc {
  invalid_argument = 1,  // the call makes no sense as it stands; the text says which argument
  type_mismatch,         // a Value is not of the type that was asked for
  javascript,            // JavaScript threw (JSError)
  limit,          // a limit was reached and the code stopped; `limit()` names it; the VM is usable
  poisoned,       // the guest trapped: this VM is lost, an older snapshot still restores
  dead_vm,        // the VM of this Value or Deferred is gone
  foreign_value,  // a Value of another VM
  busy,           // not while guest code is on the stack
  unknown_call,   // no pending call has this id: never made, or settled already
  missing_function,  // the snapshot needs host functions that this Host lacks; the text lists them
  snapshot,          // this is not a snapshot, or a damaged one, or one of another engine
  io,                // a file could not be read or written; the text has the reason of the system
  encoding,          // text that is not valid UTF-8
  resources,         // the operating system refused memory or address space
  stopped,           // a std::stop_token asked for it; the VM is usable
  not_cloneable,     // this cannot travel as Data; the text has the path to it
  missing_resource,  // the snapshot needs host objects or mounts that this Host lacks; listed
  bytecode,          // not bytecode, or that of another engine
  wrong_thread,      // two threads are in one VM (found in debug builds)
  module,            // a module cannot be found, read or understood (ModuleError)
  file,              // a file of a VM: it is not there, or may not be written (FileError)
  archive,           // this is not an archive that can be unpacked; the text says why
  exited,            // the program ended itself (ExitError, process.hpp); the VM is usable
  engine,            // a library is no engine for this build, or an engine lacks what was asked for
  untrusted,         // a snapshot is not sealed as it has to be (TrustError, trust.hpp)
};

/// The limits of quiesce::Limits, as Error::limit names them.
enum class Limit { memory, stack, time, fuel };

/// How far a limit was overrun. Bytes for memory and stack, nanoseconds for time, steps for fuel.
struct LimitReport {
  /// Which one.
  Limit limit;
  /// What was used. Memory: with what was refused. Stack: without the frame that did not fit.
  std::uint64_t used;
  /// The limit itself.
  std::uint64_t allowed;
};

/// What every function of this library throws: a code to decide on, a text to read.
class Error : public std::runtime_error {
 public:
  /// An error of your own. From a host function its text reaches JavaScript.
  Error(Errc code, const std::string& text, std::optional<Limit> limit = std::nullopt,
        std::optional<LimitReport> report = std::nullopt)
      : std::runtime_error(text), code_(code), limit_(limit), report_(report) {}
  /// The same, for a limit in numbers.
  Error(Errc code, const std::string& text, const LimitReport& report)
      : Error(code, text, report.limit, report) {}

  /// What to decide on.
  Errc code() const noexcept { return code_; }

  /// The limit that was reached, if one was. Memory and stack limits are JavaScript errors that the
  /// guest may catch (so the code is `javascript`); time and fuel are not (the code is `limit`).
  std::optional<Limit> limit() const noexcept { return limit_; }
  /// That limit in numbers. Absent when they are not known any more: an error that comes out of the
  /// heap of a restored VM, or that JavaScript made itself to look like one.
  const std::optional<LimitReport>& limit_report() const noexcept { return report_; }

 private:
  Errc code_;
  std::optional<Limit> limit_;
  std::optional<LimitReport> report_;
};

/// A value that JavaScript threw. `what()` is "Name: message", or the value in print if it is no
/// Error.
class JSError : public Error {
 public:
  struct Detail;  // copies share it
  /// To throw any JavaScript value from a host function. Of an Error it has name, message and
  /// stack, which are read here without running guest code.
  explicit JSError(const Value& value);
  /// Made by the library, when JavaScript threw.
  explicit JSError(std::shared_ptr<const Detail> detail);

  /// "TypeError"; empty if no Error was thrown.
  const std::string& name() const noexcept;
  /// The error's message; the value in print if no Error was thrown.
  const std::string& message() const noexcept;
  /// Lines of the form "    at f (file.js:3:7)"; empty if there is none.
  const std::string& stack() const noexcept;
  /// What was thrown; of use while the VM lives.
  const Value& value() const noexcept;
  /// The C++ exception of a host function, if it was what crossed the guest uncaught.
  std::exception_ptr nested() const noexcept;

 private:
  std::shared_ptr<const Detail> detail_;
};

/// The outcome of `attempt`: a value, or the Error instead of it.
template <class T>
class Result {
 public:
  /// Success.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  /// Failure: the exception, and a view of its base.
  Result(std::exception_ptr error, std::shared_ptr<const Error> view)
      : state_(std::in_place_index<1>, Failure{std::move(error), std::move(view)}) {}

  /// Whether there is a value.
  explicit operator bool() const noexcept { return state_.index() == 0; }
  /// Whether there is a value.
  bool has_value() const noexcept { return state_.index() == 0; }

  /// The value; rethrows the error if there is none.
  T& value() & { return check(), std::get<0>(state_); }
  /// The value; rethrows the error if there is none.
  const T& value() const& { return check(), std::get<0>(state_); }
  /// The value, moved out; rethrows the error if there is none.
  T&& value() && { return check(), std::get<0>(std::move(state_)); }
  /// As value().
  T& operator*() & { return value(); }
  /// As value().
  const T& operator*() const& { return value(); }
  /// As value().
  T* operator->() { return &value(); }
  /// As value().
  const T* operator->() const { return &value(); }

  /// Precondition: no value. A JSError arrives here as its base; `rethrow` gives the whole.
  const Error& error() const { return *std::get<1>(state_).view; }
  /// Throws the error as it was caught, a JSError as a JSError.
  [[noreturn]] void rethrow() const { std::rethrow_exception(std::get<1>(state_).error); }

 private:
  struct Failure {
    std::exception_ptr error;
    std::shared_ptr<const Error> view;
  };
  void check() const {
    if (state_.index() == 1) rethrow();
  }
  std::variant<T, Failure> state_;
};

/// Calls `f` and turns a thrown `Error` into a Result. Other exceptions pass.
template <class F>
auto attempt(F&& f) {
  using R = std::decay_t<decltype(f())>;
  using T = std::conditional_t<std::is_void_v<R>, std::monostate, R>;
  try {
    if constexpr (std::is_void_v<R>) {
      f();
      return Result<T>(std::monostate{});
    } else {
      return Result<T>(f());
    }
  } catch (const Error& error) {
    return Result<T>(std::current_exception(), std::make_shared<const Error>(error));
  }
}

}  // namespace quiesce
