// The files of a VM: what its Host mounts and what the VM wrote itself, one tree.
//
//   host.files(quiesce::Mounts()
//                  .mount("/app", quiesce::folder_files("/srv/app"))
//                  .mount("/app/node_modules", quiesce::archive_files("modules.tar.zst"),
//                         {.by_digest = true, .name = "modules 2.3"}));
//   quiesce::VM vm{host};
//   vm.files().write("/tmp/note", "before it fell asleep");
//   std::string text = vm.files().read("/app/main.mjs").value();
//
// What a VM has found in a mount is recorded in its heap: kind and size, content once it was read,
// targets of links. So a VM that wakes without the mount, or with one that has changed, finds what
// it had found. Absence is not recorded, and neither are the names in a directory: a listing is
// what the mount says now, with what is recorded. Of a mount by digest nothing is recorded.
//
// Everything outside mounts is a tree in the VM's memory, which can be written; "/" is there from
// the start. Mounts cannot, unless they say that writes stay in the VM. There are no owners and
// permissions, names are bytes, their case counts; a name has at most 255 bytes, a path 4095. All
// of it counts against the VM's memory limit.
//
// A Files belongs to its VM, whose thread uses it, also within host functions; not within a member
// of a FileSystem (FileError EBUSY). It throws FileError, and what a FileSystem throws comes
// through. When the VM is gone: Errc::dead_vm.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/file_system.hpp"

namespace quiesce {

namespace detail {
class Machine;
}  // namespace detail

/// How a tree is mounted.
struct MountOptions {
  /// true: what the VM writes, removes or renames there stays in the VM and its snapshots; the tree
  /// itself is only read. false: writing is refused as EROFS.
  bool keeps_writes = false;
  /// true: for large trees that never change. Nothing of it is recorded; a snapshot has path, name
  /// and digest, and wakes only where a tree of that digest is mounted at that path. What the tree
  /// has answered is kept here, up to 32 MiB, and shared by all VMs of copies of these Mounts.
  bool by_digest = false;
  /// What errors call it: a version, a URL. At most 4096 bytes.
  std::string name = {};
  /// With `by_digest`: its tree_digest, if you have it; empty: `Mounts::mount` computes it.
  std::string digest = {};
};

/// Where trees stand among the files of a VM. A value; copies share the FileSystems.
class Mounts {
 public:
  /// One mount.
  struct Mount {
    /// Clean and absolute.
    std::string path;
    /// What stands there; with `by_digest` one that remembers what it was asked.
    std::shared_ptr<FileSystem> files;
    /// How.
    MountOptions options;
  };

  /// Puts the root of `files` at `path`, a clean absolute path; a mount may lie in another one, and
  /// hides what that has there. Throws Errc::invalid_argument for a path that is not clean or is
  /// taken, and for a digest that is none.
  Mounts& mount(std::string path, std::shared_ptr<FileSystem> files,
                const MountOptions& options = {});

  /// All, by path.
  const std::vector<Mount>& list() const noexcept { return mounts_; }

 private:
  std::vector<Mount> mounts_;
};

/// A mount as a VM remembers it, whether its Host has it or not: VM::mounts.
struct MountRecord {
  /// Where it stands.
  std::string path;
  /// As it was given; empty: none was.
  std::string name;
  /// Hexadecimal, of a mount by digest; empty: of another.
  std::string digest;
  /// Whether what the VM writes there stays in it.
  bool keeps_writes;
  /// Whether the Host of this VM has it.
  bool is_here;
};

/// The files of one VM, as `VM::files` gives them. Copies are the same files. Paths are absolute
/// and may have ".", ".." and links; unless it says otherwise, a link is followed at every place.
class Files final : public FileReader {
 public:
  std::optional<FileStatus> status(std::string_view path) override;
  std::optional<std::string> read(std::string_view path) override;
  std::optional<std::string> real_path(std::string_view path) override;

  /// What is at `path`; if that is a link, the link itself.
  std::optional<FileStatus> link_status(std::string_view path);
  /// Where a link points, as it is written; nothing: there is no link.
  std::optional<std::string> read_link(std::string_view path);
  /// The names in a directory, in the order of their bytes; nothing: there is no directory.
  std::optional<std::vector<std::string>> list(std::string_view path);

  /// Makes or replaces a file. Its directory must be there.
  void write(std::string_view path, std::string_view content);
  /// Appends to a file, which is made if there is none.
  void append(std::string_view path, std::string_view content);
  /// Makes a file; nothing may be at `path`, not even a link (EEXIST).
  void create(std::string_view path, std::string_view content);
  /// Writes over a part of a file that is there, from byte `offset` on. The file grows as needed;
  /// zeros fill a gap.
  void write_at(std::string_view path, std::uint64_t offset, std::string_view content);
  /// Cuts a file off, or fills it up with zeros.
  void resize(std::string_view path, std::uint64_t bytes);
  /// Makes a directory; the one above must be there, and nothing else at `path`.
  void make_directory(std::string_view path);
  /// Makes a directory and those above it, as far as they are not there.
  void make_directories(std::string_view path);
  /// Makes a symbolic link at `path`.
  void make_link(std::string_view path, std::string_view target);
  /// Removes a file, a link (itself) or an empty directory; false: there is none.
  bool remove(std::string_view path);
  /// The same with everything in a directory.
  bool remove_all(std::string_view path);
  /// As POSIX has it: what is at `to` is replaced, if it is a file, or an empty directory for a
  /// directory. A directory that a mount has (and not the VM alone) stays where it is: EXDEV.
  void rename(std::string_view from, std::string_view to);
  /// When it was last changed, for a file or directory.
  void set_modified(std::string_view path, std::chrono::sys_time<std::chrono::nanoseconds> time);

 private:
  friend class VM;
  explicit Files(std::weak_ptr<detail::Machine> machine) : machine_(std::move(machine)) {}
  std::weak_ptr<detail::Machine> machine_;
};

}  // namespace quiesce
