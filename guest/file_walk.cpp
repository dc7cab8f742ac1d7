#include "file_walk.hpp"

#include "machine.hpp"

namespace {

FileTree& tree = machine.files;

constexpr u32 kLinksMax = 40;
constexpr u32 kTooLong = UINT32_MAX;

u32 ask(const FileMount& mount, q_file_ask what, FilePath path) {
  machine.shared.file = {};
  tree.is_asking = true;
  const u32 error = host_file((u32)(&mount - tree.mounts.items), what,
                              reinterpret_cast<u32>(path.bytes), path.count);
  tree.is_asking = false;
  return error;
}

// Asks about `node`, below it `rest`, and below that `name`.
u32 ask_at(const FileMount& mount, q_file_ask what, const FileNode* node, FilePath rest,
           FilePath name) {
  char path[Q_FILE_PATH_MAX + 1];
  const u32 above = file_path_of(node, mount.node, path, sizeof path);
  if (above == kTooLong) return Q_FILE_ENAMETOOLONG;
  memmove(path, path + sizeof path - above, above);
  u32 count = above;
  const FilePath parts[] = {rest, name};
  for (const FilePath part : parts) {
    if (part.count == 0) continue;
    if (count + 1 + part.count > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
    path[count++] = '/';
    memcpy(path + count, part.bytes, part.count);
    count += part.count;
  }
  if (count == 0) path[count++] = '/';
  return ask(mount, what, {path, count});
}

// The answer of Q_ASK_STATUS, believed as far as it makes sense.
u32 take_facts(FileFacts* facts) {
  const auto& answer = machine.shared.file;
  *facts = {answer.kind, answer.size, answer.modified_ns};
  return answer.kind >= Q_FILE_FILE && answer.kind <= Q_FILE_LINK ? Q_FILE_OK : Q_FILE_EIO;
}

FilePath rest_of(const FileWalk& walk) { return {walk.rest, walk.rest_count}; }

// ".."
void step_up(FileWalk& walk) {
  if (walk.rest_count == 0) {
    if (walk.node->parent) walk.node = walk.node->parent;
    return;
  }
  while (walk.rest_count > 0 && walk.rest[walk.rest_count - 1] != '/') --walk.rest_count;
  if (walk.rest_count > 0) --walk.rest_count;
  walk.facts = {Q_FILE_DIRECTORY, 0, 0};
}

// What a mount has, as it goes into the table. Null: no memory.
FileNode* node_seen(FilePath name, const FileFacts& facts) {
  FileNode* node = node_new(name.bytes, name.count, facts.kind);
  if (!node) return nullptr;
  node->size = facts.kind == Q_FILE_FILE ? facts.size : 0;
  node->modified_ns = facts.modified_ns;
  node->shadows = true;
  return node;
}

// One name below the present directory: found in the table, or asked for, and recorded unless the
// mount is one by digest. `node` is null then.
u32 look_up(const FileWalk& walk, FilePath name, FileNode** node, FileFacts* facts) {
  *node = nullptr;
  if (walk.rest_count == 0) {
    *node = node_find(walk.node, name.bytes, name.count);
    if (*node) return (*node)->kind == Q_FILE_NONE ? Q_FILE_ENOENT : Q_FILE_OK;
  }
  const FileMount* mount = mount_behind(walk.node);
  if (!mount) return Q_FILE_ENOENT;
  u32 error = ask_at(*mount, Q_ASK_STATUS, walk.node, rest_of(walk), name);
  if (error == Q_FILE_OK) error = take_facts(facts);
  if (error != Q_FILE_OK || (mount->flags & Q_MOUNT_BY_DIGEST)) return error;
  *node = node_seen(name, *facts);
  if (!*node) return Q_FILE_ENOMEM;
  node_put(walk.node, *node);
  return Q_FILE_OK;
}

// Down to what `look_up` has found.
u32 step_down(FileWalk& walk, FilePath name, FileNode* node, const FileFacts& facts) {
  if (node) {
    walk.node = node;
    return Q_FILE_OK;
  }
  if (walk.rest_count + 1 + name.count > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
  if (walk.rest_count > 0) walk.rest[walk.rest_count++] = '/';
  memcpy(walk.rest + walk.rest_count, name.bytes, name.count);
  walk.rest_count += name.count;
  walk.facts = facts;
  return Q_FILE_OK;
}

// What is still to be walked after a link: its target, then what came behind the link.
u32 turn_into(FileWalk& walk, FilePath target, FilePath behind) {
  if (target.count == 0) return Q_FILE_ENOENT;
  if (target.count + behind.count > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
  if (memchr(target.bytes, 0, target.count)) return Q_FILE_ENOENT;
  memmove(walk.todo + target.count, behind.bytes, behind.count);
  memcpy(walk.todo, target.bytes, target.count);
  walk.todo[target.count + behind.count] = '\0';
  if (target.bytes[0] == '/') {
    walk.node = tree.root;
    walk.rest_count = 0;
  }
  return Q_FILE_OK;
}

u32 begin(FileWalk& walk, FilePath path) {
  if (tree.is_asking) return Q_FILE_EBUSY;
  if (path.count == 0) return Q_FILE_ENOENT;
  if (path.count > Q_FILE_PATH_MAX) return Q_FILE_ENAMETOOLONG;
  if (path.bytes[0] != '/' || memchr(path.bytes, 0, path.count)) return Q_FILE_EINVAL;
  memcpy(walk.todo, path.bytes, path.count);
  walk.todo[path.count] = '\0';
  walk.node = tree.root;
  walk.rest_count = 0;
  walk.is_missing = walk.has_slash = walk.ends_in_dots = false;
  walk.name = {walk.todo, 0};
  return Q_FILE_OK;
}

}  // namespace

u32 file_path_of(const FileNode* node, const FileNode* top, char* buffer, u32 room) {
  u32 count = 0;
  for (; node != top; node = node->parent) {
    if (count + node->name_count + 1 > room) return kTooLong;
    count += node->name_count + 1;
    buffer[room - count] = '/';
    memcpy(buffer + room - count + 1, node->name, node->name_count);
  }
  return count;
}

u32 file_walk(FileWalk& walk, FilePath path, Follow follow) {
  u32 error = begin(walk, path);
  if (error != Q_FILE_OK) return error;
  u32 links = 0;
  for (const char* at = walk.todo;;) {
    while (*at == '/') ++at;
    if (*at == '\0') return Q_FILE_OK;
    const char* end = at;
    while (*end != '/' && *end != '\0') ++end;
    const FilePath name = {at, (u32)(end - at)};
    at = end;
    while (*at == '/') ++at;
    const bool is_last = *at == '\0';
    walk.has_slash = is_last && *end == '/';
    const bool is_dot = name.count == 1 && name.bytes[0] == '.';
    const bool is_up = name.count == 2 && name.bytes[0] == '.' && name.bytes[1] == '.';
    walk.ends_in_dots = is_dot || is_up;
    if (is_up) step_up(walk);
    if (is_dot || is_up) continue;
    if (name.count > Q_FILE_NAME_MAX) return Q_FILE_ENAMETOOLONG;
    walk.name = name;

    FileNode* node;
    FileFacts facts;
    error = look_up(walk, name, &node, &facts);
    if (error == Q_FILE_ENOENT && is_last) {
      walk.is_missing = true;
      return Q_FILE_OK;
    }
    if (error != Q_FILE_OK) return error;
    const u32 kind = node ? node->kind : facts.kind;
    if (kind == Q_FILE_LINK && (!is_last || walk.has_slash || follow == Follow::yes)) {
      if (++links > kLinksMax) return Q_FILE_ELOOP;
      FileNode* const directory = walk.node;
      const u32 rest_count = walk.rest_count;
      error = step_down(walk, name, node, facts);
      FileBytes target;
      if (error == Q_FILE_OK) error = file_target(walk, &target);
      walk.node = directory;
      walk.rest_count = rest_count;
      if (error == Q_FILE_OK) {
        const FilePath behind = {end, (u32)strlen(end)};
        error = turn_into(walk, {target.bytes(), target.count()}, behind);
      }
      if (error != Q_FILE_OK) return error;
      at = walk.todo;
      continue;
    }
    if (kind != Q_FILE_DIRECTORY && (!is_last || walk.has_slash)) return Q_FILE_ENOTDIR;
    error = step_down(walk, name, node, facts);
    if (error != Q_FILE_OK) return error;
  }
}

u32 file_ask(const FileWalk& walk, q_file_ask what) {
  // What a file of its own lies in does not matter: the mount around is asked for what it had.
  const FileMount* mount = mount_around(walk.node);
  if (!mount) return Q_FILE_ENOENT;
  return ask_at(*mount, what, walk.node, rest_of(walk), {nullptr, 0});
}

u32 file_record(FileWalk& walk) {
  while (walk.rest_count > 0) {
    u32 count = 0;
    while (count < walk.rest_count && walk.rest[count] != '/') ++count;
    const bool is_last = count == walk.rest_count;
    FileNode* node = node_find(walk.node, walk.rest, count);  // another walk may have put it there
    if (!node) {
      FileFacts facts = is_last ? walk.facts : FileFacts{Q_FILE_DIRECTORY, 0, 0};
      const FileMount* mount = mount_behind(walk.node);
      if (!is_last && mount &&
          ask_at(*mount, Q_ASK_STATUS, walk.node, {walk.rest, count}, {}) == Q_FILE_OK) {
        facts.modified_ns = machine.shared.file.modified_ns;
      }
      node = node_seen({walk.rest, count}, facts);
      if (!node) return Q_FILE_ENOMEM;
      node_put(walk.node, node);
    }
    walk.node = node;
    walk.rest_count -= is_last ? count : count + 1;
    memmove(walk.rest, walk.rest + count + 1, walk.rest_count);
  }
  return Q_FILE_OK;
}

u32 file_load(FileWalk& walk) {
  FileNode* const node = walk.node;
  if (node->has_content) return Q_FILE_OK;
  const u32 error = file_ask(walk, node->kind == Q_FILE_LINK ? Q_ASK_LINK : Q_ASK_READ);
  if (error != Q_FILE_OK) return error;
  const auto& answer = machine.shared.file;
  node->content = reinterpret_cast<char*>(answer.address);
  node->room = answer.count;
  node->size = node->kind == Q_FILE_LINK ? 0 : answer.count;
  node->has_content = true;
  return Q_FILE_OK;
}

u32 file_target(FileWalk& walk, FileBytes* target) {
  if (walk.rest_count > 0) {
    const u32 error = file_ask(walk, Q_ASK_LINK);
    if (error != Q_FILE_OK) return error;
    const auto& answer = machine.shared.file;
    target->own(reinterpret_cast<char*>(answer.address), answer.count);
    return Q_FILE_OK;
  }
  const u32 error = file_load(walk);
  if (error != Q_FILE_OK) return error;
  target->view(walk.node->content, walk.node->room);
  return Q_FILE_OK;
}
