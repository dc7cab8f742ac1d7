'use strict';
// Random numbers and comparison; what needs a library of ciphers and digests says that it is not
// here.
const { crypto, randomUUID } = require('internal/webcrypto');
const { Buffer } = require('buffer');
const { codes } = require('internal/errors');
const { validateFunction, validateInteger, validateNumber } = require('internal/validators');
const { random } = internal('process');

function later(callback, make) {
  if (callback === undefined) return make();
  validateFunction(callback, 'callback');
  const value = make();
  require('process').nextTick(callback, null, value);
  return undefined;
}

function randomFillSync(buffer, offset = 0, size = buffer.byteLength - offset) {
  if (!ArrayBuffer.isView(buffer) && !(buffer instanceof ArrayBuffer)) {
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buffer);
  }
  validateInteger(offset, 'offset', 0, buffer.byteLength);
  validateInteger(size, 'size', 0, buffer.byteLength - offset);
  random(
    ArrayBuffer.isView(buffer)
      ? new Uint8Array(buffer.buffer, buffer.byteOffset + offset, size)
      : new Uint8Array(buffer, offset, size),
  );
  return buffer;
}

module.exports = {
  randomBytes(size, callback = undefined) {
    validateNumber(size, 'size', 0, 2147483647);
    return later(callback, () => randomFillSync(Buffer.alloc(size)));
  },
  pseudoRandomBytes: (size, callback) => module.exports.randomBytes(size, callback),
  rng: (size) => module.exports.randomBytes(size),
  randomFillSync,
  randomFill(buffer, ...rest) {
    const callback = rest.pop();
    later(callback, () => randomFillSync(buffer, ...rest));
  },
  randomInt(min, max, callback) {
    if (max === undefined || typeof max === 'function') [min, max, callback] = [0, min, max];
    if (!Number.isSafeInteger(min))
      throw new codes.ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
    if (!Number.isSafeInteger(max))
      throw new codes.ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
    if (max <= min)
      throw new codes.ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
    const range = max - min;
    if (range > 2 ** 48 - 1)
      throw new codes.ERR_OUT_OF_RANGE(
        max === range ? 'max' : 'max - min',
        `<= ${2 ** 48 - 1}`,
        range,
      );
    const limit = 2 ** 48 - (2 ** 48 % range);
    return later(callback, () => {
      for (;;) {
        const value = randomFillSync(Buffer.alloc(6)).readUIntBE(0, 6);
        if (value < limit) return min + (value % range);
      }
    });
  },
  randomUUID: () => randomUUID(),
  timingSafeEqual(a, b) {
    const view = (value) =>
      ArrayBuffer.isView(value)
        ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        : new Uint8Array(value);
    const [x, y] = [view(a), view(b)];
    if (x.length !== y.length) {
      const error = new RangeError('Input buffers must have the same byte length');
      error.code = 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH';
      throw error;
    }
    let difference = 0;
    for (let i = 0; i < x.length; ++i) difference |= x[i] ^ y[i];
    return difference === 0;
  },
  getHashes: () => [],
  getCiphers: () => [],
  getCurves: () => [],
  getRandomValues: (array) => crypto.getRandomValues(array),
  webcrypto: crypto,
  constants: {},
};
for (const name of [
  'createHash',
  'createHmac',
  'createCipheriv',
  'createDecipheriv',
  'createSign',
  'createVerify',
  'createPrivateKey',
  'createPublicKey',
  'createSecretKey',
  'createDiffieHellman',
  'createECDH',
  'generateKey',
  'generateKeyPair',
  'generateKeyPairSync',
  'generateKeySync',
  'hash',
  'hkdf',
  'hkdfSync',
  'pbkdf2',
  'pbkdf2Sync',
  'scrypt',
  'scryptSync',
  'sign',
  'verify',
  'publicEncrypt',
  'privateDecrypt',
  'privateEncrypt',
  'publicDecrypt',
]) {
  module.exports[name] = {
    [name]() {
      throw new codes.ERR_NO_CRYPTO();
    },
  }[name];
}
