'use strict';
// The operations of node:fs, each in its synchronous form, with Node's checks and errors.
const files = internal('files');
const bytes = internal('bytes');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } = codes;
const { validateBoolean, validateInteger, validateObject } = require('internal/validators');
const c = require('internal/fs_constants');
const { Buffer } = require('buffer');

const [FILE, DIRECTORY, LINK] = [1, 2, 3];
const [REPLACE, APPEND, EXCLUSIVE, OVERWRITE] = [0, 1, 2, 3];
const [EBADF, EEXIST, EISDIR, ENOENT, ENOTDIR, EINVAL, EACCES] = [9, 17, 21, 2, 20, 22, 13];

// os.tmpdir() is there for whoever asks, unless a mount that is only read stands in its place.
files.makeDirectories('/tmp');

// ---- errors and paths ---------------------------------------------------------------------------

function failure(number, syscall, path, dest) {
  const [name, meaning] = files.describe(number);
  let text = `${name}: ${meaning}, ${syscall}`;
  if (path !== undefined) text += ` '${path}'`;
  if (dest !== undefined) text += ` -> '${dest}'`;
  const error = new Error(text);
  Error.captureStackTrace(error, failure);
  error.errno = -number;
  error.code = name;
  error.syscall = syscall;
  if (path !== undefined) error.path = `${path}`;
  if (dest !== undefined) error.dest = `${dest}`;
  return error;
}

// The answer of a native function: an error is a number that is not 0.
function done(answer, syscall, path, dest) {
  if (typeof answer === 'number' && answer !== 0) throw failure(answer, syscall, path, dest);
  return answer;
}

function pathOf(path, name = 'path') {
  if (typeof path === 'object' && path !== null && path.href && path.protocol)
    path = require('internal/url').fileURLToPath(path);
  if (typeof path !== 'string' && !(path instanceof Uint8Array))
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], path);
  if (
    typeof path === 'string' ? path.includes('\0') : Uint8Array.prototype.includes.call(path, 0)
  ) {
    throw new ERR_INVALID_ARG_VALUE(
      name,
      path,
      'must be a string, Uint8Array, or URL without null bytes',
    );
  }
  return typeof path === 'string' ? path : bytes.decode(path, 0);
}

// From the root on; ".", ".." and links are left to the files.
function absolute(path) {
  if (path === '') return '';
  return path[0] === '/' ? path : `${require('process').cwd()}/${path}`;
}

function optionsOf(options, defaults = {}) {
  if (options === null || options === undefined || typeof options === 'function') return defaults;
  if (typeof options === 'string') options = { encoding: options };
  if (typeof options !== 'object')
    throw new ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  const all = { ...defaults, ...options };
  if (all.encoding && all.encoding !== 'buffer' && !Buffer.isEncoding(all.encoding)) {
    throw new ERR_INVALID_ARG_VALUE('encoding', all.encoding, 'is invalid encoding');
  }
  return all;
}

function encoded(name, encoding) {
  if (!encoding || encoding === 'utf8' || encoding === 'utf-8') return name;
  const buffer = Buffer.from(name);
  return encoding === 'buffer' ? buffer : buffer.toString(encoding);
}

const flagNames = {
  __proto__: null,
  r: c.O_RDONLY,
  rs: c.O_RDONLY | c.O_SYNC,
  sr: c.O_RDONLY | c.O_SYNC,
  'r+': c.O_RDWR,
  'rs+': c.O_RDWR | c.O_SYNC,
  'sr+': c.O_RDWR | c.O_SYNC,
  w: c.O_TRUNC | c.O_CREAT | c.O_WRONLY,
  wx: c.O_TRUNC | c.O_CREAT | c.O_WRONLY | c.O_EXCL,
  xw: c.O_TRUNC | c.O_CREAT | c.O_WRONLY | c.O_EXCL,
  'w+': c.O_TRUNC | c.O_CREAT | c.O_RDWR,
  'wx+': c.O_TRUNC | c.O_CREAT | c.O_RDWR | c.O_EXCL,
  'xw+': c.O_TRUNC | c.O_CREAT | c.O_RDWR | c.O_EXCL,
  a: c.O_APPEND | c.O_CREAT | c.O_WRONLY,
  ax: c.O_APPEND | c.O_CREAT | c.O_WRONLY | c.O_EXCL,
  xa: c.O_APPEND | c.O_CREAT | c.O_WRONLY | c.O_EXCL,
  as: c.O_APPEND | c.O_CREAT | c.O_WRONLY | c.O_SYNC,
  'a+': c.O_APPEND | c.O_CREAT | c.O_RDWR,
  'ax+': c.O_APPEND | c.O_CREAT | c.O_RDWR | c.O_EXCL,
  'as+': c.O_APPEND | c.O_CREAT | c.O_RDWR | c.O_SYNC,
};

