// A VM at rest: an immutable value. Any number of VMs can be woken from it.
//
//   quiesce::Snapshot sleep = vm.snapshot();
//   sleep.save("order-17.qsnap");              // atomically: the old file or the new one
//   quiesce::VM again{host, Snapshot::load("order-17.qsnap")};
//
// Copies share their bytes, and so do VMs woken from one. Immutable, hence safe for many threads.
// The file format is described byte by byte in docs/snapshot-format.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "quiesce/error.hpp"
#include "quiesce/limits.hpp"

namespace quiesce {

namespace detail {
struct SnapshotParts;
class Machine;
}  // namespace detail

/// A VM at rest: take one with VM::snapshot, keep it as a file or bytes, wake VMs from it.
class Snapshot {
 public:
  /// Reads and checks a file. Throws Errc::io when it cannot be read and Errc::snapshot when it is
  /// not whole, not for this engine, or not a snapshot at all; or when it would need more memory
  /// than `memory_bytes_max`, however small the file is: for snapshots from people you do not know.
  static Snapshot load(const std::filesystem::path& file,
                       std::uint64_t memory_bytes_max = kMemoryBytesMax);
  /// As `load`, from memory. The bytes are copied.
  static Snapshot from_bytes(std::span<const std::byte> bytes,
                             std::uint64_t memory_bytes_max = kMemoryBytesMax);
  /// The largest linear memory that there can be, in bytes.
  static constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{1} << 32;

  /// Writes a file beside `file` and renames it, so that a crash or a full disk leaves the old one.
  void save(const std::filesystem::path& file) const;
  /// The bytes of the file that `save` would write.
  std::vector<std::byte> to_bytes() const;

  /// SHA-256 of the engine it belongs to, hexadecimal.
  std::string engine() const;
  /// SHA-256 of the file form, hexadecimal, as `sha256sum` prints it.
  std::string digest() const;
  /// SHA-256 of what the file says, before compression: equal VMs have equal ones on every host,
  /// while `digest` also depends on the version of the compressor.
  std::string content_digest() const;
  /// Size of the linear memory when awake, in bytes.
  std::uint64_t memory_bytes() const noexcept;
  /// Size of the file form, in bytes.
  std::uint64_t stored_bytes() const;
  /// The limits of the VM that was put to sleep; `fuel_max` is what was left.
  const Limits& limits() const noexcept;

 private:
  friend class detail::Machine;
  explicit Snapshot(std::shared_ptr<const detail::SnapshotParts> parts)
      : parts_(std::move(parts)) {}
  std::shared_ptr<const detail::SnapshotParts> parts_;
};

}  // namespace quiesce
