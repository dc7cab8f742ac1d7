'use strict';
// events.on: the events of an emitter as an asynchronous iterator.
const { AbortError } = require('internal/abort_error');
const { codes } = require('internal/errors');
const { validateAbortSignal } = require('internal/validators');

const AsyncIteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf(async function* () {}).prototype,
);

function on(listen, unlisten, emitter, name, options) {
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const events = [];
  const waiting = [];
  const closers = [];
  let failure = null;
  let finished = false;

  const iterator = Object.setPrototypeOf(
    {
      next() {
        if (events.length > 0) return Promise.resolve({ value: events.shift(), done: false });
        if (failure) {
          const rejected = Promise.reject(failure);
          failure = null;
          return rejected;
        }
        if (finished) return close();
        return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      },
      return() {
        return close();
      },
      throw(error) {
        if (!error || !(error instanceof Error)) {
          throw new codes.ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', error);
        }
        onError(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
    AsyncIteratorPrototype,
  );

  const add = (target, event, listener) => {
    listen(target, event, listener);
    closers.push(() => unlisten(target, event, listener));
  };
  add(emitter, name, onEvent);
  if (name !== 'error' && typeof emitter.on === 'function') add(emitter, 'error', onError);
  for (const event of options.close ?? []) add(emitter, event, close);
  if (signal)
    add(signal, 'abort', () => onError(new AbortError(undefined, { cause: signal.reason })));
  return iterator;

  function onEvent(...args) {
    if (waiting.length > 0) waiting.shift().resolve({ value: args, done: false });
    else events.push(args);
  }
  function onError(error) {
    if (waiting.length > 0) waiting.shift().reject(error);
    else failure = error;
    close();
  }
  function close() {
    for (const closer of closers.splice(0).reverse()) closer();
    finished = true;
    const result = { value: undefined, done: true };
    for (const one of waiting.splice(0)) one.resolve(result);
    return Promise.resolve(result);
  }
}

module.exports = { on };
