'use strict';
// AsyncLocalStorage and AsyncResource over the engine's asynchronous context: an object that has
// each storage's store under a number of its own, and is never changed.
const { getContext, setContext, runInContext } = internal('tasks');
const { codes } = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');

let storages = 0;

function withStore(key, store) {
  return { __proto__: null, ...getContext(), [key]: store };
}

class AsyncLocalStorage {
  #key = `store ${++storages}`;
  #default;
  name = '';

  constructor(options = undefined) {
    if (options !== undefined) {
      this.#default = options.defaultValue;
      if (options.name !== undefined) this.name = `${options.name}`;
    }
    Object.defineProperty(this, 'name', { enumerable: false });
  }

  static bind(fn) {
    validateFunction(fn, 'fn');
    const context = getContext();
    return function (...args) {
      return runInContext(context, fn, this, ...args);
    };
  }

  static snapshot() {
    const context = getContext();
    return (fn, ...args) => runInContext(context, fn, undefined, ...args);
  }

  disable() {
    const context = { __proto__: null, ...getContext() };
    delete context[this.#key];
    setContext(context);
  }

  enterWith(store) {
    setContext(withStore(this.#key, store));
  }

  run(store, fn, ...args) {
    return runInContext(withStore(this.#key, store), fn, undefined, ...args);
  }

  exit(fn, ...args) {
    const context = { __proto__: null, ...getContext() };
    delete context[this.#key];
    return runInContext(context, fn, undefined, ...args);
  }

  getStore() {
    const context = getContext();
    return context !== undefined && this.#key in context ? context[this.#key] : this.#default;
  }
}

let asyncIds = 1;

class AsyncResource {
  #context = getContext();
  #id = ++asyncIds;
  #trigger;

  constructor(type, options = undefined) {
    validateString(type, 'type');
    let trigger = options;
    if (typeof options === 'object' && options !== null) trigger = options.triggerAsyncId;
    if (trigger !== undefined && (!Number.isSafeInteger(trigger) || trigger < -1)) {
      const error = new RangeError(`Invalid triggerAsyncId value: ${trigger}`);
      error.code = 'ERR_INVALID_ASYNC_ID';
      throw error;
    }
    this.#trigger = trigger ?? 1;
  }
  runInAsyncScope(fn, thisArg, ...args) {
    return runInContext(this.#context, fn, thisArg, ...args);
  }
  emitDestroy() {
    return this;
  }
  asyncId() {
    return this.#id;
  }
  triggerAsyncId() {
    return this.#trigger;
  }
  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const resource = this;
    const bound =
      thisArg === undefined
        ? function (...args) {
            return resource.runInAsyncScope(fn, this, ...args);
          }
        : (...args) => resource.runInAsyncScope(fn, thisArg, ...args);
    Object.defineProperty(bound, 'length', {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value: fn.length,
      writable: false,
    });
    return bound;
  }
  static bind(fn, type, thisArg) {
    return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, thisArg);
  }
}

module.exports = {
  AsyncLocalStorage,
  AsyncResource,
  // Which operation began which is not followed: hooks are taken and never called.
  createHook(hooks) {
    for (const name of ['init', 'before', 'after', 'destroy', 'promiseResolve']) {
      if (hooks[name] !== undefined && typeof hooks[name] !== 'function')
        throw new codes.ERR_ASYNC_CALLBACK(`hook.${name}`);
    }
    return {
      enable() {
        return this;
      },
      disable() {
        return this;
      },
    };
  },
  executionAsyncId: () => 1,
  triggerAsyncId: () => 0,
  executionAsyncResource: () => ({}),
  asyncWrapProviders: Object.freeze({ __proto__: null }),
};
