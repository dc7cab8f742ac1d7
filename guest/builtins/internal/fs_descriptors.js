'use strict';
// Open files.
const files = internal('files');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } = codes;
const { validateInt32, validateInteger } = require('internal/validators');
const c = require('internal/fs_constants');
const { Buffer } = require('buffer');
const { statsOf } = require('internal/fs_stats');
const {
  FILE,
  DIRECTORY,
  REPLACE,
  APPEND,
  EXCLUSIVE,
  OVERWRITE,
  EBADF,
  EISDIR,
  ENOTDIR,
  EINVAL,
  failure,
  done,
  pathOf,
  absolute,
  flagsOf,
  kindAt,
} = require('internal/fs_common');

const open_ = new Map(); // number -> {path, shown, flags, position}

function fileOf(fd, syscall) {
  validateInt32(fd, 'fd', 0, 2147483647);
  const file = open_.get(fd);
  if (file === undefined) throw failure(EBADF, syscall);
  return file;
}

function openPath(path, flags) {
  const whole = absolute(path);
  const writes = (flags & 3) !== c.O_RDONLY;
  const kind = kindAt(path);
  if (kind === DIRECTORY && writes) throw failure(EISDIR, 'open', path);
  if ((flags & c.O_DIRECTORY) !== 0 && kind === FILE) throw failure(ENOTDIR, 'open', path);
  if ((flags & c.O_CREAT) !== 0 && (flags & c.O_EXCL) !== 0) {
    done(files.write(whole, '', EXCLUSIVE, 0), 'open', path);
  } else if ((flags & c.O_TRUNC) !== 0 && writes && (kind === FILE || (flags & c.O_CREAT) !== 0)) {
    done(files.write(whole, '', REPLACE, 0), 'open', path);
  } else if ((flags & c.O_CREAT) !== 0 && kind < 0) {
    done(files.write(whole, '', APPEND, 0), 'open', path);
  } else if (writes && kind === FILE) {
    done(files.write(whole, '', APPEND, 0), 'open', path);
  }
  const real = done(files.realPath(whole), 'open', path);
  return { path: real, shown: path, flags, position: 0 };
}

function open(path, flags = 'r', mode = 0o666) {
  path = pathOf(path);
  void mode;
  const file = openPath(path, flagsOf(flags));
  let fd = 3;
  while (open_.has(fd)) ++fd;
  open_.set(fd, file);
  return fd;
}

function close(fd) {
  fileOf(fd, 'close');
  open_.delete(fd);
}

function read(fd, buffer, offset, length, position) {
  const file = fileOf(fd, 'read');
  if (!ArrayBuffer.isView(buffer)) {
    if (buffer === undefined || typeof buffer === 'object') {
      ({
        buffer = Buffer.alloc(16384),
        offset = 0,
        length = buffer.byteLength - offset,
        position = null,
      } = buffer ?? {});
    }
    if (!ArrayBuffer.isView(buffer))
      throw new ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'], buffer);
  } else if (offset !== null && typeof offset === 'object') {
    ({ offset = 0, length = buffer.byteLength - offset, position = null } = offset);
  }
  if (offset === undefined || offset === null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  if (length === undefined || length === null) length = buffer.byteLength - offset;
  length |= 0;
  if (length === 0) return [0, buffer];
  if (buffer.byteLength === 0)
    throw new ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  if (length < 0) throw new ERR_OUT_OF_RANGE('length', '>= 0', length);
  if (length + offset > buffer.byteLength)
    throw new ERR_OUT_OF_RANGE('length', `<= ${buffer.byteLength - offset}`, length);
  if ((file.flags & 3) === c.O_WRONLY) throw failure(EBADF, 'read');
  const at =
    position === undefined || position === null || position === -1 || position === -1n
      ? file.position
      : Number(position);
  const [count] = done(
    files.readAt(
      file.path,
      new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength),
      offset,
      length,
      at,
    ),
    'read',
  );
  if (at === file.position && (position === undefined || position === null || position === -1))
    file.position += count;
  return [count, buffer];
}

