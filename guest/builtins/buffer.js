'use strict';
const bytes = internal('bytes');
const { kind, ownNonIndexProperties } = internal('types');
const { codes } = require('internal/errors');
const {
  ERR_BUFFER_OUT_OF_BOUNDS,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_BUFFER_SIZE,
  ERR_OUT_OF_RANGE,
} = codes;
const { validateInteger, validateNumber } = require('internal/validators');
const {
  UTF8,
  UTF16,
  LATIN1,
  ASCII,
  BASE64,
  BASE64URL,
  HEX,
  encodingNumber,
  encodingOf,
  isAnyArrayBuffer,
  isUint8Array,
} = require('internal/bytes');
const contents = require('internal/buffer_contents');
const { defineLater } = require('internal/lazy');
const custom = Symbol.for('nodejs.util.inspect.custom');

const kMaxLength = Number.MAX_SAFE_INTEGER;
const kStringMaxLength = 536870888;

class FastBuffer extends Uint8Array {
  constructor(bufferOrLength, byteOffset, length) {
    super(bufferOrLength, byteOffset, length);
  }
}

function make(array) {
  return Object.setPrototypeOf(array, FastBuffer.prototype);
}
function encode(string, encoding) {
  return make(bytes.encode(string, encoding));
}

function Buffer(arg, encodingOrOffset, length) {
  if (typeof arg === 'number') {
    if (typeof encodingOrOffset === 'string')
      throw new ERR_INVALID_ARG_TYPE('string', 'string', arg);
    return Buffer.alloc(arg);
  }
  return Buffer.from(arg, encodingOrOffset, length);
}
Object.setPrototypeOf(Buffer, Uint8Array);
FastBuffer.prototype.constructor = Buffer;
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(Buffer, 'prototype', { writable: false, enumerable: false });
Object.defineProperty(Buffer, Symbol.species, {
  __proto__: null,
  configurable: true,
  enumerable: false,
  get() {
    return FastBuffer;
  },
});

// ---- making -------------------------------------------------------------------------------------

Buffer.poolSize = 8 * 1024;

Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') {
    if (
      encodingOrOffset === undefined ||
      typeof encodingOrOffset !== 'string' ||
      encodingOrOffset.length === 0
    ) {
      return encode(value, UTF8);
    }
    return encode(value, encodingOf(encodingOrOffset));
  }
  if (typeof value === 'object' && value !== null) {
    if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    const valueOf = value.valueOf && value.valueOf();
    if (
      valueOf != null &&
      valueOf !== value &&
      (typeof valueOf === 'string' || typeof valueOf === 'object')
    ) {
      return from(valueOf, encodingOrOffset, length);
    }
    const buffer = fromObject(value);
    if (buffer) return buffer;
    if (typeof value[Symbol.toPrimitive] === 'function') {
      const primitive = value[Symbol.toPrimitive]('string');
      if (typeof primitive === 'string') return Buffer.from(primitive, encodingOrOffset);
    }
  }
  throw new ERR_INVALID_ARG_TYPE(
    'first argument',
    ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'],
    value,
  );
};

function fromArrayBuffer(buffer, byteOffset, length) {
  if (byteOffset === undefined) byteOffset = 0;
  else {
    byteOffset = +byteOffset;
    if (Number.isNaN(byteOffset)) byteOffset = 0;
  }
  const maxLength = buffer.byteLength - byteOffset;
  if (maxLength < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length === undefined) length = maxLength;
  else {
    length = +length;
    if (length > 0) {
      if (length > maxLength) throw new ERR_BUFFER_OUT_OF_BOUNDS('length');
    } else length = 0;
  }
  return new FastBuffer(buffer, byteOffset, length);
}

function fromArrayLike(array) {
  if (array.length <= 0) return new FastBuffer();
  const buffer = new FastBuffer(Math.floor(array.length) || 0);
  if (isUint8Array(array)) {
    Reflect.apply(Uint8Array.prototype.set, buffer, [array]);
  } else {
    for (let i = 0; i < buffer.length; i++) buffer[i] = array[i];
  }
  return buffer;
}

function fromObject(object) {
  if (object.length !== undefined || isAnyArrayBuffer(object.buffer)) {
    if (typeof object.length !== 'number') return new FastBuffer();
    return fromArrayLike(object);
  }
  if (object.type === 'Buffer' && Array.isArray(object.data)) return fromArrayLike(object.data);
  return undefined;
}

