'use strict';
// What the parts of node:fs share: errors, paths, options, flags.
const files = internal('files');
const bytes = internal('bytes');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = codes;
const c = require('internal/fs_constants');

// Numbers of guest/files.hpp: kinds, ways of writing; and of errors.
const [FILE, DIRECTORY, LINK] = [1, 2, 3];
const [REPLACE, APPEND, EXCLUSIVE, OVERWRITE] = [0, 1, 2, 3];
const [EBADF, EEXIST, EISDIR, ENOENT, ENOTDIR, EINVAL, EACCES] = [9, 17, 21, 2, 20, 22, 13];

// os.tmpdir() is there for whoever asks, unless a mount that is only read stands in its place. When
// that was is not the program's doing.
files.makeAgelessDirectory('/tmp');

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

const isEncoding = (name) => require('internal/bytes').encodingNumber(name) !== undefined;

function optionsOf(options, defaults = {}) {
  if (options === null || options === undefined || typeof options === 'function') return defaults;
  if (typeof options === 'string') options = { encoding: options };
  if (typeof options !== 'object')
    throw new ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  const all = { ...defaults, ...options };
  if (all.encoding && all.encoding !== 'buffer' && !isEncoding(all.encoding)) {
    throw new ERR_INVALID_ARG_VALUE('encoding', all.encoding, 'is invalid encoding');
  }
  return all;
}

function encoded(name, encoding) {
  if (!encoding || encoding === 'utf8' || encoding === 'utf-8') return name;
  const buffer = require('buffer').Buffer.from(name);
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

function kindAt(path, follow = true) {
  const status = files.status(absolute(path), follow);
  return typeof status === 'number' ? -1 : status[0];
}

module.exports = {
  FILE,
  DIRECTORY,
  LINK,
  REPLACE,
  APPEND,
  EXCLUSIVE,
  OVERWRITE,
  EBADF,
  EEXIST,
  EISDIR,
  ENOENT,
  ENOTDIR,
  EINVAL,
  EACCES,
  failure,
  done,
  pathOf,
  absolute,
  optionsOf,
  encoded,
  flagsOf,
  kindAt,
};
