// What a program waits for, and which of its functions are suspended until that comes.
//
//   for (const quiesce::Wait& wait : vm.waits().list)
//     for (const quiesce::AsyncStack& stack : wait.stacks)
//       for (const quiesce::AsyncFrame& frame : stack.frames)
//         std::cout << describe(frame) << "\n";   // "await in charge (file:///app/pay.mjs:12:9)"
//
// A stack begins where the awaited promise is, and goes outwards through `await`, `then` and
// Promise.all to what nobody awaits any more. It is read from the heap: nothing has to be switched
// on before, nothing is run, and a VM that was just woken, or is only looked at, has it too. Texts
// are the program's. Plain values, for any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quiesce/host.hpp"

namespace quiesce {

/// One step on the way from a promise to what awaits it.
struct AsyncFrame {
  /// What is done when the promise before is settled.
  enum class Kind : std::uint8_t {
    async_function,   // goes on after `await`
    async_generator,  // the same
    callback,         // of `then`, is called
    catch_callback,   // of `catch`: is called if it is rejected
    finally,          // its callback is called
    all,              // Promise.all counts it
    all_settled,      // Promise.allSettled counts it
    any,              // Promise.any counts it
    resolution,       // another promise is settled with it: `resolve`, `return`, Promise.race
    module,           // evaluation of a module that has an `await` outside of functions
    import,           // import() gives the module
  };
  Kind kind;             ///< what is done
  std::string function;  ///< its name; empty: it has none
  std::string file;      ///< as stacks of errors show it; empty: it is built in
  /// Where it is suspended, as the stack of an error would show it: at the last part of what it
  /// awaits that the engine has a place for. Of a callback, where it begins. 0: not known.
  std::uint32_t line;
  std::uint32_t column;  ///< the same
};

/// "await in charge (file:///app/pay.mjs:12:9)", "Promise.all". Its texts are as the program has
/// them, control characters and all.
std::string describe(const AsyncFrame& frame);

/// A way from an awaited promise outwards.
struct AsyncStack {
  /// Why it goes no further.
  enum class End : std::uint8_t {
    nobody,  // nothing in the program awaits the last promise
    kept,    // the same, and it is the kept value `root`
    host,    // the host has asked to be told
    shown,   // it goes on as another stack of this wait does
    cut,     // it is longer than 100 frames
  };
  /// The innermost first.
  std::vector<AsyncFrame> frames;
  /// Why there are no more.
  End end = End::nobody;
  /// The name of the kept value.
  std::string root = {};
};

/// Something that has not come yet.
struct Wait {
  /// What is waited for.
  enum class For : std::uint8_t {
    call,     // a pending call
    timer,    // a timer
    promise,  // a promise that neither of those settles
  };
  For what;          ///< which of them
  std::uint64_t id;  ///< of the pending call; otherwise 0
  Time time;         ///< when the call was made, or the timer is due
  /// What a timer calls, if that is a function of the program.
  AsyncFrame callback;
  /// What goes on when it comes: at most 16.
  std::vector<AsyncStack> stacks;
};

/// Everything a program waits for.
struct Waits {
  /// Pending calls by id, timers by deadline, then other promises.
  std::vector<Wait> list;
  /// Jobs that need nothing but to be run.
  std::uint64_t ready_jobs = 0;
  /// False: the heap is damaged; somebody has made the snapshot up. What was found until then.
  bool is_whole = true;
};

}  // namespace quiesce
