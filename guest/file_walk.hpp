// From a path to what is there: name by name, through links, from one mount into another.
#pragma once

#include <string.h>

#include "file_tree.hpp"
#include "files.hpp"

/// What a mount has at a path, when it is not in the table.
struct FileFacts {
  u32 kind;  // q_file_kind
  u64 size;
  i64 modified_ns;
};

/// Where a path leads. Valid until the tree changes.
struct FileWalk {
  /// What is there, if `rest_count` is 0; else what is above it in the table: files in a mount by
  /// digest are not in the table, and `rest` is the way from `node` to them, "a/b".
  FileNode* node;
  u32 rest_count;
  FileFacts facts;  // of what is there, if it is not in the table

  bool is_missing;  // the last name is not there: node and rest are the directory it would be in
  bool has_slash;   // the path ends in one
  bool ends_in_dots;
  FilePath name;  // the last one, in `todo`; without meaning after ".", ".." and "/"

  char rest[Q_FILE_PATH_MAX + 1];
  char todo[Q_FILE_PATH_MAX + 1];

  u32 kind() const { return rest_count != 0 ? facts.kind : node->kind; }
  bool is_directory() const { return kind() == Q_FILE_DIRECTORY; }
};

u32 file_walk(FileWalk& walk, FilePath path, Follow follow);

/// What the mount around it says: the answer is in machine.shared.file, memory it names is ours.
u32 file_ask(const FileWalk& walk, q_file_ask what);

/// Puts what was found into the table, with what is above it: the VM is about to change it. Answers
/// Q_FILE_ENOMEM, and then nothing has changed that could be seen.
u32 file_record(FileWalk& walk);

/// Loads content, or the target of a link, into the table. Precondition: it is in the table.
u32 file_load(FileWalk& walk);

/// Where a link points. Precondition: it is one.
u32 file_target(FileWalk& walk, FileBytes* target);

/// Writes the path of `node` below `top` to the end of `buffer`, each name with a slash before it,
/// and answers how many bytes; all ones: more than `room`.
u32 file_path_of(const FileNode* node, const FileNode* top, char* buffer, u32 room);