Buffer.copyBytesFrom = function copyBytesFrom(view, offset, length) {
  if (kind(view) !== 15) throw new ERR_INVALID_ARG_TYPE('view', ['TypedArray'], view);
  const viewLength = view.length;
  if (viewLength === 0) return Buffer.alloc(0);
  let end = viewLength;
  if (offset !== undefined) {
    validateInteger(offset, 'offset', 0);
    if (offset >= viewLength) return Buffer.alloc(0);
  } else offset = 0;
  if (length !== undefined) {
    validateInteger(length, 'length', 0);
    end = Math.min(offset + length, viewLength);
  }
  const part = view.slice(offset, end);
  return fromArrayLike(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
};

Buffer.of = function of(...items) {
  const buffer = new FastBuffer(items.length);
  for (let i = 0; i < items.length; i++) buffer[i] = items[i];
  return buffer;
};

Buffer.alloc = function alloc(size, fill, encoding) {
  validateNumber(size, 'size', 0, kMaxLength);
  const buffer = new FastBuffer(size);
  if (fill !== undefined && fill !== 0 && size > 0)
    return contents.fill(buffer, fill, 0, buffer.length, encoding);
  return buffer;
};
Buffer.allocUnsafe = function allocUnsafe(size) {
  validateNumber(size, 'size', 0, kMaxLength);
  return new FastBuffer(size);
};
Buffer.allocUnsafeSlow = function allocUnsafeSlow(size) {
  validateNumber(size, 'size', 0, kMaxLength);
  return new FastBuffer(size);
};

function SlowBuffer(size) {
  validateNumber(size, 'size', 0, kMaxLength);
  return new FastBuffer(size);
}
Object.setPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
Object.setPrototypeOf(SlowBuffer, Uint8Array);

Buffer.isBuffer = function isBuffer(value) {
  return value instanceof Buffer;
};
Buffer.isEncoding = function isEncoding(encoding) {
  return (
    typeof encoding === 'string' && encoding.length !== 0 && encodingNumber(encoding) !== undefined
  );
};

Buffer.concat = function concat(list, length) {
  if (!Array.isArray(list)) throw new ERR_INVALID_ARG_TYPE('list', 'Array', list);
  if (list.length === 0) return new FastBuffer();
  if (length === undefined) {
    length = 0;
    for (let i = 0; i < list.length; i++) {
      if (list[i].length) length += list[i].length;
    }
  } else {
    validateInteger(length, 'length', 0);
  }
  const buffer = Buffer.alloc(length);
  let at = 0;
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (!isUint8Array(item)) {
      throw new ERR_INVALID_ARG_TYPE(`list[${i}]`, ['Buffer', 'Uint8Array'], list[i]);
    }
    const part = at + item.length > length ? item.subarray(0, length - at) : item;
    Reflect.apply(Uint8Array.prototype.set, buffer, [part, at]);
    at += part.length;
  }
  return buffer;
};

function byteLength(string, encoding) {
  if (typeof string !== 'string') {
    if (ArrayBuffer.isView(string) || isAnyArrayBuffer(string)) return string.byteLength;
    throw new ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], string);
  }
  switch (encodingNumber(encoding ?? 'utf8') ?? UTF8) {
    case UTF16:
      return string.length * 2;
    case LATIN1:
    case ASCII:
      return string.length;
    case HEX:
      return string.length >>> 1;
    case BASE64:
    case BASE64URL: {
      let { length } = string;
      if (length > 0 && string.charCodeAt(length - 1) === 0x3d) length--;
      if (length > 1 && string.charCodeAt(length - 1) === 0x3d) length--;
      return (length * 3) >>> 2;
    }
    default:
      return bytes.byteLength(string);
  }
}
Buffer.byteLength = byteLength;

Buffer.compare = function compare(a, b) {
  if (!isUint8Array(a)) throw new ERR_INVALID_ARG_TYPE('buf1', ['Buffer', 'Uint8Array'], a);
  if (!isUint8Array(b)) throw new ERR_INVALID_ARG_TYPE('buf2', ['Buffer', 'Uint8Array'], b);
  return a === b ? 0 : bytes.compare(a, b);
};

// ---- text ---------------------------------------------------------------------------------------

const proto = Buffer.prototype;

Object.defineProperty(proto, 'parent', {
  __proto__: null,
  enumerable: true,
  get() {
    return this instanceof Buffer ? this.buffer : undefined;
  },
});
Object.defineProperty(proto, 'offset', {
  __proto__: null,
  enumerable: true,
  get() {
    return this instanceof Buffer ? this.byteOffset : undefined;
  },
});

proto.toString = function toString(encoding, start, end) {
  if (arguments.length === 0) return bytes.decode(this, UTF8);
  const { length } = this;
  if (start <= 0) start = 0;
  else if (start >= length) return '';
  else start = Math.trunc(start) || 0;
  if (end === undefined || end > length) end = length;
  else end = Math.trunc(end) || 0;
  if (end <= start) return '';
  return bytes.decode(this, encodingOf(encoding), start, end);
};
proto.toLocaleString = proto.toString;

