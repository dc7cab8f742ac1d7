'use strict';
const { operations } = require('internal/fs');
const descriptors = require('internal/fs_descriptors');
const { codes } = require('internal/errors');

const promises = (module.exports = {});

for (const name of Object.keys(operations)) {
  promises[name] = {
    async [name](...args) {
      const options = args[args.length - 1];
      options?.signal?.throwIfAborted?.();
      if (args[0] instanceof FileHandle) args[0] = args[0].fd;
      if (name === 'writeFile' || name === 'appendFile') args[1] = await contentOf(args[1]);
      return operations[name](...args);
    },
  }[name];
}

async function contentOf(data) {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return data;
  if (
    typeof data[Symbol.asyncIterator] !== 'function' &&
    typeof data[Symbol.iterator] !== 'function'
  )
    return data;
  const { Buffer } = require('buffer');
  const chunks = [];
  for await (const chunk of data)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

class FileHandle extends require('events') {
  #fd;
  constructor(fd) {
    super();
    this.#fd = fd;
    for (const key of Object.keys(this)) Object.defineProperty(this, key, { enumerable: false });
  }
  get fd() {
    return this.#fd;
  }
  async appendFile(data, options) {
    return operations.appendFile(this.#fd, await contentOf(data), options);
  }
  async chmod(mode) {
    descriptors.fchmod(this.#fd, mode);
  }
  async chown() {
    descriptors.fchown(this.#fd);
  }
  async datasync() {
    descriptors.fdatasync(this.#fd);
  }
  async sync() {
    descriptors.fsync(this.#fd);
  }
  async read(buffer, offset, length, position) {
    if (
      buffer === undefined ||
      (typeof buffer === 'object' && buffer !== null && !ArrayBuffer.isView(buffer))
    ) {
      ({
        buffer = require('buffer').Buffer.alloc(16384),
        offset = 0,
        length,
        position = null,
      } = buffer ?? {});
    }
    return {
      __proto__: null,
      bytesRead: descriptors.read(this.#fd, buffer, offset, length, position)[0],
      buffer,
    };
  }
  async readv(buffers, position) {
    const [bytesRead] = descriptors.readv(this.#fd, buffers, position);
    return { __proto__: null, bytesRead, buffers };
  }
  async readFile(options) {
    return operations.readFile(this.#fd, options);
  }
  async stat(options) {
    return descriptors.fstat(this.#fd, options);
  }
  async truncate(length = 0) {
    descriptors.ftruncate(this.#fd, length);
  }
  async utimes(atime, mtime) {
    descriptors.futimes(this.#fd, atime, mtime);
  }
  async write(data, ...rest) {
    const [bytesWritten] = descriptors.write(this.#fd, data, ...rest);
    return { __proto__: null, bytesWritten, buffer: data };
  }
  async writev(buffers, position) {
    const [bytesWritten] = descriptors.writev(this.#fd, buffers, position);
    return { __proto__: null, bytesWritten, buffers };
  }
  async writeFile(data, options) {
    return operations.writeFile(this.#fd, await contentOf(data), options);
  }
  createReadStream(options) {
    return require('internal/fs_streams').createReadStream('', { ...options, fd: this.#fd });
  }
  createWriteStream(options) {
    return require('internal/fs_streams').createWriteStream('', { ...options, fd: this.#fd });
  }
  async *readLines() {
    yield* (await this.readFile('utf8')).replace(/\n$/, '').split(/\r?\n/);
  }
  async close() {
    if (this.#fd === -1) return;
    descriptors.close(this.#fd);
    this.#fd = -1;
    this.emit('close');
  }
  async [Symbol.asyncDispose]() {
    await this.close();
  }
}

promises.open = async function open(path, flags, mode) {
  return new FileHandle(descriptors.open(path, flags, mode));
};
promises.watch = function watch() {
  throw new codes.ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('fs.promises.watch');
};
promises.glob = async function* glob(patterns, options) {
  yield* require('internal/fs_glob').glob(patterns, options);
};
promises.constants = require('internal/fs_constants');
