'use strict';
// The operations of node:fs, each in its synchronous form, with Node's checks and errors.
const files = internal('files');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE } = codes;
const { validateBoolean, validateInteger, validateObject } = require('internal/validators');
const c = require('internal/fs_constants');
const { Buffer } = require('buffer');
const descriptors = require('internal/fs_descriptors');
const { fileOf, msOf, openPath, write } = descriptors;
const { Dirent, Dir, readdir, opendir } = require('internal/fs_folders');
const { Stats, statsOf } = require('internal/fs_stats');
const {
  FILE,
  DIRECTORY,
  REPLACE,
  APPEND,
  EXCLUSIVE,
  OVERWRITE,
  EBADF,
  EEXIST,
  EISDIR,
  ENOENT,
  ENOTDIR,
  EACCES,
  failure,
  done,
  pathOf,
  absolute,
  optionsOf,
  encoded,
  flagsOf,
  kindAt,
} = require('internal/fs_common');

// ---- what is there ------------------------------------------------------------------------------

function statWith(syscall, follow) {
  return (path, options) => {
    path = pathOf(path);
    const status = files.status(absolute(path), follow);
    if (options?.throwIfNoEntry === false && (status === ENOENT || status === ENOTDIR))
      return undefined;
    return statsOf(done(status, syscall, path), options);
  };
}
const stat = statWith('stat', true);
const lstat = statWith('lstat', false);

function access(path, mode = c.F_OK) {
  path = pathOf(path);
  if (mode !== undefined) validateInteger(mode, 'mode', 0, 7);
  const status = done(files.status(absolute(path), true), 'access', path);
  if ((mode & c.X_OK) !== 0 && status[0] === FILE) throw failure(EACCES, 'access', path);
}

function exists(path) {
  try {
    return typeof files.status(absolute(pathOf(path)), true) !== 'number';
  } catch {
    return false;
  }
}

// ---- whole files --------------------------------------------------------------------------------

const isDescriptor = (value) => typeof value === 'number' && (value | 0) === value && value >= 0;

function readFile(path, options) {
  options = optionsOf(options, { flag: 'r' });
  let content;
  if (isDescriptor(path)) {
    const file = fileOf(path, 'read');
    content = done(files.read(file.path), 'read').subarray(file.position);
    file.position += content.length;
  } else {
    path = pathOf(path);
    if (flagsOf(options.flag) !== c.O_RDONLY) openPath(path, flagsOf(options.flag));
    const { encoding } = options;
    const answer =
      encoding === 'utf8' || encoding === 'utf-8'
        ? files.readText(absolute(path))
        : files.read(absolute(path));
    if (answer === EISDIR) throw failure(EISDIR, 'read');
    content = done(answer, 'open', path);
    if (typeof content === 'string') return content;
  }
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return options.encoding && options.encoding !== 'buffer'
    ? buffer.toString(options.encoding)
    : buffer;
}

function contentOf(data, encoding) {
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (typeof data !== 'string')
    throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
  return Buffer.from(data, encoding || 'utf8');
}

function writeFile(path, data, options) {
  options = optionsOf(options, { encoding: 'utf8', mode: 0o666, flag: 'w' });
  const content = contentOf(data, options.encoding);
  if (isDescriptor(path)) {
    write(path, content);
    return;
  }
  path = pathOf(path);
  const flags = flagsOf(options.flag);
  const how =
    (flags & c.O_EXCL) !== 0
      ? EXCLUSIVE
      : (flags & c.O_APPEND) !== 0
        ? APPEND
        : (flags & c.O_TRUNC) !== 0
          ? REPLACE
          : OVERWRITE;
  if ((flags & 3) === c.O_RDONLY) {
    openPath(path, flags);
    throw failure(EBADF, 'write');
  }
  done(files.write(absolute(path), content, how, 0), 'open', path);
}

function appendFile(path, data, options) {
  writeFile(path, data, {
    ...optionsOf(options, { encoding: 'utf8', mode: 0o666 }),
    flag: optionsOf(options).flag ?? 'a',
  });
}

function copyFile(from, to, mode = 0) {
  from = pathOf(from, 'src');
  to = pathOf(to, 'dest');
  if (mode !== undefined) validateInteger(mode, 'mode', 0, 7);
  const content = files.read(absolute(from));
  done(content, 'copyfile', from, to);
  const how = (mode & c.COPYFILE_EXCL) !== 0 ? EXCLUSIVE : REPLACE;
  done(files.write(absolute(to), content, how, 0), 'copyfile', from, to);
}

// ---- folders and links --------------------------------------------------------------------------

