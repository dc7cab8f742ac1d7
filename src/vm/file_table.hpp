// The host's half of a VM's files: which of the Host's mounts is which of those that the heap
// names, and what the guest is told when it asks one of them.
//
// Part of a Machine, and used as one.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guest/abi.h"
#include "quiesce/files.hpp"

namespace quiesce::detail {

class Machine;

class FileTable {
 public:
  explicit FileTable(Machine& machine) : machine_(machine) {}

  /// A VM that was restored: finds the Host's mounts for those of the heap, without waking it. What
  /// is mounted by digest and not here, in words. Throws Errc::invalid_argument when a mount that
  /// is new has no place, because the VM has a file there.
  std::vector<std::string> attach();
  /// Puts the Host's mounts into the heap that it does not name yet. In an entry.
  void mount_new();
  bool has_new() const noexcept { return mounted_ < wanted_.size(); }
  /// All mounts of the Host, for a new VM.
  void want_all();
  /// VM::mounts.
  std::vector<MountRecord> records();

  /// guest::Imports::host_file. What a FileSystem throws is kept for `rethrow`.
  std::uint32_t answer(std::uint32_t mount, std::uint32_t what, std::uint32_t path,
                       std::uint32_t bytes);
  [[noreturn]] void rethrow();

  // ---- what Files does ----
  struct Look {
    std::uint32_t error;  // q_file_error
    FileStatus status;
    std::string bytes;
  };
  Look look(q_file_look what, std::string_view path);
  std::uint32_t change(q_file_change what, std::string_view path, std::string_view other = {},
                       std::uint64_t number = 0);
  /// Throws what `error` is about.
  [[noreturn]] void throw_error(std::uint32_t error, std::string_view operation,
                                std::string_view path);

 private:
  struct Slot {  // one mount of the heap
    const Mounts::Mount* mount;
    bool is_by_digest;
  };
  std::vector<MountRecord> rows();  // as the heap has them; none is here
  std::exception_ptr named_as_mounted(std::uint32_t mount, std::exception_ptr thrown) const;
  std::uint32_t ask(FileSystem& files, std::uint32_t what, const std::string& path);
  std::uint32_t show(const std::optional<FileStatus>& status);
  std::uint32_t leave(std::string_view bytes);
  std::uint32_t try_mount(const Mounts::Mount& mount, std::uint32_t more_flags);

  Machine& machine_;
  std::vector<Slot> slots_;                   // by the heap's index
  std::vector<const Mounts::Mount*> wanted_;  // that the heap does not name
  std::size_t mounted_ = 0;                   // of those, by now
  std::exception_ptr thrown_;
};

}  // namespace quiesce::detail
