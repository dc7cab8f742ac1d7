'use strict';
const { Readable, Writable } = require('stream');
const descriptors = require('internal/fs_descriptors');
const { Buffer } = require('buffer');

function ReadStream(path, options) {
  if (!(this instanceof ReadStream)) return new ReadStream(path, options);
  options = typeof options === 'string' ? { encoding: options } : { ...options };
  Readable.call(this, {
    highWaterMark: 64 * 1024,
    ...options,
    emitClose: options.emitClose ?? true,
  });
  this.path = path;
  this.fd = options.fd?.fd ?? options.fd ?? null;
  this.flags = options.flags ?? 'r';
  this.start = options.start;
  this.end = options.end ?? Infinity;
  this.pos = options.start;
  this.bytesRead = 0;
  this.autoClose = options.autoClose ?? true;
}
Object.setPrototypeOf(ReadStream.prototype, Readable.prototype);
Object.setPrototypeOf(ReadStream, Readable);

function openFor(stream, callback) {
  try {
    if (stream.fd === null) stream.fd = descriptors.open(stream.path, stream.flags, stream.mode);
  } catch (error) {
    callback(error);
    return;
  }
  callback();
  stream.emit('open', stream.fd);
  stream.emit('ready');
}

function closeFor(stream, error, callback) {
  try {
    if (stream.fd !== null && stream.autoClose) descriptors.close(stream.fd);
  } catch (failure) {
    error ??= failure;
  }
  stream.fd = null;
  callback(error);
}

ReadStream.prototype._construct = function (callback) {
  setImmediate(openFor, this, callback);
};
ReadStream.prototype._read = function (size) {
  const left = this.pos === undefined ? this.end - this.bytesRead + 1 : this.end - this.pos + 1;
  const wanted = Math.min(size, left);
  if (wanted <= 0) {
    this.push(null);
    return;
  }
  try {
    const buffer = Buffer.alloc(wanted);
    const [count] = descriptors.read(this.fd, buffer, 0, wanted, this.pos ?? null);
    if (this.pos !== undefined) this.pos += count;
    this.bytesRead += count;
    this.push(count > 0 ? buffer.subarray(0, count) : null);
  } catch (error) {
    this.destroy(error);
  }
};
ReadStream.prototype._destroy = function (error, callback) {
  closeFor(this, error, callback);
};
ReadStream.prototype.close = function (callback) {
  if (callback) this.once('close', callback);
  this.destroy();
};

function WriteStream(path, options) {
  if (!(this instanceof WriteStream)) return new WriteStream(path, options);
  options = typeof options === 'string' ? { encoding: options } : { ...options };
  Writable.call(this, { decodeStrings: true, ...options });
  this.path = path;
  this.fd = options.fd?.fd ?? options.fd ?? null;
  this.flags = options.flags ?? 'w';
  this.mode = options.mode ?? 0o666;
  this.pos = options.start;
  this.bytesWritten = 0;
  this.autoClose = options.autoClose ?? true;
  if (options.encoding) this.setDefaultEncoding(options.encoding);
}
Object.setPrototypeOf(WriteStream.prototype, Writable.prototype);
Object.setPrototypeOf(WriteStream, Writable);
WriteStream.prototype._construct = function (callback) {
  setImmediate(openFor, this, callback);
};
WriteStream.prototype._write = function (chunk, encoding, callback) {
  try {
    const [count] = descriptors.write(this.fd, chunk, 0, chunk.length, this.pos ?? null);
    if (this.pos !== undefined) this.pos += count;
    this.bytesWritten += count;
  } catch (error) {
    callback(error);
    return;
  }
  callback();
};
WriteStream.prototype._destroy = function (error, callback) {
  closeFor(this, error, callback);
};
WriteStream.prototype.close = function (callback) {
  if (callback) this.once('close', callback);
  this.end();
};

module.exports = {
  ReadStream,
  WriteStream,
  FileReadStream: ReadStream,
  FileWriteStream: WriteStream,
  createReadStream: (path, options) => new ReadStream(path, options),
  createWriteStream: (path, options) => new WriteStream(path, options),
};