function write(fd, data, ...rest) {
  const file = fileOf(fd, 'write');
  let content;
  let position = null;
  if (ArrayBuffer.isView(data)) {
    let [offset, length, at] = rest;
    if (offset !== null && typeof offset === 'object')
      ({ offset = 0, length, position: at = null } = offset);
    if (offset === undefined || offset === null || typeof offset === 'function') offset = 0;
    else validateInteger(offset, 'offset', 0);
    if (offset > data.byteLength)
      throw new ERR_OUT_OF_RANGE('offset', `<= ${data.byteLength}`, offset);
    if (typeof length !== 'number') length = data.byteLength - offset;
    if (length < 0 || length > data.byteLength - offset)
      throw new ERR_OUT_OF_RANGE(
        'length',
        length < 0 ? '>= 0' : `<= ${data.byteLength - offset}`,
        length,
      );
    content = new Uint8Array(data.buffer, data.byteOffset + offset, length);
    position = typeof at === 'number' ? at : null;
  } else {
    if (typeof data !== 'string')
      throw new ERR_INVALID_ARG_TYPE(
        'buffer',
        ['string', 'Buffer', 'TypedArray', 'DataView'],
        data,
      );
    const [at, encoding] = rest;
    content = Buffer.from(data, typeof encoding === 'string' ? encoding : 'utf8');
    position = typeof at === 'number' ? at : null;
  }
  if ((file.flags & 3) === c.O_RDONLY) throw failure(EBADF, 'write');
  if ((file.flags & c.O_APPEND) !== 0) {
    done(files.write(file.path, content, APPEND, 0), 'write');
  } else {
    const at = position === null ? file.position : position;
    done(files.write(file.path, content, OVERWRITE, at), 'write');
    if (position === null) file.position += content.byteLength;
  }
  return [content.byteLength, data];
}

function vector(one) {
  return (fd, buffers, position) => {
    if (!Array.isArray(buffers) || !buffers.every((buffer) => ArrayBuffer.isView(buffer))) {
      throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
    }
    let count = 0;
    for (const buffer of buffers) {
      const [part] = one(
        fd,
        buffer,
        0,
        buffer.byteLength,
        typeof position === 'number' ? position + count : null,
      );
      count += part;
      if (part < buffer.byteLength) break;
    }
    return [count, buffers];
  };
}

// A time as utimes takes it, in milliseconds.
function msOf(time) {
  if (typeof time === 'string' && +time == time) return +time * 1000; // eslint-disable-line eqeqeq
  if (Number.isFinite(time)) return time < 0 ? Date.now() : time * 1000;
  if (time instanceof Date) return time.getTime();
  throw new ERR_INVALID_ARG_TYPE('time', ['Date', 'Time in seconds'], time);
}

// What only has to find the file open.
const checked = (syscall) => (fd) => {
  fileOf(fd, syscall);
};

function ftruncate(fd, length = 0) {
  const file = fileOf(fd, 'ftruncate');
  if ((file.flags & 3) === c.O_RDONLY) throw failure(EINVAL, 'ftruncate');
  done(files.truncate(file.path, Math.max(0, length)), 'ftruncate');
}

// fs has each of them, with a callback and as ...Sync.
const operations = {
  close,
  fchmod: checked('fchmod'),
  fchown: checked('fchown'),
  fdatasync: checked('fdatasync'),
  fstat(fd, options) {
    return statsOf(done(files.status(fileOf(fd, 'fstat').path, true), 'fstat'), options);
  },
  fsync: checked('fsync'),
  ftruncate,
  futimes(fd, atime, mtime) {
    done(files.setModified(fileOf(fd, 'futime').path, msOf(mtime), true), 'futime');
  },
  open,
};

module.exports = {
  ...operations,
  operations,
  fileOf,
  msOf,
  openPath,
  read,
  readv: vector(read),
  write,
  writev: vector(write),
};
