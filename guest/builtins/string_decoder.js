'use strict';
const bytes = internal('bytes');
const { codes } = require('internal/errors');
const { encodingOf, joined } = require('internal/bytes');

const names = ['utf8', 'utf16le', 'latin1', 'ascii', 'base64', 'base64url', 'hex'];
const held = new WeakMap(); // of a decoder: the bytes of a character that is not complete

function StringDecoder(encoding) {
  const number = encodingOf(encoding);
  this.encoding = names[number];
  held.set(this, { number, bytes: new Uint8Array(0) });
}

// How many bytes at the end belong to what comes next.
function tailOf(number, view) {
  const { length } = view;
  switch (number) {
    case 0:
      return bytes.utf8Tail(view, length);
    case 1: {
      const odd = length % 2;
      return length >= 2 + odd && (view[length - 1 - odd] & 0xfc) === 0xd8 ? 2 + odd : odd;
    }
    case 4:
    case 5:
      return length % 3;
    default:
      return 0;
  }
}

StringDecoder.prototype.write = function write(chunk) {
  if (typeof chunk === 'string') return chunk;
  if (!ArrayBuffer.isView(chunk))
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], chunk);
  const state = held.get(this);
  if (state === undefined) throw new codes.ERR_INVALID_THIS('StringDecoder');
  let view = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (state.bytes.length > 0) view = joined([state.bytes, view]);
  const tail = tailOf(state.number, view);
  state.bytes = view.slice(view.length - tail);
  return bytes.decode(view, state.number, 0, view.length - tail);
};

StringDecoder.prototype.end = function end(chunk) {
  const text = chunk === undefined ? '' : this.write(chunk);
  const state = held.get(this);
  const rest = state.bytes;
  state.bytes = new Uint8Array(0);
  return text + bytes.decode(rest, state.number);
};

StringDecoder.prototype.text = function text(chunk, offset) {
  held.get(this).bytes = new Uint8Array(0);
  return this.write(chunk.slice(offset));
};

Object.defineProperties(StringDecoder.prototype, {
  lastChar: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const buffer = require('buffer').Buffer.alloc(4);
      buffer.set(held.get(this).bytes);
      return buffer;
    },
  },
  lastNeed: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const { number, bytes: rest } = held.get(this);
      if (rest.length === 0) return 0;
      if (number === 0) return (rest[0] >= 0xf0 ? 4 : rest[0] >= 0xe0 ? 3 : 2) - rest.length;
      return number === 1 ? (rest.length > 1 ? 4 : 2) - rest.length : 3 - rest.length;
    },
  },
  lastTotal: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return this.lastNeed + held.get(this).bytes.length;
    },
  },
});

module.exports = { StringDecoder };
