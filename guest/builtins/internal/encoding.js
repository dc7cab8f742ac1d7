'use strict';
// TextEncoder and TextDecoder of the Encoding Standard: UTF-8, UTF-16 and Latin-1.
const bytes = internal('bytes');
const { codes } = require('internal/errors');
const {
  ERR_ENCODING_INVALID_ENCODED_DATA,
  ERR_ENCODING_NOT_SUPPORTED,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_THIS,
} = codes;
const { UTF8, UTF16, LATIN1, isAnyArrayBuffer, joined } = require('internal/bytes');
const custom = Symbol.for('nodejs.util.inspect.custom');

class TextEncoder {
  get encoding() {
    return 'utf-8';
  }
  encode(input = '') {
    return bytes.encode(`${input}`, UTF8);
  }
  encodeInto(source, destination) {
    if (typeof source !== 'string') throw new ERR_INVALID_ARG_TYPE('src', 'string', source);
    if (!(destination instanceof Uint8Array))
      throw new ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', destination);
    const both = bytes.encodeInto(source, destination);
    return { read: Math.floor(both / 4294967296), written: both % 4294967296 };
  }
  [custom](depth, options, inspect) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = Object.create({ constructor: TextEncoder });
    shown.encoding = this.encoding;
    return inspect(shown, options);
  }
}
for (const key of ['encode', 'encodeInto', 'encoding'])
  Object.defineProperty(TextEncoder.prototype, key, { enumerable: true });
Object.defineProperty(TextEncoder.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'TextEncoder',
  configurable: true,
});

const labels = {
  __proto__: null,
  'utf-8': [
    'utf-8',
    'utf8',
    'unicode-1-1-utf-8',
    'unicode11utf8',
    'unicode20utf8',
    'x-unicode20utf8',
  ],
  'utf-16le': [
    'utf-16le',
    'utf-16',
    'ucs-2',
    'unicode',
    'csunicode',
    'iso-10646-ucs-2',
    'unicodefeff',
    'ucs2',
    'utf16le',
  ],
  'windows-1252': [
    'windows-1252',
    'latin1',
    'ascii',
    'us-ascii',
    'iso-8859-1',
    'iso8859-1',
    'iso88591',
    'l1',
    'ansi_x3.4-1968',
    'cp1252',
    'cp819',
    'csisolatin1',
    'ibm819',
    'iso-ir-100',
    'iso_8859-1',
    'iso_8859-1:1987',
    'x-cp1252',
  ],
};

function encodingOf(label) {
  const wanted = `${label}`.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
  for (const name of Object.keys(labels)) {
    if (labels[name].includes(wanted)) return name;
  }
  throw new ERR_ENCODING_NOT_SUPPORTED(`${label}`);
}

const windows1252 =
  '\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\x8D\u017D\x8F' +
  '\x90\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178';

function viewOf(input) {
  if (input === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(input))
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (isAnyArrayBuffer(input)) return new Uint8Array(input);
  throw new ERR_INVALID_ARG_TYPE('list', ['ArrayBuffer', 'ArrayBufferView'], input);
}

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #held = new Uint8Array(0);
  #begun = false;

  constructor(encoding = 'utf-8', options = undefined) {
    this.#encoding = encodingOf(encoding);
    if (options != null && typeof options !== 'object' && typeof options !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    this.#fatal = !!options?.fatal;
    this.#ignoreBOM = !!options?.ignoreBOM;
  }
  get encoding() {
    return this.#encoding;
  }
  get fatal() {
    return this.#fatal;
  }
  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  decode(input = undefined, options = undefined) {
    if (!(#held in this)) throw new ERR_INVALID_THIS('TextDecoder');
    const stream = !!options?.stream;
    let view = viewOf(input);
    if (this.#encoding === 'windows-1252') {
      return bytes
        .decode(view, LATIN1)
        .replace(/[\x80-\x9f]/g, (c) => windows1252[c.charCodeAt(0) - 128]);
    }
    if (this.#held.length > 0) {
      view = joined([this.#held, view]);
      this.#held = new Uint8Array(0);
    }
    let text = this.#encoding === 'utf-8' ? this.#utf8(view, stream) : this.#utf16(view, stream);
    if (text === undefined) {
      this.#begun = false;
      throw new ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding);
    }
    if (!this.#begun && text.length > 0) {
      this.#begun = true;
      if (!this.#ignoreBOM && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    if (!stream) this.#begun = false;
    return text;
  }

  #utf8(view, stream) {
    let end = view.length;
    if (stream) {
      end -= bytes.utf8Tail(view, end);
      this.#held = view.slice(end);
    }
    return bytes.decode(view, UTF8, 0, end, this.#fatal);
  }

  #utf16(view, stream) {
    let end = view.length;
    const odd = end % 2;
    end -= odd;
    if (stream) {
      if (end >= 2 && (view[end - 1] & 0xfc) === 0xd8) end -= 2;
      this.#held = view.slice(end);
    }
    let text = bytes.decode(view, UTF16, 0, end);
    if (this.#fatal && (!text.isWellFormed() || (odd && !stream))) return undefined;
    text = text.toWellFormed();
    return odd && !stream ? `${text}\uFFFD` : text;
  }

  [custom](depth, options, inspect) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = Object.create({ constructor: TextDecoder });
    shown.encoding = this.encoding;
    shown.fatal = this.fatal;
    shown.ignoreBOM = this.ignoreBOM;
    return inspect(shown, options);
  }
}
for (const key of ['decode', 'encoding', 'fatal', 'ignoreBOM'])
  Object.defineProperty(TextDecoder.prototype, key, { enumerable: true });
Object.defineProperty(TextDecoder.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'TextDecoder',
  configurable: true,
});

module.exports = { TextEncoder, TextDecoder };
