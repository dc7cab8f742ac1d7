'use strict';
// What Buffer's methods find, and fill in.
const bytes = internal('bytes');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_ENCODING } = codes;
const { validateNumber } = require('internal/validators');
const { UTF8, UTF16, LATIN1, encodingNumber, isUint8Array } = require('internal/bytes');

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

function fill(buffer, value, offset, end, encoding) {
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
module.exports = { fill, find };
