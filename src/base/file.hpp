// Whole files: read with clear errors, written so that a crash leaves the old one or the new one.
//
//   std::vector<std::byte> bytes = base::read_file("order.js", 64u << 20);
//   base::write_file_atomically("order.qsnap", bytes);
//
// Every failure is Error{Errc::io}, one sentence with the file and the reason: `cannot read
// "order.js": No such file or directory`. Thread safe; of two writers of one file, one wins whole.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace quiesce::base {

/// The file name in double quotes, as errors show it; control characters become escapes.
std::string quoted(const std::filesystem::path& file);

/// Pipes and devices are read to their end. More than `bytes_max` bytes is an error, and is found
/// out before more than that is held in memory.
std::vector<std::byte> read_file(const std::filesystem::path& file,
                                 std::uint64_t bytes_max = UINT64_MAX);

/// The system calls that writing makes, so that a test can make each of them fail.
struct WriteCalls {
  ssize_t (*write)(int file, const void* bytes, std::size_t count);
  int (*sync)(int file);  // the file, then the folder
  int (*close)(int file);
  int (*rename)(int old_folder, const char* old_name, int new_folder, const char* new_name);
};
const WriteCalls& system_write_calls() noexcept;

/// Writes a new file in the same folder, syncs it, renames it over `file`, syncs the folder. If
/// anything fails before the rename, the new file is removed and the old one is untouched. A file
/// that is there already keeps its permissions; a symbolic link stays, and its target is replaced.
/// What is neither file nor folder (a device, a pipe) is written to directly: it must not be
/// replaced.
void write_file_atomically(const std::filesystem::path& file, std::span<const std::byte> bytes,
                           const WriteCalls& calls = system_write_calls());

/// A file that is not there yet, with exactly these permissions, synced with its folder. One that
/// is there is an error and stays as it is; if writing fails, none is left.
void write_new_file(const std::filesystem::path& file, std::span<const std::byte> bytes,
                    mode_t permissions, const WriteCalls& calls = system_write_calls());

}  // namespace quiesce::base
