// order.mjs as a CommonJS program: its body is no job of a promise, so its ticks come first.
const { setImmediate: turn } = require('node:timers/promises');
const { nextTick } = process;
const show = (...args) => console.log(...args);
nextTick(() => {
  show('tick 1');
  Promise.resolve().then(() => show('then in tick'));
  nextTick(() => show('tick in tick'));
});
Promise.resolve()
  .then(() => {
    show('then 1');
    nextTick(() => show('tick in then'));
  })
  .then(() => show('then 2'));
queueMicrotask(() => show('microtask'));
nextTick(() => show('tick 2'));
(async () => {
  show('async');
  await null;
  show('after an await');
  show(await turn('a turn later'));
  nextTick(() => show('tick after a turn'));
  await null;
  show('after the turn');
})();
setTimeout(() => {
  show('timeout');
  nextTick(() => show('timeout: tick'));
  Promise.resolve()
    .then(() => {
      show('timeout: then');
      nextTick(() => show('timeout: tick in then'));
    })
    .then(() => show('timeout: then 2'));
  queueMicrotask(() => show('timeout: microtask'));
  setImmediate(() => {
    show('immediate');
    nextTick(() => show('immediate: tick'));
    Promise.resolve().then(() => show('immediate: then'));
    queueMicrotask(() => show('immediate: microtask'));
    setTimeout(() => show('immediate: timeout 20'), 20);
    setImmediate(() => show('immediate: immediate'));
  });
}, 50);
show('end of the body');
