'use strict';
// Event, CustomEvent and EventTarget of the DOM Standard, without a tree.
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_EVENT_RECURSION, ERR_MISSING_ARGS } = codes;
const custom = Symbol.for('nodejs.util.inspect.custom');

const states = new WeakMap();

function stateOf(event) {
  const state = states.get(event);
  if (state === undefined) throw new ERR_INVALID_THIS('Event');
  return state;
}

class Event {
  static NONE = 0;
  static CAPTURING_PHASE = 1;
  static AT_TARGET = 2;
  static BUBBLING_PHASE = 3;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
    if (options != null && typeof options !== 'object') {
      throw new ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    states.set(this, {
      type: `${type}`,
      bubbles: !!options?.bubbles,
      cancelable: !!options?.cancelable,
      composed: !!options?.composed,
      canceled: false,
      stopped: false,
      propagationStopped: false,
      passive: false,
      dispatching: false,
      target: null,
      trusted: false,
      timeStamp: performance.now(),
    });
  }
  initEvent(type, bubbles = false, cancelable = false) {
    const state = stateOf(this);
    if (state.dispatching) return;
    state.type = `${type}`;
    state.bubbles = !!bubbles;
    state.cancelable = !!cancelable;
  }
  get type() {
    return stateOf(this).type;
  }
  get target() {
    return stateOf(this).target;
  }
  get currentTarget() {
    const state = stateOf(this);
    return state.dispatching ? state.target : null;
  }
  get srcElement() {
    return stateOf(this).target;
  }
  get bubbles() {
    return stateOf(this).bubbles;
  }
  get cancelable() {
    return stateOf(this).cancelable;
  }
  get composed() {
    return stateOf(this).composed;
  }
  get defaultPrevented() {
    const state = stateOf(this);
    return state.cancelable && state.canceled;
  }
  get returnValue() {
    return !this.defaultPrevented;
  }
  get timeStamp() {
    return stateOf(this).timeStamp;
  }
  get isTrusted() {
    return stateOf(this).trusted;
  }
  get eventPhase() {
    return stateOf(this).dispatching ? Event.AT_TARGET : Event.NONE;
  }
  get cancelBubble() {
    return stateOf(this).propagationStopped;
  }
  set cancelBubble(value) {
    if (value) stateOf(this).propagationStopped = true;
  }
  composedPath() {
    const state = stateOf(this);
    return state.dispatching ? [state.target] : [];
  }
  preventDefault() {
    const state = stateOf(this);
    if (!state.passive) state.canceled = true;
  }
  stopPropagation() {
    stateOf(this).propagationStopped = true;
  }
  stopImmediatePropagation() {
    const state = stateOf(this);
    state.stopped = true;
    state.propagationStopped = true;
  }
  get NONE() {
    return 0;
  }
  get CAPTURING_PHASE() {
    return 1;
  }
  get AT_TARGET() {
    return 2;
  }
  get BUBBLING_PHASE() {
    return 3;
  }
  [custom](depth, options, inspect) {
    const name = this.constructor.name;
    if (depth < 0) return name;
    return `${name} ${inspect(
      {
        type: this.type,
        defaultPrevented: this.defaultPrevented,
        cancelable: this.cancelable,
        timeStamp: this.timeStamp,
      },
      { ...options, depth: Number.isInteger(options.depth) ? options.depth - 1 : options.depth },
    )}`;
  }
}
Object.defineProperty(Event.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'Event',
  configurable: true,
});
for (const key of [
  'type',
  'target',
  'currentTarget',
  'srcElement',
  'bubbles',
  'cancelable',
  'composed',
  'defaultPrevented',
  'returnValue',
  'timeStamp',
  'eventPhase',
  'cancelBubble',
  'composedPath',
  'preventDefault',
  'stopPropagation',
  'stopImmediatePropagation',
  'initEvent',
]) {
  Object.defineProperty(Event.prototype, key, { enumerable: true });
}

class CustomEvent extends Event {
  #detail;
  constructor(type, options = undefined) {
    super(type, options);
    this.#detail = options?.detail ?? null;
  }
  get detail() {
    return this.#detail;
  }
}
Object.defineProperty(CustomEvent.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'CustomEvent',
  configurable: true,
});

const targets = new WeakMap();

function listenersOf(target) {
  const listeners = targets.get(target);
  if (listeners === undefined) throw new ERR_INVALID_THIS('EventTarget');
  return listeners;
}

