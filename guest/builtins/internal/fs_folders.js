'use strict';
// What stands in folders: fs.Dirent, fs.Dir.
const files = internal('files');
const { codes } = require('internal/errors');
const { validateBoolean } = require('internal/validators');
const {
  FILE,
  DIRECTORY,
  LINK,
  ENOENT,
  ENOTDIR,
  failure,
  done,
  pathOf,
  absolute,
  optionsOf,
  encoded,
  kindAt,
} = require('internal/fs_common');

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

module.exports = { Dirent, Dir, readdir, opendir };