const sliceNames = ['utf8', 'ucs2', 'latin1', 'ascii', 'base64', 'base64url', 'hex'];
for (let i = 0; i < sliceNames.length; i++) {
  const name = sliceNames[i];
  proto[`${name}Slice`] = {
    [`${name}Slice`](start = 0, end = this.length) {
      return bytes.decode(this, i, start, end);
    },
  }[`${name}Slice`];
  proto[`${name}Write`] = {
    [`${name}Write`](string, offset = 0, length = this.length - offset) {
      return bytes.write(this, string, offset, length, i);
    },
  }[`${name}Write`];
}

proto.equals = function equals(other) {
  if (!isUint8Array(other))
    throw new ERR_INVALID_ARG_TYPE('otherBuffer', ['Buffer', 'Uint8Array'], other);
  if (this === other) return true;
  return this.byteLength === other.byteLength && bytes.compare(this, other) === 0;
};

let INSPECT_MAX_BYTES = 50;

proto[custom] = function inspect(recurseTimes, options) {
  const max = INSPECT_MAX_BYTES;
  const count = Math.min(max, this.length);
  const remaining = this.length - max;
  let text = bytes
    .decode(this, HEX, 0, count)
    .replace(/(.{2})/g, '$1 ')
    .trim();
  if (remaining > 0) text += ` ... ${remaining} more byte${remaining > 1 ? 's' : ''}`;
  if (options) {
    let extras = false;
    const shown = { __proto__: null };
    for (const key of ownNonIndexProperties(this, !options.showHidden)) {
      extras = true;
      shown[key] = this[key];
    }
    if (extras) {
      if (this.length !== 0) text += ', ';
      text += require('internal/inspect')
        .inspect(shown, { ...options, breakLength: Infinity, compact: true })
        .replace(/^\[Object: null prototype\] /, '')
        .slice(2, -2)
        .trim();
    }
  }
  const name = this.constructor?.name || (this instanceof Buffer ? 'Buffer' : 'Uint8Array');
  return `<${name} ${text}>`;
};
proto.inspect = proto[custom];

proto.compare = function compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
  if (!isUint8Array(target))
    throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  if (arguments.length === 1) return bytes.compare(this, target);
  if (targetStart === undefined) targetStart = 0;
  else validateInteger(targetStart, 'targetStart', 0);
  if (targetEnd === undefined) targetEnd = target.length;
  else validateInteger(targetEnd, 'targetEnd', 0, target.length);
  if (sourceStart === undefined) sourceStart = 0;
  else validateInteger(sourceStart, 'sourceStart', 0);
  if (sourceEnd === undefined) sourceEnd = this.length;
  else validateInteger(sourceEnd, 'sourceEnd', 0, this.length);
  if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
  if (targetStart >= targetEnd) return 1;
  return bytes.compare(this, target, sourceStart, sourceEnd, targetStart, targetEnd);
};

proto.indexOf = function indexOf(value, byteOffset, encoding) {
  return contents.find(this, value, byteOffset, encoding, false);
};
proto.lastIndexOf = function lastIndexOf(value, byteOffset, encoding) {
  return contents.find(this, value, byteOffset, encoding, true);
};
proto.includes = function includes(value, byteOffset, encoding) {
  return this.indexOf(value, byteOffset, encoding) !== -1;
};

proto.fill = function fill(value, offset, end, encoding) {
  return contents.fill(this, value, offset, end, encoding);
};

