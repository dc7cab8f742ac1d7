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
        throw new codes.ERR_INVALID_ARG_TYPE(
          'chunk',
          ['string', 'Buffer', 'TypedArray', 'DataView'],
          chunk,
        );
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
  destroy() {
    return this;
  }
  setDefaultEncoding() {
    return this;
  }
  getColorDepth() {
    return 1;
  }
  hasColors() {
    return false;
  }
  _write(chunk, encoding, callback) {
    this.write(chunk, encoding);
    callback();
  }
}

// It has ended before anybody listens. Not a stream.Readable: nothing can come out of it.
class Input extends EventEmitter {
  constructor() {
    super();
    for (const key of Object.keys(this)) Object.defineProperty(this, key, { enumerable: false });
    this.fd = 0;
    this.isTTY = undefined;
    this.readable = true;
    this.readableEnded = false;
  }
  on(name, listener) {
    super.on(name, listener);
    if (name === 'data' || name === 'readable' || name === 'end') this.resume();
    return this;
  }
  resume() {
    if (!this.readable) return this;
    this.readable = false;
    require('process').nextTick(() => {
      this.readableEnded = true;
      this.emit('end');
      this.emit('close');
    });
    return this;
  }
  pipe(target) {
    this.on('end', () => target.end?.());
    return target;
  }
  read() {
    return null;
  }
  pause() {
    return this;
  }
  unpipe() {
    return this;
  }
  setEncoding() {
    return this;
  }
  setRawMode() {
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  destroy() {
    return this;
  }
  async *[Symbol.asyncIterator]() {}
}
Input.prototype.addListener = Input.prototype.on;

module.exports = {
  get stdout() {
    return new Output('stdout');
  },
  get stderr() {
    return new Output('stderr');
  },
  get stdin() {
    return new Input();
  },
};
