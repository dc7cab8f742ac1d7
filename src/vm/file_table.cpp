#include "vm/file_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <typeinfo>

#include "vm/file_path.hpp"
#include "vm/machine.hpp"

namespace quiesce::detail {

namespace {

using guest::Instance;
using guest::Trap;
using guest::TrapKind;
using guest::u32;
using guest::u64;

constexpr std::size_t kFile = offsetof(q_shared, file);
using Shown = decltype(q_shared::file);

u32 flags_of(const MountOptions& options) {
  u32 flags = options.keeps_writes ? Q_MOUNT_KEEPS_WRITES : 0u;
  if (options.by_digest) flags |= Q_MOUNT_BY_DIGEST;
  return flags;
}

u32 kind_of(FileStatus::Kind kind) {
  switch (kind) {
    case FileStatus::Kind::file: return Q_FILE_FILE;
    case FileStatus::Kind::directory: return Q_FILE_DIRECTORY;
    case FileStatus::Kind::symbolic_link: return Q_FILE_LINK;
  }
  return Q_FILE_NONE;
}

FileStatus status_of(const Shown& shown) {
  FileStatus status;
  if (shown.kind < Q_FILE_FILE || shown.kind > Q_FILE_LINK) throw Trap(TrapKind::bad_answer);
  if (shown.kind == Q_FILE_DIRECTORY) status.kind = FileStatus::Kind::directory;
  if (shown.kind == Q_FILE_LINK) status.kind = FileStatus::Kind::symbolic_link;
  status.bytes = shown.kind == Q_FILE_FILE ? shown.size : 0;
  status.modified = Time(std::chrono::nanoseconds(shown.modified_ns));
  return status;
}

// Names as a directory can have them, sorted, each once, with a NUL behind it.
std::string listed(std::vector<std::string> names) {
  std::erase_if(names, [](const std::string& name) {
    return name.find('/') != std::string::npos || !is_clean_path("/" + name);
  });
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  std::string text;
  for (const std::string& name : names) text.append(name).push_back('\0');
  return text;
}

std::string_view name_of(u32 error) {
  switch (error) {
#define QUIESCE_FILE_ERROR(name, number, meaning) \
  case number: return #name;
#include "guest/file_errors.def"
#undef QUIESCE_FILE_ERROR
    default: return "EIO";
  }
}

}  // namespace

// ---- mounts -------------------------------------------------------------------------------------

void FileTable::want_all() {
  for (const Mounts::Mount& mount : machine_.host_parts().mounts.list()) wanted_.push_back(&mount);
}

std::vector<MountRecord> FileTable::records() {
  std::vector<MountRecord> records = rows();
  for (std::size_t n = 0; n < std::min(records.size(), slots_.size()); ++n)
    records[n].is_here = slots_[n].mount != nullptr;
  for (std::size_t n = mounted_; n < wanted_.size(); ++n) {
    const MountOptions& options = wanted_[n]->options;
    records.push_back(
        {wanted_[n]->path, options.name, options.digest, options.keeps_writes, /*is_here=*/true});
  }
  std::ranges::sort(records, {}, &MountRecord::path);
  return records;
}

std::vector<MountRecord> FileTable::rows() {
  return machine_.peek([&](Instance& guest) {
    std::vector<MountRecord> rows;
    for (u32 n = 0; guest.mount_at(n) != 0; ++n) {
      if (n >= Q_MOUNTS_MAX) throw Trap(TrapKind::bad_answer);
      const auto text = [&](std::size_t offset) {
        const auto view = machine_.shared<q_view>(offset);
        if (view.count > Q_MOUNT_NAME_MAX) throw Trap(TrapKind::bad_answer);
        const auto bytes = machine_.instance().memory().bytes(view.address, view.count);
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      };
      const u32 flags = machine_.shared<u32>(offsetof(q_shared, mount.flags));
      MountRecord row{text(offsetof(q_shared, mount.path)),
                      text(offsetof(q_shared, mount.name)),
                      {},
                      (flags & Q_MOUNT_KEEPS_WRITES) != 0,
                      /*is_here=*/false};
      if (flags & Q_MOUNT_BY_DIGEST) row.digest = text(offsetof(q_shared, mount.digest));
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

std::vector<std::string> FileTable::attach() {
  const std::vector<Mounts::Mount>& offered = machine_.host_parts().mounts.list();
  std::vector<std::string> missing;
  std::vector<std::string> known;
  for (MountRecord& row : rows()) {
    const auto found = std::ranges::find(offered, row.path, &Mounts::Mount::path);
    Slot slot{found == offered.end() ? nullptr : &*found, !row.digest.empty()};
    if (slot.is_by_digest && (slot.mount == nullptr || slot.mount->options.digest != row.digest)) {
      std::string text = "'" + row.path + "' (";
      if (!row.name.empty()) text += row.name + ", ";
      text += "digest " + row.digest + ")";
      if (slot.mount != nullptr && slot.mount->options.by_digest)
        text += " where this host has " + slot.mount->options.digest;
      missing.push_back(std::move(text));
      slot.mount = nullptr;
    }
    slots_.push_back(slot);
    known.push_back(std::move(row.path));
  }
  for (const Mounts::Mount& mount : offered) {
    if (std::ranges::find(known, mount.path) != known.end()) continue;
    wanted_.push_back(&mount);
    const u32 error = machine_.peek([&](Instance&) { return try_mount(mount, Q_MOUNT_TRY); });
    if (error != Q_FILE_OK) {
      throw Error(Errc::invalid_argument, "cannot mount at '" + mount.path +
                                              "': this VM has a file there (" +
                                              std::string(name_of(error)) + ")");
    }
  }
  return missing;
}

u32 FileTable::try_mount(const Mounts::Mount& mount, u32 more_flags) {
  Machine::Staging staging(machine_);
  const auto bytes = [&](std::string_view text) {
    return staging.bytes(std::as_bytes(std::span(text)));
  };
  const u32 path = bytes(mount.path);
  const bool is_trial = (more_flags & Q_MOUNT_TRY) != 0;
  const u32 name = is_trial ? path : bytes(mount.options.name);
  const u32 digest = is_trial ? path : bytes(mount.options.digest);
  return machine_.instance().mount(
      path, static_cast<u32>(mount.path.size()), flags_of(mount.options) | more_flags, name,
      is_trial ? 0 : static_cast<u32>(mount.options.name.size()), digest);
}

void FileTable::mount_new() {
  for (; mounted_ < wanted_.size(); ++mounted_) {
    const Mounts::Mount& mount = *wanted_[mounted_];
    const u32 error = try_mount(mount, 0);
    if (error != Q_FILE_OK) throw_error(error, "mount", mount.path);
    slots_.push_back({&mount, mount.options.by_digest});
  }
}

// ---- what the guest asks ------------------------------------------------------------------------

u32 FileTable::answer(u32 mount, u32 what, u32 path_address, u32 path_bytes) {
  try {
    const auto bytes = machine_.instance().memory().bytes(path_address, path_bytes);
    const std::string path(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (mount >= slots_.size() || !is_clean_path(path)) return Q_FILE_EINVAL;
    const Slot& slot = slots_[mount];
    // What was seen is not seen any more; what never was is simply not there.
    if (slot.mount == nullptr) {
      const bool is_search = what == Q_ASK_STATUS || what == Q_ASK_LIST;
      return is_search && !slot.is_by_digest ? Q_FILE_ENOENT : Q_FILE_EIO;
    }
    const std::shared_ptr<FileSystem> files = slot.mount->files;
    return ask(*files, what, path);
  } catch (const Trap&) {
    throw;
  } catch (...) {
    thrown_ = named_as_mounted(mount, std::current_exception());
    return Q_FILE_THREW;
  }
}

// A FileSystem knows the paths in its tree; who uses the VM knows where that is mounted.
std::exception_ptr FileTable::named_as_mounted(u32 mount, std::exception_ptr thrown) const {
  try {
    std::rethrow_exception(thrown);
  } catch (const FileError& error) {
    const bool is_plain = typeid(error) == typeid(FileError) && error.path().starts_with('/');
    const std::string& place = slots_[mount].mount->path;
    if (!is_plain || place == "/") return thrown;
    const std::string path = place + (error.path() == "/" ? "" : error.path());
    return std::make_exception_ptr(FileError(error.reason(), error.operation(), path));
  } catch (...) {
    return thrown;
  }
}

u32 FileTable::ask(FileSystem& files, u32 what, const std::string& path) {
  switch (what) {
    case Q_ASK_STATUS: return show(files.status(path));
    case Q_ASK_READ: {
      const auto content = files.read(path);
      return content ? leave(*content) : u32{Q_FILE_ENOENT};
    }
    case Q_ASK_LINK: {
      const auto target = files.read_link(path);
      if (target && target->size() > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
      return target ? leave(*target) : u32{Q_FILE_ENOENT};
    }
    case Q_ASK_LIST: {
      auto names = files.list(path);
      return names ? leave(listed(std::move(*names))) : u32{Q_FILE_ENOENT};
    }
    default: return Q_FILE_EINVAL;
  }
}

u32 FileTable::show(const std::optional<FileStatus>& status) {
  if (!status) return Q_FILE_ENOENT;
  if (machine_.dead()) return Q_FILE_EIO;
  Shown shown{};
  shown.kind = kind_of(status->kind);
  shown.size = status->bytes;
  shown.modified_ns = status->modified.time_since_epoch().count();
  machine_.instance().memory().store(machine_.shared_at(kFile), shown);
  return Q_FILE_OK;
}

u32 FileTable::leave(std::string_view bytes) {
  if (machine_.dead()) return Q_FILE_EIO;
  if (bytes.size() > 0xFFFF0000u) return Q_FILE_EFBIG;
  Shown shown{};
  shown.count = static_cast<u32>(bytes.size());
  shown.address = machine_.instance().allocate(shown.count);
  if (shown.address == 0) return Q_FILE_ENOMEM;
  guest::LinearMemory& memory = machine_.instance().memory();
  if (!bytes.empty())
    std::memcpy(memory.bytes(shown.address, bytes.size()).data(), bytes.data(), bytes.size());
  memory.store(machine_.shared_at(kFile), shown);
  return Q_FILE_OK;
}

void FileTable::rethrow() {
  if (!thrown_) throw Trap(TrapKind::bad_answer);
  std::rethrow_exception(std::exchange(thrown_, nullptr));
}

// ---- what the host asks -------------------------------------------------------------------------

FileTable::Look FileTable::look(q_file_look what, std::string_view path) {
  if (path.size() > Q_FILE_PATH_MAX) return {Q_FILE_ENAMETOOLONG, {}, {}};
  return machine_.enter([&](Instance& guest) {
    Machine::Staging staging(machine_);
    const u32 address = staging.bytes(std::as_bytes(std::span(path)));
    Look found{guest.file_look(what, address, static_cast<u32>(path.size())), {}, {}};
    if (found.error != Q_FILE_OK) return found;
    const auto shown = machine_.shared<Shown>(kFile);
    if (what == Q_LOOK_STATUS || what == Q_LOOK_LINK_STATUS) {
      found.status = status_of(shown);
      return found;
    }
    const auto view = machine_.shared<q_view>(offsetof(q_shared, view));
    const auto bytes = guest.memory().bytes(view.address, view.count);
    found.bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (shown.address != 0) guest.deallocate(shown.address);
    return found;
  });
}

u32 FileTable::change(q_file_change what, std::string_view path, std::string_view other,
                      u64 number) {
  if (path.size() > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
  return machine_.enter([&](Instance& guest) {
    Machine::Staging staging(machine_);
    const u32 path_address = staging.bytes(std::as_bytes(std::span(path)));
    const u32 other_address = staging.bytes(std::as_bytes(std::span(other)));
    return guest.file_change(what, path_address, static_cast<u32>(path.size()), other_address,
                             static_cast<u32>(other.size()), number);
  });
}

void FileTable::throw_error(u32 error, std::string_view operation, std::string_view path) {
  if (error == Q_FILE_THREW) rethrow();
  if (error != Q_FILE_ENOMEM)
    throw FileError(std::string(name_of(error)), operation, std::string(path));
  const auto wanted = machine_.shared<u64>(offsetof(q_shared, refused.memory_wanted));
  throw Error(Errc::limit,
              "ENOMEM: no room within the memory limit of this VM, " + std::string(operation) +
                  " '" + std::string(path) + "'",
              LimitReport{Limit::memory, wanted, machine_.limits().memory_bytes_max});
}

}  // namespace quiesce::detail