proto.write = function write(string, offset, length, encoding) {
  if (typeof string !== 'string') {
    const error = new TypeError('argument must be a string');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  if (offset === undefined) return bytes.write(this, string, 0, this.length, UTF8);
  if (length === undefined && typeof offset === 'string') {
    encoding = offset;
    length = this.length;
    offset = 0;
  } else {
    validateInteger(offset, 'offset', 0, this.length);
    const remaining = this.length - offset;
    if (length === undefined) length = remaining;
    else if (typeof length === 'string') {
      encoding = length;
      length = remaining;
    } else {
      validateInteger(length, 'length', 0, this.length);
      if (length > remaining) length = remaining;
    }
  }
  return bytes.write(this, string, offset, length, encodingOf(encoding));
};

proto.toJSON = function toJSON() {
  if (this.length === 0) return { type: 'Buffer', data: [] };
  const data = new Array(this.length);
  for (let i = 0; i < this.length; ++i) data[i] = this[i];
  return { type: 'Buffer', data };
};

function adjust(offset, length) {
  offset = Math.trunc(offset);
  if (offset === 0 || Number.isNaN(offset)) return 0;
  if (offset < 0) {
    offset += length;
    return offset > 0 ? offset : 0;
  }
  return offset < length ? offset : length;
}
proto.subarray = function subarray(start, end) {
  const { length } = this;
  start = adjust(start, length);
  end = end !== undefined ? adjust(end, length) : length;
  return new FastBuffer(this.buffer, this.byteOffset + start, end > start ? end - start : 0);
};
proto.slice = function slice(start, end) {
  return this.subarray(start, end);
};

proto.copy = function copy(target, targetStart, sourceStart, sourceEnd) {
  if (!ArrayBuffer.isView(target))
    throw new ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  const integer = (value) => {
    value = Math.trunc(+value);
    return Number.isNaN(value) ? 0 : value;
  };
  if (targetStart === undefined) targetStart = 0;
  else {
    targetStart = integer(targetStart);
    if (targetStart < 0) throw new ERR_OUT_OF_RANGE('targetStart', '>= 0', targetStart);
  }
  if (sourceStart === undefined) sourceStart = 0;
  else {
    sourceStart = integer(sourceStart);
    if (sourceStart < 0 || sourceStart > this.length) {
      throw new ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${this.length}`, sourceStart);
    }
  }
  if (sourceEnd === undefined) sourceEnd = this.length;
  else {
    sourceEnd = integer(sourceEnd);
    if (sourceEnd < 0) throw new ERR_OUT_OF_RANGE('sourceEnd', '>= 0', sourceEnd);
  }
  if (targetStart >= target.byteLength || sourceStart >= sourceEnd) return 0;
  const count = Math.min(
    sourceEnd - sourceStart,
    target.byteLength - targetStart,
    this.length - sourceStart,
  );
  const to = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  to.set(new Uint8Array(this.buffer, this.byteOffset + sourceStart, count), targetStart);
  return count;
};

function swap(buffer, width) {
  if (buffer.length % width !== 0) throw new ERR_INVALID_BUFFER_SIZE(`${width * 8}-bits`);
  for (let i = 0; i < buffer.length; i += width) {
    for (let a = i, b = i + width - 1; a < b; ++a, --b) {
      const held = buffer[a];
      buffer[a] = buffer[b];
      buffer[b] = held;
    }
  }
  return buffer;
}
proto.swap16 = function swap16() {
  return swap(this, 2);
};
proto.swap32 = function swap32() {
  return swap(this, 4);
};
proto.swap64 = function swap64() {
  return swap(this, 8);
};

Object.assign(proto, require('internal/buffer_numbers'));

// ---- the module ---------------------------------------------------------------------------------

function transcode(source, from, to) {
  if (!isUint8Array(source))
    throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  const known = (name) => {
    const number = encodingNumber(name);
    if (number === undefined || number > ASCII) {
      const error = new Error('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]');
      error.code = 'U_ILLEGAL_ARGUMENT_ERROR';
      error.errno = 1;
      throw error;
    }
    return number;
  };
  const target = known(to);
  const text = bytes.decode(source, known(from));
  if (target === LATIN1) return encode(text.replace(/[^\0-\xff]/gu, '?'), LATIN1);
  if (target === ASCII) return encode(text.replace(/[^\0-\x7f]/gu, '?'), ASCII);
  return encode(text, target);
}

function checkBytes(name) {
  return (input) => {
    if (ArrayBuffer.isView(input) || isAnyArrayBuffer(input)) {
      return bytes[name](ArrayBuffer.isView(input) ? input : new Uint8Array(input));
    }
    throw new ERR_INVALID_ARG_TYPE('input', ['TypedArray', 'Buffer'], input);
  };
}

module.exports = {
  Buffer,
  SlowBuffer,
  transcode,
  isUtf8: checkBytes('isUtf8'),
  isAscii: checkBytes('isAscii'),
  kMaxLength,
  kStringMaxLength,
  btoa(input) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('input');
    return btoa(`${input}`);
  },
  atob(input) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('input');
    return atob(`${input}`);
  },
  constants: Object.defineProperties(
    {},
    {
      MAX_LENGTH: { __proto__: null, value: kMaxLength, writable: false, enumerable: true },
      MAX_STRING_LENGTH: {
        __proto__: null,
        value: kStringMaxLength,
        writable: false,
        enumerable: true,
      },
    },
  ),
  resolveObjectURL: () => undefined,
};
defineLater(module.exports, 'Blob', 'internal/blob', 'Blob');
defineLater(module.exports, 'File', 'internal/blob', 'File');
Object.defineProperty(module.exports, 'INSPECT_MAX_BYTES', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return INSPECT_MAX_BYTES;
  },
  set(value) {
    validateNumber(value, 'INSPECT_MAX_BYTES', 0);
    INSPECT_MAX_BYTES = value;
  },
});
