// What can be done with files, as POSIX has it: files.hpp.
#include "files.hpp"

#include <time.h>

#include "file_walk.hpp"
#include "machine.hpp"

namespace {

FileTree& tree = machine.files;

// Before anything is looked at: the host's clock is the host's code. What a program writes has the
// time in it; what the host writes is the host's affair.
i64 now_ns() {
  if (qi_is_running(machine.ctx)) qi_note_draw(Q_DRAW_CLOCK);
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (i64)now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

bool is_writable(const FileNode* place) {
  const FileMount* mount = mount_around(place);
  return !mount || (mount->flags & Q_MOUNT_KEEPS_WRITES);
}

u32 find(FileWalk& walk, FilePath path, Follow follow) {
  const u32 error = file_walk(walk, path, follow);
  if (error != Q_FILE_OK) return error;
  return walk.is_missing ? Q_FILE_ENOENT : Q_FILE_OK;
}

// The name that is missing becomes a node without content, of which the VM is the maker. The name
// may be in the table as removed. Null: no memory.
FileNode* create(FileWalk& walk, u32 kind, i64 now) {
  if (file_record(walk) != Q_FILE_OK) return nullptr;
  FileNode* const removed = node_find(walk.node, walk.name.bytes, walk.name.count);
  FileNode* node = node_new(walk.name.bytes, walk.name.count, kind);
  if (!node) return nullptr;
  node->is_own = true;
  node->modified_ns = now;
  node->has_content = kind != Q_FILE_DIRECTORY;
  node->shadows = removed != nullptr;
  if (removed) node_free(removed);
  node_put(walk.node, node);
  walk.node->modified_ns = now;
  return node;
}

// Room for `count` bytes, of which the first `kept` are those that are there. What follows them is
// up to the caller. The old bytes stay as they are until `commit`, for the new ones may be a view
// of them.
class Replacement {
 public:
  Replacement(FileNode* node, u64 count, u64 room) : node_(node), count_(count), room_(room) {
    bytes_ = static_cast<char*>(file_allocate(room));
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() { file_free(bytes_); }

  bool failed() const { return !bytes_; }
  char* bytes() const { return bytes_; }
  void commit(i64 now) {
    node_drop_content(node_);
    node_->content = bytes_;
    node_->room = (u32)room_;
    node_->size = count_;
    node_->has_content = node_->is_own = true;
    node_->modified_ns = now;
    bytes_ = nullptr;
  }

 private:
  FileNode* node_;
  u64 count_, room_;
  char* bytes_;
};

void copy(char* to, const char* from, u64 count) {
  if (count > 0) memcpy(to, from, (size_t)count);
}

// The file of the walk with `content` at `offset`, and `size` bytes then.
u32 change(FileNode* node, FilePath content, u64 offset, u64 size, i64 now) {
  constexpr u64 kBytesMax = 0xFFFF0000u;
  if (size > kBytesMax) return Q_FILE_EFBIG;
  const u64 old = node->has_content ? node->size : 0;
  const u64 kept = old < size ? old : size;
  // In place, if there is room and nothing is cut off; else with room for more of the same.
  const bool grows = old > 0 && size > old && content.count > 0;
  if (node->has_content && node->content && size >= old && size <= node->room) {
    if (offset > old) memset(node->content + old, 0, (size_t)(offset - old));
    if (content.count > 0) memmove(node->content + offset, content.bytes, content.count);
    if (size > offset + content.count && size > old) {
      const u64 from = offset + content.count > old ? offset + content.count : old;
      memset(node->content + from, 0, (size_t)(size - from));
    }
    node->size = size;
    node->is_own = true;
    node->modified_ns = now;
    return Q_FILE_OK;
  }
  u64 room = grows ? size + size / 2 : size;
  if (room > kBytesMax) room = kBytesMax;
  Replacement made(node, size, room);
  if (made.failed()) return Q_FILE_ENOMEM;
  memset(made.bytes() + kept, 0, (size_t)(room - kept));
  copy(made.bytes(), node->content, kept);
  copy(made.bytes() + offset, content.bytes, content.count);
  made.commit(now);
  return Q_FILE_OK;
}

// The name is gone from its directory. A name that the mount has too stays, as removed.
u32 take_away(FileWalk& walk, i64 now) {
  u32 error = file_record(walk);
  if (error != Q_FILE_OK) return error;
  FileNode* const node = walk.node;
  FileNode* const directory = node->parent;
  if (node->shadows) {
    node_clear(node);
    node_drop_content(node);
    node->kind = Q_FILE_NONE;
    node->size = 0;
  } else {
    node_free(node);
  }
  directory->modified_ns = now;
  return Q_FILE_OK;
}

// ---- lists --------------------------------------------------------------------------------------

bool comes_before(FilePath a, FilePath b) {
  const int order = memcmp(a.bytes, b.bytes, a.count < b.count ? a.count : b.count);
  return order != 0 ? order < 0 : a.count < b.count;
}

// Heap sort: in place, without recursion.
void sift(FilePath* names, u32 root, u32 count) {
  for (u32 child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && comes_before(names[child], names[child + 1])) ++child;
    if (!comes_before(names[root], names[child])) return;
    const FilePath other = names[root];
    names[root] = names[child];
    names[child] = other;
  }
}

void sort(FilePath* names, u32 count) {
  for (u32 i = count / 2; i-- > 0;) sift(names, i, count);
  for (u32 end = count; end-- > 1;) {
    const FilePath first = names[0];
    names[0] = names[end];
    names[end] = first;
    sift(names, 0, end);
  }
}

// The next of names with a NUL behind each.
FilePath next_name(const char** at, const char* end) {
  const char* const begin = *at;
  while (*at < end && **at != '\0') ++*at;
  const FilePath name = {begin, (u32)(*at - begin)};
  if (*at < end) ++*at;
  return name;
}

// What the mount has in the directory of the walk, none if nobody is to be asked or it has no such
// directory any more.
u32 ask_names(const FileWalk& walk, FileBytes* names) {
  if (!mount_behind(walk.node)) return Q_FILE_OK;
  const u32 error = file_ask(walk, Q_ASK_LIST);
  if (error != Q_FILE_OK) return error == Q_FILE_ENOENT ? (u32)Q_FILE_OK : error;
  names->own(reinterpret_cast<char*>(machine.shared.file.address), machine.shared.file.count);
  return Q_FILE_OK;
}

// Those of the mount that the table knows nothing of, and those of the table.
template <class F>
void for_names(const FileWalk& walk, const FileBytes& asked, F f) {
  const bool is_in_table = walk.rest_count == 0;
  const char* at = asked.bytes();
  const char* const end = at + asked.count();
  while (at < end) {
    const FilePath name = next_name(&at, end);
    if (name.count > 0 && !(is_in_table && node_find(walk.node, name.bytes, name.count))) f(name);
  }
  if (!is_in_table) return;
  for (const FileNode* node = walk.node->first; node; node = node->next) {
    if (node->kind != Q_FILE_NONE) f(FilePath{node->name, node->name_count});
  }
}

u32 check_empty(const FileWalk& walk) {
  FileBytes asked;
  const u32 error = ask_names(walk, &asked);
  if (error != Q_FILE_OK) return error;
  bool is_empty = true;
  for_names(walk, asked, [&](FilePath) { is_empty = false; });
  return is_empty ? Q_FILE_OK : Q_FILE_ENOTEMPTY;
}

// ---- rename -------------------------------------------------------------------------------------

bool is_below(const FileNode* node, const FileNode* top) {
  for (; node; node = node->parent) {
    if (node == top) return true;
  }
  return false;
}

// Whether a directory would be moved into itself.
bool is_inside(const FileWalk& to, const FileWalk& from) {
  if (from.rest_count == 0) return is_below(to.node, from.node);
  return to.node == from.node && to.rest_count >= from.rest_count &&
         memcmp(to.rest, from.rest, from.rest_count) == 0 &&
         (to.rest_count == from.rest_count || to.rest[from.rest_count] == '/');
}

// Whether what is at `from` may take the place of what is at `to`.
u32 check_rename(const FileWalk& from, const FileWalk& to) {
  if (from.ends_in_dots || to.ends_in_dots) return Q_FILE_EINVAL;
  const FileNode* const target = to.rest_count == 0 && !to.is_missing ? to.node : nullptr;
  if (from.rest_count == 0 && !from.node->parent) return Q_FILE_EBUSY;
  if (target && (!target->parent || target->mount != 0)) return Q_FILE_EBUSY;
  if (from.rest_count == 0 && from.is_directory() && holds_mount(from.node)) return Q_FILE_EBUSY;
  if (!is_writable(from.node) || !is_writable(to.node)) return Q_FILE_EROFS;
  if (mount_around(from.node) != mount_around(to.node)) return Q_FILE_EXDEV;
  if (!from.is_directory()) {
    if (to.is_missing) return to.has_slash ? Q_FILE_ENOTDIR : Q_FILE_OK;
    return to.is_directory() ? Q_FILE_EISDIR : Q_FILE_OK;
  }
  if (is_inside(to, from)) return Q_FILE_EINVAL;
  if (!to.is_missing && !to.is_directory()) return Q_FILE_ENOTDIR;
  if (!to.is_missing) {
    const u32 error = check_empty(to);
    if (error != Q_FILE_OK) return error;
  }
  // Of what the mount has in it, the table knows a part at most.
  return from.rest_count > 0 || mount_behind(from.node) ? Q_FILE_EXDEV : Q_FILE_OK;
}

// The directory that `to` is in, and a name for it there.
u32 prepare_place(FileWalk& to, FileNode** directory, FilePath* name, char** copied) {
  u32 error = file_record(to);
  if (error != Q_FILE_OK) return error;
  *directory = to.is_missing ? to.node : to.node->parent;
  *name = to.is_missing ? to.name : FilePath{to.node->name, to.node->name_count};
  *copied = static_cast<char*>(file_allocate(name->count));
  if (!*copied) return Q_FILE_ENOMEM;
  memcpy(*copied, name->bytes, name->count);
  name->bytes = *copied;
  return Q_FILE_OK;
}

u32 move(FileWalk& from, FileWalk& to, i64 now) {
  FileNode* directory;
  FilePath name;
  char* copied;
  u32 error = file_record(from);
  if (error == Q_FILE_OK && !from.is_directory()) error = file_load(from);
  if (error == Q_FILE_OK) error = prepare_place(to, &directory, &name, &copied);
  if (error != Q_FILE_OK) return error;
  FileNode* const node = from.node;
  FileNode* const old_directory = node->parent;
  FileNode* removed = nullptr;
  if (node->shadows) {
    removed = node_new(node->name, node->name_count, Q_FILE_NONE);
    if (!removed) {
      file_free(copied);
      return Q_FILE_ENOMEM;
    }
    removed->shadows = true;
  }
  // From here on nothing fails.
  FileNode* const there = node_find(directory, name.bytes, name.count);
  node->shadows = there && there->shadows;
  if (there) node_free(there);
  node_take_out(node);
  if (removed) node_put(old_directory, removed);
  file_free(node->name);
  node->name = copied;
  node->name_count = (uint16_t)name.count;
  node->is_own = true;
  node_put(directory, node);
  old_directory->modified_ns = directory->modified_ns = now;
  return Q_FILE_OK;
}

}  // namespace

// ---- what a function gives ----------------------------------------------------------------------

void FileBytes::clear() {
  file_free(owned_);
  bytes_ = owned_ = nullptr;
  count_ = 0;
}

void FileBytes::set(const char* bytes, u32 count, char* owned) {
  clear();
  bytes_ = bytes;
  count_ = count;
  owned_ = owned;
}

char* FileBytes::release() {
  char* const owned = owned_;
  owned_ = nullptr;
  return owned;
}

// ---- looking ------------------------------------------------------------------------------------

u32 file_status(FilePath path, Follow follow, FileStatus* status) {
  FileWalk walk;
  const u32 error = find(walk, path, follow);
  if (error != Q_FILE_OK) return error;
  if (walk.rest_count > 0) {
    *status = {walk.facts.kind, walk.facts.size, walk.facts.modified_ns, 0};
  } else {
    *status = {walk.node->kind, walk.node->size, walk.node->modified_ns, walk.node->id};
  }
  return Q_FILE_OK;
}

u32 file_read(FilePath path, FileBytes* content) {
  FileWalk walk;
  u32 error = find(walk, path, Follow::yes);
  if (error != Q_FILE_OK) return error;
  if (walk.is_directory()) return Q_FILE_EISDIR;
  const FileMount* mount = mount_around(walk.node);
  const bool is_recorded =
      walk.rest_count == 0 && (walk.node->has_content || !(mount->flags & Q_MOUNT_BY_DIGEST));
  if (!is_recorded) {
    error = file_ask(walk, Q_ASK_READ);
    if (error != Q_FILE_OK) return error;
    const auto& answer = machine.shared.file;
    content->own(reinterpret_cast<char*>(answer.address), answer.count);
    return Q_FILE_OK;
  }
  error = file_load(walk);
  if (error == Q_FILE_OK) {
    content->view(walk.node->content, (u32)walk.node->size);
  } else if (error == Q_FILE_ENOENT) {
    node_free(walk.node);  // only its status was seen, and it is not there any more
  }
  return error;
}

u32 file_list(FilePath path, FileBytes* names) {
  FileWalk walk;
  u32 error = find(walk, path, Follow::yes);
  if (error != Q_FILE_OK) return error;
  if (!walk.is_directory()) return Q_FILE_ENOTDIR;
  FileBytes asked;
  error = ask_names(walk, &asked);
  if (error != Q_FILE_OK) return error;
  u32 count = 0;
  u64 bytes = 0;
  for_names(walk, asked, [&](FilePath name) { ++count, bytes += name.count + 1; });
  FileBytes order;
  order.own(static_cast<char*>(file_allocate((u64)count * sizeof(FilePath))), 0);
  char* const text = static_cast<char*>(file_allocate(bytes));
  if (!order.bytes() || !text) {
    file_free(text);
    return Q_FILE_ENOMEM;
  }
  names->own(text, (u32)bytes);
  auto* const sorted = reinterpret_cast<FilePath*>(const_cast<char*>(order.bytes()));
  u32 n = 0;
  for_names(walk, asked, [&](FilePath name) { sorted[n++] = name; });
  sort(sorted, count);
  char* end = text;
  for (u32 i = 0; i < count; ++i) {
    memcpy(end, sorted[i].bytes, sorted[i].count);
    end += sorted[i].count;
    *end++ = '\0';
  }
  return Q_FILE_OK;
}

u32 file_read_link(FilePath path, FileBytes* target) {
  FileWalk walk;
  const u32 error = find(walk, path, Follow::no);
  if (error != Q_FILE_OK) return error;
  return walk.kind() == Q_FILE_LINK ? file_target(walk, target) : (u32)Q_FILE_EINVAL;
}

u32 file_real_path(FilePath path, FileBytes* clean) {
  FileWalk walk;
  const u32 error = find(walk, path, Follow::yes);
  if (error != Q_FILE_OK) return error;
  char buffer[Q_FILE_PATH_MAX + 1];
  u32 above = file_path_of(walk.node, tree.root, buffer, sizeof buffer);
  const u32 rest = walk.rest_count > 0 ? walk.rest_count + 1 : 0;
  if (above == UINT32_MAX || above + rest > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
  const u32 count = above + rest > 0 ? above + rest : 1;
  char* const text = static_cast<char*>(file_allocate(count));
  if (!text) return Q_FILE_ENOMEM;
  text[0] = '/';
  memcpy(text, buffer + sizeof buffer - above, above);
  if (rest > 0) {
    text[above] = '/';
    memcpy(text + above + 1, walk.rest, walk.rest_count);
  }
  clean->own(text, count);
  return Q_FILE_OK;
}

// ---- changing -----------------------------------------------------------------------------------

u32 file_write(FilePath path, FilePath content, FileWrite how, u64 offset) {
  const i64 now = now_ns();
  FileWalk walk;
  u32 error = file_walk(walk, path, how == FileWrite::exclusive ? Follow::no : Follow::yes);
  if (error != Q_FILE_OK) return error;
  if (walk.is_missing) {
    if (how == FileWrite::overwrite) return Q_FILE_ENOENT;
    if (walk.has_slash) return Q_FILE_EISDIR;
    if (!is_writable(walk.node)) return Q_FILE_EROFS;
    char* const bytes = static_cast<char*>(file_allocate(content.count));
    if (!bytes) return Q_FILE_ENOMEM;
    copy(bytes, content.bytes, content.count);
    FileNode* const node = create(walk, Q_FILE_FILE, now);
    if (!node) {
      file_free(bytes);
      return Q_FILE_ENOMEM;
    }
    node->content = bytes;
    node->room = content.count;
    node->size = content.count;
    return Q_FILE_OK;
  }
  if (how == FileWrite::exclusive) return Q_FILE_EEXIST;
  if (walk.is_directory()) return Q_FILE_EISDIR;
  if (!is_writable(walk.node)) return Q_FILE_EROFS;
  if (how == FileWrite::overwrite && content.count == 0) return Q_FILE_OK;
  error = file_record(walk);
  if (error == Q_FILE_OK && how != FileWrite::replace) error = file_load(walk);
  if (error != Q_FILE_OK) return error;
  FileNode* const node = walk.node;
  if (how == FileWrite::replace) {
    Replacement made(node, content.count, content.count);
    if (made.failed()) return Q_FILE_ENOMEM;
    copy(made.bytes(), content.bytes, content.count);
    made.commit(now);
    return Q_FILE_OK;
  }
  if (how == FileWrite::append) offset = node->size;
  if (offset > UINT32_MAX) return Q_FILE_EFBIG;
  const u64 end = offset + content.count;
  return change(node, content, offset, end > node->size ? end : node->size, now);
}

u32 file_truncate(FilePath path, u64 size) {
  const i64 now = now_ns();
  FileWalk walk;
  u32 error = find(walk, path, Follow::yes);
  if (error != Q_FILE_OK) return error;
  if (walk.is_directory()) return Q_FILE_EISDIR;
  if (!is_writable(walk.node)) return Q_FILE_EROFS;
  error = file_record(walk);
  if (error == Q_FILE_OK) error = file_load(walk);
  if (error != Q_FILE_OK) return error;
  return change(walk.node, {nullptr, 0}, 0, size, now);
}

u32 file_make_directory(FilePath path) {
  const i64 now = now_ns();
  FileWalk walk;
  const u32 error = file_walk(walk, path, Follow::no);
  if (error != Q_FILE_OK) return error;
  if (!walk.is_missing) return Q_FILE_EEXIST;
  if (!is_writable(walk.node)) return Q_FILE_EROFS;
  return create(walk, Q_FILE_DIRECTORY, now) ? Q_FILE_OK : Q_FILE_ENOMEM;
}

u32 file_make_ageless_directory(FilePath path) {
  FileWalk walk;
  const u32 error = file_walk(walk, path, Follow::no);
  if (error != Q_FILE_OK) return error;
  if (!walk.is_missing) return Q_FILE_EEXIST;
  if (!is_writable(walk.node)) return Q_FILE_EROFS;
  return create(walk, Q_FILE_DIRECTORY, walk.node->modified_ns) ? Q_FILE_OK : Q_FILE_ENOMEM;
}

u32 file_make_directories(FilePath path, u32* made) {
  if (made) *made = 0;
  FileStatus status;
  u32 error = file_status(path, Follow::yes, &status);
  if (error == Q_FILE_OK) return status.kind == Q_FILE_DIRECTORY ? Q_FILE_OK : Q_FILE_EEXIST;
  if (error != Q_FILE_ENOENT) return error;
  for (u32 end = 1; end <= path.count; ++end) {
    if (end < path.count && path.bytes[end] != '/') continue;
    if (path.bytes[end - 1] == '/') continue;
    error = file_make_directory({path.bytes, end});
    if (error == Q_FILE_OK && made && *made == 0) *made = end;
    if (error != Q_FILE_OK && error != Q_FILE_EEXIST) return error;
  }
  error = file_status(path, Follow::yes, &status);
  if (error == Q_FILE_OK && status.kind != Q_FILE_DIRECTORY) error = Q_FILE_EEXIST;
  return error;
}

u32 file_make_link(FilePath path, FilePath target) {
  if (target.count == 0) return Q_FILE_ENOENT;
  if (target.count > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
  if (memchr(target.bytes, 0, target.count)) return Q_FILE_EINVAL;
  const i64 now = now_ns();
  FileWalk walk;
  const u32 error = file_walk(walk, path, Follow::no);
  if (error != Q_FILE_OK) return error;
  if (!walk.is_missing) return Q_FILE_EEXIST;
  if (walk.has_slash) return Q_FILE_ENOENT;
  if (!is_writable(walk.node)) return Q_FILE_EROFS;
  char* const bytes = static_cast<char*>(file_allocate(target.count));
  if (!bytes) return Q_FILE_ENOMEM;
  memcpy(bytes, target.bytes, target.count);
  FileNode* const node = create(walk, Q_FILE_LINK, now);
  if (!node) {
    file_free(bytes);
    return Q_FILE_ENOMEM;
  }
  node->content = bytes;
  node->room = target.count;
  return Q_FILE_OK;
}

u32 file_unlink(FilePath path) {
  const i64 now = now_ns();
  FileWalk walk;
  const u32 error = find(walk, path, Follow::no);
  if (error != Q_FILE_OK) return error;
  if (walk.is_directory()) return Q_FILE_EISDIR;
  return is_writable(walk.node) ? take_away(walk, now) : (u32)Q_FILE_EROFS;
}

u32 file_remove_directory(FilePath path) {
  const i64 now = now_ns();
  FileWalk walk;
  u32 error = find(walk, path, Follow::no);
  if (error != Q_FILE_OK) return error;
  if (!walk.is_directory()) return Q_FILE_ENOTDIR;
  if (walk.rest_count == 0 && (!walk.node->parent || walk.node->mount != 0)) return Q_FILE_EBUSY;
  if (walk.ends_in_dots) return Q_FILE_EINVAL;
  if (!is_writable(walk.node)) return Q_FILE_EROFS;
  error = check_empty(walk);
  return error == Q_FILE_OK ? take_away(walk, now) : error;
}

u32 file_remove_all(FilePath path) {
  const i64 now = now_ns();
  FileWalk walk;
  const u32 error = find(walk, path, Follow::no);
  if (error != Q_FILE_OK) return error;
  if (walk.rest_count == 0 && (!walk.node->parent || holds_mount(walk.node))) return Q_FILE_EBUSY;
  if (walk.ends_in_dots) return Q_FILE_EINVAL;
  return is_writable(walk.node) ? take_away(walk, now) : (u32)Q_FILE_EROFS;
}

u32 file_rename(FilePath from_path, FilePath to_path) {
  const i64 now = now_ns();
  FileWalk from, to;
  u32 error = find(from, from_path, Follow::no);
  if (error == Q_FILE_OK) error = file_walk(to, to_path, Follow::no);
  if (error != Q_FILE_OK) return error;
  const bool is_same = !to.is_missing && from.node == to.node && from.rest_count == to.rest_count &&
                       memcmp(from.rest, to.rest, from.rest_count) == 0;
  if (is_same && !from.ends_in_dots && !to.ends_in_dots) return Q_FILE_OK;
  error = check_rename(from, to);
  return error == Q_FILE_OK ? move(from, to, now) : error;
}

u32 file_set_modified(FilePath path, i64 modified_ns, Follow follow) {
  FileWalk walk;
  u32 error = find(walk, path, follow);
  if (error != Q_FILE_OK) return error;
  if (!is_writable(walk.node)) return Q_FILE_EROFS;
  error = file_record(walk);
  if (error == Q_FILE_OK) walk.node->modified_ns = modified_ns;
  return error;
}
