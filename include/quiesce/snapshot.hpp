// A VM at rest: an immutable value. Any number of VMs can be woken from it.
//
//   quiesce::Snapshot sleep = vm.snapshot();
//   sleep.save("order-17.qsnap");              // atomically: the old file or the new one
//   quiesce::VM again{host, Snapshot::load("order-17.qsnap")};
//
// What is stored can be what has changed since another snapshot, which is then needed to wake it:
//
//   vm.snapshot().relative_to(sleep).save("order-17-b.qsnap");  // some 200 bytes and what is new
//   Snapshot::load("order-17-b.qsnap");                         // finds the other in its folder
//
// Or all of its memory, for programs that read it without the engine: Snapshot::whole. It can be
// signed and encrypted: see trust.hpp. Copies share their bytes, and so do VMs woken from one.
// Immutable, hence safe for many threads. The file format is described byte by byte in
// docs/snapshot-format.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "quiesce/error.hpp"
#include "quiesce/limits.hpp"
#include "quiesce/trust.hpp"

namespace quiesce {

namespace detail {
struct SnapshotParts;
class Ancestors;
class Machine;
}  // namespace detail

class Engines;
class Host;
class Snapshot;
class VM;
struct RestoreOptions;

/// What Snapshot::load and Snapshot::from_bytes may do. Each member has its own rules.
struct LoadOptions {
  /// A snapshot that would need more memory awake is refused, however small its file is: for
  /// snapshots from people you do not know. The default is the largest linear memory there can be.
  std::uint64_t memory_bytes_max = std::uint64_t{1} << 32;
  /// The folder in which the snapshots are looked for that this one is relative to, among its
  /// `*.qsnap` and `*.qimg`. Empty: the folder of the file; from bytes, none.
  std::filesystem::path ancestors_folder = {};
  /// Asked before the folder, by Snapshot::digest: for snapshots that this process has already, or
  /// that are kept elsewhere. May answer with nothing, and throw.
  std::function<std::optional<Snapshot>(const std::string& digest)> find_ancestor = {};
  /// The engines that it may belong to (engines.hpp), for this call; null: the built-in one alone.
  const Engines* engines = nullptr;
  /// What the file, and those that it is relative to, must be sealed with.
  Trust trust = {};
};

/// What the file form of a snapshot holds.
enum class SnapshotForm : std::uint8_t {
  /// What has changed since the base image of its engine, which a program with that engine has.
  base,
  /// What has changed since another snapshot.
  delta,
  /// All pages that are not zero.
  whole,
};

/// What a snapshot says of itself outside of its memory: see Snapshot::header.
struct SnapshotHeader {
  /// SHA-256 of the engine it belongs to, hexadecimal.
  std::string engine;
  /// SHA-256 of the file form.
  std::string digest;
  /// What the file form holds.
  SnapshotForm form = SnapshotForm::base;
  /// Digest of the snapshot that it is relative to; empty: it stands alone.
  std::string ancestor;
  /// Size of the linear memory when awake, in bytes.
  std::uint64_t memory_bytes = 0;
  /// Size of the file form, in bytes.
  std::uint64_t stored_bytes = 0;
  /// The limits of the VM that was put to sleep.
  Limits limits;
};

/// A page in which two memories differ.
struct PageChange {
  /// Its address / 4096.
  std::uint32_t index;
  /// How many of its 4096 bytes are others.
  std::uint32_t bytes;
};

/// A VM at rest: take one with VM::snapshot, keep it as a file or bytes, wake VMs from it.
class Snapshot {
 public:
  /// Reads and checks a file, and those that it is relative to. Throws Errc::io when it cannot be
  /// read and Errc::snapshot when it is not whole, of an engine that is not known, or no snapshot
  /// at all, when what it is relative to is not found, or when it needs more memory than allowed;
  /// TrustError when it is not sealed as `options.trust` demands, or with keys that are not there.
  static Snapshot load(const std::filesystem::path& file, const LoadOptions& options = {});
  /// As `load`, from memory. The bytes are copied.
  static Snapshot from_bytes(std::span<const std::byte> bytes, const LoadOptions& options = {});

  /// What a file says of itself, whatever engine it belongs to and whether or not what it is
  /// relative to is there. It is whole, and its numbers make sense; its memory was not looked at.
  /// Throws as `load`.
  static SnapshotHeader header(const std::filesystem::path& file);

  /// The same VM, stored as what has changed since `earlier`, usually an earlier snapshot of the
  /// same VM or one that it was woken from; any other of this engine will do. What comes back can
  /// be woken like this one, but its file form needs that of `earlier`, byte for byte as it is now,
  /// and those that `earlier` needs itself. When these would be more than 32, it is made relative
  /// to the first of them instead, and where two have nothing in common, to none.
  ///
  ///   Snapshot next = vm.snapshot().relative_to(last);
  Snapshot relative_to(const Snapshot& earlier) const;
  /// The same VM, stored by itself, as what has changed since the base image of its engine: the
  /// form that VM::snapshot gives.
  Snapshot standing_alone() const;
  /// The same VM, stored with all of its memory, so that reading it takes neither another snapshot
  /// nor the engine: for tools, hosts in other languages, archives and audits. About 260 KB
  /// of it are the engine's own data, even where a VM takes 1 KB. It wakes in its engine only.
  Snapshot whole() const;
  /// What the file form holds.
  SnapshotForm form() const noexcept;
  /// The digests of the snapshots that the file form needs, the nearest first. Empty: it stands
  /// alone.
  std::vector<std::string> ancestors() const;

  /// The pages that are not as in `earlier`, by address, whatever the file forms are: what has
  /// changed if it is an earlier snapshot of the same VM.
  std::vector<PageChange> changes_since(const Snapshot& earlier) const;

  /// VMs woken from it, so many, each as VM's constructor wakes one. They share the memory that
  /// none of them writes; their Math.random go different ways, unless the options say otherwise.
  std::vector<VM> spawn(const Host& host, std::size_t count) const;
  /// The same with options, which are followed as they are: `reseed` too.
  std::vector<VM> spawn(const Host& host, std::size_t count, const RestoreOptions& options) const;

  /// Writes a file beside `file` and renames it, so that a crash or a full disk leaves the old one.
  void save(const std::filesystem::path& file, const Seal& seal = {}) const;
  /// The bytes of the file that `save` would write. Encrypted, they differ each time.
  std::vector<std::byte> to_bytes(const Seal& seal = {}) const;

  /// SHA-256 of the engine it belongs to, hexadecimal.
  std::string engine() const;
  /// SHA-256 of the file form without a seal, hexadecimal, as `sha256sum` prints it.
  std::string digest() const;
  /// SHA-256 of what the file says, before compression: equal VMs have equal ones on every host,
  /// while `digest` also depends on the version of the compressor.
  std::string content_digest() const;
  /// Size of the linear memory when awake, in bytes.
  std::uint64_t memory_bytes() const noexcept;
  /// Size of the file form without a seal, in bytes.
  std::uint64_t stored_bytes() const;
  /// The limits of the VM that was put to sleep; `fuel_max` is what was left.
  const Limits& limits() const noexcept;

 private:
  friend class detail::Machine;
  friend class detail::Ancestors;
  explicit Snapshot(std::shared_ptr<const detail::SnapshotParts> parts)
      : parts_(std::move(parts)) {}
  std::shared_ptr<const detail::SnapshotParts> parts_;
};

}  // namespace quiesce
