'use strict';
// Random numbers from the host's entropy; no other cryptography.
const { random } = internal('process');
const { kind } = internal('types');
const { codes } = require('internal/errors');

const integers = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
];
const tagOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

function randomUUID() {
  const bytes = new Uint8Array(16);
  random(bytes);
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = internal('bytes').decode(bytes, 6);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

class Crypto {
  getRandomValues(array) {
    if (kind(array) !== 15 || !integers.includes(Reflect.apply(tagOf, array, []))) {
      throw new DOMException(
        'The data argument must be an integer-type TypedArray',
        'TypeMismatchError',
      );
    }
    if (array.byteLength > 65536) {
      throw new DOMException(`The requested length exceeds 65,536 bytes`, 'QuotaExceededError');
    }
    random(array);
    return array;
  }
  randomUUID() {
    return randomUUID();
  }
  get subtle() {
    throw new codes.ERR_NO_CRYPTO();
  }
}
Object.defineProperty(Crypto.prototype, Symbol.toStringTag, {
  value: 'Crypto',
  configurable: true,
});

module.exports = { crypto: new Crypto(), randomUUID };
