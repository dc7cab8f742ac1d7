// Where trees of files stand in a VM, and why an operation on files was refused.
#include <algorithm>
#include <utility>

#include "base/sha256.hpp"
#include "guest/abi.h"
#include "quiesce/files.hpp"
#include "vm/cached_files.hpp"
#include "vm/file_path.hpp"

namespace quiesce {

namespace {

std::string_view meaning_of(std::string_view reason) {
#define QUIESCE_FILE_ERROR(name, number, meaning) \
  if (reason == #name) return meaning;
#include "guest/file_errors.def"
#undef QUIESCE_FILE_ERROR
  return "refused";
}

}  // namespace

FileError::FileError(const std::string& reason, std::string_view operation, const std::string& path)
    : Error(Errc::file, reason + ": " + std::string(meaning_of(reason)) + ", " +
                            std::string(operation) + " '" + path + "'"),
      reason_(reason),
      operation_(operation),
      path_(path) {}

Mounts& Mounts::mount(std::string path, std::shared_ptr<FileSystem> files,
                      const MountOptions& options) {
  if (!files) throw Error(Errc::invalid_argument, "the file system to mount is null");
  if (!detail::is_clean_path(path)) {
    throw Error(Errc::invalid_argument,
                "cannot mount at '" + path +
                    "': a path begins with a slash and has no empty, '.' or '..' segments");
  }
  if (options.name.size() > Q_MOUNT_NAME_MAX)
    throw Error(Errc::invalid_argument, "the name of the mount '" + path + "' is too long");
  const auto place = std::ranges::lower_bound(mounts_, path, {}, &Mount::path);
  if (place != mounts_.end() && place->path == path)
    throw Error(Errc::invalid_argument, "'" + path + "' is mounted already");
  if (mounts_.size() >= Q_MOUNTS_MAX) throw Error(Errc::invalid_argument, "too many mounts");
  Mount made{std::move(path), std::move(files), options};
  if (!options.digest.empty()) {
    const auto digest = base::digest_from_hex(options.digest);
    if (!digest || !options.by_digest) {
      throw Error(Errc::invalid_argument,
                  !digest ? "the digest of '" + made.path + "' is not 64 hexadecimal digits"
                          : "'" + made.path + "' has a digest, but is not mounted by_digest");
    }
    made.options.digest = base::to_hex(*digest);
  } else if (options.by_digest) {
    made.options.digest = tree_digest(*made.files);
  }
  if (options.by_digest) made.files = std::make_shared<detail::CachedFiles>(std::move(made.files));
  mounts_.insert(place, std::move(made));
  return *this;
}

}  // namespace quiesce
