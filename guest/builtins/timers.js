'use strict';
// The timers of the engine. Their ids are plain numbers; setTimeout here gives an object around
// one,
// as in Node, which clearTimeout takes as well.
const { validateFunction } = require('internal/validators');
const { inspect } = require('internal/inspect');
const kCustomPromisify = Symbol.for('nodejs.util.promisify.custom');
const custom = Symbol.for('nodejs.util.inspect.custom');

class Handle {
  #id;
  #clear;
  #again;
  #referenced = true;
  constructor(id, clear, again) {
    this.#id = id;
    this.#clear = clear;
    this.#again = again;
  }
  ref() {
    this.#referenced = true;
    return this;
  }
  unref() {
    this.#referenced = false;
    return this;
  }
  hasRef() {
    return this.#referenced;
  }
  refresh() {
    this.#clear(this.#id);
    this.#id = this.#again(this);
    return this;
  }
  close() {
    this.#clear(this.#id);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.#id;
  }
  [Symbol.dispose]() {
    this.#clear(this.#id);
  }
  [custom](depth, options) {
    return depth < 0
      ? `[${this.constructor.name}]`
      : inspect(this, { ...options, customInspect: false });
  }
}
class Timeout extends Handle {}
class Immediate extends Handle {}

const set = { setTimeout, setInterval, setImmediate };
const clear = { clearTimeout, clearInterval, clearImmediate };

function idOf(handle) {
  return handle instanceof Handle ? handle[Symbol.toPrimitive]() : handle;
}

function timer(name, clearName) {
  return {
    [name](callback, delay, ...args) {
      validateFunction(callback, 'callback');
      const begin = () => set[name](callback, delay, ...args);
      return new Timeout(begin(), clear[clearName], begin);
    },
  }[name];
}

module.exports = {
  setTimeout: timer('setTimeout', 'clearTimeout'),
  clearTimeout: {
    clearTimeout(handle) {
      clear.clearTimeout(idOf(handle));
    },
  }.clearTimeout,
  setImmediate(callback, ...args) {
    validateFunction(callback, 'callback');
    const begin = () => set.setImmediate(callback, ...args);
    return new Immediate(begin(), clear.clearImmediate, begin);
  },
  clearImmediate: {
    clearImmediate(handle) {
      clear.clearImmediate(idOf(handle));
    },
  }.clearImmediate,
  setInterval: timer('setInterval', 'clearInterval'),
  clearInterval: {
    clearInterval(handle) {
      clear.clearInterval(idOf(handle));
    },
  }.clearInterval,
};
Object.defineProperty(module.exports.setTimeout, kCustomPromisify, {
  __proto__: null,
  enumerable: true,
  get() {
    return require('timers/promises').setTimeout;
  },
});
Object.defineProperty(module.exports.setImmediate, kCustomPromisify, {
  __proto__: null,
  enumerable: true,
  get() {
    return require('timers/promises').setImmediate;
  },
});
Object.defineProperty(module.exports, 'promises', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return require('timers/promises');
  },
});
