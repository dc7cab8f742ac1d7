// node:events: order, once, errors, names, captured rejections, iterators, EventTarget.
import EventEmitter, {
  once,
  on,
  errorMonitor,
  getEventListeners,
  listenerCount,
  captureRejectionSymbol,
  setMaxListeners,
} from 'node:events';
const e = new EventEmitter();
console.log(
  e.emit('nothing'),
  e.eventNames(),
  EventEmitter.defaultMaxListeners,
  e.getMaxListeners(),
);
e.on('newListener', (name) => console.log('new', name));
e.on('removeListener', (name) => console.log('removed', name));
const f = (...args) => console.log('f', ...args);
e.on('a', f)
  .once('a', () => console.log('once'))
  .prependListener('a', () => console.log('first'));
console.log(
  e.listenerCount('a'),
  e.listeners('a').length,
  e.rawListeners('a').map((l) => typeof l.listener),
  listenerCount(e, 'a'),
);
console.log(e.emit('a', 1, 2), e.emit('a', 3));
e.off('a', f);
console.log(e.listenerCount('a'), e.eventNames());
e.removeAllListeners('a');
const s = Symbol('s');
e.on(s, f);
e.emit(s, 'symbol');
console.log(e.eventNames());
for (const args of [[new Error('boom')], ['text'], [], [{ a: 1 }]]) {
  try {
    new EventEmitter().emit('error', ...args);
  } catch (error) {
    console.log(error.name, error.code, error.message, error.context);
  }
}
const m = new EventEmitter();
m.on(errorMonitor, (error) => console.log('monitor', error.message));
m.on('error', (error) => console.log('error', error.message));
m.emit('error', new Error('x'));
try {
  e.on('x', 5);
} catch (error) {
  console.log(error.name, error.code, error.message);
}
try {
  e.setMaxListeners(-1);
} catch (error) {
  console.log(error.name, error.code, error.message);
}
class Own extends EventEmitter {
  constructor() {
    super({ captureRejections: true });
  }
}
const own = new Own();
own.on('error', (error) => console.log('captured', error.message));
own.on('go', async () => {
  throw new Error('async');
});
own.emit('go');
const own2 = new Own();
own2[captureRejectionSymbol] = (error, type, ...args) =>
  console.log('symbol', error.message, type, args);
own2.on('go', async () => {
  throw new Error('async2');
});
own2.emit('go', 1, 2);
await new Promise((r) => setTimeout(r, 1));
setTimeout(() => e.emit('later', 'v1', 'v2'), 1);
console.log(await once(e, 'later'));
setTimeout(() => e.emit('error', new Error('from once')), 1);
try {
  await once(e, 'never');
} catch (error) {
  console.log(error.message);
}
const ac = new AbortController();
setTimeout(() => ac.abort(), 1);
try {
  await once(e, 'never', { signal: ac.signal });
} catch (error) {
  console.log(error.name, error.code, error.message, error.cause?.name);
}
console.log(e.listenerCount('never'));
const it = on(e, 'item');
e.emit('item', 1);
e.emit('item', 2, 3);
setTimeout(() => {
  e.emit('item', 4);
  it.return();
}, 1);
for await (const v of it) console.log(v);
const ac2 = new AbortController();
setTimeout(() => {
  e.emit('tick', 1);
  ac2.abort();
}, 1);
try {
  for await (const v of on(e, 'tick', { signal: ac2.signal })) console.log(v);
} catch (error) {
  console.log(error.name, error.code);
}
console.log(
  Object.keys(EventEmitter).sort().join(),
  EventEmitter.EventEmitter === EventEmitter,
  e instanceof EventEmitter,
);
function Old() {
  EventEmitter.call(this);
}
Object.setPrototypeOf(Old.prototype, EventEmitter.prototype);
const old = new Old();
old.on('q', () => console.log('old style'));
old.emit('q');
console.log(new EventEmitter());
// EventTarget
const t = new EventTarget();
const log = (event) =>
  console.log(
    event.type,
    event instanceof Event,
    event.target === t,
    event.eventPhase,
    event.defaultPrevented,
  );
t.addEventListener('x', log);
t.addEventListener('x', log);
t.addEventListener(
  'x',
  {
    handleEvent(event) {
      console.log('object', this !== t);
      event.preventDefault();
    },
  },
  { once: true },
);
console.log(
  t.dispatchEvent(new Event('x', { cancelable: true })),
  t.dispatchEvent(new Event('x', { cancelable: true })),
);
t.removeEventListener('x', log);
console.log(t.dispatchEvent(new Event('x')), getEventListeners(t, 'x').length);
t.addEventListener('stop', (event) => {
  console.log('one');
  event.stopImmediatePropagation();
});
t.addEventListener('stop', () => console.log('two'));
t.dispatchEvent(new Event('stop'));
const c = new CustomEvent('c', { detail: 5 });
console.log(c.detail, c.type, c.bubbles, c.composed, Object.prototype.toString.call(c));
// AbortSignal
const a = new AbortController();
a.signal.onabort = (event) => console.log('onabort', event.type);
a.signal.addEventListener('abort', () => console.log('listener'));
console.log(a.signal.aborted, a.signal.reason);
a.abort('why');
a.abort('again');
console.log(a.signal.aborted, a.signal.reason);
try {
  a.signal.throwIfAborted();
} catch (error) {
  console.log(error);
}
const anySignal = AbortSignal.any([new AbortController().signal, AbortSignal.abort('any')]);
console.log(
  anySignal.aborted,
  anySignal.reason,
  AbortSignal.abort().reason.name,
  AbortSignal.abort().reason.message,
  AbortSignal.abort().reason.code,
);
setTimeout(() => {}, 50);
const timeout = AbortSignal.timeout(1);
await new Promise((r) => timeout.addEventListener('abort', r));
console.log(timeout.reason.name, timeout.reason.message);
try {
  new AbortSignal();
} catch (error) {
  console.log(error.name, error.code, error.message);
}
console.log(a, a.signal);
