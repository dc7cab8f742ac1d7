'use strict';
// stream.duplexPair: what is written to one side is read from the other.
const { Duplex } = require('stream');

class Side extends Duplex {
  #taken; // tells the writer of the other side that its chunk was wanted

  _read() {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }
  _write(chunk, encoding, callback) {
    if (chunk.length === 0) {
      require('process').nextTick(callback);
      return;
    }
    this.other.push(chunk);
    this.other.#taken = callback;
  }
  _final(callback) {
    this.other.on('end', callback);
    this.other.push(null);
  }
}

function duplexPair(options) {
  const [one, two] = [new Side(options), new Side(options)];
  for (const [side, other] of [
    [one, two],
    [two, one],
  ])
    Object.defineProperty(side, 'other', { __proto__: null, value: other, enumerable: false });
  return [one, two];
}

module.exports = { duplexPair };
