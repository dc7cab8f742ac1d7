// A folder of the host as a FileSystem that nothing leads out of.
//
// Every path is resolved below one open directory, without following any link: by the kernel
// (openat2, Linux 5.6 and later), or name by name with O_NOFOLLOW where there is none. Both are
// atomic enough: whoever swaps a folder for a link meanwhile makes a path fail, never lead out. A
// file is looked at before it is opened for reading, so that no pipe is waited for and no device is
// touched. Thread safe.
#pragma once

#include <filesystem>
#include <memory>

#include "quiesce/file_system.hpp"

namespace quiesce::modules {

enum class FolderWalk { best, by_kernel, by_name };

/// As folder_files; for tests, which need both ways.
std::shared_ptr<FileSystem> open_folder(const std::filesystem::path& folder, FolderWalk walk);

}  // namespace quiesce::modules
