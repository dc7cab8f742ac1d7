// internal('files'): the VM's files for node:fs. What fails is answered as the number of its error;
// node:fs makes of it what Node throws.
#include <string.h>

#include "builtins.hpp"
#include "files.hpp"
#include "held.hpp"

namespace {

/// A path as the program wrote it: a string, or the bytes of a view.
class GivenPath {
 public:
  GivenPath(JSContext* ctx, JSValueConst value) : ctx_(ctx) {
    uint8_t* data;
    u32 count;
    if (JS_IsObject(value) && qi_bytes_view(value, &data, &count)) {
      path_ = {reinterpret_cast<const char*>(data), count};
      return;
    }
    size_t bytes = 0;
    text_ = JS_ToCStringLen(ctx, &bytes, value);
    failed_ = text_ == nullptr;
    path_ = {text_, (u32)bytes};
  }
  GivenPath(const GivenPath&) = delete;
  GivenPath& operator=(const GivenPath&) = delete;
  ~GivenPath() { JS_FreeCString(ctx_, text_); }
  bool failed() const { return failed_; }
  FilePath get() const { return path_; }

 private:
  JSContext* ctx_;
  const char* text_ = nullptr;
  FilePath path_{};
  bool failed_ = false;
};

/// 0, or the number of an error; an exception for those that have one of their own.
JSValue answer(JSContext* ctx, u32 error) {
  if (error != Q_FILE_OK && file_throw(ctx, error)) return JS_EXCEPTION;
  return JS_NewUint32(ctx, error);
}

Follow follow_of(JSContext* ctx, JSValueConst value) {
  return JS_ToBool(ctx, value) > 0 ? Follow::yes : Follow::no;
}

bool add(JSContext* ctx, JSValueConst array, u32 index, JSValue value) {
  return JS_DefinePropertyValueUint32(ctx, array, index, value, JS_PROP_C_W_E) >= 0;
}

// status(path, follow) -> [kind, size, modified in ms, id] or error
JSValue status(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  FileStatus found{};
  if (const u32 error = file_status(path.get(), follow_of(ctx, arguments[1]), &found))
    return answer(ctx, error);
  Held array(JS_NewArray(ctx));
  if (array.failed() || !add(ctx, array.get(), 0, JS_NewUint32(ctx, found.kind)) ||
      !add(ctx, array.get(), 1, JS_NewFloat64(ctx, (f64)found.size)) ||
      !add(ctx, array.get(), 2, JS_NewFloat64(ctx, (f64)found.modified_ns / 1e6)) ||
      !add(ctx, array.get(), 3, JS_NewFloat64(ctx, (f64)found.id))) {
    return JS_EXCEPTION;
  }
  return array.release();
}

// read(path) -> Uint8Array or error
JSValue read(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  FileBytes content;
  if (const u32 error = file_read(path.get(), &content)) return answer(ctx, error);
  return JS_NewUint8ArrayCopy(ctx, reinterpret_cast<const uint8_t*>(content.bytes()),
                              content.count());
}

// readText(path) -> string (UTF-8) or error
JSValue read_text(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  FileBytes content;
  if (const u32 error = file_read(path.get(), &content)) return answer(ctx, error);
  return new_utf8_string(ctx, content.bytes(), content.count());
}

// readAt(path, view, offset, length, position) -> [bytes] or error
JSValue read_at(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  f64 offset, length, position;
  if (JS_ToFloat64(ctx, &offset, arguments[2]) < 0 ||
      JS_ToFloat64(ctx, &length, arguments[3]) < 0 ||
      JS_ToFloat64(ctx, &position, arguments[4]) < 0)
    return JS_EXCEPTION;
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  FileBytes content;
  if (const u32 error = file_read(path.get(), &content)) return answer(ctx, error);
  uint8_t* data;
  u32 room;
  u32 count = 0;
  if (!qi_is_immutable_buffer(arguments[1]) && qi_bytes_view(arguments[1], &data, &room) &&
      offset >= 0 && offset < room && position >= 0 && position < content.count() && length > 0) {
    const f64 left = (f64)content.count() - position;
    length = length < room - offset ? length : room - offset;
    count = (u32)(length < left ? length : left);
    memcpy(data + (u32)offset, content.bytes() + (u32)position, count);
  }
  Held array(JS_NewArray(ctx));
  if (array.failed() || !add(ctx, array.get(), 0, JS_NewUint32(ctx, count))) return JS_EXCEPTION;
  return array.release();
}

// list(path) -> names or error
JSValue list(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  FileBytes names;
  if (const u32 error = file_list(path.get(), &names)) return answer(ctx, error);
  Held array(JS_NewArray(ctx));
  if (array.failed()) return JS_EXCEPTION;
  u32 count = 0;
  for (u32 begin = 0, end; begin < names.count(); begin = end + 1) {
    for (end = begin; end < names.count() && names.bytes()[end] != '\0';) ++end;
    if (!add(ctx, array.get(), count++, new_utf8_string(ctx, names.bytes() + begin, end - begin)))
      return JS_EXCEPTION;
  }
  return array.release();
}

// readLink(path), realPath(path) -> string or error
JSValue text_of(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int is_real_path) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  FileBytes text;
  const u32 error =
      is_real_path ? file_real_path(path.get(), &text) : file_read_link(path.get(), &text);
  if (error) return answer(ctx, error);
  return new_utf8_string(ctx, text.bytes(), text.count());
}