function flagsOf(flags) {
  if (typeof flags === 'number') {
    require('internal/validators').validateInt32(flags, 'flags');
    return flags;
  }
  if (flags === null || flags === undefined) return c.O_RDONLY;
  const number = flagNames[flags];
  if (number === undefined) throw new ERR_INVALID_ARG_VALUE('flags', flags);
  return number;
}

// ---- what is there ------------------------------------------------------------------------------

const modes = [0, 0o100644, 0o40755, 0o120777];

class StatsBase {
  isDirectory() {
    return this.#is(c.S_IFDIR);
  }
  isFile() {
    return this.#is(c.S_IFREG);
  }
  isBlockDevice() {
    return this.#is(c.S_IFBLK);
  }
  isCharacterDevice() {
    return this.#is(c.S_IFCHR);
  }
  isSymbolicLink() {
    return this.#is(c.S_IFLNK);
  }
  isFIFO() {
    return this.#is(c.S_IFIFO);
  }
  isSocket() {
    return this.#is(c.S_IFSOCK);
  }
  #is(type) {
    return (Number(this.mode) & c.S_IFMT) === type;
  }
}

function fill(stats, [kind, size, modified, id], convert) {
  Object.assign(stats, {
    dev: convert(1),
    mode: convert(modes[kind]),
    nlink: convert(1),
    uid: convert(0),
    gid: convert(0),
    rdev: convert(0),
    blksize: convert(4096),
    ino: convert(id),
    size: convert(size),
    blocks: convert(Math.ceil(size / 512)),
    atimeMs: convert(modified),
    mtimeMs: convert(modified),
    ctimeMs: convert(modified),
    birthtimeMs: convert(modified),
  });
  return stats;
}

class Stats extends StatsBase {}
class BigIntStats extends StatsBase {}
for (const prototype of [Stats.prototype, BigIntStats.prototype]) {
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return new Date(Math.round(Number(this[`${name}Ms`])));
      },
      set(value) {
        Object.defineProperty(this, name, {
          value,
          writable: true,
          configurable: true,
          enumerable: true,
        });
      },
    });
  }
}

function statsOf(status, options) {
  if (!options?.bigint) return fill(new Stats(), status, (value) => value);
  const stats = fill(new BigIntStats(), status, (value) => BigInt(Math.trunc(value)));
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime'])
    stats[`${name}Ns`] = BigInt(Math.trunc(status[2] * 1e3)) * 1000n;
  return stats;
}

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

function kindAt(path, follow = true) {
  const status = files.status(absolute(path), follow);
  return typeof status === 'number' ? -1 : status[0];
}

