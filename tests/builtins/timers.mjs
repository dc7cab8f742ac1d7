// node:timers, timers/promises.
import timers from 'node:timers';
import promises, {
  setTimeout as wait,
  setImmediate as immediate,
  setInterval as every,
  scheduler,
} from 'node:timers/promises';
const show = (...args) => console.log(...args);
show(
  await wait(1, 'value'),
  await immediate('now'),
  await scheduler.wait(1),
  await scheduler.yield(),
);
let n = 0;
for await (const v of every(1, 'tick')) {
  show(v, ++n);
  if (n === 3) break;
}
const ac = new AbortController();
const p = wait(1000, null, { signal: ac.signal });
ac.abort('stop');
await p.catch((error) => show(error.name, error.code, error.message, error.cause));
await wait(1, 0, { signal: AbortSignal.abort() }).catch((error) => show(error.name, error.code));
await wait('x').catch((error) => show(error.code));
await wait(1, 0, { signal: 5 }).catch((error) => show(error.code, error.message));
await immediate(1, { ref: 5 }).catch((error) => show(error.code));
const ac2 = new AbortController();
setTimeout(() => ac2.abort(), 5);
try {
  for await (const v of every(1, 'x', { signal: ac2.signal })) {
    void v;
  }
} catch (error) {
  show(error.name);
}
const t = timers.setTimeout(() => show('never'), 10);
show(
  typeof t,
  t.hasRef(),
  t.unref() === t,
  t.hasRef(),
  t.ref() === t,
  typeof t[Symbol.toPrimitive](),
);
timers.clearTimeout(t);
await new Promise((r) =>
  timers.setTimeout(
    (...args) => {
      show(args);
      r();
    },
    1,
    'a',
    'b',
  ),
);
await new Promise((r) => {
  timers.setImmediate(r);
});
const r = timers.setTimeout(() => show('refreshed'), 2);
r.refresh();
await wait(10);
const i = timers.setInterval(() => {
  show('interval');
  timers.clearInterval(i);
}, 1);
await wait(5);
timers.clearTimeout(undefined);
timers.clearTimeout('x');
show(timers.promises === promises, Object.keys(promises).sort().join());
try {
  timers.setTimeout('code');
} catch (error) {
  show(error.code, error.message);
}
show((await import('node:util')).promisify(timers.setTimeout) === wait);
