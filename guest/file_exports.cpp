// Files for the host: its own looking and changing, and its mounts.
#include "file_walk.hpp"
#include "machine.hpp"
#include "wires.hpp"

namespace {

FileTree& tree = machine.files;

FilePath path_at(u32 address, u32 count) { return {reinterpret_cast<const char*>(address), count}; }

// Whoever asked gets the bytes; what is nobody else's goes with them.
u32 show(u32 error, FileBytes& bytes) {
  if (error != Q_FILE_OK) return error;
  auto& shared = machine.shared;
  shared.view = {reinterpret_cast<u32>(bytes.bytes()), bytes.count(), 1};
  shared.file.address = reinterpret_cast<u32>(bytes.release());
  return error;
}

u32 show_status(FilePath path, Follow follow) {
  FileStatus status;
  const u32 error = file_status(path, follow, &status);
  if (error != Q_FILE_OK) return error;
  auto& shown = machine.shared.file;
  shown = {};
  shown.kind = status.kind;
  shown.size = status.size;
  shown.id = status.id;
  shown.modified_ns = status.modified_ns;
  return error;
}

// A text to keep. Null: no memory.
char* copy_of(const char* bytes, u32 count) {
  char* made = static_cast<char*>(file_allocate(count));
  if (made && count > 0) memcpy(made, bytes, count);
  return made;
}

class OutOfMailbox {
 public:
  OutOfMailbox(u32 address, u32 count) : path_(path_at(address, count)) {
    const u32 mailbox = reinterpret_cast<u32>(machine.shared.mailbox);
    if (address < mailbox || address >= mailbox + Q_MAILBOX_BYTES) return;
    copy_ = path_.bytes = copy_of(path_.bytes, count);
  }
  OutOfMailbox(const OutOfMailbox&) = delete;
  OutOfMailbox& operator=(const OutOfMailbox&) = delete;
  ~OutOfMailbox() { file_free(const_cast<char*>(copy_)); }

  bool failed() const { return !path_.bytes; }
  FilePath path() const { return path_; }

 private:
  FilePath path_;
  const char* copy_ = nullptr;
};

// The next name of a clean path, from `at` on.
FilePath name_at(FilePath path, u32 at) {
  u32 end = at;
  while (end < path.count && path.bytes[end] != '/') ++end;
  return {path.bytes + at, end - at};
}

// Directories for a mount to stand on. What a mount has beside them is still seen. Null: no memory.
FileNode* make_way(FilePath path) {
  FileNode* node = tree.root;
  for (u32 at = 1; at < path.count;) {
    const FilePath name = name_at(path, at);
    at += name.count + 1;
    FileNode* below = node_find(node, name.bytes, name.count);
    if (!below) {
      below = node_new(name.bytes, name.count, Q_FILE_DIRECTORY);
      if (!below) return nullptr;
      below->shadows = true;  // for all we know
      node_put(node, below);
    }
    below->kind = Q_FILE_DIRECTORY;  // it may have been removed
    node = below;
  }
  return node;
}

// Whether there is no file and no other mount where one is to be.
u32 check_way(FilePath path) {
  const FileNode* node = tree.root;
  for (u32 at = 1; at < path.count && node;) {
    const FilePath name = name_at(path, at);
    at += name.count + 1;
    node = node_find(node, name.bytes, name.count);
    if (node && (node->kind == Q_FILE_FILE || node->kind == Q_FILE_LINK)) return Q_FILE_ENOTDIR;
  }
  return node && node->mount != 0 ? Q_FILE_EBUSY : Q_FILE_OK;
}

// As everywhere, an exception of the host is the guest's to consume.
void throw_wire(JSContext* ctx, wire thrown) {
  if (!is_exception(thrown) || q_wire_payload(thrown) == 0) {
    JS_ThrowOutOfMemory(ctx);
  } else {
    JS_Throw(ctx, handle_take(q_wire_payload(thrown)));
  }
  if (machine.shared.release_count != 0) drain_releases();
  if (machine.shared.stop != Q_STOP_NONE) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    qi_throw_interrupted(ctx);
  }
}

}  // namespace

bool install_files() {
  tree.root = node_new("", 0, Q_FILE_DIRECTORY);
  return tree.root != nullptr;
}

const char* file_error_name(u32 error) {
  switch (error) {
#define QUIESCE_FILE_ERROR(name, number, meaning) \
  case number: return #name;
#include "file_errors.def"
#undef QUIESCE_FILE_ERROR
    default: return "UNKNOWN";
  }
}

