'use strict';
const { AbortError } = require('internal/abort_error');
const { codes } = require('internal/errors');
const {
  validateAbortSignal,
  validateBoolean,
  validateObject,
  validateNumber,
} = require('internal/validators');

function check(options) {
  validateObject(options, 'options');
  validateAbortSignal(options.signal, 'options.signal');
  if (options.ref !== undefined) validateBoolean(options.ref, 'options.ref');
}

function wait(begin, end, value, options) {
  try {
    check(options);
  } catch (error) {
    return Promise.reject(error);
  }
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  return new Promise((resolve, reject) => {
    let onAbort;
    const id = begin(() => {
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
      resolve(value);
    });
    if (signal !== undefined) {
      onAbort = () => {
        end(id);
        reject(new AbortError(undefined, { cause: signal.reason }));
      };
      signal.addEventListener('abort', onAbort, { once: true });
    }
  });
}

const timers = {
  setTimeout,
  setImmediate,
  setInterval,
  clearTimeout,
  clearImmediate,
  clearInterval,
};

function setTimeout_(delay, value, options = {}) {
  if (delay !== undefined) {
    try {
      validateNumber(delay, 'delay');
    } catch (error) {
      return Promise.reject(error);
    }
  }
  return wait(
    (callback) => timers.setTimeout(callback, delay),
    timers.clearTimeout,
    value,
    options,
  );
}

function setImmediate_(value, options = {}) {
  return wait((callback) => timers.setImmediate(callback), timers.clearImmediate, value, options);
}

async function* setInterval_(delay, value, options = {}) {
  check(options);
  if (delay !== undefined) validateNumber(delay, 'delay');
  const { signal } = options;
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  let onAbort;
  let notYielded = 0;
  let waiting;
  const id = timers.setInterval(() => {
    notYielded++;
    waiting?.resolve();
    waiting = undefined;
  }, delay);
  try {
    if (signal !== undefined) {
      onAbort = () => {
        timers.clearInterval(id);
        waiting?.reject(new AbortError(undefined, { cause: signal.reason }));
        waiting = undefined;
      };
      signal.addEventListener('abort', onAbort, { once: true });
    }
    while (!signal?.aborted) {
      if (notYielded === 0) {
        await new Promise((resolve, reject) => {
          waiting = { resolve, reject };
        });
      }
      for (; notYielded > 0; notYielded--) yield value;
    }
    throw new AbortError(undefined, { cause: signal.reason });
  } finally {
    timers.clearInterval(id);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

class Scheduler {
  constructor() {
    throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }
  yield() {
    return setImmediate_();
  }
  wait(delay, options) {
    return setTimeout_(delay, undefined, options);
  }
}

for (const [fn, name] of [
  [setTimeout_, 'setTimeout'],
  [setImmediate_, 'setImmediate'],
  [setInterval_, 'setInterval'],
]) {
  Object.defineProperty(fn, 'name', { value: name });
}

module.exports = {
  setTimeout: setTimeout_,
  setImmediate: setImmediate_,
  setInterval: setInterval_,
  scheduler: Object.create(Scheduler.prototype),
};