// write(path, view, how, offset) -> 0 or error
JSValue write(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  // Numbers first: a conversion could run code that takes the bytes away.
  i32 how = 0;
  f64 offset = 0;
  if (JS_ToInt32(ctx, &how, arguments[2]) < 0 || JS_ToFloat64(ctx, &offset, arguments[3]) < 0)
    return JS_EXCEPTION;
  const GivenPath path(ctx, arguments[0]), content(ctx, arguments[1]);
  if (path.failed() || content.failed()) return JS_EXCEPTION;
  if (how < 0 || how > (i32)FileWrite::overwrite) how = 0;
  if (!(offset >= 0 && offset < 9007199254740992.0)) offset = 0;
  return answer(ctx, file_write(path.get(), content.get(), (FileWrite)how, (u64)offset));
}

enum Operation {
  kMakeDirectory,
  kUnlink,
  kRemoveDirectory,
  kRemoveAll,
};

JSValue operate(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int operation) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  switch (operation) {
    case kMakeDirectory: return answer(ctx, file_make_directory(path.get()));
    case kUnlink: return answer(ctx, file_unlink(path.get()));
    case kRemoveDirectory: return answer(ctx, file_remove_directory(path.get()));
    default: return answer(ctx, file_remove_all(path.get()));
  }
}

// makeDirectories(path) -> the first that was made, undefined if all were there; or error
JSValue make_directories(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  u32 made = 0;
  if (const u32 error = file_make_directories(path.get(), &made)) return answer(ctx, error);
  if (made == 0 || made > path.get().count) return JS_UNDEFINED;
  return new_utf8_string(ctx, path.get().bytes, made);
}

// makeAgelessDirectory(path) -> undefined or error
JSValue make_ageless_directory(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  return answer(ctx, file_make_ageless_directory(path.get()));
}

JSValue rename(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath from(ctx, arguments[0]), to(ctx, arguments[1]);
  if (from.failed() || to.failed()) return JS_EXCEPTION;
  return answer(ctx, file_rename(from.get(), to.get()));
}

// makeLink(path, target)
JSValue make_link(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const GivenPath path(ctx, arguments[0]), target(ctx, arguments[1]);
  if (path.failed() || target.failed()) return JS_EXCEPTION;
  return answer(ctx, file_make_link(path.get(), target.get()));
}

JSValue truncate(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  f64 size = 0;
  if (JS_ToFloat64(ctx, &size, arguments[1]) < 0) return JS_EXCEPTION;
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  return answer(ctx, file_truncate(path.get(), size > 0 && size < 9e15 ? (u64)size : 0));
}

// setModified(path, ms, follow)
JSValue set_modified(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  f64 ms = 0;
  if (JS_ToFloat64(ctx, &ms, arguments[1]) < 0) return JS_EXCEPTION;
  const GivenPath path(ctx, arguments[0]);
  if (path.failed()) return JS_EXCEPTION;
  constexpr f64 kMsMax = 9.2e12;  // beyond it nanoseconds do not fit into 64 bits
  ms = ms > -kMsMax ? ms < kMsMax ? ms : kMsMax : -kMsMax;
  return answer(ctx, file_set_modified(path.get(), (i64)(ms * 1e6), follow_of(ctx, arguments[2])));
}

// describe(error) -> [name, meaning]
JSValue describe(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  i32 error = 0;
  if (JS_ToInt32(ctx, &error, arguments[0]) < 0) return JS_EXCEPTION;
  Held array(JS_NewArray(ctx));
  if (array.failed() || !add(ctx, array.get(), 0, JS_NewString(ctx, file_error_name((u32)error))) ||
      !add(ctx, array.get(), 1, JS_NewString(ctx, file_error_meaning((u32)error)))) {
    return JS_EXCEPTION;
  }
  return array.release();
}

constexpr JSCFunctionListEntry kFunctions[] = {
    JS_CFUNC_DEF("describe", 1, describe),
    JS_CFUNC_DEF("list", 1, list),
    JS_CFUNC_DEF("makeAgelessDirectory", 1, make_ageless_directory),
    JS_CFUNC_DEF("makeDirectories", 1, make_directories),
    JS_CFUNC_MAGIC_DEF("makeDirectory", 1, operate, kMakeDirectory),
    JS_CFUNC_DEF("makeLink", 2, make_link),
    JS_CFUNC_DEF("read", 1, read),
    JS_CFUNC_DEF("readAt", 5, read_at),
    JS_CFUNC_MAGIC_DEF("readLink", 1, text_of, 0),
    JS_CFUNC_DEF("readText", 1, read_text),
    JS_CFUNC_MAGIC_DEF("realPath", 1, text_of, 1),
    JS_CFUNC_MAGIC_DEF("removeAll", 1, operate, kRemoveAll),
    JS_CFUNC_MAGIC_DEF("removeDirectory", 1, operate, kRemoveDirectory),
    JS_CFUNC_DEF("rename", 2, rename),
    JS_CFUNC_DEF("setModified", 3, set_modified),
    JS_CFUNC_DEF("status", 2, status),
    JS_CFUNC_DEF("truncate", 2, truncate),
    JS_CFUNC_MAGIC_DEF("unlink", 1, operate, kUnlink),
    JS_CFUNC_DEF("write", 4, write),
};

}  // namespace

const NativeGroup kFileNatives("files", kFunctions);