class Dirent {
  #kind;
  constructor(name, parentPath, kind) {
    this.name = name;
    this.parentPath = parentPath;
    this.#kind = kind;
    Object.defineProperty(this, 'path', {
      value: parentPath,
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
  isFile() {
    return this.#kind === FILE;
  }
  isDirectory() {
    return this.#kind === DIRECTORY;
  }
  isSymbolicLink() {
    return this.#kind === LINK;
  }
  isBlockDevice() {
    return false;
  }
  isCharacterDevice() {
    return false;
  }
  isFIFO() {
    return false;
  }
  isSocket() {
    return false;
  }
}

function readdir(path, options) {
  options = optionsOf(options);
  path = pathOf(path);
  if (options.recursive != null) validateBoolean(options.recursive, 'options.recursive');
  const result = [];
  const queue = [''];
  while (queue.length > 0) {
    const below = queue.shift();
    const folder = below === '' ? path : `${path}${path.endsWith('/') ? '' : '/'}${below}`;
    for (const name of done(files.list(absolute(folder)), 'scandir', folder)) {
      const inner = below === '' ? name : `${below}/${name}`;
      if (options.recursive || options.withFileTypes) {
        const kind = kindAt(`${folder}/${name}`, false);
        if (options.recursive && kind === DIRECTORY) queue.push(inner);
        if (options.withFileTypes) {
          result.push(
            new Dirent(encoded(name, options.encoding), below === '' ? path : folder, kind),
          );
          continue;
        }
      }
      result.push(encoded(inner, options.encoding));
    }
  }
  return result;
}

class Dir {
  #entries;
  #path;
  #closed = false;
  constructor(path, entries) {
    this.#path = path;
    this.#entries = entries;
  }
  get path() {
    return this.#path;
  }
  #check() {
    if (this.#closed) throw new codes.ERR_DIR_CLOSED();
  }
  readSync() {
    this.#check();
    return this.#entries.shift() ?? null;
  }
  closeSync() {
    this.#check();
    this.#closed = true;
  }
  read(callback) {
    if (callback === undefined) return (async () => this.readSync())();
    const entry = this.readSync();
    setImmediate(callback, null, entry);
    return undefined;
  }
  close(callback) {
    if (callback === undefined) return (async () => this.closeSync())();
    this.closeSync();
    setImmediate(callback, null);
    return undefined;
  }
  async *entries() {
    try {
      for (let entry; (entry = this.readSync()) !== null;) yield entry;
    } finally {
      if (!this.#closed) this.closeSync();
    }
  }
  [Symbol.asyncIterator]() {
    return this.entries();
  }
  async [Symbol.asyncDispose]() {
    if (!this.#closed) this.closeSync();
  }
}

function opendir(path, options) {
  path = pathOf(path);
  if (kindAt(path) !== DIRECTORY) throw failure(kindAt(path) < 0 ? ENOENT : ENOTDIR, 'opendir');
  return new Dir(path, readdir(path, { ...optionsOf(options), withFileTypes: true }));
}

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

// ---- open files ---------------------------------------------------------------------------------

const open_ = new Map(); // number -> {path, shown, flags, position}

function fileOf(fd, syscall) {
  require('internal/validators').validateInt32(fd, 'fd', 0, 2147483647);
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
  validateObject(options, 'options');
  from = pathOf(from, 'src');
  to = pathOf(to, 'dest');
  const {
    filter,
    force = true,
    recursive = false,
    errorOnExist = false,
    dereference = false,
    preserveTimestamps = false,
  } = options;
  const systemError = (code, text, errno) => {
    const error = new codes[code](text);
    error.name = 'SystemError';
    error.errno = errno;
    error.syscall = 'cp';
    error.path = to;
    return error;
  };
  const queue = [[from, to]];
  while (queue.length > 0) {
    const [a, b] = queue.shift();
    if (filter && !filter(a, b)) continue;
    const status = done(files.status(absolute(a), dereference), 'lstat', a);
    const kind = kindAt(b, false);
    if (status[0] === DIRECTORY) {
      if (!recursive)
        throw systemError(
          'ERR_FS_EISDIR',
          `Recursive option not enabled, cannot copy a directory: cp returned EISDIR (${a} is ` +
            `a directory (not copied)) ${a}`,
          EISDIR,
        );
      const [realA, realB] = [files.realPath(absolute(a)), files.realPath(absolute(b))];
      if (realA === realB)
        throw systemError(
          'ERR_FS_CP_EINVAL',
          `Invalid src or dest: cp returned EINVAL (src and dest cannot be the same) ${b}`,
          EINVAL,
        );
      if (`${require('path').resolve(b)}/`.startsWith(`${require('path').resolve(a)}/`)) {
        throw systemError(
          'ERR_FS_CP_EINVAL',
          `Invalid src or dest: cp returned EINVAL (cannot copy ${a} to a subdirectory of self ` +
            `${b}) ${b}`,
          EINVAL,
        );
      }
      if (kind === FILE)
        throw systemError(
          'ERR_FS_CP_DIR_TO_NON_DIR',
          `Cannot overwrite non-directory with directory: cp returned EISDIR (cannot overwrite ` +
            `non-directory ${b} with directory ${a}) ${b}`,
          EISDIR,
        );
      if (kind < 0) done(files.makeDirectories(absolute(b)), 'mkdir', b);
      for (const name of done(files.list(absolute(a)), 'opendir', a))
        queue.push([`${a}/${name}`, `${b}/${name}`]);
      continue;
    }
    if (kind === DIRECTORY)
      throw systemError(
        'ERR_FS_CP_NON_DIR_TO_DIR',
        `Cannot overwrite directory with non-directory: cp returned ENOTDIR (cannot overwrite ` +
          `directory ${b} with non-directory ${a}) ${b}`,
        ENOTDIR,
      );
    if (kind >= 0) {
      if (!force) {
        if (errorOnExist)
          throw systemError(
            'ERR_FS_CP_EEXIST',
            `Target already exists: cp returned EEXIST (${b} already exists) ${b}`,
            EEXIST,
          );
        continue;
      }
      done(files.unlink(absolute(b)), 'unlink', b);
    } else {
      const parent = require('path').dirname(b);
      if (kindAt(parent) < 0) done(files.makeDirectories(absolute(parent)), 'mkdir', parent);
    }
    if (status[0] === LINK)
      done(
        files.makeLink(absolute(b), done(files.readLink(absolute(a)), 'readlink', a)),
        'symlink',
        a,
        b,
      );
    else
      done(
        files.write(absolute(b), done(files.read(absolute(a)), 'copyfile', a, b), REPLACE, 0),
        'copyfile',
        a,
        b,
      );
    if (preserveTimestamps) files.setModified(absolute(b), status[2], true);
  }
}

// ---- the rest -----------------------------------------------------------------------------------

function msOf(time) {
  if (typeof time === 'string' && +time == time) return +time * 1000; // eslint-disable-line eqeqeq
  if (Number.isFinite(time)) return time < 0 ? Date.now() : time * 1000;
  if (time instanceof Date) return time.getTime();
  throw new ERR_INVALID_ARG_TYPE('time', ['Date', 'Time in seconds'], time);
}

function checked(syscall) {
  return (path) => {
    path = pathOf(path);
    done(files.status(absolute(path), true), syscall, path);
  };
}

module.exports = {
  Stats,
  Dirent,
  Dir,
  msOf,
  failure,
  access,
  appendFile,
  chmod: checked('chmod'),
  chown: checked('chown'),
  close,
  copyFile,
  cp,
  exists,
  fchmod(fd) {
    fileOf(fd, 'fchmod');
  },
  fchown(fd) {
    fileOf(fd, 'fchown');
  },
  fdatasync(fd) {
    fileOf(fd, 'fdatasync');
  },
  fstat(fd, options) {
    return statsOf(done(files.status(fileOf(fd, 'fstat').path, true), 'fstat'), options);
  },
  fsync(fd) {
    fileOf(fd, 'fsync');
  },
  ftruncate(fd, length = 0) {
    const file = fileOf(fd, 'ftruncate');
    if ((file.flags & 3) === c.O_RDONLY) throw failure(EINVAL, 'ftruncate');
    done(files.truncate(file.path, Math.max(0, length)), 'ftruncate');
  },
  futimes(fd, atime, mtime) {
    done(files.setModified(fileOf(fd, 'futime').path, msOf(mtime), true), 'futime');
  },
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
  open,
  opendir,
  read,
  readFile,
  readdir,
  readlink(path, options) {
    path = pathOf(path);
    return encoded(
      done(files.readLink(absolute(path)), 'readlink', path),
      optionsOf(options).encoding,
    );
  },
  readv: vector(read),
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
    if (typeof path === 'number') return module.exports.ftruncate(path, length);
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
  write,
  writeFile,
  writev: vector(write),
};
