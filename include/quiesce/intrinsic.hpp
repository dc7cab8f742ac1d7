// What a VM may be made without.
//
//   quiesce::Host host;
//   host.without({quiesce::Intrinsic::eval, quiesce::Intrinsic::Proxy});
//   quiesce::VM vm{host};                     // typeof Proxy === "undefined"
//
// What is left out is gone for programs, whichever way they look: the global, the `constructor` of
// the prototype, the literals. The host is not bound by it: VM::eval, VM::parse_json and the rest
// work, and a value that the host makes has its methods. It holds for VMs that are made anew, and
// travels in their snapshots; a restored VM is as its snapshot says.
#pragma once

#include <cstdint>

namespace quiesce {

/// Each is one bit.
enum class Intrinsic : std::uint32_t {
  /// `eval`, `Function` and the constructors of async functions and generators stay and throw
  /// EvalError for a text, as under a Content-Security-Policy.
  eval = 1u << 0,
  Date = 1u << 1,
  RegExp = 1u << 2,  // with the literals (a SyntaxError) and what makes one from a string
  JSON = 1u << 3,
  Proxy = 1u << 4,
  Reflect = 1u << 5,
  map_and_set = 1u << 6,   // Map, Set, WeakMap, WeakSet
  typed_arrays = 1u << 7,  // with ArrayBuffer, SharedArrayBuffer, DataView
  Promise = 1u << 8,       // the constructor; async functions and import() still make promises
  BigInt = 1u << 9,        // with the literals (a SyntaxError) and the typed arrays of bigints
  WeakRef = 1u << 10,      // with FinalizationRegistry
  performance = 1u << 11,
  DOMException = 1u << 12,  // the constructor; atob still throws one
  base64 = 1u << 13,        // atob, btoa
  console = 1u << 14,
  timers = 1u << 15,  // setTimeout, setInterval, setImmediate and what clears them
};

}  // namespace quiesce
