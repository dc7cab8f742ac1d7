// AsyncLocalStorage: exact over every way of putting something off.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { setTimeout as wait, setImmediate as immediate } from 'node:timers/promises';
import process from 'node:process';
const als = new AsyncLocalStorage();
const other = new AsyncLocalStorage();
const log = (name) => console.log(name, als.getStore(), other.getStore());
log('outside');
console.log(
  als.run(
    'a',
    (x, y) => {
      log('run');
      return x + y;
    },
    1,
    2,
  ),
);
als.run('outer', () => {
  als.run('inner', () => log('nested'));
  log('back');
  als.exit(() => log('exit'));
  other.run('o', () => log('both'));
});
const done = [];
const later = (name) => {
  let resolve;
  done.push(
    new Promise((r) => {
      resolve = r;
    }),
  );
  return () => {
    log(name);
    resolve();
  };
};
als.run('ctx', () => {
  setTimeout(later('timeout'), 60);
  setImmediate(later('immediate'));
  process.nextTick(later('tick'));
  queueMicrotask(later('microtask'));
  Promise.resolve().then(later('then'));
  Promise.reject(new Error()).catch(later('catch'));
  Promise.resolve().finally(later('finally'));
  (async () => {
    await null;
    log('await 1');
    await wait(150);
    log('await 2');
    await immediate();
    log('await 3');
  })().then(later('async'));
  (async function* () {
    yield 1;
    log('generator');
    yield 2;
  })()
    [Symbol.asyncIterator]()
    .next()
    .then(later('gen'));
  ({
    then(resolve) {
      log('thenable');
      resolve();
    },
  });
  Promise.resolve({
    then(resolve) {
      log('thenable job');
      resolve();
    },
  }).then(later('after thenable'));
});
await Promise.all(done);
log('after');
const pending = [];
let settle;
const shared = new Promise((r) => {
  settle = r;
});
als.run('one', () => pending.push(shared.then(() => log('shared one'))));
als.run('two', () => pending.push(shared.then(() => log('shared two'))));
als.run('settler', () => settle());
await Promise.all(pending);
als.run('emit', () => {
  const e = new EventEmitter();
  e.on('x', () => log('emitter'));
  als.run('emitting', () => e.emit('x'));
  e.on(
    'y',
    AsyncResource.bind(() => log('bound emitter')),
  );
  als.run('emitting', () => e.emit('y'));
});
const snapshot = als.run('snap', () => AsyncLocalStorage.snapshot());
als.run('elsewhere', () => snapshot(() => log('snapshot')));
const bound = als.run('bind', () =>
  AsyncLocalStorage.bind((x) => {
    log('bind');
    return x;
  }),
);
console.log(bound(5));
const resource = als.run('res', () => new AsyncResource('T'));
resource.runInAsyncScope(
  function (x) {
    log('resource');
    console.log(this, x);
  },
  'self',
  9,
);
console.log(
  typeof resource.asyncId(),
  typeof resource.triggerAsyncId(),
  resource.bind((a, b) => 0).length,
);
await (async () => {
  als.enterWith('entered');
  log('enterWith');
  await null;
  log('enterWith await');
  await wait(1);
  log('enterWith timer');
})();
als.enterWith(undefined);
try {
  als.run('throws', () => {
    throw new Error('t');
  });
} catch {
  log('after throw');
}
als.run('disabled', () => {
  als.disable();
  log('disable');
  als.run('again', () => log('run after disable'));
});
await als.run('all', () =>
  Promise.all(
    [1, 2].map(async (n) => {
      await wait(n);
      log(`all ${n}`);
    }),
  ),
);
for (const bad of [() => new AsyncResource(5), () => AsyncLocalStorage.bind(5)])
  try {
    bad();
  } catch (error) {
    console.log(error.code, error.message);
  }
const deep = async (n) => {
  if (n > 0) await deep(n - 1);
  await null;
  return als.getStore();
};
console.log(await als.run('deep', () => deep(50)));
const timers = [];
als.run('interval', () => {
  let n = 0;
  const id = setInterval(() => {
    log('interval');
    if (++n === 2) {
      clearInterval(id);
      timers.push(1);
    }
  }, 1);
});
await wait(20);
console.log(timers.length);
