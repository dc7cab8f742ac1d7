'use strict';
// fs.Stats, of what the native functions tell: [kind, size, time of change, id].
const c = require('internal/fs_constants');

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

module.exports = { Stats, statsOf };
