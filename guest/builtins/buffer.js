'use strict';
const bytes = internal('bytes');
const { kind, ownNonIndexProperties } = internal('types');
const { codes } = require('internal/errors');
const {
  ERR_BUFFER_OUT_OF_BOUNDS,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_BUFFER_SIZE,
  ERR_OUT_OF_RANGE,
  ERR_UNKNOWN_ENCODING,
} = codes;
const { validateInteger, validateNumber } = require('internal/validators');
const custom = Symbol.for('nodejs.util.inspect.custom');

const kMaxLength = Number.MAX_SAFE_INTEGER;
const kStringMaxLength = 536870888;

const encodings = {
  __proto__: null,
  utf8: 0,
  'utf-8': 0,
  ucs2: 1,
  'ucs-2': 1,
  utf16le: 1,
  'utf-16le': 1,
  latin1: 2,
  binary: 2,
  ascii: 3,
  base64: 4,
  base64url: 5,
  hex: 6,
};
const [UTF8, UTF16, LATIN1, , BASE64, BASE64URL, HEX] = [0, 1, 2, 3, 4, 5, 6];

function encodingNumber(encoding) {
  if (typeof encoding !== 'string') return undefined;
  return encodings[encoding] ?? encodings[encoding.toLowerCase()];
}

function encodingOf(encoding) {
  if (encoding === undefined || encoding === null || encoding === '') return UTF8;
  const number = encodingNumber(`${encoding}`);
  if (number === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  return number;
}

function isAnyArrayBuffer(value) {
  const which = kind(value);
  return which === 13 || which === 14;
}
const isUint8Array = (value) => value instanceof Uint8Array;

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
    return fillBuffer(buffer, fill, 0, buffer.length, encoding);
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
    case 3:
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

function find(buffer, value, byteOffset, encoding, backwards) {
  if (typeof byteOffset === 'string') {
    encoding = byteOffset;
    byteOffset = undefined;
  } else if (byteOffset > 0x7fffffff) {
    byteOffset = 0x7fffffff;
  } else if (byteOffset < -0x80000000) {
    byteOffset = -0x80000000;
  }
  byteOffset = +byteOffset;
  if (Number.isNaN(byteOffset)) byteOffset = backwards ? buffer.length || 0 : 0;
  byteOffset = Math.trunc(byteOffset);
  const { length } = buffer;
  if (byteOffset < 0) byteOffset += length;
  if (byteOffset < 0) {
    if (backwards) return -1;
    byteOffset = 0;
  }
  if (typeof value === 'number') {
    const index = backwards
      ? Reflect.apply(Uint8Array.prototype.lastIndexOf, buffer, [value & 255, byteOffset])
      : Reflect.apply(Uint8Array.prototype.indexOf, buffer, [value & 255, byteOffset]);
    return index;
  }
  let needle = value;
  let width = 1;
  const number = encoding === undefined ? UTF8 : encodingNumber(`${encoding}`);
  if (number === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  if (number === UTF16) width = 2;
  if (typeof value === 'string') needle = bytes.encode(value, number);
  else if (!isUint8Array(value)) {
    throw new ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
  }
  if (needle.length === 0) return Math.min(byteOffset, length);
  return bytes.indexOf(buffer, needle, byteOffset, backwards, width);
}

proto.indexOf = function indexOf(value, byteOffset, encoding) {
  return find(this, value, byteOffset, encoding, false);
};
proto.lastIndexOf = function lastIndexOf(value, byteOffset, encoding) {
  return find(this, value, byteOffset, encoding, true);
};
proto.includes = function includes(value, byteOffset, encoding) {
  return this.indexOf(value, byteOffset, encoding) !== -1;
};

function fillBuffer(buffer, value, offset, end, encoding) {
  if (typeof value === 'string') {
    if (offset === undefined || typeof offset === 'string') {
      encoding = offset;
      offset = 0;
      end = buffer.length;
    } else if (typeof end === 'string') {
      encoding = end;
      end = buffer.length;
    }
    const number = encodingNumber(encoding ?? 'utf8');
    if (number === undefined) {
      if (typeof encoding === 'string') throw new ERR_UNKNOWN_ENCODING(encoding);
      throw new ERR_INVALID_ARG_TYPE('encoding', 'string', encoding);
    }
    if (value.length === 0) value = 0;
    else if (value.length === 1) {
      const code = value.charCodeAt(0);
      if ((number === UTF8 && code < 128) || number === LATIN1) value = code;
    }
    encoding = number;
  } else {
    encoding = UTF8;
  }
  if (offset === undefined) {
    offset = 0;
    end = buffer.length;
  } else {
    validateNumber(offset, 'offset', 0);
    if (end === undefined) end = buffer.length;
    else validateNumber(end, 'end', 0, buffer.length);
    if (offset >= end) return buffer;
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    Reflect.apply(Uint8Array.prototype.fill, buffer, [value & 255, offset, end]);
    return buffer;
  }
  let pattern = value;
  if (typeof value === 'string') pattern = bytes.encode(value, encoding);
  else if (!isUint8Array(value)) {
    pattern = [(value | 0) & 255];
    Reflect.apply(Uint8Array.prototype.fill, buffer, [pattern[0], offset, end]);
    return buffer;
  }
  if (pattern.length === 0) throw new ERR_INVALID_ARG_VALUE('value', value);
  bytes.fill(buffer, pattern, offset, end);
  return buffer;
}
proto.fill = function fill(value, offset, end, encoding) {
  return fillBuffer(this, value, offset, end, encoding);
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

// ---- numbers ------------------------------------------------------------------------------------

function boundsError(value, length, type) {
  if (Math.floor(value) !== value) {
    validateNumber(value, type);
    throw new ERR_OUT_OF_RANGE(type || 'offset', 'an integer', value);
  }
  if (length < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  throw new ERR_OUT_OF_RANGE(type || 'offset', `>= ${type ? 1 : 0} and <= ${length}`, value);
}

function checkOffset(buffer, offset, width) {
  validateNumber(offset, 'offset');
  if (!(offset >= 0 && offset + width <= buffer.length && Number.isInteger(offset))) {
    boundsError(offset, buffer.length - width);
  }
}

const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

function checkValue(value, min, max, width, buffer, offset) {
  if (value > max || value < min) {
    const n = typeof min === 'bigint' ? 'n' : '';
    let range;
    if (width > 4 || n) {
      if (min === 0 || min === 0n) range = `>= 0${n} and < 2${n} ** ${width * 8}${n}`;
      else range = `>= -(2${n} ** ${width * 8 - 1}${n}) and < 2${n} ** ${width * 8 - 1}${n}`;
    } else if (width > 2) {
      range =
        min === 0
          ? `>= 0 and < 2 ** ${width * 8}`
          : `>= -(2 ** ${width * 8 - 1}) and < 2 ** ${width * 8 - 1}`;
      if (width === 3 || width === 4 || width === 5 || width === 6) {
        range = min === 0 ? `>= 0 and <= ${max}` : `>= ${min} and <= ${max}`;
      }
    } else {
      range = `>= ${min}${n} and <= ${max}${n}`;
    }
    throw new ERR_OUT_OF_RANGE('value', range, value);
  }
  checkOffset(buffer, offset, width);
}

function define(name, read, write, alias) {
  const readName = `read${name}`;
  const writeName = `write${name}`;
  proto[readName] = { [readName]: read }[readName];
  proto[writeName] = { [writeName]: write }[writeName];
  Object.defineProperty(proto[readName], 'name', { value: readName });
  Object.defineProperty(proto[writeName], 'name', { value: writeName });
  if (alias) {
    proto[`read${alias}`] = proto[readName];
    proto[`write${alias}`] = proto[writeName];
  }
}

function integer(name, width, little, signed, method) {
  const max = signed ? 2 ** (width * 8 - 1) - 1 : 2 ** (width * 8) - 1;
  const min = signed ? -(2 ** (width * 8 - 1)) : 0;
  define(
    name,
    function (offset = 0) {
      checkOffset(this, offset, width);
      return view(this)[`get${method}`](offset, little);
    },
    function (value, offset = 0) {
      value = +value;
      checkValue(value, min, max, width, this, offset);
      view(this)[`set${method}`](offset, value, little);
      return offset + width;
    },
    signed ? undefined : name.replace('UInt', 'Uint'),
  );
}
integer('UInt8', 1, true, false, 'Uint8');
integer('Int8', 1, true, true, 'Int8');
for (const [suffix, little] of [
  ['LE', true],
  ['BE', false],
]) {
  integer(`UInt16${suffix}`, 2, little, false, 'Uint16');
  integer(`UInt32${suffix}`, 4, little, false, 'Uint32');
  integer(`Int16${suffix}`, 2, little, true, 'Int16');
  integer(`Int32${suffix}`, 4, little, true, 'Int32');
  for (const [type, width] of [
    ['Float', 4],
    ['Double', 8],
  ]) {
    define(
      `${type}${suffix}`,
      function (offset = 0) {
        checkOffset(this, offset, width);
        return view(this)[`getFloat${width * 8}`](offset, little);
      },
      function (value, offset = 0) {
        value = +value;
        checkOffset(this, offset, width);
        view(this)[`setFloat${width * 8}`](offset, value, little);
        return offset + width;
      },
    );
  }
  for (const signed of [false, true]) {
    const max = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
    const min = signed ? -(2n ** 63n) : 0n;
    const method = signed ? 'BigInt64' : 'BigUint64';
    define(
      `Big${signed ? '' : 'U'}Int64${suffix}`,
      function (offset = 0) {
        checkOffset(this, offset, 8);
        return view(this)[`get${method}`](offset, little);
      },
      function (value, offset = 0) {
        if (value > max || value < min) checkValue(value, min, max, 8, this, offset);
        if (typeof value !== 'bigint')
          throw new TypeError(`Cannot mix BigInt and other types, use explicit conversions`);
        checkOffset(this, offset, 8);
        view(this)[`set${method}`](offset, value, little);
        return offset + 8;
      },
      signed ? undefined : `BigUint64${suffix}`,
    );
    const prefix = signed ? 'Int' : 'UInt';
    define(
      `${prefix}${suffix}`,
      function (offset, width) {
        if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
        checkWidth(width);
        checkOffset(this, offset, width);
        let value = 0;
        for (let i = 0; i < width; ++i)
          value = value * 256 + this[little ? offset + width - 1 - i : offset + i];
        if (signed && value >= 2 ** (width * 8 - 1)) value -= 2 ** (width * 8);
        return value;
      },
      function (value, offset, width) {
        checkWidth(width);
        value = +value;
        const most = signed ? 2 ** (width * 8 - 1) - 1 : 2 ** (width * 8) - 1;
        checkValue(value, signed ? -most - 1 : 0, most, width, this, offset);
        value = Math.trunc(value);
        if (value < 0) value += 2 ** (width * 8);
        for (let i = 0; i < width; ++i) {
          this[little ? offset + i : offset + width - 1 - i] = value % 256;
          value = Math.floor(value / 256);
        }
        return offset + width;
      },
      signed ? undefined : `Uint${suffix}`,
    );
  }
}

function checkWidth(width) {
  if (width === undefined) throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', width);
  if (!(width >= 1 && width <= 6 && Number.isInteger(width))) boundsError(width, 6, 'byteLength');
}

// ---- Blob and File ------------------------------------------------------------------------------

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
      data: new Uint8Array(Buffer.concat(parts.map(partBytes))),
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
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('sources', 'fileName');
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

// ---- the module ---------------------------------------------------------------------------------

function transcode(source, from, to) {
  if (!isUint8Array(source))
    throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  const known = (name) => {
    const number = encodingNumber(name);
    if (number === undefined || number > 3) {
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
  if (target === 3) return encode(text.replace(/[^\0-\x7f]/gu, '?'), 3);
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
  Blob,
  resolveObjectURL: () => undefined,
  File,
};
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
