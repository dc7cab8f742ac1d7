// Nodes, names and mounts: the tree itself. Walking it is file_walk.cpp, what can be done
// files.cpp.
#include "file_tree.hpp"

#include <string.h>

#include "machine.hpp"

namespace {

FileTree& tree = machine.files;

// Names are the program's choice, and one that makes them collide slows itself alone.
u32 hash_of(u64 directory, const char* name, u32 count) {
  u64 hash = (directory + 1) * 0x9E3779B97F4A7C15ull;
  for (; count >= 8; name += 8, count -= 8) {
    u64 word;
    memcpy(&word, name, 8);
    hash = (hash ^ word) * 0x9FB21C651E98DF25ull;
    hash ^= hash >> 29;
  }
  u64 rest = (u64)count << 56;
  for (u32 i = 0; i < count; ++i) rest |= (u64)(uint8_t)name[i] << 8 * i;
  hash = (hash ^ rest) * 0x9FB21C651E98DF25ull;
  return (u32)(hash >> 32);
}

u32 hash_of(const FileNode& node) { return hash_of(node.parent->id, node.name, node.name_count); }

}  // namespace

void* file_allocate(u64 bytes) {
  constexpr u64 kBytesMax = 0xFFFF0000u;
  if (bytes > kBytesMax) return nullptr;
  void* block = js_malloc_rt(machine.rt, bytes ? (size_t)bytes : 1);
  if (block) return block;
  JS_RunGC(machine.rt);
  return js_malloc_rt(machine.rt, bytes ? (size_t)bytes : 1);
}

void file_free(void* block) { js_free_rt(machine.rt, block); }

FileNode* node_find(const FileNode* directory, const char* name, u32 count) {
  FileNode* node = tree.names.first(hash_of(directory->id, name, count));
  for (; node; node = node->next_in_bucket) {
    if (node->parent == directory && node->name_count == count &&
        memcmp(node->name, name, count) == 0) {
      return node;
    }
  }
  return nullptr;
}

FileNode* node_new(const char* name, u32 count, u32 kind) {
  if (!tree.names.reserve(machine.rt, [](const FileNode& known) { return hash_of(known); }))
    return nullptr;
  auto* node = static_cast<FileNode*>(file_allocate(sizeof(FileNode)));
  if (!node) return nullptr;
  *node = {};
  node->name = static_cast<char*>(file_allocate(count));
  if (!node->name) {
    file_free(node);
    return nullptr;
  }
  memcpy(node->name, name, count);
  node->name_count = (uint16_t)count;
  node->kind = (uint8_t)kind;
  node->id = ++tree.last_id;
  return node;
}

void node_put(FileNode* directory, FileNode* node) {
  node->parent = directory;
  node->previous = directory->last;
  node->next = nullptr;
  (directory->last ? directory->last->next : directory->first) = node;
  directory->last = node;
  tree.names.put(node, hash_of(*node));
}

void node_take_out(FileNode* node) {
  FileNode* const directory = node->parent;
  (node->previous ? node->previous->next : directory->first) = node->next;
  (node->next ? node->next->previous : directory->last) = node->previous;
  tree.names.take_out(node, hash_of(*node));
  node->parent = node->previous = node->next = nullptr;
}

void node_drop_content(FileNode* node) {
  file_free(node->content);
  node->content = nullptr;
  node->room = 0;
  node->has_content = false;
}

static void discard(FileNode* node) {
  node_drop_content(node);
  file_free(node->name);
  file_free(node);
}

void node_free(FileNode* node) {
  node_clear(node);
  if (node->parent) node_take_out(node);
  discard(node);
}

// From the leaves up, without a stack: a tree may be deeper than any.
void node_clear(FileNode* directory) {
  FileNode* node = directory->first;
  while (node) {
    while (node->first) node = node->first;
    FileNode* const above = node->parent;
    node_take_out(node);
    discard(node);
    node = above->first ? above->first : above == directory ? nullptr : above;
  }
}

FileMount* mount_behind(const FileNode* directory) {
  for (; directory; directory = directory->parent) {
    if (directory->mount != 0) return &tree.mounts[directory->mount - 1];
    if (directory->is_own) return nullptr;
  }
  return nullptr;
}

FileMount* mount_around(const FileNode* node) {
  for (; node; node = node->parent) {
    if (node->mount != 0) return &tree.mounts[node->mount - 1];
  }
  return nullptr;
}

bool holds_mount(const FileNode* node) {
  for (const FileMount& mount : tree.mounts) {
    for (const FileNode* above = mount.node; above; above = above->parent) {
      if (above == node) return true;
    }
  }
  return false;
}
