// Compiled programs, to be run without the compiler: by many VMs, or next week.
//
//   quiesce::Bytecode program = vm.compile(source, {.file_name = "rules.js"});
//   store(program.bytes());
//   quiesce::VM other;
//   quiesce::Value answer = other.run_bytecode(quiesce::Bytecode::from_bytes(stored));
//
// Bytecode is of one engine, like a snapshot, and runs in VMs of that alone. `from_bytes` finds out
// what was damaged by accident or is of another engine; it cannot find out what was forged. Run
// bytecode only if you would run its author's programs, or let a VM run it that may be lost: forged
// bytecode can break the VM that runs it in any way (Errc::poisoned among them), and never leaves
// the wall.
//
// An immutable value; copies share the bytes. Thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace quiesce {

class Engine;
class VM;

namespace detail {
struct BytecodeParts;
}

/// What bytecode keeps of the program's text.
enum class Strip : std::uint8_t {
  nothing,
  source,           // Function.prototype.toString shows no code
  source_and_debug  // and stacks have no lines
};

/// A compiled program.
class Bytecode {
 public:
  /// Throws Errc::bytecode: these bytes are no bytecode, are damaged, or are of another engine.
  static Bytecode from_bytes(std::span<const std::byte> bytes);
  /// The same for bytecode of an engine that is not the built-in one (engines.hpp).
  static Bytecode from_bytes(std::span<const std::byte> bytes, const Engine& engine);

  /// The file form: for `from_bytes` of any process with this engine.
  std::span<const std::byte> bytes() const noexcept;
  /// What the source was compiled under.
  const std::string& file_name() const noexcept;

 private:
  friend class VM;
  explicit Bytecode(std::shared_ptr<const detail::BytecodeParts> parts) noexcept;
  std::shared_ptr<const detail::BytecodeParts> parts_;
};

}  // namespace quiesce
