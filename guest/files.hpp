// The files of the VM, for the host's exports and for the functions of node:fs: one tree of what
// the VM wrote and what it has found in the host's mounts. docs/decisions/008-files.md says why it
// is here.
//
// Paths are absolute, of any bytes, and may have ".", ".." and links; a slash at the end asks for a
// directory. Every function answers with a q_file_error, Q_FILE_OK if it did what it says; then
// what it gives is filled. None runs guest code, throws a JavaScript error, or leaves the tree half
// changed. Sizes that do not fit into the memory limit are Q_FILE_ENOMEM.
#pragma once

#include "exports.hpp"
#include "quickjs.h"

/// Bytes of a path, a name or a target. Not terminated.
struct FilePath {
  const char* bytes;
  u32 count;
};

struct FileStatus {
  u32 kind;  // q_file_kind
  u64 size;
  i64 modified_ns;  // since the epoch
  u64 id;           // of this file or directory, never used twice; 0: of a mount by digest
};

/// What a function gives: a view of the tree, valid until the tree is next changed, or memory of
/// its own.
class FileBytes {
 public:
  FileBytes() = default;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes() { clear(); }

  const char* bytes() const { return bytes_; }
  u32 count() const { return count_; }

  void clear();
  void view(const char* bytes, u32 count) { set(bytes, count, nullptr); }
  /// Takes over memory of the engine.
  void own(char* bytes, u32 count) { set(bytes, count, bytes); }
  /// Whoever takes it frees it with js_free_rt; null: it was a view.
  char* release();

 private:
  void set(const char* bytes, u32 count, char* owned);
  const char* bytes_ = nullptr;
  u32 count_ = 0;
  char* owned_ = nullptr;
};

enum class Follow : u32 { no, yes };  // a link in the last place

u32 file_status(FilePath path, Follow follow, FileStatus* status);
u32 file_read(FilePath path, FileBytes* content);
/// The names in a directory, sorted by their bytes, each with a NUL behind it.
u32 file_list(FilePath path, FileBytes* names);
u32 file_read_link(FilePath path, FileBytes* target);
/// Clean and without links.
u32 file_real_path(FilePath path, FileBytes* clean);

/// What happens to a file that is there, in file_write.
enum class FileWrite : u32 {
  replace,    // made if it is not there
  append,     // made if it is not there; `offset` is not looked at
  exclusive,  // there must be none
  overwrite,  // from `offset` on; it must be there; a gap is filled with zeros
};
u32 file_write(FilePath path, FilePath content, FileWrite how, u64 offset = 0);
/// Makes it shorter, or longer with zeros.
u32 file_truncate(FilePath path, u64 size);
u32 file_make_directory(FilePath path);
/// With those above it. `made`, if given: how many bytes of `path` name the first directory that
/// was made; 0: all were there.
u32 file_make_directories(FilePath path, u32* made);
/// As old as the folder that it is in, so that nothing tells when it was made.
u32 file_make_ageless_directory(FilePath path);
u32 file_make_link(FilePath path, FilePath target);
/// Files and links: what unlink does.
u32 file_unlink(FilePath path);
/// Empty directories: what rmdir does.
u32 file_remove_directory(FilePath path);
/// Whatever is there, with all that is in it.
u32 file_remove_all(FilePath path);
u32 file_rename(FilePath from, FilePath to);
u32 file_set_modified(FilePath path, i64 modified_ns, Follow follow);

/// "ENOENT" and "no such file or directory".
const char* file_error_name(u32 error);
const char* file_error_meaning(u32 error);
/// Two errors have a JavaScript error of their own: what the host's FileSystem threw, and lack of
/// memory. Throws that and answers true; false: `error` is any other.
bool file_throw(JSContext* ctx, u32 error);
