'use strict';
// Blob and File of the File API.
const bytes = internal('bytes');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE, ERR_MISSING_ARGS } = codes;
const { UTF8, isAnyArrayBuffer, joined } = require('internal/bytes');
const custom = Symbol.for('nodejs.util.inspect.custom');

const blobs = new WeakMap();

function partBytes(part) {
  if (blobs.has(part)) return blobs.get(part).data;
  if (isAnyArrayBuffer(part)) return new Uint8Array(part).slice();
  if (ArrayBuffer.isView(part))
    return new Uint8Array(part.buffer, part.byteOffset, part.byteLength).slice();
  return bytes.encode(`${part}`, UTF8);
}

class Blob {
  constructor(sources = [], options = undefined) {
    if (
      sources === null ||
      typeof sources !== 'object' ||
      typeof sources[Symbol.iterator] !== 'function'
    ) {
      throw new ERR_INVALID_ARG_TYPE('sources', 'a sequence', sources);
    }
    const { type = '', endings = 'transparent' } = options ?? {};
    let parts = Array.from(sources);
    if (`${endings}` === 'native') {
      parts = parts.map((part) =>
        typeof part === 'string' ? part.replace(/\r\n|\r/g, '\n') : part,
      );
    }
    const text = `${type}`;
    blobs.set(this, {
      data: joined(parts.map(partBytes)),
      type: /[^\u0020-\u007E]/.test(text) ? '' : text.toLowerCase(),
    });
  }
  get size() {
    return blobs.get(this).data.length;
  }
  get type() {
    return blobs.get(this).type;
  }
  slice(start = 0, end = this.size, type = '') {
    const { data } = blobs.get(this);
    const blob = new Blob([], { type });
    blobs.get(blob).data = data.slice(start, end);
    return blob;
  }
  async arrayBuffer() {
    return blobs.get(this).data.slice().buffer;
  }
  async bytes() {
    return blobs.get(this).data.slice();
  }
  async text() {
    return bytes.decode(blobs.get(this).data, UTF8);
  }
  [custom](depth, options, inspect) {
    if (depth !== null && depth < 0) return this;
    const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `Blob ${inspect({ size: this.size, type: this.type }, inner)}`;
  }
}
Object.defineProperty(Blob.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'Blob',
  configurable: true,
});

class File extends Blob {
  #name;
  #lastModified;
  constructor(sources, name, options = undefined) {
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('sources', 'fileName');
    super(sources, options);
    this.#name = `${name}`.toWellFormed();
    this.#lastModified =
      options?.lastModified !== undefined ? Math.trunc(+options.lastModified) || 0 : Date.now();
  }
  get name() {
    return this.#name;
  }
  get lastModified() {
    return this.#lastModified;
  }
  [custom](depth, options, inspect) {
    if (depth !== null && depth < 0) return this;
    return `File ${inspect(
      { size: this.size, type: this.type, name: this.name, lastModified: this.lastModified },
      { ...options, depth: options.depth == null ? null : options.depth - 1 },
    )}`;
  }
}
Object.defineProperty(File.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'File',
  configurable: true,
});

// Undefined: it is none.
const dataOfBlob = (value) => blobs.get(value)?.data;

module.exports = { Blob, File, dataOfBlob };
