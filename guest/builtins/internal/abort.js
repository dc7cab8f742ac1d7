'use strict';
// AbortController and AbortSignal of the DOM Standard.
const { Event, EventTarget, defineEventHandler, trusted } = require('internal/event_target');
const { codes } = require('internal/errors');
const { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS } = codes;
const custom = Symbol.for('nodejs.util.inspect.custom');

const states = new WeakMap();
let making = false;

function stateOf(signal) {
  const state = states.get(signal);
  if (state === undefined) throw new ERR_INVALID_THIS('AbortSignal');
  return state;
}

function abortError() {
  return new DOMException('This operation was aborted', 'AbortError');
}

class AbortSignal extends EventTarget {
  constructor() {
    if (!making) throw new ERR_ILLEGAL_CONSTRUCTOR();
    super();
    states.set(this, { aborted: false, reason: undefined, dependents: [] });
  }
  get aborted() {
    return stateOf(this).aborted;
  }
  get reason() {
    return stateOf(this).reason;
  }
  throwIfAborted() {
    const state = stateOf(this);
    if (state.aborted) throw state.reason;
  }
  static abort(reason = abortError()) {
    const signal = newSignal();
    abort(signal, reason);
    return signal;
  }
  static timeout(delay) {
    require('internal/validators').validateUint32(delay, 'delay', false);
    const signal = newSignal();
    setTimeout(
      () =>
        abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      delay,
    );
    return signal;
  }
  static any(signals) {
    if (
      typeof signals !== 'object' ||
      signals === null ||
      typeof signals[Symbol.iterator] !== 'function'
    ) {
      throw new ERR_INVALID_ARG_TYPE('signals', 'an iterable', signals);
    }
    const all = Array.from(signals);
    all.forEach((signal, i) => {
      if (!states.has(signal))
        throw new ERR_INVALID_ARG_TYPE(`signals[${i}]`, 'AbortSignal', signal);
    });
    const result = newSignal();
    for (const signal of all) {
      const state = states.get(signal);
      if (state.aborted) {
        abort(result, state.reason);
        return result;
      }
    }
    for (const signal of all) states.get(signal).dependents.push(result);
    return result;
  }
  [custom](depth, options, inspect) {
    if (depth < 0) return 'AbortSignal';
    return `AbortSignal ${inspect({ aborted: this.aborted }, options)}`;
  }
}
Object.defineProperty(AbortSignal.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'AbortSignal',
  configurable: true,
});
Object.defineProperty(AbortSignal.prototype, 'aborted', { enumerable: true });
defineEventHandler(AbortSignal.prototype, 'abort');

function newSignal() {
  making = true;
  try {
    return new AbortSignal();
  } finally {
    making = false;
  }
}

function abort(signal, reason) {
  const state = states.get(signal);
  if (state.aborted) return;
  state.aborted = true;
  state.reason = reason;
  for (const dependent of state.dependents) {
    const other = states.get(dependent);
    if (!other.aborted) {
      other.aborted = true;
      other.reason = reason;
    }
  }
  const dependents = state.dependents;
  state.dependents = [];
  signal.dispatchEvent(trusted(new Event('abort')));
  for (const dependent of dependents) dependent.dispatchEvent(trusted(new Event('abort')));
}

class AbortController {
  #signal = newSignal();
  get signal() {
    return this.#signal;
  }
  abort(reason = abortError()) {
    abort(this.#signal, reason);
  }
  [custom](depth, options, inspect) {
    if (depth < 0) return 'AbortController';
    return `AbortController ${inspect({ signal: this.signal }, options)}`;
  }
}
Object.defineProperty(AbortController.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'AbortController',
  configurable: true,
});
for (const key of ['signal', 'abort'])
  Object.defineProperty(AbortController.prototype, key, { enumerable: true });

module.exports = { AbortController, AbortSignal };