function mkdir(path, options) {
  let recursive = false;
  if (typeof options === 'object' && options !== null) {
    if (options.recursive !== undefined) {
      ({ recursive } = options);
      validateBoolean(recursive, 'options.recursive');
    }
  }
  path = pathOf(path);
  if (recursive) return done(files.makeDirectories(absolute(path)), 'mkdir', path);
  done(files.makeDirectory(absolute(path)), 'mkdir', path);
  return undefined;
}

function rmdir(path, options) {
  path = pathOf(path);
  if (options?.recursive) {
    const kind = kindAt(path, false);
    if (kind === FILE) throw failure(ENOTDIR, 'rmdir', path);
    if (kind < 0) throw failure(ENOENT, 'lstat', path);
    done(files.removeAll(absolute(path)), 'rmdir', path);
    return;
  }
  done(files.removeDirectory(absolute(path)), 'rmdir', path);
}

function rm(path, options = {}) {
  path = pathOf(path);
  if (options !== undefined && options !== null) {
    validateObject(options, 'options');
    if (options.force !== undefined) validateBoolean(options.force, 'options.force');
    if (options.recursive !== undefined) validateBoolean(options.recursive, 'options.recursive');
  }
  const status = files.status(absolute(path), false);
  if (typeof status === 'number') {
    if (status === ENOENT && options?.force) return;
    throw failure(status, 'lstat', path);
  }
  if (status[0] === DIRECTORY && !options?.recursive) {
    const error = new codes.ERR_FS_EISDIR(
      `Path is a directory: rm returned EISDIR (is a directory) ${path}`,
    );
    error.name = 'SystemError';
    error.errno = EISDIR;
    error.syscall = 'rm';
    error.path = path;
    throw error;
  }
  done(files.removeAll(absolute(path)), 'rm', path);
}

function symlink(target, path, type) {
  void type;
  target = pathOf(target, 'target');
  path = pathOf(path);
  done(files.makeLink(absolute(path), target), 'symlink', target, path);
}

function link(existing, path) {
  existing = pathOf(existing, 'existingPath');
  path = pathOf(path, 'newPath');
  throw failure(1, 'link', existing, path);
}

function rename(from, to) {
  from = pathOf(from, 'oldPath');
  to = pathOf(to, 'newPath');
  done(files.rename(absolute(from), absolute(to)), 'rename', from, to);
}

function realpath(path, options) {
  path = pathOf(path);
  return encoded(done(files.realPath(absolute(path)), 'lstat', path), optionsOf(options).encoding);
}

function mkdtemp(prefix, options) {
  prefix = pathOf(prefix, 'prefix');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  for (;;) {
    let path = prefix;
    for (let i = 0; i < 6; ++i) path += letters[Math.floor(Math.random() * letters.length)];
    const answer = files.makeDirectory(absolute(path));
    if (answer === EEXIST) continue;
    done(answer, 'mkdtemp', `${prefix}XXXXXX`);
    return encoded(path, optionsOf(options).encoding);
  }
}

function cp(from, to, options = {}) {
  require('internal/fs_cp').cp(from, to, options);
}

// ---- the rest -----------------------------------------------------------------------------------

function checked(syscall) {
  return (path) => {
    path = pathOf(path);
    done(files.status(absolute(path), true), syscall, path);
  };
}

// By path: fs has each of them with a callback and as ...Sync, fs/promises with a promise.
const operations = {
  access,
  appendFile,
  chmod: checked('chmod'),
  chown: checked('chown'),
  copyFile,
  cp,
  lchmod: checked('lchmod'),
  lchown: checked('lchown'),
  link,
  lstat,
  lutimes(path, atime, mtime) {
    path = pathOf(path);
    done(files.setModified(absolute(path), msOf(mtime), false), 'lutime', path);
  },
  mkdir,
  mkdtemp,
  opendir,
  readFile,
  readdir,
  readlink(path, options) {
    path = pathOf(path);
    return encoded(
      done(files.readLink(absolute(path)), 'readlink', path),
      optionsOf(options).encoding,
    );
  },
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  statfs(path) {
    checked('statfs')(path);
    return { type: 0, bsize: 4096, blocks: 0, bfree: 0, bavail: 0, files: 0, ffree: 0 };
  },
  symlink,
  truncate(path, length = 0) {
    if (typeof path === 'number') return descriptors.operations.ftruncate(path, length);
    path = pathOf(path);
    validateInteger(length ?? 0, 'len');
    return void done(files.truncate(absolute(path), Math.max(0, length ?? 0)), 'open', path);
  },
  unlink(path) {
    path = pathOf(path);
    done(files.unlink(absolute(path)), 'unlink', path);
  },
  utimes(path, atime, mtime) {
    path = pathOf(path);
    done(files.setModified(absolute(path), msOf(mtime), true), 'utime', path);
  },
  writeFile,
};

module.exports = { operations, Stats, Dirent, Dir, exists };
