'use strict';
// What modules that work on bytes share: the encodings, by the numbers that the native functions
// know them by, and a few helpers.
const { kind } = internal('types');

const [UTF8, UTF16, LATIN1, ASCII, BASE64, BASE64URL, HEX] = [0, 1, 2, 3, 4, 5, 6];

const encodings = {
  __proto__: null,
  utf8: UTF8,
  'utf-8': UTF8,
  ucs2: UTF16,
  'ucs-2': UTF16,
  utf16le: UTF16,
  'utf-16le': UTF16,
  latin1: LATIN1,
  binary: LATIN1,
  ascii: ASCII,
  base64: BASE64,
  base64url: BASE64URL,
  hex: HEX,
};

function encodingNumber(encoding) {
  if (typeof encoding !== 'string') return undefined;
  return encodings[encoding] ?? encodings[encoding.toLowerCase()];
}

// UTF-8 unless said otherwise.
function encodingOf(encoding) {
  if (encoding === undefined || encoding === null || encoding === '') return UTF8;
  const number = encodingNumber(`${encoding}`);
  if (number === undefined)
    throw new (require('internal/errors').codes.ERR_UNKNOWN_ENCODING)(encoding);
  return number;
}

function isAnyArrayBuffer(value) {
  const which = kind(value);
  return which === 13 || which === 14;
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

module.exports = {
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
  isUint8Array: (value) => value instanceof Uint8Array,
  joined,
};