function checkListener(listener) {
  if (typeof listener === 'function' || typeof listener?.handleEvent === 'function') return true;
  if (listener === null || listener === undefined) return false;
  if (typeof listener === 'object') return true;
  throw new ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
}

function report(error) {
  process_().nextTick(() => {
    throw error;
  });
}
function process_() {
  return require('process');
}

class EventTarget {
  constructor() {
    targets.set(this, new Map());
  }

  addEventListener(type, listener, options = undefined) {
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    const all = listenersOf(this);
    const given = typeof options === 'boolean' ? { capture: options } : (options ?? {});
    if (!checkListener(listener)) return;
    const { signal } = given;
    if (signal !== undefined) {
      require('internal/validators').validateAbortSignal(signal, 'options.signal');
      if (signal.aborted) return;
      signal.addEventListener('abort', () => this.removeEventListener(type, listener, given), {
        once: true,
      });
    }
    type = `${type}`;
    let list = all.get(type);
    if (list === undefined) all.set(type, (list = []));
    const capture = !!given.capture;
    if (list.some((one) => one.listener === listener && one.capture === capture)) return;
    list.push({ listener, capture, once: !!given.once, passive: !!given.passive, removed: false });
    this[kNewListener]?.(list.length, type);
  }

  removeEventListener(type, listener, options = undefined) {
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('type', 'listener');
    const all = listenersOf(this);
    const capture = typeof options === 'boolean' ? options : !!options?.capture;
    const list = all.get(`${type}`);
    if (list === undefined) return;
    const index = list.findIndex((one) => one.listener === listener && one.capture === capture);
    if (index < 0) return;
    list[index].removed = true;
    list.splice(index, 1);
    if (list.length === 0) all.delete(`${type}`);
  }

  dispatchEvent(event) {
    const all = listenersOf(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('event');
    if (!(event instanceof Event)) throw new ERR_INVALID_ARG_TYPE('event', 'Event', event);
    const state = stateOf(event);
    if (state.dispatching) throw new ERR_EVENT_RECURSION(state.type);
    dispatch(this, all, event, state);
    return !event.defaultPrevented;
  }

  [custom](depth, options, inspect) {
    const name = this.constructor.name;
    if (depth < 0) return name;
    const inner = Number.isInteger(options.depth) ? options.depth - 1 : options.depth;
    return `${name} ${inspect({}, { ...options, depth: inner })}`;
  }
}
Object.defineProperty(EventTarget.prototype, Symbol.toStringTag, {
  __proto__: null,
  value: 'EventTarget',
  configurable: true,
});
for (const key of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
  Object.defineProperty(EventTarget.prototype, key, { enumerable: true });
}

function dispatch(target, all, event, state) {
  state.target = target;
  state.dispatching = true;
  const list = all.get(state.type);
  if (list !== undefined) {
    for (const one of list.slice()) {
      if (one.removed) continue;
      if (one.once) target.removeEventListener(state.type, one.listener, { capture: one.capture });
      state.passive = one.passive;
      try {
        const { listener } = one;
        const result =
          typeof listener === 'function'
            ? Reflect.apply(listener, target, [event])
            : listener.handleEvent(event);
        if (result !== undefined && result !== null && typeof result.then === 'function') {
          result.then(undefined, report);
        }
      } catch (error) {
        report(error);
      }
      state.passive = false;
      if (state.stopped) break;
    }
  }
  state.dispatching = false;
  state.propagationStopped = state.stopped = false;
}

const kNewListener = Symbol('new listener');

function defineEventHandler(prototype, name) {
  const handlers = new WeakMap();
  Object.defineProperty(prototype, `on${name}`, {
    __proto__: null,
    get() {
      return handlers.get(this)?.handler ?? null;
    },
    set(value) {
      const old = handlers.get(this);
      if (old === undefined) {
        if (typeof value !== 'function') return;
        const entry = { handler: value };
        handlers.set(this, entry);
        this.addEventListener(name, (event) => {
          if (typeof entry.handler === 'function')
            return Reflect.apply(entry.handler, this, [event]);
          return undefined;
        });
      } else {
        old.handler = typeof value === 'function' ? value : null;
      }
    },
    configurable: true,
    enumerable: true,
  });
}

module.exports = {
  Event,
  EventTarget,
  CustomEvent,
  defineEventHandler,
  trusted(event) {
    stateOf(event).trusted = true;
    return event;
  },
  isEventTarget: (value) => typeof value === 'object' && value !== null && targets.has(value),
  listenersFor: (target, type) => (targets.get(target)?.get(type) ?? []).map((one) => one.listener),
};