const char* file_error_meaning(u32 error) {
  switch (error) {
#define QUIESCE_FILE_ERROR(name, number, meaning) \
  case number: return meaning;
#include "file_errors.def"
#undef QUIESCE_FILE_ERROR
    default: return "unknown error";
  }
}

bool file_throw(JSContext* ctx, u32 error) {
  if (error == Q_FILE_ENOMEM) JS_ThrowOutOfMemory(ctx);
  if (error == Q_FILE_THREW) throw_wire(ctx, host_file_exception());
  return error == Q_FILE_ENOMEM || error == Q_FILE_THREW;
}

u32 q_file_look(u32 what, u32 address, u32 count) {
  enter();
  const FilePath path = path_at(address, count);
  FileBytes bytes;
  switch (what) {
    case Q_LOOK_STATUS: return show_status(path, Follow::yes);
    case Q_LOOK_LINK_STATUS: return show_status(path, Follow::no);
    case Q_LOOK_CONTENT: return show(file_read(path, &bytes), bytes);
    case Q_LOOK_NAMES: return show(file_list(path, &bytes), bytes);
    case Q_LOOK_TARGET: return show(file_read_link(path, &bytes), bytes);
    case Q_LOOK_REAL_PATH: return show(file_real_path(path, &bytes), bytes);
    default: return Q_FILE_EINVAL;
  }
}

u32 q_file_change(u32 what, u32 address, u32 count, u32 other_address, u32 other_count,
                  u64 number) {
  enter();
  // What stands in the mailbox does so until the host is asked something.
  const OutOfMailbox path_copy(address, count);
  const OutOfMailbox other_copy(other_address, other_count);
  if (path_copy.failed() || other_copy.failed()) return Q_FILE_ENOMEM;
  const FilePath path = path_copy.path();
  const FilePath other = other_copy.path();
  switch (what) {
    case Q_FILE_WRITE: return file_write(path, other, FileWrite::replace);
    case Q_FILE_APPEND: return file_write(path, other, FileWrite::append);
    case Q_FILE_CREATE: return file_write(path, other, FileWrite::exclusive);
    case Q_FILE_WRITE_AT: return file_write(path, other, FileWrite::overwrite, number);
    case Q_FILE_RESIZE: return file_truncate(path, number);
    case Q_FILE_MAKE_DIRECTORY: return file_make_directory(path);
    case Q_FILE_MAKE_DIRECTORIES: return file_make_directories(path, nullptr);
    case Q_FILE_MAKE_LINK: return file_make_link(path, other);
    case Q_FILE_REMOVE: {
      const u32 error = file_unlink(path);
      return error == Q_FILE_EISDIR ? file_remove_directory(path) : error;
    }
    case Q_FILE_REMOVE_ALL: return file_remove_all(path);
    case Q_FILE_RENAME: return file_rename(path, other);
    case Q_FILE_SET_MODIFIED: return file_set_modified(path, (i64)number, Follow::yes);
    default: return Q_FILE_EINVAL;
  }
}

u32 q_mount(u32 address, u32 count, u32 flags, u32 name_address, u32 name_count, u32 digest) {
  if (!(flags & Q_MOUNT_TRY)) enter();
  const FilePath path = path_at(address, count);
  const u32 error = check_way(path);
  if (error != Q_FILE_OK || (flags & Q_MOUNT_TRY)) return error;
  FileMount made = {};
  made.path = copy_of(path.bytes, path.count);
  made.path_count = path.count;
  made.flags = flags;
  made.name = copy_of(reinterpret_cast<const char*>(name_address), name_count);
  made.name_count = name_count;
  if (flags & Q_MOUNT_BY_DIGEST) {
    memcpy(made.digest, reinterpret_cast<const char*>(digest), sizeof made.digest);
  }
  made.node = made.path && made.name ? make_way(path) : nullptr;
  if (!made.node || !tree.mounts.push(machine.ctx, made)) {
    if (made.node) JS_FreeValue(machine.ctx, JS_GetException(machine.ctx));
    file_free(made.path);
    file_free(made.name);
    return Q_FILE_ENOMEM;
  }
  made.node->mount = tree.mounts.count;
  return Q_FILE_OK;
}

u32 q_mount_at(u32 index) {
  if (index >= tree.mounts.count) return 0;
  const FileMount& mount = tree.mounts[index];
  auto& shown = machine.shared.mount;
  shown.path = {reinterpret_cast<u32>(mount.path), mount.path_count, 1};
  shown.name = {reinterpret_cast<u32>(mount.name), mount.name_count, 1};
  shown.digest = {reinterpret_cast<u32>(&mount.digest), sizeof mount.digest, 1};
  shown.flags = mount.flags;
  return 1;
}
