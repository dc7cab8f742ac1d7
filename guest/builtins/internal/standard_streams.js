'use strict';
// process.stdout and process.stderr write to the host at once; process.stdin has ended.
const natives = internal('process');
const EventEmitter = require('events');
const { codes } = require('internal/errors');

const levels = { stdout: 4, stderr: 5 };

// A stream.Writable is made when somebody asks for more than writing: it is large.
class Output extends EventEmitter {
  #level;
  constructor(name) {
    super();
    this.#level = levels[name];
    for (const key of Object.keys(this)) Object.defineProperty(this, key, { enumerable: false });
    this.fd = name === 'stdout' ? 1 : 2;
    this._type = 'pipe';
    this._isStdio = true;
    this.writable = true;
    this.writableLength = 0;
    this.writableHighWaterMark = 16384;
    this.writableEnded = false;
    this.destroyed = false;
    this.isTTY = undefined;
  }
  write(chunk, encoding, callback) {
    if (typeof encoding === 'function') {
      callback = encoding;
      encoding = undefined;
    }
    let text = chunk;
    if (typeof chunk !== 'string') {
      if (!ArrayBuffer.isView(chunk)) {
        if (chunk === null) {
          const error = new TypeError('May not write null values to stream');
          error.code = 'ERR_STREAM_NULL_VALUES';
          throw error;
        }
        throw new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk);
      }
      text = internal('bytes').decode(chunk, 0);
    } else if (encoding !== undefined && encoding !== 'utf8' && encoding !== 'utf-8') {
      text = require('buffer').Buffer.from(chunk, encoding).toString();
    }
    natives.log(this.#level, text);
    if (typeof callback === 'function') require('process').nextTick(callback, null);
    return true;
  }
  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [callback, chunk] = [chunk, undefined];
    else if (typeof encoding === 'function') [callback, encoding] = [encoding, undefined];
    if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
    if (typeof callback === 'function') require('process').nextTick(callback);
    return this;
  }
  cork() {}
  uncork() {}
  destroy() { return this; }
  setDefaultEncoding() { return this; }
  getColorDepth() { return 1; }
  hasColors() { return false; }
  _write(chunk, encoding, callback) {
    this.write(chunk, encoding);
    callback();
  }
}

function input() {
  const { Readable } = require('stream');
  const stdin = new Readable({ read() { this.push(null); } });
  stdin.fd = 0;
  stdin.isTTY = undefined;
  stdin.setRawMode = () => stdin;
  stdin.ref = () => stdin;
  stdin.unref = () => stdin;
  return stdin;
}

module.exports = {
  get stdout() { return new Output('stdout'); },
  get stderr() { return new Output('stderr'); },
  get stdin() { return input(); },
};
