// The files that a VM knows of, as a tree in its heap: what it wrote, and what it has found in the
// host's mounts. Names are looked up in one hash table over directory and name; a directory lists
// its own entries. Order is that of making, ids come from a counter: nothing depends on addresses.
#pragma once

#include "chains.hpp"
#include "exports.hpp"
#include "list.hpp"

/// A file, directory, link, or a name that was removed although the mount has it (Q_FILE_NONE).
struct FileNode {
  u64 id;
  u64 size;  // of a file: its bytes, also if they are not here
  i64 modified_ns;
  FileNode *parent, *previous, *next;  // null for the root; siblings
  FileNode *first, *last;              // what is in a directory
  FileNode* next_in_bucket;
  char* name;
  char* content;  // of a file, or the target of a link
  u32 room;       // bytes that `content` has
  u32 mount;      // 1 + index of what is mounted on this directory; 0: nothing
  uint16_t name_count;
  uint8_t kind;      // q_file_kind
  bool has_content;  // else the mount is asked for it
  bool is_own;       // made by the VM: of a directory, the mount is not asked what is in it
  bool shadows;      // the mount has something of this name too
};

struct FileMount {
  FileNode* node;
  char* path;
  u32 path_count;
  u32 flags;  // q_mount_flags
  char* name;
  u32 name_count;
  char digest[64];  // hexadecimal; if by digest
};

/// Part of the Machine.
struct FileTree {
  FileNode* root;
  Chains<FileNode, &FileNode::next_in_bucket> names;
  u64 last_id;
  List<FileMount> mounts;
  bool is_asking;  // a mount is being asked: the tree must not change under whoever asks
};

/// Memory of the engine; collects garbage before it gives up. Null: there is none.
void* file_allocate(u64 bytes);
void file_free(void* block);

/// Null: there is no such name, not even as removed.
FileNode* node_find(const FileNode* directory, const char* name, u32 count);
/// A new node, in no directory. Null: no memory.
FileNode* node_new(const char* name, u32 count, u32 kind);
/// Precondition: `node` is in no directory, and the name is not in `directory`.
void node_put(FileNode* directory, FileNode* node);
void node_take_out(FileNode* node);
/// Takes it out if it is in a directory, and frees it with all below.
void node_free(FileNode* node);
/// Frees all below a directory.
void node_clear(FileNode* directory);
/// Frees what a file or link has.
void node_drop_content(FileNode* node);

/// The mount that has what stands in `directory` and is not in the table; null: nothing is asked.
FileMount* mount_behind(const FileNode* directory);
/// The mount that `node` lies in, or which is mounted there; null: the VM's own tree.
FileMount* mount_around(const FileNode* node);
/// Whether a mount is on `node` or below.
bool holds_mount(const FileNode* node);
