// Errors that nobody catches, and the end of a program.
const show = (...args) => console.log(...args);
process.on('unhandledRejection', (reason, promise) => {
  show('unhandled', reason?.message ?? reason, promise instanceof Promise);
  if (reason === 'late') promise.catch(() => show('caught late'));
  if (reason === 'bad') throw new Error('the handler throws');
});
process.on('rejectionHandled', async (promise) => {
  show('handled', await promise.catch((reason) => reason));
});
process.on('uncaughtExceptionMonitor', (error, origin) => show('monitor', error.message, origin));
process.on('uncaughtException', (error, origin) => show('uncaught', error?.message, origin));
process.on('exit', (code) => show('exit', code, process.exitCode));
Promise.reject(new Error('one'));
Promise.reject('late');
const inTick = Promise.reject('handled in a tick');
process.nextTick(() => inTick.catch(() => show('caught in a tick')));
const inThen = Promise.reject('handled in a then');
Promise.resolve().then(() => inThen.catch(() => show('caught in a then')));
const inImmediate = Promise.reject('handled in an immediate');
setImmediate(() => inImmediate.catch(() => show('caught in an immediate')));
process.nextTick(() => show('tick'));
Promise.resolve().then(() => show('then'));
process.nextTick(() => {
  throw new Error('in a tick');
});
queueMicrotask(() => {
  throw new Error('in a microtask');
});
setTimeout(() => {
  Promise.reject('in a timeout');
  Promise.reject('bad');
}, 20);
setTimeout(() => {
  throw new Error('in a timeout');
}, 40);
setTimeout(() => {
  // Nobody listens for rejections any more: they are errors then.
  process.removeAllListeners('unhandledRejection');
  Promise.reject(new RangeError('as an error'));
  for (const reason of [5, undefined, 'text', { a: 1 }, new Map()]) Promise.reject(reason);
}, 60);
setTimeout(() => {
  process.removeAllListeners('uncaughtExceptionMonitor');
  process.setUncaughtExceptionCaptureCallback((error) => show('captured', error.message));
  Promise.reject(new Error('to the callback'));
  setTimeout(() => process.setUncaughtExceptionCaptureCallback(null), 20);
}, 80);
let times = 0;
process.on('beforeExit', (code) => {
  show('beforeExit', code);
  if (++times === 1) setTimeout(() => Promise.reject(new Error('after beforeExit')), 1);
  if (times === 2) process.nextTick(() => show('a tick is no reason to go on'));
});
await 1;
throw new Error('the main module');
